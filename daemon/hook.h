/* SPDX-License-Identifier: MIT */
#ifndef HOOK_H
#define HOOK_H

#include <uv.h>

#include "daemon/alert.h"

#define HOOKS_MAX 8	    /* programs at the same time; one more is left out and logged */
#define HOOK_SECONDS_MAX 30 /* then it is killed */

/*
 * Runs the programs of alert rules (exec = ...): an argument vector without a shell, standard
 * input and output closed, standard error ours.  Their environment is PATH, HOME, and of the
 * alert ACTOP_RULE ACTOP_STATE (firing, resolved) ACTOP_SEVERITY ACTOP_METRIC ACTOP_VALUE
 *   ACTOP_THRESHOLD ACTOP_HELD_MS ACTOP_SEQ ACTOP_TS_MS
 * A program that does not start, fails or takes too long is logged and otherwise ignored.  Each
 * is the leader of a process group, which ends with it where this kills it.
 */
struct hooks;

struct hooks *hooks_new(uv_loop_t *loop);

/* The transition is an alert whose rule has a program.  schema gives values their words. */
void hooks_run(struct hooks *hooks, const struct transition *t, const struct schema *schema,
	const struct row *row);

/* Kills what still runs and closes its handles; free after the loop has run out. */
void hooks_stop(struct hooks *hooks);
void hooks_free(struct hooks *hooks);

#endif
