/* SPDX-License-Identifier: MIT */
#include "client/conn.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "proto/peer.h"

#define CONN_READ_MAX 65536

void conn_init(struct conn *c, int fd)
{
	*c = (struct conn){ .fd = fd };
	line_init(&c->lines, CONN_LINE_MAX);
}

void conn_close(struct conn *c)
{
	if (c->fd < 0)
		return;
	close(c->fd);
	c->fd = -1;
	line_fini(&c->lines);
}

int64_t conn_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int conn_send(struct conn *c, const struct buf *out)
{
	size_t done = 0;

	while (done < out->len) {
		ssize_t n = peer_send(c->fd, out->data + done, out->len - done);

		if (n == -EINTR)
			continue;
		if (n == -EAGAIN || n == -EWOULDBLOCK)
			return -ETIMEDOUT; /* SO_SNDTIMEO of client/dial.c */
		if (n < 0)
			return (int)n;
		done += (size_t)n;
	}
	return 0;
}

/* 1 = readable or closed, 0 = the deadline has passed, or -errno. */
static int conn_wait(const struct conn *c, int64_t deadline_ms)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };

	for (;;) {
		int64_t left = -1;
		int rc;

		if (deadline_ms != CONN_FOREVER) {
			left = deadline_ms - conn_clock_ms();
			left = left < 0 ? 0 : left > INT_MAX ? INT_MAX : left;
		}
		rc = poll(&p, 1, (int)left);
		if (rc >= 0)
			return rc;
		if (errno != EINTR)
			return -errno;
	}
}

/* Bytes read, 0 at the end, or -errno. */
static int conn_read(struct conn *c)
{
	char bytes[CONN_READ_MAX];
	ssize_t n;

	do
		n = read(c->fd, bytes, sizeof(bytes));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ECONNRESET ? 0 : -errno;
	line_feed(&c->lines, bytes, (size_t)n);
	return (int)n;
}

int conn_line(struct conn *c, char **line, size_t *n, int64_t deadline_ms)
{
	for (;;) {
		int rc;

		switch (line_next(&c->lines, line, n)) {
		case LINE_READY:
			return 1;
		case LINE_TOO_LONG:
			return -EMSGSIZE;
		case LINE_NONE:
			break;
		}
		if (c->idle)
			c->idle(c->idle_arg);
		rc = conn_wait(c, deadline_ms);
		if (rc <= 0)
			return rc < 0 ? rc : -ETIMEDOUT;
		rc = conn_read(c);
		if (rc <= 0)
			return rc;
	}
}
