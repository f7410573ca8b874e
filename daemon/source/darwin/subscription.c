/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/ioreport.h"
#include "proto/alloc.h"

/* A set of channels, a sample and a difference are dictionaries with an array under this key.
 */
#define CHANNELS_KEY CFSTR("IOReportChannels")

static void channel_describe(
	const struct ioreport *io, CFDictionaryRef element, struct channel *channel)
{
	memset(channel, 0, sizeof(*channel));
	cf_text(io->get_subgroup(element), channel->subgroup, sizeof(channel->subgroup));
	cf_text(io->get_name(element), channel->name, sizeof(channel->name));
	cf_text(io->get_unit(element), channel->unit, sizeof(channel->unit));
	channel->format = io->get_format(element);
}

static CFArrayRef elements_of(CFDictionaryRef set)
{
	return cf_get(set, CHANNELS_KEY, CFArrayGetTypeID());
}

/* The elements whose channel passes; NULL when none does. */
static CFMutableArrayRef create_filtered(
	const struct ioreport *io, CFArrayRef elements, channel_filter filter)
{
	CFMutableArrayRef kept =
		CFArrayCreateMutable(kCFAllocatorDefault, 0, &kCFTypeArrayCallBacks);
	struct channel channel;

	for (CFIndex i = 0; kept && i < CFArrayGetCount(elements); i++) {
		CFDictionaryRef element = CFArrayGetValueAtIndex(elements, i);

		channel_describe(io, element, &channel);
		if (channel.name[0] && filter(&channel))
			CFArrayAppendValue(kept, element);
	}
	if (kept && CFArrayGetCount(kept) == 0) {
		CFRelease(kept);
		return NULL;
	}
	return kept;
}

/* A copy of the group's channels that holds only those wanted. */
static CFMutableDictionaryRef create_wanted(
	const struct ioreport *io, CFDictionaryRef group, channel_filter filter)
{
	CFArrayRef elements = elements_of(group);
	CFMutableArrayRef kept = elements ? create_filtered(io, elements, filter) : NULL;
	CFMutableDictionaryRef wanted = NULL;

	if (kept)
		wanted = CFDictionaryCreateMutableCopy(kCFAllocatorDefault, 0, group);
	if (wanted)
		CFDictionarySetValue(wanted, CHANNELS_KEY, kept);
	cf_release(kept);
	return wanted;
}

static int copy_wanted(struct subscription *s, const char *group, channel_filter filter)
{
	CFStringRef name =
		CFStringCreateWithCString(kCFAllocatorDefault, group, kCFStringEncodingUTF8);
	CFDictionaryRef all = name ? s->io->copy_channels_in_group(name, NULL, 0, 0, 0) : NULL;

	if (all)
		s->wanted = create_wanted(s->io, all, filter);
	cf_release(all);
	cf_release(name);
	return s->wanted ? 0 : -ENOENT;
}

/* What the first sample holds is what there is: channels can be left out without a word. */
static int describe_sample(struct subscription *s)
{
	CFIndex count = s->elements ? CFArrayGetCount(s->elements) : 0;

	if (count <= 0)
		return -EIO;
	s->count = (unsigned)count;
	s->channels = xcalloc(s->count, sizeof(*s->channels));
	for (unsigned i = 0; i < s->count; i++)
		channel_describe(s->io, subscription_channel(s, i), &s->channels[i]);
	return 0;
}

static void drop_sample(struct subscription *s)
{
	cf_release(s->sample);
	s->sample = NULL;
	s->elements = NULL;
}

static int take_sample(struct subscription *s)
{
	drop_sample(s);
	s->sample = s->io->create_samples(s->handle, s->wanted, NULL);
	s->elements = elements_of(s->sample);
	return s->elements ? 0 : -EIO;
}

int subscription_open(struct subscription *s, const struct ioreport *io, const char *group,
	channel_filter filter, struct fault *why)
{
	int rc;

	memset(s, 0, sizeof(*s));
	s->io = io;
	if (!io->library)
		return fault_set(why, -ENOENT, "no IOReport");
	rc = copy_wanted(s, group, filter);
	if (rc < 0)
		return fault_set(why, rc, "IOReport has no such channels in %s", group);
	s->handle = io->create_subscription(NULL, s->wanted, &s->subscribed, 0, NULL);
	if (!s->handle || take_sample(s) < 0 || describe_sample(s) < 0) {
		subscription_close(s);
		return fault_set(why, -EIO, "IOReport gives no subscription to %s", group);
	}
	return 0;
}

int subscription_sample(struct subscription *s)
{
	if (take_sample(s) < 0)
		return -EIO;
	/* Names are kept by place: a sample of another length is not what they stand for. */
	if (CFArrayGetCount(s->elements) != (CFIndex)s->count) {
		drop_sample(s);
		return -EIO;
	}
	return 0;
}

CFDictionaryRef subscription_channel(const struct subscription *s, unsigned i)
{
	if (!s->elements || i >= s->count)
		return NULL;
	return CFArrayGetValueAtIndex(s->elements, (CFIndex)i);
}

void subscription_close(struct subscription *s)
{
	drop_sample(s);
	cf_release(s->handle);
	cf_release(s->subscribed);
	cf_release(s->wanted);
	free(s->channels);
	memset(s, 0, sizeof(*s));
}
