/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/responsible.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "/usr/lib/libSystem.B.dylib"

void responsible_open(struct responsible *r)
{
	void *address = NULL;

	*r = (struct responsible){ dlopen(LIBRARY, RTLD_LAZY), NULL };
	if (r->library)
		address = dlsym(r->library, "responsibility_get_pid_responsible_for_pid");
	memcpy(&r->ask, &address, sizeof(address));
}

void responsible_close(struct responsible *r)
{
	if (r->library)
		dlclose(r->library);
	*r = (struct responsible){ NULL, NULL };
}

int32_t responsible_of(const struct responsible *r, int32_t pid)
{
	pid_t other = r->ask ? r->ask(pid) : -1;

	return other > 0 && other != pid ? (int32_t)other : 0;
}
