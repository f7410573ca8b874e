/* SPDX-License-Identifier: MIT */
#include <sys/types.h>
#include <sys/socket.h>

#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <net/if_mib.h>
#include <net/route.h>
#include <string.h>
#include <sys/sysctl.h>

#include "daemon/source/darwin/counters.h"
#include "daemon/source/darwin/net.h"
#include "daemon/source/darwin/parts.h"
#include "proto/alloc.h"

/*
 * Bytes of the network interfaces.  The interface list rounds them down to a multiple of 1024
 * and cuts them to 32 bits for programs that are not Apple's; the MIB of each interface does
 * not, and is what counts.  The list only tells which interfaces there are, and its counters
 * stand in for an interface that the MIB never knew.
 */

#define LIST_MARGIN 4096

struct net {
	size_t size; /* of list */
	uint8_t *list;
	struct counters counters;
};

int net_list(uint8_t *list, size_t *size)
{
	int mib[6] = { CTL_NET, PF_ROUTE, 0, 0, NET_RT_IFLIST2, 0 };

	return sysctl(mib, 6, list, size, NULL, 0) < 0 ? -errno : 0;
}

/* Only when interfaces have come since: the buffer is made with room to spare. */
static int net_grow(struct net *n)
{
	int mib[6] = { CTL_NET, PF_ROUTE, 0, 0, NET_RT_IFLIST2, 0 };
	size_t need = 0;

	if (sysctl(mib, 6, NULL, &need, NULL, 0) < 0)
		return -errno;
	n->size = need * 2 + LIST_MARGIN;
	n->list = xrealloc(n->list, n->size, 1);
	return 0;
}

static int net_open(void **self, const struct source_options *options, struct fault *why)
{
	struct net *n = xcalloc(1, sizeof(*n));
	int rc = net_grow(n);

	(void)options;
	if (rc < 0) {
		free(n);
		return fault_set(why, rc, "the interfaces cannot be listed");
	}
	*self = n;
	return 0;
}

static int net_describe(void *self, struct layout *layout)
{
	(void)self, (void)layout;
	return 0;
}

/* ---- the list ---- */

/* One message at *at, if it is about an interface; moves *at behind it.  false at the end. */
bool net_list_next(const uint8_t *list, size_t used, size_t *at, struct interface *found)
{
	struct if_msghdr2 header;
	struct sockaddr_dl address = { 0 };
	uint16_t length;

	memset(found, 0, sizeof(*found));
	if (*at + 4 > used)
		return false;
	memcpy(&length, list + *at, sizeof(length));
	if (length < 4 || *at + length > used)
		return false;
	if (list[*at + 3] == RTM_IFINFO2 && length >= sizeof(header)) {
		size_t rest = length - sizeof(header);

		memcpy(&header, list + *at, sizeof(header));
		memcpy(&address, list + *at + sizeof(header),
			rest < sizeof(address) ? rest : sizeof(address));
		found->index = header.ifm_index;
		found->flags = (unsigned)header.ifm_flags;
		found->bytes[0] = (uint32_t)header.ifm_data.ifi_ibytes;
		found->bytes[1] = (uint32_t)header.ifm_data.ifi_obytes;
		if (address.sdl_nlen < sizeof(address.sdl_data))
			memcpy(found->name, address.sdl_data, address.sdl_nlen);
	}
	*at += length;
	return true;
}

/* Loopback, interfaces that are down, and those whose traffic a physical one carries. */
static bool interface_counts(const struct interface *i)
{
	static const char *const carried[] = { "bridge", "utun", "awdl", "llw", "ap", "anpi",
		"vmenet", "lo", "gif", "stf", "ipsec", "feth", "vlan", "bond" };

	if (!i->index || !(i->flags & IFF_UP) || (i->flags & IFF_LOOPBACK))
		return false;
	for (unsigned n = 0; n < sizeof(carried) / sizeof(*carried); n++) {
		size_t length = strlen(carried[n]);

		if (strncmp(i->name, carried[n], length) == 0 &&
			isdigit((unsigned char)i->name[length]))
			return false;
	}
	return true;
}

/* ---- counting ---- */

bool net_mib_read(unsigned index, uint64_t bytes[2])
{
	int mib[6] = { CTL_NET, PF_LINK, NETLINK_GENERIC, IFMIB_IFDATA, (int)index,
		IFDATA_GENERAL };
	struct ifmibdata data;
	size_t size = sizeof(data);

	if (sysctl(mib, 6, &data, &size, NULL, 0) < 0 || size < sizeof(data))
		return false;
	bytes[0] = data.ifmd_data.ifi_ibytes;
	bytes[1] = data.ifmd_data.ifi_obytes;
	return true;
}

static int net_add(struct net *n, const struct interface *i)
{
	struct counters_entry *entry = counters_find(&n->counters, i->index);
	uint64_t exact[2];
	bool known = (!entry || entry->bits == 64) && net_mib_read(i->index, exact);

	if (!entry)
		entry = counters_make(&n->counters, i->index, known ? 64 : 32);
	if (!entry)
		return -EIO;
	entry->seen = true;
	if (entry->bits == 64 && !known)
		return -EIO;
	counters_add(&n->counters, entry, entry->bits == 64 ? exact : i->bytes);
	return 0;
}

static int net_add_all(struct net *n, size_t used)
{
	struct interface found;
	int rc = 0;

	counters_begin(&n->counters);
	for (size_t at = 0; net_list_next(n->list, used, &at, &found);)
		if (interface_counts(&found) && net_add(n, &found) < 0)
			rc = -EIO;
	return rc;
}

static int net_read(void *self, struct sample *s)
{
	struct net *n = self;
	size_t used = n->size;
	int rc = net_list(n->list, &used);

	if (rc == -ENOMEM && net_grow(n) == 0) {
		used = n->size;
		rc = net_list(n->list, &used);
	}
	if (rc == 0)
		rc = net_add_all(n, used);
	if (rc < 0) {
		counters_abandon(&n->counters);
		return rc;
	}
	if (!n->counters.started && n->counters.count == 0)
		return 0;
	/* On some systems what comes in is hidden from all but Apple's programs. */
	if (n->counters.total[0] > 0 || n->counters.total[1] == 0)
		sample_set(s, METRIC_NET_RX_BYTES, 0, (double)n->counters.total[0]);
	sample_set(s, METRIC_NET_TX_BYTES, 0, (double)n->counters.total[1]);
	return 0;
}

static void net_close(void *self)
{
	struct net *n = self;

	free(n->list);
	free(n);
}

const struct part darwin_net = { "net", net_open, net_describe, net_read, net_close };
