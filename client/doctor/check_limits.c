/* SPDX-License-Identifier: MIT */
#include "client/doctor/doctor.h"

#define LIMITS_NEAR_PCT 90
#define LIMITS_SLACK_BYTES (64 << 20) /* beside the history, a daemon takes far less */

static void limits_check_clients(struct doctor *d, const struct message *status)
{
	int64_t now = message_int(status, "clients.now", 0);
	int64_t max = message_int(status, "clients.max", 0);
	int64_t refused = message_int(status, "clients.refused", 0);
	struct findings *f = &d->findings;

	if (max > 0 && now * 100 >= max * LIMITS_NEAR_PCT) {
		findings_add(f, GRADE_WARN, "%lld of %lld clients are connected",
			(long long)now, (long long)max);
		findings_advise(f,
			"actopctl status --clients tells who; max-clients allows for "
			"more");
	} else if (refused > 0) {
		findings_add(f, GRADE_WARN, "%lld clients found all %lld places taken",
			(long long)refused, (long long)max);
		findings_advise(f, "max-clients allows for more, as far as ulimit -n does");
	} else {
		findings_add(f, GRADE_PASS, "%lld of %lld clients, %lld files open",
			(long long)now, (long long)max,
			(long long)message_int(status, "fds", 0));
	}
}

static void limits_check_memory(struct doctor *d, const struct message *status)
{
	int64_t bound = message_int(status, "store.memory_bound", 0);
	int64_t resident = message_int(status, "rss_bytes", -1);
	char bytes[FINDING_BYTES_MAX], most[FINDING_BYTES_MAX];
	struct findings *f = &d->findings;

	finding_bytes(bytes, resident);
	finding_bytes(most, bound);
	if (resident < 0) {
		findings_add(f, GRADE_PASS, "memory: not known here");
	} else if (resident > bound + LIMITS_SLACK_BYTES) {
		findings_add(f, GRADE_WARN, "memory: %s, where the history takes at most %s",
			bytes, most);
		findings_advise(f, "that is a leak: send us a bundle, restart it");
	} else {
		findings_add(
			f, GRADE_PASS, "memory: %s, the history takes at most %s", bytes, most);
	}
}

void doctor_check_limits(struct doctor *d)
{
	const struct message *status = interview_get(&d->interview, QUESTION_STATUS);

	limits_check_clients(d, status);
	limits_check_memory(d, status);
}
