/* SPDX-License-Identifier: MIT */
#include "client/service/plan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PLAN_LOG_LINES "100"

/* Nobody logs in as it and it owns nothing else; what the daemon keeps, everyone may ask for.
 */
#define PLAN_SYSTEM_USER "nobody"
#define PLAN_SYSTEM_STATE "/var/db/actop"

static const struct {
	const char *name, *brew;
} verbs[VERB_COUNT] = {
#define VERB(id, name, brew, help) { name, brew },
#include "client/service/verbs.def"
#undef VERB
};

enum verb verb_find(const char *name)
{
	enum verb verb = 0;

	while (verb < VERB_COUNT && strcmp(verbs[verb].name, name) != 0)
		verb++;
	return verb;
}

const char *verb_name(enum verb verb)
{
	return verb < VERB_COUNT ? verbs[verb].name : NULL;
}

/* ---- steps ---- */

/* A text that lives as long as the plan; "" where they are too long together. */
__attribute__((format(printf, 2, 3))) static const char *plan_text(
	struct plan *plan, const char *format, ...)
{
	char *text = plan->text + plan->used;
	size_t room = sizeof(plan->text) - plan->used;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, room, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room) {
		plan->used = sizeof(plan->text);
		return "";
	}
	plan->used += (size_t)n + 1;
	return text;
}

/* A list of words ended by NULL; one that is NULL ends it earlier. */
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void plan_add(struct plan *plan, enum step_kind kind, const char *const *words)
{
	struct step *step = &plan->steps[plan->count++];

	*step = (struct step){ .kind = kind };
	for (unsigned n = 0; n < PLAN_WORDS_MAX && words[n]; n++)
		step->words[n] = words[n];
}

/* ---- launchd ---- */

void plan_paths(const struct service *s, struct plan_paths *p)
{
	*p = (struct plan_paths){ .user = s->system ? PLAN_SYSTEM_USER : NULL };
	if (s->system) {
		strcpy(p->plist, "/Library/LaunchDaemons/" SERVICE_LABEL ".plist");
		strcpy(p->state, PLAN_SYSTEM_STATE);
		strcpy(p->log, PLAN_SYSTEM_STATE "/actopd.log");
		strcpy(p->errors, PLAN_SYSTEM_STATE "/actopd.err");
		strcpy(p->socket, "/var/run/actopd.sock");
		return;
	}
	snprintf(p->plist, sizeof(p->plist), "%s/Library/LaunchAgents/%s.plist", s->home,
		SERVICE_LABEL);
	snprintf(p->state, sizeof(p->state), "%s/.actop/state", s->home);
	snprintf(p->log, sizeof(p->log), "%s/Library/Logs/actopd.log", s->home);
	snprintf(p->errors, sizeof(p->errors), "%s/Library/Logs/actopd.err", s->home);
	snprintf(p->socket, sizeof(p->socket), "%s/.actop/run/actopd.sock", s->home);
}

/* launchd makes no folders: without them the job does not start. */
static void plan_folders(
	struct plan *plan, const struct service *s, const struct plan_paths *paths)
{
	if (s->system) {
		plan_add(plan, STEP_FOLDER,
			WORDS(plan_text(plan, "%s", paths->state), paths->user));
		return;
	}
	plan_add(plan, STEP_FOLDER, WORDS(plan_text(plan, "%s/Library/LaunchAgents", s->home)));
	plan_add(plan, STEP_FOLDER, WORDS(plan_text(plan, "%s/Library/Logs", s->home)));
	plan_add(plan, STEP_FOLDER, WORDS(plan_text(plan, "%s/.actop", s->home)));
	plan_add(plan, STEP_FOLDER, WORDS(plan_text(plan, "%s/.actop/run", s->home)));
}

static void plan_launchd(
	struct plan *plan, const struct service *s, enum verb verb, bool follow)
{
	struct plan_paths paths;
	char name[SERVICE_DOMAIN_MAX];
	const char *domain, *job, *plist;

	plan_paths(s, &paths);
	service_domain(s, name);
	domain = plan_text(plan, "%s", name);
	job = plan_text(plan, "%s/%s", name, SERVICE_LABEL);
	plist = plan_text(plan, "%s", paths.plist);
	switch (verb) {
	case VERB_INSTALL:
		plan_folders(plan, s, &paths);
		plan_add(plan, STEP_PLIST, WORDS(plist));
		/* An earlier one of that name would be in the way. */
		plan_add(plan, STEP_TRY, WORDS("launchctl", "bootout", job));
		plan_add(plan, STEP_RUN, WORDS("launchctl", "enable", job));
		plan_add(plan, STEP_RUN, WORDS("launchctl", "bootstrap", domain, plist));
		break;
	case VERB_UNINSTALL:
		plan_add(plan, STEP_TRY, WORDS("launchctl", "bootout", job));
		plan_add(plan, STEP_REMOVE, WORDS(plist));
		plan->note = "the programs and the history are still there";
		break;
	case VERB_START:
		plan_add(plan, STEP_TRY, WORDS("launchctl", "bootstrap", domain, plist));
		plan_add(plan, STEP_RUN, WORDS("launchctl", "kickstart", job));
		break;
	case VERB_STOP:
		plan_add(plan, STEP_RUN, WORDS("launchctl", "bootout", job));
		break;
	case VERB_RESTART:
		plan_add(plan, STEP_RUN, WORDS("launchctl", "kickstart", "-k", job));
		break;
	case VERB_STATUS:
		plan_add(plan, STEP_BECOME, WORDS("launchctl", "print", job));
		break;
	default:
		plan_add(plan, STEP_BECOME,
			WORDS("tail", "-n", PLAN_LOG_LINES, plan_text(plan, "%s", paths.log),
				follow ? "-F" : NULL));
	}
}

/* ---- systemd ---- */

/* systemctl, for the units of the user or of the system. */
static void plan_systemctl(struct plan *plan, const struct service *s, enum step_kind kind,
	const char *verb, const char *const *units)
{
	struct step *step = &plan->steps[plan->count];
	unsigned n = 0;

	plan_add(plan, kind, WORDS("systemctl"));
	n = 1;
	if (!s->system)
		step->words[n++] = "--user";
	if (kind == STEP_BECOME)
		step->words[n++] = "--no-pager";
	step->words[n++] = verb;
	for (; units && *units && n < PLAN_WORDS_MAX; units++)
		step->words[n++] = *units;
}

static void plan_systemd(
	struct plan *plan, const struct service *s, enum verb verb, bool follow)
{
	const char *folder =
		plan_text(plan, "%s/lib/systemd/%s", s->prefix, s->system ? "system" : "user");
	const char *const both[] = { SERVICE_SOCKET_UNIT, SERVICE_UNIT, NULL };
	const char *const unit[] = { SERVICE_UNIT, NULL };
	/* By path: where systemd does not look by itself, it makes links to them. */
	const char *const files[] = { "--now",
		plan_text(plan, "%s/%s", folder, SERVICE_SOCKET_UNIT),
		plan_text(plan, "%s/%s", folder, SERVICE_UNIT), NULL };
	const char *const gone[] = { "--now", SERVICE_SOCKET_UNIT, SERVICE_UNIT, NULL };

	switch (verb) {
	case VERB_INSTALL:
		plan_systemctl(plan, s, STEP_RUN, "daemon-reload", NULL);
		plan_systemctl(plan, s, STEP_RUN, "enable", files);
		if (!s->system)
			plan->note = "it ends with your last session; to keep it running: "
				     "loginctl enable-linger";
		break;
	case VERB_UNINSTALL:
		plan_systemctl(plan, s, STEP_RUN, "disable", gone);
		plan_systemctl(plan, s, STEP_RUN, "daemon-reload", NULL);
		plan->note = "the programs and the history are still there";
		break;
	case VERB_START:
		plan_systemctl(plan, s, STEP_RUN, "start", both);
		break;
	case VERB_STOP:
		plan_systemctl(plan, s, STEP_RUN, "stop", both);
		break;
	case VERB_RESTART:
		plan_systemctl(plan, s, STEP_RUN, "restart", unit);
		break;
	case VERB_STATUS:
		plan_systemctl(plan, s, STEP_BECOME, "status", unit);
		break;
	default:
		plan_add(plan, STEP_BECOME,
			WORDS("journalctl", s->system ? "--unit" : "--user-unit", SERVICE_UNIT,
				"--no-pager", "--lines", PLAN_LOG_LINES,
				follow ? "--follow" : NULL));
	}
}

/* ---- all ---- */

int plan_make(struct plan *plan, const struct service *s, enum verb verb, bool follow)
{
	*plan = (struct plan){ 0 };
	if (s->manager == SERVICE_UNMANAGED)
		return -ENOTSUP;
	if (s->manager == SERVICE_LAUNCHD)
		plan_launchd(plan, s, verb, follow);
	else
		plan_systemd(plan, s, verb, follow);
	return plan->used < sizeof(plan->text) ? 0 : -ENAMETOOLONG;
}

const char *plan_refusal(const struct service *s, enum verb verb)
{
	if (s->owner == SERVICE_HOMEBREW)
		return verbs[verb].brew;
	if (s->owner != SERVICE_PACKAGE)
		return NULL;
	if (verb == VERB_UNINSTALL)
		return s->remove;
	if (verb == VERB_INSTALL)
		return s->system ? "sudo systemctl enable --now actopd.socket actopd.service"
				 : "systemctl --user enable --now actopd.socket actopd.service";
	return NULL;
}
