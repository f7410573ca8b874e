/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "client/doctor/doctor.h"

/* Every part of the source on its own: what it says of itself, or how often it failed. */
static void sources_check_part(struct doctor *d, const char *part, int64_t errors)
{
	const struct message *status = interview_get(&d->interview, QUESTION_STATUS);
	const char *fault = node_text(node_get(message_at(status, "sampler.faults"), part));
	struct findings *f = &d->findings;

	if (fault) {
		findings_add(f, GRADE_WARN, "%s: %s", part, fault);
		findings_advise(f,
			"its metrics are unknown, the others go on: actopctl info "
			"tells which");
	} else if (errors > 0) {
		findings_add(f, GRADE_WARN, "%s: %lld reads failed", part, (long long)errors);
		findings_advise(f, "see its log (actopctl service logs), and send us a bundle");
	} else {
		findings_add(f, GRADE_PASS, "%s", part);
	}
}

void doctor_check_sources(struct doctor *d)
{
	const struct message *status = interview_get(&d->interview, QUESTION_STATUS);
	const struct node *part = node_first(message_at(status, "sampler.errors"));

	if (!part)
		findings_add(&d->findings, GRADE_PASS, "a recording: it has no parts");
	for (; part; part = node_next(part))
		sources_check_part(d, node_key(part), node_int(part, 0));
}
