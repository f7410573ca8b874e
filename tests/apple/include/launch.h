/* SPDX-License-Identifier: MIT */
#ifndef APPLE_LAUNCH_H
#define APPLE_LAUNCH_H

#include <stddef.h>

/* The part of launch.h (SDK 12) that is used. */
int launch_activate_socket(const char *name, int **fds, size_t *count);

#endif
