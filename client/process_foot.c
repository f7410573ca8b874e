/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/cell.h"
#include "client/escape.h"
#include "client/process_table.h"
#include "client/stamp.h"

#define FOOT_MAX 256

struct foot_sum {
	double watts, mem_bytes, cpu_pct;
	bool estimated;
	unsigned processes;
};

static void foot_add(double *to, double x)
{
	if (!isnan(x))
		*to = isnan(*to) ? x : *to + x;
}

static void foot_sum(struct foot_sum *sum, const struct processes *p, size_t rows)
{
	*sum = (struct foot_sum){ NAN, NAN, NAN, false, 0 };
	for (size_t i = 0; i < p->count && i < rows; i++) {
		foot_add(&sum->watts, p->items[i].watts);
		foot_add(&sum->mem_bytes, p->items[i].mem_bytes);
		foot_add(&sum->cpu_pct, p->items[i].cpu_pct);
		sum->estimated = sum->estimated || p->items[i].estimated;
		sum->processes += p->items[i].members;
	}
}

static void foot_watts(struct buf *out, const struct processes *p, const struct foot_sum *sum)
{
	const char *rails = isnan(p->gpu_watts) ? "cpu rail"
		: isnan(p->cpu_watts)		? "gpu rail"
						: "cpu and gpu rails";
	double watts = NAN;
	char text[FOOT_MAX];

	foot_add(&watts, p->cpu_watts);
	foot_add(&watts, p->gpu_watts);
	if (isnan(watts)) {
		buf_puts(out, isnan(p->dt_ms) ? "first look" : "power is not measured here");
		return;
	}
	if (isnan(sum->watts))
		snprintf(text, sizeof(text), "shown - of %.1f W (%s)", watts, rails);
	else
		snprintf(text, sizeof(text), "shown %s%.1f W of %.1f W (%s)",
			sum->estimated ? "~" : "", sum->watts, watts, rails);
	buf_puts(out, text);
}

/* Cut to the terminal, with its LF. */
static void foot_end(struct buf *out, struct buf *line, unsigned width)
{
	while (width > 0 && line->len > width)
		line->len--;
	buf_add(out, line->data, line->len);
	buf_puts(out, "\n");
}

void process_table_foot(
	struct buf *out, const struct processes *p, const struct process_style *style)
{
	size_t rows = style->rows > 0 && style->rows < p->count ? style->rows : p->count;
	struct foot_sum sum;
	struct buf line;
	char text[FOOT_MAX];

	buf_init(&line, FOOT_MAX * 4);
	foot_sum(&sum, p, rows);
	foot_watts(&line, p, &sum);
	if (p->restricted > 0) {
		snprintf(text, sizeof(text), " - %" PRId64 " restricted", p->restricted);
		buf_puts(&line, text);
	}
	snprintf(text, sizeof(text), " - %u of %" PRId64 " shown", sum.processes, p->total);
	buf_puts(&line, text);
	if (p->truncated)
		buf_puts(&line, " - there are more than actopd lists");
	foot_end(out, &line, style->width);
	buf_fini(&line);
}

/* CPU time, that of processes that have gone included. */
static void foot_cpu(struct buf *out, const struct workload *w)
{
	char text[FOOT_MAX], span[STAMP_MAX];

	if (isnan(w->step_cpu_ms) || !(w->step_ms > 0))
		return;
	snprintf(text, sizeof(text), ", CPU %.1f %%", 100 * w->step_cpu_ms / w->step_ms);
	buf_puts(out, text);
	if (w->step_gone_ms > 0) {
		snprintf(text, sizeof(text), " (%.1f %% by processes that have ended)",
			100 * w->step_gone_ms / w->step_ms);
		buf_puts(out, text);
	}
	stamp_span(span, (int64_t)w->cpu_ms);
	snprintf(text, sizeof(text), ", %s so far", span);
	buf_puts(out, text);
}

void process_table_workload(
	struct buf *out, const struct processes *p, const struct workload *w)
{
	struct foot_sum sum;
	char text[FOOT_MAX];

	foot_sum(&sum, p, p->count);
	snprintf(text, sizeof(text), "workload: %u process%s", sum.processes,
		sum.processes == 1 ? "" : "es");
	buf_puts(out, text);
	foot_cpu(out, w);
	if (!isnan(sum.mem_bytes)) {
		buf_puts(out, ", ");
		cell_show_bytes(out, sum.mem_bytes);
	}
	if (!isnan(sum.watts)) {
		snprintf(text, sizeof(text), ", %s%.2f W", sum.estimated ? "~" : "", sum.watts);
		buf_puts(out, text);
	}
	buf_puts(out, "\n");
}
