/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/channel.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_DIGITS_MAX 4

/* Moves past a literal. */
static bool skip_text(const char **p, const char *text)
{
	size_t n = strlen(text);

	if (strncmp(*p, text, n) != 0)
		return false;
	*p += n;
	return true;
}

/* Moves past 1 to 4 digits. */
static bool skip_number(const char **p, unsigned *value)
{
	unsigned n = 0, v = 0;

	while (isdigit((unsigned char)(*p)[n]) && n <= NUMBER_DIGITS_MAX)
		v = v * 10 + (unsigned)((*p)[n++] - '0');
	if (n == 0 || n > NUMBER_DIGITS_MAX)
		return false;
	*p += n;
	*value = v;
	return true;
}

/* Moves past "DIE_n_", if it is there. */
static bool skip_die(const char **p, int *die)
{
	const char *at = *p;
	unsigned n;

	*die = 0;
	if (!skip_text(&at, "DIE_") || !skip_number(&at, &n) || !skip_text(&at, "_"))
		return false;
	*die = (int)n;
	*p = at;
	return true;
}

int channel_tier(char letter)
{
	static const char tiers[] = "EMPS";
	const char *at = letter ? strchr(tiers, letter) : NULL;

	return at ? (int)(at - tiers) : -1;
}

/*
 * The digits behind the letters: core; cluster and core; or cluster, core and a 0, as seen on
 * M3 Pro, M2, and M1 Pro and M4 Pro.
 */
static bool core_digits(const char *digits, struct core_name *core)
{
	size_t n = strlen(digits);

	if (n < 1 || n > 3 || strspn(digits, "0123456789") != n)
		return false;
	core->has_cluster = n > 1;
	core->cluster = n > 1 ? (unsigned)(digits[0] - '0') : 0;
	core->number = (unsigned)(n > 1 ? digits[1] - '0' : digits[0] - '0');
	return n < 3 || digits[2] == '0';
}

static bool skip_letter(const char **p, const char *text, struct core_name *core)
{
	core->letter = **p;
	if (channel_tier(**p) < 0)
		return false;
	(*p)++;
	return skip_text(p, text);
}

bool channel_parse_core(const char *name, struct core_name *core)
{
	const char *p = name, *cpu;

	memset(core, 0, sizeof(*core));
	skip_die(&p, &core->die);
	if (!skip_letter(&p, "CPU", core))
		return false;
	cpu = strstr(p, "_CPU");
	if (!cpu)
		return core_digits(p, core);
	/* "PCPU1_CPU0"; without a digit it is the first cluster. */
	if (cpu != p && !skip_number(&p, &core->cluster))
		return false;
	core->has_cluster = true;
	return skip_text(&p, "_CPU") && skip_number(&p, &core->number) && *p == '\0';
}

bool channel_parse_complex(const char *name, struct core_name *complex)
{
	const char *p = name;

	memset(complex, 0, sizeof(*complex));
	skip_die(&p, &complex->die);
	if (!skip_letter(&p, "CPM", complex))
		return false;
	complex->has_cluster = true;
	return *p == '\0' || (skip_number(&p, &complex->cluster) && *p == '\0');
}

enum state_class channel_parse_state(const char *name, unsigned *entry)
{
	const char *p = name;
	unsigned rest;

	*entry = 0;
	if (strcmp(name, "IDLE") == 0)
		return STATE_IDLE;
	if (strcmp(name, "DOWN") == 0 || strcmp(name, "OFF") == 0)
		return STATE_DOWN;
	if (skip_text(&p, "V") && skip_number(&p, entry) && skip_text(&p, "P") &&
		skip_number(&p, &rest) && *p == '\0')
		return STATE_ACTIVE;
	p = name;
	if (skip_text(&p, "P") && skip_number(&p, entry) && *p == '\0')
		return STATE_ACTIVE;
	return STATE_OTHER;
}

bool channel_parse_bucket(const char *name, double *gbps)
{
	const char *p = name + strspn(name, " ");
	unsigned edge;

	if (!skip_number(&p, &edge) || !skip_text(&p, "GB/s"))
		return false;
	*gbps = edge;
	return p[strspn(p, " ")] == '\0';
}

/* Whether p is "", "n" or "n_d"; whole when it is "". */
static bool is_numbered(const char *p, bool *whole)
{
	unsigned n;

	*whole = *p == '\0';
	if (*whole)
		return true;
	if (!skip_number(&p, &n))
		return false;
	return *p == '\0' || (skip_text(&p, "_") && skip_number(&p, &n) && *p == '\0');
}

enum rail_kind channel_parse_energy(const char *name, bool *whole)
{
	static const struct {
		const char *base;
		enum rail_kind kind;
	} bases[] = { { "GPU SRAM", RAIL_GPU_SRAM }, { "GPU", RAIL_GPU }, { "ANE", RAIL_ANE },
		{ "DRAM", RAIL_DRAM } };
	const char *p = name;
	int die;

	*whole = true;
	if (strstr(name, "DTL"))
		return RAIL_NEVER;
	if (strcmp(name, "GPU Energy") == 0)
		return RAIL_GPU_ENERGY;
	for (unsigned i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
		p = name;
		if (skip_text(&p, bases[i].base) && is_numbered(p, whole))
			return bases[i].kind;
	}
	p = name;
	*whole = !skip_die(&p, &die);
	return strcmp(p, "CPU Energy") == 0 ? RAIL_CPU : RAIL_OTHER;
}

double channel_joules(const char *unit)
{
	if (strcmp(unit, "mJ") == 0)
		return 1e-3;
	if (strcmp(unit, "uJ") == 0)
		return 1e-6;
	if (strcmp(unit, "nJ") == 0)
		return 1e-9;
	return NAN;
}

static bool parse_direction(const char *p, bool *read)
{
	*read = strcmp(p, "RD") == 0;
	return *read || strcmp(p, "WR") == 0;
}

bool channel_parse_dcs(const char *name, bool *read)
{
	const char *p = name;
	int die;

	skip_die(&p, &die);
	return skip_text(&p, "DCS ") && parse_direction(p, read);
}

bool channel_parse_dram(const char *name, bool *read)
{
	const char *space = strrchr(name, ' ');

	return parse_direction(space ? space + 1 : name, read);
}

bool channel_is_aggregate(const char *name)
{
	const char *p = name;
	unsigned n;
	int die;

	skip_die(&p, &die);
	if (!skip_text(&p, "AMCC"))
		return false;
	skip_number(&p, &n);
	return strcmp(p, " RD+WR") == 0;
}
