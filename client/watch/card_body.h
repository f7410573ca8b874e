/* SPDX-License-Identifier: MIT */
#ifndef CARD_BODY_H
#define CARD_BODY_H

#include "client/watch/card.h"

/* The inside of a panel: its chart, and below it its rows. */

/* Its chart alone, or its rows where it has none. */
void card_body_chart(
	struct canvas *c, const struct rect *r, const struct card *card, const struct model *m);

void card_body(
	struct canvas *c, const struct rect *r, const struct card *card, const struct model *m);

/* Lines that the rows take in that width. */
unsigned card_body_lines(const struct card *card, unsigned width);

#endif
