/* SPDX-License-Identifier: MIT */
#ifndef DARWIN_DISK_H
#define DARWIN_DISK_H

#include <IOKit/IOKitLib.h>
#include <stdbool.h>

/* Whether a block storage driver stands on a "Virtual Interface", as that of a disk image does.
 */
bool disk_is_virtual(io_registry_entry_t entry);

#endif
