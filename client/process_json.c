/* SPDX-License-Identifier: MIT */
#include "client/process_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/csv.h"
#include "proto/json.h"

#define NUMBER_TEXT_MAX 40

static const char *const csv_columns[] = { "pid", "ppid", "start_ms", "uid", "user", "name",
	"command", "state", "threads", "cpu_pct", "cpu_machine_pct", "gpu_pct", "mem_bytes",
	"rss_bytes", "disk_read_bytes_per_s", "disk_write_bytes_per_s", "watts",
	"energy_quality", "cpu_ms", "children_cpu_ms", "gpu_ms", "responsible_pid", "cgroup" };
#define CSV_COLUMNS (sizeof(csv_columns) / sizeof(*csv_columns))

void process_csv_header(struct buf *out)
{
	buf_puts(out, "ts_ms");
	for (size_t i = 0; i < CSV_COLUMNS; i++) {
		buf_puts(out, ",");
		buf_puts(out, csv_columns[i]);
	}
	buf_puts(out, "\n");
}

static void process_csv_value(struct buf *out, const struct node *value)
{
	const char *text = node_text(value);
	char number[NUMBER_TEXT_MAX];
	double x;

	buf_puts(out, ",");
	if (text) {
		csv_field(out, text, strlen(text));
	} else if (node_number(value, &x)) {
		snprintf(number, sizeof(number), "%.15g", x);
		buf_puts(out, number);
	}
}

void process_csv_rows(struct buf *out, const struct message *m)
{
	char time[NUMBER_TEXT_MAX];

	snprintf(time, sizeof(time), "%lld", (long long)message_int(m, "ts_ms", 0));
	for (const struct node *row = node_first(message_at(m, "rows")); row;
		row = node_next(row)) {
		buf_puts(out, time);
		for (size_t i = 0; i < CSV_COLUMNS; i++)
			process_csv_value(out, node_get(row, csv_columns[i]));
		buf_puts(out, "\n");
	}
}

static void process_json_group(struct json *j, const struct process *p)
{
	json_object_open(j);
	json_kv_string(j, "name", p->name);
	json_kv_int(j, "processes", p->members);
	json_kv_int(j, "pid", p->pid);
	json_kv_fixed(j, "threads", p->threads, 3);
	json_kv_fixed(j, "cpu_pct", p->cpu_pct, 3);
	json_kv_fixed(j, "gpu_pct", p->gpu_pct, 3);
	json_kv_fixed(j, "mem_bytes", p->mem_bytes, 3);
	json_kv_fixed(j, "disk_read_bytes_per_s", p->read_bytes_per_s, 3);
	json_kv_fixed(j, "disk_write_bytes_per_s", p->write_bytes_per_s, 3);
	json_kv_fixed(j, "watts", p->watts, 3);
	json_key(j, "energy_quality");
	if (isnan(p->watts))
		json_null(j);
	else
		json_string(j, p->estimated ? "estimated" : "measured");
	json_object_close(j);
}

void process_json_groups(struct buf *out, const struct processes *p, int64_t shown)
{
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_kv_string(&j, "type", "groups");
	json_kv_int(&j, "ts_ms", p->ts_ms);
	json_kv_fixed(&j, "dt_ms", p->dt_ms, 3);
	json_kv_fixed(&j, "cpu_watts", p->cpu_watts, 3);
	json_kv_fixed(&j, "gpu_watts", p->gpu_watts, 3);
	json_kv_int(&j, "total", p->total);
	json_kv_int(&j, "shown", shown);
	json_kv_int(&j, "restricted", p->restricted);
	json_kv_bool(&j, "truncated", p->truncated);
	json_key(&j, "groups");
	json_array_open(&j);
	for (size_t i = 0; i < p->count; i++)
		process_json_group(&j, &p->items[i]);
	json_array_close(&j);
	json_object_close(&j);
}
