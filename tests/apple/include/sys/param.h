/* SPDX-License-Identifier: MIT */
#ifndef APPLE_SYS_PARAM_H
#define APPLE_SYS_PARAM_H

#include_next <sys/param.h>

/* What sys/param.h of SDK 12 has beside the C library's. */
#define MAXCOMLEN 16

#endif
