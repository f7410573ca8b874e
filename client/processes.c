/* SPDX-License-Identifier: MIT */
#include "client/processes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "proto/alloc.h"

#define PROCESS_NONE SIZE_MAX

static double process_number(const struct node *row, const char *key)
{
	double x;

	return node_number(node_get(row, key), &x) ? x : NAN;
}

static const char *process_text(const struct node *row, const char *key)
{
	const char *text = node_text(node_get(row, key));

	return text ? text : "";
}

static void process_read(struct process *to, const struct node *row)
{
	const char *quality = process_text(row, "energy_quality");

	*to = (struct process){
		.pid = node_int(node_get(row, "pid"), 0),
		.ppid = node_int(node_get(row, "ppid"), 0),
		.responsible = node_int(node_get(row, "responsible_pid"), 0),
		.start_ms = node_int(node_get(row, "start_ms"), 0),
		.uid = node_int(node_get(row, "uid"), -1),
		.user = process_text(row, "user"),
		.name = process_text(row, "name"),
		.command = node_text(node_get(row, "command")),
		.cpu_pct = process_number(row, "cpu_pct"),
		.gpu_pct = process_number(row, "gpu_pct"),
		.watts = process_number(row, "watts"),
		.mem_bytes = process_number(row, "mem_bytes"),
		.read_bytes_per_s = process_number(row, "disk_read_bytes_per_s"),
		.write_bytes_per_s = process_number(row, "disk_write_bytes_per_s"),
		.threads = process_number(row, "threads"),
		.cpu_ms = process_number(row, "cpu_ms"),
		.children_cpu_ms = process_number(row, "children_cpu_ms"),
		.estimated = quality[0] == 'e',
		.members = 1,
	};
}

void processes_read(struct processes *to, const struct message *m)
{
	const struct node *first = node_first(message_at(m, "rows"));
	size_t count = 0;

	processes_fini(to);
	for (const struct node *row = first; row; row = node_next(row))
		count++;
	*to = (struct processes){
		.items = xcalloc(count + 1, sizeof(*to->items)),
		.ts_ms = message_int(m, "ts_ms", 0),
		.dt_ms = process_number(m->root, "dt_ms"),
		.cpu_watts = process_number(m->root, "cpu_watts"),
		.gpu_watts = process_number(m->root, "gpu_watts"),
		.total = message_int(m, "total", (int64_t)count),
		.restricted = message_int(m, "restricted", 0),
	};
	node_bool(message_at(m, "truncated"), &to->truncated);
	for (const struct node *row = first; row; row = node_next(row))
		process_read(&to->items[to->count++], row);
}

void processes_fini(struct processes *p)
{
	free(p->items);
	*p = (struct processes){ 0 };
}

enum sort processes_sort(const char *word)
{
	for (unsigned i = 0; word && i < SORT_COUNT; i++)
		if (strcmp(word, sort_words[i]) == 0)
			return (enum sort)i;
	return SORT_CPU;
}

/* A tree while it is made: indexes into the list it was. */
struct process_walk {
	const struct processes *from;
	struct process *to;
	size_t count;
	size_t *parent; /* PROCESS_NONE = a root */
	size_t *next;	/* where to look for the next child */
	bool *done;
};

static size_t process_find(const struct processes *p, int64_t pid)
{
	for (size_t i = 0; pid > 0 && i < p->count; i++)
		if (p->items[i].pid == pid)
			return i;
	return PROCESS_NONE;
}

/* Below whom it stands; PROCESS_NONE = a root. */
static size_t process_parent(const struct processes *p, size_t i)
{
	size_t parent = process_find(p, p->items[i].ppid);

	return parent != PROCESS_NONE ? parent : process_find(p, p->items[i].responsible);
}

static void process_walk_take(struct process_walk *w, size_t i, unsigned depth)
{
	w->to[w->count] = w->from->items[i];
	w->to[w->count++].depth = depth;
	w->done[i] = true;
}

static size_t process_walk_child(struct process_walk *w, size_t of)
{
	for (size_t i = w->next[of]; i < w->from->count; i++)
		if (w->parent[i] == of && !w->done[i]) {
			w->next[of] = i + 1;
			return i;
		}
	w->next[of] = w->from->count;
	return PROCESS_NONE;
}

/* All below a root that were not there yet: pids that are used again may make a ring. */
static void process_walk_below(struct process_walk *w, size_t root)
{
	unsigned depth = 0;
	size_t at = root;

	process_walk_take(w, root, 0);
	for (;;) {
		size_t child = process_walk_child(w, at);

		if (child != PROCESS_NONE) {
			process_walk_take(w, child, ++depth);
			at = child;
			continue;
		}
		if (at == root)
			return;
		at = w->parent[at];
		depth--;
	}
}

void processes_make_tree(struct processes *p)
{
	struct process_walk w = {
		.from = p,
		.to = xcalloc(p->count + 1, sizeof(*w.to)),
		.parent = xcalloc(p->count + 1, sizeof(*w.parent)),
		.next = xcalloc(p->count + 1, sizeof(*w.next)),
		.done = xcalloc(p->count + 1, sizeof(*w.done)),
	};

	for (size_t i = 0; i < p->count; i++)
		w.parent[i] = process_parent(p, i);
	for (size_t i = 0; i < p->count; i++)
		if (w.parent[i] == PROCESS_NONE || w.parent[i] == i)
			process_walk_below(&w, i);
	for (size_t i = 0; i < p->count; i++)
		if (!w.done[i])
			process_walk_below(&w, i);
	free(p->items);
	free(w.parent);
	free(w.next);
	free(w.done);
	p->items = w.to;
}

/* Notes who brought it and those above it that nobody did; how many these are. */
static size_t process_bring(const struct processes *p, size_t *by, size_t i)
{
	size_t count = 0;

	for (size_t at = i; at != PROCESS_NONE && by[at] == 0; at = process_parent(p, at)) {
		by[at] = i + 1;
		count++;
	}
	return count;
}

void processes_keep_branches(struct processes *p, size_t n, size_t room)
{
	size_t *by = xcalloc(p->count + 1, sizeof(*by));
	size_t rows = 0, took = 0, kept = 0;

	for (; took < n && took < p->count; took++) {
		rows += process_bring(p, by, took);
		if (took > 0 && room > 0 && rows > room)
			break;
	}
	for (size_t i = 0; i < p->count; i++)
		if (by[i] > 0 && by[i] <= took)
			p->items[kept++] = p->items[i];
	p->count = kept;
	free(by);
}
