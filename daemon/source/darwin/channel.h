/* SPDX-License-Identifier: MIT */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>

/*
 * What the names of IOReport channels and states say.  Names are matched whole: on one chip 334
 * energy channels contain "CPU", and only one of them is the CPU.  All of it is pure.
 */

/* "ECPU010", "PCPU3", "MCPU12", "DIE_1_PCPU1_CPU0": one core. */
struct core_name {
	int die;	  /* 0 without a prefix */
	char letter;	  /* 'E' 'M' 'P' 'S' */
	bool has_cluster; /* whether the name tells the cluster */
	unsigned cluster; /* within die and letter */
	unsigned number;  /* orders the cores of a cluster; not the system's number */
};

bool channel_parse_core(const char *name, struct core_name *core);

/* "PCPM", "ECPM", "PCPM1", "DIE_0_PCPM": what the hardware of a cluster really ran at. */
bool channel_parse_complex(const char *name, struct core_name *complex);

/* Tiers from slow to fast: E 0, M 1, P 2, S 3; -1 for no tier. */
int channel_tier(char letter);

enum state_class { STATE_ACTIVE, STATE_IDLE, STATE_DOWN, STATE_OTHER };

/*
 * "V3P15" of a core and "P3" of a GPU are active in entry 3 of their table; "IDLE"; "DOWN" and
 * "OFF" are without power; any other name is STATE_OTHER, which counts as inactive.
 */
enum state_class channel_parse_state(const char *name, unsigned *entry);

/* The upper edge of a bandwidth bucket, "  32GB/s"; false for any other name. */
bool channel_parse_bucket(const char *name, double *gbps);

enum rail_kind {
	RAIL_CPU,	 /* "CPU Energy", "DIE_0_CPU Energy" */
	RAIL_GPU_ENERGY, /* "GPU Energy" */
	RAIL_GPU,	 /* "GPU0", "GPU0_1" */
	RAIL_GPU_SRAM,	 /* "GPU SRAM0" */
	RAIL_ANE,
	RAIL_DRAM,
	RAIL_OTHER, /* a rail of its own name */
	RAIL_NEVER  /* "DTL" channels count again what others counted */
};

/* whole: the name has neither number nor die, so it stands for all of its kind. */
enum rail_kind channel_parse_energy(const char *name, bool *whole);

/* Joules in one unit of a label ("mJ", "uJ", "nJ"); NaN when the label is not known. */
double channel_joules(const char *unit);

/* "DCS RD", "DIE_1_DCS WR": bytes of the whole memory.  read tells which. */
bool channel_parse_dcs(const char *name, bool *read);

/* "RD" and "WR" of subgroup DRAM BW, alone or at the end of a name. */
bool channel_parse_dram(const char *name, bool *read);

/* "AMCC RD+WR", "AMCC0 RD+WR", "DIE_1_AMCC RD+WR": all requestors of a die together. */
bool channel_is_aggregate(const char *name);

#endif
