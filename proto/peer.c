/* SPDX-License-Identifier: MIT */
#include "proto/peer.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__linux__)

int peer_uid(int fd, uid_t *uid)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0)
		return -errno;
	*uid = cred.uid;
	return 0;
}

ssize_t peer_send(int fd, const void *bytes, size_t n)
{
	ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

	return sent < 0 ? -errno : sent;
}

#else /* macOS and the BSDs: getpeereid(3), SO_NOSIGPIPE */

int peer_uid(int fd, uid_t *uid)
{
	gid_t gid;

	return getpeereid(fd, uid, &gid) < 0 ? -errno : 0;
}

ssize_t peer_send(int fd, const void *bytes, size_t n)
{
	int on = 1;
	ssize_t sent;

	/* EINVAL is what macOS says of a socket whose peer is gone. */
	if (setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on)) < 0)
		return errno == EINVAL ? -EPIPE : -errno;
	sent = send(fd, bytes, n, 0);
	return sent < 0 ? -errno : sent;
}

#endif
