/* SPDX-License-Identifier: MIT */
#include "daemon/conn.h"

#include <sys/socket.h>

#include "daemon/server.h"
#include "proto/alloc.h"

static void conn_read_more(struct conn *c);

/* ---- the end ---- */

static void conn_closed(uv_handle_t *handle)
{
	struct conn *c = (struct conn *)handle;

	*c->link = c->next;
	if (c->next)
		c->next->link = c->link;
	if (c->inflight) {
		batch_clear(c->inflight);
		free(c->inflight);
	}
	server_forget(c->server, c);
	free(c);
}

bool conn_is_closing(const struct conn *c)
{
	return uv_is_closing((const uv_handle_t *)&c->pipe);
}

void conn_close(struct conn *c)
{
	if (conn_is_closing(c))
		return;
	if (c->session)
		session_free(c->session);
	c->session = NULL;
	uv_close((uv_handle_t *)&c->pipe, conn_closed);
}

/*
 * Everything is said.  Closing with unread bytes would make Linux give the peer ECONNRESET
 * instead of our last line, so only our side is shut, and what still comes is read and dropped
 * for a while.
 */
static void conn_linger(struct conn *c, bool may_linger)
{
	uv_os_fd_t fd;

	if (!may_linger || uv_fileno((uv_handle_t *)&c->pipe, &fd) < 0 ||
		shutdown(fd, SHUT_WR) < 0) {
		conn_close(c);
		return;
	}
	if (c->session)
		session_free(c->session);
	c->session = NULL;
	c->lingering = true;
	conn_read_more(c);
	server_need_clock(c->server);
}

/* ---- writing ---- */

static unsigned batch_iov(const struct batch *batch, size_t skip, uv_buf_t *iov)
{
	unsigned n = 0;

	for (unsigned i = 0; i < batch->count; i++) {
		const struct chunk *chunk = &batch->chunks[i];

		if (skip >= chunk->length) {
			skip -= chunk->length;
			continue;
		}
		iov[n++] = uv_buf_init(chunk->body->text.data + chunk->offset + skip,
			(unsigned)(chunk->length - skip));
		skip = 0;
	}
	return n;
}

static void conn_written(uv_write_t *write, int status)
{
	struct conn *c = write->data;

	batch_clear(c->inflight);
	free(c->inflight);
	c->inflight = NULL;
	c->stalled_ticks = 0;
	if (status < 0)
		conn_close(c);
	else if (!conn_is_closing(c))
		conn_flush(c);
}

/* The rest of the batch goes as the socket drains. */
static void conn_write_rest(struct conn *c, const struct batch *batch, size_t sent)
{
	uv_buf_t iov[BATCH_CHUNKS_MAX];
	unsigned n;

	c->inflight = xcalloc(1, sizeof(*c->inflight));
	*c->inflight = *batch;
	n = batch_iov(c->inflight, sent, iov);
	c->write.data = c;
	c->stalled_ticks = 0;
	if (uv_write(&c->write, (uv_stream_t *)&c->pipe, iov, n, conn_written) < 0)
		conn_close(c);
	else
		server_need_clock(c->server);
}

/* Writes the batch now if the socket takes it whole.  False when the connection is busy or
 * gone. */
static bool conn_write(struct conn *c, struct batch *batch, bool now)
{
	uv_buf_t iov[BATCH_CHUNKS_MAX];
	unsigned n = batch_iov(batch, 0, iov);
	int sent = now ? uv_try_write((uv_stream_t *)&c->pipe, iov, n) : UV_EAGAIN;

	if (sent >= 0 && (size_t)sent == batch->bytes) {
		batch_clear(batch);
		return true;
	}
	if (sent < 0 && sent != UV_EAGAIN) {
		batch_clear(batch);
		conn_close(c);
		return false;
	}
	conn_write_rest(c, batch, sent < 0 ? 0 : (size_t)sent);
	return false;
}

void conn_flush(struct conn *c)
{
	struct batch batch;

	for (unsigned i = 0; c->session && !c->inflight; i++) {
		batch_init(&batch);
		if (!session_pull(c->session, &batch))
			break;
		/* The last one of a turn goes by callback, which brings us back here. */
		if (!conn_write(c, &batch, i < CONN_WRITES_A_TURN))
			return;
	}
	if (!c->session || c->inflight)
		return;
	if (session_is_over(c->session))
		conn_linger(c, !c->session->eof);
	else
		conn_read_more(c);
	if (c->session && session_needs_clock(c->session))
		server_need_clock(c->server);
}

/* ---- reading ---- */

static void conn_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct conn *c = (struct conn *)handle;

	(void)suggested;
	*buf = uv_buf_init(c->server->read_buffer, sizeof(c->server->read_buffer));
}

void conn_run(struct conn *c)
{
	if (!c->session)
		return;
	c->busy = session_run(c->session);
	if (c->busy)
		server_need_turn(c->server);
	conn_flush(c);
}

static void conn_discard(struct conn *c, ssize_t n)
{
	c->discarded += n > 0 ? (size_t)n : 0;
	if (n < 0 || c->discarded > CONN_LINGER_BYTES)
		conn_close(c);
}

static void conn_readable(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct conn *c = (struct conn *)stream;

	if (c->lingering) {
		conn_discard(c, n);
		return;
	}
	if (n == 0 || !c->session)
		return;
	if (n > 0) {
		session_feed(c->session, buf->base, (size_t)n);
	} else if (n == UV_EOF) {
		c->reading = false;
		session_eof(c->session);
	} else {
		conn_close(c);
		return;
	}
	conn_run(c);
	if (c->session && !session_wants_bytes(c->session) && c->reading) {
		uv_read_stop(stream);
		c->reading = false;
	}
}

/* Reads on where the session wants it, or where the rest is to be dropped. */
static void conn_read_more(struct conn *c)
{
	bool wanted = c->lingering || (c->session && session_wants_bytes(c->session));

	if (!wanted || c->reading || conn_is_closing(c))
		return;
	if (uv_read_start((uv_stream_t *)&c->pipe, conn_alloc, conn_readable) < 0)
		conn_close(c);
	else
		c->reading = true;
}

/* ---- life ---- */

void conn_start(struct conn *c, uid_t uid, pid_t pid, bool trusted)
{
	c->session = session_new(c->server->hub, uid, pid, trusted);
	conn_read_more(c);
}

/* A new socket has room for a line; where it has not, the client sees only the end. */
void conn_refuse(struct conn *c, const struct request_error *error, bool may_linger)
{
	struct buf line;
	uv_buf_t iov;

	buf_init(&line, CONN_REFUSAL_MAX);
	request_error_write(&line, NULL, error);
	iov = uv_buf_init(line.data, (unsigned)line.len);
	if (buf_ok(&line) && uv_try_write((uv_stream_t *)&c->pipe, &iov, 1) != (int)line.len)
		may_linger = false;
	buf_fini(&line);
	conn_linger(c, may_linger);
}

/* A write that moves, however slowly, does not stall. */
static void conn_watch_stall(struct conn *c)
{
	size_t queued = uv_stream_get_write_queue_size((uv_stream_t *)&c->pipe);

	c->stalled_ticks = c->inflight && queued == c->queued ? c->stalled_ticks + 1 : 0;
	c->queued = queued;
	if (c->session)
		c->session->stalled_ms = (int64_t)c->stalled_ticks * SERVER_CLOCK_MS;
}

void conn_tick(struct conn *c)
{
	conn_watch_stall(c);
	if (c->lingering && ++c->linger_ticks > CONN_LINGER_TICKS)
		conn_close(c);
	else if (!c->lingering)
		conn_flush(c);
}

bool conn_needs_clock(const struct conn *c)
{
	if (conn_is_closing(c))
		return false;
	return c->lingering || c->inflight || (c->session && session_needs_clock(c->session));
}
