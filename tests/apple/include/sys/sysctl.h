/* SPDX-License-Identifier: MIT */
#ifndef APPLE_SYS_SYSCTL_H
#define APPLE_SYS_SYSCTL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The part of sys/sysctl.h (SDK 12) that is used. */
#define CTL_KERN 1
#define CTL_NET 4
#define KERN_PROCARGS2 49

struct xsw_usage {
	uint64_t xsu_total, xsu_avail, xsu_used;
	uint32_t xsu_pagesize;
	unsigned int xsu_encrypted;
};

struct loadavg {
	uint32_t ldavg[3];
	long fscale;
};

int sysctl(int *name, unsigned int levels, void *old, size_t *old_size, void *new_value,
	size_t new_size);
int sysctlbyname(
	const char *name, void *old, size_t *old_size, void *new_value, size_t new_size);

#endif
