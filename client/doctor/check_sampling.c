/* SPDX-License-Identifier: MIT */
#include "client/doctor/doctor.h"
#include "client/stamp.h"

#define SAMPLING_STALE_TICKS 3	  /* the newest sample is older: the sampler hangs */
#define SAMPLING_MISSED_SHARE 100 /* one of so many missed is worth a word */

/* Age of the newest sample by the daemon's own clock, which goes on through sleep; -1 = none.
 */
static int64_t sampling_age_ms(const struct doctor *d)
{
	const struct message *hello = interview_get(&d->interview, QUESTION_HELLO);
	int64_t now_ms = message_int(hello, "mono_ms", -1);
	int64_t then_ms =
		message_int(interview_get(&d->interview, QUESTION_GET), "sample.mono_ms", -1);

	if (now_ms < 0 || then_ms < 0)
		return -1;
	return now_ms > then_ms ? now_ms - then_ms : 0;
}

static void sampling_check_age(struct doctor *d, int64_t base_ms)
{
	int64_t age_ms = sampling_age_ms(d);
	struct findings *f = &d->findings;
	char age[STAMP_MAX], base[STAMP_MAX];

	stamp_span(age, age_ms);
	stamp_span(base, base_ms);
	if (age_ms < 0) {
		findings_add(f, GRADE_WARN, "there is no sample yet");
		findings_advise(f,
			"try again in a moment; if it stays so, see its log: actopctl "
			"service logs");
	} else if (age_ms > SAMPLING_STALE_TICKS * base_ms) {
		findings_add(f, GRADE_FAIL, "the newest sample is %s old, one was due every %s",
			age, base);
		findings_advise(f,
			"a source hangs: keep its stack (gdb -p, macOS: sample), then "
			"restart the daemon: actopctl service restart");
	} else {
		findings_add(
			f, GRADE_PASS, "one sample every %s, the newest %s ago", base, age);
	}
}

void doctor_check_sampling(struct doctor *d)
{
	const struct message *status = interview_get(&d->interview, QUESTION_STATUS);
	int64_t taken = message_int(status, "sampler.taken", 0);
	int64_t missed = message_int(status, "sampler.missed", 0);

	sampling_check_age(d, message_int(status, "sampler.base_ms", 1000));
	if (missed > 0 && missed >= (taken + missed) / SAMPLING_MISSED_SHARE) {
		findings_add(&d->findings, GRADE_WARN, "%lld of %lld samples were missed",
			(long long)missed, (long long)taken + (long long)missed);
		findings_advise(&d->findings,
			"the machine slept, or was too busy to run the daemon in time: see "
			"actopctl events -k sleep,wake");
	}
}
