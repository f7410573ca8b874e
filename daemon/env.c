/* SPDX-License-Identifier: MIT */
#include "daemon/env.h"

#include <stdlib.h>

static const char *env_get_process(void *context, const char *name)
{
	(void)context;
	return getenv(name);
}

static void env_unset_process(void *context, const char *name)
{
	(void)context;
	unsetenv(name);
}

const struct env env_process = { env_get_process, env_unset_process, NULL };

const char *env_get(const struct env *env, const char *name)
{
	const char *value = env->get(env->context, name);

	return value && *value ? value : NULL;
}

void env_unset(const struct env *env, const char *name)
{
	env->unset(env->context, name);
}
