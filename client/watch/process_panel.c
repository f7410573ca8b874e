/* SPDX-License-Identifier: MIT */
#include "client/watch/process_panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/process_table.h"
#include "client/stamp.h"
#include "client/watch/card.h"

#define PANEL_FRAME 2 /* lines of the border */
#define PANEL_ELSE 2  /* and of the header and the foot */
#define PANEL_TEXT_MAX 65536
#define PANEL_LINE_MAX 512
#define WATTS_HOT 20 /* of one process, where the machine's reference is not known */

static const char *const sort_headers[SORT_COUNT] = {
	[SORT_CPU] = "CPU%",
	[SORT_GPU] = "GPU%",
	[SORT_WATTS] = "WATTS",
	[SORT_MEM] = "MEM",
	[SORT_PID] = "PID",
};

unsigned process_panel_rows(unsigned height)
{
	return height > PANEL_FRAME + PANEL_ELSE ? height - PANEL_FRAME - PANEL_ELSE : 1;
}

/* The column that it is sorted by stands out. */
static void panel_header(
	struct canvas *c, const struct rect *at, const char *line, enum sort sort)
{
	const char *found = strstr(line, sort_headers[sort]);
	struct rect place = *at;

	canvas_text(c, at, line, STYLE_HEAD);
	if (!found || (size_t)(found - line) >= at->width)
		return;
	place.x += (unsigned)(found - line);
	place.width = (unsigned)strlen(sort_headers[sort]);
	canvas_tint(c, &place, STYLE_KEY);
}

/* Shares of what there is: a core, the GPU, the power of the package, the memory. */
static double panel_ratio(const struct process *p, const struct model *m, enum sort sort)
{
	double watts = m->reference.package_watts;

	switch (sort) {
	case SORT_CPU:
		return p->cpu_pct / 100;
	case SORT_GPU:
		return p->gpu_pct / 100;
	case SORT_WATTS:
		return p->watts / (isnan(watts) ? WATTS_HOT : watts / 4);
	case SORT_MEM:
		return 4 * p->mem_bytes / model_meter(m, METER_RAM_TOTAL);
	default:
		return NAN;
	}
}

/* Numbers stand below the end of their header, which begins behind the one before. */
static void panel_heat(struct canvas *c, const struct rect *at, const char *header,
	const struct process *p, const struct model *m)
{
	for (enum sort sort = SORT_CPU; sort < SORT_PID; sort++) {
		const char *found = strstr(header, sort_headers[sort]), *begin = found;
		struct rect place = *at;

		while (begin && begin > header && begin[-1] == ' ')
			begin--;
		if (!found || isnan(panel_ratio(p, m, sort)))
			continue;
		place.x += (unsigned)(begin - header);
		place.width = (unsigned)(found - begin) + (unsigned)strlen(sort_headers[sort]);
		canvas_tint(c, &place, style_heat(panel_ratio(p, m, sort)));
	}
}

/* Lines of a text, one below the other: the header, then a process each. */
static void panel_lines(
	struct canvas *c, const struct rect *r, const struct buf *text, const struct model *m)
{
	struct rect at = { r->x, r->y, r->width, 1 };
	char line[PANEL_LINE_MAX], header[PANEL_LINE_MAX] = "";
	size_t begin = 0, row = 0;

	for (size_t i = 0; i < text->len && at.y < r->y + r->height; i++) {
		if (text->data[i] != '\n')
			continue;
		snprintf(line, sizeof(line), "%.*s", (int)(i - begin), text->data + begin);
		if (at.y == r->y) {
			panel_header(c, &at, line, m->settings.sort);
			memcpy(header, line, sizeof(header));
		} else {
			canvas_text(c, &at, line, STYLE_PLAIN);
			if (row < m->processes.count)
				panel_heat(c, &at, header, &m->processes.items[row++], m);
		}
		at.y++;
		begin = i + 1;
	}
}

static void panel_foot(struct canvas *c, const struct rect *at, const struct model *m,
	const struct process_style *style)
{
	char line[PANEL_LINE_MAX];
	struct buf text;

	buf_init(&text, PANEL_TEXT_MAX);
	process_table_foot(&text, &m->processes, style);
	snprintf(line, sizeof(line), "%.*s", text.len > 0 ? (int)text.len - 1 : 0,
		text.data ? text.data : "");
	canvas_text(c, at, line, STYLE_DIM);
	buf_fini(&text);
}

static void panel_title(struct card *card, const struct model *m)
{
	char clock[STAMP_MAX];

	card_init(card, "Processes");
	card_head(card, STYLE_DIM, "by %s", sort_words[m->settings.sort]);
	if (m->filter[0])
		card_head(card, m->filter_bad ? STYLE_BAD : STYLE_KEY, "/%.30s", m->filter);
	if (m->cursor_ms > 0 && m->processes.ts_ms > 0) {
		stamp_clock(clock, m->processes.ts_ms, m->settings.utc, false);
		card_head(card, STYLE_WARN, "as of %s", clock);
	}
}

void process_panel_draw(struct canvas *c, const struct rect *r, const struct model *m)
{
	struct process_style style = { .width = r->width - PANEL_FRAME,
		.rows = process_panel_rows(r->height) };
	struct rect inner = { r->x + 1, r->y + 1, r->width - PANEL_FRAME,
		r->height - PANEL_FRAME - 1 };
	struct card card;
	struct buf text;

	panel_title(&card, m);
	card_draw(c, r, &card, m, true);
	card_fini(&card);
	if (m->processes.ts_ms == 0) {
		canvas_text(c, &inner, "waiting for the first look at them", STYLE_DIM);
		return;
	}
	buf_init(&text, PANEL_TEXT_MAX);
	process_table_write(&text, &m->processes, &style);
	panel_lines(c, &inner, &text, m);
	buf_fini(&text);
	inner.y += inner.height;
	inner.height = 1;
	panel_foot(c, &inner, m, &style);
}
