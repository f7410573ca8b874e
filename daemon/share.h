/* SPDX-License-Identifier: MIT */
#ifndef SHARE_H
#define SHARE_H

#include "daemon/crowd.h"
#include "daemon/rails.h"

/*
 * Who draws the watts.  A process whose CPU energy the kernel measures has drawn that.  The
 * rest of the CPU rail is shared by CPU time, and the GPU rail by GPU time:
 *
 *   watts of a process = rest of the rail x its rate / max(sum of rates, machine's busy time)
 *
 * where rates are seconds of CPU or GPU per second.  The machine's own busy time stands in for
 * what no process accounts for (interrupts, processes that ended or may not be read), so the
 * sum over processes never exceeds the rail.  Measured energies that do are scaled down to it,
 * and are estimates then.  Pure.
 */

enum share_quality { SHARE_UNKNOWN, SHARE_MEASURED, SHARE_ESTIMATED };

struct share {
	double measured_scale;	 /* 1, or less where the energies exceed the rail */
	double cpu_watts_a_core; /* per unit of rate, of a process that is not measured */
	double gpu_watts_a_gpu;	 /* NaN = no rail, or nobody knows how busy it was */
};

/* gpu_complete: the GPU time of every process was read, as far as it may be. */
void share_init(struct share *share, const struct crowd *crowd, const struct rails *rails,
	bool gpu_complete);

/* Watts of a row; NaN, with quality SHARE_UNKNOWN, when nothing is known of them. */
double share_watts(const struct share *share, const struct crowd *crowd, uint32_t row,
	enum share_quality *quality);

#endif
