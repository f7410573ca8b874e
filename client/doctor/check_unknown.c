/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "client/doctor/doctor.h"

#define UNKNOWN_NAMES_MAX 4 /* that are listed for one reason */

static bool unknown_is(const struct node *metric, const char *member, const char *text)
{
	const char *own = node_text(node_get(metric, member));

	return own && text ? strcmp(own, text) == 0 : own == text;
}

static bool unknown_is_like(const struct node *a, const struct node *b)
{
	return unknown_is(a, "avail", node_text(node_get(b, "avail"))) &&
		unknown_is(a, "reason", node_text(node_get(b, "reason")));
}

/* Whether an earlier metric was unknown for the same reason. */
static bool unknown_was_told(const struct node *first, const struct node *metric)
{
	for (; first != metric; first = node_next(first))
		if (unknown_is_like(first, metric))
			return true;
	return false;
}

static unsigned unknown_list(const struct node *metric, struct buf *names)
{
	unsigned count = 0;

	for (const struct node *m = metric; m; m = node_next(m)) {
		const char *name = node_text(node_get(m, "name"));

		if (!unknown_is_like(m, metric) || !name)
			continue;
		if (count < UNKNOWN_NAMES_MAX) {
			buf_puts(names, count ? ", " : "");
			buf_puts(names, name);
		}
		count++;
	}
	if (count > UNKNOWN_NAMES_MAX)
		buf_puts(names, ", ...");
	buf_add(names, "", 1);
	return count;
}

static void unknown_tell(struct doctor *d, const struct node *metric)
{
	const char *reason = node_text(node_get(metric, "reason"));
	struct findings *f = &d->findings;
	enum grade grade = unknown_is(metric, "avail", "unsupported") ? GRADE_PASS : GRADE_WARN;
	struct buf names;
	unsigned count;

	buf_init(&names, FINDING_TEXT_MAX);
	count = unknown_list(metric, &names);
	findings_add(f, grade, "%u: %s (%s)", count,
		reason ? reason : "this machine does not have it",
		buf_ok(&names) ? names.data : "...");
	if (unknown_is(metric, "avail", "needs_root"))
		findings_advise(f,
			"only root may read it: give the daemon's user the right to, "
			"or do without");
	else if (grade != GRADE_PASS)
		findings_advise(f, "it was there once, or should be: send us a bundle");
	buf_fini(&names);
}

void doctor_check_unknown(struct doctor *d)
{
	const struct message *schema = interview_get(&d->interview, QUESTION_SCHEMA);
	const struct node *first = node_first(message_at(schema, "metrics"));
	unsigned known = 0;

	for (const struct node *m = first; m; m = node_next(m)) {
		if (unknown_is(m, "avail", "ok"))
			known++;
		else if (!unknown_was_told(first, m))
			unknown_tell(d, m);
	}
	findings_add(&d->findings, known ? GRADE_PASS : GRADE_FAIL, "%u metrics are known here",
		known);
	if (!known)
		findings_advise(&d->findings,
			"no source works: see the daemon's log, and send us a bundle");
}
