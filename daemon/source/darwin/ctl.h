/* SPDX-License-Identifier: MIT */
#ifndef CTL_H
#define CTL_H

#include <stddef.h>
#include <stdint.h>

/* sysctl(3) by name.  Results are 0 or -errno. */

/* A number of 4 or 8 bytes, whichever the kernel has for it. */
int ctl_integer(const char *name, int64_t *value);

/* A string, trimmed of the spaces at its end; "" on failure. */
int ctl_text(const char *name, char *text, size_t size);

/* A structure of exactly that size. */
int ctl_struct(const char *name, void *value, size_t size);

#endif
