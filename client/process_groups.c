/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "client/processes.h"
#include "proto/alloc.h"

/* They start what others asked for, so that what they start is not a part of them. */
static const char *const group_starters[] = {
	"systemd",
	"init",
	"launchd",
	"sshd",
	"login",
	"cron",
	"tmux",
	"tmux: server",
	"screen",
	"sh",
	"bash",
	"zsh",
	"fish",
	"dash",
	"ksh",
	"sudo",
	"su",
	"doas",
	"Terminal",
	"iTerm2",
	"gnome-terminal-",
	"konsole",
	"alacritty",
	"kitty",
	"xterm",
	"containerd-shim",
};

static bool group_is_starter(const struct process *p)
{
	const char *name = p->name[0] == '-' ? p->name + 1 : p->name;

	if (p->pid <= 1)
		return true;
	for (size_t i = 0; i < sizeof(group_starters) / sizeof(*group_starters); i++)
		if (strcmp(name, group_starters[i]) == 0)
			return true;
	return false;
}

static const struct process *group_find(const struct processes *p, int64_t pid)
{
	for (size_t i = 0; pid > 0 && i < p->count; i++)
		if (p->items[i].pid == pid)
			return &p->items[i];
	return NULL;
}

/* The process whose name the group has.  Bounded, since pids that are used again may make a
 * ring. */
static const struct process *group_root(const struct processes *p, const struct process *of)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct process *above = group_find(p, of->responsible);

		if (!above)
			above = group_find(p, of->ppid);
		if (!above || above == of || group_is_starter(above))
			break;
		of = above;
	}
	return of;
}

/* What is not known is left out of a sum. */
static void group_sum(double *to, double x)
{
	if (!isnan(x))
		*to = isnan(*to) ? x : *to + x;
}

static void group_add(struct process *to, const struct process *p)
{
	group_sum(&to->cpu_pct, p->cpu_pct);
	group_sum(&to->gpu_pct, p->gpu_pct);
	group_sum(&to->watts, p->watts);
	group_sum(&to->mem_bytes, p->mem_bytes);
	group_sum(&to->read_bytes_per_s, p->read_bytes_per_s);
	group_sum(&to->write_bytes_per_s, p->write_bytes_per_s);
	group_sum(&to->threads, p->threads);
	group_sum(&to->cpu_ms, p->cpu_ms);
	group_sum(&to->children_cpu_ms, p->children_cpu_ms);
	to->estimated = to->estimated || p->estimated;
	to->pid = p->pid < to->pid ? p->pid : to->pid;
	if (to->uid != p->uid || strcmp(to->user, p->user) != 0) {
		to->uid = -1;
		to->user = "";
	}
	to->members++;
}

static void group_take(
	struct processes *groups, const struct process *root, const struct process *p)
{
	for (size_t i = 0; i < groups->count; i++)
		if (strcmp(groups->items[i].name, root->name) == 0) {
			group_add(&groups->items[i], p);
			return;
		}
	groups->items[groups->count] = *p;
	groups->items[groups->count].name = root->name;
	groups->items[groups->count].command = NULL;
	groups->count++;
}

static double group_key(const struct process *p, enum sort sort)
{
	switch (sort) {
	case SORT_GPU:
		return p->gpu_pct;
	case SORT_WATTS:
		return p->watts;
	case SORT_MEM:
		return p->mem_bytes;
	case SORT_PID:
		return -(double)p->pid;
	default:
		return p->cpu_pct;
	}
}

/* Whether a stands before b. */
static bool group_precedes(const struct process *a, const struct process *b, enum sort sort)
{
	double x = group_key(a, sort), y = group_key(b, sort);

	x = isnan(x) ? -INFINITY : x;
	y = isnan(y) ? -INFINITY : y;
	return x > y || (x == y && a->pid < b->pid);
}

/* By insertion: there are hundreds at most, and they come nearly in order. */
static void group_order(struct processes *p, enum sort sort)
{
	for (size_t i = 1; i < p->count; i++) {
		struct process item = p->items[i];
		size_t k = i;

		for (; k > 0 && group_precedes(&item, &p->items[k - 1], sort); k--)
			p->items[k] = p->items[k - 1];
		p->items[k] = item;
	}
}

void processes_make_groups(struct processes *p, enum sort sort)
{
	struct processes groups = { .items = xcalloc(p->count + 1, sizeof(*groups.items)) };

	for (size_t i = 0; i < p->count; i++)
		group_take(&groups, group_root(p, &p->items[i]), &p->items[i]);
	group_order(&groups, sort);
	free(p->items);
	p->items = groups.items;
	p->count = groups.count;
}
