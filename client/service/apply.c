/* SPDX-License-Identifier: MIT */
#include "client/service/apply.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/capture.h"
#include "client/report.h"
#include "client/service/template.h"
#include "client/target.h"

#define APPLY_RUN_MS 120000 /* systemd waits for READY, and for a daemon that ends */
#define APPLY_OUTPUT_MAX 65536
#define APPLY_LINE_MAX 1024
#define TEMPLATE_BYTES_MAX 65536

static void apply_say(const struct step *step, bool quiet)
{
	struct buf line;

	buf_init(&line, APPLY_LINE_MAX);
	for (unsigned i = 0; step->words[i]; i++) {
		buf_puts(&line, i ? " " : "");
		buf_puts(&line, step->words[i]);
	}
	report_note(quiet, "%.*s", (int)line.len, line.data);
	buf_fini(&line);
}

/* A folder that was there keeps its owner: it is somebody's. */
static int apply_folder(const char *path, const char *owner)
{
	struct passwd *user = owner ? getpwnam(owner) : NULL;

	if (owner && !user)
		return report_error(EXIT_FAILED, "this system has no user %s", owner);
	if (mkdir(path, 0700) < 0)
		return errno == EEXIST
			? 0
			: report_error(EXIT_FAILED, "%s: %s", path, strerror(errno));
	if (user && chown(path, user->pw_uid, user->pw_gid) < 0)
		return report_error(EXIT_FAILED, "%s: %s", path, strerror(errno));
	return 0;
}

static int apply_load(struct buf *to, const char *path)
{
	FILE *f = fopen(path, "r");
	char *room = buf_reserve(to, TEMPLATE_BYTES_MAX);

	if (!f)
		return report_error(EXIT_FAILED, "%s: %s; is actopd installed (make install)?",
			path, strerror(errno));
	to->len += fread(room, 1, TEMPLATE_BYTES_MAX, f);
	fclose(f);
	return 0;
}

static int apply_write(const char *path, const struct buf *text)
{
	struct target target;
	int rc = target_open(&target, path);

	if (rc < 0)
		return report_error(EXIT_FAILED, "%s: %s", path, strerror(-rc));
	fwrite(text->data, 1, text->len, target.file);
	/* launchd does not take one that others may write to. */
	fchmod(fileno(target.file), 0644);
	rc = target_commit(&target);
	return rc < 0 ? report_error(EXIT_FAILED, "%s: %s", path, strerror(-rc)) : 0;
}

static int apply_plist(const char *path, const struct service *s)
{
	char from[SELF_PATH_MAX];
	struct buf template, plist;
	int rc;

	template_path(s, from);
	buf_init(&template, TEMPLATE_BYTES_MAX);
	buf_init(&plist, 4 * TEMPLATE_BYTES_MAX);
	rc = apply_load(&template, from);
	if (rc == 0) {
		template_fill(&plist, template.data, template.len, s);
		rc = buf_ok(&plist) && plist.len > 0
			? apply_write(path, &plist)
			: report_error(EXIT_FAILED, "%s is no template", from);
	}
	buf_fini(&template);
	buf_fini(&plist);
	return rc;
}

static int apply_run(const struct step *step, bool may_fail)
{
	struct buf said;
	int rc;

	buf_init(&said, APPLY_OUTPUT_MAX);
	rc = capture_run(&said, step->words, APPLY_RUN_MS);
	if (rc == 0 || may_fail) {
		buf_fini(&said);
		return 0;
	}
	if (rc == -ETIMEDOUT)
		report_error(0, "%s does not come back", step->words[0]);
	else if (rc == CAPTURE_NOT_RUN && said.len == 0)
		report_error(0, "%s cannot be run", step->words[0]);
	else
		report_error(0, "%s failed (%d): %.*s", step->words[0], rc, (int)said.len,
			said.len ? said.data : "");
	buf_fini(&said);
	return EXIT_FAILED;
}

static int apply_step(const struct step *step, const struct service *s)
{
	switch (step->kind) {
	case STEP_FOLDER:
		return apply_folder(step->words[0], step->words[1]);
	case STEP_PLIST:
		return apply_plist(step->words[0], s);
	case STEP_REMOVE:
		if (unlink(step->words[0]) < 0 && errno != ENOENT)
			return report_error(
				EXIT_FAILED, "%s: %s", step->words[0], strerror(errno));
		return 0;
	case STEP_BECOME:
		execvp(step->words[0], (char *const *)step->words);
		return report_error(EXIT_FAILED, "%s: %s", step->words[0], strerror(errno));
	default:
		return apply_run(step, step->kind == STEP_TRY);
	}
}

int apply_plan(const struct plan *plan, const struct service *s, bool quiet)
{
	for (unsigned i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];
		int rc;

		if (step->kind == STEP_RUN)
			apply_say(step, quiet);
		else if (step->kind == STEP_PLIST)
			report_note(quiet, "writes %s", step->words[0]);
		rc = apply_step(step, s);
		if (rc)
			return rc;
	}
	if (plan->note)
		report_note(quiet, "%s", plan->note);
	return 0;
}
