/* SPDX-License-Identifier: MIT */
#ifndef RECORDER_H
#define RECORDER_H

#include "daemon/message.h"
#include "proto/sample.h"

/* Writes readings to a file as they came from the source (proto/trace.h). */
struct recorder;

/* The file must not exist yet.  NULL with why. */
struct recorder *recorder_open(
	const char *path, const struct layout *layout, unsigned base_ms, struct message *why);
void recorder_close(struct recorder *recorder);

/* 0, or -errno of the write; after a failure nothing more is written. */
int recorder_add(struct recorder *recorder, const struct sample *s);

#endif
