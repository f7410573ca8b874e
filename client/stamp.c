/* SPDX-License-Identifier: MIT */
#include "client/stamp.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

static bool stamp_break(int64_t ts_ms, bool utc, struct tm *tm)
{
	time_t t = (time_t)(ts_ms / 1000);

	return (utc ? gmtime_r(&t, tm) : localtime_r(&t, tm)) != NULL;
}

void stamp_clock(char to[STAMP_MAX], int64_t ts_ms, bool utc, bool millis)
{
	struct tm tm;
	size_t n;

	to[0] = '\0';
	if (!stamp_break(ts_ms, utc, &tm))
		return;
	n = strftime(to, STAMP_MAX, "%H:%M:%S", &tm);
	if (millis)
		snprintf(to + n, STAMP_MAX - n, ".%03d", (int)(ts_ms % 1000));
}

void stamp_date(char to[STAMP_MAX], int64_t ts_ms, bool utc)
{
	struct tm tm;

	to[0] = '\0';
	if (stamp_break(ts_ms, utc, &tm))
		strftime(to, STAMP_MAX, "%Y-%m-%d", &tm);
}

void stamp_full(char to[STAMP_MAX], int64_t ts_ms, bool utc)
{
	struct tm tm;

	to[0] = '\0';
	if (stamp_break(ts_ms, utc, &tm))
		strftime(to, STAMP_MAX, "%Y-%m-%d %H:%M:%S %Z", &tm);
}

void stamp_moment(char to[STAMP_MAX], int64_t ts_ms, bool utc)
{
	struct tm tm;

	to[0] = '\0';
	if (stamp_break(ts_ms, utc, &tm))
		strftime(to, STAMP_MAX, "%Y-%m-%d %H:%M:%S", &tm);
}

void stamp_span(char to[STAMP_MAX], int64_t ms)
{
	long long s = ms / 1000;

	if (ms < 100)
		snprintf(to, STAMP_MAX, "%lld ms", (long long)ms);
	else if (ms < 10000)
		snprintf(to, STAMP_MAX, "%.10g s", floor((double)ms / 100) / 10);
	else if (s < 60)
		snprintf(to, STAMP_MAX, "%lld s", s);
	else if (s < 3600)
		snprintf(to, STAMP_MAX, "%lldm%02llds", s / 60, s % 60);
	else if (s < 86400)
		snprintf(to, STAMP_MAX, "%lldh%02lldm", s / 3600, s / 60 % 60);
	else
		snprintf(to, STAMP_MAX, "%lldd%02lldh", s / 86400, s / 3600 % 24);
}

int64_t stamp_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
