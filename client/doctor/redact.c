/* SPDX-License-Identifier: MIT */
#include "client/doctor/redact.h"

#include <ctype.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define REDACT_ADDRESS "<address>"
#define REDACT_UUID "<uuid>"
#define REDACT_SERIAL "<serial>"
#define REDACT_KEY_MAX 128 /* a key that is longer is not looked into */

#define MAC_DIGITS 12
#define MAC_LENGTH 17
#define IPV6_COLONS 7

/* Every machine has them: in their place nobody would be named, but much would be lost. */
static const char *const redact_common[] = { "root", "localhost", "nobody", "daemon", "user",
	"macos", "linux", "debian", "mac" };

void redact_add(struct redact *r, const char *word, const char *instead)
{
	if (!word || strlen(word) < 2 || strlen(word) >= REDACT_WORD_MAX ||
		r->count == REDACT_WORDS_MAX)
		return;
	for (size_t i = 0; i < sizeof(redact_common) / sizeof(*redact_common); i++)
		if (strcasecmp(word, redact_common[i]) == 0)
			return;
	snprintf(r->words[r->count].word, REDACT_WORD_MAX, "%s", word);
	r->words[r->count++].instead = instead;
}

static void redact_add_host(struct redact *r)
{
	char name[REDACT_WORD_MAX] = "";
	char *dot;

	if (gethostname(name, sizeof(name) - 1) < 0)
		return;
	redact_add(r, name, "<host>");
	dot = strchr(name, '.');
	if (!dot)
		return;
	*dot = '\0';
	redact_add(r, name, "<host>");
}

/* "Ann Example,Room 3,,": the name is what stands before the first comma. */
static void redact_add_user(struct redact *r)
{
	const struct passwd *user = getpwuid(geteuid());
	char name[REDACT_WORD_MAX];
	const char *folder;

	if (!user)
		return;
	redact_add(r, user->pw_name, "<user>");
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(user->pw_gecos, ","), user->pw_gecos);
	redact_add(r, name, "<user>");
	folder = strrchr(user->pw_dir, '/');
	if (folder)
		redact_add(r, folder + 1, "<user>");
}

void redact_here(struct redact *r)
{
	redact_add_host(r);
	redact_add_user(r);
}

/* ---- what stands at a place of the text: its length, 0 = no such thing ---- */

static bool redact_is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t redact_span(const char *text, size_t n, const char *letters)
{
	size_t length = 0;

	while (length < n && text[length] && strchr(letters, text[length]))
		length++;
	return length;
}

static const char redact_hex[] = "0123456789abcdefABCDEF";
static const char redact_digits[] = "0123456789";

/* Six pairs of digits with ':' or '-' between them. */
static size_t redact_mac(const char *text, size_t n)
{
	char between = '\0';

	if (n < MAC_LENGTH)
		return 0;
	between = text[2];
	if (between != ':' && between != '-')
		return 0;
	for (size_t i = 0; i < 6; i++)
		if (redact_span(text + 3 * i, 2, redact_hex) != 2 ||
			(i < 5 && text[3 * i + 2] != between))
			return 0;
	return MAC_LENGTH;
}

/* As interfaces are named after them, "enx001122aabbcc"; with a letter, or it is a number. */
static size_t redact_bare_mac(const char *text, size_t n)
{
	size_t digits = redact_span(text, n, redact_hex);

	return digits == MAC_DIGITS && redact_span(text, n, redact_digits) < digits ? digits
										    : 0;
}

static size_t redact_uuid(const char *text, size_t n)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	size_t at = 0;

	for (size_t i = 0; i < 5; i++) {
		if (n - at < groups[i] + (i < 4) ||
			redact_span(text + at, groups[i], redact_hex) != groups[i])
			return 0;
		at += groups[i];
		if (i < 4 && text[at++] != '-')
			return 0;
	}
	return at;
}

static size_t redact_ipv4(const char *text, size_t n)
{
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		size_t digits = redact_span(text + at, n - at, redact_digits);

		if (digits < 1 || digits > 3)
			return 0;
		at += digits;
		if (i < 3 && (at >= n || text[at++] != '.'))
			return 0;
	}
	return at < n && text[at] == '.' && at + 1 < n && isdigit((unsigned char)text[at + 1])
		? 0
		: at;
}

/* "10:30:05" is a time: an address has seven colons, or two in a row. */
static size_t redact_ipv6(const char *text, size_t n)
{
	static const char letters[] = "0123456789abcdefABCDEF:";
	size_t length = redact_span(text, n, letters), colons = 0, digits = 0;
	bool twice = false;

	for (size_t i = 0; i < length; i++) {
		colons += text[i] == ':';
		digits += text[i] != ':';
		twice = twice || (i > 0 && text[i] == ':' && text[i - 1] == ':');
	}
	return digits > 0 && colons >= 2 && (colons == IPV6_COLONS || twice) ? length : 0;
}

static const struct {
	size_t (*find)(const char *text, size_t n);
	const char *instead;
} redact_patterns[] = {
	{ redact_uuid, REDACT_UUID },
	{ redact_mac, REDACT_ADDRESS },
	{ redact_bare_mac, REDACT_ADDRESS },
	{ redact_ipv6, REDACT_ADDRESS },
	{ redact_ipv4, REDACT_ADDRESS },
};

/* ---- the text ---- */

static size_t redact_find_word(
	const struct redact *r, const char *text, size_t n, const char **instead)
{
	for (unsigned i = 0; i < r->count; i++) {
		size_t length = strlen(r->words[i].word);

		if (length > n || strncasecmp(text, r->words[i].word, length) != 0 ||
			(length < n && redact_is_word(text[length])))
			continue;
		*instead = r->words[i].instead;
		return length;
	}
	return 0;
}

static size_t redact_find_pattern(const char *text, size_t n, const char **instead)
{
	for (size_t i = 0; i < sizeof(redact_patterns) / sizeof(*redact_patterns); i++) {
		size_t length = redact_patterns[i].find(text, n);

		if (length == 0 || (length < n && redact_is_word(text[length])))
			continue;
		*instead = redact_patterns[i].instead;
		return length;
	}
	return 0;
}

/* A word begins here, or what an interface has after "enx" or "wlx". */
static bool redact_may_begin(const char *text, size_t at)
{
	if (at == 0 || !redact_is_word(text[at - 1]))
		return true;
	return at >= 3 &&
		(strncmp(text + at - 3, "enx", 3) == 0 ||
			strncmp(text + at - 3, "wlx", 3) == 0);
}

static bool redact_is_serial(const char *key, size_t n)
{
	char lower[REDACT_KEY_MAX + 1];

	if (n > REDACT_KEY_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		lower[i] = (char)tolower((unsigned char)key[i]);
	lower[n] = '\0';
	return strstr(lower, "serial") != NULL;
}

/* Length of a JSON string from its first quote to its last; 0 = it does not end. */
static size_t redact_string(const char *text, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (text[i] == '\\')
			i++;
		else if (text[i] == '"')
			return i + 1;
	}
	return 0;
}

/* At the quote of a key that speaks of a serial number: up to and with its value. */
static size_t redact_serial(struct buf *out, const char *text, size_t n)
{
	size_t key = *text == '"' ? redact_string(text, n) : 0, at = key, value;

	if (key < 2 || !redact_is_serial(text + 1, key - 2))
		return 0;
	at += redact_span(text + at, n - at, " \t\n");
	if (at >= n || text[at++] != ':')
		return 0;
	at += redact_span(text + at, n - at, " \t\n");
	value = at < n && text[at] == '"' ? redact_string(text + at, n - at)
					  : redact_span(text + at, n - at, redact_digits);
	if (value == 0)
		return 0;
	buf_add(out, text, at);
	buf_puts(out, "\"" REDACT_SERIAL "\"");
	return at + value;
}

void redact_text(const struct redact *r, struct buf *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n;) {
		const char *instead = NULL;
		size_t length = redact_serial(out, text + i, n - i);

		if (length == 0 && redact_may_begin(text, i)) {
			length = redact_find_word(r, text + i, n - i, &instead);
			if (length == 0)
				length = redact_find_pattern(text + i, n - i, &instead);
		}
		if (length == 0)
			buf_add(out, text + i++, 1);
		else if (instead)
			buf_puts(out, instead);
		i += length;
	}
}
