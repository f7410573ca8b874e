/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "client/commands.h"
#include "client/report.h"
#include "client/service/apply.h"
#include "client/suggest.h"

static int service_unknown(const char *name)
{
	struct suggest guess;

	suggest_begin(&guess, name);
	for (enum verb v = 0; v < VERB_COUNT; v++)
		suggest_offer(&guess, verb_name(v));
	report_error(0, "service: no \"%s\"%s%s%s", name, guess.guess ? " (did you mean " : "",
		guess.guess ? guess.guess : "", guess.guess ? "?)" : "");
	report_detail("it is install, uninstall, start, stop, restart, status or logs");
	return EXIT_USAGE;
}

static int service_refuse(const struct service *s, enum verb verb, const char *instead)
{
	report_error(0, "service %s: %s owns this service; use:", verb_name(verb),
		s->owner == SERVICE_HOMEBREW ? "Homebrew" : "the package manager");
	report_detail("%s%s",
		s->owner == SERVICE_HOMEBREW && s->system && verb != VERB_LOGS ? "sudo " : "",
		instead);
	return EXIT_FAILED;
}

static int service_do(const struct options *options, const struct service *s, enum verb verb)
{
	struct plan plan;

	if (plan_make(&plan, s, verb, options->follow) == -ENOTSUP) {
		report_error(0, "service %s: neither launchd nor systemd runs here",
			verb_name(verb));
		report_detail("start it by hand:  actopd &");
		return EXIT_FAILED;
	}
	/* systemctl asks for leave by itself; launchctl only says that it failed. */
	if (s->manager == SERVICE_LAUNCHD && s->system && s->uid != 0 && verb < VERB_STATUS)
		return report_error(EXIT_DENIED,
			"service %s --system needs root: sudo actopctl "
			"service %s --system",
			verb_name(verb), verb_name(verb));
	return apply_plan(&plan, s, options->quiet);
}

static int service_run(const struct options *options)
{
	struct service service;
	const char *instead;
	enum verb verb;

	if (options->operand_count < 2)
		return report_error(EXIT_USAGE,
			"service: what? install, uninstall, start, stop, "
			"restart, status or logs");
	verb = verb_find(options->operands[1]);
	if (verb == VERB_COUNT)
		return service_unknown(options->operands[1]);
	if (options->follow && verb != VERB_LOGS)
		return report_error(EXIT_USAGE, "--follow is for service logs");
	service_find(&service, options->system);
	instead = plan_refusal(&service, verb);
	return instead ? service_refuse(&service, verb, instead)
		       : service_do(options, &service, verb);
}

static const struct choice service_choices[VERB_COUNT + 1] = {
#define VERB(id, name, brew, help) { name, help },
#include "client/service/verbs.def"
#undef VERB
};

const struct command command_service = {
	.name = "service",
	.summary = "Have launchd or systemd run actopd: install, start, stop, logs",
	.usage = "service install|uninstall|start|stop|restart|status|logs [--system]",
	.text = "For you, or with --system for the whole machine. It calls launchctl or "
		"systemctl "
		"and\nsays what it calls; where Homebrew or a package owns the service it "
		"names the "
		"command\nto use instead.\n",
	.examples = "  actopctl service install\n"
		    "  actopctl service status\n"
		    "  actopctl service logs --follow\n",
	.options = OPTIONS_ALL | OPTION_BIT(SYSTEM) | OPTION_BIT(FOLLOW),
	.operands = 1,
	.operand = COMPLETE_CHOICES,
	.choices = service_choices,
	.run = service_run,
};
