/* SPDX-License-Identifier: MIT */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* What the C library of macOS does otherwise, or alone. */

#undef getsockopt
#undef setsockopt
#undef getgrouplist

int getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int getgrouplist(const char *user, gid_t group, gid_t *groups, int *count);

static int peer_of(int fd, struct ucred *peer)
{
	socklen_t size = sizeof(*peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, peer, &size);
}

/* SO_ACCEPTCONN stands in the header, and is never answered. */
int apple_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	struct ucred peer;

	if (level == SOL_SOCKET && name == SO_ACCEPTCONN) {
		errno = ENOPROTOOPT;
		return -1;
	}
	if (level != SOL_LOCAL || name != LOCAL_PEERPID)
		return getsockopt(fd, level, name, value, size);
	if (peer_of(fd, &peer) < 0)
		return -1;
	memcpy(value, &peer.pid, sizeof(peer.pid));
	return 0;
}

/* Nothing can be set on a socket whose peer is gone. */
int apple_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	struct pollfd p = { .fd = fd };

	if (level != SOL_SOCKET || name != SO_NOSIGPIPE)
		return setsockopt(fd, level, name, value, size);
	if (poll(&p, 1, 0) < 1 || !(p.revents & POLLHUP))
		return 0;
	errno = EINVAL;
	return -1;
}

int getpeereid(int fd, uid_t *uid, gid_t *gid)
{
	struct ucred peer;

	if (peer_of(fd, &peer) < 0)
		return -1;
	*uid = peer.uid;
	*gid = peer.gid;
	return 0;
}

/* Groups are counted in int, which differs in name only. */
int apple_getgrouplist(const char *user, int group, int *groups, int *count)
{
	return getgrouplist(user, (gid_t)group, (gid_t *)groups, count);
}

/* A directory of the user's own, which launchd makes: ACTOP_TEMP stands for it. */
size_t apple_confstr(int name, char *to, size_t size)
{
	const char *temp = getenv("ACTOP_TEMP");
	size_t n = temp ? strlen(temp) + 1 : 0;

	if (name != _CS_DARWIN_USER_TEMP_DIR) {
		errno = EINVAL;
		return 0;
	}
	if (n > 0 && n <= size)
		memcpy(to, temp, n);
	return n;
}
