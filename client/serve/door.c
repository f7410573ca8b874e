/* SPDX-License-Identifier: MIT */
#include "client/serve/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DOOR_LOOPBACK "127.0.0.1"

static int door_copy(char *to, size_t size, const char *from, size_t n)
{
	if (n >= size)
		return -EINVAL;
	memcpy(to, from, n);
	to[n] = '\0';
	return 0;
}

static int door_parse_port(const char *text, char port[8])
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 0 || n > 65535)
		return -EINVAL;
	snprintf(port, 8, "%ld", n);
	return 0;
}

int door_parse(const char *listen, char host[DOOR_HOST_MAX], char port[8])
{
	const char *colon = strrchr(listen, ':');
	size_t n;

	if (!colon || door_parse_port(colon + 1, port) < 0)
		return -EINVAL;
	n = (size_t)(colon - listen);
	if (n == 0)
		return door_copy(host, DOOR_HOST_MAX, DOOR_LOOPBACK, strlen(DOOR_LOOPBACK));
	if (listen[0] == '[' && listen[n - 1] == ']')
		return door_copy(host, DOOR_HOST_MAX, listen + 1, n - 2);
	if (memchr(listen, ':', n))
		return -EINVAL;
	return door_copy(host, DOOR_HOST_MAX, listen, n);
}

/* A name may begin with "127." too, and be anybody's. */
bool door_is_loopback(const char *host)
{
	struct in_addr address;

	if (inet_pton(AF_INET, host, &address) == 1)
		return ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET;
	return strcmp(host, "::1") == 0 || strcasecmp(host, "localhost") == 0;
}

/* "[::1]:9464" -> "::1", "name:80" -> "name" */
static void door_strip_port(const char *header, char host[DOOR_HOST_MAX])
{
	const char *from = header;
	size_t n = strcspn(header, ":");

	if (header[0] == '[') {
		from = header + 1;
		n = strcspn(from, "]");
	}
	if (n >= DOOR_HOST_MAX)
		n = 0;
	memcpy(host, from, n);
	host[n] = '\0';
}

/* 0.0.0.0 or ::, which nobody can ask for by that name. */
static bool door_is_everywhere(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return four.s_addr == htonl(INADDR_ANY);
	return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_UNSPECIFIED(&six);
}

static bool door_is_address(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1;
}

bool door_knows_host(const struct door *door, const char *header)
{
	char host[DOOR_HOST_MAX];

	if (!header)
		return false;
	door_strip_port(header, host);
	if (host[0] == '\0')
		return false;
	return strcasecmp(host, door->host) == 0 ||
		(door_is_loopback(host) && door_is_loopback(door->host)) ||
		(door_is_address(host) && door_is_everywhere(door->host)) ||
		(door->name && strcasecmp(host, door->name) == 0);
}

bool door_is_cross_site(const char *header)
{
	return header && strcmp(header, "cross-site") == 0;
}

static bool door_equal(const char *a, const char *b)
{
	size_t n = strlen(a);
	unsigned char difference = 0;

	if (strlen(b) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		difference |= (unsigned char)(a[i] ^ b[i]);
	return difference == 0;
}

bool door_opens(const struct door *door, const char *authorization, const char *parameter)
{
	static const char scheme[] = "Bearer ";

	if (door->token[0] == '\0')
		return true;
	if (authorization && strncasecmp(authorization, scheme, sizeof(scheme) - 1) == 0)
		return door_equal(door->token, authorization + sizeof(scheme) - 1);
	return parameter && door_equal(door->token, parameter);
}
