/* SPDX-License-Identifier: MIT */
#ifndef ADMIT_H
#define ADMIT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "proto/request_error.h"

#define ADMIT_UID_SHARE 4	   /* system mode: one uid has at most 1/4 of the places */
#define ADMIT_EVICT_STALL_MS 30000 /* who stalls longer gives way when all are taken */
#define ADMIT_FILES_SPARE 32	   /* descriptors that clients leave to everything else */
#define ADMIT_TEXT_MAX 64

/*
 * Who may connect.  Pure: what there is comes in, a verdict goes out.
 *
 * The daemon's own uid and root always may; in system mode everybody may whom the socket's mode
 * lets in, but one uid has only a share of the places.  When all places are taken, the client
 * that makes no progress for longest gives way, if that is long.
 */
struct admit_policy {
	uid_t own; /* effective uid of the daemon */
	bool system;
	unsigned max_clients;
	unsigned max_lingering; /* connections that may be read to their end after the last
				 * line; those above are closed at once */
};

/* What the new client meets: begin with zero, then count every client. */
struct admit_census {
	uid_t uid; /* of the new client */
	unsigned clients, of_uid;
	int64_t worst_ms; /* of the one that may have to give way; 0 = none */
};

enum admit_verdict {
	ADMIT_WELCOME,
	ADMIT_EVICT, /* welcome, once the one that stalls longest is gone */
	ADMIT_FOREIGN,
	ADMIT_FULL,
	ADMIT_FULL_OF_UID
};

/*
 * Shares out the descriptors: limit is RLIMIT_NOFILE, used how many are open without any
 * client, wanted the option.  Sets max_clients (at least 1) and max_lingering.
 */
void admit_share_files(
	struct admit_policy *policy, unsigned limit, unsigned used, unsigned wanted);

bool admit_is_trusted(const struct admit_policy *policy, uid_t uid);

/* Counts a client.  True when it is the one that would give way so far. */
bool admit_count(struct admit_census *census, uid_t uid, int64_t stalled_ms);

enum admit_verdict admit_decide(
	const struct admit_policy *policy, const struct admit_census *census);

/* The line for a verdict that lets nobody in; its message lives in text. */
struct request_error admit_error(const struct admit_policy *policy, enum admit_verdict verdict,
	uid_t uid, char text[ADMIT_TEXT_MAX]);

#endif
