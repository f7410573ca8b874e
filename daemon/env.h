/* SPDX-License-Identifier: MIT */
#ifndef ENV_H
#define ENV_H

/* Where variables come from: the process in production, a table in tests. */
struct env {
	const char *(*get)(void *context, const char *name); /* NULL = not set */
	void (*unset)(void *context, const char *name);
	void *context;
};

/* The variables of this process. */
extern const struct env env_process;

/* The value of a variable; NULL when it is not set or empty.  Valid until it is changed. */
const char *env_get(const struct env *env, const char *name);

void env_unset(const struct env *env, const char *name);

#endif
