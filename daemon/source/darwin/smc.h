/* SPDX-License-Identifier: MIT */
#ifndef SMC_H
#define SMC_H

#include <IOKit/IOKitLib.h>

#include "daemon/source/darwin/smcvalue.h"
#include "daemon/source/source.h"

/*
 * The System Management Controller: fans, temperatures, power.  Reading needs no privilege.
 * This never writes.  Results are 0 or -errno; -ENOENT = no such key.
 */
struct smc {
	io_connect_t connection; /* 0 = closed */
};

#define SMC_BYTES_MAX 32

/* A key with what it takes to read it, so that each reading is one call. */
struct smc_key {
	uint32_t code, type, size;
};

/* -ENODEV: no controller here. */
int smc_open(struct smc *smc, struct fault *why);
void smc_close(struct smc *smc);

/* Looks a key up; one whose value is wider than 32 bytes cannot be read and is -ENOENT. */
int smc_find(const struct smc *smc, uint32_t code, struct smc_key *key);

/* The value, NaN when it is no number. */
int smc_read(const struct smc *smc, const struct smc_key *key, double *value);

/* The bytes themselves, key->size of them. */
int smc_read_bytes(
	const struct smc *smc, const struct smc_key *key, uint8_t bytes[SMC_BYTES_MAX]);

/* smc_find and smc_read; NaN on any failure. */
double smc_read_code(const struct smc *smc, uint32_t code);

/* How many keys there are, and which stands at a place; they are sorted. */
int smc_count(const struct smc *smc, uint32_t *count);
int smc_code_at(const struct smc *smc, uint32_t index, uint32_t *code);

/* First place of a code that is not below the one given; count when there is none. */
int smc_lower_bound(const struct smc *smc, uint32_t count, uint32_t code, uint32_t *index);

/* The four characters and NUL. */
void smc_name(uint32_t code, char name[5]);

#endif
