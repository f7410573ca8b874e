/* SPDX-License-Identifier: MIT */
#ifndef LISTEN_H
#define LISTEN_H

/* The socket that the server listens on. */

/* Listens on the first address of host.  The socket, or -errno. */
int listen_on(const char *host, const char *port);

/* The port it has got, where 0 was asked for; 0 = not known. */
unsigned listen_port(int fd);

#endif
