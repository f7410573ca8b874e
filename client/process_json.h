/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_JSON_H
#define PROCESS_JSON_H

#include "client/processes.h"
#include "proto/buf.h"

/* Processes for programs, beside what the daemon sends itself. */

/* ts_ms, then the members of a row; what is not known is empty. */
void process_csv_header(struct buf *out);
void process_csv_rows(struct buf *out, const struct message *m);

/*
 * {"type":"groups","ts_ms":...,"groups":[{"name":"ollama","processes":3,...}]} without LF, from
 * a list of groups.  shown is how many processes they are made of.
 */
void process_json_groups(struct buf *out, const struct processes *p, int64_t shown);

#endif
