/* SPDX-License-Identifier: MIT */
#ifndef SMCVALUE_H
#define SMCVALUE_H

#include <stddef.h>
#include <stdint.h>

#include "proto/layout.h"

/* Keys and values of the System Management Controller as numbers.  Pure. */

/* Four characters as the controller writes them: the first in the top byte. */
#define SMC_FOURCC(text) \
	((uint32_t)(uint8_t)(text)[0] << 24 | (uint32_t)(uint8_t)(text)[1] << 16 | \
		(uint32_t)(uint8_t)(text)[2] << 8 | (uint32_t)(uint8_t)(text)[3])

/*
 * The value of a key.  flt and ioft are little endian, ui16 and wider big endian, as #KEY is.
 * NaN for a type that is no number, a size that does not fit the type, NaN and infinities.
 */
double smc_value(uint32_t type, const uint8_t *bytes, size_t size);

/* Whether the type is one that temperatures have. */
bool smc_is_temperature(uint32_t type, size_t size);

/*
 * A temperature that a sensor can have.  A core or GPU without power answers a constant between
 * -9 and 8.4; in 489 readings no true one lay below 21.  A machine in a room below 15 degrees
 * has unknown temperatures.
 */
#define TEMPERATURE_MIN_C 15.0
#define TEMPERATURE_MAX_C 150.0

/* The value itself, or NaN when it cannot be. */
double temperature_plausible(double celsius);

/*
 * What a temperature key measures.  The same name is another core in another generation, and
 * the prefixes are not the same in all: Tf is used for cores and GPU on M3 only, where the keys
 * are listed one by one, and Ts is the SSD or the case.  chip is the whole brand string.
 */
enum domain smc_domain(const char *key, const char *chip);

#endif
