/* SPDX-License-Identifier: MIT */
#include "client/watch/show.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/range.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/watch/dashboard.h"
#include "client/watch/show_state.h"
#include "client/watch/signals.h"

#define BACKOFF_MIN_MS 200
#define BACKOFF_MAX_MS 5000
#define FIRST_WAIT_MS 500 /* for a past that does not come */
#define SECOND_MS 1000
#define SILENT_SAMPLES 3 /* that do not come, and at least so long */
#define SILENT_MS 3000
#define SPAN_MAX 3600 /* rows for averages, however short the interval */
#define SPAN_SPARE 64 /* rows beyond those that charts show */

bool show_wanted(const struct options *options)
{
	const uint64_t lines = OPTION_BIT(OUTPUT) | OPTION_BIT(JSON) | OPTION_BIT(FIELDS) |
		OPTION_BIT(LINES) | OPTION_BIT(CURSOR) | OPTION_BIT(EVENTS) | OPTION_BIT(AGG);

	return (options->given & lines) == 0 && terminal_can();
}

static void show_settings(struct settings *s, const struct options *o)
{
	*s = (struct settings){
		.layout = o->layout,
		.palette = o->palette,
		.dots = o->dots,
		.scale = o->scale,
		.cores = !o->no_cores,
		.avg_ms = o->avg_ms > 0 ? o->avg_ms : AVG_DEFAULT_MS,
		.processes = o->show_processes || o->proc_filter,
		.utc = o->utc,
	};
}

static unsigned show_span(const struct show *s, unsigned width)
{
	int64_t averages = s->model.settings.avg_ms / s->model.interval_ms;
	unsigned span = dashboard_span(width);

	averages = averages < SPAN_MAX ? averages : SPAN_MAX;
	return (span > averages ? span : (unsigned)averages) + SPAN_SPARE;
}

static void show_resize(struct show *s)
{
	unsigned width, height;

	terminal_size(&width, &height);
	if (width != s->canvas.width || height != s->canvas.height)
		canvas_size(&s->canvas, width, height);
	s->canvas.ascii = s->terminal.ascii;
	feed_widen(&s->feed, show_span(s, width));
	if (s->model.settings.processes)
		feed_processes(&s->feed, dashboard_processes(width, height));
	painter_forget(&s->terminal.painter);
	s->feed.dirty = true;
}

static void show_draw(struct show *s)
{
	if (!s->feed.dirty || s->model.past_wanted ||
		(s->model.link == LINK_LIVE && !feed_is_ready(&s->feed)))
		return;
	s->feed.dirty = false;
	dashboard_draw(&s->canvas, &s->model);
	if (terminal_show(&s->terminal, &s->canvas) < 0)
		s->over = true;
}

/* What the daemon has left stays, and says how old it is. */
static void show_lost(struct show *s)
{
	conn_close(&s->feed.talk.conn);
	s->model.link = LINK_STALE;
	s->model.stale_ms = s->model.silent_ms = 0;
	s->model.past_wanted = false;
	s->lost_ms = conn_clock_ms();
	s->backoff_ms = BACKOFF_MIN_MS;
	s->retry_ms = s->lost_ms + s->backoff_ms;
	s->feed.dirty = true;
}

static void show_retry(struct show *s)
{
	if (feed_reopen(&s->feed) == 0)
		return;
	s->backoff_ms = s->backoff_ms * 2 < BACKOFF_MAX_MS ? s->backoff_ms * 2 : BACKOFF_MAX_MS;
	s->retry_ms = conn_clock_ms() + s->backoff_ms;
}

/* While there is no daemon: tries again now and then, and tells the age every second. */
static void show_wait(struct show *s)
{
	int64_t now = conn_clock_ms(), age = (now - s->lost_ms) / SECOND_MS * SECOND_MS;

	if (age != s->model.stale_ms) {
		s->model.stale_ms = age;
		s->feed.dirty = true;
	}
	if (s->feed.talk.conn.fd < 0 && now >= s->retry_ms)
		show_retry(s);
}

/* A daemon that says nothing for some samples hangs, unless it is at the end of a recording. */
static int64_t show_patience(const struct show *s)
{
	int64_t samples = SILENT_SAMPLES * s->model.interval_ms;

	return samples > SILENT_MS ? samples : SILENT_MS;
}

static void show_listen(struct show *s)
{
	int64_t silent = (conn_clock_ms() - s->heard_ms) / SECOND_MS * SECOND_MS;

	silent = silent >= show_patience(s) && !s->model.about.simulated ? silent : 0;
	if (silent != s->model.silent_ms)
		s->feed.dirty = true;
	s->model.silent_ms = silent;
}

/* Until something is to be told that nothing comes for; -1 = nothing is. */
static int show_timeout(const struct show *s)
{
	int64_t now = conn_clock_ms(), next;

	if (s->model.link == LINK_STALE) {
		next = s->lost_ms + s->model.stale_ms + SECOND_MS;
		if (s->feed.talk.conn.fd < 0 && s->retry_ms < next)
			next = s->retry_ms;
	} else {
		if (s->model.about.simulated)
			return -1;
		next = s->heard_ms + show_patience(s);
		if (next <= now)
			next = s->heard_ms + s->model.silent_ms + SECOND_MS;
	}
	return next > now ? (int)(next - now) : 0;
}

static void show_take(struct show *s)
{
	bool bound = s->feed.bound;
	int64_t seq;
	int rc;

	if (s->feed.talk.conn.fd < 0)
		return;
	seq = s->feed.seq;
	rc = feed_take(&s->feed);
	if (s->feed.seq != seq)
		s->heard_ms = conn_clock_ms();
	show_listen(s);
	if (rc == FEED_LOST)
		show_lost(s);
	else if (rc != FEED_GO_ON) {
		s->over = true;
		s->code = rc;
	}
	if (!bound && s->feed.bound && s->model.settings.processes)
		feed_processes(
			&s->feed, dashboard_processes(s->canvas.width, s->canvas.height));
	act_cover(s);
}

static void show_stop(struct show *s)
{
	terminal_leave(&s->terminal);
	signals_stop();
	while (signals_next(s->signals))
		; /* that it goes on, and that the window has changed meanwhile */
	terminal_enter(&s->terminal);
	show_resize(s);
}

static void show_signal(struct show *s, int number)
{
	switch (number) {
	case SIGWINCH:
		show_resize(s);
		break;
	case SIGTSTP:
		show_stop(s);
		break;
	case SIGCONT: /* after a stop that could not be seen to come */
		terminal_enter(&s->terminal);
		show_resize(s);
		break;
	default:
		s->over = true;
		s->code = number == SIGINT ? EXIT_INTERRUPTED : -number;
	}
}

static void show_inputs(struct show *s, const struct pollfd *fds)
{
	int number;
	uint32_t code;

	while (!s->over && (number = signals_next(s->signals)) > 0)
		show_signal(s, number);
	if (fds[1].revents & (POLLHUP | POLLERR | POLLNVAL))
		s->over = true;
	if (fds[1].revents & POLLIN)
		while (!s->over && (code = terminal_key(&s->terminal)) > 0)
			act_press(s, code);
}

static void show_loop(struct show *s)
{
	while (!s->over) {
		struct pollfd fds[] = {
			{ .fd = s->feed.talk.conn.fd, .events = POLLIN },
			{ .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = s->signals, .events = POLLIN },
		};

		show_draw(s);
		if (poll(fds, 3, show_timeout(s)) < 0 && errno != EINTR)
			return;
		show_inputs(s, fds);
		if (s->model.link == LINK_STALE)
			show_wait(s);
		show_take(s);
	}
}

/* Before the screen is taken, so that what is wrong can be said: until the past is there. */
static int show_fill(struct show *s)
{
	int64_t deadline = conn_clock_ms() + s->options->timeout_ms;
	int rc = FEED_GO_ON;

	while (rc == FEED_GO_ON && !feed_is_ready(&s->feed)) {
		struct pollfd p = { .fd = s->feed.talk.conn.fd, .events = POLLIN };
		int64_t left = deadline - conn_clock_ms();

		if (s->feed.bound && left > FIRST_WAIT_MS)
			deadline -= left - FIRST_WAIT_MS;
		if (left <= 0 && s->feed.bound)
			return 0;
		if (left <= 0)
			return report_error(EXIT_TIMEOUT, "no answer within %.10g s",
				(double)s->options->timeout_ms / 1000);
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return report_error(EXIT_FAILED, "poll: %s", strerror(errno));
		rc = feed_take(&s->feed);
	}
	return rc == FEED_GO_ON ? 0 : rc;
}

/* With --since the first that is shown is that moment. */
static int show_begin(struct show *s)
{
	struct range_now now = { stamp_now(), 0 };
	struct ask_range range;
	int rc;

	if (!s->options->since)
		return 0;
	rc = range_resolve(&range, s->options, &now);
	if (rc == 0 && range.start == ASK_SINCE)
		act_travel(s, range.start_ms);
	else if (rc == 0 && range.start == ASK_LAST)
		act_travel(s, model_time(&s->model) - range.start_ms);
	return rc;
}

static int show_open(struct show *s)
{
	unsigned width, height;
	int rc;

	terminal_size(&width, &height);
	rc = feed_open(&s->feed, s->options, &s->model, show_span(s, width));
	if (rc == 0)
		rc = show_fill(s);
	if (rc)
		return rc;
	rc = terminal_open(&s->terminal, s->options->color);
	if (rc < 0)
		return report_error(EXIT_FAILED, "the terminal cannot show it; use -o table");
	s->feed.ever = true;
	s->heard_ms = conn_clock_ms();
	s->signals = signals_open();
	if (s->signals < 0)
		return EXIT_FAILED;
	terminal_palette(&s->terminal, s->model.settings.palette);
	show_resize(s);
	return show_begin(s);
}

int show_run(const struct options *options)
{
	struct show s = { .options = options, .signals = -1 };
	int rc;

	model_init(&s.model);
	show_settings(&s.model.settings, options);
	snprintf(s.model.filter, sizeof(s.model.filter), "%s",
		options->proc_filter ? options->proc_filter : "");
	if (options->interval_ms > 0)
		s.model.interval_ms = s.model.past_step_ms = options->interval_ms;
	rc = show_open(&s);
	if (rc == 0) {
		show_loop(&s);
		rc = s.code;
	}
	terminal_close(&s.terminal);
	feed_close(&s.feed);
	model_fini(&s.model);
	canvas_fini(&s.canvas);
	if (rc < 0) {
		/* Ends as its signal would have ended it. */
		signal(-rc, SIG_DFL);
		raise(-rc);
	}
	return rc;
}
