/* SPDX-License-Identifier: MIT */
#include "daemon/server.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "daemon/compat.h"
#include "daemon/server_parts.h"
#include "proto/alloc.h"
#include "proto/peer.h"

static int server_ask_peer(void *arg, int fd, uid_t *uid)
{
	(void)arg;
	return peer_uid(fd, uid);
}

void server_init(
	struct server *server, uv_loop_t *loop, struct hub *hub, const struct options *options)
{
	*server = (struct server){ .loop = loop, .hub = hub };
	server->policy = (struct admit_policy){ .own = geteuid(), .system = options->system };
	admit_share_files(&server->policy, UINT_MAX, 0, (unsigned)options->max_clients);
	server->stall_ms = options->stall_ms;
	server->peer = server_ask_peer;
	uv_timer_init(loop, &server->clock);
	uv_timer_init(loop, &server->check);
	uv_idle_init(loop, &server->turn);
	for (unsigned i = 0; i < SERVER_SOCKETS_MAX; i++) {
		uv_timer_init(loop, &server->sockets[i].retry);
		server->sockets[i].retry.data = &server->sockets[i];
	}
	server->clock.data = server->check.data = server->turn.data = server;
}

void server_share_files(struct server *server, unsigned wanted)
{
	unsigned limit = compat_raise_files(SERVER_FILES_WANTED);
	int used = server->files_used ? 0 : compat_count_files();

	if (server->files_used == 0)
		server->files_used = used > 0 ? (unsigned)used : ADMIT_FILES_SPARE;
	admit_share_files(&server->policy, limit, server->files_used, wanted);
	server->hub->identity.max_clients = server->policy.max_clients;
	if (server->policy.max_clients < wanted)
		log_info("server", "%u clients at most: %u files may be open",
			server->policy.max_clients, limit);
}

/* ---- who may come in ---- */

/* Counts everybody who is there; returns the client that would give way, or NULL. */
static struct conn *server_count(const struct server *server, struct admit_census *census)
{
	struct conn *worst = NULL;

	for (struct conn *c = server->conns; c; c = c->next)
		if (c->session && admit_count(census, c->session->uid, c->session->stalled_ms))
			worst = c;
	return worst;
}

/* Hundreds that are refused at once do not use up the descriptors by taking their time. */
static bool server_may_linger(const struct server *server)
{
	return server->conn_count - server->hub->session_count <= server->policy.max_lingering;
}

static void server_refuse(
	struct server *server, struct conn *c, enum admit_verdict verdict, uid_t uid)
{
	char text[ADMIT_TEXT_MAX];
	struct request_error error = admit_error(&server->policy, verdict, uid, text);

	if (verdict == ADMIT_FOREIGN)
		server->hub->counters.denied++;
	else
		server->hub->counters.refused++;
	conn_refuse(c, &error, server_may_linger(server));
}

/* Marks are also for members of the group that the socket is for. */
static bool server_is_member(const struct server_socket *socket, uid_t uid)
{
	gid_t gid = socket->listener.gid;

	return socket->server->policy.system &&
		compat_in_group(uid, gid == (gid_t)-1 ? getegid() : gid);
}

/* Lets the connection speak, or tells it why not. */
static void server_admit(struct server_socket *socket, struct conn *c, uid_t uid, pid_t pid)
{
	struct server *server = socket->server;
	struct admit_census census = { .uid = uid };
	struct conn *stalled = server_count(server, &census);
	enum admit_verdict verdict = admit_decide(&server->policy, &census);

	if (verdict != ADMIT_WELCOME && verdict != ADMIT_EVICT) {
		server_refuse(server, c, verdict, uid);
		return;
	}
	if (verdict == ADMIT_EVICT) {
		/* Without a "bye": its last line is still under way, and does not move. */
		server->hub->counters.evicted++;
		conn_close(stalled);
	}
	conn_start(c, uid, pid, admit_is_trusted(&server->policy, uid));
	if (c->session && !c->session->trusted)
		c->session->member = server_is_member(socket, uid);
}

static struct conn *conn_accept(struct server *server, uv_stream_t *listener)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	uv_pipe_init(server->loop, &c->pipe, 0);
	c->server = server;
	c->next = server->conns;
	c->link = &server->conns;
	if (c->next)
		c->next->link = &c->next;
	server->conns = c;
	server->conn_count++;
	if (uv_accept(listener, (uv_stream_t *)&c->pipe) == 0)
		return c;
	conn_close(c);
	return NULL;
}

/* ---- listening ---- */

static void socket_reopen(uv_timer_t *timer)
{
	socket_listen(timer->data);
}

/*
 * The listening handle is given up and made again from our own descriptor a moment later: after
 * a failed accept libuv may spin (EMFILE) or never poll the listener again.
 */
static void socket_closed(uv_handle_t *handle)
{
	struct server_socket *socket = (struct server_socket *)handle;

	socket->closing = false;
	if (!socket->server->stopping)
		uv_timer_start(&socket->retry, socket_reopen, socket->retry_ms, 0);
}

void socket_close(struct server_socket *socket, unsigned retry_ms)
{
	if (!socket->listening || socket->closing)
		return;
	socket->listening = false;
	socket->closing = true;
	socket->retry_ms = retry_ms;
	uv_close((uv_handle_t *)&socket->handle, socket_closed);
}

static void socket_connection(uv_stream_t *stream, int status)
{
	struct server_socket *socket = (struct server_socket *)stream;
	struct server *server = socket->server;
	struct conn *c = status < 0 ? NULL : conn_accept(server, stream);
	uv_os_fd_t fd;
	uid_t uid;
	pid_t pid = 0;

	if (!c) {
		log_warn("server", "%s: accept failed: %s", socket->listener.path,
			status < 0 ? uv_strerror(status) : "no connection");
		socket_close(socket, SERVER_RETRY_MS);
		return;
	}
	if (uv_fileno((uv_handle_t *)&c->pipe, &fd) < 0 ||
		server->peer(server->peer_arg, fd, &uid) < 0) {
		conn_close(c);
		return;
	}
	compat_peer_pid(fd, &pid);
	server_admit(socket, c, uid, pid);
}

/* Without a descriptor to be had, it is tried again until there is one. */
void socket_listen(struct server_socket *socket)
{
	int fd, rc;

	if (socket->server->stopping)
		return;
	fd = listener_dup(&socket->listener);
	if (fd < 0) {
		uv_timer_start(&socket->retry, socket_reopen, SERVER_RETRY_MS, 0);
		return;
	}
	uv_pipe_init(socket->server->loop, &socket->handle, 0);
	socket->listening = true;
	rc = uv_pipe_open(&socket->handle, fd);
	if (rc < 0)
		close(fd);
	else
		rc = uv_listen(
			(uv_stream_t *)&socket->handle, LISTENER_BACKLOG, socket_connection);
	if (rc < 0) {
		log_error("server", "%s: cannot listen: %s", socket->listener.path,
			uv_strerror(rc));
		socket_close(socket, SERVER_RETRY_MS);
	}
}

/* ---- turns ---- */

static void server_cut_stalled(struct server *server)
{
	for (struct conn *c = server->conns; c && server->stall_ms; c = c->next) {
		if (!c->session || c->session->stalled_ms < (int64_t)server->stall_ms)
			continue;
		server->hub->counters.stalled++;
		conn_close(c);
	}
}

static void server_tick(uv_timer_t *timer)
{
	struct server *server = timer->data;
	bool needed = false;

	for (struct conn *c = server->conns; c; c = c->next)
		if (!conn_is_closing(c))
			conn_tick(c);
	server_cut_stalled(server);
	for (struct conn *c = server->conns; c; c = c->next)
		needed = needed || conn_needs_clock(c);
	if (!needed) {
		uv_timer_stop(timer);
		server->clock_runs = false;
	}
}

void server_need_clock(struct server *server)
{
	if (server->clock_runs)
		return;
	server->clock_runs = true;
	uv_timer_start(&server->clock, server_tick, SERVER_CLOCK_MS, SERVER_CLOCK_MS);
}

static void server_turn(uv_idle_t *idle)
{
	struct server *server = idle->data;

	uv_idle_stop(idle);
	server->turn_runs = false;
	for (struct conn *c = server->conns; c; c = c->next)
		if (c->busy)
			conn_run(c);
}

void server_need_turn(struct server *server)
{
	if (server->turn_runs)
		return;
	server->turn_runs = true;
	uv_idle_start(&server->turn, server_turn);
}

void server_publish(struct server *server)
{
	for (struct conn *c = server->conns; c; c = c->next)
		conn_flush(c);
}

void server_forget(struct server *server, struct conn *c)
{
	(void)c;
	server->conn_count--;
}

/* ---- the end ---- */

/* Whoever comes now is to find nobody rather than wait for one who ends.  The lock stays; what
 * was handed over is kept open, for whoever takes it next. */
static void socket_retire(struct server_socket *socket)
{
	socket_close(socket, SERVER_RETRY_MS);
	if (socket->listener.inherited)
		return;
	listener_remove(&socket->listener);
	listener_close(&socket->listener);
}

void server_stop(struct server *server)
{
	server->stopping = true;
	hub_stop(server->hub);
	for (unsigned i = 0; i < server->socket_count; i++)
		socket_retire(&server->sockets[i]);
	server_publish(server);
}

bool server_is_quiet(const struct server *server)
{
	return server->conns == NULL;
}

void server_close(struct server *server)
{
	server->stopping = true;
	for (unsigned i = 0; i < server->socket_count; i++)
		socket_close(&server->sockets[i], SERVER_RETRY_MS);
	for (struct conn *c = server->conns; c; c = c->next)
		conn_close(c);
	for (unsigned i = 0; i < SERVER_SOCKETS_MAX; i++)
		uv_close((uv_handle_t *)&server->sockets[i].retry, NULL);
	uv_close((uv_handle_t *)&server->clock, NULL);
	uv_close((uv_handle_t *)&server->check, NULL);
	uv_close((uv_handle_t *)&server->turn, NULL);
}

void server_fini(struct server *server)
{
	server_give_back(server);
}
