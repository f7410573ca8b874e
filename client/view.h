/* SPDX-License-Identifier: MIT */
#ifndef VIEW_H
#define VIEW_H

#include <stdio.h>

#include "client/ask.h"
#include "client/columns.h"
#include "client/energies.h"
#include "client/holes.h"
#include "client/message.h"
#include "client/options.h"
#include "client/stamp.h"
#include "client/table.h"

/* How data lines are printed. */

#define VIEW_LINE_MAX (1u << 22) /* bytes of one printed line, however its text is escaped */

struct view;

struct view_class {
	bool needs_schema;
	void (*begin)(struct view *v, const struct message *hello); /* NULL = nothing to do */
	void (*line)(struct view *v, const struct message *m);
	void (*gap)(struct view *v, const struct message *m); /* NULL = gaps are not printed */
	void (*event)(
		struct view *v, const struct message *m); /* beside samples; NULL = none */
};

extern const struct view_class view_table, view_json, view_csv, view_plain, view_actop1;

/* Of events alone; as JSON they are printed by view_json. */
extern const struct view_class view_event_table, view_event_csv;

/* Where the output goes. */
struct screen {
	bool terminal, color;
	unsigned width, height; /* 0 = no limit */
};

struct view {
	const struct view_class *class;
	const struct options *options;
	struct screen screen;
	FILE *to;		    /* stdout, unless view_redirect() */
	struct ask_metrics metrics; /* what to ask the daemon for */
	const char *patterns[FIELDS_MAX];
	struct message schema; /* root NULL until view_begin() */
	struct columns all;    /* of the schema */
	struct columns columns;
	struct cell *cells;
	struct energies energies; /* with --stat */
	struct holes holes;
	struct buf out;
	/* of view_table */
	struct table table;
	bool millis;	      /* times with milliseconds */
	unsigned rows;	      /* since the last header */
	char date[STAMP_MAX]; /* of the last row */
};

/* 0 or EXIT_USAGE: options that do not go together. */
int view_open(struct view *v, const struct options *options);
void view_close(struct view *v);

/* Prints into a file, in a format: no terminal is there any more.  The file stays the caller's.
 */
void view_redirect(struct view *v, FILE *to, enum output output);

/* Reads what stdout is. */
void screen_read(struct screen *screen, enum when color);

/*
 * Takes the schema (its text is no longer needed) and prints what stands at the top: a table on
 * a terminal begins with the machine, unless hello is NULL.  Not called for a view that needs
 * none; called again after a reconnection it keeps the columns that it has.  0, or EXIT_NOTHING
 * when no metric matches.
 */
int view_begin(struct view *v, struct message *schema, const struct message *hello);

/* Prints a data line or a gap.  The output is complete after view_flush(). */
void view_line(struct view *v, const struct message *m);
void view_gap(struct view *v, const struct message *m);
void view_event(struct view *v, const struct message *m);

/* Appends "14:02:10  mark      begin", for the views that have events in a table. */
void view_event_row(struct view *v, const struct message *m);

/* The values of a line into v->cells. */
void view_cells(struct view *v, const struct message *m);

/* 0, or EXIT_FAILED when stdout takes nothing more. */
int view_flush(void);

/* Whether view_gap() shows it where the user looks, so that a note would be twice. */
bool view_shows_gap(const struct view *v);

/* Appends "gap of 20 samples (5021 to 5040): they were ..." */
void view_describe_gap(const struct message *m, struct buf *out);

#endif
