/* SPDX-License-Identifier: MIT */
#ifndef APPLE_NET_ROUTE_H
#define APPLE_NET_ROUTE_H

/* The part of net/route.h (SDK 12) that is used. */
#define RTM_IFINFO2 0x12

#endif
