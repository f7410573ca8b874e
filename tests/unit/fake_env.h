/* SPDX-License-Identifier: MIT */
#ifndef FAKE_ENV_H
#define FAKE_ENV_H

#include <string.h>

#include "daemon/env.h"

#define FAKE_ENV_MAX 8

/* Variables of a test: names and values in turn, ended by NULL. */
struct fake_env {
	struct env env;
	const char *pairs[2 * FAKE_ENV_MAX + 1];
};

static inline const char **fake_env_find(struct fake_env *fake, const char *name)
{
	for (const char **pair = fake->pairs; *pair; pair += 2)
		if (strcmp(pair[0], name) == 0)
			return pair + 1;
	return NULL;
}

static inline const char *fake_env_get(void *context, const char *name)
{
	const char **value = fake_env_find(context, name);

	return value ? *value : NULL;
}

static inline void fake_env_unset(void *context, const char *name)
{
	const char **value = fake_env_find(context, name);

	if (value)
		*value = "";
}

static inline void fake_env_init(struct fake_env *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->env = (struct env){ fake_env_get, fake_env_unset, fake };
}

static inline void fake_env_set(struct fake_env *fake, const char *name, const char *value)
{
	const char **pair = fake->pairs;

	while (*pair)
		pair += 2;
	pair[0] = name;
	pair[1] = value;
}

#endif
