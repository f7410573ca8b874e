/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/tally.h"

#include <stddef.h>
#include <string.h>

#include "proto/alloc.h"

void tally_init(struct tally *tally, tally_judge judge, void *arg)
{
	*tally = (struct tally){ .judge = judge, .arg = arg };
}

void tally_fini(struct tally *tally)
{
	free(tally->devices);
	tally->devices = NULL;
}

void tally_begin(struct tally *tally)
{
	tally->next = 0;
	tally->round++;
	if (tally->round == 0) /* 0 marks free places */
		tally->round = 1;
}

/* The kernel lists devices in the same order each time, so the search ends where it begins. */
static struct tally_device *tally_find(struct tally *tally, const char *name)
{
	for (unsigned n = 0; n < tally->count; n++) {
		unsigned i = (tally->next + n) % tally->count;

		if (strcmp(tally->devices[i].name, name) == 0) {
			tally->next = i + 1;
			return &tally->devices[i];
		}
	}
	return NULL;
}

/* A place whose device was seen neither in this round nor in the last, or a new one. */
static struct tally_device *tally_place(struct tally *tally)
{
	for (unsigned i = 0; i < tally->count; i++)
		if (tally->devices[i].round + 1 < tally->round)
			return &tally->devices[i];
	if (tally->count == TALLY_DEVICES_MAX)
		return NULL;
	if (tally->count == tally->cap) {
		tally->cap = tally->cap ? tally->cap * 2 : 16;
		tally->devices = xrealloc(tally->devices, tally->cap, sizeof(*tally->devices));
	}
	return &tally->devices[tally->count++];
}

static void tally_meet(struct tally *tally, struct tally_device *d)
{
	d->counted = tally->judge(tally->arg, d->name);
	if (!d->counted)
		return;
	tally->any = true;
	if (tally->round == 1) {
		tally->in += d->in;
		tally->out += d->out;
	}
}

static struct tally_device *tally_enter(
	struct tally *tally, const struct procfile_device *device)
{
	struct tally_device *d = tally_place(tally);

	if (d)
		*d = (struct tally_device){ .in = device->in, .out = device->out };
	if (d)
		memcpy(d->name, device->name, sizeof(d->name));
	return d;
}

void tally_add(struct tally *tally, const struct procfile_device *device)
{
	struct tally_device *d = tally_find(tally, device->name);
	bool known = d && d->round + 1 == tally->round;

	if (!d)
		d = tally_enter(tally, device);
	if (!d)
		return;
	if (known && d->counted && device->in >= d->in && device->out >= d->out) {
		tally->in += device->in - d->in;
		tally->out += device->out - d->out;
	}
	d->in = device->in;
	d->out = device->out;
	d->round = tally->round;
	if (!known)
		tally_meet(tally, d);
}
