/* SPDX-License-Identifier: MIT */
#ifndef APPLE_SYS_SOCKET_H
#define APPLE_SYS_SOCKET_H

#include_next <sys/socket.h>

/* What sys/socket.h of SDK 12 has beside the C library's. */
#undef PF_ROUTE
#define PF_ROUTE 17
#define AF_LINK 18
#define PF_LINK AF_LINK
#define NET_RT_IFLIST2 6
#define SO_NOSIGPIPE 0x1022
#define getsockopt apple_getsockopt
#define setsockopt apple_setsockopt

int getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int setsockopt(int fd, int level, int name, const void *value, socklen_t size);

#endif
