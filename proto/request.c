/* SPDX-License-Identifier: MIT */
#include "proto/request.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "proto/alloc.h"
#include "proto/command.h"
#include "proto/cursor.h"
#include "proto/json.h"
#include "proto/pattern.h"
#include "proto/utf8.h"
#include "proto/validate.h"

#define LIST_MAX 100 /* bytes of the words that an error message lists, NUL included */
#define ECHO_MAX (REQUEST_OP_MAX + 1)

static char *request_allot(struct request *r, size_t n)
{
	char *to = r->arena + r->arena_used;

	assert(n <= r->arena_size - r->arena_used);
	r->arena_used += n;
	return to;
}

/* A string of the JSON text was longer there, with its quotes, than it is here with its NUL. */
static const char *request_keep(struct request *r, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(request_allot(r, size), text, size);
}

/* Text of the client that an error line repeats, cut to a decent length. */
static const char *request_keep_echo(struct request *r, const char *text)
{
	char *to = request_allot(r, ECHO_MAX);

	utf8_clean(to, ECHO_MAX, text);
	return to;
}

static bool fits_integer(const cJSON *v)
{
	return cJSON_IsNumber(v) && isfinite(v->valuedouble) &&
		floor(v->valuedouble) == v->valuedouble;
}

static bool fits_bool(const cJSON *v)
{
	return cJSON_IsBool(v);
}

static bool fits_string(const cJSON *v)
{
	return cJSON_IsString(v);
}

static bool fits_mark(const cJSON *v)
{
	return fits_string(v) || fits_integer(v);
}

static bool fits_strings(const cJSON *v)
{
	const cJSON *item = v->child;

	while (item && fits_string(item))
		item = item->next;
	return cJSON_IsArray(v) && !item;
}

static bool fits_words(const cJSON *v)
{
	return fits_string(v) || fits_strings(v);
}

static bool fits_integers(const cJSON *v)
{
	const cJSON *item = v->child;

	while (item && fits_integer(item))
		item = item->next;
	return cJSON_IsArray(v) && !item;
}

/* What a value is decoded for: the error speaks of row, the result goes to field. */
struct target {
	struct request *r;
	const struct member_row *row;
	void *field;
};

static bool target_refuse(const struct target *t, const char *message)
{
	return request_fail_saying(t->r, ERROR_BAD_VALUE, t->row->name, "%s", message);
}

static bool target_accepts(const struct target *t, double x)
{
	if (x >= (double)t->row->low && x <= (double)t->row->high)
		return true;
	return request_fail_saying(t->r, ERROR_BAD_VALUE, t->row->name,
		"must be within %lld and %lld", (long long)t->row->low,
		(long long)t->row->high);
}

static bool target_accepts_size(const struct target *t, size_t n, const char *of)
{
	if (n >= (size_t)t->row->low && n <= (size_t)t->row->high)
		return true;
	return request_fail_saying(t->r, ERROR_BAD_VALUE, t->row->name,
		"must have %lld to %lld %s", (long long)t->row->low, (long long)t->row->high,
		of);
}

static bool decode_integer(const struct target *t, const cJSON *v)
{
	if (!target_accepts(t, v->valuedouble))
		return false;
	*(int64_t *)t->field = (int64_t)v->valuedouble;
	return true;
}

static bool decode_bool(const struct target *t, const cJSON *v)
{
	*(bool *)t->field = cJSON_IsTrue(v);
	return true;
}

static bool decode_string(const struct target *t, const cJSON *v)
{
	if (!target_accepts_size(t, strlen(v->valuestring), "bytes"))
		return false;
	*(const char **)t->field = request_keep(t->r, v->valuestring);
	return true;
}

static bool decode_label(const struct target *t, const cJSON *v)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

	if (v->valuestring[strspn(v->valuestring, allowed)])
		return target_refuse(t, "must be of letters, digits, '_', '.' and '-'");
	return decode_string(t, v);
}

static bool decode_cursor(const struct target *t, const cJSON *v)
{
	struct request_cursor *cursor = t->field;

	if (cursor_parse(v->valuestring, &cursor->epoch, &cursor->seq))
		return true;
	return target_refuse(t, "must be a cursor, EPOCH:SEQ");
}

static bool decode_mark(const struct target *t, const cJSON *v)
{
	struct request_mark *mark = t->field;

	if (cJSON_IsString(v))
		return decode_string(&(struct target){ t->r, t->row, (void *)&mark->text }, v);
	if (v->valuedouble < 1 || v->valuedouble > (double)JSON_INTEGER_MAX)
		return target_refuse(t, "must be the number of an event or the text of a mark");
	mark->eseq = (uint64_t)v->valuedouble;
	return true;
}

/* Finds a string among count words; count, and an error that lists them, when it is not there.
 */
static unsigned decode_index(
	const struct target *t, const cJSON *v, const char *const *words, unsigned count)
{
	unsigned found = words_find(words, count, v->valuestring);
	char list[LIST_MAX] = "";
	size_t used = 0;

	if (found < count)
		return found;
	for (unsigned i = 0; i < count && used < sizeof(list); i++)
		used += (size_t)snprintf(
			list + used, sizeof(list) - used, "%s%s", i ? ", " : "", words[i]);
	request_fail_saying(t->r, ERROR_BAD_VALUE, t->row->name, "must be one of %s", list);
	return count;
}

static bool decode_word(const struct target *t, const cJSON *v)
{
	static const struct {
		const char *const *words;
		unsigned count;
	} sets[] = {
		[TYPE_STREAM] = { stream_words, STREAM_COUNT },
		[TYPE_ON_GAP] = { on_gap_words, ON_GAP_COUNT },
		[TYPE_LAG] = { lag_words, LAG_COUNT },
		[TYPE_FORMAT] = { format_words, FORMAT_COUNT },
		[TYPE_SORT] = { sort_words, SORT_COUNT },
	};
	unsigned count = sets[t->row->type].count;
	unsigned found = decode_index(t, v, sets[t->row->type].words, count);

	_Static_assert(sizeof(enum stream) == sizeof(found), "an enum is an unsigned");
	memcpy(t->field, &found, sizeof(found));
	return found < count;
}

static bool decode_agg(const struct target *t, const cJSON *v)
{
	static const char *const words[] = { "mean", "min", "max", "last" };
	struct request_aggs *aggs = t->field;
	unsigned count = sizeof(words) / sizeof(*words);
	unsigned found = decode_index(t, v, words, count);

	if (found == count)
		return false;
	aggs->items[aggs->count++] = agg_find(words[found]);
	return true;
}

static bool decode_aggs(const struct target *t, const cJSON *v)
{
	struct request_aggs *aggs = t->field;

	if (cJSON_IsString(v))
		return decode_agg(t, v);
	if (!target_accepts_size(t, (size_t)cJSON_GetArraySize(v), "entries"))
		return false;
	aggs->is_array = true;
	for (const cJSON *item = v->child; item; item = item->next)
		if (!decode_agg(t, item))
			return false;
	return true;
}

static bool decode_kinds(const struct target *t, const cJSON *v)
{
	unsigned kinds = 0;

	if (!target_accepts_size(t, (size_t)cJSON_GetArraySize(v), "entries"))
		return false;
	for (const cJSON *item = v->child; item; item = item->next) {
		unsigned kind = decode_index(t, item, event_words, EVENT_COUNT);

		if (kind == EVENT_COUNT)
			return false;
		kinds |= 1u << kind;
	}
	*(unsigned *)t->field = kinds;
	return true;
}

static bool decode_integers(const struct target *t, const cJSON *v)
{
	struct request_integers *list = t->field;

	if (!target_accepts_size(t, (size_t)cJSON_GetArraySize(v), "entries"))
		return false;
	for (const cJSON *item = v->child; item; item = item->next) {
		if (fabs(item->valuedouble) > (double)JSON_INTEGER_MAX)
			return target_refuse(t, "must be integers within 2^53-1");
		list->items[list->count++] = (int64_t)item->valuedouble;
	}
	return true;
}

static bool decode_patterns(const struct target *t, const cJSON *v)
{
	struct request_patterns *list = t->field;

	if (!target_accepts_size(t, (size_t)cJSON_GetArraySize(v), "entries"))
		return false;
	for (const cJSON *item = v->child; item; item = item->next) {
		if (!pattern_is_valid(item->valuestring))
			return target_refuse(t, "must be names or patterns of metrics");
		list->items[list->count++] = request_keep(t->r, item->valuestring);
	}
	return true;
}

static const struct decoder {
	bool (*fits)(const cJSON *v);
	const char *must; /* what the value must be to fit */
	bool (*decode)(const struct target *t, const cJSON *v);
} decoders[TYPE_COUNT] = {
	[TYPE_INTEGER] = { fits_integer, "must be an integer", decode_integer },
	[TYPE_BOOL] = { fits_bool, "must be true or false", decode_bool },
	[TYPE_STRING] = { fits_string, "must be a string", decode_string },
	[TYPE_LABEL] = { fits_string, "must be a string", decode_label },
	[TYPE_CURSOR] = { fits_string, "must be a string", decode_cursor },
	[TYPE_MARK] = { fits_mark, "must be a string or an integer", decode_mark },
	[TYPE_STREAM] = { fits_string, "must be a string", decode_word },
	[TYPE_ON_GAP] = { fits_string, "must be a string", decode_word },
	[TYPE_LAG] = { fits_string, "must be a string", decode_word },
	[TYPE_FORMAT] = { fits_string, "must be a string", decode_word },
	[TYPE_SORT] = { fits_string, "must be a string", decode_word },
	[TYPE_AGG] = { fits_string, "must be a string", decode_agg },
	[TYPE_AGGS] = { fits_words, "must be a string or an array of strings", decode_aggs },
	[TYPE_KINDS] = { fits_strings, "must be an array of strings", decode_kinds },
	[TYPE_INTEGERS] = { fits_integers, "must be an array of integers", decode_integers },
	[TYPE_PATTERNS] = { fits_strings, "must be an array of strings", decode_patterns },
};

static bool envelope_is(const cJSON *member, const char *name)
{
	return strcmp(member->string, name) == 0;
}

static const cJSON *envelope_find(const cJSON *root, const char *name)
{
	const cJSON *member = root->child;

	while (member && !envelope_is(member, name))
		member = member->next;
	return member;
}

/* Whether a member is none of the op's own. */
static bool envelope_has(const cJSON *member)
{
	return member->string[0] == '_' || envelope_is(member, "op") ||
		envelope_is(member, "id") || envelope_is(member, "close");
}

static bool request_check_duplicates(struct request *r, const cJSON *root)
{
	for (const cJSON *m = root->child; m; m = m->next) {
		const cJSON *first = envelope_find(root, m->string);

		if (first != m)
			return request_fail_saying(r, ERROR_BAD_REQUEST,
				request_keep_echo(r, m->string), "duplicate member");
	}
	return true;
}

/* Renders the id as it is echoed. */
static void request_render_id(struct request *r, const cJSON *id)
{
	struct buf text;
	struct json j;

	buf_init(&text, sizeof(r->id) - 1);
	json_init(&j, &text);
	if (cJSON_IsString(id))
		json_string(&j, id->valuestring);
	else
		json_int(&j, (int64_t)id->valuedouble);
	memcpy(r->id, text.data, text.len);
	r->id[text.len] = '\0';
	buf_fini(&text);
}

static bool request_read_id(struct request *r, const cJSON *root)
{
	const cJSON *id = envelope_find(root, "id");

	if (!id)
		return true;
	if ((cJSON_IsString(id) && strlen(id->valuestring) <= REQUEST_ID_MAX) ||
		(fits_integer(id) && fabs(id->valuedouble) <= (double)JSON_INTEGER_MAX)) {
		request_render_id(r, id);
		return true;
	}
	return request_fail_saying(r, ERROR_BAD_REQUEST, "id",
		"id must be a string of at most %d bytes or an integer within 2^53-1",
		REQUEST_ID_MAX);
}

static bool request_read_op(struct request *r, const cJSON *root)
{
	const cJSON *op = envelope_find(root, "op");

	if (!op)
		return request_fail_saying(r, ERROR_MISSING_FIELD, "op", "op is missing");
	if (!cJSON_IsString(op))
		return request_fail_saying(r, ERROR_BAD_TYPE, "op", "must be a string");
	r->op = command_find(op->valuestring);
	if (r->op == OP_UNKNOWN) {
		r->op_text = request_keep_echo(r, op->valuestring);
		return request_fail(r, ERROR_UNKNOWN_OP, NULL);
	}
	r->op_text = op_name(r->op);
	return true;
}

/* Whether the op has such a member, of that type. */
static bool request_check_member(struct request *r, const cJSON *m)
{
	enum member member = command_member(r->op, m->string);
	const struct decoder *decoder;

	if (member == MEMBER_TOTAL)
		return request_fail(r, ERROR_UNKNOWN_FIELD, request_keep_echo(r, m->string));
	decoder = &decoders[member_rows[member].type];
	if (!decoder->fits(m))
		return request_fail_saying(
			r, ERROR_BAD_TYPE, member_name(member), "%s", decoder->must);
	r->given |= UINT64_C(1) << member;
	return true;
}

static bool request_check_members(struct request *r, const cJSON *root)
{
	for (const cJSON *m = root->child; m; m = m->next) {
		if (envelope_is(m, "close") && !cJSON_IsBool(m))
			return request_fail_saying(
				r, ERROR_BAD_TYPE, "close", "must be true or false");
		if (!envelope_has(m) && !request_check_member(r, m))
			return false;
	}
	return true;
}

static bool request_decode_members(struct request *r, const cJSON *root)
{
	for (const cJSON *m = root->child; m; m = m->next) {
		const struct member_row *row;

		if (envelope_has(m))
			continue;
		row = &member_rows[command_member(r->op, m->string)];
		if (!decoders[row->type].decode(
			    &(struct target){ r, row, (char *)r + row->offset }, m))
			return false;
	}
	return true;
}

/* The order of these is the protocol's. */
static bool request_read(struct request *r, const cJSON *root)
{
	if (!cJSON_IsObject(root))
		return request_fail(r, ERROR_BAD_REQUEST, NULL);
	r->close = cJSON_IsTrue(envelope_find(root, "close"));
	if (!request_check_duplicates(r, root) || !request_read_id(r, root) ||
		!request_read_op(r, root))
		return false;
	command_set_defaults(r);
	return request_check_members(r, root) && command_check_required(r) &&
		request_decode_members(r, root) && command_check_together(r);
}

static void request_fail_json(struct request *r, enum json_fault fault)
{
	request_fail(r, ERROR_BAD_JSON, NULL);
	r->error.message = json_fault_message(fault);
	r->error.reason = json_fault_reason(fault);
}

void request_parse(struct request *r, const char *line, size_t len)
{
	enum json_fault fault = json_validate(line, len);
	cJSON *root;

	memset(r, 0, sizeof(*r));
	r->op = OP_UNKNOWN;
	memcpy(r->id, "null", sizeof("null"));
	if (fault != JSON_VALID) {
		request_fail_json(r, fault);
		return;
	}
	r->arena_size = len + ECHO_MAX;
	r->arena = xcalloc(r->arena_size, 1);
	root = cJSON_ParseWithLengthOpts(line, len + 1, NULL, 1);
	if (root)
		request_read(r, root);
	else
		request_fail(r, ERROR_INTERNAL, NULL);
	cJSON_Delete(root);
}

void request_fini(struct request *r)
{
	free(r->arena);
	r->arena = NULL;
}
