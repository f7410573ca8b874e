/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/commands.h"
#include "client/pages.h"
#include "client/range.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/target.h"
#include "client/view.h"

#define PROGRESS_EVERY_MS 200

struct export_job {
	const struct options *options;
	struct talk talk;
	struct view view;
	struct pages pages;
	struct target target;
	bool progress; /* stderr is a terminal */
	int64_t shown_ms;
};

static void export_progress(struct export_job *e, const struct message *m, bool last)
{
	char time[STAMP_MAX];

	if (!e->progress || (!last && conn_clock_ms() - e->shown_ms < PROGRESS_EVERY_MS))
		return;
	e->shown_ms = conn_clock_ms();
	if (m)
		stamp_moment(time, message_int(m, "ts_ms", 0), e->options->utc);
	fprintf(stderr, "\r\033[K");
	if (!last && m)
		fprintf(stderr, "%lld row%s, up to %s", (long long)e->pages.rows,
			e->pages.rows == 1 ? "" : "s", time);
	fflush(stderr);
}

static int export_row(void *arg, const struct message *m)
{
	struct export_job *e = arg;

	if (target_interrupted())
		return EXIT_INTERRUPTED;
	view_line(&e->view, m);
	export_progress(e, m, false);
	if (ferror(e->target.file))
		return report_error(EXIT_FAILED, "%s: cannot write", e->target.path);
	return 0;
}

/* A series that is asked for by name and that the machine does not have makes an empty column.
 */
static void export_note_missing(const struct export_job *e)
{
	for (unsigned i = 0; i < e->options->field_count; i++) {
		const struct column *c = columns_find(&e->view.all, e->options->fields[i]);

		if (!c || *c->avail == '\0' || strcmp(c->avail, "ok") == 0)
			continue;
		report_note(e->options->quiet, "%s is not available on this machine%s%s",
			c->name, *c->reason ? ": " : "", c->reason);
	}
}

static int export_schema(struct export_job *e)
{
	struct message m;
	int rc = talk_reply(&e->talk, "schema", &m);

	if (rc == 0)
		rc = view_begin(&e->view, &m, &e->talk.hello);
	if (rc == 0)
		export_note_missing(e);
	return rc;
}

static int export_ask(struct export_job *e)
{
	struct range_now now;
	int rc;

	ask_schema(&e->talk.out, &e->view.metrics);
	rc = talk_send(&e->talk);
	if (rc == 0)
		rc = talk_hello(&e->talk);
	if (rc == 0)
		rc = export_schema(e);
	now.wall_ms = message_int(&e->talk.hello, "ts_ms", stamp_now());
	now.mono_ms = message_int(&e->talk.hello, "mono_ms", 0);
	if (rc == 0)
		rc = range_resolve(&e->pages.range, e->options, &now);
	range_reach_back(&e->pages.range, e->options);
	if (rc == 0)
		rc = pages_walk(&e->pages);
	export_progress(e, NULL, true);
	if (rc == 0 && e->pages.rows == 0)
		rc = report_error(EXIT_NOTHING, "no data in that range");
	return rc;
}

static int export_write(struct export_job *e)
{
	int rc = talk_open(&e->talk, e->options);

	if (rc == 0)
		rc = export_ask(e);
	talk_close(&e->talk);
	if (rc) {
		target_abandon(&e->target);
		return rc;
	}
	rc = target_commit(&e->target);
	if (rc)
		return report_error(EXIT_FAILED, "%s: %s", e->target.path, strerror(-rc));
	report_note(e->options->quiet, "%s: %lld row%s", e->target.path,
		(long long)e->pages.rows, e->pages.rows == 1 ? "" : "s");
	return 0;
}

static int export_open(struct export_job *e, enum file_format format)
{
	int rc = view_open(&e->view, e->options);

	if (rc)
		return rc;
	rc = target_open(&e->target, e->options->output_text);
	if (rc)
		return report_error(
			EXIT_FAILED, "%s: %s", e->options->output_text, strerror(-rc));
	view_redirect(&e->view, e->target.file, format == FILE_CSV ? OUTPUT_CSV : OUTPUT_JSON);
	e->pages = (struct pages){ .talk = &e->talk,
		.options = e->options,
		.metrics = e->view.metrics,
		.take = export_row,
		.arg = e };
	return 0;
}

static int export_run(const struct options *options)
{
	struct export_job e = { .options = options, .progress = isatty(STDERR_FILENO) };
	enum file_format format;
	int rc;

	if (!options->output_text)
		return report_error(EXIT_USAGE, "export needs -o FILE");
	if (options->step_ms == STEP_AUTO)
		return report_error(EXIT_USAGE, "export needs a --step that is a duration");
	format = target_format(options->output_text, options->format);
	if (format == FILE_AUTO)
		return report_error(EXIT_USAGE,
			"%s tells no format: call it .csv or .ndjson, or give --format",
			options->output_text);
	e.progress = e.progress && !options->quiet;
	rc = export_open(&e, format);
	if (rc == 0)
		rc = export_write(&e);
	view_close(&e.view);
	return rc;
}

const struct command command_export = {
	.name = "export",
	.summary = "Write the history of any time into a file",
	.usage = "export -o FILE [--since TIME] [--until TIME] [-b N] [-s STEP] [-a HOW]\n"
		 "                       [-f PATTERNS] [--format csv|ndjson]",
	.text = "The format goes by the name: .csv or .ndjson (.jsonl, .json). FILE appears "
		"when it "
		"is\ncomplete; when export is interrupted, nothing is left.\n",
	.examples = "  actopctl export --since 1d -o day.csv -f cpu_watts,gpu_watts\n"
		    "  actopctl export --since 1h --step 10s -o hour.ndjson\n",
	.file = "write there",
	.agg = "avg, min, max, last, several (min,max) or all",
	.options = OPTIONS_TALK | OPTION_BIT(OUTPUT) | OPTION_BIT(FIELDS) | OPTION_BIT(UTC) |
		OPTION_BIT(SINCE) | OPTION_BIT(UNTIL) | OPTION_BIT(BOOT) | OPTION_BIT(STEP) |
		OPTION_BIT(AGG) | OPTION_BIT(FORMAT),
	.run = export_run,
};
