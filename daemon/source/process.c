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

struct clean_piece {
	const char *bytes;
	size_t length;
};

/* C0, DEL and, as two bytes of UTF-8, C1: terminals obey these. */
static bool is_control(const char *s, size_t length)
{
	const unsigned char *u = (const unsigned char *)s;

	return length == 1 ? u[0] < 0x20 || u[0] == 0x7F
			   : length == 2 && u[0] == 0xC2 && u[1] < 0xA0;
}

/* What is put in the place of one sequence of bytes, `length` bytes, 0 for what is not UTF-8.
 */
static struct clean_piece clean_piece(const char *bytes, size_t length)
{
	static const char replacement[] = "\xEF\xBF\xBD";

	if (length == 0)
		return (struct clean_piece){ replacement, sizeof(replacement) - 1 };
	if (is_control(bytes, length))
		return (struct clean_piece){ " ", 1 };
	return (struct clean_piece){ bytes, length };
}

void process_clean(char *to, size_t size, const char *bytes, size_t length)
{
	size_t used = 0;

	while (length > 0) {
		size_t take = utf8_sequence(bytes, length);
		struct clean_piece piece = clean_piece(bytes, take);

		if (used + piece.length >= size)
			break;
		memcpy(to + used, piece.bytes, piece.length);
		used += piece.length;
		take = take ? take : 1;
		bytes += take;
		length -= take;
	}
	to[used] = '\0';
}
