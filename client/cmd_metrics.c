/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/commands.h"
#include "client/report.h"
#include "client/scrape.h"
#include "client/target.h"
#include "client/view.h"

static int metrics_report(struct dial *dial, int rc)
{
	switch (rc) {
	case 0:
		return 0;
	case -ECONNREFUSED:
		return dial_report(dial);
	case -EAGAIN:
		return report_error(EXIT_NOTHING, "actopd has no sample yet");
	case -ETIMEDOUT:
		return report_error(EXIT_TIMEOUT, "actopd does not answer in time");
	case -EPROTO:
		return report_error(
			EXIT_FAILED, "the answer cannot be read: that is no actopd");
	case -EPIPE:
		if (dial->child > 0)
			return dial_report_remote(dial);
		/* fall through */
	default:
		return report_error(EXIT_FAILED, "asking actopd: %s", strerror(-rc));
	}
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
	struct scrape_cache cache;
	struct dial dial;
	struct prom p;
	struct buf text;
	int rc, saved = 0;

	buf_init(&text, SCRAPE_MAX);
	prom_begin(&p, &text,
		options->output == OUTPUT_OPENMETRICS ? PROM_OPENMETRICS : PROM_TEXT);
	scrape_cache_init(&cache);
	rc = metrics_report(&dial, scrape_write(options, &cache, &dial, &p));
	scrape_cache_fini(&cache);
	dial_close(&dial);
	if (!buf_ok(&text))
		saved = report_error(EXIT_FAILED, "more than %u bytes", SCRAPE_MAX);
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
	.usage = "metrics [-o prom|openmetrics] [--processes N] [--textfile FILE]",
	.text = "Unknown values are left out. The file of --textfile appears as a whole or not "
		"at "
		"all;\nwhile no daemon answers it says actop_up 0.\n",
	.examples = "  actopctl metrics\n"
		    "  actopctl metrics --processes 10 --sort watts\n"
		    "  actopctl metrics --textfile actop.prom\n",
	.options = OPTIONS_TALK | OPTION_BIT(OUTPUT) | OPTION_BIT(TEXTFILE) |
		OPTION_BIT(PROCESSES) | OPTION_BIT(SORT),
	.outputs = (1u << OUTPUT_PROM) | (1u << OUTPUT_OPENMETRICS),
	.run = metrics_run,
};
