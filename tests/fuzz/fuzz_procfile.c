/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/source/linux/procfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIST_MAX 64

static void fuzz_add(void *arg, unsigned number)
{
	assert(number < LIST_MAX);
	++*(unsigned *)arg;
}

static void fuzz_line(struct text line)
{
	struct procfile_cpu cpu;
	struct procfile_device device;
	uint64_t in, out;

	if (procfile_parse_cpu(line, &cpu))
		assert(memcmp(line.at, "cpu", 3) == 0);
	if (procfile_parse_disk(line, &device))
		assert(device.name[0] && strlen(device.name) < sizeof(device.name));
	if (procfile_parse_interface(line, &device))
		assert(device.name[0] && !strchr(device.name, ':'));
	procfile_parse_swap(line, &in, &out);
}

static void fuzz_proc(struct text file)
{
	struct procfile_meminfo meminfo;
	double load[3];
	uint64_t total;

	procfile_parse_meminfo(file, &meminfo);
	if (procfile_parse_load(file, load))
		assert(isfinite(load[0]) && load[0] >= 0 && load[2] >= 0);
	procfile_parse_pressure(file, "some", &total);
	procfile_parse_pressure(file, "full", &total);
}

static void fuzz_sys(struct text file)
{
	unsigned count = 0;
	double now_mhz, max_mhz;
	char value[24];
	uint64_t bytes;
	int64_t number;

	procfile_parse_number(file, &number);
	procfile_parse_zram(file, &bytes);
	procfile_parse_list(file, LIST_MAX, fuzz_add, &count);
	procfile_parse_clocks(file, &now_mhz, &max_mhz);
	assert(isnan(now_mhz) || now_mhz <= max_mhz);
	if (procfile_parse_value(file, "PRETTY_NAME=", value, sizeof(value)))
		assert(memchr(value, '\0', sizeof(value)));
}

/* The bytes are copied to memory of just their size, so that a sanitizer sees one read too far.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct text file, rest, line;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	file = rest = text_of(copy, size);
	while (text_take_line(&rest, &line, true))
		fuzz_line(line);
	fuzz_proc(file);
	fuzz_sys(file);
	free(copy);
	return 0;
}
