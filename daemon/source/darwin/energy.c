/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/source/darwin/channel.h"
#include "daemon/source/darwin/clock.h"
#include "daemon/source/darwin/ioreport.h"
#include "daemon/source/darwin/meter.h"
#include "daemon/source/darwin/parts.h"
#include "proto/alloc.h"

/*
 * Energy of the rails of the chip.  A rail is one channel, or the channels of all dies
 * together; one that is not known leaves the sum unknown.  The GPU has two: "GPU Energy" counts
 * from the moment that it has moved once, until then its GPU<n> channels, and never both.
 */

#define RAILS_MAX 256
#define SUBSCRIPTIONS 2

struct energy_channel {
	const struct subscription *sub;
	unsigned index; /* in the subscription */
	enum rail_kind kind;
	unsigned rail;
	struct meter meter;
};

struct rail {
	char name[CHANNEL_TEXT_MAX];
	enum rail_kind kind;
	unsigned entity;
	double joules; /* shown last; never goes back */
};

struct energy {
	struct ioreport io;
	struct subscription subs[SUBSCRIPTIONS]; /* Energy Model; PMP, Energy Counters */
	struct fault why;
	struct gap gap;
	bool gpu_energy_moved;
	unsigned rail_count;
	struct rail rails[RAILS_MAX];
	unsigned count;
	struct energy_channel *channels;
};

static bool energy_wants(const struct channel *channel)
{
	bool whole;

	return channel->format == FORMAT_SIMPLE &&
		channel_parse_energy(channel->name, &whole) != RAIL_NEVER;
}

/* On M1 the rails are said to be in group PMP instead. */
static bool energy_wants_pmp(const struct channel *channel)
{
	return channel->format == FORMAT_SIMPLE &&
		strcmp(channel->subgroup, "Energy Counters") == 0;
}

static enum rail_kind energy_kind_pmp(const char *name)
{
	static const struct {
		const char *name;
		enum rail_kind kind;
	} kinds[] = { { "ECPU", RAIL_CPU }, { "PCPU", RAIL_CPU }, { "GPU", RAIL_GPU },
		{ "ANE", RAIL_ANE }, { "DRAM", RAIL_DRAM } };

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].kind;
	return RAIL_NEVER;
}

/* ---- opening ---- */

static const char *rail_name(enum rail_kind kind, const char *channel)
{
	switch (kind) {
	case RAIL_CPU:
		return "cpu";
	case RAIL_GPU_ENERGY:
	case RAIL_GPU:
		return "gpu";
	case RAIL_GPU_SRAM:
		return "gpu_sram";
	case RAIL_ANE:
		return "ane";
	case RAIL_DRAM:
		return "dram";
	default:
		return channel;
	}
}

/* The rail that a channel belongs to; a channel of RAIL_OTHER always gets one of its own. */
static int energy_rail(struct energy *energy, enum rail_kind kind, const char *channel)
{
	const char *name = rail_name(kind, channel);
	struct rail *rail;

	for (unsigned i = 0; kind != RAIL_OTHER && i < energy->rail_count; i++)
		if (strcmp(energy->rails[i].name, name) == 0)
			return (int)i;
	if (energy->rail_count == RAILS_MAX)
		return -1;
	rail = &energy->rails[energy->rail_count];
	snprintf(rail->name, sizeof(rail->name), "%s", name);
	rail->kind = kind == RAIL_GPU_ENERGY ? RAIL_GPU : kind;
	return (int)energy->rail_count++;
}

static bool energy_has(const struct energy *energy, enum rail_kind kind)
{
	for (unsigned i = 0; i < energy->count; i++)
		if (energy->channels[i].kind == kind)
			return true;
	return false;
}

static void energy_add(struct energy *energy, const struct subscription *sub, unsigned index,
	enum rail_kind kind)
{
	const struct channel *channel = &sub->channels[index];
	int rail = energy_rail(energy, kind, channel->name);
	struct energy_channel *added = &energy->channels[energy->count];

	if (rail < 0)
		return;
	*added = (struct energy_channel){
		.sub = sub, .index = index, .kind = kind, .rail = (unsigned)rail
	};
	meter_init(&added->meter, channel_joules(channel->unit));
	energy->count++;
}

/* Whether an earlier channel has this name, or one stands for all of its kind. */
static bool energy_is_counted(
	const struct subscription *sub, unsigned index, enum rail_kind kind, bool whole)
{
	bool other_whole;

	for (unsigned i = 0; i < sub->count; i++) {
		const char *name = sub->channels[i].name;

		if (channel_parse_energy(name, &other_whole) != kind || i == index)
			continue;
		if (i < index && strcmp(name, sub->channels[index].name) == 0)
			return true;
		if (kind != RAIL_OTHER && !whole && other_whole)
			return true;
	}
	return false;
}

static void energy_add_model(struct energy *energy, const struct subscription *sub)
{
	for (unsigned i = 0; i < sub->count; i++) {
		bool whole;
		enum rail_kind kind = channel_parse_energy(sub->channels[i].name, &whole);

		if (!energy_is_counted(sub, i, kind, whole))
			energy_add(energy, sub, i, kind);
	}
}

/* Only for kinds that the energy model lacks. */
static void energy_add_pmp(struct energy *energy, const struct subscription *sub)
{
	unsigned model = energy->count;

	for (unsigned i = 0; i < sub->count; i++) {
		enum rail_kind kind = energy_kind_pmp(sub->channels[i].name);
		unsigned all = energy->count;
		bool has;

		energy->count = model;
		has = energy_has(energy, kind) ||
			(kind == RAIL_GPU && energy_has(energy, RAIL_GPU_ENERGY));
		energy->count = all;
		if (kind != RAIL_NEVER && !has)
			energy_add(energy, sub, i, kind);
	}
}

/* A subscription that nothing is read from would still cost a sample each time. */
static void energy_close_unused(struct energy *energy, struct subscription *sub)
{
	for (unsigned i = 0; i < energy->count; i++)
		if (energy->channels[i].sub == sub)
			return;
	subscription_close(sub);
}

static void energy_open_channels(struct energy *energy)
{
	struct fault ignored;
	struct subscription *model = &energy->subs[0], *pmp = &energy->subs[1];

	subscription_open(model, &energy->io, "Energy Model", energy_wants, &energy->why);
	if (energy->io.library)
		subscription_open(pmp, &energy->io, "PMP", energy_wants_pmp, &ignored);
	energy->channels = xcalloc(model->count + pmp->count + 1, sizeof(*energy->channels));
	energy_add_model(energy, model);
	energy_add_pmp(energy, pmp);
	energy_close_unused(energy, pmp);
}

static int energy_open(void **self, const struct source_options *options, struct fault *why)
{
	struct energy *energy = xcalloc(1, sizeof(*energy));

	(void)options, (void)why;
	if (ioreport_open(&energy->io, &energy->why) == 0)
		energy_open_channels(energy);
	*self = energy;
	return 0;
}

static int energy_describe(void *self, struct layout *layout)
{
	static const struct {
		const char *rail;
		enum metric_id watts, joules;
	} hosts[] = { { "cpu", METRIC_CPU_WATTS, METRIC_CPU_JOULES },
		{ "gpu", METRIC_GPU_WATTS, METRIC_GPU_JOULES },
		{ "gpu_sram", METRIC_GPU_SRAM_WATTS, METRIC_GPU_SRAM_JOULES },
		{ "ane", METRIC_ANE_WATTS, METRIC_ANE_JOULES },
		{ "dram", METRIC_DRAM_WATTS, METRIC_DRAM_JOULES } };
	struct energy *energy = self;

	for (unsigned i = 0; i < energy->rail_count; i++) {
		struct entity *e = layout_add(layout, SCOPE_RAIL, energy->rails[i].name);

		energy->rails[i].entity = layout->count[SCOPE_RAIL] - 1;
		if (e)
			e->quality = QUALITY_MEASURED;
	}
	if (energy->rail_count)
		layout_promise(layout, METRIC_RAIL_WATTS);
	for (unsigned i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		const char *reason = energy->why.text[0] ? energy->why.text
							 : "the energy model has no such rail";

		if (layout_find(layout, SCOPE_RAIL, hosts[i].rail) >= 0)
			continue;
		layout_note(layout, hosts[i].watts, AVAIL_UNSUPPORTED, reason);
		layout_note(layout, hosts[i].joules, AVAIL_UNSUPPORTED, reason);
	}
	return 0;
}

/* ---- reading ---- */

static void energy_feed(struct energy *energy, uint64_t now_ns)
{
	for (unsigned i = 0; i < energy->count; i++) {
		struct energy_channel *c = &energy->channels[i];
		CFDictionaryRef element = subscription_channel(c->sub, c->index);

		if (!element) {
			c->meter.valid = false;
			continue;
		}
		meter_feed(&c->meter, ioreport_integer(&energy->io, element),
			ioreport_stamp_ns(element), now_ns);
		if (c->kind == RAIL_GPU_ENERGY && c->meter.moved)
			energy->gpu_energy_moved = true;
	}
}

/* Which of the two kinds of GPU channels counts now. */
static bool energy_counts(const struct energy *energy, const struct energy_channel *c)
{
	if (c->kind == RAIL_GPU)
		return !energy->gpu_energy_moved;
	return c->kind != RAIL_GPU_ENERGY || energy->gpu_energy_moved;
}

static void energy_read_rail(
	struct energy *energy, unsigned r, uint64_t now_ns, struct sample *s)
{
	struct rail *rail = &energy->rails[r];
	double watts = 0, joules = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < energy->count; i++) {
		const struct energy_channel *c = &energy->channels[i];

		if (c->rail != r || !energy_counts(energy, c))
			continue;
		watts += meter_rate(&c->meter, now_ns);
		joules += meter_total(&c->meter, now_ns);
		n++;
	}
	if (n == 0)
		return;
	sample_set(s, METRIC_RAIL_WATTS, rail->entity, watts);
	/* The two kinds of GPU channels do not count quite the same. */
	rail->joules = fmax(rail->joules, joules);
	if (!isnan(joules))
		sample_set(s, METRIC_RAIL_JOULES, rail->entity, rail->joules);
}

static int energy_sample(struct energy *energy)
{
	int rc = 0;

	for (unsigned i = 0; i < SUBSCRIPTIONS; i++)
		if (energy->subs[i].handle && subscription_sample(&energy->subs[i]) < 0)
			rc = -EIO;
	return rc;
}

static int energy_read(void *self, struct sample *s)
{
	struct energy *energy = self;
	uint64_t now_ns = s->time.awake_ns;
	bool slept = gap_step(&energy->gap, &s->time);
	int rc = energy_sample(energy);

	for (unsigned i = 0; slept && i < energy->count; i++)
		meter_sleep(&energy->channels[i].meter, now_ns);
	energy_feed(energy, now_ns);
	for (unsigned r = 0; r < energy->rail_count; r++)
		energy_read_rail(energy, r, now_ns, s);
	if (energy->count)
		sample_set(s, METRIC_GPU_SRAM_SEPARATE, 0, !energy->gpu_energy_moved);
	return rc;
}

static void energy_close(void *self)
{
	struct energy *energy = self;

	for (unsigned i = 0; i < SUBSCRIPTIONS; i++)
		subscription_close(&energy->subs[i]);
	ioreport_close(&energy->io);
	free(energy->channels);
	free(energy);
}

const struct part darwin_energy = { "energy", energy_open, energy_describe, energy_read,
	energy_close };
