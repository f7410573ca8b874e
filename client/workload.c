/* SPDX-License-Identifier: MIT */
#include "client/workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "proto/alloc.h"

#define WORKLOAD_SLACK_MS 1000 /* what the system may be wrong by in when a process began */

static double workload_known(double x)
{
	return isnan(x) ? 0 : x;
}

/* The same process in another list; NULL = it is not there. */
static const struct process *workload_same(
	const struct process *items, size_t count, const struct process *p)
{
	for (size_t i = 0; i < count; i++)
		if (items[i].pid == p->pid && items[i].start_ms == p->start_ms)
			return &items[i];
	return NULL;
}

static const struct process *workload_parent(const struct workload *w, const struct process *p)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->before[i].pid == p->ppid && &w->before[i] != p)
			return &w->before[i];
	return NULL;
}

/* The nearest ancestor of a process that has ended, which has inherited its time; NULL = none
 * is left. */
static const struct process *workload_heir(
	const struct workload *w, const struct process *gone, const struct processes *now)
{
	const struct process *p = workload_parent(w, gone);

	for (size_t i = 0; p && i < w->count; i++) {
		const struct process *alive = workload_same(now->items, now->count, p);

		if (alive)
			return alive;
		p = workload_parent(w, p);
	}
	return NULL;
}

/* What heir has inherited that was counted already while those who left it were alive. */
static double workload_counted(
	const struct workload *w, const struct process *heir, const struct processes *now)
{
	double sum = 0;

	for (size_t i = 0; i < w->count; i++) {
		const struct process *p = &w->before[i];

		if (!workload_same(now->items, now->count, p) &&
			workload_heir(w, p, now) == heir)
			sum += workload_known(p->cpu_ms) + workload_known(p->children_cpu_ms);
	}
	return sum;
}

/* One that is old and was not in the list before has come from elsewhere: it begins now. */
static void workload_add(
	struct workload *w, const struct process *p, const struct processes *now)
{
	const struct process *was = workload_same(w->before, w->count, p);
	double grown;

	if (was) {
		grown = workload_known(p->children_cpu_ms - was->children_cpu_ms);
		if (grown > 0)
			grown -= workload_counted(w, p, now);
		w->step_gone_ms += grown > 0 ? grown : 0;
		w->step_cpu_ms += workload_known(p->cpu_ms - was->cpu_ms);
	} else if (p->start_ms + WORKLOAD_SLACK_MS >= w->before_ts_ms) {
		w->step_cpu_ms += workload_known(p->cpu_ms);
		w->step_gone_ms += workload_known(p->children_cpu_ms);
	}
}

static void workload_keep(struct workload *w, const struct processes *p)
{
	free(w->before);
	w->before = xcalloc(p->count + 1, sizeof(*w->before));
	if (p->count > 0)
		memcpy(w->before, p->items, p->count * sizeof(*p->items));
	w->count = p->count;
	w->before_ts_ms = p->ts_ms;
	w->begun = true;
}

void workload_take(struct workload *w, const struct processes *p)
{
	w->step_cpu_ms = w->begun ? 0 : NAN;
	w->step_gone_ms = 0;
	w->step_ms = (double)(p->ts_ms - w->before_ts_ms);
	for (size_t i = 0; w->begun && i < p->count; i++)
		workload_add(w, &p->items[i], p);
	if (w->begun) {
		w->step_cpu_ms += w->step_gone_ms;
		w->cpu_ms += w->step_cpu_ms;
	}
	workload_keep(w, p);
}

void workload_fini(struct workload *w)
{
	free(w->before);
	*w = (struct workload){ 0 };
}
