/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "client/bookmark.h"
#include "client/commands.h"
#include "client/range.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/talk.h"
#include "client/view.h"
#include "client/watch.h"
#include "client/watch/show.h"

#define BACKOFF_MIN_MS 200
#define BACKOFF_MAX_MS 5000

/* Of the dashboard. */
#define OPTIONS_SHOW \
	(OPTION_BIT(LAYOUT) | OPTION_BIT(PALETTE) | OPTION_BIT(GLYPH) | OPTION_BIT(AVG) | \
		OPTION_BIT(SCALE) | OPTION_BIT(NO_CORES) | OPTION_BIT(SHOW_PROCESSES) | \
		OPTION_BIT(PROC_FILTER))

/* What handling a line may come to, beside an exit code. */
enum { WATCH_GO_ON = -1, WATCH_LOST = -2 };

/*
 * A subscription that outlives the daemon: cursor names the last line that was printed (or that
 * the daemon said will not come), and a new connection goes on behind it.
 */
struct watch {
	const struct options *options;
	struct talk talk;
	struct view view;
	struct ask_range range; /* where to begin, from the second connection on the cursor */
	bool samples, events;	/* what is subscribed to */
	struct ask_range event_range; /* the same of the events */
	int64_t last_eseq;
	int64_t left; /* data lines still to come; 0 = without end */
	bool live;    /* this connection is subscribed */
	bool ever_live;
	bool unsaved; /* the cursor has moved since it was written to --cursor-file */
	int backoff_ms;
	int failed; /* exit code of what idle did */
};

static bool message_is(const struct message *m, const char *path, const char *word)
{
	const char *text = message_text(m, path);

	return text && strcmp(text, word) == 0;
}

static void watch_save(struct watch *w)
{
	int rc;

	if (!w->unsaved || !w->options->cursor_file)
		return;
	w->unsaved = false;
	rc = bookmark_write(w->options->cursor_file, w->range.after);
	if (rc < 0)
		w->failed = report_error(
			EXIT_FAILED, "%s: %s", w->options->cursor_file, strerror(-rc));
}

/* Before waiting: what was printed is out, and only then counts as printed. */
static void watch_idle(void *arg)
{
	struct watch *w = arg;

	if (w->failed == 0)
		w->failed = view_flush();
	if (w->failed == 0)
		watch_save(w);
}

static void watch_move(struct watch *w, const struct message *m, const char *member)
{
	const char *epoch = message_text(m, "epoch");
	int64_t seq = message_int(m, member, -1);

	if (!epoch || seq < 0 || strlen(epoch) > 16)
		return;
	w->range.start = ASK_AFTER;
	snprintf(w->range.after, sizeof(w->range.after), "%s:%lld", epoch, (long long)seq);
	w->unsaved = true;
}

static int watch_data(struct watch *w, const struct message *m)
{
	view_line(&w->view, m);
	watch_move(w, m, "seq");
	w->backoff_ms = BACKOFF_MIN_MS;
	if (w->left > 0 && --w->left == 0)
		return EXIT_OK;
	return WATCH_GO_ON;
}

/* A firing alert is said anew with each subscription, with the number that it had. */
static int watch_event(struct watch *w, const struct message *m)
{
	const char *epoch = message_text(m, "epoch");
	int64_t eseq = message_int(m, "eseq", -1);

	if (w->samples)
		view_event(&w->view, m);
	else
		view_line(&w->view, m);
	w->backoff_ms = BACKOFF_MIN_MS;
	if (epoch && strlen(epoch) <= 16 && eseq > w->last_eseq) {
		w->last_eseq = eseq;
		w->event_range.start = ASK_AFTER;
		snprintf(w->event_range.after, sizeof(w->event_range.after), "%s:%lld", epoch,
			(long long)eseq);
	}
	if (!w->samples && w->left > 0 && --w->left == 0)
		return EXIT_OK;
	return WATCH_GO_ON;
}

static int watch_gap(struct watch *w, const struct message *m)
{
	struct buf text;

	view_gap(&w->view, m);
	if (message_is(m, "sub", "events"))
		w->last_eseq = 0;
	else
		watch_move(w, m, "to_seq");
	if (view_shows_gap(&w->view))
		return WATCH_GO_ON;
	buf_init(&text, REPORT_MAX);
	view_describe_gap(m, &text);
	report_note(w->options->quiet, "%.*s", (int)text.len, text.data);
	buf_fini(&text);
	return WATCH_GO_ON;
}

static int watch_subscribed(struct watch *w, const struct message *m)
{
	const struct node *served = message_at(m, "metrics");

	if (node_is_array(served) && !node_first(served))
		return report_error(EXIT_NOTHING, "no metric matches; see actopctl info");
	if (w->ever_live && !w->live)
		report_note(w->options->quiet, "connected again");
	w->live = w->ever_live = true;
	return WATCH_GO_ON;
}

/* The schema is asked for until there is one; a text that a view keeps is never replaced. */
static int watch_schema(struct watch *w, struct message *m)
{
	struct message taken = *m;
	int rc;

	m->root = NULL;
	rc = view_begin(&w->view, &taken, &w->talk.hello);
	return rc ? rc : WATCH_GO_ON;
}

static int watch_hello(struct watch *w, struct message *m)
{
	message_free(&w->talk.hello);
	w->talk.hello = *m;
	w->talk.hello.line = NULL;
	m->root = NULL;
	if (message_int(&w->talk.hello, "proto", 0) == 1)
		return WATCH_GO_ON;
	return report_error(EXIT_PROTOCOL, "actopd speaks another protocol than 1");
}

static int watch_reply(struct watch *w, struct message *m)
{
	const char *op = message_text(m, "op");

	if (op && strcmp(op, "hello") == 0)
		return watch_hello(w, m);
	if (op && strcmp(op, "schema") == 0)
		return watch_schema(w, m);
	if (op && strcmp(op, "subscribe") == 0)
		return watch_subscribed(w, m);
	return WATCH_GO_ON;
}

static int watch_subscribe(struct watch *w, bool samples, bool events)
{
	if (samples)
		ask_subscribe(&w->talk.out, w->options, &w->view.metrics, &w->range, w->left);
	if (events)
		ask_follow(&w->talk.out, w->options, &w->event_range, w->samples ? 0 : w->left);
	return talk_send(&w->talk);
}

/* A cursor that the daemon does not know (its history was replaced by an older one) is given
 * up, and that subscription, which the error names, is asked for again. */
static int watch_give_up(struct watch *w, bool events)
{
	struct ask_range *range = events ? &w->event_range : &w->range;
	int rc;

	report_note(w->options->quiet,
		"actopd does not know the place to go on from (%s): "
		"what lies between is not shown",
		range->after);
	range->start = ASK_NO_START;
	if (events)
		w->last_eseq = 0;
	rc = watch_subscribe(w, !events, events);
	return rc ? rc : WATCH_GO_ON;
}

/* A daemon that is stopping, or full, may have room later, once there was one. */
static int watch_error(struct watch *w, const struct message *m)
{
	bool later = message_is(m, "code", "shutting_down") || message_is(m, "code", "busy");
	bool events = message_is(m, "id", "events");

	if (w->ever_live && later)
		return WATCH_LOST;
	if (message_is(m, "code", "bad_value") && message_is(m, "field", "after") &&
		(events ? w->event_range : w->range).start == ASK_AFTER)
		return watch_give_up(w, events);
	return talk_refusal(&w->talk, m);
}

static int watch_take(struct watch *w, struct message *m)
{
	switch (m->type) {
	case MESSAGE_REPLY:
		return watch_reply(w, m);
	case MESSAGE_ERROR:
		return watch_error(w, m);
	case MESSAGE_SAMPLE:
		return watch_data(w, m);
	case MESSAGE_EVENT:
		return watch_event(w, m);
	case MESSAGE_GAP:
		return watch_gap(w, m);
	case MESSAGE_HEARTBEAT:
		watch_move(w, m, "seq");
		return WATCH_GO_ON;
	case MESSAGE_END:
		return message_is(m, "reason", "count") ? EXIT_OK : WATCH_GO_ON;
	case MESSAGE_BYE:
		report_note(w->options->quiet, "%s; waiting for it to come back",
			message_is(m, "reason", "shutdown") ? "actopd is stopping"
							    : "actopd ended the connection");
		return WATCH_LOST;
	default:
		return WATCH_GO_ON;
	}
}

/* The connection is gone without a word. */
static int watch_lost(struct watch *w, int rc)
{
	if (rc == -ETIMEDOUT && !w->ever_live)
		return report_error(EXIT_TIMEOUT, "no answer within %.10g s",
			(double)w->options->timeout_ms / 1000);
	if (rc == -EMSGSIZE)
		return report_error(EXIT_FAILED,
			"a line longer than %d bytes came: that is no actopd", CONN_LINE_MAX);
	if (!w->ever_live)
		return talk_ended(&w->talk);
	if (w->live)
		report_note(w->options->quiet, "actopd is gone; waiting for it to come back");
	return WATCH_LOST;
}

/* Reads one connection until it ends, in an exit code or WATCH_LOST. */
static int watch_follow(struct watch *w)
{
	int64_t deadline = conn_clock_ms() + w->options->timeout_ms;
	int result = WATCH_GO_ON;

	while (result == WATCH_GO_ON) {
		struct message m;
		char *line;
		size_t n;
		int rc = conn_line(&w->talk.conn, &line, &n, w->live ? CONN_FOREVER : deadline);

		if (w->failed)
			return w->failed;
		if (rc <= 0)
			return watch_lost(w, rc);
		if (message_parse(&m, line, n) < 0)
			return report_error(EXIT_FAILED,
				"a line that is no JSON object came: that is "
				"no actopd, or it is broken");
		result = watch_take(w, &m);
		message_free(&m);
	}
	return result;
}

/* Sends everything at once; the answers are taken as they come. */
static int watch_ask(struct watch *w)
{
	w->live = false;
	w->talk.conn.idle = watch_idle;
	w->talk.conn.idle_arg = w;
	if (w->view.class->needs_schema && !w->view.schema.root)
		ask_schema(&w->talk.out, &w->view.metrics);
	return watch_subscribe(w, w->samples, w->events);
}

static int watch_reconnect(struct watch *w)
{
	do {
		poll(NULL, 0, w->backoff_ms);
		w->backoff_ms *= 2;
		if (w->backoff_ms > BACKOFF_MAX_MS)
			w->backoff_ms = BACKOFF_MAX_MS;
	} while (talk_reopen(&w->talk, w->options) < 0);
	return watch_ask(w);
}

/* --cursor-file wins over --since, which then says where to begin the first time. */
static int watch_bookmark(struct watch *w)
{
	char cursor[CURSOR_TEXT_MAX];
	int rc;

	if (!w->options->cursor_file)
		return 0;
	rc = bookmark_read(w->options->cursor_file, cursor);
	if (rc == -ENOENT)
		return 0;
	if (rc < 0)
		return report_error(EXIT_FAILED, "%s: %s", w->options->cursor_file,
			rc == -EINVAL ? "is no cursor file" : strerror(-rc));
	w->range.start = ASK_AFTER;
	memcpy(w->range.after, cursor, sizeof(cursor));
	return 0;
}

/* "boot" is so long ago as the daemon says in its hello, which then must come first. */
static int watch_start(struct watch *w)
{
	struct range_now now = { stamp_now(), 0 };
	int rc = 0;

	if (range_needs_boot(w->options)) {
		rc = talk_send(&w->talk);
		if (rc == 0)
			rc = talk_hello(&w->talk);
		now.mono_ms = rc == 0 ? message_int(&w->talk.hello, "mono_ms", 0) : 0;
	}
	if (rc == 0)
		rc = range_resolve(&w->range, w->options, &now);
	w->event_range = w->range;
	if (rc == 0)
		rc = watch_bookmark(w);
	return rc ? rc : watch_ask(w);
}

static int watch_loop(struct watch *w)
{
	int rc = talk_open(&w->talk, w->options);

	if (rc == 0)
		rc = watch_start(w);
	while (rc == 0) {
		rc = watch_follow(w);
		if (rc != WATCH_LOST)
			break;
		rc = watch_reconnect(w);
	}
	if (rc == EXIT_OK) {
		watch_idle(w);
		rc = w->failed;
	}
	fflush(stdout);
	talk_close(&w->talk);
	return rc;
}

static int watch_run(const struct options *options)
{
	struct watch w = {
		.options = options,
		.samples = true,
		.events = options->events,
		.left = options->lines,
		.backoff_ms = BACKOFF_MIN_MS,
	};
	int rc = 0;

	if (options->agg_count > 1)
		return report_error(EXIT_USAGE, "watch takes one --agg only");
	if (show_wanted(options))
		return show_run(options);
	rc = view_open(&w.view, options);
	if (rc == 0 && options->events && !w.view.class->event)
		rc = report_error(EXIT_USAGE, "--events goes with -o table or json");
	if (rc == 0)
		rc = watch_loop(&w);
	view_close(&w.view);
	return rc;
}

int watch_follow_events(const struct options *options, const struct view_class *class)
{
	struct watch w = {
		.options = options,
		.events = true,
		.left = options->lines,
		.backoff_ms = BACKOFF_MIN_MS,
	};
	int rc = view_open(&w.view, options);

	w.view.class = class;
	if (rc == 0)
		rc = watch_loop(&w);
	view_close(&w.view);
	return rc;
}

const struct command command_watch = {
	.name = "watch",
	.alias = "top",
	.summary = "Show what happens, full-screen or line by line",
	.usage = "watch [OPTIONS]",
	.text = "On a terminal a dashboard, its charts filled from the history; ? lists its "
		"keys. In a pipe, or with -o, --json, -f, -n or --events, samples as they "
		"come; over restarts of actopd it goes on behind the last one, and what it "
		"cannot have any more is told as a gap.\n",
	.examples = "  actopctl watch\n"
		    "  actopctl watch --palette viridis --avg 1m --no-cores\n"
		    "  actopctl watch --since 1m -i 5s -f cpu_util_pct,ram_used_bytes\n"
		    "  actopctl watch --json | jq -c .v.package_watts\n",
	.lines = "end after N lines",
	.options = OPTIONS_DATA | OPTION_BIT(LINES) | OPTION_BIT(INTERVAL) | OPTION_BIT(SINCE) |
		OPTION_BIT(AGG) | OPTION_BIT(CURSOR) | OPTION_BIT(EVENTS) |
		OPTION_BIT(NO_META) | OPTIONS_SHOW,
	.outputs = OUTPUTS_DATA,
	.run = watch_run,
};
