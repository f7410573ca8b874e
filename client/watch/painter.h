/* SPDX-License-Identifier: MIT */
#ifndef PAINTER_H
#define PAINTER_H

#include "client/watch/canvas.h"
#include "client/watch/palette.h"
#include "proto/buf.h"

/* Makes of a canvas what a terminal is to be sent: only what differs from what it shows.  Pure.
 */

#define PAINTER_OUT_MAX (4u << 20)

struct painter {
	struct canvas shown; /* on the terminal */
	bool known;	     /* it does show that */
	char sequences[STYLE_COUNT][PALETTE_SEQUENCE_MAX];
	bool heavy[STYLE_COUNT]; /* bold or reversed: only a whole sequence ends that */
	unsigned *next;		 /* the changed cell behind each, of the same style */
	struct buf out;
};

void painter_init(struct painter *p);
void painter_fini(struct painter *p);

/* The terminal shows anything: the next time everything is painted. */
void painter_forget(struct painter *p);

void painter_style(struct painter *p, enum palette palette, enum depth depth);

/* Appends to p->out, and takes it for shown. */
void painter_paint(struct painter *p, const struct canvas *c);

#endif
