/* SPDX-License-Identifier: MIT */
#include "daemon/ledger.h"

#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"

/* One counter: a place in a sample. */
struct account {
	unsigned index;
	enum metric_id metric;
	unsigned entity;
	bool seen;	   /* in this run */
	bool measured;	   /* the source set it in the sample under way */
	double total, raw; /* as of the last sample that had it */
	double offset;	   /* total - raw */
};

struct kept {
	struct ledger_entry entry;
	bool same_boot;
};

struct ledger {
	const struct layout *layout;
	struct account *accounts;
	unsigned count;
	struct kept *kept;
	unsigned kept_count;
};

static bool is_energy(enum metric_id id)
{
	return metrics[id].kind == KIND_COUNTER && metrics[id].unit == UNIT_JOULE;
}

struct ledger *ledger_new(const struct layout *layout)
{
	struct ledger *l = xcalloc(1, sizeof(*l));

	l->layout = layout;
	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		l->count += is_energy(id) ? layout->cap[metrics[id].scope] : 0;
	l->accounts = xcalloc(l->count ? l->count : 1, sizeof(*l->accounts));
	l->count = 0;
	for (enum metric_id id = 0; id < METRIC_COUNT; id++)
		for (unsigned e = 0; is_energy(id) && e < layout->cap[metrics[id].scope]; e++)
			l->accounts[l->count++] = (struct account){
				.index = layout_index(layout, id, e), .metric = id, .entity = e
			};
	return l;
}

void ledger_free(struct ledger *l)
{
	if (!l)
		return;
	free(l->accounts);
	free(l->kept);
	free(l);
}

void ledger_restore(struct ledger *l, const struct ledger_entry *entry, bool same_boot)
{
	l->kept = xrealloc(l->kept, l->kept_count + 1, sizeof(*l->kept));
	l->kept[l->kept_count++] = (struct kept){ *entry, same_boot };
}

static void account_name(const struct ledger *l, const struct account *a, char *name)
{
	const struct metric *m = &metrics[a->metric];

	if (m->scope == SCOPE_HOST)
		snprintf(name, SERIES_NAME_MAX, "%s", m->name);
	else
		snprintf(name, SERIES_NAME_MAX, "%s.%s.%s", scope_name(m->scope),
			l->layout->entities[m->scope][a->entity].name, m->name);
}

static const struct kept *ledger_find(const struct ledger *l, const struct account *a)
{
	char name[SERIES_NAME_MAX];

	if (l->kept_count == 0)
		return NULL;
	account_name(l, a, name);
	for (unsigned i = 0; i < l->kept_count; i++)
		if (strcmp(l->kept[i].entry.name, name) == 0)
			return &l->kept[i];
	return NULL;
}

/* The first reading of this run. */
static void account_open(const struct ledger *l, struct account *a, double raw)
{
	const struct kept *kept = ledger_find(l, a);

	a->seen = true;
	if (!kept)
		return;
	a->total = kept->entry.total;
	a->offset = a->total - raw;
	if (kept->same_boot && raw >= kept->entry.raw)
		a->offset = a->total - kept->entry.raw;
}

static void ledger_apply_one(
	const struct ledger *l, struct account *a, struct sample *s, struct sample *last)
{
	double raw = s->values[a->index];

	a->measured = !isnan(raw);
	if (!a->measured)
		return;
	if (!a->seen) {
		account_open(l, a, raw);
	} else if (raw < a->raw) {
		a->offset = a->total - raw;
		last->values[a->index] = NAN;
	}
	a->raw = raw;
	a->total = fmax(a->total, raw + a->offset);
	s->values[a->index] = a->total;
}

void ledger_apply(struct ledger *l, struct sample *s, struct sample *last)
{
	for (unsigned i = 0; i < l->count; i++)
		ledger_apply_one(l, &l->accounts[i], s, last);
}

void ledger_hold(struct ledger *l, struct sample *s)
{
	for (unsigned i = 0; i < l->count; i++) {
		struct account *a = &l->accounts[i];
		double *x = &s->values[a->index];
		const struct kept *kept = NULL;

		if (a->measured || isnan(*x))
			continue;
		if (!a->seen && (kept = ledger_find(l, a)) != NULL)
			a->total = kept->entry.total;
		a->seen = true;
		a->total = *x = fmax(*x, a->total);
		a->raw = a->total;
	}
}

bool ledger_next(const struct ledger *l, unsigned *place, struct ledger_entry *entry)
{
	while (*place < l->count && !l->accounts[*place].seen)
		++*place;
	if (*place == l->count)
		return false;
	account_name(l, &l->accounts[*place], entry->name);
	entry->total = l->accounts[*place].total;
	entry->raw = l->accounts[*place].raw;
	++*place;
	return true;
}

unsigned ledger_capacity(const struct ledger *l)
{
	return l->count;
}
