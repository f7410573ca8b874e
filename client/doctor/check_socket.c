/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/doctor/doctor.h"

static void socket_advise(struct doctor *d, const struct dial_attempt *a)
{
	struct findings *f = &d->findings;

	switch (a->code) {
	case -ENOENT:
	case -ENOTDIR:
		findings_advise(f, "start a daemon: %s", doctor_start(d));
		break;
	case -ECONNREFUSED:
		findings_advise(
			f, "start a daemon, it replaces the socket: %s", doctor_start(d));
		break;
	case -ENAMETOOLONG:
	case -EINVAL:
		findings_advise(f, "choose a shorter path, for actopd too");
		break;
	case -EACCES:
		findings_advise(f,
			"ask who owns it for access (actopd --mode, --group), or run "
			"a daemon of your own");
		break;
	case -EPERM:
	case -ENOTSOCK:
		findings_advise(
			f, "find out who put it there, remove it, then: %s", doctor_start(d));
		break;
	default:
		findings_advise(f,
			"the daemon hangs or is stopped (ps -o stat,command): start "
			"it anew");
	}
}

/* What is worse than that nobody is there. */
static bool socket_is_wrong(const struct dial_attempt *a)
{
	return a->code != -ENOENT && a->code != -ENOTDIR;
}

/* Nobody: the attempt that tells most, and where else it was looked for. */
static void socket_report_nobody(struct doctor *d)
{
	const struct dial *dial = &d->interview.dial;
	const struct dial_attempt *worst = &dial->attempts[0];

	for (unsigned i = 0; i < dial->count; i++)
		if (socket_is_wrong(&dial->attempts[i]) && !socket_is_wrong(worst))
			worst = &dial->attempts[i];
	findings_add(&d->findings, GRADE_FAIL, "no actopd answers at %s: %s", worst->path,
		dial_explain(worst));
	socket_advise(d, worst);
	for (unsigned i = 0; i < dial->count; i++) {
		const struct dial_attempt *a = &dial->attempts[i];

		if (a == worst || !socket_is_wrong(a))
			continue;
		findings_add(&d->findings, GRADE_FAIL, "%s: %s", a->path, dial_explain(a));
		socket_advise(d, a);
	}
}

static void socket_report_silent(struct doctor *d)
{
	const struct interview *i = &d->interview;
	const char *path = i->dial.attempts[i->dial.chosen].path;

	if (i->end == INTERVIEW_SILENT) {
		findings_add(&d->findings, GRADE_FAIL,
			"%s takes connections, but does not answer within %.10g s", path,
			(double)d->options->timeout_ms / 1000);
		findings_advise(&d->findings,
			"the daemon hangs or is stopped (ps -o stat,command): start it anew");
	} else if (i->end == INTERVIEW_STRANGER) {
		findings_add(&d->findings, GRADE_FAIL, "what answers at %s is no actopd", path);
		findings_advise(&d->findings,
			"find out what it is (lsof, ss -xlp), and name the right socket with "
			"-S");
	} else {
		findings_add(&d->findings, GRADE_FAIL, "%s closed the connection%s%s", path,
			i->error ? ": " : "", i->error ? i->error : "");
		findings_advise(&d->findings,
			i->error ? "close some clients (actopctl status --clients), or allow "
				   "for "
				   "more: max-clients"
				 : "see its log: actopctl service logs");
	}
}

/* The folder of a socket that no option has named is to be the user's alone. */
static void socket_check_folder(struct doctor *d, const struct dial_attempt *a)
{
	char folder[SOCKPATH_MAX];
	const char *named = getenv("ACTOPD_SOCKET");
	char *slash;

	if (a->system || d->options->socket || (named && *named))
		return;
	snprintf(folder, sizeof(folder), "%s", a->path);
	slash = strrchr(folder, '/');
	if (!slash || slash == folder)
		return;
	*slash = '\0';
	if (sockpath_is_private(folder, geteuid()))
		return;
	findings_add(&d->findings, GRADE_WARN, "%s is not yours alone", folder);
	findings_advise(&d->findings, "chmod 700 %s (and look whose it is)", folder);
}

void doctor_check_socket(struct doctor *d)
{
	const struct interview *i = &d->interview;
	const struct dial_attempt *a = &i->dial.attempts[i->dial.chosen];
	struct stat st;

	if (i->end == INTERVIEW_NOBODY) {
		socket_report_nobody(d);
		return;
	}
	if (i->end != INTERVIEW_DONE) {
		socket_report_silent(d);
		return;
	}
	if (lstat(a->path, &st) == 0)
		findings_add(&d->findings, GRADE_PASS, "%s, mode %04o, answered in %lld ms",
			a->path, (unsigned)st.st_mode & 07777, (long long)i->took_ms);
	socket_check_folder(d, a);
}
