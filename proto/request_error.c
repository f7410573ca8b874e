/* SPDX-License-Identifier: MIT */
#include "proto/request_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "proto/json.h"
#include "proto/request.h"

static const struct error_row {
	const char *name, *message;
	bool fatal;
} errors[ERROR_COUNT] = {
#define ERROR(id, name, fatal, message) [ERROR_##id] = { name, message, fatal },
#include "proto/errors.def"
#undef ERROR
};

const char *error_name(enum error_code code)
{
	return errors[code].name;
}

struct request_error request_error_make(enum error_code code)
{
	return (struct request_error){ .code = code,
		.message = errors[code].message,
		.max = -1,
		.retry_ms = -1,
		.fatal = errors[code].fatal };
}

bool request_fail(struct request *r, enum error_code code, const char *field)
{
	r->error = request_error_make(code);
	r->error.field = field;
	return false;
}

bool request_fail_saying(
	struct request *r, enum error_code code, const char *field, const char *format, ...)
{
	va_list values;

	request_fail(r, code, field);
	va_start(values, format);
	vsnprintf(r->error_text, sizeof(r->error_text), format, values);
	va_end(values);
	r->error.message = r->error_text;
	return false;
}

static void error_write_text(struct json *j, const char *key, const char *text)
{
	if (text)
		json_kv_string(j, key, text);
}

static void error_write_number(struct json *j, const char *key, int64_t number)
{
	if (number >= 0)
		json_kv_int(j, key, number);
}

static void error_write_details(struct json *j, const struct request_error *error)
{
	error_write_text(j, "reason", error->reason);
	error_write_text(j, "field", error->field);
	error_write_text(j, "name", error->name);
	error_write_text(j, "sub", error->sub);
	error_write_text(j, "limit", error->limit);
	error_write_number(j, "max", error->max);
	error_write_number(j, "retry_ms", error->retry_ms);
	error_write_text(j, "oldest", error->oldest);
	error_write_text(j, "head", error->head);
	if (error->supported) {
		json_key(j, "supported");
		json_array_open(j);
		json_int(j, REQUEST_PROTOCOL);
		json_array_close(j);
	}
	error_write_text(j, "ref", error->ref);
}

void request_error_write(
	struct buf *out, const struct request *r, const struct request_error *error)
{
	const char *id = r ? r->id : "null";
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_kv_string(&j, "type", "error");
	json_key(&j, "id");
	json_raw(&j, id, strlen(id));
	json_kv_string(&j, "op", r ? r->op_text : NULL);
	json_kv_string(&j, "code", error_name(error->code));
	json_kv_string(&j, "message", error->message);
	error_write_details(&j, error);
	json_kv_bool(&j, "fatal", error->fatal);
	json_object_close(&j);
	buf_add(out, "\n", 1);
}
