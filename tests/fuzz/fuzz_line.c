/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/line.h"

#define MAX 32 /* small, so that short inputs meet the limit */
#define OUT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct result {
	size_t len;
	char out[OUT_MAX];
};

static enum line_status drain(struct line_reader *r, struct result *result)
{
	enum line_status status;
	char *line;
	size_t len;

	while ((status = line_next(r, &line, &len)) == LINE_READY) {
		assert(len < MAX && line[len] == '\0');
		assert(result->len + len + 1 <= OUT_MAX);
		memcpy(result->out + result->len, line, len);
		result->len += len;
		result->out[result->len++] = '\n';
	}
	assert(r->len - r->next < MAX);
	return status;
}

/* Feeds the data in pieces whose sizes come from the data; piece 0 is everything at once. */
static enum line_status run(
	const uint8_t *data, size_t size, size_t piece, struct result *result)
{
	enum line_status status;
	struct line_reader r;

	line_init(&r, MAX);
	result->len = 0;
	for (size_t at = 0, n; at < size; at += n) {
		n = piece ? 1 + data[at] % piece : size;
		n = n > size - at ? size - at : n;
		line_feed(&r, (const char *)data + at, n);
		drain(&r, result);
	}
	line_eof(&r);
	status = drain(&r, result);
	assert(r.data == NULL);
	line_fini(&r);
	return status;
}

/* How the bytes are cut into pieces changes nothing. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct result whole, cut;
	enum line_status status;

	if (size > OUT_MAX / 2)
		return 0;
	status = run(data, size, 0, &whole);
	for (size_t piece = 1; piece <= 7; piece += 3) {
		assert(run(data, size, piece, &cut) == status);
		assert(cut.len == whole.len && memcmp(cut.out, whole.out, cut.len) == 0);
	}
	return 0;
}
