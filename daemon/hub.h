/* SPDX-License-Identifier: MIT */
#ifndef HUB_H
#define HUB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/firing.h"
#include "daemon/view.h"

/*
 * What all conversations share: the timeline, the views in use, the counters, and who is there.
 * Pure: it knows no sockets and no clocks; time and what only the shell knows come in through
 * struct hub_shell.
 */

#define HUB_REF_MAX 8 /* hex digits of a reference, with NUL */

struct alerts;
struct judge;
struct session;
struct event;
struct events;
struct json;
struct survey;

/* What the shell around the hub answers.  arg is handed back. */
struct hub_shell {
	void *arg;
	void (*now)(void *arg, struct instant *now);
	/* Appends its members to the reply of "status": sampler, loop, rss_bytes, fds... */
	void (*status)(void *arg, struct json *reply);
	/* An event was added: where it is kept.  NULL = nowhere. */
	void (*event)(void *arg, const struct event *event);
	/* An error of ours, for the log under the name ref.  NULL = nowhere. */
	void (*fault)(void *arg, const char *ref, const char *what);
};

struct hub_identity {
	char version[24];
	char run[17]; /* 16 hex digits, new with each start */
	char boot_id[64];
	pid_t pid;
	uid_t uid;
	int64_t started_ts_ms, started_mono_ms;
	unsigned max_clients;
	bool system; /* serves other users too */
};

/* Counters since the start, shown by "status". */
struct hub_counters {
	uint64_t accepted, refused, denied, evicted, stalled;
	uint64_t peak;
	uint64_t lines_in, bad_lines, bytes_out;
	uint64_t gap_samples; /* samples that subscriptions were told they would not get */
	uint64_t encoded;     /* texts made for live windows */
	uint64_t faults;      /* errors that were ours */
};

struct hub {
	struct timeline timeline;
	struct events *events; /* owned */
	uint64_t epoch;
	const struct machine *machine; /* NULL = say nothing of it */
	const struct layout *layout;   /* for core counts; NULL in tests */
	struct hub_identity identity;
	struct hub_shell shell;
	struct hub_counters counters;
	struct firing firing;
	const struct alerts *alerts; /* the rules; NULL = nobody watches them */
	const struct judge *judge;   /* NULL = nobody judges */
	uint64_t first_seq;	     /* of this run; head + 1 until it is there */
	bool stopping;

	struct session *sessions; /* list; see session.h */
	unsigned session_count;
	uint64_t next_cid, next_serial;

	struct hub_view *views; /* in use by subscriptions */
	struct survey *survey;	/* of processes; NULL = this daemon cannot walk them */
};

/* epoch: identity of the history; shell is copied.  The hub owns neither schema nor history. */
void hub_init(struct hub *hub, struct schema *schema, struct history *history, uint64_t epoch,
	unsigned base_ms, const struct hub_shell *shell);

/* What the store says, before the first session: whose history this is, and coarser tiers. */
void hub_continue(struct hub *hub, uint64_t epoch, unsigned boot, struct archive *archive);

/* All sessions must be gone. */
void hub_fini(struct hub *hub);

/* Whether this run has a sample yet. */
bool hub_is_ready(const struct hub *hub);

int64_t hub_now_mono_ms(const struct hub *hub);

/* The view of that spec, made if nobody uses it yet; takes over spec->columns. */
struct view *hub_view_get(struct hub *hub, struct view_spec *spec);
void hub_view_put(struct hub *hub, struct view *view);

/*
 * Tells the log of an error that is ours.  ref, four hex digits or more and new with each, is
 * what the log and the client's error line have in common.
 */
void hub_report_fault(struct hub *hub, const char *what, char ref[HUB_REF_MAX]);

/* From now on requests are refused, and subscriptions end with their next pull. */
void hub_stop(struct hub *hub);

#endif
