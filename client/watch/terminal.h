/* SPDX-License-Identifier: MIT */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "client/options.h"
#include "client/watch/painter.h"

/* The terminal, by ncurses: its modes, its keys, its size.  What is painted goes out as the
 * painter makes it, since ncurses has no true colour on most terminals. */

struct terminal {
	void *screen, *pad; /* of ncurses */
	enum depth depth;
	bool ascii;
	struct painter painter;
	unsigned long long written; /* bytes so far */
};

/* Whether a dashboard can be shown: both ends are a terminal that has a cursor to be moved. */
bool terminal_can(void);

/* 0 or -errno: takes the whole screen.  It is given back by terminal_close(), and also where
 * the program is ended by a fault of its own. */
int terminal_open(struct terminal *t, enum when color);
void terminal_close(struct terminal *t);

/* Gives it back for as long as the program is stopped, and takes it again. */
void terminal_leave(struct terminal *t);
void terminal_enter(struct terminal *t);

void terminal_size(unsigned *width, unsigned *height);

void terminal_palette(struct terminal *t, enum palette palette);

/* 0 or -errno. */
int terminal_show(struct terminal *t, const struct canvas *c);

/* What was typed, a character or enum special; 0 = nothing more. */
uint32_t terminal_key(struct terminal *t);

#endif
