/* SPDX-License-Identifier: MIT */
#include "client/timespec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/suggest.h"
#include "proto/duration.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define DURATION_MAX_MS (INT64_C(36525) * DAY_MS)
#define UNIX_MAX_S INT64_C(253402300799) /* the last second of the year 9999 */

struct timespec_unit {
	const char *name;
	int64_t ms;
};

/* "ms" before "m". */
static const struct timespec_unit timespec_units[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60 * 1000 },
	{ "h", 3600 * 1000 },
	{ "d", DAY_MS },
	{ "w", 7 * DAY_MS },
};

static bool timespec_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether text is digits with at most one point in between, and nothing else. */
static bool timespec_is_bare(const char *text)
{
	size_t digits = strspn(text, "0123456789.");

	return digits > 0 && text[digits] == '\0';
}

/* Reads digits and a fraction, in thousandths; what is beyond them is cut off. */
static bool timespec_number(const char **text, int64_t *milli)
{
	const char *s = *text;
	int64_t whole = 0, part = 0, scale = 100;

	if (!timespec_is_digit(*s))
		return false;
	for (; timespec_is_digit(*s); s++)
		if (whole <= DURATION_MAX_MS)
			whole = whole * 10 + (*s - '0');
	if (s[0] == '.' && timespec_is_digit(s[1]))
		for (s++; timespec_is_digit(*s); s++, scale /= 10)
			part += scale * (*s - '0');
	*milli = whole * 1000 + part;
	*text = s;
	return true;
}

static const struct timespec_unit *timespec_unit(const char **text)
{
	size_t n = sizeof(timespec_units) / sizeof(*timespec_units);

	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(timespec_units[i].name);

		if (strncmp(*text, timespec_units[i].name, length) == 0) {
			*text += length;
			return &timespec_units[i];
		}
	}
	return NULL;
}

/* Reads as many "number unit" as there are; where it ends is the caller's to judge. */
static bool timespec_terms(const char **text, int64_t *ms)
{
	bool any = false;

	*ms = 0;
	while (timespec_is_digit(**text)) {
		const struct timespec_unit *unit;
		int64_t milli;

		if (!timespec_number(text, &milli))
			return false;
		unit = timespec_unit(text);
		if (!unit || milli / 1000 > DURATION_MAX_MS / unit->ms)
			return false;
		*ms += milli * unit->ms / 1000;
		if (*ms > DURATION_MAX_MS)
			return false;
		any = true;
	}
	return any;
}

static int timespec_refuse_bare(const char *text, char why[TIMESPEC_WHY_MAX])
{
	if (text[strspn(text, "0.")] == '\0')
		snprintf(why, TIMESPEC_WHY_MAX,
			"\"%.32s\" has no unit: write 500ms, 5s or 1m30s", text);
	else
		snprintf(why, TIMESPEC_WHY_MAX,
			"\"%.32s\" has no unit: did you mean %.32ss or %.32sm?", text, text,
			text);
	return -EINVAL;
}

int timespec_parse_duration(const char *text, int64_t *ms, char why[TIMESPEC_WHY_MAX])
{
	char guess[DURATION_TEXT_MAX];
	const char *s = text;

	if (timespec_is_bare(text))
		return timespec_refuse_bare(text, why);
	if (timespec_terms(&s, ms) && *s == '\0')
		return 0;
	if (duration_guess(guess, text))
		snprintf(why, TIMESPEC_WHY_MAX, "\"%.40s\" is no duration: did you mean %s?",
			text, guess);
	else
		snprintf(why, TIMESPEC_WHY_MAX,
			"\"%.40s\" is no duration: write 500ms, 5s, 1m30s, 2h, 1d or 1w", text);
	return -EINVAL;
}

/* Exactly n digits. */
static bool timespec_digits(const char **text, int n, int *value)
{
	*value = 0;
	for (int i = 0; i < n; i++) {
		if (!timespec_is_digit((*text)[i]))
			return false;
		*value = *value * 10 + ((*text)[i] - '0');
	}
	*text += n;
	return true;
}

static bool timespec_skip(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

/* Seconds since 1970 of broken-down UTC.  Days are counted from March (H. Hinnant's "days from
 * civil"), so that a leap day is the last one of its year. */
static int64_t timespec_from_utc(const struct tm *tm)
{
	int64_t year = tm->tm_year + 1900 - (tm->tm_mon < 2);
	int64_t era = year / 400, of_era = year % 400;
	int64_t of_year = (153 * ((tm->tm_mon + 10) % 12) + 2) / 5 + tm->tm_mday - 1;
	int64_t days =
		era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;

	return days * 86400 + INT64_C(3600) * tm->tm_hour + tm->tm_min * 60 + tm->tm_sec;
}

static int64_t timespec_from_tm(const struct tm *tm, bool utc)
{
	struct tm local = *tm;

	local.tm_isdst = -1;
	return utc ? timespec_from_utc(tm) : (int64_t)mktime(&local);
}

static void timespec_to_tm(int64_t wall_ms, bool utc, struct tm *tm)
{
	time_t t = (time_t)(wall_ms / 1000);

	if (utc)
		gmtime_r(&t, tm);
	else
		localtime_r(&t, tm);
}

static int timespec_month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool timespec_date(const char **text, struct tm *tm)
{
	int year, month, day;

	if (!timespec_digits(text, 4, &year) || !timespec_skip(text, '-') ||
		!timespec_digits(text, 2, &month) || !timespec_skip(text, '-') ||
		!timespec_digits(text, 2, &day))
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
		day > timespec_month_days(year, month))
		return false;
	*tm = (struct tm){ .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day };
	return true;
}

static bool timespec_clock(const char **text, struct tm *tm, int64_t *ms)
{
	const char *start;
	int64_t milli = 0;
	int second;

	*ms = 0;
	tm->tm_sec = 0;
	if (!timespec_digits(text, 2, &tm->tm_hour) || !timespec_skip(text, ':') ||
		!timespec_digits(text, 2, &tm->tm_min) || tm->tm_hour > 23 || tm->tm_min > 59)
		return false;
	if (!timespec_skip(text, ':'))
		return true;
	start = *text;
	if (!timespec_digits(text, 2, &second) || second > 59 ||
		!timespec_number(&start, &milli))
		return false;
	*text = start;
	tm->tm_sec = second;
	*ms = milli % 1000;
	return true;
}

/* "", "Z" or "+01:00"; the offset is what stands there, in seconds. */
static bool timespec_zone(const char *text, bool *given, int *offset_s)
{
	int hours, minutes, sign = *text == '-' ? -1 : 1;

	*given = *text != '\0';
	*offset_s = 0;
	if (!*given || strcmp(text, "Z") == 0)
		return true;
	if (!timespec_skip(&text, '+') && !timespec_skip(&text, '-'))
		return false;
	if (!timespec_digits(&text, 2, &hours) || !timespec_skip(&text, ':') ||
		!timespec_digits(&text, 2, &minutes) || hours > 14 || minutes > 59)
		return false;
	*offset_s = sign * (hours * 3600 + minutes * 60);
	return *text == '\0';
}

static bool timespec_calendar(
	const char *text, const struct timespec_now *now, struct timespec_value *value)
{
	struct tm tm;
	int64_t ms = 0;
	int offset_s;
	bool zoned;

	if (!timespec_date(&text, &tm))
		return false;
	if ((*text == 'T' || *text == ' ') && (text++, !timespec_clock(&text, &tm, &ms)))
		return false;
	if (!timespec_zone(text, &zoned, &offset_s))
		return false;
	*value = (struct timespec_value){ TIMESPEC_AT, 0 };
	value->ms = (timespec_from_tm(&tm, zoned || now->utc) - offset_s) * 1000 + ms;
	return true;
}

static bool timespec_time_of_day(
	const char *text, const struct timespec_now *now, struct timespec_value *value)
{
	struct tm tm;
	int64_t ms;

	timespec_to_tm(now->wall_ms, now->utc, &tm);
	if (!timespec_clock(&text, &tm, &ms) || *text != '\0')
		return false;
	*value = (struct timespec_value){ TIMESPEC_AT, 0 };
	value->ms = timespec_from_tm(&tm, now->utc) * 1000 + ms;
	if (value->ms <= now->wall_ms)
		return true;
	tm.tm_mday--;
	value->ms = timespec_from_tm(&tm, now->utc) * 1000 + ms;
	return true;
}

/* Midnight of the day so many days before today. */
static int64_t timespec_midnight(const struct timespec_now *now, int days)
{
	struct tm tm;

	timespec_to_tm(now->wall_ms, now->utc, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday -= days;
	return timespec_from_tm(&tm, now->utc) * 1000;
}

static bool timespec_word(
	const char *text, const struct timespec_now *now, struct timespec_value *value)
{
	if (strcmp(text, "now") == 0)
		*value = (struct timespec_value){ TIMESPEC_AGO, 0 };
	else if (strcmp(text, "boot") == 0)
		*value = (struct timespec_value){ TIMESPEC_BOOT, 0 };
	else if (strcmp(text, "today") == 0)
		*value = (struct timespec_value){ TIMESPEC_AT, timespec_midnight(now, 0) };
	else if (strcmp(text, "yesterday") == 0)
		*value = (struct timespec_value){ TIMESPEC_AT, timespec_midnight(now, 1) };
	else
		return false;
	return true;
}

static bool timespec_unix(const char *text, struct timespec_value *value)
{
	int64_t milli;

	if (*text++ != '@' || !timespec_number(&text, &milli) || *text != '\0' ||
		milli / 1000 > UNIX_MAX_S)
		return false;
	*value = (struct timespec_value){ TIMESPEC_AT, milli };
	return true;
}

static bool timespec_ago(const char *text, struct timespec_value *value)
{
	bool minus = timespec_skip(&text, '-');

	value->kind = TIMESPEC_AGO;
	if (!timespec_terms(&text, &value->ms))
		return false;
	if (*text == '\0')
		return true;
	return !minus && strcmp(text + strspn(text, " "), "ago") == 0;
}

/* The word or the duration that a text is like; NULL = none. */
static const char *timespec_guess(char to[DURATION_TEXT_MAX], const char *text)
{
	static const char *const words[] = { "now", "today", "yesterday", "boot" };
	struct suggest guess;

	suggest_begin(&guess, text);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		suggest_offer(&guess, words[i]);
	return guess.guess ? guess.guess : duration_guess(to, text);
}

int timespec_parse(const char *text, const struct timespec_now *now,
	struct timespec_value *value, char why[TIMESPEC_WHY_MAX])
{
	const char *number = *text == '-' ? text + 1 : text;
	char to[DURATION_TEXT_MAX];
	const char *guess;

	if (timespec_word(text, now, value) || timespec_unix(text, value) ||
		timespec_ago(text, value) || timespec_calendar(text, now, value) ||
		timespec_time_of_day(text, now, value))
		return 0;
	if (timespec_is_bare(number))
		return timespec_refuse_bare(number, why);
	guess = timespec_guess(to, text);
	if (guess) {
		snprintf(why, TIMESPEC_WHY_MAX, "\"%.40s\" is no time: did you mean %s?", text,
			guess);
		return -EINVAL;
	}
	snprintf(why, TIMESPEC_WHY_MAX,
		"\"%.40s\" is no time: write 5m, \"5m ago\", 10:30, 2026-01-31, "
		"\"2026-01-31 10:30:05\", today, yesterday, @UNIX or boot",
		text);
	return -EINVAL;
}
