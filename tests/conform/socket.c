/* SPDX-License-Identifier: MIT */
#include "tests/conform/way.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/server.h"
#include "proto/peer.h"
#include "tests/conform/narrow.h"
#include "tests/unit/fixture.h"

#define SOCKET_TURNS 6 /* of the loop, after which everything that was there is worked off */
#define SOCKET_CLIENTS 16
#define SOCKET_WAIT_MS 10000

/* A server in a child process, and one client of it. */
struct way {
	char directory[64], path[80];
	pid_t child;
	int control; /* orders go out, facts come back */
	int fd;	     /* the client; -1 once hung up */
	bool narrow; /* what is written takes many writes */
};

struct message_order {
	enum order order;
	unsigned n;
};

/* ---- the child ---- */

struct host {
	struct fixture fixture;
	struct server server;
	struct options options;
	uv_loop_t loop;
	uv_poll_t control;
	uv_idle_t idle;
	int fd;
	unsigned turns;
	bool stalled;
	uid_t uid; /* of those who connect */
};

static const char *host_get_variable(void *context, const char *name)
{
	(void)context;
	(void)name;
	return NULL;
}

static void host_unset_variable(void *context, const char *name)
{
	(void)context;
	(void)name;
}

static const struct env no_env = { host_get_variable, host_unset_variable, NULL };

static void host_tick(struct host *host, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		fixture_tick(&host->fixture);
		if (!host->stalled)
			server_publish(&host->server);
	}
}

static void host_quit(struct host *host)
{
	server_close(&host->server);
	uv_close((uv_handle_t *)&host->control, NULL);
	uv_close((uv_handle_t *)&host->idle, NULL);
}

/* The loop has turned often enough: says how things stand. */
static void host_idle(uv_idle_t *idle)
{
	struct host *host = idle->data;
	struct facts facts = { host->fixture.hub.session_count,
		(unsigned)host->fixture.hub.counters.encoded };

	if (++host->turns < SOCKET_TURNS)
		return;
	uv_idle_stop(idle);
	if (write(host->fd, &facts, sizeof(facts)) != sizeof(facts))
		abort();
}

static int host_tell_peer(void *arg, int fd, uid_t *uid)
{
	(void)fd;
	*uid = ((struct host *)arg)->uid;
	return 0;
}

static void host_change_crowd(struct host *host, const struct message_order *m)
{
	if (m->order == ORDER_UID) {
		host->uid = m->n;
	} else if (m->order == ORDER_SYSTEM) {
		host->server.policy.system = true;
		host->server.sockets[0].listener.gid = m->n;
	} else if (m->order == ORDER_HASTE) {
		uv_timer_set_repeat(&host->server.clock, 1);
	}
}

/*
 * A client that does not read is a server that cannot write: nothing is published meanwhile,
 * which unlike a full socket buffer is the same on every system.
 */
static void host_ordered(uv_poll_t *poll, int status, int events)
{
	struct host *host = poll->data;
	struct message_order m;

	(void)events;
	if (status < 0 || recv(host->fd, &m, sizeof(m), MSG_WAITALL) != sizeof(m) ||
		m.order == ORDER_QUIT) {
		host_quit(host);
		return;
	}
	if (m.order == ORDER_TICK)
		host_tick(host, m.n);
	else if (m.order == ORDER_MISS)
		fixture_miss(&host->fixture, m.n);
	else if (m.order == ORDER_CLOCK)
		fixture_set_clock(&host->fixture, (int32_t)m.n);
	else if (m.order == ORDER_SLEEP)
		fixture_sleep(&host->fixture, m.n);
	else if (m.order == ORDER_STALL || m.order == ORDER_RESUME)
		host->stalled = m.order == ORDER_STALL;
	host_change_crowd(host, &m);
	if (m.order == ORDER_RESUME)
		server_publish(&host->server);
	host->turns = 0;
	uv_idle_start(&host->idle, host_idle);
}

static int host_open(struct host *host, const struct way *way)
{
	struct options *options = &host->options;
	struct message why;
	int rc;

	options->socket_count = 1;
	options->sockets[0].kind = PLACE_EXPLICIT;
	snprintf(options->sockets[0].path, sizeof(options->sockets[0].path), "%s", way->path);
	options->mode = 0600;
	options->env = &no_env;
	uv_loop_init(&host->loop);
	options->max_clients = SOCKET_CLIENTS;
	server_init(&host->server, &host->loop, &host->fixture.hub, options);
	host->server.peer = host_tell_peer;
	host->server.peer_arg = host;
	rc = server_open(&host->server, options, &why);
	if (rc < 0)
		fprintf(stderr, "conform: %s\n", why.text);
	return rc;
}

static int host_run(const struct way *way, int fd, unsigned ring)
{
	struct host *host = xcalloc(1, sizeof(*host));
	int rc;

	signal(SIGPIPE, SIG_IGN);
	host->fd = fd;
	host->uid = geteuid();
	if (way->narrow)
		narrow_begin(fd);
	fixture_init(&host->fixture, ring);
	rc = host_open(host, way);
	if (rc == 0) {
		uv_idle_init(&host->loop, &host->idle);
		uv_poll_init(&host->loop, &host->control, fd);
		host->control.data = host->idle.data = host;
		uv_poll_start(&host->control, UV_READABLE, host_ordered);
		uv_idle_start(&host->idle, host_idle);
		uv_run(&host->loop, UV_RUN_DEFAULT);
		server_fini(&host->server);
		rc = uv_loop_close(&host->loop);
		fixture_fini(&host->fixture);
	}
	free(host);
	return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* ---- the parent ---- */

int way_socket_connect(const struct way *way)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path, way->path, strlen(way->path) + 1);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	perror("conform: connect");
	exit(EXIT_FAILURE);
}

static struct facts socket_hear(const struct way *way)
{
	struct pollfd p = { .fd = way->control, .events = POLLIN };
	struct facts facts = { 0, 0 };

	if (poll(&p, 1, SOCKET_WAIT_MS) == 1 &&
		recv(way->control, &facts, sizeof(facts), MSG_WAITALL) == sizeof(facts))
		return facts;
	fprintf(stderr, "conform: the server does not answer\n");
	exit(EXIT_FAILURE);
}

static struct facts socket_order(struct way *way, enum order order, unsigned n)
{
	struct message_order m = { order, n };

	if (peer_send(way->control, &m, sizeof(m)) != sizeof(m)) {
		fprintf(stderr, "conform: the server is gone\n");
		exit(EXIT_FAILURE);
	}
	return order == ORDER_QUIT ? (struct facts){ 0, 0 } : socket_hear(way);
}

static struct way *socket_begin(unsigned ring, bool narrow)
{
	struct way *way = xcalloc(1, sizeof(*way));
	int pair[2];

	way->narrow = narrow;
	snprintf(way->directory, sizeof(way->directory), "/tmp/actop-conform-XXXXXX");
	if (!mkdtemp(way->directory) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		abort();
	snprintf(way->path, sizeof(way->path), "%s/s", way->directory);
	fflush(NULL);
	way->child = fork();
	if (way->child == 0) {
		int rc;

		close(pair[0]);
		rc = host_run(way, pair[1], ring);
		free(way);
		exit(rc);
	}
	close(pair[1]);
	way->control = pair[0];
	socket_hear(way);
	way->fd = way_socket_connect(way);
	fcntl(way->fd, F_SETFL, O_NONBLOCK);
	socket_order(way, ORDER_NOTHING, 0);
	return way;
}

static struct way *socket_open(unsigned ring)
{
	return socket_begin(ring, false);
}

static struct way *narrow_open(unsigned ring)
{
	return socket_begin(ring, true);
}

/* The daemon may have ended the connection: then it does not want the rest. */
static void socket_send(struct way *way, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = peer_send(way->fd, bytes, n);

		if (sent == -EAGAIN) {
			socket_order(way, ORDER_NOTHING, 0);
			continue;
		}
		if (sent < 0)
			return;
		bytes += sent;
		n -= (size_t)sent;
	}
}

static void socket_eof(struct way *way)
{
	shutdown(way->fd, SHUT_WR);
}

static void socket_hang_up(struct way *way)
{
	if (way->fd >= 0)
		close(way->fd);
	way->fd = -1;
}

/* What is there now.  False on an error that is not the end. */
static bool socket_read(struct way *way, struct buf *out, bool *ended)
{
	char bytes[65536];
	ssize_t n = 1;

	while (n > 0) {
		n = recv(way->fd, bytes, sizeof(bytes), 0);
		if (n > 0)
			buf_add(out, bytes, (size_t)n);
	}
	*ended = n == 0;
	if (n < 0 && errno != EAGAIN)
		fprintf(stderr, "conform: the connection ended with: %s\n", strerror(errno));
	return n == 0 || errno == EAGAIN;
}

static bool socket_collect(struct way *way, struct buf *out, bool *ended)
{
	size_t before;
	bool good = true;

	*ended = way->fd < 0;
	do {
		before = out->len;
		socket_order(way, ORDER_NOTHING, 0);
		if (!*ended)
			good = socket_read(way, out, ended);
	} while (good && !*ended && out->len > before);
	return good;
}

static bool socket_close(struct way *way)
{
	char lock[96];
	int status = 1;

	socket_hang_up(way);
	socket_order(way, ORDER_QUIT, 0);
	waitpid(way->child, &status, 0);
	close(way->control);
	snprintf(lock, sizeof(lock), "%s.lock", way->path);
	unlink(lock);
	rmdir(way->directory);
	free(way);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

const struct way_type way_socket = { "socket", true, socket_open, socket_send, socket_eof,
	socket_hang_up, socket_order, socket_collect, socket_close };

const struct way_type way_narrow = { "narrow socket", true, narrow_open, socket_send,
	socket_eof, socket_hang_up, socket_order, socket_collect, socket_close };
