/* SPDX-License-Identifier: MIT */
#ifndef PARTS_H
#define PARTS_H

#include "daemon/source/source.h"

/*
 * The parts of the Linux source, one per file of this folder.  Every path is options->root plus
 * the path on a real machine.  Files stay open and are read again by pread; a file that goes is
 * looked for again every FILE_RETRY_READS readings.
 */
extern const struct part cpu_part;     /* /proc/stat, cpufreq, kinds of core */
extern const struct part memory_part;  /* /proc/meminfo, vmstat, zram */
extern const struct part load_part;    /* /proc/loadavg, number of processes */
extern const struct part psi_part;     /* /proc/pressure */
extern const struct part disk_part;    /* /proc/diskstats */
extern const struct part net_part;     /* /proc/net/dev */
extern const struct part sensors_part; /* temperatures of hwmon and thermal zones */
extern const struct part fans_part;    /* fans of hwmon */
extern const struct part power_part;   /* energy of RAPL */
extern const struct part meter_part;   /* power that the machine measures: Apple SMC, ACPI */
extern const struct part gpu_part;     /* drm, devfreq */
extern const struct part battery_part; /* power_supply */

#endif
