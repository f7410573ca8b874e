/* SPDX-License-Identifier: MIT */
#ifndef SCRAPE_H
#define SCRAPE_H

#include "client/dial.h"
#include "client/prom.h"

#define SCRAPE_MAX (4u << 20) /* bytes of the text, and of each answer */

/*
 * Asks the daemon, in one round trip, and writes the exposition of its newest sample.  What
 * fails is told by the result, not on stderr, and leaves "actop_up 0" as the text.
 *
 * 0, -ECONNREFUSED (no daemon answers: dial says what was tried), -EAGAIN (it has no sample
 * yet), -EPROTO (an answer that cannot be read), or -errno of the connection.
 */
int scrape_write(const struct options *options, struct dial *dial, struct prom *p);

#endif
