/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "client/doctor/doctor.h"
#include "client/stamp.h"

#define CLOCK_EARLIEST_MS INT64_C(1704067200000) /* 2024-01-01: no machine ran this before */
#define CLOCK_APART_MS 2000

void doctor_check_clock(struct doctor *d)
{
	const struct message *hello = interview_get(&d->interview, QUESTION_HELLO);
	int64_t there_ms = message_int(hello, "ts_ms", -1), here_ms = d->interview.wall_ms;
	struct findings *f = &d->findings;
	char now[STAMP_MAX], apart[STAMP_MAX];
	bool simulated = false;

	stamp_full(now, here_ms, false);
	node_bool(message_at(hello, "simulated"), &simulated);
	stamp_span(apart, llabs(here_ms - there_ms));
	if (here_ms < CLOCK_EARLIEST_MS) {
		findings_add(f, GRADE_FAIL, "this machine believes that it is %s", now);
		findings_advise(
			f, "set the clock; times of the history before that stay wrong");
	} else if (!simulated && there_ms >= 0 && llabs(here_ms - there_ms) > CLOCK_APART_MS) {
		findings_add(f, GRADE_WARN, "the daemon's clock and ours are %s apart", apart);
		findings_advise(f,
			"the clock was set just now, or the daemon is in another time "
			"namespace; ask again");
	} else {
		findings_add(f, GRADE_PASS, "%s%s", now,
			simulated ? "; the simulated machine has its own"
				  : ", as the daemon's");
	}
}
