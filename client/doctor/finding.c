/* SPDX-License-Identifier: MIT */
#include "client/doctor/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cell.h"
#include "client/print.h"
#include "client/report.h"
#include "proto/alloc.h"
#include "proto/json.h"

#define FINDING_INDENT 18 /* where texts begin */

static const struct {
	const char *name, *label, *color;
	int exit;
} grades[GRADE_COUNT] = {
	[GRADE_PASS] = { "pass", "PASS", "\033[32m", EXIT_OK },
	[GRADE_WARN] = { "warn", "WARN", "\033[33m", EXIT_WARNING },
	[GRADE_FAIL] = { "fail", "FAIL", "\033[31m", EXIT_ALARM },
};

__attribute__((format(printf, 1, 0))) static char *finding_text(
	const char *format, va_list args)
{
	char text[FINDING_TEXT_MAX];
	size_t n;
	char *copy;

	vsnprintf(text, sizeof(text), format, args);
	n = strlen(text);
	copy = xcalloc(n + 1, 1);
	memcpy(copy, text, n);
	return copy;
}

void findings_fini(struct findings *f)
{
	for (unsigned i = 0; i < f->count; i++) {
		free(f->items[i].text);
		free(f->items[i].advice);
	}
	free(f->items);
	*f = (struct findings){ 0 };
}

void findings_add(struct findings *f, enum grade grade, const char *format, ...)
{
	va_list args;

	if (f->count == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 32;
		f->items = xrealloc(f->items, f->cap, sizeof(*f->items));
	}
	va_start(args, format);
	f->items[f->count++] = (struct finding){
		.grade = grade,
		.check = f->check,
		.text = finding_text(format, args),
	};
	va_end(args);
}

void findings_advise(struct findings *f, const char *format, ...)
{
	struct finding *newest = &f->items[f->count - 1];
	va_list args;

	va_start(args, format);
	free(newest->advice);
	newest->advice = finding_text(format, args);
	va_end(args);
}

unsigned findings_count(const struct findings *f, enum grade grade)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->count; i++)
		n += f->items[i].grade == grade;
	return n;
}

int findings_exit(const struct findings *f)
{
	enum grade worst = GRADE_PASS;

	for (unsigned i = 0; i < f->count; i++)
		worst = f->items[i].grade > worst ? f->items[i].grade : worst;
	return grades[worst].exit;
}

const char *finding_bytes(char to[FINDING_BYTES_MAX], int64_t bytes)
{
	struct buf out;

	buf_init(&out, FINDING_BYTES_MAX - 1);
	cell_show_bytes(&out, (double)bytes);
	snprintf(to, FINDING_BYTES_MAX, "%.*s", (int)out.len, out.len ? out.data : "");
	buf_fini(&out);
	return to;
}

const char *grade_name(enum grade grade)
{
	return grades[grade].name;
}

void finding_write(const struct finding *f, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_kv_string(&j, "grade", grade_name(f->grade));
	json_kv_string(&j, "check", f->check);
	json_kv_string(&j, "text", f->text);
	json_kv_string(&j, "advice", f->advice);
	json_object_close(&j);
}

static void finding_print(const struct finding *f, bool color)
{
	printf("%s%s%s  %-10s  ", color ? grades[f->grade].color : "", grades[f->grade].label,
		color ? "\033[0m" : "", f->check);
	print_text(f->text);
	putchar('\n');
	if (!f->advice)
		return;
	printf("%*s-> ", FINDING_INDENT, "");
	print_text(f->advice);
	putchar('\n');
}

void findings_print(const struct findings *f, bool color)
{
	for (unsigned i = 0; i < f->count; i++)
		finding_print(&f->items[i], color);
	printf("\n%u passed, %u to look at, %u failed\n", findings_count(f, GRADE_PASS),
		findings_count(f, GRADE_WARN), findings_count(f, GRADE_FAIL));
}
