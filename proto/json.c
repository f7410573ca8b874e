/* SPDX-License-Identifier: MIT */
#include "proto/json.h"

#include <math.h>
#include <string.h>

#include "proto/utf8.h"

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
				  "25262728293031323334353637383940414243444546474849"
				  "50515253545556575859606162636465666768697071727374"
				  "75767778798081828384858687888990919293949596979899";

static const double powers[JSON_DECIMALS_MAX + 1] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8,
	1e9 };

/* Numbers are written where they go, from their ends on: how long they are is known first. */
static size_t json_count_digits(uint64_t u)
{
	static const uint64_t tens[] = { 0, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
		100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
		100000000000000, 1000000000000000, 10000000000000000 };
	unsigned bits = 64 - (unsigned)__builtin_clzll(u | 1);
	unsigned most = bits * 1233 >> 12; /* bits * log10(2), rounded down */

	return most + (u >= tens[most]);
}

/* Writes the digits of u so that they end before end. */
static void json_digits(char *end, uint64_t u)
{
	while (u >= 100) {
		end -= 2;
		memcpy(end, digit_pairs + 2 * (u % 100), 2);
		u /= 100;
	}
	if (u >= 10)
		memcpy(end - 2, digit_pairs + 2 * u, 2);
	else
		end[-1] = (char)('0' + u);
}

size_t json_format_int(char *to, int64_t value)
{
	uint64_t u = value < 0 ? -(uint64_t)value : (uint64_t)value;
	size_t sign = value < 0, count;

	to[0] = '-';
	if (u > (uint64_t)JSON_INTEGER_MAX)
		u = (uint64_t)JSON_INTEGER_MAX;
	count = json_count_digits(u);
	json_digits(to + sign + count, u);
	return sign + count;
}

/* u / 10^decimals; decimals > 0. */
static size_t json_format_point(char *to, uint64_t u, size_t decimals)
{
	size_t count = json_count_digits(u);
	size_t whole = count > decimals ? count - decimals : 1;
	char *point = to + whole;

	for (char *digit = point + decimals; digit > point; digit--) {
		*digit = (char)('0' + u % 10);
		u /= 10;
	}
	*point = '.';
	json_digits(point, u);
	return whole + 1 + decimals;
}

/* As llround(), of what an int64_t holds. */
static int64_t json_round(double x)
{
	int64_t n = (int64_t)x;
	double rest = x - (double)n;

	return n + (rest >= 0.5) - (rest <= -0.5);
}

size_t json_format_fixed(char *to, double x, int decimals)
{
	static const char null[] = { 'n', 'u', 'l', 'l' };
	double limit = (double)JSON_INTEGER_MAX, scaled;
	size_t sign;
	int64_t n;

	if (!isfinite(x)) {
		memcpy(to, null, sizeof(null));
		return sizeof(null);
	}
	while (fabs(scaled = x * powers[decimals]) > limit && decimals > 0)
		decimals--;
	if (fabs(scaled) > limit)
		return json_format_int(to, scaled < 0 ? -JSON_INTEGER_MAX : JSON_INTEGER_MAX);
	n = json_round(scaled);
	while (decimals > 0 && n % 10 == 0) {
		n /= 10;
		decimals--;
	}
	if (decimals == 0)
		return json_format_int(to, n);
	sign = n < 0;
	to[0] = '-';
	return sign +
		json_format_point(to + sign, (uint64_t)(n < 0 ? -n : n), (size_t)decimals);
}

void json_init(struct json *j, struct buf *out)
{
	*j = (struct json){ .out = out };
}

/* Starts a value: the comma, if one is due; one is due before the next. */
static void json_value(struct json *j)
{
	if (j->comma)
		buf_add(j->out, ",", 1);
	j->comma = true;
}

static void json_open(struct json *j, const char *bracket)
{
	json_value(j);
	buf_add(j->out, bracket, 1);
	j->comma = false;
}

static void json_close(struct json *j, const char *bracket)
{
	buf_add(j->out, bracket, 1);
	j->comma = true;
}

void json_object_open(struct json *j)
{
	json_open(j, "{");
}

void json_object_close(struct json *j)
{
	json_close(j, "}");
}

void json_array_open(struct json *j)
{
	json_open(j, "[");
}

void json_array_close(struct json *j)
{
	json_close(j, "]");
}

void json_key(struct json *j, const char *key)
{
	json_value(j);
	buf_add(j->out, "\"", 1);
	buf_puts(j->out, key);
	buf_add(j->out, "\":", 2);
	j->comma = false;
}

/* Writes what stands for the one byte at s, which cannot stand for itself. */
static void json_escape(struct buf *out, unsigned char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt",
			  hex[] = "0123456789abcdef";
	const char *short_form = c ? strchr(from, c) : NULL;

	if (c >= 0x80) {
		buf_puts(out, "\xEF\xBF\xBD");
	} else if (short_form) {
		buf_add(out, (char[]){ '\\', to[short_form - from] }, 2);
	} else {
		buf_puts(out, "\\u00");
		buf_add(out, (char[]){ hex[c >> 4], hex[c & 15] }, 2);
	}
}

/* Length of the character at s if it may stand in a JSON string as it is, else 0. */
static size_t json_plain(const char *s, size_t n)
{
	unsigned char c = (unsigned char)*s;

	if (c >= 0x80)
		return utf8_sequence(s, n);
	return c >= 0x20 && c != '"' && c != '\\';
}

void json_string_n(struct json *j, const char *text, size_t n)
{
	size_t start = 0, i = 0;

	json_value(j);
	buf_add(j->out, "\"", 1);
	while (i < n) {
		size_t plain = json_plain(text + i, n - i);

		i += plain;
		if (plain)
			continue;
		buf_add(j->out, text + start, i - start);
		json_escape(j->out, (unsigned char)text[i]);
		start = ++i;
	}
	buf_add(j->out, text + start, n - start);
	buf_add(j->out, "\"", 1);
}

void json_string(struct json *j, const char *text)
{
	if (text)
		json_string_n(j, text, strlen(text));
	else
		json_null(j);
}

void json_int(struct json *j, int64_t value)
{
	char text[JSON_NUMBER_MAX];

	json_raw(j, text, json_format_int(text, value));
}

void json_uint(struct json *j, uint64_t value)
{
	json_int(j, value > (uint64_t)JSON_INTEGER_MAX ? JSON_INTEGER_MAX : (int64_t)value);
}

void json_bool(struct json *j, bool value)
{
	json_raw(j, value ? "true" : "false", value ? 4 : 5);
}

void json_null(struct json *j)
{
	json_raw(j, "null", 4);
}

void json_fixed(struct json *j, double x, int decimals)
{
	char text[JSON_NUMBER_MAX];

	json_raw(j, text, json_format_fixed(text, x, decimals));
}

void json_raw(struct json *j, const char *text, size_t n)
{
	json_value(j);
	buf_add(j->out, text, n);
}

void json_kv_string(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_string(j, text);
}

void json_kv_int(struct json *j, const char *key, int64_t value)
{
	json_key(j, key);
	json_int(j, value);
}

void json_kv_uint(struct json *j, const char *key, uint64_t value)
{
	json_key(j, key);
	json_uint(j, value);
}

void json_kv_bool(struct json *j, const char *key, bool value)
{
	json_key(j, key);
	json_bool(j, value);
}

void json_kv_null(struct json *j, const char *key)
{
	json_key(j, key);
	json_null(j);
}

void json_kv_fixed(struct json *j, const char *key, double x, int decimals)
{
	json_key(j, key);
	json_fixed(j, x, decimals);
}
