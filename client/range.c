/* SPDX-License-Identifier: MIT */
#include "client/range.h"

#include "client/report.h"
#include "client/timespec.h"

/* options_read() has checked the grammar; what fails here is a bug of the caller. */
static struct timespec_value range_parse(const char *text, const struct timespec_now *now)
{
	struct timespec_value value = { TIMESPEC_AGO, 0 };
	char why[TIMESPEC_WHY_MAX];

	timespec_parse(text, now, &value, why);
	return value;
}

static bool range_is_boot(const char *text)
{
	const struct timespec_now epoch = { 0, true };

	return text && range_parse(text, &epoch).kind == TIMESPEC_BOOT;
}

bool range_needs_boot(const struct options *options)
{
	return range_is_boot(options->since) || range_is_boot(options->until);
}

static int64_t range_at(const struct timespec_value *value, const struct range_now *now)
{
	if (value->kind == TIMESPEC_AT)
		return value->ms;
	return now->wall_ms - (value->kind == TIMESPEC_BOOT ? now->mono_ms : value->ms);
}

static void range_start(struct ask_range *range, const struct timespec_value *since,
	const struct range_now *now)
{
	int64_t ago_ms = since->kind == TIMESPEC_BOOT ? now->mono_ms : since->ms;

	range->start = ASK_SINCE;
	range->start_ms = range_at(since, now);
	if (since->kind == TIMESPEC_AT || ago_ms <= 0)
		return;
	range->start = ASK_LAST;
	range->start_ms = ago_ms;
}

int range_resolve(
	struct ask_range *range, const struct options *options, const struct range_now *now)
{
	const struct timespec_now clock = { now->wall_ms, options->utc };
	struct timespec_value since, until;

	*range = (struct ask_range){ .start = ASK_NO_START };
	if (options->since) {
		since = range_parse(options->since, &clock);
		range_start(range, &since, now);
	}
	if (!options->until)
		return 0;
	until = range_parse(options->until, &clock);
	range->has_until = true;
	range->until_ms = range_at(&until, now);
	if (options->since && range_at(&since, now) >= range->until_ms)
		return report_error(EXIT_USAGE, "--since %s is not before --until %s",
			options->since, options->until);
	return 0;
}

void range_reach_back(struct ask_range *range, const struct options *options)
{
	if (range->start != ASK_NO_START || options->given & OPTION_BIT(BOOT))
		return;
	if (options->step_ms > 0 || range->has_until)
		range->start = ASK_SINCE;
}
