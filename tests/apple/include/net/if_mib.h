/* SPDX-License-Identifier: MIT */
#ifndef APPLE_NET_IF_MIB_H
#define APPLE_NET_IF_MIB_H

#include <net/if.h>

/* The part of net/if_mib.h (SDK 12) that is used. */
#define NETLINK_GENERIC 0
#define IFMIB_IFDATA 2
#define IFDATA_GENERAL 1

#pragma pack(push, 4)
struct ifmibdata {
	char ifmd_name[IFNAMSIZ];
	unsigned int ifmd_pcount, ifmd_flags, ifmd_snd_len, ifmd_snd_maxlen, ifmd_snd_drops,
		ifmd_filler[4];
	struct if_data64 ifmd_data;
};
#pragma pack(pop)

#endif
