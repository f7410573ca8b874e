/* SPDX-License-Identifier: MIT */
#include "proto/validate.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "proto/utf8.h"

/*
 * Longer numbers are refused: cJSON before 1.7.19 copies a number into 64 bytes and takes up
 * again behind what it copied, so it would read the rest as something else.
 */
#define NUMBER_MAX 63

/* What may come next. */
enum expect {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_CLOSE, /* behind [ */
	EXPECT_KEY,	       /* behind , in an object */
	EXPECT_KEY_OR_CLOSE,   /* behind { */
	EXPECT_COLON,
	EXPECT_COMMA_OR_CLOSE,
	EXPECT_END
};

struct scan {
	const char *p, *end;
	unsigned depth, tokens;
	bool object[JSON_DEPTH_MAX]; /* else it is an array */
	enum expect expect;
};

static enum json_fault validate_bytes(const char *s, size_t n)
{
	bool control = false;

	for (size_t i = 0, step; i < n; i += step) {
		step = utf8_sequence(s + i, n - i);
		if (step == 0)
			return JSON_BAD_UTF8;
		control |= (unsigned char)s[i] < 0x20 && s[i] != '\t';
	}
	return control ? JSON_BAD_CONTROL : JSON_VALID;
}

/* Length of the string that starts at s, which holds n bytes, with the quotes that are there.
 */
static size_t validate_string(const char *s, size_t n, bool *nul)
{
	size_t i = 1;

	while (i < n && s[i] != '"') {
		if (n - i >= 6 && memcmp(s + i, "\\u0000", 6) == 0)
			*nul = true;
		i += s[i] == '\\' ? 2 : 1;
	}
	return i < n ? i + 1 : n;
}

/*
 * Looks at a text that need not be JSON: strings are what stands between quotes, brackets count
 * outside of them.
 */
static enum json_fault validate_shape(const char *s, size_t n)
{
	unsigned depth = 0, deepest = 0;
	bool nul = false;

	for (size_t i = 0, step; i < n; i += step) {
		step = s[i] == '"' ? validate_string(s + i, n - i, &nul) : 1;
		if (s[i] == '[' || s[i] == '{')
			depth++;
		else if ((s[i] == ']' || s[i] == '}') && depth > 0)
			depth--;
		deepest = depth > deepest ? depth : deepest;
	}
	if (nul)
		return JSON_BAD_NUL;
	return deepest > JSON_DEPTH_MAX ? JSON_BAD_DEPTH : JSON_VALID;
}

static bool scan_is(const struct scan *s, char c)
{
	return s->p < s->end && *s->p == c;
}

static bool scan_skip(struct scan *s, char c)
{
	bool is = scan_is(s, c);

	s->p += is;
	return is;
}

static bool scan_digits(struct scan *s)
{
	const char *start = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > start;
}

static bool scan_number(struct scan *s)
{
	const char *start = s->p;

	scan_skip(s, '-');
	if (!scan_skip(s, '0') && !scan_digits(s))
		return false;
	if (scan_skip(s, '.') && !scan_digits(s))
		return false;
	if (scan_skip(s, 'e') || scan_skip(s, 'E')) {
		if (!scan_skip(s, '+'))
			scan_skip(s, '-');
		if (!scan_digits(s))
			return false;
	}
	return s->p - start <= NUMBER_MAX;
}

/* Reads the four digits of an escape; -1 when they are not there. */
static int scan_hex4(struct scan *s)
{
	int value = 0;

	for (int i = 0; i < 4; i++, s->p++) {
		int c = s->p < s->end ? *s->p : 0;

		if (c >= '0' && c <= '9')
			value = value << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/* What follows \u, and the second half of a surrogate pair behind the first. */
static bool scan_unicode(struct scan *s)
{
	int first = scan_hex4(s), second;

	if (first < 0xD800 || first > 0xDFFF)
		return first >= 0;
	if (first > 0xDBFF || !scan_skip(s, '\\') || !scan_skip(s, 'u'))
		return false;
	second = scan_hex4(s);
	return second >= 0xDC00 && second <= 0xDFFF;
}

/* What follows a backslash. */
static bool scan_escape(struct scan *s)
{
	if (s->p == s->end)
		return false;
	if (*s->p == 'u') {
		s->p++;
		return scan_unicode(s);
	}
	return *s->p && strchr("\"\\/bfnrt", *s->p++);
}

static bool scan_string(struct scan *s)
{
	if (!scan_skip(s, '"'))
		return false;
	while (s->p < s->end) {
		unsigned char c = (unsigned char)*s->p++;

		if (c == '"')
			return true;
		if (c < 0x20 || (c == '\\' && !scan_escape(s)))
			return false;
	}
	return false;
}

static bool scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return false;
	s->p += n;
	return true;
}

/* What may follow a value that is complete. */
static enum expect scan_after_value(const struct scan *s)
{
	return s->depth > 0 ? EXPECT_COMMA_OR_CLOSE : EXPECT_END;
}

static void scan_open(struct scan *s, bool object)
{
	assert(s->depth < JSON_DEPTH_MAX); /* validate_shape() saw all of them */
	s->p++;
	s->object[s->depth++] = object;
	s->expect = object ? EXPECT_KEY_OR_CLOSE : EXPECT_VALUE_OR_CLOSE;
}

/* Whether what is open ends here. */
static bool scan_close(struct scan *s)
{
	if (!scan_skip(s, s->object[s->depth - 1] ? '}' : ']'))
		return false;
	s->depth--;
	s->expect = scan_after_value(s);
	return true;
}

static bool scan_value(struct scan *s)
{
	bool ok;

	s->tokens++;
	switch (*s->p) {
	case '{':
	case '[':
		scan_open(s, *s->p == '{');
		return true;
	case '"':
		ok = scan_string(s);
		break;
	case 't':
		ok = scan_word(s, "true");
		break;
	case 'f':
		ok = scan_word(s, "false");
		break;
	case 'n':
		ok = scan_word(s, "null");
		break;
	default:
		ok = scan_number(s);
	}
	s->expect = scan_after_value(s);
	return ok;
}

static bool scan_key(struct scan *s)
{
	s->tokens++;
	s->expect = EXPECT_COLON;
	return scan_string(s);
}

static bool scan_comma(struct scan *s)
{
	s->expect = s->object[s->depth - 1] ? EXPECT_KEY : EXPECT_VALUE;
	return scan_skip(s, ',');
}

/* Reads one token; there is a byte to read. */
static bool scan_token(struct scan *s)
{
	switch (s->expect) {
	case EXPECT_VALUE_OR_CLOSE:
		return scan_close(s) || scan_value(s);
	case EXPECT_VALUE:
		return scan_value(s);
	case EXPECT_KEY_OR_CLOSE:
		return scan_close(s) || scan_key(s);
	case EXPECT_KEY:
		return scan_key(s);
	case EXPECT_COLON:
		s->expect = EXPECT_VALUE;
		return scan_skip(s, ':');
	case EXPECT_COMMA_OR_CLOSE:
		return scan_close(s) || scan_comma(s);
	case EXPECT_END:
		break;
	}
	return false;
}

/* The bytes are well-formed UTF-8 without control characters but TAB. */
static enum json_fault validate_syntax(const char *text, size_t n)
{
	struct scan s = { .p = text, .end = text + n, .expect = EXPECT_VALUE };

	for (;;) {
		while (scan_is(&s, ' ') || scan_is(&s, '\t'))
			s.p++;
		if (s.p == s.end)
			break;
		if (!scan_token(&s))
			return JSON_BAD_SYNTAX;
	}
	if (s.expect != EXPECT_END)
		return JSON_BAD_SYNTAX;
	return s.tokens > JSON_TOKENS_MAX ? JSON_BAD_TOKENS : JSON_VALID;
}

enum json_fault json_validate(const char *s, size_t n)
{
	enum json_fault fault = validate_bytes(s, n);

	if (fault == JSON_VALID)
		fault = validate_shape(s, n);
	if (fault == JSON_VALID)
		fault = validate_syntax(s, n);
	return fault;
}

const char *json_fault_reason(enum json_fault fault)
{
	static const char *const reasons[] = { NULL, "utf8", "control", "nul", "depth",
		"syntax", "tokens" };

	return reasons[fault];
}

const char *json_fault_message(enum json_fault fault)
{
	static const char *const messages[] = { NULL, "line is not valid UTF-8",
		"control character in line", "\\u0000 is not allowed", "nested deeper than 8",
		"not a JSON text", "more than 512 tokens" };

	return messages[fault];
}
