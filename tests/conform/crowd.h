/* SPDX-License-Identifier: MIT */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>

/*
 * Who may connect, over a real server and its socket.  Uids are what the server is told, so
 * that no test needs more than one.  False, with a line on stderr, when it is not so.
 */

#define CROWD_CLIENTS 16 /* places of the server */

/* Case 77: a foreign uid that gets through the mode is told "denied", and is counted. */
bool crowd_keeps_strangers_out(void);

/* System mode: everybody reads, members of the group set marks, the list of clients is for the
 * owner, and one uid gets a quarter of the places. */
bool crowd_shares_a_system_daemon(void);

/* 2.14: nobody gives way to a new client before 30 s without progress; then the one that stalls
 * for longest does. */
bool crowd_evicts_who_stalls_longest(void);

#endif
