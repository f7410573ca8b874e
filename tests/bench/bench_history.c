/* SPDX-License-Identifier: MIT */
/*
 * What the history costs: bytes per value, time per sample, answers from a full store,
 * start-up. Without arguments on made-up hours of a laptop's 120 series, the same each time;
 * with recordings (bench_history FILE...) their bytes per value as well.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/compat.h"
#include "daemon/engine.h"
#include "daemon/history/samples.h"
#include "daemon/keeper.h"
#include "daemon/session.h"
#include "daemon/source/source.h"
#include "proto/alloc.h"

#define HOUR 3600
#define DAYS 30
#define ASKS 5
#define RAW_ROWS SAMPLES_BLOCK_ROWS

static const struct mix {
	const char *name;
	enum kind kind;
	int decimals;
	unsigned count;
	double level, busy, idle; /* typical value; size of a change, busy and idle */
	double quiet;		  /* part of the samples without a change when idle */
} mixes[] = {
	{ "active_pct", KIND_GAUGE, 2, 20, 30, 12, 0.8, 0.5 },
	{ "scaled_pct", KIND_GAUGE, 2, 14, 20, 9, 0.5, 0.5 },
	{ "freq_mhz", KIND_GAUGE, 0, 14, 2200, 300, 30, 0.5 },
	{ "watts", KIND_GAUGE, 3, 10, 4, 0.8, 0.02, 0.4 },
	{ "joules", KIND_COUNTER, 3, 10, 4, 0.8, 0.02, 0.4 },
	{ "temp_c", KIND_GAUGE, 1, 30, 48, 0.3, 0.05, 0.8 },
	{ "used_bytes", KIND_GAUGE, 0, 6, 8e9, 2e6, 6e4, 0.7 },
	{ "net_bytes", KIND_COUNTER, 0, 4, 2e5, 2e5, 900, 0.7 },
	{ "bytes_per_s", KIND_GAUGE, 0, 6, 2e5, 2e5, 900, 0.8 },
	{ "state", KIND_STATE, 0, 6, 0, 0, 0, 1 },
};

struct bench {
	struct schema *schema;
	struct history *history;
	struct archive *archive;
	struct ledger *ledger;
	struct keeper *keeper;
	struct layout *layout;
	double *values, *levels;
	struct row row;
	uint64_t random;
	bool busy;
};

static double clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* 0 to 1, the same sequence each time. */
static double bench_random(struct bench *b)
{
	b->random ^= b->random << 13;
	b->random ^= b->random >> 7;
	b->random ^= b->random << 17;
	return (double)(b->random >> 11) / 9007199254740992.0;
}

/* Roughly normal, of deviation 1. */
static double bench_noise(struct bench *b)
{
	return (bench_random(b) + bench_random(b) + bench_random(b) - 1.5) * 2;
}

static double bench_step(struct bench *b, const struct mix *m, double level, double last)
{
	double size = b->busy ? m->busy : m->idle;

	if (m->kind == KIND_STATE || (!b->busy && bench_random(b) < m->quiet))
		return last;
	if (m->kind == KIND_COUNTER)
		return last + fabs((b->busy ? m->level : m->idle) + bench_noise(b) * size);
	return fabs(level + bench_noise(b) * size);
}

static void bench_next(struct bench *b)
{
	unsigned i = 0;

	for (unsigned m = 0; m < sizeof(mixes) / sizeof(*mixes); m++)
		for (unsigned n = 0; n < mixes[m].count && i < b->schema->count; n++, i++) {
			double power = b->schema->series[i].power;
			double x;

			b->levels[i] += bench_noise(b) * (b->busy ? mixes[m].busy / 8 : 0);
			b->levels[i] += (mixes[m].level * (n + 1) / 4 - b->levels[i]) / 60;
			x = bench_step(b, &mixes[m], b->levels[i], b->values[i]);
			b->values[i] = round(x * power) / power;
		}
	b->row.tick++;
	b->row.ts_ms += 1000;
	b->row.dt_ns = 1000000000 + (uint64_t)(bench_noise(b) * 60) * 1000;
	b->row.mono_ns += b->row.dt_ns;
}

static void bench_schema(struct bench *b, unsigned most)
{
	char name[64];

	b->schema = schema_new();
	for (unsigned m = 0; m < sizeof(mixes) / sizeof(*mixes); m++)
		for (unsigned n = 0; n < mixes[m].count && b->schema->count < most; n++) {
			snprintf(name, sizeof(name), "%s.%u.%s",
				strcmp(mixes[m].name, "joules") &&
						strcmp(mixes[m].name, "watts")
					? "x"
					: "rail",
				n, mixes[m].name);
			schema_add(b->schema, name, mixes[m].kind, mixes[m].decimals);
		}
	b->values = xcalloc(b->schema->count, sizeof(*b->values));
	b->levels = xcalloc(b->schema->count, sizeof(*b->levels));
	b->random = 88172645463325252u;
	b->row = (struct row){ .run = 1,
		.boot = 1,
		.ts_ms = 1700000000000,
		.mono_ns = 1000000000000,
		.values = b->values };
}

static void bench_fini(struct bench *b)
{
	schema_free(b->schema);
	free(b->values);
	free(b->levels);
}

/* ---- bytes per value ---- */

struct packed {
	struct tail tail;
	struct buf bytes;
	struct columns *columns;
	double size, values, rows, ns;
};

static void packed_add(struct packed *p, const struct row *row)
{
	struct shelf_block block;
	double start;

	for (unsigned i = 0; i < p->columns->count; i++)
		p->values += !isnan(row->values[i]);
	p->rows++;
	tail_add(&p->tail, row);
	if (p->tail.rows < RAW_ROWS)
		return;
	start = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	tail_put(&p->tail, 0, &p->bytes, &block);
	p->ns += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start;
	p->size += (double)block.size;
	tail_reset(&p->tail, p->columns);
}

static void packed_init(struct packed *p, const struct schema *schema)
{
	*p = (struct packed){ .columns = columns_new(1, schema) };
	tail_init(&p->tail, 1000);
	tail_reset(&p->tail, p->columns);
	buf_init(&p->bytes, BLOCK_BYTES_MAX);
}

static void packed_report(struct packed *p, const char *name)
{
	printf("%-40s %6.2f bytes per value, %6.0f per row (floats %4.0f); coded in %.2f us a "
	       "row\n",
		name, p->size / p->values, p->size / p->rows, 4 * p->values / p->rows,
		p->ns / p->rows / 1000);
	tail_fini(&p->tail);
	buf_fini(&p->bytes);
	columns_free(p->columns);
}

static void bench_hour(const char *name, bool busy)
{
	struct bench b = { .busy = busy };
	struct packed p;

	bench_schema(&b, 120);
	packed_init(&p, b.schema);
	for (unsigned i = 0; i < 10 * 60 + HOUR; i++) {
		bench_next(&b);
		b.row.seq = i + 1;
		if (i >= 10 * 60)
			packed_add(&p, &b.row);
	}
	packed_report(&p, name);
	bench_fini(&b);
}

/* A recording, as fast as it goes. */
static void bench_recording(const char *file)
{
	char spec[1024];
	struct fault why = { 0 };
	struct source *source;
	struct schema *schema = schema_new();
	struct history *history;
	struct engine *engine;
	struct sample *sample;
	struct packed p;
	uint64_t tick = 0;

	snprintf(spec, sizeof(spec), "replay:%s,speed=max", file);
	source = source_open(spec, &why);
	if (!source) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	schema_extend(schema, source_layout(source));
	history = history_new(2, schema_capacity(source_layout(source)));
	engine = engine_new(source_layout(source), schema, history, 1, ROW_START);
	sample = sample_new(source_layout(source));
	packed_init(&p, schema);
	while (source_read(source, sample) == 0)
		packed_add(
			&p, history_row(history, engine_commit(engine, sample, ++tick, false)));
	packed_report(&p, strrchr(file, '/') ? strrchr(file, '/') + 1 : file);
	sample_free(sample);
	engine_free(engine);
	history_free(history);
	schema_free(schema);
	source_close(source);
}

/* ---- a full store ---- */

static void bench_open(struct bench *b, const char *dir, struct keeper_beginning *begin)
{
	static const struct archive_tier tiers[] = { { 10000, 86400000 },
		{ 60000, UINT64_C(86400000) * DAYS } };
	struct keeper_parts parts;

	b->layout = layout_new();
	layout_seal(b->layout);
	b->history = history_new(HOUR, b->schema->count);
	b->archive = archive_new(b->schema, 1000, tiers, 2, b->schema->count);
	b->ledger = ledger_new(b->layout);
	parts = (struct keeper_parts){ b->schema, b->history, b->archive, b->ledger, 1000,
		b->schema->count, "boot" };
	*begin = (struct keeper_beginning){ .epoch = 1 };
	b->keeper = keeper_open(dir, &parts, begin);
}

static void bench_close(struct bench *b)
{
	keeper_close(b->keeper);
	archive_free(b->archive);
	history_free(b->history);
	ledger_free(b->ledger);
	layout_free(b->layout);
}

/* A month: the scribe is called once an hour, for the disk is not what is measured. */
static void bench_fill(struct bench *b, unsigned long samples)
{
	double ns = 0, start;

	for (unsigned long i = 1; i <= samples; i++) {
		bench_next(b);
		b->busy = i / HOUR % 24 >= 16; /* the newest hour is a busy one */
		start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		b->row.seq = history_append(b->history, &b->row);
		if (i % HOUR)
			archive_add(b->archive, &b->row);
		else
			keeper_commit(b->keeper);
		ns += clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
	}
	printf("%-40s %6.2f us on the loop (clock included)\n", "append a sample, all tiers",
		ns / (double)samples / 1000);
}

static double bench_floor(const struct bench *b)
{
	float *floats = xcalloc((size_t)HOUR * b->schema->count, sizeof(*floats));
	double start = clock_ns(CLOCK_THREAD_CPUTIME_ID), ns;

	for (unsigned r = 0; r < HOUR; r++)
		for (unsigned i = 0; i < b->schema->count; i++)
			floats[(size_t)r * b->schema->count + i] = (float)b->values[i];
	ns = (clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / HOUR;
	assert(floats[0] == (float)b->values[0]);
	free(floats);
	return ns;
}

static void bench_now(void *arg, struct instant *now)
{
	const struct bench *b = arg;

	*now = (struct instant){ b->row.ts_ms, b->row.mono_ns, b->row.mono_ns };
}

static void bench_status(void *arg, struct json *reply)
{
	(void)arg;
	(void)reply;
}

/* Pulls the whole answer; *first: until its first line was there.  CPU time; the file is in the
 * page cache. */
static double bench_ask_once(struct hub *hub, const char *request, double *first, size_t *bytes)
{
	struct session *s = session_new(hub, 0, 0, true);
	double start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	struct batch batch;
	bool more = true;

	*bytes = 0;
	*first = 0;
	session_feed(s, request, strlen(request));
	session_run(s);
	while (more) {
		batch_init(&batch);
		session_pull(s, &batch);
		more = batch.bytes > 0;
		*bytes += batch.bytes;
		if (*first == 0)
			*first = clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
		batch_clear(&batch);
	}
	start = clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
	session_free(s);
	return start / 1e6;
}

/* The least of several times: what others do meanwhile costs CPU time too, by way of caches. */
static double bench_ask(struct hub *hub, const char *request, double *first, size_t *bytes)
{
	double least = bench_ask_once(hub, request, first, bytes);

	for (unsigned i = 1; i < ASKS; i++) {
		double first_now, ms = bench_ask_once(hub, request, &first_now, bytes);

		least = ms < least ? ms : least;
		*first = first_now < *first ? first_now : *first;
	}
	return least;
}

static void bench_report(struct hub *hub, const char *name, const char *request)
{
	double first, ms;
	size_t bytes;

	ms = bench_ask(hub, request, &first, &bytes);
	printf("%-40s %8.2f ms, the first lines after %.2f ms; %.1f MiB of JSON\n", name, ms,
		first / 1e6, (double)bytes / 1048576);
}

static void bench_month(struct hub *hub)
{
	uint64_t head = history_head(hub->timeline.history);
	double sum = 0, first;
	size_t bytes, all = 0;
	char request[128];

	for (uint64_t after = tier_oldest_seq(&hub->timeline.archive->tiers[1]) - 1;
		after < head; after += 600000) {
		snprintf(request, sizeof(request),
			"{\"op\":\"history\",\"after\":\"%s:%llu\",\"step_ms\":60000,\"limit\":"
			"10000}"
			"\n",
			hub->timeline.epoch, (unsigned long long)after);
		sum += bench_ask(hub, request, &first, &bytes);
		all += bytes;
	}
	printf("%-40s %8.2f ms; %.1f MiB of JSON\n", "history of a month at 60 s, in pages",
		sum, (double)all / 1048576);
}

static void bench_queries(struct bench *b, uint64_t epoch)
{
	struct hub_shell shell = { b, bench_now, bench_status, NULL, NULL };
	char request[128];
	struct hub hub;

	hub_init(&hub, b->schema, b->history, epoch, 1000, &shell);
	hub_continue(&hub, epoch, b->archive->boot, b->archive);
	bench_next(b);
	b->row.flags = ROW_RESTART;
	b->row.run++;
	history_append(b->history, &b->row);
	keeper_commit(b->keeper);
	bench_report(&hub, "history of 5 min", "{\"op\":\"history\",\"last_ms\":300000}\n");
	/* So long that the tier of 10 s just covers it. */
	bench_report(&hub, "history of a day at 60 s",
		"{\"op\":\"history\",\"last_ms\":86300000,\"step_ms\":60000,\"limit\":10000}"
		"\n");
	bench_report(&hub, "the same, one series",
		"{\"op\":\"history\",\"last_ms\":86300000,\"step_ms\":60000,\"limit\":10000,"
		"\"metrics\":[\"rail.1.watts\"]}\n");
	bench_report(&hub, "history of a month at 1 h",
		"{\"op\":\"history\",\"last_ms\":2592000000,\"step_ms\":3600000,"
		"\"limit\":10000}\n");
	bench_month(&hub);
	bench_report(&hub, "energy of a month", "{\"op\":\"energy\",\"last_ms\":2592000000}\n");
	snprintf(request, sizeof(request),
		"{\"op\":\"energy\",\"since_ms\":%lld,\"until_ms\":%lld}\n",
		(long long)(b->row.ts_ms - 7 * 86400000ll),
		(long long)(b->row.ts_ms - 7 * 86400000ll + 3600000));
	bench_report(&hub, "energy of an hour a week ago", request);
	hub_fini(&hub);
}

/* Of a program that has just opened the store: libraries, the ring of an hour, open blocks. */
static void bench_resident(const char *dir, unsigned series)
{
	struct keeper_beginning begin;
	struct bench b = { 0 };
	uint64_t bytes;

	bench_schema(&b, series);
	bench_open(&b, dir, &begin);
	if (compat_resident_bytes(&bytes) == 0)
		printf("%-40s %6.2f MiB\n", "resident, with a full hour at 1 s",
			(double)bytes / 1048576);
	bench_close(&b);
	bench_fini(&b);
}

static void bench_resident_of(const char *program, const char *dir, unsigned series)
{
	char number[16];
	pid_t pid;

	snprintf(number, sizeof(number), "%u", series);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execl(program, program, "--resident", dir, number, (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static void bench_store(const char *program, const char *dir, unsigned series)
{
	struct keeper_beginning begin;
	struct bench b = { .busy = true };
	char path[1024];
	struct stat st;
	double start, cpu;

	bench_schema(&b, series);
	bench_open(&b, dir, &begin);
	printf("%u series, %u days:\n", b.schema->count, DAYS);
	bench_fill(&b, 86400ul * DAYS);
	printf("%-40s %6.2f us\n", "the floor: a plain array of floats",
		bench_floor(&b) / 1000);
	bench_close(&b);
	snprintf(path, sizeof(path), "%s/%s", dir, STORE_FILE);
	stat(path, &st);
	printf("%-40s %6.2f MiB\n", "store", (double)st.st_size / 1048576);
	start = clock_ns(CLOCK_MONOTONIC);
	cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	bench_open(&b, dir, &begin);
	cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("%-40s %6.2f ms, of which %.2f ms at work\n", "open it",
		(clock_ns(CLOCK_MONOTONIC) - start) / 1e6, cpu / 1e6);
	bench_queries(&b, begin.epoch);
	bench_close(&b);
	bench_fini(&b);
	bench_resident_of(program, dir, series);
	unlink(path);
}

int main(int argc, char **argv)
{
	char dir[] = "/tmp/actop-bench-XXXXXX", lock[64];

	if (argc == 4 && strcmp(argv[1], "--resident") == 0) {
		bench_resident(argv[2], (unsigned)atoi(argv[3]));
		return 0;
	}

	bench_hour("a busy hour, 120 series", true);
	bench_hour("an idle hour, 120 series", false);
	for (int i = 1; i < argc; i++)
		bench_recording(argv[i]);
	if (!mkdtemp(dir))
		return 1;
	bench_store(argv[0], dir, 60);
	bench_store(argv[0], dir, 120);
	snprintf(lock, sizeof(lock), "%s/actopd.lock", dir);
	unlink(lock);
	rmdir(dir);
	return 0;
}
