/* SPDX-License-Identifier: MIT */
#include "client/bridge.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

/* So much a pipe takes at once when poll() says that it takes something (POSIX: 512). */
#define BRIDGE_PART_MAX 512
#define BRIDGE_BUFFER_MAX 65536

/* One direction: what was read and not yet written. */
struct bridge_way {
	int from, to;
	char bytes[BRIDGE_BUFFER_MAX];
	size_t begin, end;
	bool ended; /* from has */
};

static bool bridge_is_empty(const struct bridge_way *w)
{
	return w->begin == w->end;
}

/* 0 or -errno; a read that found nothing is no error. */
static int bridge_read(struct bridge_way *w)
{
	ssize_t n = read(w->from, w->bytes, sizeof(w->bytes));

	if (n > 0) {
		w->begin = 0;
		w->end = (size_t)n;
		return 0;
	}
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	/* A peer that is gone has nothing more to say, however it went. */
	w->ended = true;
	return n == 0 || errno == ECONNRESET ? 0 : -errno;
}

static int bridge_write(struct bridge_way *w)
{
	size_t left = w->end - w->begin;
	ssize_t n = write(
		w->to, w->bytes + w->begin, left < BRIDGE_PART_MAX ? left : BRIDGE_PART_MAX);

	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	w->begin += (size_t)n;
	return 0;
}

/* A way is either being filled or being emptied. */
static void bridge_wait(const struct bridge_way *w, struct pollfd *p)
{
	bool reads = bridge_is_empty(w);

	*p = (struct pollfd){ .fd = reads ? w->from : w->to,
		.events = reads ? POLLIN : POLLOUT };
	if (reads && w->ended)
		p->fd = -1;
}

static int bridge_step(struct bridge_way *w, const struct pollfd *p)
{
	if (p->fd < 0 || p->revents == 0)
		return 0;
	return bridge_is_empty(w) ? bridge_read(w) : bridge_write(w);
}

/* The daemon may have closed while requests are on their way: its answer counts. */
static void bridge_give_up(struct bridge_way *requests)
{
	requests->ended = true;
	requests->begin = requests->end = 0;
}

/* 1 = go on, 0 = done, or -errno. */
static int bridge_turn(struct bridge_way *requests, struct bridge_way *answers)
{
	struct pollfd polls[2];
	int rc;

	bridge_wait(requests, &polls[0]);
	bridge_wait(answers, &polls[1]);
	if (poll(polls, 2, -1) < 0)
		return errno == EINTR ? 1 : -errno;
	if (bridge_step(requests, &polls[0]) < 0)
		bridge_give_up(requests);
	rc = bridge_step(answers, &polls[1]);
	if (rc < 0)
		return rc;
	return answers->ended && bridge_is_empty(answers) ? 0 : 1;
}

int bridge_run(int in, int out, int fd)
{
	struct bridge_way requests = { .from = in, .to = fd };
	struct bridge_way answers = { .from = fd, .to = out };
	bool closed = false;
	int rc = 1;

	while (rc == 1) {
		rc = bridge_turn(&requests, &answers);
		if (requests.ended && bridge_is_empty(&requests) && !closed) {
			shutdown(fd, SHUT_WR);
			closed = true;
		}
	}
	return rc;
}
