/* SPDX-License-Identifier: MIT */
#include "daemon/roster_line.h"

#include "proto/json.h"

#define HEAD_MAX 512 /* members before the rows, and what ends the line */
#define PERCENT_DECIMALS 2
#define WATT_DECIMALS 3
#define RATE_DECIMALS 0

static void put_counter(struct json *j, const char *key, uint64_t value)
{
	if (value == PROCESS_UNKNOWN)
		json_kv_null(j, key);
	else
		json_kv_uint(j, key, value);
}

static void put_ms(struct json *j, const char *key, uint64_t ns)
{
	put_counter(j, key, ns == PROCESS_UNKNOWN ? ns : ns / 1000000);
}

static void put_text(struct json *j, const char *key, const char *text)
{
	json_kv_string(j, key, text && text[0] ? text : NULL);
}

static void put_user(const struct roster_line *line, uint32_t uid, struct json *j)
{
	char name[ROSTER_USER_MAX] = "";

	if (uid == PROCESS_UNKNOWN_UID) {
		json_kv_null(j, "uid");
	} else {
		json_kv_uint(j, "uid", uid);
		line->name_user(line->arg, uid, name);
	}
	put_text(j, "user", name);
}

/* A process without a command line has "", one whose command line is not to be seen null. */
static void put_identity(
	const struct roster_line *line, const struct process *p, struct json *j)
{
	json_kv_int(j, "pid", p->pid);
	json_kv_int(j, "ppid", p->ppid);
	if (p->start_ms)
		json_kv_int(j, "start_ms", p->start_ms);
	else
		json_kv_null(j, "start_ms");
	put_user(line, p->uid, j);
	put_text(j, "name", p->name);
	json_kv_string(j, "command",
		roster_may_see(line->query, p) ? line->commands.get(line->commands.arg, p)
					       : NULL);
	json_kv_string(j, "state", process_state_words[p->state]);
	if (p->threads == PROCESS_UNKNOWN_THREADS)
		json_kv_null(j, "threads");
	else
		json_kv_uint(j, "threads", p->threads);
}

static void put_watts(
	const struct roster_line *line, const struct crowd *crowd, uint32_t row, struct json *j)
{
	static const char *const words[] = { [SHARE_UNKNOWN] = NULL,
		[SHARE_MEASURED] = "measured",
		[SHARE_ESTIMATED] = "estimated" };
	enum share_quality quality;
	double watts = share_watts(line->share, crowd, row, &quality);

	/* Rounded down, so that what is sent never adds up to more than the rail. */
	json_kv_fixed(j, "watts", floor(watts * 1000) / 1000, WATT_DECIMALS);
	json_kv_string(j, "energy_quality", words[quality]);
}

static void put_row(
	const struct roster_line *line, const struct crowd *crowd, uint32_t row, struct json *j)
{
	const struct process *p = &crowd->table.rows[row];
	double cpu_pct = 100 * crowd_cpu_rate(crowd, row);

	json_object_open(j);
	put_identity(line, p, j);
	json_kv_fixed(j, "cpu_pct", cpu_pct, PERCENT_DECIMALS);
	json_kv_fixed(j, "cpu_machine_pct", line->cores ? cpu_pct / line->cores : NAN,
		PERCENT_DECIMALS);
	json_kv_fixed(j, "gpu_pct", 100 * crowd_gpu_rate(crowd, row), PERCENT_DECIMALS);
	put_counter(j, "mem_bytes", p->footprint_bytes);
	put_counter(j, "rss_bytes", p->rss_bytes);
	json_kv_fixed(j, "disk_read_bytes_per_s", crowd_read_rate(crowd, row), RATE_DECIMALS);
	json_kv_fixed(j, "disk_write_bytes_per_s", crowd_write_rate(crowd, row), RATE_DECIMALS);
	put_watts(line, crowd, row, j);
	put_ms(j, "cpu_ms", p->cpu_ns);
	put_ms(j, "children_cpu_ms", p->children_ns);
	put_ms(j, "gpu_ms", p->gpu_ns);
	if (p->responsible)
		json_kv_int(j, "responsible_pid", p->responsible);
	if (line->cgroups.get)
		json_kv_string(j, "cgroup", line->cgroups.get(line->cgroups.arg, p));
	json_object_close(j);
}

/* Writes rows until the next one does not fit; returns how many did. */
static unsigned put_rows(const struct roster_line *line, const struct roster *roster,
	const struct crowd *crowd, struct buf *rows)
{
	struct json j;

	json_init(&j, rows);
	for (unsigned i = 0; i < roster->count; i++) {
		size_t before = rows->len;

		put_row(line, crowd, roster->picks[i].row, &j);
		if (buf_ok(rows))
			continue;
		rows->len = before;
		rows->overflow = false;
		return i;
	}
	return roster->count;
}

static void put_head(const struct roster_line *line, struct json *j)
{
	json_kv_int(j, "ts_ms", line->ts_ms);
	json_kv_fixed(j, "dt_ms", line->dt_ns ? (double)line->dt_ns / 1e6 : NAN, 3);
	json_kv_fixed(j, "cpu_watts", line->rails->cpu_watts, WATT_DECIMALS);
	json_kv_fixed(j, "gpu_watts", line->rails->gpu_watts, WATT_DECIMALS);
}

void roster_line_write(const struct roster_line *line, const struct roster *roster,
	const struct crowd *crowd, struct buf *out)
{
	struct buf rows;
	struct json j;
	unsigned shown;

	buf_init(&rows, out->limit - HEAD_MAX);
	shown = put_rows(line, roster, crowd, &rows);
	json_init(&j, out);
	put_head(line, &j);
	json_kv_uint(&j, "total", roster->total);
	json_kv_uint(&j, "shown", shown);
	json_kv_uint(&j, "restricted", roster->restricted);
	json_kv_bool(&j, "truncated", shown < roster->count || crowd->table.truncated);
	json_key(&j, "rows");
	json_array_open(&j);
	json_raw(&j, rows.len ? rows.data : "", rows.len);
	json_array_close(&j);
	json_object_close(&j);
	buf_puts(out, "\n");
	buf_fini(&rows);
}
