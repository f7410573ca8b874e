/* SPDX-License-Identifier: MIT */
#ifndef CARD_H
#define CARD_H

#include "client/watch/canvas.h"
#include "client/watch/model.h"
#include "client/watch/reading.h"

/*
 * What a panel shows, apart from where: readings, a chart, rows below it.  It is drawn in a
 * border where there is room, else beside its chart in as little as one line.  Pure.
 */

#define FACT_MAX 40
#define FACTS_MAX 8

struct fact {
	char text[FACT_MAX];
	enum style style;
};

/* One line of a list: a label, a bar or a small chart, a value. */
struct card_row {
	char label[MEMBER_NAME_MAX];
	char value[FACT_MAX];
	int column;	  /* of its chart; -1 = a bar */
	double ratio;	  /* of its scale; NAN = not known */
	double high;	  /* top of its chart */
	const char *text; /* instead of all these, behind the label; borrowed */
	enum style style; /* of the text */
};

struct card {
	char title[FACT_MAX];
	struct fact head[FACTS_MAX]; /* the most important first */
	struct fact foot[FACTS_MAX];
	unsigned heads, feet;
	int up, down; /* columns of the charts; -1 = none */
	double low, high;
	double down_high; /* of the one below, which hangs */
	struct card_row *rows;
	unsigned row_count;
	bool strips; /* rows may become bars side by side */
	bool minor;  /* its chart need not be large */
};

void card_init(struct card *card, const char *title);
void card_fini(struct card *card);

/* Facts; where there is no room for more they are left out. */
void card_head(struct card *card, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void card_foot(struct card *card, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "avg 38% max 97%" at the foot. */
void card_spread(struct card *card, const struct spread *spread, enum reading reading);

struct card_row *card_add(struct card *card, const char *label);

/* Lines that it would take at most in a border of that width, without its chart growing. */
unsigned card_wish(const struct card *card, unsigned width);

/* Rows of the model that a chart in that place shows. */
unsigned card_span(const struct rect *r, bool boxed, const struct model *m);

void card_draw(struct canvas *c, const struct rect *r, const struct card *card,
	const struct model *m, bool boxed);

#endif
