/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/commands.h"
#include "client/exposition.h"
#include "client/report.h"
#include "client/talk.h"
#include "client/target.h"
#include "client/view.h"

#define METRICS_TEXT_MAX (4u << 20) /* bytes */

/* The replies, each kept with its text until the exposition is written. */
struct metrics_job {
	struct talk talk;
	struct message schema, status, alerts, get, sample;
	struct buf lines[5];
};

enum { LINE_SCHEMA, LINE_STATUS, LINE_ALERTS, LINE_GET, LINE_SAMPLE, LINE_COUNT };

/* Takes a reply out of the connection's buffer, which the next line will use. */
static int metrics_take(
	struct metrics_job *j, const char *op, struct message *m, struct buf *line)
{
	struct message borrowed;
	int rc = talk_reply(&j->talk, op, &borrowed);

	if (rc)
		return rc;
	buf_add(line, borrowed.line, borrowed.length);
	buf_add(line, "", 1);
	message_free(&borrowed);
	if (!buf_ok(line) || message_parse(m, line->data, line->len - 1) < 0)
		return report_error(EXIT_FAILED, "the answer to %s cannot be read", op);
	return 0;
}

static int metrics_take_sample(struct metrics_job *j)
{
	struct buf *line = &j->lines[LINE_SAMPLE];
	const char *start;
	size_t n;

	if (message_span(&j->get, "sample", &start, &n)) {
		buf_add(line, start, n);
		buf_add(line, "", 1);
		if (buf_ok(line) && message_parse(&j->sample, line->data, n) == 0)
			return 0;
	}
	return report_error(EXIT_FAILED, "the reply has no sample");
}

static int metrics_ask(struct metrics_job *j)
{
	static const struct ask_metrics every;
	int rc;

	ask_schema(&j->talk.out, &every);
	ask_status(&j->talk.out, false);
	ask_plain(&j->talk.out, "alerts");
	ask_get(&j->talk.out, &every);
	rc = talk_send(&j->talk);
	if (rc == 0)
		rc = talk_hello(&j->talk);
	if (rc == 0)
		rc = metrics_take(j, "schema", &j->schema, &j->lines[LINE_SCHEMA]);
	if (rc == 0)
		rc = metrics_take(j, "status", &j->status, &j->lines[LINE_STATUS]);
	if (rc == 0)
		rc = metrics_take(j, "alerts", &j->alerts, &j->lines[LINE_ALERTS]);
	if (rc == 0)
		rc = metrics_take(j, "get", &j->get, &j->lines[LINE_GET]);
	return rc ? rc : metrics_take_sample(j);
}

static void metrics_free(struct metrics_job *j)
{
	message_free(&j->schema);
	message_free(&j->status);
	message_free(&j->alerts);
	message_free(&j->get);
	message_free(&j->sample);
	for (unsigned i = 0; i < LINE_COUNT; i++)
		buf_fini(&j->lines[i]);
	talk_close(&j->talk);
}

/* Asks the daemon and writes what it answered; a daemon that does not answer is down. */
static int metrics_write(const struct options *options, struct prom *p)
{
	struct metrics_job j = { 0 };
	int rc = talk_open(&j.talk, options);

	for (unsigned i = 0; i < LINE_COUNT; i++)
		buf_init(&j.lines[i], METRICS_TEXT_MAX);
	if (rc == 0)
		rc = metrics_ask(&j);
	if (rc == 0)
		exposition_write(p,
			&(struct exposition){ .hello = &j.talk.hello,
				.schema = &j.schema,
				.status = &j.status,
				.alerts = &j.alerts,
				.sample = &j.sample });
	else
		exposition_write_down(p);
	metrics_free(&j);
	return rc;
}

static int metrics_save(const char *path, const struct buf *text)
{
	struct target target;
	int rc = target_open(&target, path);

	if (rc == 0) {
		fwrite(text->data, 1, text->len, target.file);
		rc = target_commit(&target);
	}
	return rc ? report_error(EXIT_FAILED, "%s: %s", path, strerror(-rc)) : 0;
}

static int metrics_print(const struct buf *text)
{
	fwrite(text->data, 1, text->len, stdout);
	return view_flush();
}

static int metrics_run(const struct options *options)
{
	struct prom p;
	struct buf text;
	int rc, saved = 0;

	buf_init(&text, METRICS_TEXT_MAX);
	prom_begin(&p, &text,
		options->output == OUTPUT_OPENMETRICS ? PROM_OPENMETRICS : PROM_TEXT);
	rc = metrics_write(options, &p);
	if (!buf_ok(&text))
		saved = report_error(EXIT_FAILED, "more than %u bytes", METRICS_TEXT_MAX);
	else if (options->textfile)
		saved = metrics_save(options->textfile, &text);
	else if (rc == 0)
		saved = metrics_print(&text);
	buf_fini(&text);
	return rc ? rc : saved;
}

const struct command command_metrics = {
	.name = "metrics",
	.summary = "Print the newest sample for Prometheus",
	.usage = "metrics [-o prom|openmetrics] [--textfile FILE]",
	.text = "Unknown values are left out. The file of --textfile appears as a whole or not "
		"at "
		"all;\nwhile no daemon answers it says actop_up 0.\n",
	.examples = "  actopctl metrics\n"
		    "  actopctl metrics --textfile /var/lib/node_exporter/actop.prom\n",
	.options = OPTIONS_TALK | OPTION_BIT(OUTPUT) | OPTION_BIT(TEXTFILE),
	.outputs = (1u << OUTPUT_PROM) | (1u << OUTPUT_OPENMETRICS),
	.run = metrics_run,
};
