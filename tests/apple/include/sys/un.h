/* SPDX-License-Identifier: MIT */
#ifndef APPLE_SYS_UN_H
#define APPLE_SYS_UN_H

#include_next <sys/un.h>

/* What sys/un.h of SDK 12 has beside the C library's. */
#define SOL_LOCAL 0
#define LOCAL_PEERPID 2

#endif
