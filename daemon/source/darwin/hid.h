/* SPDX-License-Identifier: MIT */
#ifndef HID_H
#define HID_H

#include <CoreFoundation/CoreFoundation.h>

#include "daemon/source/source.h"

/*
 * Temperature services of the IOHID event system, exported by IOKit without a header.  Several
 * services may have the same name, one set for each die.
 */
#define HID_NAME_MAX 48

struct hid_service {
	CFTypeRef service; /* borrowed from the list */
	char name[HID_NAME_MAX];
};

struct hid {
	void *library;
	CFTypeRef (*create_client)(CFAllocatorRef);
	int (*set_matching)(CFTypeRef client, CFDictionaryRef matching);
	CFArrayRef (*copy_services)(CFTypeRef client);
	CFTypeRef (*copy_property)(CFTypeRef service, CFStringRef key);
	CFTypeRef (*copy_event)(
		CFTypeRef service, int64_t type, int32_t options, int64_t timestamp);
	double (*get_float)(CFTypeRef event, int32_t field);
	CFTypeRef client;
	CFArrayRef list;
	unsigned count;
	struct hid_service *services;
};

/* -ENODEV when there are no such services.  Takes milliseconds: once for the life of a part. */
int hid_open(struct hid *hid, struct fault *why);
void hid_close(struct hid *hid);

/* Degrees Celsius; NaN when it does not answer. */
double hid_read(const struct hid *hid, unsigned i);

/*
 * What a service measures, by its name; false for those that are to be left out: "PMU tcal", a
 * constant, and "noname".
 */
bool hid_domain(const char *name, enum domain *domain);

/* Whether it belongs to a core ("pACC MTR Temp Sensor5"), and not to the die at large. */
bool hid_is_core(const char *name);

#endif
