/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "client/capture.h"
#include "client/doctor/doctor.h"

/* Whether the service manager will start the daemon by itself: asked, since it knows best. */
static int service_ask(const struct service *s, struct buf *out)
{
	char domain[SERVICE_DOMAIN_MAX], job[SERVICE_DOMAIN_MAX + sizeof(SERVICE_LABEL) + 1];
	const char *const systemctl[] = { "systemctl", s->system ? "--system" : "--user",
		"is-enabled", SERVICE_UNIT, NULL };
	const char *const launchctl[] = { "launchctl", "print", job, NULL };

	service_domain(s, domain);
	snprintf(job, sizeof(job), "%s/%s", domain, SERVICE_LABEL);
	return capture_run(
		out, s->manager == SERVICE_LAUNCHD ? launchctl : systemctl, DOCTOR_RUN_MS);
}

void doctor_check_service(struct doctor *d)
{
	const struct service *s = &d->service;
	struct findings *f = &d->findings;
	const char *line;
	struct buf out;
	int rc;

	if (s->manager == SERVICE_UNMANAGED) {
		findings_add(f, GRADE_PASS,
			"neither launchd nor systemd runs here: actopd is started by hand");
		return;
	}
	if (s->owner == SERVICE_HOMEBREW) {
		findings_add(f, GRADE_PASS, "Homebrew's: brew services info actopd");
		return;
	}
	buf_init(&out, DOCTOR_OUTPUT_MAX);
	rc = service_ask(s, &out);
	line = doctor_first_line(&out);
	if (rc == 0) {
		findings_add(f, GRADE_PASS, "%s starts actopd by itself",
			s->manager == SERVICE_LAUNCHD ? "launchd" : "systemd");
	} else {
		findings_add(f, GRADE_WARN, "nobody starts actopd after the next %s (%s)",
			s->system ? "boot" : "login", line ? line : "no answer");
		findings_advise(f, "actopctl service install%s", s->system ? " --system" : "");
	}
	buf_fini(&out);
}
