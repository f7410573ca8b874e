/* SPDX-License-Identifier: MIT */
#include "client/watch/banner.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/stamp.h"
#include "client/watch/keys.h"
#include "client/watch/reading.h"

#define BANNER_TEXT_MAX 200
#define BANNER_GAP 2
#define FIRING_SHOWN 4

/* A line that is filled from the left. */
struct strip {
	struct canvas *c;
	struct rect left; /* what is free */
};

/* Whole or not at all. */
static bool strip_put(struct strip *s, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool strip_put(struct strip *s, enum style style, const char *format, ...)
{
	char text[BANNER_TEXT_MAX];
	unsigned width;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	width = canvas_text_width(text);
	if (width == 0 || width > s->left.width)
		return false;
	canvas_text(s->c, &s->left, text, style);
	width = width + BANNER_GAP < s->left.width ? width + BANNER_GAP : s->left.width;
	s->left.x += width;
	s->left.width -= width;
	return true;
}

/* "4E+12P+40GPU" */
static void banner_units(char to[MODEL_TEXT_MAX], const struct model *m)
{
	static const char kinds[] = "SEP";
	size_t n = 0;

	to[0] = '\0';
	for (size_t i = 0; i < sizeof(kinds) - 1; i++) {
		unsigned cores = model_cores(m, kinds[i]);

		if (cores > 0)
			n += (size_t)snprintf(to + n, MODEL_TEXT_MAX - n, "%s%u%c",
				n > 0 ? "+" : "", cores, kinds[i]);
	}
	if (n == 0 && m->about.cores > 0)
		n = (size_t)snprintf(to, MODEL_TEXT_MAX, "%u CPU", m->about.cores);
	if (m->about.gpu_cores > 0)
		snprintf(to + n, MODEL_TEXT_MAX - n, "%s%uGPU", n > 0 ? "+" : "",
			m->about.gpu_cores);
}

struct state {
	char text[BANNER_TEXT_MAX];
	enum style style;
};

/* What is shown: now, a pause, the past, or what a daemon that is gone has left. */
static void banner_state(struct state *to, const struct model *m)
{
	char span[STAMP_MAX];
	int64_t newest = m->live.count > 0 ? rows_time(&m->live, m->live.count - 1) : 0;
	int64_t behind = newest - model_time(m);

	if (m->link == LINK_STALE) {
		stamp_span(span, m->stale_ms / 1000 * 1000);
		snprintf(to->text, sizeof(to->text), "○ stale %s", span);
		to->style = STYLE_BAD;
	} else if (m->silent_ms > 0) {
		stamp_span(span, m->silent_ms);
		snprintf(to->text, sizeof(to->text), "○ silent %s", span);
		to->style = STYLE_WARN;
	} else if (m->cursor_ms > 0) {
		stamp_span(span, behind > 0 ? behind / 1000 * 1000 : 0);
		snprintf(to->text, sizeof(to->text), "%s %s ago",
			m->paused ? "‖ paused" : "◂ past", span);
		to->style = STYLE_WARN;
	} else {
		snprintf(to->text, sizeof(to->text), "%s",
			m->live.count > 0 ? "● live" : "○ waiting");
		to->style = m->live.count > 0 ? STYLE_GOOD : STYLE_WARN;
	}
}

static void banner_time(char to[BANNER_TEXT_MAX], const struct model *m)
{
	char date[STAMP_MAX], clock[STAMP_MAX];
	int64_t ts_ms = model_time(m);

	to[0] = '\0';
	if (ts_ms == 0)
		return;
	stamp_date(date, ts_ms, m->settings.utc);
	stamp_clock(clock, ts_ms, m->settings.utc, m->interval_ms % 1000 != 0);
	if (m->cursor_ms > 0)
		snprintf(to, BANNER_TEXT_MAX, "%s %s", date, clock);
	else
		snprintf(to, BANNER_TEXT_MAX, "%s", clock);
}

void banner_head(struct canvas *c, const struct rect *at, const struct model *m)
{
	char time[BANNER_TEXT_MAX], units[MODEL_TEXT_MAX], ram[READING_MAX];
	struct strip strip = { c, *at };
	struct state state;
	struct rect right = *at;
	unsigned width;

	banner_time(time, m);
	banner_state(&state, m);
	width = canvas_text_width(time) + BANNER_GAP + canvas_text_width(state.text);
	if (width < at->width) {
		right.x += at->width - width;
		right.width = width;
		right.x += canvas_text(c, &right, time, STYLE_VALUE) + BANNER_GAP;
		right.width = canvas_text_width(state.text);
		canvas_text(c, &right, state.text, state.style);
		strip.left.width -=
			width + BANNER_GAP <= at->width ? width + BANNER_GAP : at->width;
	}
	strip_put(&strip, STYLE_TITLE, "actop");
	strip_put(&strip, STYLE_VALUE, "%s", m->about.chip);
	banner_units(units, m);
	strip_put(&strip, STYLE_DIM, "%s", units);
	if (!isnan(model_meter(m, METER_RAM_TOTAL)))
		strip_put(&strip, STYLE_DIM, "%s",
			reading_show(ram, READING_BYTES, model_meter(m, METER_RAM_TOTAL)));
	strip_put(&strip, STYLE_DIM, "%s", m->about.system);
	if (m->about.simulated)
		strip_put(&strip, STYLE_WARN, "simulated");
	stamp_span(units, m->past.count > 0 ? m->past_step_ms : m->interval_ms);
	strip_put(&strip, STYLE_DIM, "every %s", units);
}

static void banner_alerts(struct strip *s, const struct model *m)
{
	const struct happened *firing[FIRING_SHOWN];
	int64_t now = model_time(m);
	unsigned n = events_firing(
		&m->events, m->cursor_ms ? m->cursor_ms : INT64_MAX, firing, FIRING_SHOWN);

	if (n == 0)
		strip_put(s, STYLE_GOOD, "alerts none");
	for (unsigned i = 0; i < n; i++) {
		char span[STAMP_MAX];

		stamp_span(span,
			now > firing[i]->ts_ms ? (now - firing[i]->ts_ms) / 1000 * 1000 : 0);
		strip_put(s, STYLE_BAD, "▲ %s %s", firing[i]->rule, span);
	}
}

/* First and last known value of a counter over the rows before the one that is shown. */
static double banner_growth(const struct model *m, int column, unsigned span)
{
	long last, from;
	const struct rows *rows = model_rows(m, &last);
	double end = NAN, begin = NAN;

	from = last - (long)span + 1;
	for (long i = last; column >= 0 && i >= 0 && i >= from; i--) {
		double value = rows_value(rows, i, column);

		if (isnan(value))
			continue;
		end = isnan(end) ? value : end;
		begin = value;
	}
	return end - begin;
}

static void banner_span(struct strip *s, const struct model *m, unsigned span)
{
	double joules = banner_growth(m, m->catalog.meters[METER_PACKAGE_JOULES], span);
	const char *of = "package";
	long last, from;
	const struct rows *rows = model_rows(m, &last);
	char text[STAMP_MAX], energy[READING_MAX];

	if (last < 0)
		return;
	if (isnan(joules)) {
		joules = banner_growth(m, m->catalog.meters[METER_SYSTEM_JOULES], span);
		of = "system";
	}
	from = last - (long)span + 1 > 0 ? last - (long)span + 1 : 0;
	stamp_span(text, rows_time(rows, (unsigned)last) - rows_time(rows, (unsigned)from));
	strip_put(s, STYLE_DIM, "span %s", text);
	if (!isnan(joules))
		strip_put(s, STYLE_VALUE, "energy %s %s",
			reading_show(energy, READING_JOULES, joules), of);
}

static void banner_throttle(struct strip *s, const struct model *m)
{
	bool cpu = model_meter(m, METER_THROTTLE_CPU) > 0;
	bool gpu = model_meter(m, METER_THROTTLE_GPU) > 0;

	if (cpu || gpu)
		strip_put(s, STYLE_BAD, "throttled %s%s%s", cpu ? "CPU" : "",
			cpu && gpu ? "+" : "", gpu ? "GPU" : "");
}

void banner_verdict(
	struct canvas *c, const struct rect *at, const struct model *m, unsigned span)
{
	struct strip strip = { c, *at };
	const char *limit = model_word(m, METER_LIMIT);
	const char *thermal = model_word(m, METER_THERMAL_STATE);

	if (m->note[0]) {
		strip_put(&strip, STYLE_WARN, "%s", m->note);
		return;
	}
	if (m->link == LINK_STALE)
		strip_put(&strip, STYLE_BAD, "actopd is gone; waiting for it to come back");
	if (limit)
		strip_put(&strip, strcmp(limit, "none") == 0 ? STYLE_GOOD : STYLE_WARN,
			"limit %s", limit);
	banner_throttle(&strip, m);
	banner_alerts(&strip, m);
	if (thermal)
		strip_put(&strip, strcmp(thermal, "Nominal") == 0 ? STYLE_DIM : STYLE_WARN,
			"thermal %s", thermal);
	banner_span(&strip, m, span);
}

static void banner_prompt(struct strip *s, const struct model *m)
{
	bool filter = m->prompt.kind == PROMPT_FILTER;

	strip_put(s, STYLE_KEY, "%s", filter ? "filter" : "mark");
	strip_put(s, m->filter_bad && filter ? STYLE_BAD : STYLE_VALUE, "%s▏", m->prompt.text);
	if (filter && m->filter_bad)
		strip_put(s, STYLE_BAD, "is no regular expression yet");
	strip_put(s, STYLE_DIM, "Enter %s  Esc %s", filter ? "keeps" : "sets it",
		filter ? "restores" : "forgets it");
}

void banner_keys(struct canvas *c, const struct rect *at, const struct model *m)
{
	struct strip strip = { c, *at };

	if (m->prompt.kind != PROMPT_NONE) {
		banner_prompt(&strip, m);
		return;
	}
	for (enum key key = 0; key < KEY_ACTION_COUNT; key++) {
		unsigned width = canvas_text_width(keys[key].label) +
			canvas_text_width(keys[key].brief) + 1;

		if (!keys[key].brief[0] || width > strip.left.width)
			continue;
		strip_put(&strip, STYLE_KEY, "%s", keys[key].label);
		strip.left.x--;
		strip.left.width++;
		strip_put(&strip, STYLE_DIM, "%s", keys[key].brief);
	}
}
