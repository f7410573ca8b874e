/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/config.h"
#include "proto/duration.h"
#include "daemon/options.h"

/* Printing adds quotes and $HOME; up to this size no line can grow beyond its limit. */
#define FUZZ_SIZE_MAX 1024

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *fuzz_no_variable(void *context, const char *name)
{
	(void)context;
	return strcmp(name, "HOME") == 0 ? "/home/fuzz" : NULL;
}

static void fuzz_keep(void *context, const char *name)
{
	(void)context;
	(void)name;
}

static const struct env fuzz_env = { fuzz_no_variable, fuzz_keep, NULL };

/* Parses the text of a file as -c would.  What it printed, to be freed, or NULL. */
static char *fuzz_print(const char *path, const void *text, size_t size)
{
	char program[] = "actopd", option[] = "-c", print[] = "--print-config", name[64];
	char *argv[] = { program, option, name, print, NULL };
	FILE *file = fopen(path, "w"), *out;
	struct options options;
	struct message why;
	enum options_result result;
	char *printed = NULL;
	size_t length;

	if (!file || fwrite(text, 1, size, file) != size || fclose(file) != 0)
		abort();
	snprintf(name, sizeof(name), "%s", path);
	out = open_memstream(&printed, &length);
	result = options_parse(&options, 4, argv, &fuzz_env, out, &why);
	fclose(out);
	options_fini(&options);
	if (result == OPTIONS_DONE)
		return printed;
	if (result != OPTIONS_CONFIG || why.text[0] == '\0')
		abort();
	free(printed);
	return NULL;
}

/* Whatever the file: a result with a message, or settings that print as a file with the same
 * meaning. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64], *once, *twice;

	snprintf(path, sizeof(path), "/tmp/actop-fuzz-%ld.conf", (long)getpid());
	once = fuzz_print(path, data, size);
	if (once && size <= FUZZ_SIZE_MAX) {
		twice = fuzz_print(path, once, strlen(once));
		if (!twice || strcmp(once, twice) != 0)
			abort();
		free(twice);
	}
	free(once);
	unlink(path);
	return 0;
}
