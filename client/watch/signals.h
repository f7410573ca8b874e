/* SPDX-License-Identifier: MIT */
#ifndef SIGNALS_H
#define SIGNALS_H

/* Signals as bytes that can be read: SIGWINCH, SIGTSTP, SIGCONT and those that end the program.
 */

/* A descriptor to poll, or -errno. */
int signals_open(void);

/* The next signal number, 0 = none. */
int signals_next(int fd);

/* Stops the program as the shell expects it; returns when it goes on. */
void signals_stop(void);

#endif
