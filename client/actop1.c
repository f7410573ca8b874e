/* SPDX-License-Identifier: MIT */
#include "client/actop1.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/cell.h"
#include "proto/json.h"
#include "proto/pattern.h"

enum actop1_type { ACTOP1_FLOAT, ACTOP1_INT, ACTOP1_BOOL, ACTOP1_STATE };

struct actop1_key {
	const char *name;
	enum actop1_type type;
	int decimals; /* of a float */
};

/* What stands between the timestamp and the lists of cores. */
static const struct actop1_key actop1_keys[] = {
	{ "cpu_watts", ACTOP1_FLOAT, 3 },
	{ "gpu_watts", ACTOP1_FLOAT, 3 },
	{ "ane_watts", ACTOP1_FLOAT, 3 },
	{ "package_watts", ACTOP1_FLOAT, 3 },
	{ "ecpu_util_pct", ACTOP1_FLOAT, 2 },
	{ "pcpu_util_pct", ACTOP1_FLOAT, 2 },
	{ "gpu_util_pct", ACTOP1_FLOAT, 2 },
	{ "cpu_temp_c", ACTOP1_FLOAT, 1 },
	{ "gpu_temp_c", ACTOP1_FLOAT, 1 },
	{ "ecpu_freq_mhz", ACTOP1_INT, 0 },
	{ "pcpu_freq_mhz", ACTOP1_INT, 0 },
	{ "gpu_freq_mhz", ACTOP1_INT, 0 },
	{ "ram_used_gb", ACTOP1_FLOAT, 1 },
	{ "swap_used_gb", ACTOP1_FLOAT, 1 },
	{ "thermal_state", ACTOP1_STATE, 0 },
	{ "bandwidth_gbps", ACTOP1_FLOAT, 2 },
	{ "bandwidth_available", ACTOP1_BOOL, 0 },
};

#define CORE_PREFIX "core."
#define CORE_ACTIVE ".active_pct"
#define CORE_FREQ ".freq_mhz"

unsigned actop1_patterns(const char *patterns[FIELDS_MAX])
{
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(actop1_keys) / sizeof(*actop1_keys); i++)
		patterns[n++] = actop1_keys[i].name;
	patterns[n++] = CORE_PREFIX "*" CORE_ACTIVE;
	patterns[n++] = CORE_PREFIX "*" CORE_FREQ;
	return n;
}

/* A float has a point, also when it is whole. */
static void actop1_float(struct json *j, double x, int decimals)
{
	char text[JSON_NUMBER_MAX + 2];
	size_t n = json_format_fixed(text, x, decimals);

	if (!memchr(text, '.', n)) {
		text[n++] = '.';
		text[n++] = '0';
	}
	json_raw(j, text, n);
}

static double actop1_number(const struct node *v, const char *name)
{
	double x = 0;

	node_number(node_get(v, name), &x);
	return x;
}

static void actop1_value(struct json *j, const struct actop1_key *key, const struct node *v)
{
	const char *text = node_text(node_get(v, key->name));
	bool flag = false;

	json_key(j, key->name);
	switch (key->type) {
	case ACTOP1_FLOAT:
		actop1_float(j, actop1_number(v, key->name), key->decimals);
		break;
	case ACTOP1_INT:
		json_int(j, (int64_t)trunc(actop1_number(v, key->name)));
		break;
	case ACTOP1_BOOL:
		node_bool(node_get(v, key->name), &flag);
		json_bool(j, flag);
		break;
	case ACTOP1_STATE:
		json_string(j, text ? text : "Unknown");
		break;
	}
}

/* "core.12.active_pct" -> "core.12.freq_mhz" */
static double actop1_core_freq(const struct node *v, const char *active)
{
	size_t n = strlen(active) - strlen(CORE_ACTIVE);
	char name[PATTERN_MAX];

	snprintf(name, sizeof(name), "%.*s" CORE_FREQ, (int)n, active);
	return actop1_number(v, name);
}

static bool actop1_is_core(const struct column *column, const char *kind)
{
	size_t n = strlen(column->name), m = strlen(CORE_ACTIVE);

	return strcmp(column->core_kind, kind) == 0 && n > m &&
		strncmp(column->name, CORE_PREFIX, strlen(CORE_PREFIX)) == 0 &&
		strcmp(column->name + n - m, CORE_ACTIVE) == 0;
}

static void actop1_cores(
	struct json *j, const struct columns *all, const struct node *v, const char *kind)
{
	int index = 0;

	json_array_open(j);
	for (unsigned i = 0; i < all->count; i++) {
		const char *name = all->items[i].name;

		if (!actop1_is_core(&all->items[i], kind))
			continue;
		json_object_open(j);
		json_kv_int(j, "index", index++);
		json_kv_int(j, "active_pct", (int64_t)trunc(actop1_number(v, name)));
		json_kv_int(j, "freq_mhz", (int64_t)trunc(actop1_core_freq(v, name)));
		json_object_close(j);
	}
	json_array_close(j);
}

void actop1_write(struct buf *out, const struct columns *all, const struct message *m)
{
	const struct node *v = message_at(m, "v");
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_key(&j, "timestamp");
	actop1_float(&j, (double)message_int(m, "ts_ms", 0) / 1000, 3);
	for (size_t i = 0; i < sizeof(actop1_keys) / sizeof(*actop1_keys); i++)
		actop1_value(&j, &actop1_keys[i], v);
	json_key(&j, "e_cores");
	actop1_cores(&j, all, v, "E");
	json_key(&j, "p_cores");
	actop1_cores(&j, all, v, "P");
	json_object_close(&j);
}
