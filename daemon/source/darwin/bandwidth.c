/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/clock.h"
#include "daemon/source/darwin/ioreport.h"
#include "daemon/source/darwin/meter.h"
#include "daemon/source/darwin/parts.h"
#include "daemon/source/darwin/residency.h"
#include "proto/alloc.h"

/*
 * Traffic of the memory, by the first of these that works on this machine:
 *
 *   AMC Stats   bytes read and written by the memory controllers ("DCS RD", "DCS WR")
 *   DRAM BW     the same from group PMP
 *   DCS BW      a histogram: time spent in each range of rates, of all requestors of a die
 * together
 *
 * PMP is called PMP0 and PMP1 on some chips.  The label of a range is its upper edge; the mean
 * takes the middle between it and the edge below, so an idle machine shows half of the lowest
 * range.  Ranges of single requestors end at 32 GB/s and are not added up.
 */

#define CHANNELS_MAX 64
#define SUBSCRIPTIONS 2

enum way { WAY_NONE, WAY_BYTES, WAY_HISTOGRAM };

/* In the order of the words of METRIC_BANDWIDTH_QUALITY. */
enum { QUALITY_COUNTER, QUALITY_HISTOGRAM };

struct bandwidth_channel {
	const struct subscription *sub;
	unsigned index;
	bool is_read;
	struct meter meter;	    /* bytes */
	struct residency residency; /* histogram */
	double edges[RESIDENCY_STATES_MAX];
};

struct bandwidth {
	struct ioreport io;
	struct subscription subs[SUBSCRIPTIONS];
	struct fault why;
	struct gap gap;
	enum way way;
	unsigned count;
	struct bandwidth_channel *channels; /* CHANNELS_MAX of them */
};

static bool wants_amc(const struct channel *channel)
{
	bool is_read;

	return channel->format == FORMAT_SIMPLE &&
		strcmp(channel->subgroup, "Perf Counters") == 0 &&
		channel_parse_dcs(channel->name, &is_read);
}

static bool wants_dram(const struct channel *channel)
{
	bool is_read;

	return channel->format == FORMAT_SIMPLE && strcmp(channel->subgroup, "DRAM BW") == 0 &&
		channel_parse_dram(channel->name, &is_read);
}

static bool wants_histogram(const struct channel *channel)
{
	return channel->format == FORMAT_STATE && strcmp(channel->subgroup, "DCS BW") == 0 &&
		channel_is_aggregate(channel->name);
}

/* ---- opening ---- */

/* Names may repeat, one for each die. */
static bool bytes_open_channel(
	struct bandwidth *b, const struct subscription *sub, unsigned index)
{
	struct bandwidth_channel *c = &b->channels[b->count];
	const char *name = sub->channels[index].name;
	CFDictionaryRef element = subscription_channel(sub, index);

	*c = (struct bandwidth_channel){ .sub = sub, .index = index };
	if (!channel_parse_dcs(name, &c->is_read) && !channel_parse_dram(name, &c->is_read))
		return false;
	/* Early betas of macOS 27 answer INT64_MIN: not a counter that can be used. */
	if (ioreport_integer(&b->io, element) < 0)
		return false;
	meter_init(&c->meter, 1);
	b->count++;
	return true;
}

static bool histogram_open_channel(
	struct bandwidth *b, const struct subscription *sub, unsigned index)
{
	struct bandwidth_channel *c = &b->channels[b->count];
	CFDictionaryRef element = subscription_channel(sub, index);
	int32_t states = element ? b->io.get_state_count(element) : 0;
	char name[CHANNEL_TEXT_MAX];

	*c = (struct bandwidth_channel){ .sub = sub, .index = index };
	for (int32_t i = 0; i < states; i++) {
		if (!cf_text(b->io.get_state_name(element, i), name, sizeof(name)) ||
			!residency_add_state(&c->residency, name))
			return false;
		if (!channel_parse_bucket(name, &c->edges[i]))
			c->edges[i] = NAN;
	}
	b->count++;
	return states > 0;
}

typedef bool (*channel_opener)(
	struct bandwidth *b, const struct subscription *sub, unsigned index);

/* All channels of one subscription or none: a sum that lacks a die is not the sum. */
static bool bandwidth_open_sub(
	struct bandwidth *b, struct subscription *sub, channel_opener opener)
{
	for (unsigned i = 0; i < sub->count; i++)
		if (b->count == CHANNELS_MAX || !opener(b, sub, i))
			return false;
	return true;
}

/* Tries one way in these groups, which are added up. */
static bool bandwidth_try(struct bandwidth *b, const char *const groups[SUBSCRIPTIONS],
	channel_filter filter, channel_opener opener)
{
	bool good = true;

	b->count = 0;
	for (unsigned i = 0; i < SUBSCRIPTIONS && groups[i] && good; i++) {
		struct fault why = { 0, "" };
		int rc = subscription_open(&b->subs[i], &b->io, groups[i], filter, &why);

		/* No such group is a smaller machine; one that refuses is a missing part. */
		if (rc == 0)
			good = bandwidth_open_sub(b, &b->subs[i], opener);
		else if (rc != -ENOENT)
			good = false;
		if (!good)
			fault_set(&b->why, -EIO, "%s",
				why.text[0] ? why.text : "counters of the memory are invalid");
	}
	if (good && b->count > 0)
		return true;
	for (unsigned i = 0; i < SUBSCRIPTIONS; i++)
		subscription_close(&b->subs[i]);
	b->count = 0;
	return false;
}

static void bandwidth_choose(struct bandwidth *b)
{
	static const char *const amc[SUBSCRIPTIONS] = { "AMC Stats" };
	static const char *const pmp[SUBSCRIPTIONS] = { "PMP" };
	static const char *const dies[SUBSCRIPTIONS] = { "PMP0", "PMP1" };

	if (bandwidth_try(b, amc, wants_amc, bytes_open_channel) ||
		bandwidth_try(b, pmp, wants_dram, bytes_open_channel) ||
		bandwidth_try(b, dies, wants_dram, bytes_open_channel))
		b->way = WAY_BYTES;
	else if (bandwidth_try(b, pmp, wants_histogram, histogram_open_channel) ||
		bandwidth_try(b, dies, wants_histogram, histogram_open_channel))
		b->way = WAY_HISTOGRAM;
	else if (!b->why.text[0])
		fault_set(&b->why, -ENOENT, "IOReport has no counters of the memory");
}

static int bandwidth_open(void **self, const struct source_options *options, struct fault *why)
{
	struct bandwidth *b = xcalloc(1, sizeof(*b));

	(void)options, (void)why;
	b->channels = xcalloc(CHANNELS_MAX, sizeof(*b->channels));
	if (ioreport_open(&b->io, &b->why) == 0)
		bandwidth_choose(b);
	*self = b;
	return 0;
}

static int bandwidth_describe(void *self, struct layout *layout)
{
	static const enum metric_id all[] = { METRIC_BANDWIDTH_GBPS, METRIC_BANDWIDTH_QUALITY,
		METRIC_NONE };
	static const enum metric_id split[] = { METRIC_BANDWIDTH_READ_GBPS,
		METRIC_BANDWIDTH_WRITE_GBPS, METRIC_NONE };
	struct bandwidth *b = self;

	if (b->way == WAY_NONE)
		parts_note(layout, all, AVAIL_UNSUPPORTED, b->why.text);
	else
		parts_promise(layout, all);
	if (b->way != WAY_BYTES)
		parts_note(layout, split, AVAIL_UNSUPPORTED,
			"no counters that tell reads from writes");
	return 0;
}

/* ---- reading ---- */

static void bytes_read(struct bandwidth *b, struct sample *s)
{
	double rates[2] = { 0, 0 };
	bool known[2] = { false, false };

	for (unsigned i = 0; i < b->count; i++) {
		const struct bandwidth_channel *c = &b->channels[i];

		rates[c->is_read] += meter_rate(&c->meter, s->time.awake_ns);
		known[c->is_read] = true;
	}
	if (known[1])
		sample_set(s, METRIC_BANDWIDTH_READ_GBPS, 0, rates[1] / 1e9);
	if (known[0])
		sample_set(s, METRIC_BANDWIDTH_WRITE_GBPS, 0, rates[0] / 1e9);
	if (!known[0] || !known[1] || isnan(rates[0] + rates[1]))
		return;
	sample_set(s, METRIC_BANDWIDTH_GBPS, 0, (rates[0] + rates[1]) / 1e9);
	sample_set(s, METRIC_BANDWIDTH_QUALITY, 0, QUALITY_COUNTER);
}

/* The mean rate in GB/s; NaN when not known, or when time went into what is no range. */
static double histogram_mean(const struct bandwidth_channel *c)
{
	double total = 0, weighted = 0, below = 0;

	if (!c->residency.valid)
		return NAN;
	for (unsigned i = 0; i < c->residency.count; i++) {
		double spent = (double)c->residency.spent[i];

		if (isnan(c->edges[i]) && spent > 0)
			return NAN;
		if (isnan(c->edges[i]))
			continue;
		total += spent;
		weighted += (below + c->edges[i]) / 2 * spent;
		below = c->edges[i];
	}
	return total > 0 ? weighted / total : NAN;
}

static void histogram_read(struct bandwidth *b, struct sample *s)
{
	double gbps = 0;

	for (unsigned i = 0; i < b->count; i++)
		gbps += histogram_mean(&b->channels[i]);
	if (b->count == 0 || isnan(gbps))
		return;
	sample_set(s, METRIC_BANDWIDTH_GBPS, 0, gbps);
	sample_set(s, METRIC_BANDWIDTH_QUALITY, 0, QUALITY_HISTOGRAM);
}

static void bandwidth_feed(struct bandwidth *b, struct bandwidth_channel *c, uint64_t now_ns)
{
	CFDictionaryRef element = subscription_channel(c->sub, c->index);

	if (b->way == WAY_HISTOGRAM)
		ioreport_feed(&b->io, element, &c->residency);
	else if (element)
		meter_feed(&c->meter, ioreport_integer(&b->io, element),
			ioreport_stamp_ns(element), now_ns);
	else
		c->meter.valid = false;
}

static int bandwidth_sample(struct bandwidth *b)
{
	int rc = 0;

	for (unsigned i = 0; i < SUBSCRIPTIONS; i++)
		if (b->subs[i].handle && subscription_sample(&b->subs[i]) < 0)
			rc = -EIO;
	return rc;
}

static int bandwidth_read(void *self, struct sample *s)
{
	struct bandwidth *b = self;
	bool slept = gap_step(&b->gap, &s->time);
	int rc = bandwidth_sample(b);

	for (unsigned i = 0; i < b->count; i++) {
		if (slept) {
			meter_sleep(&b->channels[i].meter, s->time.awake_ns);
			residency_drop(&b->channels[i].residency);
		}
		bandwidth_feed(b, &b->channels[i], s->time.awake_ns);
	}
	if (b->way == WAY_BYTES)
		bytes_read(b, s);
	else if (b->way == WAY_HISTOGRAM)
		histogram_read(b, s);
	return rc;
}

static void bandwidth_close(void *self)
{
	struct bandwidth *b = self;

	for (unsigned i = 0; i < SUBSCRIPTIONS; i++)
		subscription_close(&b->subs[i]);
	ioreport_close(&b->io);
	free(b->channels);
	free(b);
}

const struct part darwin_bandwidth = { "bandwidth", bandwidth_open, bandwidth_describe,
	bandwidth_read, bandwidth_close };
