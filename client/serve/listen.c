/* SPDX-License-Identifier: MIT */
#include "client/serve/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTEN_BACKLOG 128

static int listen_bind(const struct addrinfo *a)
{
	int on = 1, fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, LISTEN_BACKLOG) == 0)
		return fd;
	on = -errno;
	close(fd);
	return on;
}

int listen_on(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	struct addrinfo *found = NULL;
	int fd;

	if (getaddrinfo(host, port, &hints, &found) != 0)
		return -EADDRNOTAVAIL;
	fd = listen_bind(found);
	freeaddrinfo(found);
	return fd;
}

unsigned listen_port(int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t n = sizeof(address);
	char port[NI_MAXSERV] = "";

	if (getsockname(fd, (struct sockaddr *)&address, &n) < 0 ||
		getnameinfo((struct sockaddr *)&address, n, NULL, 0, port, sizeof(port),
			NI_NUMERICSERV) != 0)
		return 0;
	return (unsigned)strtoul(port, NULL, 10);
}
