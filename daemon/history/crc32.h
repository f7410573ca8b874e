/* SPDX-License-Identifier: MIT */
#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The CRC-32 of IEEE 802.3, as zip and png have it: of "123456789" it is 0xcbf43926. */
uint32_t crc32_of(const void *bytes, size_t n);

#endif
