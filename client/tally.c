/* SPDX-License-Identifier: MIT */
#include "client/tally.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/cell.h"
#include "client/escape.h"
#include "client/muster.h"

#define TALLY_TEXT_MAX 64
#define TALLY_DECIMALS 3

void tally_init(struct tally *t, const char *match)
{
	*t = (struct tally){
		.match = match,
		.from_ms = INT64_MAX,
		.to_ms = INT64_MAX,
		.most_bytes = NAN,
		.most = NAN,
	};
}

/* Seconds of the time since the list before that lie in the window. */
static double tally_overlap(const struct tally *t, const struct message *list)
{
	double end = (double)message_int(list, "ts_ms", 0), dt, from, to;

	if (!node_number(message_at(list, "dt_ms"), &dt))
		return 0;
	from = fmax(end - dt, (double)t->from_ms);
	to = fmin(end, (double)t->to_ms);
	return to > from ? (to - from) / 1000 : 0;
}

static double tally_sum(
	struct tally *t, const struct message *list, enum group_function function)
{
	struct group_sum sum = muster_sum(list, function, t->self);

	t->partial = t->partial || sum.partial;
	return sum.value;
}

static void tally_rate(double *to, bool *known, double rate, double seconds)
{
	if (isnan(rate) || seconds <= 0)
		return;
	*to += rate * seconds;
	*known = true;
}

static void tally_quality(struct tally *t, const struct message *list)
{
	const struct node *rows = message_at(list, "rows");

	for (const struct node *row = rows ? node_first(rows) : NULL; row;
		row = node_next(row)) {
		const char *quality = node_text(node_get(row, "energy_quality"));

		t->estimated = t->estimated || (quality && strcmp(quality, "estimated") == 0);
	}
}

/* A list may be of a walk just before the child was there.  A pid that is not of a child of
 * ours is one of another machine, behind a socket. */
static bool tally_misses(struct tally *t, const struct message *list, bool *last)
{
	const struct node *row = node_first(message_at(list, "rows"));

	while (row && node_int(node_get(row, "pid"), 0) != t->root)
		row = node_next(row);
	*last = row ? node_int(node_get(row, "ppid"), 0) != getpid() : t->seen;
	t->seen = t->seen || (row && !*last);
	return !row || *last;
}

bool tally_take(struct tally *t, const struct message *list)
{
	double s = tally_overlap(t, list);
	bool last;

	if (t->root && tally_misses(t, list, &last))
		return last;
	if (message_int(list, "ts_ms", 0) >= t->from_ms) {
		t->most_bytes = fmax(t->most_bytes, tally_sum(t, list, GROUP_FOOTPRINT));
		t->most = fmax(t->most, tally_sum(t, list, GROUP_COUNT));
	}
	if (s > 0) {
		double cpu = tally_sum(t, list, GROUP_CPU) / 100;

		t->seconds += isnan(cpu) ? 0 : s;
		tally_rate(&t->cpu_s, &t->cpu_known, cpu, s);
		tally_rate(&t->gpu_s, &t->gpu_known, tally_sum(t, list, GROUP_GPU) / 100, s);
		tally_rate(&t->joules, &t->joules_known, tally_sum(t, list, GROUP_WATTS), s);
		tally_quality(t, list);
	}
	return message_int(list, "ts_ms", 0) >= t->to_ms;
}

__attribute__((format(printf, 2, 3))) static void tally_add(
	struct buf *out, const char *format, ...)
{
	char text[TALLY_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_puts(out, text);
}

static void tally_write_joules(const struct tally *t, struct buf *out)
{
	if (t->gpu_known)
		tally_add(out, "  gpu time %.2f s", t->gpu_s);
	if (t->joules_known)
		tally_add(out, "  %.1f J%s", t->joules,
			t->estimated ? " (a share of the rails)" : "");
}

/* Its memory and CPU time are known better from elsewhere. */
static void tally_write_tree(const struct tally *t, struct buf *out)
{
	if (!t->joules_known && t->gpu_s <= 0)
		return;
	tally_add(out, "          its processes:%s", t->partial ? " at least" : "");
	tally_write_joules(t, out);
	tally_add(out, "  seen for %.1f s\n", t->seconds);
}

void tally_write(const struct tally *t, struct buf *out)
{
	if (!t->match) {
		tally_write_tree(t, out);
		return;
	}
	buf_puts(out, "          ");
	escape_text(out, t->match, strlen(t->match));
	if (isnan(t->most) || (t->most == 0 && !t->partial)) {
		buf_puts(out, isnan(t->most) ? ": not known\n" : ": no process\n");
		return;
	}
	buf_puts(out, t->partial ? ": at least" : ":");
	tally_add(out, " %.0f process%s", t->most, t->most == 1 ? "" : "es");
	if (!isnan(t->most_bytes)) {
		buf_puts(out, "  memory ");
		cell_show_bytes(out, t->most_bytes);
	}
	if (t->cpu_known)
		tally_add(out, "  cpu time %.2f s", t->cpu_s);
	tally_write_joules(t, out);
	buf_puts(out, "\n");
}

void tally_write_json(const struct tally *t, struct json *j)
{
	if (t->match)
		json_kv_string(j, "match", t->match);
	json_kv_fixed(j, "processes", t->most, 0);
	json_kv_fixed(j, "peak_memory_bytes", t->most_bytes, 0);
	json_kv_fixed(j, "seconds", t->seconds, TALLY_DECIMALS);
	json_kv_fixed(j, "cpu_s", t->cpu_known ? t->cpu_s : NAN, TALLY_DECIMALS);
	json_kv_fixed(j, "gpu_s", t->gpu_known ? t->gpu_s : NAN, TALLY_DECIMALS);
	json_kv_fixed(j, "joules", t->joules_known ? t->joules : NAN, TALLY_DECIMALS);
	json_kv_string(j, "energy_quality",
		!t->joules_known       ? NULL
			: t->estimated ? "estimated"
				       : "measured");
	json_kv_bool(j, "partial", t->partial);
}
