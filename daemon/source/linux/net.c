/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <string.h>

#include "daemon/source/linux/file.h"
#include "daemon/source/linux/tally.h"
#include "proto/alloc.h"

/*
 * Bytes over hardware, each counted once.  An interface counts when it has a device (virtio and
 * Xen ones have), stands on no other interface (a port of a switch chip does, iflink says so)
 * and is no part of an interface that has a device itself (failover pairs of virtual machines,
 * whose master counts both).  Bonds, bridges, VLANs, tunnels, veth and so on have no device;
 * what they carry is counted at the hardware below.
 *
 * Where no interface has a device when the source opens, as in most containers, the interfaces
 * that are up count, but for loopback, bridges, bonds, tunnels to a program (tun, tap) and what
 * is a member of one of those.
 */
#define NET_UP 0x1u	  /* IFF_UP */
#define NET_LOOPBACK 0x8u /* IFF_LOOPBACK */

struct net {
	char *root; /* owned */
	struct file dev;
	struct tally tally;
	bool bare; /* no interface has a device */
	char buf[8192];
};

#define NET_PATH "%s/sys/class/net/%s/"

static bool net_has(const struct net *net, const char *name, const char *file)
{
	return file_exists(NET_PATH "%s", net->root, name, file);
}

static bool net_is_upper(const struct net *net, const char *name)
{
	int64_t index, link;

	return file_load_number(&index, NET_PATH "ifindex", net->root, name) == 0 &&
		file_load_number(&link, NET_PATH "iflink", net->root, name) == 0 &&
		index != link;
}

static bool net_is_hardware(const struct net *net, const char *name)
{
	return net_has(net, name, "device") && !net_has(net, name, "master/device") &&
		!net_is_upper(net, name);
}

/* flags is "0x1003". */
static unsigned long net_flags(const struct net *net, const char *name)
{
	char flags[FILE_NUMBER_MAX];

	if (file_load(flags, sizeof(flags), NET_PATH "flags", net->root, name) < 0)
		return 0;
	return strtoul(flags, NULL, 16);
}

static bool net_is_last_resort(const struct net *net, const char *name)
{
	static const char *const twins[] = { "bridge", "bonding", "tun_flags", "master" };

	if ((net_flags(net, name) & (NET_UP | NET_LOOPBACK)) != NET_UP)
		return false;
	for (unsigned i = 0; i < sizeof(twins) / sizeof(*twins); i++)
		if (net_has(net, name, twins[i]))
			return false;
	return true;
}

static bool net_judge(void *arg, const char *name)
{
	const struct net *net = arg;

	return net->bare ? net_is_last_resort(net, name) : net_is_hardware(net, name);
}

static bool net_is_bare(const struct net *net)
{
	struct names names;
	bool bare = true;

	if (names_load(&names, "%s/sys/class/net", net->root) < 0)
		return true;
	for (unsigned i = 0; i < names.count; i++)
		bare = bare && !net_has(net, names.at[i], "device");
	names_free(&names);
	return bare;
}

static void net_close(void *self)
{
	struct net *net = self;

	file_close(&net->dev);
	tally_fini(&net->tally);
	free(net->root);
	free(net);
}

static int net_open(void **self, const struct source_options *options, struct fault *why)
{
	struct net *net = xcalloc(1, sizeof(*net));
	int rc = file_open(&net->dev, "%s/proc/net/dev", options->root);

	(void)why;
	net->root = xstrdup(options->root);
	net->bare = net_is_bare(net);
	tally_init(&net->tally, net_judge, net);
	if (rc < 0)
		net_close(net);
	else
		*self = net;
	return rc;
}

static int net_describe(void *self, struct layout *layout)
{
	(void)self;
	(void)layout;
	return 0;
}

static bool net_add(void *arg, struct text line)
{
	struct net *net = arg;
	struct procfile_device device;

	if (procfile_parse_interface(line, &device))
		tally_add(&net->tally, &device);
	return true;
}

static int net_read(void *self, struct sample *s)
{
	struct net *net = self;
	int rc;

	tally_begin(&net->tally);
	rc = file_read_lines(&net->dev, net->buf, sizeof(net->buf), net_add, net);
	if (rc < 0 || !net->tally.any)
		return rc;
	sample_set(s, METRIC_NET_RX_BYTES, 0, (double)net->tally.in);
	sample_set(s, METRIC_NET_TX_BYTES, 0, (double)net->tally.out);
	return 0;
}

const struct part net_part = { "net", net_open, net_describe, net_read, net_close };
