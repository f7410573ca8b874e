/* SPDX-License-Identifier: MIT */
/* notify(3) and NSProcessInfo: the reference, section 8. */
#include <notify.h>

#include <assert.h>
#include <string.h>

#include "tests/apple/library.h"
#include "tests/apple/world.h"

#define TOKEN 11

static bool has_pressure(void)
{
	return world_find("thermal_pressure", NULL) != NULL;
}

static long pressure(void)
{
	return (long)world_number(world_find("thermal_pressure", NULL), 0);
}

uint32_t notify_register_check(const char *name, int *token)
{
	WORLD_ALONE;

	assert(strcmp(name, "com.apple.system.thermalpressurelevel") == 0);
	if (world_call(__func__) || !has_pressure())
		return 1;
	*token = TOKEN;
	world_hold(1);
	return NOTIFY_STATUS_OK;
}

uint32_t notify_get_state(int token, uint64_t *state)
{
	WORLD_ALONE;

	assert(token == TOKEN);
	if (world_call(__func__))
		return 1;
	*state = (uint64_t)pressure();
	return NOTIFY_STATUS_OK;
}

uint32_t notify_cancel(int token)
{
	WORLD_ALONE;

	assert(token == TOKEN);
	world_hold(-1);
	return NOTIFY_STATUS_OK;
}

/* ---- Objective-C: one class, one object, two selectors ---- */

static void *objc_getClass(const char *name)
{
	WORLD_ALONE;
	static int class;

	assert(strcmp(name, "NSProcessInfo") == 0);
	return world_call(__func__) || !has_pressure() ? NULL : &class;
}

static void *sel_registerName(const char *name)
{
	WORLD_ALONE;
	static int process_info, thermal_state;

	return strcmp(name, "processInfo") == 0 ? &process_info : &thermal_state;
}

/* thermalState makes one of Moderate and Heavy, which is its known fault. */
static long objc_msgSend(void *receiver, void *selector)
{
	WORLD_ALONE;
	static int singleton;
	static const long states[] = { 0, 1, 1, 3, 3 };

	if (world_call(__func__))
		return 0;
	if (selector == sel_registerName("processInfo"))
		return (long)&singleton;
	assert(receiver == &singleton);
	return states[pressure() % 5];
}

#define FUNCTION(name) \
	{ \
#name, (library_function)name \
	}

const struct library library_objc = { "/usr/lib/libobjc.A.dylib",
	{ FUNCTION(objc_getClass), FUNCTION(sel_registerName), FUNCTION(objc_msgSend) } };
const struct library library_foundation = {
	"/System/Library/Frameworks/Foundation.framework/Foundation", { { 0 } }
};
