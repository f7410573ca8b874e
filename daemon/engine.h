/* SPDX-License-Identifier: MIT */
#ifndef ENGINE_H
#define ENGINE_H

#include "daemon/history/history.h"
#include "daemon/ledger.h"
#include "proto/schema.h"

/*
 * From a raw reading to a row of the history: what happened since the one before, the rules of
 * the metric table, the resolution of each series.  Pure; all time is the readings' own.
 */

/* Wall minus monotonic time that moves by more than this has been set by somebody. */
#define ENGINE_CLOCK_STEP_MS 500

/* Monotonic time beyond awake time by more than this: the machine slept. */
#define ENGINE_SLEEP_MS 500

struct engine;
struct judge;

/* first_flags: of the first row (ROW_START, ROW_RESTART, ROW_BOOT).  Owns none of the others.
 */
struct engine *engine_new(const struct layout *layout, struct schema *schema,
	struct history *history, unsigned run, unsigned first_flags);

/* Of every row from now on: the number of the boot, and energy counters that go on by a ledger,
 * which must outlive the engine. */
void engine_continue(struct engine *engine, unsigned boot, struct ledger *ledger);

void engine_free(struct engine *engine);

/* Its references, ceilings and the reason of the newest limit (daemon/judge.h). */
const struct judge *engine_judge(const struct engine *engine);

/*
 * Derives, judges, and appends to the history.  tick is the number of the scheduled tick,
 * growing; late says that ticks before it were missed.  s is changed (derived values are
 * added).  Returns seq.
 */
uint64_t engine_commit(struct engine *engine, struct sample *s, uint64_t tick, bool late);

#endif
