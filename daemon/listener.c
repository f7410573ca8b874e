/* SPDX-License-Identifier: MIT */
#include "daemon/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int listener_prepare(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
		fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return 0;
}

/* Sets the length-checked address. */
static int listener_set_address(
	struct sockaddr_un *address, const char *path, struct message *why)
{
	size_t length = strlen(path), limit = sockpath_limit();

	if (length > limit)
		return message_set(why, -ENAMETOOLONG,
			"socket %s is too long: %zu bytes, the limit is %zu; name a shorter "
			"one "
			"with --socket",
			path, length, limit);
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, path, length + 1);
	return 0;
}

/* FNV-1a, folded to 16 bits: two sockets of one directory get two temporary names. */
static unsigned listener_hash(const char *name)
{
	uint32_t hash = 2166136261U;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619U;
	return (hash >> 16) ^ (hash & 0xffff);
}

/* The address of the temporary name beside path. */
static int listener_set_temporary(
	struct sockaddr_un *address, const char *path, struct message *why)
{
	char temporary[PATHS_MAX + 16];
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	snprintf(temporary, sizeof(temporary), "%.*s.new-%04x", (int)(name - path), path,
		listener_hash(name));
	return listener_set_address(address, temporary, why);
}

/* Is the name free, or taken by a socket that may go?  Other files are never touched. */
static int listener_check_name(const char *path, struct message *why)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT
			? 0
			: message_set(why, -errno, "%s: %s", path, strerror(errno));
	if (S_ISSOCK(st.st_mode))
		return 0;
	return message_set(
		why, -EEXIST, "%s exists and is not a socket; remove it or name another", path);
}

static int listener_bind(int fd, const struct sockaddr_un *address)
{
	/* Nobody may connect before the permissions are final.  Files that another thread makes
	 * at this moment get fewer permissions than asked, never more. */
	mode_t mask = umask(0177);
	int rc = bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;

	umask(mask);
	return rc;
}

/* Permissions, backlog, final name: all that is left to do on a bound socket. */
static int listener_publish(struct listener *listener, int fd, const char *temporary)
{
	struct stat st;

	if (listener->gid != (gid_t)-1 && lchown(temporary, (uid_t)-1, listener->gid) < 0)
		return -errno;
	if (chmod(temporary, (mode_t)listener->mode) < 0 || listen(fd, LISTENER_BACKLOG) < 0 ||
		lstat(temporary, &st) < 0 || rename(temporary, listener->path) < 0)
		return -errno;
	listener->dev = st.st_dev;
	listener->ino = st.st_ino;
	return 0;
}

/* A new listening socket at the path.  Its descriptor, or -errno with nothing changed. */
static int listener_create(struct listener *listener, struct message *why)
{
	struct sockaddr_un final, temporary;
	int fd, rc = listener_set_address(&final, listener->path, why);

	if (rc == 0)
		rc = listener_set_temporary(&temporary, listener->path, why);
	if (rc == 0)
		rc = listener_check_name(listener->path, why);
	if (rc == 0)
		rc = listener_check_name(temporary.sun_path, why);
	if (rc < 0)
		return rc;
	unlink(temporary.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return message_set(why, -errno, "socket: %s", strerror(errno));
	rc = listener_prepare(fd);
	if (rc == 0)
		rc = listener_bind(fd, &temporary);
	if (rc == 0) {
		rc = listener_publish(listener, fd, temporary.sun_path);
		if (rc < 0)
			unlink(temporary.sun_path);
	}
	if (rc == 0)
		return fd;
	close(fd);
	return message_set(why, rc, "cannot listen on %s: %s", listener->path, strerror(-rc));
}

static int listener_find_group(gid_t *gid, const char *name, struct message *why)
{
	const struct group *group;

	*gid = (gid_t)-1;
	if (*name == '\0')
		return 0;
	group = getgrnam(name);
	if (!group)
		return message_set(
			why, -ENOENT, "there is no group '%.60s' for the socket", name);
	*gid = group->gr_gid;
	return 0;
}

int listener_open(struct listener *listener, const char *path, unsigned mode, const char *group,
	struct message *why)
{
	int rc;

	*listener = (struct listener){ .fd = -1, .mode = mode };
	if (strlen(path) >= sizeof(listener->path))
		return message_set(why, -ENAMETOOLONG, "socket %.60s... is too long", path);
	memcpy(listener->path, path, strlen(path) + 1);
	rc = listener_find_group(&listener->gid, group, why);
	if (rc < 0)
		return rc;
	rc = listener_create(listener, why);
	if (rc < 0)
		return rc;
	listener->fd = rc;
	return 0;
}

void listener_adopt(struct listener *listener, int fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t size = sizeof(address);

	*listener = (struct listener){ .fd = fd, .inherited = true, .gid = (gid_t)-1 };
	if (getsockname(fd, (struct sockaddr *)&address, &size) == 0)
		snprintf(listener->path, sizeof(listener->path), "%.*s",
			(int)sizeof(address.sun_path), address.sun_path);
}

int listener_dup(const struct listener *listener)
{
	int fd = fcntl(listener->fd, F_DUPFD_CLOEXEC, 3);

	return fd < 0 ? -errno : fd;
}

bool listener_check(const struct listener *listener)
{
	struct stat st;

	if (listener->inherited)
		return true;
	return lstat(listener->path, &st) == 0 && S_ISSOCK(st.st_mode) &&
		st.st_dev == listener->dev && st.st_ino == listener->ino;
}

int listener_restore(struct listener *listener, struct message *why)
{
	int fd = listener_create(listener, why);

	if (fd < 0)
		return fd;
	close(listener->fd);
	listener->fd = fd;
	return 0;
}

void listener_remove(const struct listener *listener)
{
	if (listener->fd >= 0 && !listener->inherited && listener_check(listener))
		unlink(listener->path);
}

void listener_close(struct listener *listener)
{
	if (listener->fd >= 0)
		close(listener->fd);
	listener->fd = -1;
}
