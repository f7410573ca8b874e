/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "daemon/source/darwin/accelerator.h"
#include "daemon/source/darwin/clock.h"
#include "daemon/source/darwin/ctl.h"
#include "daemon/source/darwin/parts.h"

const char platform_name[] = "darwin";

/* Power comes before the battery, which fills in what the controller does not measure. */
const struct part *const platform_parts[] = { &darwin_cpu, &darwin_energy, &darwin_gpu,
	&darwin_accelerator, &darwin_bandwidth, &darwin_temperature, &darwin_fan, &darwin_power,
	&darwin_thermal, &darwin_memory, &darwin_net, &darwin_disk, &darwin_battery,
	&darwin_load, NULL };

void parts_promise(struct layout *layout, const enum metric_id *ids)
{
	while (*ids != METRIC_NONE)
		layout_promise(layout, *ids++);
}

void parts_note(
	struct layout *layout, const enum metric_id *ids, enum avail avail, const char *reason)
{
	for (; *ids != METRIC_NONE; ids++)
		layout_note(layout, *ids, avail, reason);
}

void platform_now(struct instant *now)
{
	clock_now(now);
}

/*
 * Each boot has a session of its own.  The time of the boot stands in where that is not told:
 * it moves when the clock is set, which makes one boot look like two and never two like one.
 */
static void platform_boot_id(struct machine *machine)
{
	struct timeval boot;

	if (ctl_text("kern.bootsessionuuid", machine->boot_id, sizeof(machine->boot_id)) == 0)
		return;
	if (ctl_struct("kern.boottime", &boot, sizeof(boot)) == 0)
		snprintf(machine->boot_id, sizeof(machine->boot_id), "booted-%lld",
			(long long)boot.tv_sec);
}

void platform_machine(const struct source_options *options, struct machine *machine)
{
	int64_t simulated = 0;

	(void)options;
	snprintf(machine->os, sizeof(machine->os), "macos");
	ctl_text("kern.osproductversion", machine->os_version, sizeof(machine->os_version));
	ctl_text("hw.model", machine->model, sizeof(machine->model));
	ctl_text("machdep.cpu.brand_string", machine->chip, sizeof(machine->chip));
	platform_boot_id(machine);
	machine->gpu_cores = accelerator_cores();
	/* No Mac has this one: a pretended machine says so itself. */
	machine->simulated = ctl_integer("actop.simulated", &simulated) == 0 && simulated != 0;
}
