/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include "client/processes.h"
#include "client/watch/catalog.h"
#include "client/watch/events.h"
#include "client/watch/prompt.h"
#include "client/watch/rows.h"
#include "client/watch/settings.h"

/* Everything that is drawn: what the daemon said, and what the user chose.  Pure. */

#define MODEL_TEXT_MAX 64
#define MODEL_NOTE_MAX 160

/* Of the daemon's hello. */
struct about {
	char version[MODEL_TEXT_MAX], chip[MODEL_TEXT_MAX], system[MODEL_TEXT_MAX];
	unsigned cores, gpu_cores;
	bool simulated, processes; /* it can list them */
	int64_t base_ms;
	int64_t oldest_ms; /* the beginning of what it has kept; 0 = not known */
};

/* References of the chip, NAN = not known. */
struct reference {
	double cpu_watts, gpu_watts, ane_watts, package_watts, bandwidth_gbps;
	double auto_cpu_watts, auto_gpu_watts;
};

enum link_state { LINK_WAITING, LINK_LIVE, LINK_STALE };

struct model {
	struct settings settings;
	struct about about;
	struct reference reference;
	struct catalog catalog;
	struct rows live;    /* of now */
	struct rows past;    /* of the time travelled to, where live does not reach so far */
	bool past_wanted;    /* it was asked for and is not complete */
	int64_t interval_ms; /* between rows of live */
	int64_t past_step_ms;
	int64_t cursor_ms; /* the moment that is shown; 0 = now */
	bool paused;	   /* it stays there because of a pause, not of travelling */
	struct events events;
	struct message process_line; /* owns what processes points into */
	struct processes processes;
	char filter[PROMPT_MAX]; /* of the processes */
	bool filter_bad;	 /* the daemon did not take it */
	enum link_state link;
	int64_t stale_ms;  /* for so long */
	int64_t silent_ms; /* the daemon is there, but has said nothing; 0 = it speaks */
	char note[MODEL_NOTE_MAX]; /* said once, until a key is pressed */
	struct prompt prompt;
	bool help;
	unsigned first; /* panel to begin with, where not all have room */
};

void model_init(struct model *m);
void model_fini(struct model *m);

/* Of the reply to hello. */
void model_meet(struct model *m, const struct message *hello);

/* The columns that come from now on; rows that are there go where they are others. */
void model_bind(
	struct model *m, const struct node *schema, const struct node *names, unsigned cap);

/* A data line into one of the two rings. */
void model_row(struct model *m, struct rows *rows, const struct message *line);

/* Takes the line over. */
void model_processes(struct model *m, struct message *line);

/* What is shown: a ring, and the newest row of it; -1 = nothing yet. */
const struct rows *model_rows(const struct model *m, long *last);

/* Time of the row that is shown; 0 = none. */
int64_t model_time(const struct model *m);

/* A value of the row that is shown. */
double model_value(const struct model *m, int column);
double model_meter(const struct model *m, enum meter meter);
bool model_has(const struct model *m, enum meter meter);

/* Of a meter with words; NULL = not known. */
const char *model_word(const struct model *m, enum meter meter);

/* Over the time of the averages, before and with the row that is shown; NAN = no value. */
struct spread {
	double mean, max;
};

struct spread model_spread(const struct model *m, int column);

/* The highest value of a column that is in the ring that is shown; NAN = none. */
double model_highest(const struct model *m, int column);

/* How many cores of a kind there are. */
unsigned model_cores(const struct model *m, char kind);

#endif
