/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "client/commands.h"
#include "client/view.h"
#include "proto/json.h"

#define VERSION_MAX 128

static void version_print_json(void)
{
	struct json j;
	struct buf out;

	buf_init(&out, VERSION_MAX);
	json_init(&j, &out);
	json_object_open(&j);
	json_kv_string(&j, "name", "actopctl");
	json_kv_string(&j, "version", ACTOP_VERSION);
	json_kv_int(&j, "proto", 1);
	json_object_close(&j);
	printf("%.*s\n", (int)out.len, out.data);
	buf_fini(&out);
}

/* Not by the kind of stdout: a script reads "actopctl 0.1.0" like everybody. */
static int version_run(const struct options *options)
{
	if (options->output == OUTPUT_JSON)
		version_print_json();
	else
		puts("actopctl " ACTOP_VERSION);
	return view_flush();
}

const struct command command_version = {
	.name = "version",
	.summary = "Print the version of this program; status has the daemon's",
	.usage = "version [-o json]",
	.examples = "  actopctl version --json | jq -r .version\n",
	.options = OPTIONS_ALL | OPTIONS_PRINT,
	.outputs = OUTPUTS_REPLY,
	.run = version_run,
};
