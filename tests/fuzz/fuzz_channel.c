/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "daemon/source/darwin/channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_core(const struct core_name *core)
{
	assert(channel_tier(core->letter) >= 0 && core->die >= 0 && core->die <= 9999);
	assert(core->cluster <= 9999 && core->number <= 9999);
}

/* Any text as every kind of name. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct core_name core;
	bool flag = false;
	unsigned entry;
	double value;
	char name[64];

	size = size < sizeof(name) - 1 ? size : sizeof(name) - 1;
	memcpy(name, data, size);
	name[size] = '\0';
	if (channel_parse_core(name, &core)) {
		check_core(&core);
		assert(!channel_parse_complex(name, &core));
	}
	if (channel_parse_complex(name, &core))
		check_core(&core);
	if (channel_parse_state(name, &entry) == STATE_ACTIVE)
		assert(entry <= 9999 && (name[0] == 'V' || name[0] == 'P'));
	if (channel_parse_bucket(name, &value))
		assert(value >= 0 && value <= 9999);
	if (strstr(name, "DTL"))
		assert(channel_parse_energy(name, &flag) == RAIL_NEVER);
	else
		assert(channel_parse_energy(name, &flag) != RAIL_NEVER);
	value = channel_joules(name);
	assert(isnan(value) || (value > 0 && value < 1));
	channel_parse_dcs(name, &flag);
	channel_parse_dram(name, &flag);
	if (channel_is_aggregate(name))
		assert(strstr(name, "AMCC") && strstr(name, "RD+WR"));
	return 0;
}
