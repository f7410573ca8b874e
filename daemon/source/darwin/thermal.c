/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <errno.h>
#include <notify.h>
#include <stdint.h>
#include <string.h>

#include "daemon/source/darwin/parts.h"
#include "proto/alloc.h"

/*
 * Thermal pressure: the level that the system posts under a name of notify(3), and where that
 * does not answer NSProcessInfo, which makes one of two levels and may stand still in a process
 * that runs for long.
 */
#define NOTIFY_NAME "com.apple.system.thermalpressurelevel"
#define LIBOBJC "/usr/lib/libobjc.A.dylib"
#define FOUNDATION "/System/Library/Frameworks/Foundation.framework/Foundation"

struct objc {
	void *library, *foundation;
	void *info;	/* the one NSProcessInfo */
	void *selector; /* thermalState */
	/* objc_msgSend, whose variadic prototype would pass arguments wrongly on arm64. */
	void *(*send_object)(void *receiver, void *selector);
	long (*send_integer)(void *receiver, void *selector);
};

struct thermal {
	bool notify;
	int token;
	struct objc objc; /* info NULL = not in use */
};

static bool look_up(void *library, const char *name, void *function, size_t size)
{
	void *address = dlsym(library, name);

	memcpy(function, &address, size);
	return address != NULL;
}

/* Foundation has to be loaded, or the class does not exist. */
static void objc_open(struct objc *objc)
{
	void *(*get_class)(const char *);
	void *(*get_selector)(const char *);
	void *class;

	objc->library = dlopen(LIBOBJC, RTLD_LAZY);
	objc->foundation = dlopen(FOUNDATION, RTLD_LAZY);
	if (!objc->library || !objc->foundation ||
		!look_up(objc->library, "objc_getClass", &get_class, sizeof(get_class)) ||
		!look_up(objc->library, "sel_registerName", &get_selector,
			sizeof(get_selector)) ||
		!look_up(objc->library, "objc_msgSend", &objc->send_object,
			sizeof(objc->send_object)) ||
		!look_up(objc->library, "objc_msgSend", &objc->send_integer,
			sizeof(objc->send_integer)))
		return;
	class = get_class("NSProcessInfo");
	if (class)
		objc->info = objc->send_object(class, get_selector("processInfo"));
	objc->selector = get_selector("thermalState");
}

static void objc_close(struct objc *objc)
{
	if (objc->foundation)
		dlclose(objc->foundation);
	if (objc->library)
		dlclose(objc->library);
}

static int thermal_open(void **self, const struct source_options *options, struct fault *why)
{
	struct thermal *t = xcalloc(1, sizeof(*t));

	(void)options, (void)why;
	t->notify = notify_register_check(NOTIFY_NAME, &t->token) == NOTIFY_STATUS_OK;
	if (!t->notify)
		objc_open(&t->objc);
	*self = t;
	return 0;
}

static int thermal_describe(void *self, struct layout *layout)
{
	struct thermal *t = self;

	if (!t->notify && !t->objc.info)
		layout_note(layout, METRIC_THERMAL_STATE, AVAIL_UNSUPPORTED,
			"nothing tells the thermal pressure");
	return 0;
}

/*
 * Levels of macOS are 0 to 4 (nominal, moderate, heavy, trapping, sleeping); a program that was
 * built with the wrong header sees those of iOS, 0 to 50 in tens.  Both are taken.
 */
static double thermal_state(uint64_t level)
{
	static const uint8_t macos[] = { 0, 1, 2, 3, 3 }, ios[] = { 0, 1, 1, 2, 3, 3 };
	uint64_t tens = level / 10;

	if (level < sizeof(macos))
		return macos[level];
	if (level != tens * 10 || tens >= sizeof(ios))
		return NAN;
	return ios[tens];
}

static int thermal_read(void *self, struct sample *s)
{
	struct thermal *t = self;
	uint64_t level;

	if (t->notify) {
		if (notify_get_state(t->token, &level) != NOTIFY_STATUS_OK)
			return -EIO;
		sample_set(s, METRIC_THERMAL_STATE, 0, thermal_state(level));
	} else if (t->objc.info) {
		long state = t->objc.send_integer(t->objc.info, t->objc.selector);

		sample_set(s, METRIC_THERMAL_STATE, 0,
			state >= 0 && state <= 3 ? (double)state : NAN);
	}
	return 0;
}

static void thermal_close(void *self)
{
	struct thermal *t = self;

	if (t->notify)
		notify_cancel(t->token);
	objc_close(&t->objc);
	free(t);
}

const struct part darwin_thermal = { "thermal", thermal_open, thermal_describe, thermal_read,
	thermal_close };
