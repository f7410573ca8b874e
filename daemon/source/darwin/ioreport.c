/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/ioreport.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "daemon/source/darwin/clock.h"
#include "daemon/source/darwin/residency.h"

#define LIBRARY "/usr/lib/libIOReport.dylib"

/* "RawElements" of a raw sample: elements of 64 bytes; when they were published stands at 24.
 */
#define ELEMENT_SIZE 64
#define ELEMENT_STAMP 24

/* The function pointers of struct ioreport, by name. */
static const struct {
	const char *name;
	size_t offset;
} functions[] = {
#define FUNCTION(member, symbol) \
	{ \
		symbol, offsetof(struct ioreport, member) \
	}
	FUNCTION(copy_channels_in_group, "IOReportCopyChannelsInGroup"),
	FUNCTION(create_subscription, "IOReportCreateSubscription"),
	FUNCTION(create_samples, "IOReportCreateSamples"),
	FUNCTION(get_subgroup, "IOReportChannelGetSubGroup"),
	FUNCTION(get_name, "IOReportChannelGetChannelName"),
	FUNCTION(get_unit, "IOReportChannelGetUnitLabel"),
	FUNCTION(get_format, "IOReportChannelGetFormat"),
	FUNCTION(get_integer, "IOReportSimpleGetIntegerValue"),
	FUNCTION(get_state_count, "IOReportStateGetCount"),
	FUNCTION(get_state_name, "IOReportStateGetNameForIndex"),
	FUNCTION(get_residency, "IOReportStateGetResidency"),
#undef FUNCTION
};

int ioreport_open(struct ioreport *io, struct fault *why)
{
	memset(io, 0, sizeof(*io));
	io->library = dlopen(LIBRARY, RTLD_LAZY);
	if (!io->library)
		return fault_set(why, -ENODEV, "this macOS has no IOReport");
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		void *address = dlsym(io->library, functions[i].name);

		if (!address) {
			ioreport_close(io);
			return fault_set(why, -ENODEV, "IOReport has no %s", functions[i].name);
		}
		memcpy((char *)io + functions[i].offset, &address, sizeof(address));
	}
	return 0;
}

void ioreport_close(struct ioreport *io)
{
	if (io->library)
		dlclose(io->library);
	memset(io, 0, sizeof(*io));
}

int64_t ioreport_integer(const struct ioreport *io, CFDictionaryRef channel)
{
	return channel ? io->get_integer(channel, 0) : INT64_MIN;
}

uint64_t ioreport_stamp_ns(CFDictionaryRef channel)
{
	CFDataRef raw = cf_get(channel, CFSTR("RawElements"), CFDataGetTypeID());
	uint64_t ticks = 0;

	if (!raw || CFDataGetLength(raw) < ELEMENT_SIZE)
		return 0;
	memcpy(&ticks, CFDataGetBytePtr(raw) + ELEMENT_STAMP, sizeof(ticks));
	return clock_from_ticks(ticks);
}

bool ioreport_describe_states(
	const struct ioreport *io, CFDictionaryRef channel, struct residency *r)
{
	int32_t n = channel ? io->get_state_count(channel) : 0;
	char name[CHANNEL_TEXT_MAX];

	for (int32_t i = 0; i < n; i++) {
		if (!cf_text(io->get_state_name(channel, i), name, sizeof(name)))
			return false;
		if (!residency_add_state(r, name))
			return false;
	}
	return n > 0;
}

void ioreport_feed(const struct ioreport *io, CFDictionaryRef channel, struct residency *r)
{
	int64_t ticks[RESIDENCY_STATES_MAX];

	if (!channel) {
		residency_drop(r);
		return;
	}
	for (unsigned i = 0; i < r->count; i++)
		ticks[i] = io->get_residency(channel, (int32_t)i);
	residency_feed(r, ticks);
}
