/* SPDX-License-Identifier: MIT */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdbool.h>

#include "proto/sample.h"
#include "proto/schema.h"

/*
 * Energy counters that go on: whatever a source counts from (the boot, its own start), the
 * totals of the daemon begin where the stored ones ended, never go back, and count no joule
 * twice.  Within one boot a counter that stands higher than when it was last seen has counted
 * on meanwhile, and that energy is taken in.  After a boot, or where it stands lower, it was
 * reset, and what it counted before its first reading is not known to be new: left out.
 *
 * Only energy goes on so.  Counters of bytes stay those of the kernel, since the boot:
 * METRICS.md promises no more, and other tools on the machine show the same number.
 *
 * Sums of rails are computed of the totals; they are only kept from going back while a rail is
 * missing.
 */
struct ledger;

struct ledger_entry {
	char name[SERIES_NAME_MAX];
	double total, raw;
};

/* The layout must be sealed and outlive the ledger. */
struct ledger *ledger_new(const struct layout *layout);
void ledger_free(struct ledger *ledger);

/* Before the first sample: what was kept.  same_boot: the machine has not booted since. */
void ledger_restore(struct ledger *ledger, const struct ledger_entry *entry, bool same_boot);

/* Turns the energy counters that the source set into totals; those that were reset since the
 * last sample become absent in last, so that there is no rate this once. */
void ledger_apply(struct ledger *ledger, struct sample *s, struct sample *last);

/* After the rules: keeps what they summed up from going back. */
void ledger_hold(struct ledger *ledger, struct sample *s);

/* The counters seen so far, one after the other: *place begins with 0.  False behind the last.
 */
bool ledger_next(const struct ledger *ledger, unsigned *place, struct ledger_entry *entry);

/* How many there can ever be. */
unsigned ledger_capacity(const struct ledger *ledger);

#endif
