/* SPDX-License-Identifier: MIT */
#ifndef RESPONSIBLE_H
#define RESPONSIBLE_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Which application a process works for, as a browser's helpers do for it.  The function has no
 * header and is looked up by name; without it everybody works for itself.
 */
struct responsible {
	void *library;
	pid_t (*ask)(pid_t pid);
};

void responsible_open(struct responsible *r);
void responsible_close(struct responsible *r);

/* 0 = itself, or nobody says. */
int32_t responsible_of(const struct responsible *r, int32_t pid);

#endif
