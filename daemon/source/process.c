/* SPDX-License-Identifier: MIT */
#include "daemon/source/process.h"

#include <string.h>

#include "proto/alloc.h"
#include "proto/utf8.h"

#define CAPACITY_STEP 32 /* at least; more would be memory that nobody uses */

#define PROCESS_STATE_WORD(id, word) word,
const char *const process_state_words[PROCESS_STATE_COUNT] = { PROCESS_STATES(
	PROCESS_STATE_WORD) };

struct process *process_table_add(struct process_table *table)
{
	struct process *p;

	if (table->count == PROCESS_MAX) {
		table->truncated = true;
		return NULL;
	}
	if (table->count == table->capacity) {
		table->capacity += table->capacity / 32 + CAPACITY_STEP;
		table->rows = xrealloc(table->rows, table->capacity, sizeof(*table->rows));
	}
	p = &table->rows[table->count++];
	*p = (struct process){ .uid = PROCESS_UNKNOWN_UID,
		.taken_ns = PROCESS_UNKNOWN,
		.cpu_ns = PROCESS_UNKNOWN,
		.children_ns = PROCESS_UNKNOWN,
		.gpu_ns = PROCESS_UNKNOWN,
		.energy_nj = PROCESS_UNKNOWN,
		.rss_bytes = PROCESS_UNKNOWN,
		.footprint_bytes = PROCESS_UNKNOWN,
		.read_bytes = PROCESS_UNKNOWN,
		.written_bytes = PROCESS_UNKNOWN,
		.threads = PROCESS_UNKNOWN_THREADS };
	return p;
}

void process_table_clear(struct process_table *table)
{
	table->count = 0;
	table->truncated = false;
}

void process_table_fini(struct process_table *table)
{
	free(table->rows);
	*table = (struct process_table){ 0 };
}

/* C0, DEL and, as two bytes of UTF-8, C1: terminals obey these. */
static bool is_control(const char *s, size_t length)
{
	const unsigned char *u = (const unsigned char *)s;

	return length == 1 ? u[0] < 0x20 || u[0] == 0x7F
			   : length == 2 && u[0] == 0xC2 && u[1] < 0xA0;
}

void process_clean(char *to, size_t size, const char *bytes, size_t length)
{
	static const char replacement[] = "\xEF\xBF\xBD";
	size_t used = 0;

	while (length > 0) {
		size_t take = utf8_sequence(bytes, length);
		bool blank = take && is_control(bytes, take);
		const char *from = !take ? replacement : blank ? " " : bytes;
		size_t put = !take ? sizeof(replacement) - 1 : blank ? 1 : take;

		if (used + put >= size)
			break;
		memcpy(to + used, from, put);
		used += put;
		bytes += take ? take : 1;
		length -= take ? take : 1;
	}
	to[used] = '\0';
}
