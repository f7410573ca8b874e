/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "daemon/daemon.h"
#include "daemon/env.h"
#include "daemon/log.h"
#include "daemon/rule.h"

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
	} else if (result == OPTIONS_READY && !options.test) {
		log_init(2, (enum log_level)options.log_level);
		code = (int)daemon_run(&options);
	}
	options_fini(&options);
	return code;
}
