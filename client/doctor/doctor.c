/* SPDX-License-Identifier: MIT */
#include "client/doctor/doctor.h"

#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	void (*run)(struct doctor *d);
	bool daemon;
} checks[] = {
#define CHECK(name, daemon) { #name, doctor_check_##name, daemon },
#include "client/doctor/checks.def"
#undef CHECK
};

static void doctor_find_actopd(struct doctor *d)
{
	if (self_program(d->actopd, "actopd") < 0)
		d->actopd[0] = '\0';
}

/* Without status there is little to look at. */
static bool doctor_was_answered(const struct doctor *d)
{
	return interview_get(&d->interview, QUESTION_STATUS)->root != NULL;
}

void doctor_examine(struct doctor *d, const struct options *options)
{
	*d = (struct doctor){ .options = options };
	doctor_find_actopd(d);
	interview_hold(&d->interview, options);
	service_find(&d->service, doctor_is_system(d));
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		d->findings.check = checks[i].name;
		if (checks[i].daemon && !doctor_was_answered(d))
			d->skipped++;
		else
			checks[i].run(d);
	}
}

void doctor_fini(struct doctor *d)
{
	interview_fini(&d->interview);
	findings_fini(&d->findings);
}

bool doctor_is_system(const struct doctor *d)
{
	const struct dial *dial = &d->interview.dial;

	return dial->attempts[dial->chosen].system && d->interview.end != INTERVIEW_NOBODY;
}

const char *doctor_first_line(struct buf *out)
{
	char *end;

	buf_add(out, "", 1);
	if (!buf_ok(out) || out->len <= 1)
		return NULL;
	end = memchr(out->data, '\n', out->len);
	if (end)
		*end = '\0';
	return out->data;
}

const char *doctor_start(const struct doctor *d)
{
	return service_start_hint(&d->service);
}
