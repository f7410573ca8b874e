/* SPDX-License-Identifier: MIT */
#ifndef SLOW_H
#define SLOW_H

#include <stdbool.h>

/*
 * Case 64, over a socket: while one subscriber does not read, another gets each of many samples
 * with the turn of the loop that made it; the first, reading again, is told of one gap that
 * accounts for all that it has not got.  False, with a line on stderr, when it is not so.
 */
bool slow_reader_disturbs_nobody(void);

/* Clients that ask for much, read nothing and vanish leave no connection behind. */
bool slow_reader_may_vanish(void);

#endif
