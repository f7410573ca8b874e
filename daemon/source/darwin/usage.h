/* SPDX-License-Identifier: MIT */
#ifndef USAGE_H
#define USAGE_H

#include "daemon/source/process.h"

/*
 * What the kernel adds up of a process (proc_pid_rusage): memory footprint, bytes from and to
 * disks, CPU time of its children, and, from version 6 on and on some Macs, CPU energy.  Which
 * Macs measure that is not documented: an energy of 0 is no measurement.
 */

enum usage_energy { USAGE_ENERGY_UNSURE, USAGE_ENERGY_MEASURED, USAGE_ENERGY_NEVER };

/* Zeroed at first. */
struct usage {
	int version;		  /* that this kernel has; 0 = not tried yet */
	enum usage_energy energy; /* whether it measures */
};

/*
 * Fills footprint, disks and children; 0 or -errno, and then nothing has changed.  The first
 * also fills the energy, and CPU time anew with taken_ns, so that both are of one moment.
 */
int usage_read_all(struct usage *usage, struct process *p);
int usage_read_rest(struct usage *usage, struct process *p);

#endif
