/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "client/doctor/doctor.h"
#include "client/stamp.h"

#define STORE_LATE_MS 60000 /* it writes every 10 s */
#define STORE_PATH_MAX 1100

static const struct {
	const char *state, *advice;
} store_advices[] = {
	{ "memory",
		"end the other daemon, or give this one a directory of its own: --state DIR" },
	{ "readonly", "make the directory writable for the daemon's user, then restart it" },
	{ "full", "make room on the disk; the daemon goes on by itself" },
	{ "corrupt",
		"the old file was put aside under another name; send it to us if you can" },
};

static void store_advise(struct findings *f, const char *state)
{
	for (size_t i = 0; i < sizeof(store_advices) / sizeof(*store_advices); i++)
		if (strcmp(state, store_advices[i].state) == 0)
			findings_advise(f, "%s", store_advices[i].advice);
}

static void store_check_state(struct doctor *d, const struct message *status, const char *state)
{
	const char *error = message_text(status, "store.error");
	const char *path = message_text(status, "store.path");
	char bytes[FINDING_BYTES_MAX], bound[FINDING_BYTES_MAX];
	struct findings *f = &d->findings;

	if (strcmp(state, "ok") == 0) {
		findings_add(f, GRADE_PASS, "%s, %s of at most %s", path ? path : "kept",
			finding_bytes(bytes, message_int(status, "store.bytes", 0)),
			finding_bytes(bound, message_int(status, "store.bound", 0)));
	} else if (strcmp(state, "memory") == 0 && !error) {
		findings_add(f, GRADE_WARN, "history is kept in memory only, as was asked for");
		findings_advise(f, "it ends with the daemon; --state DIR keeps it");
	} else {
		findings_add(f, GRADE_FAIL, "%s: history is kept in memory only: %s", state,
			error ? error : "no reason is told");
		store_advise(f, state);
	}
}

static void store_check_writes(struct doctor *d, const struct message *status)
{
	int64_t bad = message_int(status, "store.bad_blocks", 0);
	int64_t late_ms = message_int(status, "store.last_write_ms", 0);
	char late[STAMP_MAX];

	stamp_span(late, late_ms);
	if (bad > 0) {
		findings_add(&d->findings, GRADE_WARN,
			"%lld stored blocks cannot be read: their samples are missing",
			(long long)bad);
		findings_advise(
			&d->findings, "check the disk; the rest of the history is whole");
	}
	if (late_ms > STORE_LATE_MS) {
		findings_add(&d->findings, GRADE_WARN, "nothing was written for %s", late);
		findings_advise(
			&d->findings, "the disk is slow or stuck: see the daemon's log");
	}
}

/* Room for what it may still grow to. */
static void store_check_room(struct doctor *d, const struct message *status)
{
	const char *path = message_text(status, "store.path");
	int64_t missing =
		message_int(status, "store.bound", 0) - message_int(status, "store.bytes", 0);
	char folder[STORE_PATH_MAX], bytes[FINDING_BYTES_MAX];
	struct statvfs disk;
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path ? path : "");
	slash = strrchr(folder, '/');
	if (!slash)
		return;
	slash[slash == folder] = '\0';
	if (statvfs(folder, &disk) < 0 ||
		(double)disk.f_bavail * (double)disk.f_frsize >= (double)missing)
		return;
	findings_add(&d->findings, GRADE_WARN,
		"the disk of %s has less room than the history may still take (%s)", folder,
		finding_bytes(bytes, missing));
	findings_advise(&d->findings, "make room, or keep less: history in actopd.conf");
}

void doctor_check_store(struct doctor *d)
{
	const struct message *status = interview_get(&d->interview, QUESTION_STATUS);
	const char *state = message_text(status, "store.state");

	if (!state) {
		findings_add(
			&d->findings, GRADE_WARN, "this daemon does not tell of its store");
		findings_advise(&d->findings, "update it");
		return;
	}
	store_check_state(d, status, state);
	store_check_writes(d, status);
	store_check_room(d, status);
}
