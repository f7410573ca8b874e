/* SPDX-License-Identifier: MIT */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/words.h"

/*
 * What happened, in one numbered timeline beside the samples: alerts, throttling, marks, starts
 * and stops, sleep and wake, clock steps.  eseq is dense from 1; the oldest give way.
 */

#define EVENTS_MAX 4096	       /* kept in memory */
#define EVENT_DETAILS_MAX 1280 /* bytes of an event's own members: any mark, fully escaped */

struct event {
	uint64_t eseq, seq; /* seq: the newest sample when it happened; 0 = none yet */
	int64_t ts_ms;
	int64_t mono_ms; /* since this boot; below 0: of an earlier one */
	unsigned boot;	 /* the number of the one it happened in */
	enum event_kind kind;
	const char *details; /* its own members as JSON with a comma before each: ,"text":"x" */
};

/*
 * The JSON of one of an event's own members, which are no objects and no arrays: "\"warn\"",
 * "2.5"; NULL when there is none of that key.  Borrowed; length of it.
 */
const char *event_member(const struct event *event, const char *key, size_t *length);

struct events;

struct events *events_new(void);
void events_free(struct events *events);

/* Takes a copy, gives it the next eseq and returns that.  Details beyond the limit: 0, not
 * taken. */
uint64_t events_add(struct events *events, const struct event *event);

uint64_t events_head(const struct events *events);   /* 0 = none yet */
uint64_t events_oldest(const struct events *events); /* head + 1 when there is none */

/*
 * Takes an event of an earlier run back, with its number; before the first add, in growing
 * order. Numbers may be missing between them, and below next: no event is numbered lower than
 * that.
 */
void events_restore(struct events *events, const struct event *event);
void events_continue(struct events *events, uint64_t next);

/* Whether there is an event of that number: some were lost with the end of a run. */
bool events_has(const struct events *events, uint64_t eseq);

/* The event, which must be there.  Borrowed until the next add. */
const struct event *events_get(const struct events *events, uint64_t eseq);

/* First event not before that time; head + 1 when there is none. */
uint64_t events_since_wall(const struct events *events, int64_t ts_ms);
uint64_t events_since_mono(const struct events *events, int64_t mono_ms);

#endif
