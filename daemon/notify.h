/* SPDX-License-Identifier: MIT */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/env.h"

/*
 * Tells the service manager how we are: systemd's datagrams to $NOTIFY_SOCKET (sd_notify(3)
 * documents them as stable), by hand.  Without that variable everything here does nothing.
 */
struct notify {
	int fd;		      /* -1 = nobody to tell */
	uint64_t watchdog_ms; /* call notify_watchdog this often: half of WATCHDOG_USEC; 0 = not
			       */
	socklen_t length;
	struct sockaddr_un address;
};

#define NOTIFY_TEXT_MAX 256

/* Never fails: who cannot be told is not told.  notify must outlive its use; fini closes. */
void notify_init(struct notify *notify, const struct env *env);
void notify_fini(struct notify *notify);

/*
 * 0, or -errno of the send; callers may ignore it.  Never blocks.  status is one line for
 * people, cut where it is too long; NULL = the last one stays.
 */
int notify_ready(struct notify *notify, const char *status);
int notify_reloading(struct notify *notify); /* followed by notify_ready when done */
int notify_stopping(struct notify *notify, const char *status);
int notify_watchdog(struct notify *notify);

#endif
