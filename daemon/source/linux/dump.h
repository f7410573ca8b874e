/* SPDX-License-Identifier: MIT */
#ifndef LINUX_DUMP_H
#define LINUX_DUMP_H

#include <stdio.h>

#include "daemon/source/source.h"

/* platform_dump() of the machine whose files are below root ("" = this one). */
int linux_dump(FILE *f, const char *root, struct fault *why);

#endif
