/* SPDX-License-Identifier: MIT */
#include "daemon/hook.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "daemon/log.h"
#include "proto/alloc.h"

#define HOOK_VARIABLES_MAX 12

struct hook {
	uv_process_t process; /* first */
	uv_timer_t timer;
	struct hooks *hooks;
	char rule[64];
	unsigned handles; /* not closed yet; 0 = the place is free */
};

struct hooks {
	uv_loop_t *loop;
	struct hook slots[HOOKS_MAX];
};

/* The environment of one program. */
struct variables {
	char *list[HOOK_VARIABLES_MAX + 1]; /* ended by NULL */
	unsigned count;
};

struct hooks *hooks_new(uv_loop_t *loop)
{
	struct hooks *hooks = xcalloc(1, sizeof(*hooks));

	hooks->loop = loop;
	return hooks;
}

void hooks_free(struct hooks *hooks)
{
	free(hooks);
}

/* ---- its end ---- */

static void hook_closed(uv_handle_t *handle)
{
	((struct hook *)handle->data)->handles--;
}

static void hook_exited(uv_process_t *process, int64_t status, int number)
{
	struct hook *hook = process->data;

	if (number)
		log_warn("hook", "the program of rule %s was ended by signal %d", hook->rule,
			number);
	else if (status)
		log_warn("hook", "the program of rule %s failed with %lld", hook->rule,
			(long long)status);
	uv_close((uv_handle_t *)&hook->timer, hook_closed);
	uv_close((uv_handle_t *)&hook->process, hook_closed);
}

/* With what it has started and not given a group of its own. */
static void hook_kill(const struct hook *hook, int number)
{
	uv_kill(-uv_process_get_pid(&hook->process), number);
}

static void hook_late(uv_timer_t *timer)
{
	struct hook *hook = timer->data;

	log_warn("hook", "the program of rule %s took more than %d s", hook->rule,
		HOOK_SECONDS_MAX);
	hook_kill(hook, SIGKILL);
}

void hooks_stop(struct hooks *hooks)
{
	for (unsigned i = 0; i < HOOKS_MAX; i++) {
		struct hook *hook = &hooks->slots[i];

		if (!hook->handles || uv_is_closing((uv_handle_t *)&hook->timer))
			continue;
		hook_kill(hook, SIGTERM);
		uv_close((uv_handle_t *)&hook->timer, hook_closed);
		uv_close((uv_handle_t *)&hook->process, hook_closed);
	}
}

/* ---- its beginning ---- */

static void add_variable(struct variables *v, const char *name, const char *value)
{
	size_t size = strlen(name) + sizeof("=") + strlen(value ? value : "");
	char *text = xcalloc(size, 1);

	snprintf(text, size, "%s=%s", name, value ? value : "");
	v->list[v->count++] = text;
}

static void add_number(struct variables *v, const char *name, long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	add_variable(v, name, text);
}

/* As in the event: words of a state, else a number, "" when unknown. */
static void add_reading(struct variables *v, const char *name, const struct schema *schema,
	const struct expr_reading *r, double x)
{
	const struct series *s = r->series < 0 ? NULL : &schema->series[r->series];
	char text[64] = "";

	if (s && s->kind == KIND_STATE && x >= 0 && x < s->state_count)
		snprintf(text, sizeof(text), "%s", s->states[(unsigned)x]);
	else if ((s || r->group) && !isnan(x))
		snprintf(text, sizeof(text), "%.*f", r->decimals, x);
	add_variable(v, name, text);
}

static void fill_variables(struct variables *v, const struct transition *t,
	const struct schema *schema, const struct row *row)
{
	const struct expr_reading *r = &t->reading;

	v->count = 0;
	add_variable(v, "PATH", getenv("PATH"));
	add_variable(v, "HOME", getenv("HOME"));
	add_variable(v, "ACTOP_RULE", t->rule->name);
	add_variable(v, "ACTOP_STATE", t->on ? "firing" : "resolved");
	add_variable(v, "ACTOP_SEVERITY", severity_words[t->rule->severity]);
	add_variable(v, "ACTOP_METRIC", r->name);
	add_reading(v, "ACTOP_VALUE", schema, r, r->value);
	add_reading(v, "ACTOP_THRESHOLD", schema, r, r->threshold);
	add_number(v, "ACTOP_HELD_MS", (long long)t->held_ms);
	add_number(v, "ACTOP_SEQ", (long long)row->seq);
	add_number(v, "ACTOP_TS_MS", (long long)row->ts_ms);
	v->list[v->count] = NULL;
}

static void free_variables(struct variables *v)
{
	for (unsigned i = 0; i < v->count; i++)
		free(v->list[i]);
}

static struct hook *free_slot(struct hooks *hooks)
{
	for (unsigned i = 0; i < HOOKS_MAX; i++)
		if (!hooks->slots[i].handles)
			return &hooks->slots[i];
	return NULL;
}

static void hook_spawn(struct hook *hook, char **argv, char **environment)
{
	uv_stdio_container_t stdio[3] = { { .flags = UV_IGNORE }, { .flags = UV_IGNORE },
		{ .flags = UV_INHERIT_FD, .data.fd = 2 } };
	uv_process_options_t options = { .file = argv[0],
		.args = argv,
		.env = environment,
		.exit_cb = hook_exited,
		.stdio = stdio,
		.stdio_count = 3,
		.flags = UV_PROCESS_DETACHED };
	int rc;

	hook->handles = 2;
	uv_timer_init(hook->hooks->loop, &hook->timer);
	hook->timer.data = hook->process.data = hook;
	rc = uv_spawn(hook->hooks->loop, &hook->process, &options);
	hook->process.data = hook;
	if (rc == 0) {
		uv_timer_start(&hook->timer, hook_late, HOOK_SECONDS_MAX * 1000, 0);
		return;
	}
	log_warn("hook", "%s of rule %s does not start: %s", argv[0], hook->rule,
		uv_strerror(rc));
	uv_close((uv_handle_t *)&hook->timer, hook_closed);
	uv_close((uv_handle_t *)&hook->process, hook_closed);
}

void hooks_run(struct hooks *hooks, const struct transition *t, const struct schema *schema,
	const struct row *row)
{
	struct hook *hook = free_slot(hooks);
	struct variables variables;

	if (!hook) {
		log_warn("hook", "%d programs run already; that of rule %s is left out",
			HOOKS_MAX, t->rule->name);
		return;
	}
	hook->hooks = hooks;
	snprintf(hook->rule, sizeof(hook->rule), "%s", t->rule->name);
	fill_variables(&variables, t, schema, row);
	hook_spawn(hook, t->rule->exec, variables.list);
	free_variables(&variables);
}
