/* SPDX-License-Identifier: MIT */
#ifndef APPLE_IOKITLIB_H
#define APPLE_IOKITLIB_H

#include <CoreFoundation/CoreFoundation.h>
#include <mach/mach.h>

/* The part of IOKit/IOKitLib.h, IOKitKeys.h, IOTypes.h and IOReturn.h (SDK 12) that is used. */

typedef mach_port_t io_object_t;
typedef io_object_t io_connect_t;
typedef io_object_t io_iterator_t;
typedef io_object_t io_service_t;
typedef io_object_t io_registry_entry_t;
typedef uint32_t IOOptionBits;
typedef char io_name_t[128];
typedef char io_string_t[512];

#define IO_OBJECT_NULL ((io_object_t)0)
#define kIOReturnSuccess 0
#define kIOServicePlane "IOService"
#define kIODeviceTreePlane "IODeviceTree"
enum { kIORegistryIterateRecursively = 1, kIORegistryIterateParents = 2 };

CFMutableDictionaryRef IOServiceMatching(const char *name);

/* These two consume one reference of matching, even when they fail. */
io_service_t IOServiceGetMatchingService(mach_port_t port, CFDictionaryRef matching);
kern_return_t IOServiceGetMatchingServices(
	mach_port_t port, CFDictionaryRef matching, io_iterator_t *existing);

io_object_t IOIteratorNext(io_iterator_t iterator);
boolean_t IOIteratorIsValid(io_iterator_t iterator);
kern_return_t IOObjectRelease(io_object_t object);
kern_return_t IORegistryEntryGetName(io_registry_entry_t entry, io_name_t name);
kern_return_t IORegistryEntryGetRegistryEntryID(io_registry_entry_t entry, uint64_t *id);
io_registry_entry_t IORegistryEntryFromPath(mach_port_t port, const char *path);
kern_return_t IORegistryEntryGetChildIterator(
	io_registry_entry_t entry, const char *plane, io_iterator_t *iterator);
CFTypeRef IORegistryEntryCreateCFProperty(io_registry_entry_t entry, CFStringRef key,
	CFAllocatorRef allocator, IOOptionBits options);
CFTypeRef IORegistryEntrySearchCFProperty(io_registry_entry_t entry, const char *plane,
	CFStringRef key, CFAllocatorRef allocator, IOOptionBits options);
kern_return_t IOServiceOpen(
	io_service_t service, task_port_t task, uint32_t type, io_connect_t *connect);
kern_return_t IOServiceClose(io_connect_t connect);
kern_return_t IOConnectCallStructMethod(mach_port_t connection, uint32_t selector,
	const void *input, size_t input_size, void *output, size_t *output_size);

#endif
