/* SPDX-License-Identifier: MIT */
#ifndef DUMPREPORT_H
#define DUMPREPORT_H

#include <stdint.h>

#include "daemon/source/common/jsonfile.h"

/* The IOReport section of the description of a machine: channels watched for some seconds. */
struct dumpreport;

struct dumpreport *dumpreport_open(void);
void dumpreport_close(struct dumpreport *d);

/* Takes a sample of every group; now is awake time. */
void dumpreport_poll(struct dumpreport *d, uint64_t now_ns);

void dumpreport_write(const struct dumpreport *d, struct jsonfile *j);

#endif
