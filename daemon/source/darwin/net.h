/* SPDX-License-Identifier: MIT */
#ifndef DARWIN_NET_H
#define DARWIN_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_NAME_MAX 16

/* One network interface of the system's list. */
struct interface {
	unsigned index; /* 0 = the message was about something else */
	unsigned flags;
	char name[NET_NAME_MAX];
	uint64_t bytes[2]; /* in, out; cut to 32 bits */
};

/* The list into a buffer; *size is that of the buffer, then what was used.  0 or -errno. */
int net_list(uint8_t *list, size_t *size);

/* The message at *at; moves *at behind it.  false at the end. */
bool net_list_next(const uint8_t *list, size_t used, size_t *at, struct interface *found);

/* Bytes in and out of an interface, all 64 bits of them. */
bool net_mib_read(unsigned index, uint64_t bytes[2]);

#endif
