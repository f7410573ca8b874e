/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "tests/apple/library.h"
#include "tests/apple/world.h"

static const struct library *const libraries[] = { &library_ioreport, &library_iokit,
	&library_objc, &library_foundation, &library_system };

/* The handle is an allocation, so that a missing dlclose is a leak. */
struct handle {
	const struct library *library;
};

void *dlopen(const char *path, int mode)
{
	struct handle *handle;

	(void)mode;
	if (world_call("dlopen"))
		return NULL;
	for (unsigned i = 0; i < sizeof(libraries) / sizeof(*libraries); i++) {
		if (strcmp(libraries[i]->path, path) == 0) {
			handle = malloc(sizeof(*handle));
			handle->library = libraries[i];
			return handle;
		}
	}
	return NULL;
}

void *dlsym(void *handle, const char *symbol)
{
	const struct library *library = ((struct handle *)handle)->library;
	void *address;

	if (world_call("dlsym"))
		return NULL;
	for (unsigned i = 0; library->symbols[i].name; i++) {
		if (strcmp(library->symbols[i].name, symbol) == 0) {
			memcpy(&address, &library->symbols[i].function, sizeof(address));
			return address;
		}
	}
	return NULL;
}

int dlclose(void *handle)
{
	free(handle);
	return 0;
}
