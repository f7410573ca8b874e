/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "client/doctor/doctor.h"
#include "client/stamp.h"

static void daemon_check_version(struct doctor *d, const struct message *hello)
{
	const char *version = message_text(hello, "version");
	struct findings *f = &d->findings;
	char up[STAMP_MAX];

	stamp_span(
		up, message_int(interview_get(&d->interview, QUESTION_STATUS), "uptime_ms", 0));
	if (message_int(hello, "proto", 0) != 1) {
		findings_add(f, GRADE_FAIL, "it speaks protocol %lld, this actopctl only 1",
			(long long)message_int(hello, "proto", 0));
		findings_advise(f, "update actopctl");
	} else if (!version || strcmp(version, ACTOP_VERSION) != 0) {
		findings_add(f, GRADE_WARN, "version %s runs, actopctl is %s",
			version ? version : "unknown", ACTOP_VERSION);
		findings_advise(f,
			"they understand each other; after an update restart the "
			"daemon: actopctl service restart");
	} else {
		findings_add(f, GRADE_PASS, "version %s, pid %lld, up %s", version,
			(long long)message_int(hello, "pid", 0), up);
	}
}

static void daemon_check_simulated(struct doctor *d, const struct message *hello)
{
	bool simulated = false;

	node_bool(message_at(hello, "simulated"), &simulated);
	if (!simulated)
		return;
	findings_add(&d->findings, GRADE_WARN, "what it shows is not this machine, but %s",
		message_text(hello, "machine") ? message_text(hello, "machine")
					       : "a recording");
	findings_advise(&d->findings, "start it without --source (in actopd.conf: source)");
}

void doctor_check_daemon(struct doctor *d)
{
	const struct message *hello = interview_get(&d->interview, QUESTION_HELLO);

	if (!hello->root) {
		findings_add(&d->findings, GRADE_FAIL, "it refuses hello: %s",
			d->interview.error ? d->interview.error : "it does not say why");
		findings_advise(&d->findings, "update actopctl and actopd to the same release");
		return;
	}
	daemon_check_version(d, hello);
	daemon_check_simulated(d, hello);
}
