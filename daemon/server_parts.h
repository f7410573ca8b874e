/* SPDX-License-Identifier: MIT */
#ifndef SERVER_PARTS_H
#define SERVER_PARTS_H

#include "daemon/server.h"

/* What server.c and server_open.c have of each other. */

/* Accepts connections to the listener of the socket. */
void socket_listen(struct server_socket *socket);

/* Stops that; unless the server ends, it is begun anew after a while. */
void socket_close(struct server_socket *socket, unsigned retry_ms);

/* Removes the files of all sockets, and lets go of their locks. */
void server_give_back(struct server *server);

#endif
