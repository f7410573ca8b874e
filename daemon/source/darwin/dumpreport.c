/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/dumpreport.h"

#include <errno.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/ioreport.h"
#include "daemon/source/darwin/residency.h"
#include "proto/alloc.h"

/* Everything that some part of the source reads, and what stands beside it in the same groups.
 */
#define GROUPS 7

/* One channel as it was seen, at first and at last. */
struct watched {
	struct residency states; /* names are read again when written */
	int64_t first[RESIDENCY_STATES_MAX], last[RESIDENCY_STATES_MAX];
	uint64_t first_ns, last_ns; /* published */
	unsigned moves;		    /* of the time stamp */
	bool seen;
};

struct dumpgroup {
	struct subscription sub;
	bool refused;
	struct watched *watched; /* sub.count of them */
};

struct dumpreport {
	struct ioreport io;
	unsigned polls;
	uint64_t first_ns, last_ns;
	struct dumpgroup groups[GROUPS];
};

static bool wants_energy(const struct channel *channel)
{
	return channel->format == FORMAT_SIMPLE;
}

static bool wants_cpu(const struct channel *channel)
{
	return channel->format == FORMAT_STATE &&
		(strcmp(channel->subgroup, "CPU Core Performance States") == 0 ||
			strcmp(channel->subgroup, "CPU Complex Performance States") == 0);
}

static bool wants_gpu(const struct channel *channel)
{
	return channel->format == FORMAT_STATE &&
		strcmp(channel->subgroup, "GPU Performance States") == 0;
}

static bool wants_amc(const struct channel *channel)
{
	bool is_read;

	return channel->format == FORMAT_SIMPLE && channel_parse_dram(channel->name, &is_read);
}

static bool wants_pmp(const struct channel *channel)
{
	return strcmp(channel->subgroup, "DRAM BW") == 0 ||
		strcmp(channel->subgroup, "DCS BW") == 0 ||
		strcmp(channel->subgroup, "Energy Counters") == 0;
}

static const struct {
	const char *name;
	channel_filter filter;
} groups[GROUPS] = { { "Energy Model", wants_energy }, { "CPU Stats", wants_cpu },
	{ "GPU Stats", wants_gpu }, { "AMC Stats", wants_amc }, { "PMP", wants_pmp },
	{ "PMP0", wants_pmp }, { "PMP1", wants_pmp } };

struct dumpreport *dumpreport_open(void)
{
	struct dumpreport *d = xcalloc(1, sizeof(*d));
	struct fault why;

	if (ioreport_open(&d->io, &why) < 0)
		return d;
	for (unsigned i = 0; i < GROUPS; i++) {
		struct dumpgroup *g = &d->groups[i];

		g->refused = subscription_open(&g->sub, &d->io, groups[i].name,
				     groups[i].filter, &why) == -EIO;
		g->watched = xcalloc(g->sub.count + 1, sizeof(*g->watched));
		for (unsigned k = 0; k < g->sub.count; k++)
			if (g->sub.channels[k].format == FORMAT_STATE)
				ioreport_describe_states(&d->io,
					subscription_channel(&g->sub, k),
					&g->watched[k].states);
	}
	return d;
}

void dumpreport_close(struct dumpreport *d)
{
	for (unsigned i = 0; i < GROUPS; i++) {
		subscription_close(&d->groups[i].sub);
		free(d->groups[i].watched);
	}
	ioreport_close(&d->io);
	free(d);
}

/* ---- watching ---- */

static void watch_values(
	const struct dumpreport *d, CFDictionaryRef element, struct watched *w, int64_t *values)
{
	if (w->states.count == 0)
		values[0] = ioreport_integer(&d->io, element);
	for (unsigned i = 0; i < w->states.count; i++)
		values[i] = d->io.get_residency(element, (int32_t)i);
}

static void watch(const struct dumpreport *d, CFDictionaryRef element, struct watched *w)
{
	uint64_t stamp_ns = ioreport_stamp_ns(element);

	if (!w->seen) {
		watch_values(d, element, w, w->first);
		w->first_ns = w->last_ns = stamp_ns;
		memcpy(w->last, w->first, sizeof(w->last));
		w->seen = true;
		return;
	}
	watch_values(d, element, w, w->last);
	w->moves += stamp_ns != w->last_ns;
	w->last_ns = stamp_ns;
}

void dumpreport_poll(struct dumpreport *d, uint64_t now_ns)
{
	if (d->polls++ == 0)
		d->first_ns = now_ns;
	d->last_ns = now_ns;
	for (unsigned i = 0; i < GROUPS; i++) {
		struct dumpgroup *g = &d->groups[i];

		if (!g->sub.handle || subscription_sample(&g->sub) < 0)
			continue;
		for (unsigned k = 0; k < g->sub.count; k++)
			watch(d, subscription_channel(&g->sub, k), &g->watched[k]);
	}
}

/* ---- writing ---- */

static void write_simple(
	const struct dumpreport *d, const struct watched *w, struct jsonfile *j)
{
	double span = (double)(w->last_ns - w->first_ns) / 1e9;
	double poll =
		(double)(d->last_ns - d->first_ns) / 1e9 / (d->polls > 1 ? d->polls - 1 : 1);

	jsonfile_text(j, "format", "simple");
	if (w->last[0] < 0) {
		jsonfile_bool(j, "invalid", true);
		return;
	}
	jsonfile_number(j, "value", (double)w->last[0]);
	if (w->moves == 0 || w->first[0] < 0) {
		jsonfile_bool(j, "frozen", true);
		return;
	}
	jsonfile_number(j, "per_s", ((double)w->last[0] - (double)w->first[0]) / span);
	/* Published less often than it was looked at. */
	if (span / w->moves > poll * 1.5)
		jsonfile_number(j, "publish_every_s", span / w->moves);
}

static double spent(const struct watched *w)
{
	double total = 0;

	for (unsigned i = 0; i < w->states.count; i++)
		total += (double)w->last[i] - (double)w->first[i];
	return total;
}

static void write_states(const struct dumpreport *d, const struct watched *w,
	CFDictionaryRef element, struct jsonfile *j)
{
	double total = spent(w);
	char name[CHANNEL_TEXT_MAX];

	jsonfile_text(j, "format", "state");
	if (!(total > 0))
		jsonfile_bool(j, "frozen", true);
	jsonfile_open(j, "states", '[');
	for (unsigned i = 0; element && i < w->states.count; i++) {
		double share = ((double)w->last[i] - (double)w->first[i]) / total;

		cf_text(d->io.get_state_name(element, (int32_t)i), name, sizeof(name));
		jsonfile_open(j, NULL, '[');
		jsonfile_text(j, NULL, name);
		jsonfile_number(j, NULL, total > 0 ? share : 0);
		jsonfile_close(j, ']');
	}
	jsonfile_close(j, ']');
}

static void write_channel(
	const struct dumpreport *d, unsigned group, unsigned k, struct jsonfile *j)
{
	const struct dumpgroup *g = &d->groups[group];
	const struct channel *c = &g->sub.channels[k];

	if (!c->name[0] || !g->watched[k].seen ||
		(c->format != FORMAT_SIMPLE && c->format != FORMAT_STATE))
		return;
	jsonfile_open(j, NULL, '{');
	jsonfile_text(j, "group", groups[group].name);
	jsonfile_text(j, "subgroup", c->subgroup);
	jsonfile_text(j, "name", c->name);
	jsonfile_text(j, "unit", c->unit);
	if (c->format == FORMAT_STATE)
		write_states(d, &g->watched[k], subscription_channel(&g->sub, k), j);
	else
		write_simple(d, &g->watched[k], j);
	jsonfile_close(j, '}');
}

void dumpreport_write(const struct dumpreport *d, struct jsonfile *j)
{
	if (!d->io.library)
		return;
	jsonfile_open(j, "ioreport", '{');
	jsonfile_open(j, "refuse_subscription", '[');
	for (unsigned i = 0; i < GROUPS; i++)
		if (d->groups[i].refused)
			jsonfile_text(j, NULL, groups[i].name);
	jsonfile_close(j, ']');
	jsonfile_open(j, "channels", '[');
	for (unsigned i = 0; i < GROUPS; i++)
		for (unsigned k = 0; k < d->groups[i].sub.count; k++)
			write_channel(d, i, k, j);
	jsonfile_close(j, ']');
	jsonfile_close(j, '}');
}
