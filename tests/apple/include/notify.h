/* SPDX-License-Identifier: MIT */
#ifndef APPLE_NOTIFY_H
#define APPLE_NOTIFY_H

#include <stdint.h>

/* The part of notify.h (SDK 12) that is used. */
#define NOTIFY_STATUS_OK 0

uint32_t notify_register_check(const char *name, int *token);
uint32_t notify_get_state(int token, uint64_t *state);
uint32_t notify_cancel(int token);

#endif
