/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/env.h"
#include "daemon/log.h"
#include "daemon/rule.h"
#include "daemon/source/source.h"

/* Half a description is none; but what is no regular file was there before, and stays. */
static void main_discard(const char *file)
{
	struct stat st;

	if (lstat(file, &st) == 0 && S_ISREG(st.st_mode))
		unlink(file);
}

/* Codes of sysexits.h: cannot create, unavailable. */
static int main_dump_world(const char *file)
{
	FILE *f = fopen(file, "w");
	struct fault why = { 0, "" };
	int rc;

	if (!f) {
		fprintf(stderr, "actopd: %s: %s\n", file, strerror(errno));
		return 73;
	}
	rc = platform_dump(f, &why);
	if (fclose(f) != 0 && rc == 0)
		rc = fault_set(&why, -errno, "%s: %s", file, strerror(errno));
	if (rc < 0) {
		fprintf(stderr, "actopd: %s\n", why.text);
		main_discard(file);
	}
	return rc < 0 ? 69 : 0;
}

int main(int argc, char **argv)
{
	struct options options;
	struct message why;
	enum options_result result =
		options_parse(&options, argc, argv, &env_process, stdout, &why);
	int code = 0;

	if (result == OPTIONS_READY && rules_check(&options.config, NULL, &why) < 0)
		result = OPTIONS_CONFIG;
	if (result == OPTIONS_USAGE || result == OPTIONS_CONFIG) {
		fprintf(stderr, "actopd: %s\n", why.text);
		code = (int)result;
	} else if (result == OPTIONS_READY && options.dump_world[0]) {
		code = main_dump_world(options.dump_world);
	} else if (result == OPTIONS_READY && !options.test) {
		log_init(2, (enum log_level)options.log_level);
		log_follow(options.log_file);
		code = (int)daemon_run(&options);
	}
	options_fini(&options);
	return code;
}
