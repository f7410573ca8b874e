/* SPDX-License-Identifier: MIT */
#include "daemon/server.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/activation.h"
#include "daemon/compat.h"
#include "daemon/server_parts.h"

/* How the sockets of a server come to be, and stay. */

/* ---- every minute ---- */

/*
 * Whether the place is still ours.  A lock whose file was removed is taken anew; where another
 * daemon was faster, the socket is left to it, and those who are connected here stay.
 */
static bool socket_keep(struct server_socket *socket)
{
	struct message why;
	bool kept = socket->lock.fd < 0 || lock_keep(&socket->lock, &socket->place, &why) == 0;

	if (!kept && !socket->lost)
		log_error("server", "%s is not ours at the moment: %s", socket->listener.path,
			why.text);
	socket->lost = !kept;
	return kept;
}

void server_check(struct server *server)
{
	struct message why;

	for (unsigned i = 0; i < server->socket_count && !server->stopping; i++) {
		struct server_socket *socket = &server->sockets[i];

		if (!socket_keep(socket) || listener_check(&socket->listener))
			continue;
		if (listener_restore(&socket->listener, &why) < 0) {
			log_error("server", "%s", why.text);
			continue;
		}
		log_warn("server", "%s was gone and is back", socket->listener.path);
		socket_close(socket, 0); /* and listens on the new one */
	}
}

static void server_check_due(uv_timer_t *timer)
{
	server_check(timer->data);
}

/* ---- the beginning ---- */

static struct server_socket *server_add(struct server *server)
{
	struct server_socket *socket = &server->sockets[server->socket_count++];

	socket->server = server;
	socket->lock.fd = socket->listener.fd = -1;
	socket->lost = false;
	return socket;
}

void server_give_back(struct server *server)
{
	for (unsigned i = 0; i < server->socket_count; i++) {
		struct server_socket *socket = &server->sockets[i];

		if (socket->listener.fd >= 0)
			listener_remove(&socket->listener);
		listener_close(&socket->listener);
		lock_drop(&socket->lock);
	}
	server->socket_count = 0;
}

/* Two names of one socket meet in one lock, which is no reason to wait for it. */
static int server_lock(
	struct server_socket *socket, const struct place *place, struct message *why)
{
	int rc = lock_take(&socket->lock, place, why);

	socket->place = *place;
	if (rc == -EWOULDBLOCK && socket->server->socket_count > 1 &&
		socket->lock.holder == getpid())
		return message_set(
			why, -EINVAL, "socket %s is named twice, in two ways", place->path);
	return rc;
}

/* All locks before any socket, so that a second daemon disturbs nothing. */
static int server_bind_at(struct server *server, const struct options *options,
	const struct place *places, unsigned count, struct message *why)
{
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < count; i++)
		rc = server_lock(server_add(server), &places[i], why);
	for (unsigned i = 0; rc == 0 && i < count; i++)
		rc = listener_open(&server->sockets[i].listener, places[i].path,
			(unsigned)options->mode, options->group, why);
	return rc;
}

/* What a file system says that has no locks or sockets, as those of network homes.  What is
 * there and not ours to trust is no reason to go elsewhere without a word. */
static bool server_place_is_unfit(int rc)
{
	static const int unfit[] = { ENOTSUP, EOPNOTSUPP, ENOLCK, ENOSYS, EROFS, EACCES, ENOENT,
		EIO };
	unsigned i = 0;

	while (i < sizeof(unfit) / sizeof(*unfit) && rc != -unfit[i])
		i++;
	return i < sizeof(unfit) / sizeof(*unfit);
}

static int server_bind(
	struct server *server, const struct options *options, struct message *why)
{
	const struct paths paths = { &compat_paths, options->env, geteuid(), options->system };
	struct place place = options->sockets[0];
	int rc = server_bind_at(server, options, options->sockets, options->socket_count, why);

	while (server_place_is_unfit(rc) && paths_socket_next(&place, &paths) == 0) {
		log_warn("server", "%s; %s instead", why->text, place.path);
		server_give_back(server);
		rc = server_bind_at(server, options, &place, 1, why);
	}
	return rc;
}

/* The place of a socket that was handed over, so that one who binds it locks the same file. */
static struct place server_place(const struct options *options, const char *path)
{
	struct place place = { .kind = PLACE_EXPLICIT };

	for (unsigned i = 0; i < options->socket_count; i++)
		if (strcmp(options->sockets[i].path, path) == 0)
			return options->sockets[i];
	memcpy(place.path, path, strlen(path) + 1);
	return place;
}

/*
 * What was handed over is locked as well: a daemon started by hand would replace it otherwise.
 * A directory that only the service manager may write to is nobody's to lock.
 */
static int server_lock_given(
	struct server *server, const struct options *options, struct message *why)
{
	for (unsigned i = 0; i < server->socket_count; i++) {
		struct server_socket *socket = &server->sockets[i];
		int rc;

		socket->place = server_place(options, socket->listener.path);
		rc = socket->lock.fd < 0 ? lock_take(&socket->lock, &socket->place, why) : 0;
		if (rc == -EWOULDBLOCK)
			return rc;
		if (rc < 0)
			log_debug("server", "%s", why->text);
	}
	return 0;
}

/* 0 or -errno.  Sockets are handed over once, so they are kept when this fails. */
static int server_take_given(
	struct server *server, const struct options *options, struct message *why)
{
	struct activation given;
	int rc = activation_take(&given, options->env, why);

	for (unsigned i = 0; i < given.count && i < SERVER_SOCKETS_MAX; i++)
		listener_adopt(&server_add(server)->listener, given.fds[i]);
	return rc;
}

int server_open(struct server *server, const struct options *options, struct message *why)
{
	int rc = server->socket_count ? 0 : server_take_given(server, options, why);
	bool is_given = server->socket_count > 0;

	if (rc == 0)
		rc = is_given ? server_lock_given(server, options, why)
			      : server_bind(server, options, why);
	if (rc < 0 && !is_given)
		server_give_back(server);
	if (rc < 0)
		return rc;
	for (unsigned i = 0; i < server->socket_count; i++)
		socket_listen(&server->sockets[i]);
	uv_timer_start(&server->check, server_check_due, SERVER_CHECK_MS, SERVER_CHECK_MS);
	return 0;
}

void server_list_places(const struct server *server, struct buf *out)
{
	for (unsigned i = 0; i < server->socket_count; i++) {
		buf_puts(out, i > 0 ? ", " : "");
		buf_puts(out, server->sockets[i].listener.path);
	}
}
