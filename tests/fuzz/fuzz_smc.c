/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "daemon/source/darwin/smcvalue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Four bytes of type, then the value; the same four as a key. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char key[5] = "";
	double value, celsius;
	uint32_t type;

	if (size < 4)
		return 0;
	memcpy(key, data, 4);
	type = SMC_FOURCC(key);
	value = smc_value(type, data + 4, size - 4);
	assert(isnan(value) || isfinite(value));
	celsius = temperature_plausible(value);
	assert(isnan(celsius) ||
		(celsius >= TEMPERATURE_MIN_C && celsius <= TEMPERATURE_MAX_C));
	if (smc_is_temperature(type, size - 4))
		assert(size - 4 <= 8);
	assert(smc_domain(key, "Apple M3") <= DOMAIN_SSD);
	assert(smc_domain(key, "Apple M4 Max") <= DOMAIN_SSD);
	return 0;
}
