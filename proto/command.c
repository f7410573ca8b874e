/* SPDX-License-Identifier: MIT */
#include "proto/command.h"

#include <stddef.h>
#include <string.h>

#include "proto/json.h"

#define ROWS_DEFAULT 1000
#define PROCESSES_DEFAULT 50
#define INTERVAL_DEFAULT_MS 1000
#define KINDS_ALL ((1u << EVENT_COUNT) - 1)

#define SAMPLES (1u << STREAM_SAMPLES)
#define EVENTS (1u << STREAM_EVENTS)
#define PROCESSES (1u << STREAM_PROCESSES)
#define ANY (SAMPLES | EVENTS | PROCESSES)

const struct member_row member_rows[MEMBER_TOTAL] = {
#define MEMBER(id, name, field, type, low, high, streams) \
	{ name, offsetof(struct request, field), TYPE_##type, low, high, streams },
#include "proto/members.def"
};

#define M(member) (UINT64_C(1) << MEMBER_##member)

static const struct command {
	const char *name;
	uint64_t required, members;
} commands[OP_COUNT] = {
#define COMMAND(id, name, required, members) { name, required, members },
#include "proto/commands.def"
};

enum op command_find(const char *name)
{
	enum op op = 0;

	while (op < OP_COUNT && strcmp(commands[op].name, name) != 0)
		op++;
	return op;
}

enum member command_member(enum op op, const char *name)
{
	enum member member = 0;

	while (member < MEMBER_TOTAL &&
		!(commands[op].members >> member & 1 &&
			strcmp(member_rows[member].name, name) == 0))
		member++;
	return member;
}

/* Whether two of a set of members exclude each other; if so says which: b is to complain about.
 */
static bool command_conflicts(uint64_t members, enum member *a, enum member *b)
{
	static const enum member pairs[][2] = {
		{ MEMBER_AFTER, MEMBER_SINCE_MS },
		{ MEMBER_AFTER, MEMBER_LAST_MS },
		{ MEMBER_SINCE_MS, MEMBER_LAST_MS },
		{ MEMBER_AFTER, MEMBER_FROM_MARK },
		{ MEMBER_SINCE_MS, MEMBER_FROM_MARK },
		{ MEMBER_LAST_MS, MEMBER_FROM_MARK },
		{ MEMBER_UNTIL_MS, MEMBER_TO_MARK },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		*a = pairs[i][0];
		*b = pairs[i][1];
		if (members >> *a & members >> *b & 1)
			return true;
	}
	return false;
}

static bool command_check_stream(struct request *r)
{
	for (enum member m = 0; r->op == OP_SUBSCRIBE && m < MEMBER_TOTAL; m++)
		if (request_has(r, m) && !(member_rows[m].streams >> r->stream & 1))
			return request_fail_saying(r, ERROR_CONFLICT, member_name(m),
				"%s is not for the stream %s", member_name(m),
				stream_words[r->stream]);
	return true;
}

bool command_check_together(struct request *r)
{
	enum member a, b;

	if (command_conflicts(r->given, &a, &b))
		return request_fail_saying(r, ERROR_CONFLICT, member_name(b),
			"%s and %s exclude each other", member_name(a), member_name(b));
	if (request_has(r, MEMBER_SINCE_MS) && request_has(r, MEMBER_UNTIL_MS) &&
		r->until_ms < r->since_ms)
		return request_fail_saying(
			r, ERROR_BAD_VALUE, "until_ms", "must not be before since_ms");
	return command_check_stream(r);
}

void command_set_defaults(struct request *r)
{
	bool processes = commands[r->op].members >> MEMBER_LIMIT_PROCESSES & 1;

	r->limit = processes ? PROCESSES_DEFAULT : ROWS_DEFAULT;
	r->interval_ms = INTERVAL_DEFAULT_MS;
	r->snapshot = true;
	r->kinds = KINDS_ALL;
}

bool command_check_required(struct request *r)
{
	uint64_t missing = commands[r->op].required & ~r->given;
	enum member member = 0;

	if (!missing)
		return true;
	while (!(missing >> member & 1))
		member++;
	return request_fail_saying(r, ERROR_MISSING_FIELD, member_name(member), "%s is missing",
		member_name(member));
}

const char *op_name(enum op op)
{
	return commands[op].name;
}

const char *member_name(enum member member)
{
	return member_rows[member].name;
}
