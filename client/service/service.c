/* SPDX-License-Identifier: MIT */
#include "client/service/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/capture.h"
#include "proto/sockpath.h"

#define SERVICE_ASK_MS 5000
#define SERVICE_ANSWER_MAX 4096

/* Who knows which package a file is of, and how that package goes. */
static const struct {
	const char *program, *option, *remove;
} service_packagers[] = {
	{ "dpkg-query", "-S", "sudo apt-get remove actopd" },
	{ "rpm", "-qf", "sudo dnf remove actopd" },
	{ "pacman", "-Qoq", "sudo pacman -R actopd" },
};

static enum service_manager service_manager_here(void)
{
	if (sockpath_native == &sockpath_macos)
		return SERVICE_LAUNCHD;
	return access("/run/systemd/system", F_OK) == 0 ? SERVICE_SYSTEMD : SERVICE_UNMANAGED;
}

static const char *service_find_packager(const char *program)
{
	struct buf answer;
	const char *remove = NULL;

	buf_init(&answer, SERVICE_ANSWER_MAX);
	for (size_t i = 0; i < sizeof(service_packagers) / sizeof(*service_packagers); i++) {
		const char *const argv[] = { service_packagers[i].program,
			service_packagers[i].option, program, NULL };

		if (!remove && capture_run(&answer, argv, SERVICE_ASK_MS) == 0)
			remove = service_packagers[i].remove;
	}
	buf_fini(&answer);
	return remove;
}

/* Homebrew keeps every program in a folder of that name and links to it. */
static void service_find_owner(struct service *s, const char *program)
{
	if (strstr(program, "/Cellar/")) {
		s->owner = SERVICE_HOMEBREW;
		return;
	}
	s->remove = service_find_packager(program);
	if (s->remove)
		s->owner = SERVICE_PACKAGE;
}

static void service_find_prefix(struct service *s, const char *program)
{
	char *slash;

	snprintf(s->prefix, sizeof(s->prefix), "%s", program);
	for (int i = 0; i < 2; i++) {
		slash = strrchr(s->prefix, '/');
		if (slash)
			*slash = '\0';
	}
}

void service_find(struct service *s, bool system)
{
	char program[SELF_PATH_MAX];
	const char *home = getenv("HOME"), *ssh = getenv("SSH_CONNECTION");

	*s = (struct service){
		.manager = service_manager_here(),
		.system = system,
		.uid = geteuid(),
		.home = home ? home : "",
		.remote = ssh && *ssh,
	};
	if (self_sibling(program, "actopctl") < 0)
		return;
	service_find_owner(s, program);
	service_find_prefix(s, program);
}

const char *service_start_hint(const struct service *s)
{
	if (s->owner == SERVICE_HOMEBREW)
		return "brew services start actopd";
	if (s->manager == SERVICE_LAUNCHD)
		return "actopctl service install";
	if (s->manager == SERVICE_SYSTEMD)
		return s->system ? "sudo systemctl start actopd"
				 : "systemctl --user start actopd";
	return "actopd &";
}

void service_domain(const struct service *s, char to[SERVICE_DOMAIN_MAX])
{
	if (s->system)
		snprintf(to, SERVICE_DOMAIN_MAX, "system");
	else
		snprintf(to, SERVICE_DOMAIN_MAX, "%s/%lu", s->remote ? "user" : "gui",
			(unsigned long)s->uid);
}
