/* SPDX-License-Identifier: MIT */
#include "tests/conform/crowd.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/admit.h"
#include "proto/peer.h"
#include "tests/conform/way.h"

#define CROWD_OUT_MAX (4u << 20)
#define CROWD_TRIES 100000
#define CROWD_WAIT_MS 10000
#define STRANGER 3000000001u /* nobody's, and in no group */

/* The first client, which is of our own uid, and what it was told last. */
struct crowd {
	struct way *way;
	struct buf out;
	bool good;
};

static void crowd_open(struct crowd *c)
{
	c->way = way_socket.open(8);
	c->good = true;
	buf_init(&c->out, CROWD_OUT_MAX);
	way_socket.order(c->way, ORDER_TICK, 1);
}

static bool crowd_close(struct crowd *c)
{
	buf_fini(&c->out);
	return way_socket.close(c->way) && c->good;
}

static void crowd_expect(struct crowd *c, bool claim, const char *what, const char *came)
{
	if (claim)
		return;
	fprintf(stderr, "conform: %s; came: %.300s\n", what, came);
	c->good = false;
}

/* What the first client is answered. */
static const char *crowd_ask(struct crowd *c, const char *line)
{
	bool ended;

	buf_clear(&c->out);
	way_socket.send(c->way, line, strlen(line));
	way_socket.send(c->way, "\n", 1);
	way_socket.collect(c->way, &c->out, &ended);
	buf_add(&c->out, "", 1);
	return c->out.data;
}

static void crowd_expect_status(struct crowd *c, const char *wanted)
{
	const char *status = crowd_ask(c, "{\"op\":\"status\"}");

	crowd_expect(c, strstr(status, wanted) != NULL, wanted, status);
}

/* Everything up to the end of one line; "" at the end of the connection. */
static const char *client_line(int fd, char line[4096])
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	while (n < 4095 && poll(&p, 1, CROWD_WAIT_MS) == 1 && read(fd, line + n, 1) == 1)
		if (line[n++] == '\n')
			break;
	line[n] = '\0';
	return line;
}

static void client_expect(struct crowd *c, int fd, const char *ask, const char *wanted)
{
	char line[4096];

	if (ask)
		peer_send(fd, ask, strlen(ask));
	client_line(fd, line);
	crowd_expect(c, *wanted ? strstr(line, wanted) != NULL : !*line,
		*wanted ? wanted : "the end of the connection", line);
}

/* A client that is told so as soon as it connects, and nothing else. */
static void client_is_refused(struct crowd *c, const char *line)
{
	int fd = way_socket_connect(c->way);

	client_expect(c, fd, NULL, line);
	client_expect(c, fd, NULL, "");
	close(fd);
	way_socket.order(c->way, ORDER_NOTHING, 0);
}

/* ---- strangers ---- */

bool crowd_keeps_strangers_out(void)
{
	struct crowd c;
	int root;

	crowd_open(&c);
	way_socket.order(c.way, ORDER_UID, STRANGER);
	client_is_refused(&c,
		"{\"type\":\"error\",\"id\":null,\"op\":null,\"code\":\"denied\","
		"\"message\":\"uid 3000000001 may not use this socket\",\"fatal\":true}\n");
	crowd_expect_status(&c, "\"refused\":0,\"denied\":1");
	way_socket.order(c.way, ORDER_UID, 0);
	root = way_socket_connect(c.way);
	client_expect(&c, root, "{\"op\":\"status\",\"clients\":true}\n", "\"list\":[");
	close(root);
	return crowd_close(&c);
}

/* ---- system mode ---- */

static void client_reads(struct crowd *c, int fd)
{
	client_expect(c, fd, "{\"op\":\"get\"}\n", "\"type\":\"reply\"");
	client_expect(c, fd, "{\"op\":\"status\",\"clients\":true}\n",
		"\"code\":\"denied\",\"message\":\"the client list is for the owner and root\","
		"\"field\":\"clients\",\"fatal\":false");
}

static void one_uid_gets_a_quarter(struct crowd *c)
{
	int fds[CROWD_CLIENTS / ADMIT_UID_SHARE];
	const unsigned count = sizeof(fds) / sizeof(*fds);

	for (unsigned i = 0; i < count; i++) {
		fds[i] = way_socket_connect(c->way);
		client_reads(c, fds[i]);
	}
	client_is_refused(c,
		"\"code\":\"busy\",\"message\":\"uid 3000000001 has 4 clients already\","
		"\"limit\":\"max_clients_per_uid\",\"max\":4,\"fatal\":true}\n");
	crowd_expect_status(c, "\"refused\":1,\"denied\":0");
	client_expect(c, fds[0], "{\"op\":\"mark\",\"text\":\"x\"}\n",
		"\"code\":\"denied\",\"message\":\"marks are for the owner");
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
	way_socket.order(c->way, ORDER_NOTHING, 0);
}

/* Somebody who is neither we nor root; every system has some. */
static const struct passwd *somebody(void)
{
	const struct passwd *entry;

	setpwent();
	do
		entry = getpwent();
	while (entry && (entry->pw_uid == 0 || entry->pw_uid == geteuid()));
	endpwent();
	return entry;
}

bool crowd_shares_a_system_daemon(void)
{
	const struct passwd *member = somebody();
	struct crowd c;
	int fd;

	crowd_open(&c);
	crowd_expect(&c, member != NULL, "a second user in the list of users", "none");
	way_socket.order(c.way, ORDER_SYSTEM, member ? member->pw_gid : 0);
	way_socket.order(c.way, ORDER_UID, STRANGER);
	one_uid_gets_a_quarter(&c);
	way_socket.order(c.way, ORDER_UID, member ? member->pw_uid : 0);
	fd = way_socket_connect(c.way);
	client_reads(&c, fd);
	client_expect(
		&c, fd, "{\"op\":\"mark\",\"text\":\"by a member\"}\n", "\"op\":\"mark\"");
	close(fd);
	return crowd_close(&c);
}

/* ---- who stalls ---- */

/* A client that asks until the server can write it nothing more, and never reads. */
static int client_stall(struct crowd *c)
{
	static const char ask[] = "{\"op\":\"schema\"}\n";
	int fd = way_socket_connect(c->way);
	bool any = true;

	/* Some loops accept one connection a turn: first it has to be there. */
	client_expect(c, fd, "{\"op\":\"ping\"}\n", "\"op\":\"ping\"");
	while (any) {
		any = false;
		while (send(fd, ask, sizeof(ask) - 1, MSG_DONTWAIT) > 0)
			any = true;
		way_socket.order(c->way, ORDER_NOTHING, 0);
	}
	return fd;
}

/* How long the one that stalls for least does, of those that stall. */
static unsigned long stalled_ms(struct crowd *c, unsigned stallers)
{
	const char *at = crowd_ask(c, "{\"op\":\"status\",\"clients\":true}");
	unsigned long least = (unsigned long)-1;
	unsigned found = 0;

	while ((at = strstr(at, "\"stalled_ms\":")) != NULL) {
		unsigned long ms = strtoul(at += 13, NULL, 10);

		found += ms > 0;
		least = ms > 0 && ms < least ? ms : least;
	}
	return found == stallers ? least : 0;
}

static void wait_for_stall(struct crowd *c, unsigned stallers, unsigned long ms)
{
	unsigned tries = CROWD_TRIES;

	while (tries > 0 && stalled_ms(c, stallers) <= ms)
		tries--;
	crowd_expect(c, tries > 0, "stalled that long", "not");
}

/* Whether the connection ended, with what was not read of ours perhaps by a reset; what was
 * still sent is thrown away. */
static bool client_is_gone(int fd)
{
	char bytes[65536];
	ssize_t n;

	do
		n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n > 0);
	return n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

bool crowd_evicts_who_stalls_longest(void)
{
	static const char busy[] = "\"code\":\"busy\",\"message\":\"16 clients are connected\"";
	int others[CROWD_CLIENTS - 3], first, second, late;
	const unsigned count = sizeof(others) / sizeof(*others);
	struct crowd c;

	crowd_open(&c);
	for (unsigned i = 0; i < count; i++)
		others[i] = way_socket_connect(c.way);
	first = client_stall(&c);
	wait_for_stall(&c, 1, 0);
	second = client_stall(&c);
	client_is_refused(&c, busy);
	way_socket.order(c.way, ORDER_HASTE, 0);
	wait_for_stall(&c, 2, ADMIT_EVICT_STALL_MS);
	late = way_socket_connect(c.way);
	client_expect(&c, late, "{\"op\":\"ping\"}\n", "\"op\":\"ping\"");
	crowd_expect(&c, client_is_gone(first), "the one that stalls longest is gone", "not");
	crowd_expect(&c, !client_is_gone(second), "the other one is there", "the end");
	crowd_expect_status(&c, "\"now\":16,");
	client_expect(&c, others[0], "{\"op\":\"ping\"}\n", "\"op\":\"ping\"");
	for (unsigned i = 0; i < count; i++)
		close(others[i]);
	close(first);
	close(second);
	close(late);
	return crowd_close(&c);
}
