/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "client/capture.h"
#include "client/doctor/doctor.h"

/* "0.1.0" of "actopd 0.1.0" */
static const char *programs_version(const char *line)
{
	const char *space = line ? strrchr(line, ' ') : NULL;

	return space ? space + 1 : line;
}

void doctor_check_programs(struct doctor *d)
{
	const char *const argv[] = { d->actopd, "--version", NULL };
	struct findings *f = &d->findings;
	const char *version;
	struct buf out;
	int rc;

	if (!d->actopd[0]) {
		findings_add(f, GRADE_WARN,
			"actopctl %s; actopd is neither beside it nor in the PATH",
			ACTOP_VERSION);
		findings_advise(f,
			"install actopd, or only ask the daemons of other machines "
			"(-H ssh://HOST)");
		return;
	}
	buf_init(&out, DOCTOR_OUTPUT_MAX);
	rc = capture_run(&out, argv, DOCTOR_RUN_MS);
	version = programs_version(doctor_first_line(&out));
	if (rc != 0 || !version) {
		findings_add(f, GRADE_FAIL, "%s does not run (%d)%s%s", d->actopd, rc,
			version ? ": " : "", version ? version : "");
		findings_advise(f, "reinstall actopd; what it lacks: ldd (macOS: otool -L) %s",
			d->actopd);
	} else if (strcmp(version, ACTOP_VERSION) != 0) {
		findings_add(f, GRADE_WARN, "actopctl is %s, but %s is %s", ACTOP_VERSION,
			d->actopd, version);
		findings_advise(f, "install both from the same release");
	} else {
		findings_add(f, GRADE_PASS, "actopctl and %s are %s", d->actopd, version);
	}
	buf_fini(&out);
}
