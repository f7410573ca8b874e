/* SPDX-License-Identifier: MIT */
#ifndef IOREPORT_H
#define IOREPORT_H

#include <stdbool.h>
#include <stdint.h>

#include <CoreFoundation/CoreFoundation.h>

#include "daemon/source/source.h"

/*
 * libIOReport, for which Apple has no header: the functions are looked up one by one, so that a
 * macOS without them leaves values unknown and nothing worse.  Its library is only in the
 * shared cache, where dlopen finds it and stat does not.
 */
struct ioreport {
	void *library; /* NULL = not loaded */
	CFMutableDictionaryRef (*copy_channels_in_group)(
		CFStringRef group, CFStringRef subgroup, uint64_t, uint64_t, uint64_t);
	CFTypeRef (*create_subscription)(void *, CFMutableDictionaryRef desired,
		CFMutableDictionaryRef *subscribed, uint64_t, CFTypeRef);
	CFDictionaryRef (*create_samples)(
		CFTypeRef subscription, CFMutableDictionaryRef channels, CFTypeRef);
	CFStringRef (*get_subgroup)(CFDictionaryRef channel);
	CFStringRef (*get_name)(CFDictionaryRef channel);
	CFStringRef (*get_unit)(CFDictionaryRef channel);
	int (*get_format)(CFDictionaryRef channel);
	int64_t (*get_integer)(CFDictionaryRef channel, int32_t);
	int32_t (*get_state_count)(CFDictionaryRef channel);
	CFStringRef (*get_state_name)(CFDictionaryRef channel, int32_t state);
	int64_t (*get_residency)(CFDictionaryRef channel, int32_t state);
};

/* 0, or -ENODEV when the library or one of its functions is not there. */
int ioreport_open(struct ioreport *io, struct fault *why);
void ioreport_close(struct ioreport *io);

#define CHANNEL_TEXT_MAX 48

enum channel_format { FORMAT_SIMPLE = 1, FORMAT_STATE = 2 };

/* What stays the same of a channel. */
struct channel {
	char subgroup[CHANNEL_TEXT_MAX], name[CHANNEL_TEXT_MAX], unit[16];
	int format;
};

typedef bool (*channel_filter)(const struct channel *channel);

/*
 * The channels of one group that pass a filter, sampled together.  One subscription per group,
 * because one group that cannot be subscribed makes the others fail or vanish with it.  Values
 * are read from the samples themselves, which are cumulative and carry their own time stamps;
 * in a difference that IOReport makes the stamps would be those of the older sample.
 */
struct subscription {
	const struct ioreport *io;
	CFMutableDictionaryRef wanted, subscribed;
	CFTypeRef handle;
	CFDictionaryRef sample;	  /* the newest; NULL after a failure */
	CFArrayRef elements;	  /* of the sample, borrowed from it */
	unsigned count;		  /* channels in each sample, always in the same order */
	struct channel *channels; /* count of them */
};

/*
 * Subscribes and takes a first sample.  0; -ENOENT when there is no such group or nothing in it
 * passes; -EIO when it gives no subscription, no sample, or none of the channels asked for.
 */
int subscription_open(struct subscription *s, const struct ioreport *io, const char *group,
	channel_filter filter, struct fault *why);

/* Takes the next sample.  0, or -EIO and no values until the next. */
int subscription_sample(struct subscription *s);

/* The i-th channel of the newest sample, borrowed; NULL when there is none. */
CFDictionaryRef subscription_channel(const struct subscription *s, unsigned i);

void subscription_close(struct subscription *s);

/* Value of a simple channel; INT64_MIN when it has none. */
int64_t ioreport_integer(const struct ioreport *io, CFDictionaryRef channel);

/* Awake time in ns at which the driver published the channel last; 0 when it does not say. */
uint64_t ioreport_stamp_ns(CFDictionaryRef channel);

struct residency;

/* Reads the names of the states once; false when there are too many. */
bool ioreport_describe_states(
	const struct ioreport *io, CFDictionaryRef channel, struct residency *r);

/* Reads the ticks of all states into r. */
void ioreport_feed(const struct ioreport *io, CFDictionaryRef channel, struct residency *r);

#endif
