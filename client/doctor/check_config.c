/* SPDX-License-Identifier: MIT */
#include "client/capture.h"
#include "client/doctor/doctor.h"

void doctor_check_config(struct doctor *d)
{
	const char *const argv[] = { d->actopd, "--test",
		doctor_is_system(d) ? "--system" : NULL, NULL };
	const char *line;
	struct buf out;
	int rc;

	if (!d->actopd[0])
		return;
	buf_init(&out, DOCTOR_OUTPUT_MAX);
	rc = capture_run(&out, argv, DOCTOR_RUN_MS);
	line = doctor_first_line(&out);
	if (rc == 0) {
		findings_add(
			&d->findings, GRADE_PASS, "%s --test finds nothing wrong", d->actopd);
	} else {
		findings_add(&d->findings, GRADE_FAIL, "%s",
			line ? line : "actopd --test fails and does not say why");
		findings_advise(&d->findings,
			"mend it and try actopd --test; until then actopd does not start "
			"again, one that runs keeps its old settings");
	}
	buf_fini(&out);
}
