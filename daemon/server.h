/* SPDX-License-Identifier: MIT */
#ifndef SERVER_H
#define SERVER_H

#include <uv.h>

#include "daemon/admit.h"
#include "daemon/conn.h"
#include "daemon/listener.h"
#include "daemon/lock.h"
#include "daemon/options.h"
#include "proto/buf.h"

#define SERVER_SOCKETS_MAX 8
#define SERVER_CLOCK_MS 500   /* while somebody needs it; else no timer runs */
#define SERVER_CHECK_MS 60000 /* is the socket still at its path? */
#define SERVER_FILES_WANTED 10240
#define SERVER_RETRY_MS 1000 /* a listener that failed is opened again after this */

struct server;

/* Who is at the other end of a connection: 0 or -errno. */
typedef int (*server_peer)(void *arg, int fd, uid_t *uid);

/* One socket to connect to. */
struct server_socket {
	uv_pipe_t handle; /* first */
	struct server *server;
	struct listener listener;
	struct place place;
	struct lock lock;
	bool lost;	  /* somebody else has the place, or it cannot be had */
	uv_timer_t retry; /* listens again */
	unsigned retry_ms;
	bool listening, closing;
};

/*
 * Listens on Unix sockets, accepts connections and lets each speak when it is its turn.  Who
 * may connect: the daemon's own uid and root; in system mode everybody whom the socket's mode
 * lets in.
 */
struct server {
	uv_loop_t *loop;
	struct hub *hub;
	struct server_socket sockets[SERVER_SOCKETS_MAX];
	unsigned socket_count;
	struct admit_policy policy;
	unsigned conn_count; /* those that linger included */
	uint64_t stall_ms;   /* 0 = never */
	unsigned files_used; /* descriptors that were open before the first client came */
	server_peer peer;    /* asks the kernel; tests put their own here */
	void *peer_arg;
	bool stopping;
	struct conn *conns;
	uv_timer_t clock, check;
	uv_idle_t turn;
	bool clock_runs, turn_runs;
	unsigned open_handles; /* the three above, for the end */
	char read_buffer[CONN_READ_MAX];
};

/* Prepares; nothing is opened yet. */
void server_init(
	struct server *server, uv_loop_t *loop, struct hub *hub, const struct options *options);

/*
 * Opens the sockets of the options, or takes those that launchd or systemd handed over.  0;
 * -EWOULDBLOCK when another daemon has one of them; another -errno.  why is filled, and nothing
 * is held but what was handed over, which a second call takes up.
 */
int server_open(struct server *server, const struct options *options, struct message *why);

/* Appends the paths that it listens on: "/run/actop/actopd.sock, /tmp/other". */
void server_list_places(const struct server *server, struct buf *out);

/* Clients never use up the descriptors: some are left for everything else.  Before the first
 * client, and again when so many are wanted. */
void server_share_files(struct server *server, unsigned wanted);

/* Makes sockets anew that somebody removed, or a clean-up of temporary files; every
 * SERVER_CHECK_MS by itself. */
void server_check(struct server *server);

/* A sample came: everyone who is due gets it. */
void server_publish(struct server *server);

/* Closes the listeners, removes their files, ends all conversations with "bye". */
void server_stop(struct server *server);

/* No connection is left. */
bool server_is_quiet(const struct server *server);

/* Closes what is still there, at once. */
void server_close(struct server *server);

/* After the loop has run out: removes socket files that are left, lets go of the locks. */
void server_fini(struct server *server);

/* ---- for conn.c ---- */

void server_forget(struct server *server, struct conn *c);
void server_need_clock(struct server *server);
void server_need_turn(struct server *server);

#endif
