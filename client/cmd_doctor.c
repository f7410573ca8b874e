/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "client/commands.h"
#include "client/doctor/bundle.h"
#include "client/print.h"
#include "client/report.h"
#include "client/view.h"

static void doctor_print_json(const struct findings *f)
{
	struct buf line;

	buf_init(&line, VIEW_LINE_MAX);
	for (unsigned i = 0; i < f->count; i++) {
		finding_write(&f->items[i], &line);
		printf("%.*s\n", (int)line.len, line.data);
		buf_clear(&line);
	}
	buf_fini(&line);
}

static void doctor_print(const struct doctor *d)
{
	struct screen screen;

	screen_read(&screen, d->options->color);
	findings_print(&d->findings, screen.color);
	if (d->skipped)
		printf("%u checks need a daemon that answers; run this again then\n",
			d->skipped);
}

static int doctor_run(const struct options *options)
{
	struct doctor doctor;
	int code, rc = 0;

	doctor_examine(&doctor, options);
	if (print_wants_json(options))
		doctor_print_json(&doctor.findings);
	else
		doctor_print(&doctor);
	code = findings_exit(&doctor.findings);
	if (view_flush())
		rc = EXIT_FAILED;
	if (rc == 0 && options->bundle)
		rc = bundle_write(&doctor, options->bundle);
	if (rc == 0 && options->bundle)
		report_note(options->quiet,
			"%s is written; it names neither you nor this machine. Read it before "
			"you send it",
			options->bundle);
	doctor_fini(&doctor);
	return rc ? rc : code;
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "Check everything between the sensors and this terminal",
	.usage = "doctor [--bundle FILE] [-o json]",
	.text = "Programs, configuration, service, socket, daemon, sampling, clock, sources, "
		"what "
		"is\nunknown and why, store, limits; each with what to do. --bundle writes it "
		"all "
		"into one\nfile for a report, without names, serial numbers and addresses.\n"
		"Exit status: 0 all is well, 10 something to look at, 11 something is wrong.\n",
	.examples = "  actopctl doctor\n"
		    "  actopctl doctor --bundle actop-report.ndjson\n"
		    "  actopctl doctor --json | jq -r 'select(.grade != \"pass\") | .text'\n",
	.options = OPTIONS_LOCAL | OPTIONS_PRINT | OPTION_BIT(COLOR) | OPTION_BIT(BUNDLE),
	.outputs = OUTPUTS_REPLY,
	.run = doctor_run,
};
