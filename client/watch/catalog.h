/* SPDX-License-Identifier: MIT */
#ifndef CATALOG_H
#define CATALOG_H

#include <stdbool.h>

#include "client/message.h"

/* Which of the series that the dashboard knows this machine has, and where each stands in a
 * row.  Pure. */

enum meter {
#define METER(id, name) METER_##id,
#include "client/watch/meters.def"
#undef METER
	METER_COUNT
};

enum group {
#define GROUP(id, ...) GROUP_##id,
#include "client/watch/groups.def"
#undef GROUP
	GROUP_COUNT
};

#define MEMBER_SERIES 4
#define MEMBER_NAME_MAX 32
#define WORDS_MAX 8
#define WORD_MAX 16

/* Places of the series of a member, as groups.def lists them. */
enum { CORE_ACTIVE, CORE_FREQ };
enum { CLUSTER_IDLE, CLUSTER_LOW, CLUSTER_MID, CLUSTER_HIGH };
enum { RAIL_WATTS };
enum { FAN_RPM, FAN_MAX_RPM };
enum { SENSOR_TEMP };

/* One of a group: a core, a fan. */
struct member {
	char name[MEMBER_NAME_MAX];
	char label[MEMBER_NAME_MAX]; /* the source's name for it; "" = the same */
	char kind;		     /* of a core or cluster: S, P, E; 0 = not known */
	bool estimated;		     /* of a rail */
	int columns[MEMBER_SERIES];  /* -1 = it has no such series */
};

struct members {
	struct member *items;
	unsigned count;
};

/* The words of a series that has words for values; its numbers are their places. */
struct words {
	int column;
	unsigned count;
	char words[WORDS_MAX][WORD_MAX];
};

struct catalog {
	char **names; /* of the columns */
	unsigned columns;
	int meters[METER_COUNT]; /* column of each; -1 = this machine does not have it */
	struct members members[GROUP_COUNT];
	struct words words[WORDS_MAX];
	unsigned word_count;
};

/* What to subscribe to. */
#define CATALOG_PATTERNS 42
const char *const *catalog_patterns(void);

/* Of a schema reply and the names in the order in which their values come.  Replaces what is
 * there, which is zeroed at first. */
void catalog_read(struct catalog *c, const struct node *schema, const struct node *names);
void catalog_fini(struct catalog *c);

/* Whether the columns are just these. */
bool catalog_is(const struct catalog *c, const struct node *names);

/* The values of a row, from the array of a line. */
void catalog_values(const struct catalog *c, const struct node *values, double *to);

/* The word of a value; NULL = not known. */
const char *catalog_word(const struct catalog *c, int column, double value);

/* -1 = no such column. */
int catalog_find(const struct catalog *c, const char *name);

#endif
