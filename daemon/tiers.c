/* SPDX-License-Identifier: MIT */
#include "daemon/tiers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/duration.h"

static uint64_t tiers_round_up(uint64_t value, uint64_t step)
{
	return (value + step - 1) / step * step;
}

/* Copies the next field up to a delimiter without white space around it.  -EINVAL: too long. */
static int tiers_cut(char to[DURATION_TEXT_MAX], const char **text, const char *delimiters)
{
	const char *start = *text + strspn(*text, " \t");
	size_t length = strcspn(start, delimiters);

	*text = start + length;
	while (length > 0 && (start[length - 1] == ' ' || start[length - 1] == '\t'))
		length--;
	if (length >= DURATION_TEXT_MAX)
		return -EINVAL;
	memcpy(to, start, length);
	to[length] = '\0';
	return 0;
}

static int tiers_parse_tier(struct options_tier *tier, const char **text, struct message *why)
{
	char step[DURATION_TEXT_MAX], span[DURATION_TEXT_MAX];
	const char *whole = *text;
	int rc = tiers_cut(step, text, ":,");

	if (rc == 0 && **text == ':') {
		(*text)++;
		rc = tiers_cut(span, text, ",");
	} else {
		rc = -EINVAL;
	}
	if (rc < 0)
		return message_set(why, -EINVAL,
			"'%.60s' is not STEP:SPAN; write for example 1s:1h, 10s:24h, 60s:30d",
			whole);
	rc = duration_parse(&tier->step_ms, step, why->text);
	if (rc == 0)
		rc = duration_parse(&tier->span_ms, span, why->text);
	return rc;
}

static int tiers_check_tier(
	struct options_tier *tier, const struct options_tier *former, struct message *why)
{
	char step[DURATION_TEXT_MAX], span[DURATION_TEXT_MAX], other[DURATION_TEXT_MAX];

	duration_format(step, tier->step_ms);
	duration_format(span, tier->span_ms);
	if (tier->step_ms == 0 || tier->span_ms < tier->step_ms)
		return message_set(why, -EINVAL,
			"%s:%s keeps nothing; the span must be at least one step", step, span);
	tier->span_ms = tiers_round_up(tier->span_ms, tier->step_ms);
	if (tier->span_ms / tier->step_ms > TIERS_ROWS_MAX)
		return message_set(why, -EINVAL,
			"%s:%s is more than %d rows; take a longer step", step, span,
			TIERS_ROWS_MAX);
	if (!former)
		return 0;
	duration_format(other, former->step_ms);
	if (tier->step_ms <= former->step_ms || tier->step_ms % former->step_ms != 0)
		return message_set(why, -EINVAL,
			"step %s must be a multiple of the one before, %s", step, other);
	duration_format(other, former->span_ms);
	if (tier->span_ms <= former->span_ms)
		return message_set(why, -EINVAL,
			"span %s must be longer than the one before, %s", span, other);
	return 0;
}

int tiers_parse(struct options *options, const char *text, struct message *why)
{
	unsigned count = 0;
	int rc = 0;

	for (;;) {
		struct options_tier *tier = &options->tiers[count];

		if (count == OPTIONS_TIERS_MAX)
			return message_set(
				why, -EINVAL, "more than %d tiers", OPTIONS_TIERS_MAX);
		rc = tiers_parse_tier(tier, &text, why);
		if (rc == 0)
			rc = tiers_check_tier(tier, count ? tier - 1 : NULL, why);
		if (rc < 0)
			return rc;
		count++;
		if (*text == '\0')
			break;
		text++;
	}
	options->tier_count = count;
	return 0;
}

int tiers_check(const struct options *options, struct message *why)
{
	char step[DURATION_TEXT_MAX], interval[DURATION_TEXT_MAX];

	if (options->tiers[0].step_ms == options->interval_ms)
		return 0;
	return message_set(why, -EINVAL,
		"history: the first step, %s, must be the interval, %s; set both alike",
		duration_format(step, options->tiers[0].step_ms),
		duration_format(interval, options->interval_ms));
}

void tiers_fit(struct options *options)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < options->tier_count; i++) {
		const struct options_tier *former = kept ? &options->tiers[kept - 1] : NULL;
		struct options_tier tier = options->tiers[i];

		tier.step_ms = former ? tiers_round_up(tier.step_ms, former->step_ms)
				      : options->interval_ms;
		tier.span_ms = tiers_round_up(tier.span_ms, tier.step_ms);
		if (former &&
			(tier.step_ms == former->step_ms || tier.span_ms <= former->span_ms))
			continue;
		options->tiers[kept++] = tier;
	}
	options->tier_count = kept;
}

size_t tiers_rows(const struct options *options, unsigned base_ms)
{
	uint64_t rows = options->tiers[0].span_ms / base_ms;

	return rows ? (size_t)rows : 1;
}

struct archive *tiers_archive(
	const struct options *options, struct schema *schema, unsigned base_ms)
{
	struct archive_tier tiers[ARCHIVE_TIERS_MAX];
	unsigned count = 0;

	for (unsigned i = 1; i < options->tier_count; i++) {
		const struct options_tier *t = &options->tiers[i];

		if (t->step_ms > base_ms && t->step_ms % base_ms == 0)
			tiers[count++] = (struct archive_tier){ t->step_ms, t->span_ms };
	}
	return archive_new(schema, base_ms, tiers, count, schema->count);
}

void tiers_format(const struct options *options, char *to, size_t size)
{
	char step[DURATION_TEXT_MAX], span[DURATION_TEXT_MAX];
	size_t used = 0;

	to[0] = '\0';
	for (unsigned i = 0; i < options->tier_count && used < size; i++)
		used += (size_t)snprintf(to + used, size - used, "%s%s:%s", i ? ", " : "",
			duration_format(step, options->tiers[i].step_ms),
			duration_format(span, options->tiers[i].span_ms));
}
