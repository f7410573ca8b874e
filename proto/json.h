/* SPDX-License-Identifier: MIT */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/buf.h"

/* The largest integer that every JSON reader keeps: 2^53 - 1 (RFC 7493, section 2.2). */
#define JSON_INTEGER_MAX INT64_C(9007199254740991)

/* Most bytes that one number takes: "-", 16 digits, a point, and a leading zero. */
#define JSON_NUMBER_MAX 24

/* Decimals of a fixed-point number are 0 to this. */
#define JSON_DECIMALS_MAX 9

/*
 * Writes JSON into a buffer, appending only; commas come by themselves.  Nothing checks that
 * the calls nest well: that is the caller's promise.  When the buffer overflows (buf_ok() is
 * false) its text is cut and must not be sent.
 */
struct json {
	struct buf *out;
	bool comma; /* the next key or value needs one before it */
};

void json_init(struct json *j, struct buf *out);

void json_object_open(struct json *j);
void json_object_close(struct json *j);
void json_array_open(struct json *j);
void json_array_close(struct json *j);

/* The key is written as it is: it must hold nothing that needs an escape. */
void json_key(struct json *j, const char *key);

/* Quotes, backslashes and control characters are escaped, invalid UTF-8 becomes U+FFFD. */
void json_string(struct json *j, const char *text); /* NULL writes null */
void json_string_n(struct json *j, const char *text, size_t n);

/* Values beyond +-JSON_INTEGER_MAX are written as +-JSON_INTEGER_MAX. */
void json_int(struct json *j, int64_t value);
void json_uint(struct json *j, uint64_t value);
void json_bool(struct json *j, bool value);
void json_null(struct json *j);

/* See json_format_fixed(). */
void json_fixed(struct json *j, double x, int decimals);

/* Appends a value that is JSON already. */
void json_raw(struct json *j, const char *text, size_t n);

void json_kv_string(struct json *j, const char *key, const char *text); /* NULL writes null */
void json_kv_int(struct json *j, const char *key, int64_t value);
void json_kv_uint(struct json *j, const char *key, uint64_t value);
void json_kv_bool(struct json *j, const char *key, bool value);
void json_kv_null(struct json *j, const char *key);
void json_kv_fixed(struct json *j, const char *key, double x, int decimals);

/*
 * Writes x with at most that many decimals (0 to JSON_DECIMALS_MAX): llround(x * 10^decimals),
 * without trailing zeros or a lone point, never with an exponent, never "-0".  NaN and the
 * infinities are "null".  Where x * 10^decimals is beyond +-JSON_INTEGER_MAX, decimals are
 * given up one by one, and what is beyond it as an integer is written as +-JSON_INTEGER_MAX.
 * Returns the length, at most JSON_NUMBER_MAX; no NUL is written.
 */
size_t json_format_fixed(char *to, double x, int decimals);

/* The same for an integer. */
size_t json_format_int(char *to, int64_t value);

#endif
