/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_H
#define DAEMON_H

#include "daemon/options.h"

/* Exit codes, of <sysexits.h> where it has a fitting one. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_USAGE = 64,
	EXIT_NO_SOCKET = 69,
	EXIT_INTERNAL = 70,
	EXIT_RUNNING = 75,
	EXIT_BAD_CONFIG = 78
};

#define DAEMON_FLUSH_MS 500 /* to send what is left after a signal to end */
#define DAEMON_WAIT_S 2	    /* between tries with --wait */

/* Runs until a signal ends it; everything that goes wrong is logged.  Returns the exit code. */
enum exit_code daemon_run(struct options *options);

#endif
