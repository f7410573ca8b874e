/* SPDX-License-Identifier: MIT */
#ifndef REPLAY_H
#define REPLAY_H

#include "daemon/source/source.h"

/*
 * A recording (proto/trace.h) read back as if it were a machine.  spec is what follows
 * "replay:": FILE[,speed=N|max], where speed 2 plays twice as fast as it was recorded and max
 * does not wait. Time is the recording's, so everything computed from it is the same each time.
 */
struct replay;

struct replay *replay_open(const char *spec, struct fault *why);
void replay_close(struct replay *replay);

/* The machine and its entities; owned by the caller afterwards.  Call once. */
struct layout *replay_take_layout(struct replay *replay);

/* As source_read, source_pace, source_base_ms and source_begin. */
int replay_read(struct replay *replay, struct sample *s);
uint64_t replay_pace(struct replay *replay);
unsigned replay_base_ms(const struct replay *replay);
const struct instant *replay_begin(const struct replay *replay);

/* Lines so far that were no samples and were passed over. */
unsigned long replay_bad_lines(const struct replay *replay);

#endif
