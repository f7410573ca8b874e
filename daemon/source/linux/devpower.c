/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/devpower.h"

#include <string.h>

void devpower_open(struct devpower *power, const char *dir)
{
	char control[FILE_NUMBER_MAX];

	power->status = (struct file){ 0 };
	file_load(control, sizeof(control), "%s/power/control", dir);
	if (strcmp(control, "auto") == 0)
		file_open(&power->status, "%s/power/runtime_status", dir);
}

void devpower_close(struct devpower *power)
{
	file_close(&power->status);
}

bool devpower_is_asleep(struct devpower *power)
{
	char status[FILE_NUMBER_MAX];

	return power->status.path && file_read(&power->status, status, sizeof(status)) > 0 &&
		strncmp(status, "suspended", 9) == 0;
}
