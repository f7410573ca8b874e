/* SPDX-License-Identifier: MIT */
#include "tests/conform/way.h"

#include <string.h>

#include "tests/unit/fixture.h"

/* The session alone: no transport, no time. */
struct way {
	struct fixture fixture;
	struct session *session; /* NULL once over */
	struct buf out;
	bool stalled;
};

static struct way *core_open(unsigned ring)
{
	struct way *way = xcalloc(1, sizeof(*way));

	fixture_init(&way->fixture, ring);
	way->session = session_new(&way->fixture.hub, 0, 0, true);
	buf_init(&way->out, FIXTURE_OUT_MAX);
	return way;
}

static void core_end(struct way *way)
{
	if (way->session)
		session_free(way->session);
	way->session = NULL;
}

/* What a server does after bytes came, and after a sample. */
static void core_turn(struct way *way)
{
	if (!way->session)
		return;
	while (session_run(way->session))
		;
	if (!way->stalled)
		fixture_drain(way->session, &way->out);
	if (!way->stalled && session_is_over(way->session))
		core_end(way);
}

static void core_send(struct way *way, const char *bytes, size_t n)
{
	if (way->session)
		session_feed(way->session, bytes, n);
	core_turn(way);
}

static void core_eof(struct way *way)
{
	if (way->session)
		session_eof(way->session);
	core_turn(way);
}

static struct facts core_order(struct way *way, enum order order, unsigned n)
{
	if (order == ORDER_MISS)
		fixture_miss(&way->fixture, n);
	else if (order == ORDER_CLOCK)
		fixture_set_clock(&way->fixture, (int32_t)n);
	else if (order == ORDER_SLEEP)
		fixture_sleep(&way->fixture, n);
	else if (order == ORDER_STALL || order == ORDER_RESUME)
		way->stalled = order == ORDER_STALL;
	for (unsigned i = 0; order == ORDER_TICK && i < n; i++) {
		fixture_tick(&way->fixture);
		core_turn(way);
	}
	core_turn(way);
	return (struct facts){ way->fixture.hub.session_count,
		(unsigned)way->fixture.hub.counters.encoded };
}

static bool core_collect(struct way *way, struct buf *out, bool *ended)
{
	buf_add(out, way->out.data, way->out.len);
	buf_clear(&way->out);
	*ended = !way->session;
	return buf_ok(out);
}

static bool core_close(struct way *way)
{
	core_end(way);
	fixture_fini(&way->fixture);
	buf_fini(&way->out);
	free(way);
	return true;
}

const struct way_type way_core = { "session", false, core_open, core_send, core_eof, core_end,
	core_order, core_collect, core_close };
