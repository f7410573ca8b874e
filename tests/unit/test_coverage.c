/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/fixture.h"
#include "tests/unit/judge.h"
#include "tests/unit/run.h"

/*
 * Random clients of random histories: whatever they ask and however they stall, every sample is
 * sent or told of, every request is answered once, and a page of history says what a
 * subscription says.  The same numbers come with the same seed: ACTOP_SEED=N make check.
 */

#define COVERAGE_RUNS 3000
#define COVERAGE_STEPS 60
#define COVERAGE_LINES_MAX 4096
#define COVERAGE_ASK_MAX 512

struct world {
	struct fixture fixture;
	struct session *session;
	struct judge judge;
	struct buf out;
	uint64_t random;
	uint64_t seed;
	int64_t id;
	unsigned subs;
};

static unsigned pick(struct world *w, unsigned n)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (unsigned)(w->random >> 33) % n;
}

static void world_init(struct world *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	w->seed = seed;
	w->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (unsigned i = 0; i < 8; i++)
		pick(w, 2);
	fixture_init(&w->fixture, 1 + pick(w, pick(w, 2) ? 8 : 200));
	w->session = session_new(&w->fixture.hub, 0, 0, true);
	buf_init(&w->out, FIXTURE_OUT_MAX);
}

static void world_fini(struct world *w)
{
	session_free(w->session);
	fixture_fini(&w->fixture);
	buf_fini(&w->out);
}

/* ---- what the client does ---- */

static void put_start(struct world *w, char *ask)
{
	uint64_t head = history_head(w->fixture.history);
	char *end = ask + strlen(ask);
	size_t room = COVERAGE_ASK_MAX - strlen(ask);

	switch (pick(w, 6)) {
	case 0:
		snprintf(end, room, ",\"after\":\"00000000000000e1:%" PRIu64 "\"",
			(uint64_t)pick(w, (unsigned)head + 2));
		break;
	case 1:
		snprintf(end, room, ",\"last_ms\":%u", 500 * pick(w, 60));
		break;
	case 2:
		snprintf(end, room, ",\"since_ms\":%" PRIi64,
			FIXTURE_T0_MS + 500 * (int64_t)pick(w, 2 * (unsigned)head + 4));
		break;
	case 3:
		snprintf(end, room, ",\"after\":\"00000000000000ff:7\"");
		break;
	default:
		break;
	}
}

static void world_send(struct world *w, char *ask)
{
	size_t n = strlen(ask);
	size_t cut;

	judge_asked(&w->judge, w->id);
	ask[n++] = '\n';
	cut = pick(w, (unsigned)n);
	session_feed(w->session, ask, cut);
	while (session_run(w->session))
		;
	session_feed(w->session, ask + cut, n - cut);
	while (session_run(w->session))
		;
}

static void ask_subscribe(struct world *w)
{
	static const char *const chosen[] = { "", ",\"metrics\":[\"a.gauge\",\"c.state\"]",
		",\"metrics\":[\"**\"]", ",\"metrics\":[\"x.*.util\"]",
		",\"metrics\":[\"no*\"]" };
	static const char *const options[] = { "", ",\"lag\":\"latest\"", ",\"lag\":\"all\"",
		",\"format\":\"array\"", ",\"agg\":\"max\"", ",\"snapshot\":false",
		",\"count\":3", ",\"on_gap\":\"fail\"", ",\"heartbeat_ms\":2000" };
	char ask[COVERAGE_ASK_MAX];

	snprintf(ask, sizeof(ask),
		"{\"op\":\"subscribe\",\"id\":%" PRIi64
		",\"sub\":\"s%u\",\"interval_ms\":%u%s%s",
		++w->id, pick(w, 10), 100 + 500 * pick(w, 12), chosen[pick(w, 5)],
		options[pick(w, 9)]);
	put_start(w, ask);
	strcat(ask, "}");
	world_send(w, ask);
}

static void ask_history(struct world *w)
{
	static const char *const options[] = { "", ",\"agg\":[\"min\",\"max\"]",
		",\"format\":\"array\"", ",\"on_gap\":\"fail\"", ",\"metrics\":[\"b.*\"]" };
	char ask[COVERAGE_ASK_MAX];

	snprintf(ask, sizeof(ask), "{\"op\":\"history\",\"id\":%" PRIi64 ",\"limit\":%u%s",
		++w->id, 1 + pick(w, 300), options[pick(w, 5)]);
	if (pick(w, 2))
		snprintf(ask + strlen(ask), sizeof(ask) - strlen(ask), ",\"step_ms\":%u",
			100 + 500 * pick(w, 12));
	put_start(w, ask);
	strcat(ask, "}");
	world_send(w, ask);
}

static void ask_events(struct world *w)
{
	static const char *const asks[] = { "\"op\":\"events\",\"limit\":6",
		"\"op\":\"events\",\"kinds\":[\"alert\"],\"until_ms\":1700000050000",
		"\"op\":\"mark\",\"text\":\"x\"", "\"op\":\"alerts\"",
		"\"op\":\"subscribe\",\"stream\":\"events\",\"heartbeat_ms\":1000",
		"\"op\":\"subscribe\",\"stream\":\"events\",\"kinds\":[\"mark\"]",
		"\"op\":\"subscribe\",\"stream\":\"events\",\"count\":4" };
	char ask[COVERAGE_ASK_MAX];
	unsigned which = pick(w, 7);

	snprintf(ask, sizeof(ask), "{%s,\"id\":%" PRIi64, asks[which], ++w->id);
	if (which > 3)
		snprintf(ask + strlen(ask), sizeof(ask) - strlen(ask), ",\"sub\":\"s%u\"",
			pick(w, 10));
	if (which != 2 && which != 3 && pick(w, 2))
		snprintf(ask + strlen(ask), sizeof(ask) - strlen(ask),
			",\"after\":\"00000000000000e1:%" PRIu64 "\"",
			(uint64_t)pick(w, (unsigned)events_head(w->fixture.hub.events) + 2));
	strcat(ask, "}");
	world_send(w, ask);
}

static void ask_little(struct world *w)
{
	static const char *const asks[] = { "ping", "get", "schema", "unsubscribe" };
	char ask[COVERAGE_ASK_MAX], sub[32] = "";
	unsigned which = pick(w, 4);

	if (which == 3)
		snprintf(sub, sizeof(sub), ",\"sub\":\"s%u\"", pick(w, 10));
	snprintf(ask, sizeof(ask), "{\"op\":\"%s\",\"id\":%" PRIi64 "%s}", asks[which], ++w->id,
		sub);
	world_send(w, ask);
}

/* ---- what comes ---- */

static void world_judge(struct world *w)
{
	const char *line = w->out.data, *end = w->out.len ? line + w->out.len : line;

	while (line < end) {
		const char *lf = memchr(line, '\n', (size_t)(end - line));
		size_t n = lf ? (size_t)(lf - line) + 1 : (size_t)(end - line);
		const char *wrong = judge_line(&w->judge, line, n);

		ck_assert_msg(!wrong, "ACTOP_SEED=%" PRIu64 ": %s: %.*s", w->seed, wrong,
			(int)n, line);
		line += n;
	}
	buf_clear(&w->out);
}

/* What happens to a machine and its daemon beside samples. */
static void world_happen(struct world *w)
{
	struct fixture *f = &w->fixture;

	switch (pick(w, 6)) {
	case 0:
		fixture_miss(f, pick(w, 9));
		break;
	case 1:
		fixture_restart(f, pick(w, 2) * pick(w, 40));
		break;
	case 2:
		fixture_set_clock(f, 1000 * ((int64_t)pick(w, 200) - 100));
		break;
	case 3:
		fixture_sleep(f, 1000 * (uint64_t)pick(w, 30000));
		break;
	case 4:
		if (pick(w, 8) == 0)
			fixture_appear(f);
		break;
	default:
		for (unsigned n = pick(w, 8); n > 0; n--)
			fixture_alert(f, pick(w, 5));
	}
}

static void world_step(struct world *w)
{
	struct fixture *f = &w->fixture;

	switch (pick(w, 12)) {
	case 0:
		ask_subscribe(w);
		break;
	case 1:
		ask_history(w);
		break;
	case 2:
		ask_little(w);
		break;
	case 3:
		ask_events(w);
		break;
	case 4:
		world_happen(w);
		break;
	case 5:
	case 6:
		fixture_drain(w->session, &w->out);
		break;
	case 7:
		fixture_pull(w->session, &w->out);
		break;
	default:
		for (unsigned n = 1 + pick(w, pick(w, 4) ? 4 : 40); n > 0; n--)
			fixture_tick(f);
	}
	world_judge(w);
}

static void world_live(struct world *w)
{
	for (unsigned i = 0; i < COVERAGE_STEPS; i++)
		world_step(w);
	fixture_drain(w->session, &w->out);
	world_judge(w);
	ck_assert_msg(w->judge.answered == w->judge.asked,
		"ACTOP_SEED=%" PRIu64 ": %u requests, %u answers", w->seed, w->judge.asked,
		w->judge.answered);
}

static uint64_t first_seed(void)
{
	const char *given = getenv("ACTOP_SEED");

	return given ? strtoull(given, NULL, 10) : 1;
}

START_TEST(every_sample_is_sent_or_told_of_and_every_request_answered_once)
{
	uint64_t first = first_seed();

	printf("coverage: %d runs from ACTOP_SEED=%" PRIu64 " on\n", COVERAGE_RUNS, first);
	for (uint64_t seed = first; seed < first + COVERAGE_RUNS; seed++) {
		struct world w;

		world_init(&w, seed);
		world_live(&w);
		world_fini(&w);
	}
}
END_TEST

/* ---- history and subscription say the same ---- */

struct lines {
	char *at[COVERAGE_LINES_MAX];
	unsigned count;
};

/* The lines of out of that type, cut at "epoch"; out is cut up. */
static void collect(struct buf *out, const char *type, struct lines *lines)
{
	char begin[32];

	lines->count = 0;
	buf_add(out, "", 1);
	snprintf(begin, sizeof(begin), "{\"type\":\"%s\"", type);
	for (char *line = strtok(out->data, "\n"); line; line = strtok(NULL, "\n"))
		if (strncmp(line, begin, strlen(begin)) == 0)
			lines->at[lines->count++] = strstr(line, "\"epoch\"");
	ck_assert(lines->count < COVERAGE_LINES_MAX);
}

/* Steps are windows of the same ticks; only history gives the last one before it is complete.
 */
static void compare(struct world *w, const struct lines *rows, const struct lines *samples)
{
	ck_assert_msg(rows->count == samples->count || rows->count == samples->count + 1,
		"ACTOP_SEED=%" PRIu64 ": %u rows, %u lines", w->seed, rows->count,
		samples->count);
	for (unsigned i = 0; i < samples->count; i++)
		ck_assert_msg(strcmp(rows->at[i], samples->at[i]) == 0,
			"ACTOP_SEED=%" PRIu64 ":\n%s\n%s", w->seed, rows->at[i],
			samples->at[i]);
}

static void grow(struct world *w)
{
	for (unsigned i = 0; i < 40; i++) {
		if (pick(w, 8) == 0)
			fixture_miss(&w->fixture, pick(w, 9));
		if (pick(w, 12) == 0) {
			w->fixture.run++;
			w->fixture.flags = ROW_RESTART;
		}
		fixture_tick(&w->fixture);
	}
}

static void ask_both(struct world *w, struct buf *rows, struct buf *samples)
{
	static const char *const aggs[] = { "mean", "min", "max", "last" };
	const char *agg = aggs[pick(w, 4)];
	unsigned step = 100 + 500 * pick(w, 14);
	uint64_t after = history_oldest(w->fixture.history) - 1 + pick(w, 3);
	char ask[COVERAGE_ASK_MAX];

	if (after > history_head(w->fixture.history))
		after = history_head(w->fixture.history);
	snprintf(ask, sizeof(ask),
		"{\"op\":\"history\",\"step_ms\":%u,\"agg\":\"%s\","
		"\"after\":\"00000000000000e1:%" PRIu64 "\"}",
		step, agg, after);
	fixture_ask(w->session, ask, rows);
	snprintf(ask, sizeof(ask),
		"{\"op\":\"subscribe\",\"interval_ms\":%u,\"agg\":\"%s\","
		"\"after\":\"00000000000000e1:%" PRIu64 "\"}",
		step, agg, after);
	fixture_ask(w->session, ask, samples);
}

START_TEST(rows_of_a_step_are_the_lines_of_an_interval)
{
	uint64_t first = first_seed();

	for (uint64_t seed = first; seed < first + COVERAGE_RUNS / 4; seed++) {
		static struct lines rows, samples;
		struct buf more;
		struct world w;

		world_init(&w, seed);
		buf_init(&more, FIXTURE_OUT_MAX);
		grow(&w);
		ask_both(&w, &w.out, &more);
		collect(&w.out, "row", &rows);
		collect(&more, "sample", &samples);
		compare(&w, &rows, &samples);
		buf_fini(&more);
		world_fini(&w);
	}
}
END_TEST

/* The same for one that was there all the time, and shares its texts with others. */
START_TEST(lines_sent_live_are_those_that_history_repeats)
{
	uint64_t first = first_seed();

	for (uint64_t seed = first; seed < first + COVERAGE_RUNS / 4; seed++) {
		static struct lines rows, samples;
		struct fixture f;
		struct session *s;
		struct buf live, page;
		struct world w = { .random = seed * 77 + 1, .seed = seed };
		unsigned step = 100 + 500 * pick(&w, 14);
		char ask[COVERAGE_ASK_MAX];

		fixture_init(&f, 200);
		s = session_new(&f.hub, 0, 0, true);
		buf_init(&live, FIXTURE_OUT_MAX);
		buf_init(&page, FIXTURE_OUT_MAX);
		snprintf(ask, sizeof(ask), "{\"op\":\"subscribe\",\"interval_ms\":%u}", step);
		fixture_ask(s, ask, &live);
		for (unsigned i = 0; i < 60; i++) {
			fixture_miss(&f, pick(&w, 8) ? 0 : pick(&w, 9));
			if (pick(&w, 12) == 0) {
				f.run++;
				f.flags = ROW_WAKE;
			}
			fixture_tick(&f);
			fixture_drain(s, &live);
		}
		snprintf(ask, sizeof(ask), "{\"op\":\"history\",\"step_ms\":%u}", step);
		fixture_ask(s, ask, &page);
		collect(&page, "row", &rows);
		collect(&live, "sample", &samples);
		compare(&w, &rows, &samples);
		session_free(s);
		fixture_fini(&f);
		buf_fini(&live);
		buf_fini(&page);
	}
}
END_TEST

RUN_TESTS("coverage", NULL, NULL,
	every_sample_is_sent_or_told_of_and_every_request_answered_once,
	rows_of_a_step_are_the_lines_of_an_interval,
	lines_sent_live_are_those_that_history_repeats)
