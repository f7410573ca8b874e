/* SPDX-License-Identifier: MIT */
#include "client/doctor/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "client/capture.h"
#include "client/doctor/redact.h"
#include "client/report.h"
#include "client/stamp.h"
#include "client/target.h"
#include "proto/json.h"

#define BUNDLE_FORMAT 1
#define BUNDLE_LINE_MAX (16 << 20)
#define BUNDLE_LOG_LINES "500"
#define BUNDLE_WORLD_MAX (4 << 20)

struct bundle {
	const struct doctor *doctor;
	struct redact redact;
	struct target target;
	struct buf line, clean;
};

/* A line of JSON without what names somebody. */
static void bundle_put(struct bundle *b)
{
	redact_text(&b->redact, &b->clean, b->line.data, b->line.len);
	buf_puts(&b->clean, "\n");
	if (buf_ok(&b->line) && buf_ok(&b->clean))
		fwrite(b->clean.data, 1, b->clean.len, b->target.file);
	buf_clear(&b->line);
	buf_clear(&b->clean);
}

static struct json bundle_begin(struct bundle *b, const char *part)
{
	struct json j;

	json_init(&j, &b->line);
	json_object_open(&j);
	json_kv_string(&j, "part", part);
	return j;
}

static void bundle_end(struct bundle *b, struct json *j)
{
	json_object_close(j);
	bundle_put(b);
}

static void bundle_about(struct bundle *b)
{
	struct json j = bundle_begin(b, "about");
	struct utsname system;

	json_kv_int(&j, "format", BUNDLE_FORMAT);
	json_kv_string(&j, "actopctl", ACTOP_VERSION);
	json_kv_int(&j, "ts_ms", stamp_now());
	if (uname(&system) == 0) {
		json_kv_string(&j, "system", system.sysname);
		json_kv_string(&j, "release", system.release);
		json_kv_string(&j, "architecture", system.machine);
	}
	json_kv_int(&j, "cores", sysconf(_SC_NPROCESSORS_ONLN));
	bundle_end(b, &j);
}

static void bundle_findings(struct bundle *b)
{
	const struct findings *f = &b->doctor->findings;

	for (unsigned i = 0; i < f->count; i++) {
		struct json j = bundle_begin(b, "finding");

		json_key(&j, "finding");
		finding_write(&f->items[i], &b->line);
		bundle_end(b, &j);
	}
}

static void bundle_answers(struct bundle *b)
{
	static const char *const parts[QUESTION_COUNT] = { "hello", "status", "schema", "get" };

	for (enum question q = 0; q < QUESTION_COUNT; q++) {
		struct json j = bundle_begin(b, parts[q]);
		const char *line = b->doctor->interview.answers[q].line;

		json_key(&j, "reply");
		if (line)
			json_raw(&j, line, strlen(line));
		else
			json_null(&j);
		bundle_end(b, &j);
	}
}

/* A part that a program prints. */
static void bundle_text(struct bundle *b, const char *part, const char *const *argv)
{
	struct json j = bundle_begin(b, part);
	struct buf text;

	buf_init(&text, DOCTOR_OUTPUT_MAX);
	json_kv_int(&j, "exit", capture_run(&text, argv, DOCTOR_RUN_MS));
	json_key(&j, "text");
	json_string_n(&j, text.data ? text.data : "", text.len);
	bundle_end(b, &j);
	buf_fini(&text);
}

static void bundle_config(struct bundle *b)
{
	const struct doctor *d = b->doctor;
	const char *const argv[] = { d->actopd, "--print-config",
		doctor_is_system(d) ? "--system" : NULL, NULL };

	if (d->actopd[0])
		bundle_text(b, "config", argv);
}

/* "log-file = PATH" of what actopd --print-config says; "" = it logs on stderr. */
static void bundle_find_log(const struct doctor *d, char path[SELF_PATH_MAX])
{
	static const char key[] = "\nlog-file = ";
	const char *const argv[] = { d->actopd, "--print-config",
		doctor_is_system(d) ? "--system" : NULL, NULL };
	const char *found;
	struct buf text;

	path[0] = '\0';
	buf_init(&text, DOCTOR_OUTPUT_MAX);
	if (d->actopd[0] && capture_run(&text, argv, DOCTOR_RUN_MS) == 0) {
		buf_add(&text, "", 1);
		found = buf_ok(&text) ? strstr(text.data, key) : NULL;
		if (found) {
			found += strlen(key);
			snprintf(path, SELF_PATH_MAX, "%.*s", (int)strcspn(found, "\n"), found);
		}
	}
	buf_fini(&text);
}

static void bundle_log(struct bundle *b)
{
	const struct service *s = &b->doctor->service;
	char path[SELF_PATH_MAX];
	struct plan_paths paths;
	const char *const file[] = { "tail", "-n", BUNDLE_LOG_LINES, path, NULL };
	/* Without the head of each line: that names the machine. */
	const char *const journal[] = { "journalctl", s->system ? "--unit" : "--user-unit",
		SERVICE_UNIT, "--no-pager", "--output", "cat", "--lines", BUNDLE_LOG_LINES,
		NULL };

	bundle_find_log(b->doctor, path);
	if (!path[0] && s->manager == SERVICE_SYSTEMD) {
		bundle_text(b, "log", journal);
		return;
	}
	plan_paths(s, &paths);
	if (!path[0] && s->manager == SERVICE_LAUNCHD)
		snprintf(path, sizeof(path), "%s", paths.log);
	if (path[0])
		bundle_text(b, "log", file);
}

/* One line of what may stand in several: a control character in a string would be escaped. */
static void bundle_flatten(struct buf *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] == '\n' || text->data[i] == '\t')
			text->data[i] = ' ';
}

static void bundle_load(struct buf *to, const char *path)
{
	FILE *f = fopen(path, "r");
	char *room = buf_reserve(to, BUNDLE_WORLD_MAX);

	if (f) {
		to->len += fread(room, 1, BUNDLE_WORLD_MAX, f);
		fclose(f);
	}
}

/* The machine as the source sees it, or why it cannot be told. */
static void bundle_world(struct bundle *b)
{
	char path[] = "/tmp/actopctl-world.XXXXXX";
	const char *const argv[] = { b->doctor->actopd, "--dump-world", path, NULL };
	int fd = b->doctor->actopd[0] ? mkstemp(path) : -1, rc;
	struct buf world, said;
	struct json j;

	if (fd < 0)
		return;
	close(fd);
	buf_init(&said, DOCTOR_OUTPUT_MAX);
	buf_init(&world, BUNDLE_WORLD_MAX);
	rc = capture_run(&said, argv, DOCTOR_RUN_MS);
	j = bundle_begin(b, "world");
	json_kv_int(&j, "exit", rc);
	json_key(&j, "said");
	json_string_n(&j, said.data ? said.data : "", said.len);
	bundle_load(&world, path);
	bundle_flatten(&world);
	if (rc == 0 && world.len > 0) {
		json_key(&j, "world");
		json_raw(&j, world.data, world.len);
	}
	bundle_end(b, &j);
	unlink(path);
	buf_fini(&world);
	buf_fini(&said);
}

int bundle_write(const struct doctor *d, const char *path)
{
	struct bundle b = { .doctor = d };
	int rc = target_open(&b.target, path);

	if (rc < 0)
		return report_error(EXIT_FAILED, "%s: %s", path, strerror(-rc));
	buf_init(&b.line, BUNDLE_LINE_MAX);
	buf_init(&b.clean, BUNDLE_LINE_MAX);
	redact_here(&b.redact);
	bundle_about(&b);
	bundle_findings(&b);
	bundle_answers(&b);
	bundle_config(&b);
	bundle_log(&b);
	bundle_world(&b);
	buf_fini(&b.line);
	buf_fini(&b.clean);
	rc = target_commit(&b.target);
	return rc < 0 ? report_error(EXIT_FAILED, "%s: %s", path, strerror(-rc)) : 0;
}
