/* SPDX-License-Identifier: MIT */
#ifndef DOOR_H
#define DOOR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Who is let in.  A page of some other site may make a browser send requests here (DNS
 * rebinding), so the Host header must name this server; other sites are refused; what listens
 * beyond this machine asks for a token too, unless it was said that it must not.
 */

#define DOOR_HOST_MAX 256
#define DOOR_TOKEN_MAX 256
#define DOOR_TOKEN_MIN 16

struct door {
	char host[DOOR_HOST_MAX];   /* the address or name of --listen, without port */
	const char *name;	    /* --host-name: by what name others reach it; NULL = none */
	char token[DOOR_TOKEN_MAX]; /* "" = nobody needs one */
};

/*
 * Splits "127.0.0.1:9464", "[::1]:9464", "localhost:9464" or ":9464" (loopback) into host and
 * port.  0, or -EINVAL.
 */
int door_parse(const char *listen, char host[DOOR_HOST_MAX], char port[8]);

/* Whether nobody but this machine reaches it. */
bool door_is_loopback(const char *host);

/*
 * Whether the Host header, with its port or without, names this server.  NULL = not sent.  Of a
 * server that listens on every address each address does: another site has a name.
 */
bool door_knows_host(const struct door *door, const char *header);

/* Whether a browser says in Sec-Fetch-Site that the page of another site has asked.  NULL = not
 * sent. */
bool door_is_cross_site(const char *header);

/* Whether "Bearer TOKEN", or the parameter token, is the right one; takes the same time for
 * every wrong one of a length. */
bool door_opens(const struct door *door, const char *authorization, const char *parameter);

#endif
