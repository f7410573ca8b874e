/* SPDX-License-Identifier: MIT */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>
#include <sys/types.h>

#include "client/self.h"

/* Who starts and watches the daemon on this machine, and whose business its service files are.
 */

#define SERVICE_UNIT "actopd.service"
#define SERVICE_SOCKET_UNIT "actopd.socket"
#define SERVICE_LABEL "actopd" /* of launchd, and the name of the plist */
#define SERVICE_DOMAIN_MAX 32

enum service_manager { SERVICE_UNMANAGED, SERVICE_LAUNCHD, SERVICE_SYSTEMD };

enum service_owner {
	SERVICE_OURS, /* make install, or somebody's own copy */
	SERVICE_HOMEBREW,
	SERVICE_PACKAGE
};

struct service {
	enum service_manager manager;
	enum service_owner owner;
	bool system; /* of the whole machine, not of one user */
	uid_t uid;
	const char *home;	    /* "" = not known */
	bool remote;		    /* logged in over ssh, without a screen */
	const char *remove;	    /* how the package manager takes the package away */
	char prefix[SELF_PATH_MAX]; /* the folder above bin/ that the programs are in */
};

/* Looks. */
void service_find(struct service *s, bool system);

/* How a daemon is started here. */
const char *service_start_hint(const struct service *s);

/* launchd's name of the domain: "system", "gui/501" or, over ssh, "user/501". */
void service_domain(const struct service *s, char to[SERVICE_DOMAIN_MAX]);

#endif
