/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/matcher.h"
#include "daemon/source/linux/procstat.h"
#include "daemon/source/process.h"
#include "proto/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What comes out is text that no terminal obeys. */
static void fuzz_clean(const char *bytes, size_t size)
{
	char name[PROCESS_NAME_MAX];
	size_t length, step;

	process_clean(name, sizeof(name), bytes, size);
	length = strlen(name);
	assert(length < sizeof(name));
	for (size_t i = 0; i < length; i += step) {
		step = utf8_sequence(name + i, length - i);
		assert(step > 0 && (unsigned char)name[i] >= 0x20 && name[i] != 0x7F);
		assert(step != 2 || (unsigned char)name[i] != 0xC2 ||
			(unsigned char)name[i + 1] >= 0xA0);
	}
}

static void fuzz_files(struct text file)
{
	struct procstat stat;
	struct text path;
	uint64_t a, b;

	if (procstat_parse(file, &stat)) {
		assert(stat.pid >= 0 && stat.ppid >= 0);
		assert(stat.name.at >= file.at && stat.name.at <= stat.name.end &&
			stat.name.end < file.end);
	}
	procstat_parse_footprint(file);
	procstat_parse_io(file, &a, &b);
	procstat_parse_boot(file, &a);
	procstat_parse_gpu(file, &a, &b);
	if (procstat_parse_cgroup(file, &path))
		assert(path.at >= file.at && path.at < path.end && path.end <= file.end &&
			*path.at == '/');
}

/* The first line is the expression, the rest the text; whatever they are, it is over soon. */
static void fuzz_matcher(char *bytes)
{
	char why[MATCHER_WHY_MAX];
	char *lf = strchr(bytes, '\n');
	struct matcher *matcher;

	if (lf)
		*lf = '\0';
	matcher = matcher_new(bytes, why);
	assert(matcher || strlen(why) < sizeof(why));
	if (matcher)
		matcher_matches(matcher, lf ? lf + 1 : "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	matcher_free(matcher);
}

/* The bytes are copied to memory of just their size, so that a sanitizer sees one read too far.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	copy[size] = '\0';
	fuzz_matcher(copy);
	free(copy);
	copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	memcpy(copy, data, size);
	fuzz_files(text_of(copy, size));
	fuzz_clean(copy, size);
	free(copy);
	return 0;
}
