/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/registry.h"

#include <string.h>

#include "daemon/source/darwin/cf.h"

io_iterator_t registry_open_class(const char *class_name)
{
	CFMutableDictionaryRef matching = IOServiceMatching(class_name);
	io_iterator_t iterator = IO_OBJECT_NULL;

	/* The call consumes the dictionary, even when it fails. */
	if (!matching ||
		IOServiceGetMatchingServices(MACH_PORT_NULL, matching, &iterator) !=
			KERN_SUCCESS)
		return IO_OBJECT_NULL;
	return iterator;
}

io_service_t registry_find_class(const char *class_name)
{
	CFMutableDictionaryRef matching = IOServiceMatching(class_name);

	return matching ? IOServiceGetMatchingService(MACH_PORT_NULL, matching)
			: IO_OBJECT_NULL;
}

io_service_t registry_find_named(const char *class_name, const char *name)
{
	io_iterator_t iterator = registry_open_class(class_name);
	io_service_t entry = IO_OBJECT_NULL;

	if (!iterator)
		return IO_OBJECT_NULL;
	while ((entry = IOIteratorNext(iterator)) != IO_OBJECT_NULL) {
		io_name_t found = "";

		if (IORegistryEntryGetName(entry, found) == KERN_SUCCESS &&
			strcmp(found, name) == 0)
			break;
		IOObjectRelease(entry);
	}
	IOObjectRelease(iterator);
	return entry;
}

CFTypeRef registry_copy(io_registry_entry_t entry, CFStringRef key, CFTypeID type)
{
	CFTypeRef value = IORegistryEntryCreateCFProperty(entry, key, kCFAllocatorDefault, 0);

	if (value && CFGetTypeID(value) != type) {
		CFRelease(value);
		return NULL;
	}
	return value;
}

CFTypeRef registry_copy_named(io_registry_entry_t entry, const char *key, CFTypeID type)
{
	CFStringRef name =
		CFStringCreateWithCString(kCFAllocatorDefault, key, kCFStringEncodingUTF8);
	CFTypeRef value = name ? registry_copy(entry, name, type) : NULL;

	cf_release(name);
	return value;
}
