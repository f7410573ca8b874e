/* SPDX-License-Identifier: MIT */
#ifndef REGISTRY_H
#define REGISTRY_H

#include <IOKit/IOKitLib.h>

/*
 * The I/O registry.  Entries and iterators are ports: what is returned here is to be released
 * with IOObjectRelease, and 0 means that there is none.
 */

/* All services of a class; 0 when there are none. */
io_iterator_t registry_open_class(const char *class_name);

/* Any one service of a class. */
io_service_t registry_find_class(const char *class_name);

/* The service of a class that has this name. */
io_service_t registry_find_named(const char *class_name, const char *name);

/* One property, to be released, if it is of that type; NULL otherwise. */
CFTypeRef registry_copy(io_registry_entry_t entry, CFStringRef key, CFTypeID type);

/* The same with a name that is made up at run time. */
CFTypeRef registry_copy_named(io_registry_entry_t entry, const char *key, CFTypeID type);

#endif
