/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/watch/dashboard.h"
#include "client/watch/keys.h"
#include "client/watch/show_state.h"

#define STEPS_MANY 10

unsigned act_span(const struct show *s)
{
	return dashboard_span(s->canvas.width);
}

static int64_t act_newest(const struct show *s)
{
	const struct rows *live = &s->model.live;

	return live->count > 0 ? rows_time(live, live->count - 1) : 0;
}

/* Whether a ring has the moment, and before it what the charts need or all there is. */
static bool act_covers(const struct show *s, const struct rows *rows, int64_t step_ms)
{
	int64_t at = s->model.cursor_ms;
	long row = rows_find(rows, at);

	if (row < 0 || rows_time(rows, rows->count - 1) < at)
		return false;
	return row + 1 >= (long)act_span(s) ||
		rows_time(rows, 0) <= s->model.about.oldest_ms + step_ms;
}

void act_cover(struct show *s)
{
	struct model *m = &s->model;

	if (m->cursor_ms == 0 || m->past_wanted || m->link != LINK_LIVE)
		return;
	if (act_covers(s, &m->live, m->interval_ms)) {
		rows_fini(&m->past);
		m->past_step_ms = m->interval_ms;
		return;
	}
	if (m->past.count == 0 || !act_covers(s, &m->past, m->past_step_ms))
		feed_past(&s->feed, m->cursor_ms, act_span(s));
}

static void act_now(struct show *s)
{
	s->model.cursor_ms = 0;
	s->model.paused = false;
	s->model.past_step_ms = s->model.interval_ms;
	rows_fini(&s->model.past);
}

void act_travel(struct show *s, int64_t ts_ms)
{
	int64_t newest = act_newest(s), oldest = s->model.about.oldest_ms;

	if (newest == 0)
		return;
	if (ts_ms >= newest && !s->model.paused) {
		act_now(s);
		return;
	}
	ts_ms = ts_ms > newest ? newest : ts_ms < oldest ? oldest : ts_ms;
	s->model.cursor_ms = ts_ms;
	act_cover(s);
}

/* Steps are rows of what is shown. */
static void act_step(struct show *s, long steps)
{
	const struct model *m = &s->model;
	int64_t step = m->cursor_ms > 0 && m->past.count > 0 ? m->past_step_ms : m->interval_ms;

	s->model.paused = false;
	act_travel(s, model_time(m) + steps * step);
}

static void act_pause(struct show *s)
{
	if (s->model.cursor_ms > 0) {
		act_now(s);
		return;
	}
	s->model.paused = true;
	act_travel(s, act_newest(s));
}

static void act_ask_processes(struct show *s)
{
	feed_processes(&s->feed, dashboard_processes(s->canvas.width, s->canvas.height));
}

static void act_processes(struct show *s)
{
	s->model.settings.processes = !s->model.settings.processes;
	if (!s->model.about.processes)
		snprintf(s->model.note, sizeof(s->model.note),
			"this actopd does not list processes");
	act_ask_processes(s);
}

static void act_sort(struct show *s)
{
	s->model.settings.sort = (s->model.settings.sort + 1) % SORT_COUNT;
	act_ask_processes(s);
}

static void act_filter(struct show *s)
{
	if (!s->model.about.processes) {
		act_processes(s);
		s->model.settings.processes = false;
		return;
	}
	if (!s->model.settings.processes)
		act_processes(s);
	snprintf(s->restore, sizeof(s->restore), "%s", s->model.filter);
	prompt_begin(&s->model.prompt, PROMPT_FILTER, s->model.filter);
}

static void act_quit(struct show *s)
{
	s->over = true;
	s->code = 0;
}

static void act_cores(struct show *s)
{
	s->model.settings.cores = !s->model.settings.cores;
}

static void act_layout(struct show *s)
{
	s->model.settings.layout = (s->model.settings.layout + 1) % LAYOUT_COUNT;
	snprintf(s->model.note, sizeof(s->model.note), "layout %s",
		layout_words[s->model.settings.layout]);
}

static void act_glyph(struct show *s)
{
	s->model.settings.dots = (s->model.settings.dots + 1) % DOTS_COUNT;
}

static void act_palette(struct show *s)
{
	s->model.settings.palette = (s->model.settings.palette + 1) % PALETTE_COUNT;
	terminal_palette(&s->terminal, s->model.settings.palette);
	snprintf(s->model.note, sizeof(s->model.note), "palette %s",
		palette_words[s->model.settings.palette]);
}

static void act_scale(struct show *s)
{
	s->model.settings.scale = (s->model.settings.scale + 1) % SCALE_COUNT;
	snprintf(s->model.note, sizeof(s->model.note), "power scale %s",
		scale_words[s->model.settings.scale]);
}

/* The first step that is longer, or the last one that is shorter; none below what the daemon
 * takes. */
static int64_t act_zoomed(const struct show *s, bool longer)
{
	static const int64_t steps_ms[] = { 100, 200, 500, 1000, 2000, 5000, 10000, 30000,
		60000 };
	int64_t now = s->model.interval_ms, found = now;

	for (size_t i = 0; i < sizeof(steps_ms) / sizeof(*steps_ms); i++) {
		if (longer && steps_ms[i] > now)
			return steps_ms[i];
		if (!longer && steps_ms[i] < now && steps_ms[i] >= s->model.about.base_ms)
			found = steps_ms[i];
	}
	return found;
}

static void act_zoom(struct show *s, bool longer)
{
	int64_t step = act_zoomed(s, longer);

	if (step != s->model.interval_ms && s->model.link == LINK_LIVE)
		feed_interval(&s->feed, step);
	act_cover(s);
}

static void act_zoom_out(struct show *s)
{
	act_zoom(s, true);
}

static void act_zoom_in(struct show *s)
{
	act_zoom(s, false);
}

static void act_mark(struct show *s)
{
	prompt_begin(&s->model.prompt, PROMPT_MARK, "");
}

static void act_back(struct show *s)
{
	act_step(s, -1);
}

static void act_on(struct show *s)
{
	act_step(s, 1);
}

static void act_up(struct show *s)
{
	act_step(s, -STEPS_MANY);
}

static void act_down(struct show *s)
{
	act_step(s, STEPS_MANY);
}

static void act_page_up(struct show *s)
{
	act_step(s, -(long)act_span(s) / 2);
}

static void act_page_down(struct show *s)
{
	act_step(s, (long)act_span(s) / 2);
}

static void act_home(struct show *s)
{
	s->model.paused = false;
	act_travel(s, s->model.about.oldest_ms);
}

static void act_more(struct show *s)
{
	s->model.first++;
}

static void act_repaint(struct show *s)
{
	painter_forget(&s->terminal.painter);
}

static void act_help(struct show *s)
{
	s->model.help = true;
}

static void act_escape(struct show *s)
{
	act_now(s);
}

static void (*const actions[KEY_ACTION_COUNT])(struct show *s) = {
	[KEY_ACTION_QUIT] = act_quit,
	[KEY_ACTION_PAUSE] = act_pause,
	[KEY_ACTION_PROCESSES] = act_processes,
	[KEY_ACTION_SORT] = act_sort,
	[KEY_ACTION_FILTER] = act_filter,
	[KEY_ACTION_CORES] = act_cores,
	[KEY_ACTION_LAYOUT] = act_layout,
	[KEY_ACTION_GLYPH] = act_glyph,
	[KEY_ACTION_PALETTE] = act_palette,
	[KEY_ACTION_SCALE] = act_scale,
	[KEY_ACTION_ZOOM_OUT] = act_zoom_out,
	[KEY_ACTION_ZOOM_IN] = act_zoom_in,
	[KEY_ACTION_MARK] = act_mark,
	[KEY_ACTION_BACK] = act_back,
	[KEY_ACTION_ON] = act_on,
	[KEY_ACTION_UP] = act_up,
	[KEY_ACTION_DOWN] = act_down,
	[KEY_ACTION_PAGE_UP] = act_page_up,
	[KEY_ACTION_PAGE_DOWN] = act_page_down,
	[KEY_ACTION_HOME] = act_home,
	[KEY_ACTION_END] = act_now,
	[KEY_ACTION_MORE] = act_more,
	[KEY_ACTION_REPAINT] = act_repaint,
	[KEY_ACTION_HELP] = act_help,
	[KEY_ACTION_ESCAPE] = act_escape,
};

/* The filter works while it is typed. */
static void act_filter_changed(struct show *s, const char *text)
{
	char *filter = s->model.filter;

	if (strcmp(filter, text) == 0)
		return;
	snprintf(filter, PROMPT_MAX, "%s", text);
	act_ask_processes(s);
}

static void act_prompt_end(struct show *s, bool keep)
{
	struct prompt prompt = s->model.prompt;

	s->model.prompt.kind = PROMPT_NONE;
	if (prompt.kind == PROMPT_FILTER && !keep)
		act_filter_changed(s, s->restore);
	if (prompt.kind == PROMPT_FILTER && keep && s->model.filter_bad)
		act_filter_changed(s, "");
	if (prompt.kind == PROMPT_MARK && keep && prompt.length > 0)
		feed_mark(&s->feed, prompt.text);
}

static void act_prompt(struct show *s, uint32_t code)
{
	struct prompt *p = &s->model.prompt;

	if (code == SPECIAL_ENTER || code == SPECIAL_ESCAPE) {
		act_prompt_end(s, code == SPECIAL_ENTER);
		return;
	}
	if (code == SPECIAL_ERASE)
		prompt_erase(p);
	else if (code < SPECIAL_NONE)
		prompt_type(p, code);
	if (p->kind == PROMPT_FILTER)
		act_filter_changed(s, p->text);
}

void act_press(struct show *s, uint32_t code)
{
	enum key key = keys_find(code);

	s->feed.dirty = true;
	s->model.note[0] = '\0';
	if (s->model.prompt.kind != PROMPT_NONE) {
		act_prompt(s, code);
		return;
	}
	if (s->model.help && key != KEY_ACTION_QUIT) {
		s->model.help = false;
		return;
	}
	if (key < KEY_ACTION_COUNT)
		actions[key](s);
}
