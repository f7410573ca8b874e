/* SPDX-License-Identifier: MIT */
#include "client/watch/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void model_init(struct model *m)
{
	*m = (struct model){ .interval_ms = 1000, .past_step_ms = 1000 };
	for (unsigned i = 0; i < METER_COUNT; i++)
		m->catalog.meters[i] = -1;
}

void model_fini(struct model *m)
{
	catalog_fini(&m->catalog);
	rows_fini(&m->live);
	rows_fini(&m->past);
	processes_fini(&m->processes);
	message_free(&m->process_line);
}

static void model_copy(char to[MODEL_TEXT_MAX], const char *text)
{
	snprintf(to, MODEL_TEXT_MAX, "%.*s", MODEL_TEXT_MAX - 1, text ? text : "");
}

static double model_number(const struct message *m, const char *path)
{
	double value;

	return node_number(message_at(m, path), &value) ? value : NAN;
}

static bool model_can(const struct message *hello, const char *op)
{
	for (const struct node *n = node_first(message_at(hello, "caps")); n; n = node_next(n))
		if (node_text(n) && strcmp(node_text(n), op) == 0)
			return true;
	return false;
}

/* The coarsest history reaches the farthest back. */
static int64_t model_oldest(const struct message *hello)
{
	int64_t oldest = 0;

	for (const struct node *n = node_first(message_at(hello, "tiers")); n;
		n = node_next(n)) {
		int64_t ts_ms = node_int(node_get(n, "oldest_ts_ms"), 0);

		if (ts_ms > 0 && (oldest == 0 || ts_ms < oldest))
			oldest = ts_ms;
	}
	return oldest;
}

static void model_system(char to[MODEL_TEXT_MAX], const struct message *hello)
{
	const char *os = message_text(hello, "os"),
		   *version = message_text(hello, "os_version");

	os = os && strcmp(os, "macos") == 0 ? "macOS" : os;
	snprintf(to, MODEL_TEXT_MAX, "%.30s%s%.30s", os && !version ? os : "",
		os && version && strcmp(os, "macOS") == 0 ? "macOS " : "",
		version ? version : "");
}

void model_meet(struct model *m, const struct message *hello)
{
	const char *chip = message_text(hello, "soc");

	model_copy(m->about.version, message_text(hello, "version"));
	model_copy(m->about.chip, chip && *chip ? chip : message_text(hello, "machine"));
	model_system(m->about.system, hello);
	m->about.cores = (unsigned)message_int(hello, "cores", 0);
	m->about.gpu_cores = (unsigned)message_int(hello, "gpu_cores", 0);
	node_bool(message_at(hello, "simulated"), &m->about.simulated);
	m->about.processes = model_can(hello, "processes");
	m->about.base_ms = message_int(hello, "base_ms", 1000);
	m->about.oldest_ms = model_oldest(hello);
	m->reference = (struct reference){
		.cpu_watts = model_number(hello, "profile.cpu_watts"),
		.gpu_watts = model_number(hello, "profile.gpu_watts"),
		.ane_watts = model_number(hello, "profile.ane_watts"),
		.package_watts = model_number(hello, "profile.package_watts"),
		.bandwidth_gbps = model_number(hello, "profile.bandwidth_gbps"),
		.auto_cpu_watts = model_number(hello, "profile.auto.cpu_watts"),
		.auto_gpu_watts = model_number(hello, "profile.auto.gpu_watts"),
	};
}

void model_bind(
	struct model *m, const struct node *schema, const struct node *names, unsigned cap)
{
	bool same = catalog_is(&m->catalog, names);

	if (!same || m->live.cap == 0) {
		catalog_read(&m->catalog, schema, names);
		rows_init(&m->live, m->catalog.columns, cap);
		rows_fini(&m->past);
	}
	rows_grow(&m->live, cap);
}

void model_row(struct model *m, struct rows *rows, const struct message *line)
{
	double *values = rows_add(rows, message_int(line, "ts_ms", 0));

	catalog_values(&m->catalog, message_at(line, "v"), values);
}

void model_processes(struct model *m, struct message *line)
{
	if (m->cursor_ms > 0)
		return;
	message_free(&m->process_line);
	m->process_line = *line;
	m->process_line.line = NULL;
	line->root = NULL;
	processes_read(&m->processes, &m->process_line);
}

const struct rows *model_rows(const struct model *m, long *last)
{
	const struct rows *rows = &m->live;

	*last = (long)m->live.count - 1;
	if (m->cursor_ms == 0)
		return rows;
	if (m->past.count > 0)
		rows = &m->past;
	*last = rows_find(rows, m->cursor_ms);
	return rows;
}

int64_t model_time(const struct model *m)
{
	long last;
	const struct rows *rows = model_rows(m, &last);

	return last >= 0 ? rows_time(rows, (unsigned)last) : 0;
}

double model_value(const struct model *m, int column)
{
	long last;
	const struct rows *rows = model_rows(m, &last);

	return rows_value(rows, last, column);
}

double model_meter(const struct model *m, enum meter meter)
{
	return model_value(m, m->catalog.meters[meter]);
}

bool model_has(const struct model *m, enum meter meter)
{
	return m->catalog.meters[meter] >= 0;
}

const char *model_word(const struct model *m, enum meter meter)
{
	int column = m->catalog.meters[meter];

	return catalog_word(&m->catalog, column, model_value(m, column));
}

struct spread model_spread(const struct model *m, int column)
{
	struct spread spread = { NAN, NAN };
	long last;
	const struct rows *rows = model_rows(m, &last);
	int64_t from = model_time(m) - m->settings.avg_ms;
	double sum = 0;
	unsigned n = 0;

	for (long i = last; i >= 0 && rows_time(rows, (unsigned)i) > from; i--) {
		double value = rows_value(rows, i, column);

		if (isnan(value))
			continue;
		sum += value;
		n++;
		spread.max = fmax(spread.max, value);
	}
	if (n > 0)
		spread.mean = sum / n;
	return spread;
}

double model_highest(const struct model *m, int column)
{
	double highest = NAN;
	long last;
	const struct rows *rows = model_rows(m, &last);

	for (long i = last; i >= 0; i--)
		highest = fmax(highest, rows_value(rows, i, column));
	return highest;
}

unsigned model_cores(const struct model *m, char kind)
{
	const struct members *cores = &m->catalog.members[GROUP_CORE];
	unsigned n = 0;

	for (unsigned i = 0; i < cores->count; i++)
		n += cores->items[i].kind == kind;
	return n;
}
