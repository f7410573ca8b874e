/* SPDX-License-Identifier: MIT */
#ifndef APPLE_NET_IF_DL_H
#define APPLE_NET_IF_DL_H

#include <stdint.h>

/* net/if_dl.h (SDK 12) */
struct sockaddr_dl {
	uint8_t sdl_len, sdl_family;
	uint16_t sdl_index;
	uint8_t sdl_type, sdl_nlen, sdl_alen, sdl_slen;
	char sdl_data[12];
};

#endif
