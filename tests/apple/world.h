/* SPDX-License-Identifier: MIT */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

/*
 * The machine that the doubles pretend to be, read from one JSON file.  There is one world at a
 * time, as there is one machine.  Tests load a world and move its clock by hand; a program that
 * was linked with the doubles and loads none gets, at its first call, the world that the
 * environment variable ACTOP_WORLD names, on the real clocks.
 */

/* 0 or -errno, with the reason (and the path inside the file) in error. */
int world_load(const char *file, char *error, size_t size);
int world_load_text(const char *text, char *error, size_t size);
void world_unload(void);

/* Loads what ACTOP_WORLD names, on the real clocks; 0 or -errno with error filled. */
int world_open_from_environment(char *error, size_t size);

/* Lets the machine run for so long; what the script says happens on the way. */
void world_advance(double seconds);

/* As one entry of a script's "set".  json is the new value; NULL takes the value away. */
int world_set(const char *path, const char *json);

/* ---- failures and counting ---- */

/* The next call of that function fails. */
void world_fail_next(const char *call);

/* The n-th call of it from now on fails, counted from 1. */
void world_fail_nth(const char *call, unsigned long n);

/* The n-th call from now on, counted from 1, fails, whichever it is; 0 = none. */
void world_fail_at(unsigned long n);

/* Whether the failure that was asked for has happened, and in which function. */
const char *world_failed(void);

/* Calls since world_reset_calls(), of all functions and of the i-th one that was called. */
void world_reset_calls(void);
unsigned long world_calls(void);
const char *world_call_name(unsigned i, unsigned long *count);

/* Ports, tokens and connections that the code under test holds now. */
int world_held(void);
void world_hold(int change);

/* ---- for the doubles ---- */

/*
 * Several threads call the doubles, as they may call what those stand for: whoever looks at the
 * world has it to itself up to the end of the block.  A thread that has it may take it again.
 */
#define WORLD_ALONE \
	__attribute__((cleanup(world_leave), unused)) int world_alone = world_enter()
int world_enter(void);
void world_leave(const int *unused);

/* Counts a call; true = it has to fail. */
bool world_call(const char *name);

/* Does what the script says up to now. */
void world_apply(void);

/* The value under a path of keys ended by NULL; NULL when there is none. */
const cJSON *world_find(const char *key, ...);

/* A value of the world now; {"value", "per_s"} grows.  NULL gives missing. */
double world_number(const cJSON *node, double missing);
bool world_is_number(const cJSON *node);

/* A key of an object as text; missing when it has none. */
const char *world_text(const cJSON *object, const char *key, const char *missing);

/* A simple channel as its driver has published it last: value and time of publication. */
double world_published(const cJSON *channel, double *stamp_s);

/* Ticks that a state channel has spent in its i-th state. */
double world_residency(const cJSON *channel, int i, double *stamp_s);

/* Seconds awake since the start of the world. */
double world_awake_s(void);

/* The clocks of the machine. */
uint64_t world_absolute_ns(void);   /* stands still while asleep */
uint64_t world_continuous_ns(void); /* does not */
uint64_t world_wall_ns(void);
uint64_t world_absolute_ns_at(double awake_s);
uint64_t world_to_ticks(uint64_t ns);
void world_timebase(uint32_t *numer, uint32_t *denom);

/* Lets the machine run until then: tests jump, on the real clocks the caller sleeps. */
void world_wait_until(uint64_t absolute_ns);

/* Bytes written as hex; the count, at most size. */
size_t world_unhex(const char *hex, uint8_t *bytes, size_t size);

#endif
