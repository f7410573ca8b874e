/* SPDX-License-Identifier: MIT */
#ifndef SURVEY_H
#define SURVEY_H

#include "daemon/body.h"
#include "daemon/census.h"
#include "daemon/hub.h"
#include "daemon/roster_line.h"
#include "proto/json.h"

/*
 * Walks the processes while somebody asks.  There is one walk at a time, for all who wait for
 * one then: streams are due at the samples that complete their interval, requests at once.  The
 * answer to each different question (struct survey_view) is written once, whoever shares it.
 * A walk younger than SURVEY_FRESH_MS is used again instead of making another, so that a
 * stranger cannot make the daemon walk without end, and differences are never those of moments.
 * Nothing is done and, after SURVEY_KEEP_MS, nothing is kept while nobody asks.  Alert rules
 * ask as long as one of them is about processes: every CENSUS_MS, or with a walk that is due
 * then.
 *
 * Pure: the work itself is handed to the shell, which does it on a thread of its own.
 */
#define SURVEY_FRESH_MS 200
#define SURVEY_KEEP_MS 30000
#define SURVEY_PREFIX_MAX 512 /* bytes of a line before "ts_ms" */
#define SURVEY_VIEWS_MAX 16   /* different questions at a time of one who is not trusted */

struct survey;

struct survey_shell {
	void *arg;
	/* Has survey_work() run on any one thread and then survey_finish() on the loop's; both
	 * may have happened when this returns. */
	void (*begin)(void *arg);
	/* Uid of a user by name; false = there is none.  On the loop's thread. */
	bool (*find_user)(void *arg, const char *name, uint32_t *uid);
	/* Name of a user (ROSTER_USER_MAX bytes); "" = none.  On the thread of the work. */
	void (*name_user)(void *arg, uint32_t uid, char *name);
};

/* One question and its newest answer.  Borrowed between get and put. */
struct survey_view {
	struct survey_view *next, *next_working;
	unsigned users;
	struct roster_query query;
	unsigned ticks;	 /* of a stream's interval; 0 = asked once */
	uint64_t window; /* in which it was last answered */
	bool due, working;
	uint64_t rev;	   /* answers so far */
	uint64_t walk;	   /* which the newest is about */
	struct body *body; /* the line from "ts_ms" on; NULL before the first */
	struct body *made; /* while working: the next one */
	struct roster roster;
};

/* source must stay open as long as the survey is there.  hub->survey is set. */
struct survey *survey_new(struct hub *hub, const struct process_source *source, void *self,
	const struct survey_shell *shell);

/* No view may be left, and no work under way. */
void survey_free(struct survey *survey);

/* Whether one more question of that viewer is within SURVEY_VIEWS_MAX, or is there already:
 * each has its work and its text, of up to a line. */
bool survey_has_room(
	const struct survey *survey, const struct roster_query *query, unsigned ticks);

/* Takes over query, of which a view that is there already may be the answer. */
struct survey_view *survey_view_get(
	struct survey *survey, struct roster_query *query, unsigned ticks);
void survey_view_put(struct survey *survey, struct survey_view *view);

/*
 * The view is wanted now.  Returns the revision that answers: one that is there when the newest
 * walk is fresh, else the next.
 */
uint64_t survey_ask(struct survey *survey, struct survey_view *view);

/* Takes over what rules ask for, in place of what they asked before; NULL = nothing. */
void survey_set_census(struct survey *survey, struct census *census);
struct census *survey_census(const struct survey *survey);

/* A sample was committed. */
void survey_tick(struct survey *survey);

/* The work: walks and writes what is due. */
void survey_work(struct survey *survey);
void survey_finish(struct survey *survey, uint64_t cost_ns);

bool survey_find_user(struct survey *survey, const char *name, uint32_t *uid);

/* Appends the member "processes" of "status". */
void survey_describe(const struct survey *survey, struct json *j);

#endif
