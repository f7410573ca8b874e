/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/hid.h"

#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "daemon/source/darwin/cf.h"
#include "proto/alloc.h"

#define LIBRARY "/System/Library/Frameworks/IOKit.framework/IOKit"
#define USAGE_PAGE 0xff00 /* Apple's own */
#define USAGE 5		  /* temperature sensors */
#define EVENT_TEMPERATURE 15
#define FIELD_TEMPERATURE (EVENT_TEMPERATURE << 16)

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
#define FUNCTION(member, symbol) \
	{ \
		symbol, offsetof(struct hid, member) \
	}
	FUNCTION(create_client, "IOHIDEventSystemClientCreate"),
	FUNCTION(set_matching, "IOHIDEventSystemClientSetMatching"),
	FUNCTION(copy_services, "IOHIDEventSystemClientCopyServices"),
	FUNCTION(copy_property, "IOHIDServiceClientCopyProperty"),
	FUNCTION(copy_event, "IOHIDServiceClientCopyEvent"),
	FUNCTION(get_float, "IOHIDEventGetFloatValue"),
#undef FUNCTION
};

static bool hid_load(struct hid *hid)
{
	hid->library = dlopen(LIBRARY, RTLD_LAZY);
	for (size_t i = 0; hid->library && i < sizeof(functions) / sizeof(*functions); i++) {
		void *address = dlsym(hid->library, functions[i].name);

		if (!address)
			return false;
		memcpy((char *)hid + functions[i].offset, &address, sizeof(address));
	}
	return hid->library != NULL;
}

static bool hid_match(struct hid *hid)
{
	CFMutableDictionaryRef matching = cf_create_dictionary();
	bool made = matching && cf_put_int(matching, CFSTR("PrimaryUsagePage"), USAGE_PAGE) &&
		cf_put_int(matching, CFSTR("PrimaryUsage"), USAGE);

	if (made)
		hid->set_matching(hid->client, matching);
	cf_release(matching);
	return made;
}

static void hid_list(struct hid *hid)
{
	hid->list = hid->copy_services(hid->client);
	hid->count = hid->list ? (unsigned)CFArrayGetCount(hid->list) : 0;
	hid->services = xcalloc(hid->count + 1, sizeof(*hid->services));
	for (unsigned i = 0; i < hid->count; i++) {
		struct hid_service *s = &hid->services[i];
		CFTypeRef name;

		s->service = CFArrayGetValueAtIndex(hid->list, (CFIndex)i);
		name = hid->copy_property(s->service, CFSTR("Product"));
		cf_text(name, s->name, sizeof(s->name));
		cf_release(name);
	}
}

int hid_open(struct hid *hid, struct fault *why)
{
	memset(hid, 0, sizeof(*hid));
	if (hid_load(hid))
		hid->client = hid->create_client(kCFAllocatorDefault);
	if (hid->client && hid_match(hid))
		hid_list(hid);
	if (hid->count > 0)
		return 0;
	hid_close(hid);
	return fault_set(why, -ENODEV, "no HID temperature sensors");
}

void hid_close(struct hid *hid)
{
	cf_release(hid->list);
	cf_release(hid->client);
	if (hid->library)
		dlclose(hid->library);
	free(hid->services);
	memset(hid, 0, sizeof(*hid));
}

double hid_read(const struct hid *hid, unsigned i)
{
	CFTypeRef event = hid->copy_event(hid->services[i].service, EVENT_TEMPERATURE, 0, 0);
	double celsius = event ? hid->get_float(event, FIELD_TEMPERATURE) : NAN;

	cf_release(event);
	return celsius;
}

bool hid_is_core(const char *name)
{
	return name[0] && strchr("pesm", name[0]) && strncmp(name + 1, "ACC ", 4) == 0;
}

bool hid_domain(const char *name, enum domain *domain)
{
	static const struct {
		const char *prefix;
		enum domain domain;
	} prefixes[] = { { "GPU ", DOMAIN_GPU }, { "PMU tdie", DOMAIN_CPU },
		{ "NAND", DOMAIN_SSD }, { "gas gauge", DOMAIN_BATTERY }, { "SOC ", DOMAIN_SOC },
		{ "ANE ", DOMAIN_SOC }, { "ISP ", DOMAIN_SOC }, { "PMGR SOC", DOMAIN_SOC } };

	*domain = hid_is_core(name) ? DOMAIN_CPU : DOMAIN_OTHER;
	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (strncmp(name, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0)
			*domain = prefixes[i].domain;
	return name[0] && strcmp(name, "PMU tcal") != 0 && strcmp(name, "noname") != 0;
}
