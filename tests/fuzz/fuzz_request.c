/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json.h"
#include "proto/line.h"
#include "proto/pattern.h"
#include "proto/request.h"
#include "proto/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An error line is one line of JSON that says what and whether it is fatal. */
static void expect_error_line(const struct request *r)
{
	struct buf out;

	buf_init(&out, LINE_REQUEST_MAX);
	request_error_write(&out, r, &r->error);
	assert(buf_ok(&out));
	assert(out.data[out.len - 1] == '\n');
	assert(!memchr(out.data, '\n', out.len - 1));
	assert(json_validate(out.data, out.len - 1) == JSON_VALID);
	buf_fini(&out);
}

static void expect_numbers_in_range(const struct request *r)
{
	assert(r->op < OP_COUNT);
	assert(r->interval_ms >= 100 && r->interval_ms <= 3600000);
	assert(r->limit >= 1 && r->limit <= REQUEST_ROWS_MAX);
	assert(r->count >= 0 && r->count <= JSON_INTEGER_MAX);
	assert(r->since_ms >= 0 && r->last_ms >= 0 && r->until_ms >= 0);
	assert(r->after.seq <= (uint64_t)JSON_INTEGER_MAX);
}

static void expect_lists_in_range(const struct request *r)
{
	assert(r->stream < STREAM_COUNT && r->lag < LAG_COUNT && r->sort < SORT_COUNT);
	assert(r->metrics.count <= REQUEST_PATTERNS_MAX);
	assert(r->aggs.count <= REQUEST_AGGS_MAX && r->proto.count <= REQUEST_PROTO_MAX);
	for (unsigned i = 0; i < r->metrics.count; i++)
		assert(pattern_is_valid(r->metrics.items[i]));
	assert(!request_has(r, MEMBER_TEXT) || strlen(r->text) <= REQUEST_MARK_MAX);
	assert(!request_has(r, MEMBER_SUB) || strlen(r->sub) <= REQUEST_SUB_MAX);
}

/* Any bytes are a request that can be executed or an error that can be written. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1);
	struct request r;

	assert(line);
	memcpy(line, data, size);
	line[size] = '\0';
	request_parse(&r, line, size);
	assert(json_validate(r.id, strlen(r.id)) == JSON_VALID);
	assert(r.error.code != ERROR_INTERNAL);
	if (r.error.code == ERROR_NONE) {
		expect_numbers_in_range(&r);
		expect_lists_in_range(&r);
	} else {
		expect_error_line(&r);
	}
	request_fini(&r);
	free(line);
	return 0;
}
