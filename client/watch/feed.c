/* SPDX-License-Identifier: MIT */
#include "client/watch/feed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/ask.h"
#include "client/report.h"

#define EVENTS_PAST_MS (3600 * 1000)
#define PROCESSES_INTERVAL_MS 2000
#define PAST_ROWS_MAX 4096

static const char *feed_cursor(const struct feed *f, int64_t number, char to[FEED_CURSOR_MAX])
{
	if (number <= 0 || !f->epoch[0])
		return NULL;
	snprintf(to, FEED_CURSOR_MAX, "%s:%lld", f->epoch, (long long)number);
	return to;
}

/* The schema names what there is; everything else is asked for when it has come. */
static void feed_begin(struct feed *f)
{
	const struct ask_metrics all = { catalog_patterns(), CATALOG_PATTERNS };

	f->bound = false;
	f->processes = false;
	f->past_id++;
	f->model->past_wanted = false;
	ask_schema(&f->talk.out, &all);
}

int feed_open(struct feed *f, const struct options *options, struct model *model, unsigned span)
{
	int rc;

	*f = (struct feed){ .options = options, .model = model, .span = span };
	rc = talk_open(&f->talk, options);
	if (rc)
		return rc;
	feed_begin(f);
	return talk_send(&f->talk);
}

void feed_close(struct feed *f)
{
	talk_close(&f->talk);
	message_free(&f->schema);
	rows_fini(&f->coming);
}

int feed_reopen(struct feed *f)
{
	if (talk_reopen(&f->talk, f->options) < 0)
		return -1;
	feed_begin(f);
	feed_send(f);
	return 0;
}

void feed_send(struct feed *f)
{
	if (f->talk.conn.fd >= 0 && f->talk.out.len > 0)
		conn_send(&f->talk.conn, &f->talk.out);
	buf_clear(&f->talk.out);
}

static int64_t feed_span_ms(const struct feed *f)
{
	return (int64_t)f->span * f->model->interval_ms;
}

static void feed_subscribe(struct feed *f, const char *after)
{
	f->asked_ms = f->model->interval_ms;
	asking_samples(&f->talk.out, f->asked_ms, after, feed_span_ms(f));
	feed_send(f);
}

/* What is kept is asked for anew. */
static void feed_refill(struct feed *f)
{
	f->bound = false;
	f->seq = 0;
	rows_clear(&f->model->live);
	asking_stop(&f->talk.out, "samples");
	feed_subscribe(f, NULL);
}

void feed_widen(struct feed *f, unsigned span)
{
	if (span <= f->span)
		return;
	f->span = span;
	if (f->bound)
		feed_refill(f);
}

void feed_interval(struct feed *f, int64_t interval_ms)
{
	f->model->interval_ms = f->model->past_step_ms = interval_ms;
	rows_fini(&f->model->past);
	if (f->bound)
		feed_refill(f);
}

void feed_processes(struct feed *f, unsigned limit)
{
	const struct settings *s = &f->model->settings;
	const struct asking_processes asked = { s->sort, f->model->filter, limit,
		f->model->interval_ms > PROCESSES_INTERVAL_MS ? f->model->interval_ms
							      : PROCESSES_INTERVAL_MS };

	if (!f->bound || !f->model->about.processes)
		return;
	if (f->processes)
		asking_stop(&f->talk.out, "processes");
	f->processes = s->processes;
	if (s->processes)
		asking_processes(&f->talk.out, &asked);
	feed_send(f);
}

static void feed_ask_past(struct feed *f)
{
	f->past.id = ++f->past_id;
	f->model->past_wanted = true;
	rows_init(&f->coming, f->model->catalog.columns, f->past.limit);
	asking_past(&f->talk.out, &f->past);
	feed_send(f);
}

void feed_past(struct feed *f, int64_t ts_ms, unsigned span)
{
	int64_t step = f->model->past_step_ms;

	if (!f->bound)
		return;
	f->past = (struct asking_past){ .step_ms = step, .limit = PAST_ROWS_MAX };
	f->past.since_ms = ts_ms - 2 * (int64_t)span * step;
	f->past.until_ms = ts_ms + (int64_t)span * step / 2;
	if (f->past.since_ms < 0)
		f->past.since_ms = 0;
	feed_ask_past(f);
}

void feed_mark(struct feed *f, const char *text)
{
	ask_mark(&f->talk.out, text);
	feed_send(f);
}

bool feed_is_ready(const struct feed *f)
{
	return f->bound && f->seq >= f->head_seq;
}

static bool feed_is(const struct message *m, const char *path, const char *word)
{
	const char *text = message_text(m, path);

	return text && strcmp(text, word) == 0;
}

/* A history that was begun anew is not gone on with. */
static int feed_hello(struct feed *f, const struct message *m)
{
	const char *epoch = message_text(m, "epoch");

	if (message_int(m, "proto", 0) != 1)
		return f->ever
			? FEED_LOST
			: report_error(EXIT_PROTOCOL, "actopd speaks another protocol than 1");
	if (epoch && strcmp(epoch, f->epoch) != 0) {
		f->seq = 0;
		f->eseq = 0;
		snprintf(f->epoch, sizeof(f->epoch), "%.*s", (int)sizeof(f->epoch) - 1, epoch);
	}
	model_meet(f->model, m);
	if (f->model->interval_ms < f->model->about.base_ms)
		f->model->interval_ms = f->model->about.base_ms;
	if (f->model->past_step_ms < f->model->interval_ms)
		f->model->past_step_ms = f->model->interval_ms;
	return FEED_GO_ON;
}

static int feed_schema(struct feed *f, struct message *m)
{
	char after[FEED_CURSOR_MAX];

	message_free(&f->schema);
	f->schema = *m;
	f->schema.line = NULL;
	m->root = NULL;
	feed_subscribe(f, feed_cursor(f, f->seq, after));
	asking_events(&f->talk.out, feed_cursor(f, f->eseq, after), EVENTS_PAST_MS);
	feed_send(f);
	return FEED_GO_ON;
}

/* Where the columns are others than before, or meanwhile another interval is wanted, what is
 * kept is asked for anew. */
static int feed_subscribed(struct feed *f, const struct message *m)
{
	struct model *model = f->model;
	const struct node *names = message_at(m, "metrics");
	bool other = f->seq > 0 && !catalog_is(&model->catalog, names);
	int64_t window;

	model_bind(model, message_at(&f->schema, "metrics"), names, f->span);
	if (other || f->asked_ms != model->interval_ms) {
		feed_refill(f);
		return FEED_GO_ON;
	}
	model->interval_ms = message_int(m, "interval_ms", model->interval_ms);
	f->bound = true;
	window = model->interval_ms / model->about.base_ms;
	f->head_seq = message_int(m, "head_seq", 0);
	/* Fewer than that may have no whole window, and the last one may not be whole. */
	if (f->head_seq - message_int(m, "from_seq", 1) + 1 < 2 * window - 1)
		f->head_seq = 0;
	f->head_seq -= window - 1;
	model->link = LINK_LIVE;
	f->dirty = true;
	return FEED_GO_ON;
}

/* The finest history that reaches so far back may be coarser than what was asked for: then the
 * stretch is too short, and is asked for once more. */
static void feed_past_complete(struct feed *f, const struct message *m)
{
	struct model *model = f->model;
	int64_t tier_ms = message_int(m, "tier_ms", f->past.step_ms);

	if (message_int(m, "id", 0) != (int64_t)f->past_id)
		return;
	if (tier_ms > f->past.step_ms) {
		int64_t factor = tier_ms / f->past.step_ms;
		int64_t span_ms = f->past.until_ms - f->past.since_ms;

		f->past.step_ms = tier_ms;
		f->past.since_ms -= span_ms * (factor - 1) * 4 / 5;
		f->past.until_ms += span_ms * (factor - 1) / 5;
		f->past.since_ms = f->past.since_ms < 0 ? 0 : f->past.since_ms;
		feed_ask_past(f);
		return;
	}
	rows_fini(&model->past);
	model->past = f->coming;
	f->coming = (struct rows){ 0 };
	model->past_step_ms = f->past.step_ms;
	model->past_wanted = false;
	f->dirty = true;
}

static int feed_reply(struct feed *f, struct message *m)
{
	if (feed_is(m, "op", "hello"))
		return feed_hello(f, m);
	if (feed_is(m, "op", "schema"))
		return feed_schema(f, m);
	if (feed_is(m, "op", "subscribe") && feed_is(m, "id", "samples"))
		return feed_subscribed(f, m);
	if (feed_is(m, "op", "subscribe") && feed_is(m, "id", "processes"))
		f->model->filter_bad = false;
	if (feed_is(m, "op", "history"))
		feed_past_complete(f, m);
	return FEED_GO_ON;
}

/* What the user sees of an error that is not the end. */
static void feed_note(struct feed *f, const struct message *m)
{
	const char *text = message_text(m, "message");

	snprintf(f->model->note, sizeof(f->model->note), "%.*s", MODEL_NOTE_MAX - 1,
		text ? text : "actopd refuses that");
	f->dirty = true;
}

static int feed_error(struct feed *f, const struct message *m)
{
	if (!f->ever)
		return talk_refusal(&f->talk, m);
	if (feed_is(m, "code", "shutting_down") || feed_is(m, "code", "busy"))
		return FEED_LOST;
	if (feed_is(m, "id", "processes")) {
		f->processes = false;
		f->model->filter_bad = true;
		f->dirty = true;
	} else if (feed_is(m, "id", "samples") && feed_is(m, "field", "after")) {
		/* A history that was replaced by an older one. */
		f->seq = 0;
		feed_subscribe(f, NULL);
	} else if (!feed_is(m, "id", "events")) {
		f->model->past_wanted = false;
		feed_note(f, m);
	}
	return FEED_GO_ON;
}

static void feed_sample(struct feed *f, const struct message *m)
{
	f->seq = message_int(m, "seq", f->seq);
	if (!f->bound)
		return;
	model_row(f->model, &f->model->live, m);
	f->ever = true;
	f->dirty = true;
}

static void feed_event(struct feed *f, const struct message *m)
{
	int64_t eseq = message_int(m, "eseq", 0);

	events_take(&f->model->events, m);
	f->eseq = eseq > f->eseq ? eseq : f->eseq;
	f->dirty = true;
}

/* A break in the charts. */
static void feed_gap(struct feed *f, const struct message *m)
{
	struct rows *live = &f->model->live;

	if (!feed_is(m, "sub", "samples") || live->count == 0)
		return;
	rows_add(live, rows_time(live, live->count - 1));
	f->dirty = true;
}

static int feed_line(struct feed *f, struct message *m)
{
	switch (m->type) {
	case MESSAGE_REPLY:
		return feed_reply(f, m);
	case MESSAGE_ERROR:
		return feed_error(f, m);
	case MESSAGE_SAMPLE:
		feed_sample(f, m);
		break;
	case MESSAGE_ROW:
		if (message_int(m, "id", 0) == (int64_t)f->past_id)
			model_row(f->model, &f->coming, m);
		break;
	case MESSAGE_EVENT:
		feed_event(f, m);
		break;
	case MESSAGE_PROCESSES:
		model_processes(f->model, m);
		f->dirty = true;
		break;
	case MESSAGE_GAP:
		feed_gap(f, m);
		break;
	case MESSAGE_META: /* a part of the machine came or went */
		f->bound = false;
		asking_stop(&f->talk.out, "samples");
		asking_stop(&f->talk.out, "events");
		feed_begin(f);
		feed_send(f);
		break;
	case MESSAGE_BYE:
		return FEED_LOST;
	default:
		break;
	}
	return FEED_GO_ON;
}

static int feed_ended(struct feed *f, int rc)
{
	if (rc == -ETIMEDOUT)
		return FEED_GO_ON;
	if (!f->ever && rc == -EMSGSIZE)
		return report_error(EXIT_FAILED,
			"a line longer than %d bytes came: that is no actopd", CONN_LINE_MAX);
	return f->ever ? FEED_LOST : talk_ended(&f->talk);
}

int feed_take(struct feed *f)
{
	int result = FEED_GO_ON;

	while (result == FEED_GO_ON) {
		struct message m;
		char *line;
		size_t n;
		int rc = conn_line(&f->talk.conn, &line, &n, 0);

		if (rc <= 0)
			return feed_ended(f, rc);
		if (message_parse(&m, line, n) < 0)
			return f->ever ? FEED_LOST
				       : report_error(EXIT_FAILED,
						 "a line that is no JSON object came: "
						 "that is no actopd, or it is broken");
		result = feed_line(f, &m);
		message_free(&m);
	}
	return result;
}
