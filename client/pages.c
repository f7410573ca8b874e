/* SPDX-License-Identifier: MIT */
#include "client/pages.h"

#include <stdio.h>
#include <string.h>

#include "client/report.h"
#include "client/view.h"

static const char *pages_op(const struct pages *p)
{
	return p->events ? "events" : "history";
}

static void pages_note_gap(const struct pages *p, const struct message *m)
{
	struct buf text;

	if (!message_text(m, "gap.reason"))
		return;
	buf_init(&text, REPORT_MAX);
	view_describe_gap(m, &text);
	report_note(p->talk->options->quiet, "%.*s", (int)text.len, text.data);
	buf_fini(&text);
}

/* *more, whether another page is to be asked for. */
static int pages_end(struct pages *p, const struct message *m, bool *more)
{
	const char *next = message_text(m, "next");

	pages_note_gap(p, m);
	p->tier_ms = message_int(m, "tier_ms", p->tier_ms);
	*more = next && strlen(next) < sizeof(p->range.after);
	if (!*more)
		return 0;
	p->range.start = ASK_AFTER;
	snprintf(p->range.after, sizeof(p->range.after), "%s", next);
	return 0;
}

static int pages_row(struct pages *p, const struct message *m)
{
	p->rows++;
	return p->take(p->arg, m);
}

static int pages_take(struct pages *p, const struct message *m, bool *done, bool *more)
{
	const char *op = message_text(m, "op");

	switch (m->type) {
	case MESSAGE_ROW:
		return p->events ? 0 : pages_row(p, m);
	case MESSAGE_EVENT:
		return p->events ? pages_row(p, m) : 0;
	case MESSAGE_REPLY:
		*done = op && strcmp(op, pages_op(p)) == 0;
		return *done ? pages_end(p, m, more) : 0;
	case MESSAGE_ERROR:
		return talk_refusal(p->talk, m);
	case MESSAGE_BYE:
		return report_error(
			EXIT_UNREACHABLE, "actopd is stopping; the answer is incomplete");
	default:
		return 0;
	}
}

static void pages_ask(struct pages *p)
{
	int64_t limit = p->limit > 0 ? p->limit : PAGES_ROWS;

	if (p->events)
		ask_events(&p->talk->out, p->options, &p->range, limit);
	else
		ask_history(&p->talk->out, p->options, &p->metrics, &p->range, limit);
}

static int pages_page(struct pages *p, bool *more)
{
	bool done = false;
	int rc;

	pages_ask(p);
	rc = talk_send(p->talk);
	while (rc == 0 && !done) {
		struct message m;

		rc = talk_next(p->talk, &m);
		if (rc == 0) {
			rc = pages_take(p, &m, &done, more);
			message_free(&m);
		}
	}
	return rc;
}

int pages_walk(struct pages *pages)
{
	bool more = true;
	int rc = 0;

	while (rc == 0 && more)
		rc = pages_page(pages, &more);
	return rc;
}
