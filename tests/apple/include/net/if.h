/* SPDX-License-Identifier: MIT */
#ifndef APPLE_NET_IF_H
#define APPLE_NET_IF_H

#include_next <net/if.h>
#include <stdint.h>
#include <sys/time.h>

/* The part of net/if.h and net/if_var.h (SDK 12) that is used. */
#pragma pack(push, 4)
struct if_data64 {
	uint8_t ifi_type, ifi_typelen, ifi_physical, ifi_addrlen, ifi_hdrlen, ifi_recvquota,
		ifi_xmitquota, ifi_unused1;
	uint32_t ifi_mtu, ifi_metric;
	uint64_t ifi_baudrate, ifi_ipackets, ifi_ierrors, ifi_opackets, ifi_oerrors,
		ifi_collisions, ifi_ibytes, ifi_obytes, ifi_imcasts, ifi_omcasts, ifi_iqdrops,
		ifi_noproto;
	uint32_t ifi_recvtiming, ifi_xmittiming;
	struct {
		int32_t tv_sec, tv_usec;
	} ifi_lastchange;
};

struct if_msghdr2 {
	uint16_t ifm_msglen;
	uint8_t ifm_version, ifm_type;
	int32_t ifm_addrs, ifm_flags;
	uint16_t ifm_index;
	int32_t ifm_snd_len, ifm_snd_maxlen, ifm_snd_drops, ifm_timer;
	struct if_data64 ifm_data;
};
#pragma pack(pop)

#endif
