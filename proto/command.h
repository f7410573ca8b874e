/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_H
#define COMMAND_H

#include <stddef.h>

#include "proto/request.h"

/* How a member is read. */
enum member_type {
	TYPE_INTEGER, /* int64_t */
	TYPE_BOOL,
	TYPE_STRING, /* const char * */
	TYPE_LABEL,  /* the same, of [A-Za-z0-9_.-] */
	TYPE_CURSOR,
	TYPE_MARK,   /* string or integer */
	TYPE_STREAM, /* a word, as its enum */
	TYPE_ON_GAP,
	TYPE_LAG,
	TYPE_FORMAT,
	TYPE_SORT,
	TYPE_AGG,   /* a word, as a list of one */
	TYPE_AGGS,  /* a word or an array of words */
	TYPE_KINDS, /* an array of words, as a set */
	TYPE_INTEGERS,
	TYPE_PATTERNS,
	TYPE_COUNT
};

/* A row of members.def. */
struct member_row {
	const char *name;
	size_t offset; /* of the field in struct request */
	enum member_type type;
	int64_t low, high;
	unsigned streams; /* 1 << enum stream */
};

extern const struct member_row member_rows[MEMBER_TOTAL];

/* OP_UNKNOWN when there is none of that name. */
enum op command_find(const char *name);

/* The member that name means for that op; MEMBER_TOTAL when it has none of that name. */
enum member command_member(enum op op, const char *name);

/* Fills in what members mean that are not given.  r->op is known, in these three. */
void command_set_defaults(struct request *r);

/* Whether every member is there that the op must have; else it fails the request. */
bool command_check_required(struct request *r);

/* Whether the decoded members go together; else it fails the request. */
bool command_check_together(struct request *r);

#endif
