/* SPDX-License-Identifier: MIT */
#ifndef VALIDATE_H
#define VALIDATE_H

#include <stddef.h>

#define JSON_DEPTH_MAX 8    /* arrays and objects inside each other */
#define JSON_TOKENS_MAX 512 /* values (containers too) plus keys */

/* What is wrong with a text, in the order in which it is looked for. */
enum json_fault {
	JSON_VALID,
	JSON_BAD_UTF8,	  /* not well-formed UTF-8 */
	JSON_BAD_CONTROL, /* a byte below 0x20 other than TAB */
	JSON_BAD_NUL,	  /* the escape for U+0000, which cuts strings short in C */
	JSON_BAD_DEPTH,
	JSON_BAD_SYNTAX, /* not RFC 8259, an escape of half a surrogate pair, or a BOM */
	JSON_BAD_TOKENS
};

/*
 * Judges one JSON text of n bytes, strictly by RFC 8259 and the limits above.  When there are
 * several faults the first in the order of the enum is the answer, wherever in the text it is.
 * No allocation, no recursion, linear time.
 */
enum json_fault json_validate(const char *s, size_t n);

/* "utf8", "control"...; NULL for JSON_VALID. */
const char *json_fault_reason(enum json_fault fault);

/* For people: "line is not valid UTF-8"...; NULL for JSON_VALID. */
const char *json_fault_message(enum json_fault fault);

#endif
