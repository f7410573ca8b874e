/* SPDX-License-Identifier: MIT */
#include "tests/conform/slow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/conform/way.h"

#define SLOW_TICKS 10000
#define SLOW_RING 100
#define SLOW_OUT_MAX (16u << 20)

static const char ask[] = "{\"op\":\"subscribe\",\"id\":1,\"sub\":\"s\"}\n";

static bool slow_fail(const char *what, unsigned long number)
{
	fprintf(stderr, "conform: case 64, a reader that stopped: %s (%lu)\n", what, number);
	return false;
}

static unsigned long number_in(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at ? strtoul(at + strlen(key), NULL, 10) : 0;
}

/* The running reader: one line per tick, there when the tick is worked off. */
static bool follow(struct way *way, struct buf *out)
{
	bool ended;

	for (unsigned long tick = 1; tick <= SLOW_TICKS; tick++) {
		buf_clear(out);
		way_socket.order(way, ORDER_TICK, 1);
		if (!way_socket.collect(way, out, &ended) || ended)
			return slow_fail("the running one was cut off", tick);
		buf_add(out, "", 1);
		if (number_in(out->data, "\"seq\":") != tick)
			return slow_fail("the running one was not served", tick);
	}
	return true;
}

/* One line of the stopped reader continues where the one before ended; counts the gaps. */
static bool continues(const char *line, unsigned long *at, unsigned *gaps)
{
	bool gap = strncmp(line, "{\"type\":\"gap\"", 13) == 0;
	unsigned long from, to;

	if (strncmp(line, "{\"type\":\"reply\"", 15) == 0)
		return true;
	to = number_in(line, gap ? "\"to_seq\":" : "\"seq\":");
	from = gap ? number_in(line, "\"from_seq\":") : to;
	*gaps += gap;
	if (from != *at + 1)
		return slow_fail("a hole that nobody told of", from);
	if (gap && number_in(line, "\"count\":") != to - from + 1)
		return slow_fail("a gap that counts wrong", to);
	*at = to;
	return true;
}

static bool catch_up(FILE *stopped)
{
	char *line = NULL;
	size_t size = 0;
	unsigned long at = 0;
	unsigned gaps = 0;
	bool good = true;

	while (good && at < SLOW_TICKS && getline(&line, &size, stopped) > 0)
		good = continues(line, &at, &gaps);
	free(line);
	if (good && (at != SLOW_TICKS || gaps != 1))
		good = slow_fail("not all, or not one gap", at);
	return good;
}

bool slow_reader_disturbs_nobody(void)
{
	struct way *way = way_socket.open(SLOW_RING);
	FILE *stopped = fdopen(way_socket_connect(way), "r");
	struct buf out;
	bool good, ended;

	buf_init(&out, SLOW_OUT_MAX);
	good = write(fileno(stopped), ask, sizeof(ask) - 1) == sizeof(ask) - 1;
	way_socket.send(way, ask, sizeof(ask) - 1);
	good = good && way_socket.collect(way, &out, &ended) && follow(way, &out) &&
		catch_up(stopped);
	buf_fini(&out);
	fclose(stopped);
	return way_socket.close(way) && good;
}

#define VANISH_ROUNDS 20
#define VANISH_ROWS 5000

static const char ask_much[] =
	"{\"op\":\"history\",\"id\":1,\"limit\":10000}\n"
	"{\"op\":\"subscribe\",\"id\":2,\"sub\":\"s\",\"last_ms\":9000000}\n"
	"{\"op\":\"unsubscribe\",\"id\":3,\"sub\":\"s\"}\n"
	"{\"op\":\"subscribe\",\"id\":4,\"sub\":\"s\",\"last_ms\":9000000}\n"
	"{\"op\":\"history\",\"id\":5,\"limit\":10000}\n";

/* In every second round the client reads a little before it goes. */
static bool vanish(struct way *way, unsigned round)
{
	int fd = way_socket_connect(way);
	char bytes[30000];
	bool good = write(fd, ask_much, sizeof(ask_much) - 1) == sizeof(ask_much) - 1;

	way_socket.order(way, ORDER_TICK, 2);
	if (round % 2)
		good = good && read(fd, bytes, sizeof(bytes)) > 0;
	if (way_socket.order(way, ORDER_TICK, 1).sessions != 2)
		good = slow_fail("a client that asks for much is cut off", round);
	close(fd);
	way_socket.order(way, ORDER_TICK, 1);
	if (way_socket.order(way, ORDER_TICK, 1).sessions != 1)
		good = slow_fail("a client that is gone is still there", round);
	return good;
}

bool slow_reader_may_vanish(void)
{
	struct way *way = way_socket.open(VANISH_ROWS);
	bool good = true;

	way_socket.order(way, ORDER_TICK, VANISH_ROWS);
	for (unsigned round = 0; good && round < VANISH_ROUNDS; round++)
		good = vanish(way, round);
	return way_socket.close(way) && good;
}
