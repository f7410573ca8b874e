/* SPDX-License-Identifier: MIT */
#ifndef LINUX_TREE_H
#define LINUX_TREE_H

#include <check.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/source/source.h"

/*
 * A fixture machine, copied so that a test may change it between two readings, and the Linux
 * source on it.  One per test.
 */
struct tree {
	char root[64];
	struct source *source;
	struct sample *s;
};

__attribute__((format(printf, 1, 2))) static inline void tree_run(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	ck_assert_int_eq(
		system(command), 0); /* NOLINT: fixed commands on a folder of our own */
}

/* name: a folder of tests/fixtures/linux, or "server", which its script writes. */
static inline void tree_copy(struct tree *tree, const char *name)
{
	*tree = (struct tree){ .root = "/tmp/actop-tree-XXXXXX" };
	ck_assert_ptr_nonnull(mkdtemp(tree->root));
	if (strcmp(name, "server") == 0)
		tree_run("sh tests/fixtures/linux/server.sh %s", tree->root);
	else if (*name)
		tree_run("cp -R -P tests/fixtures/linux/%s/. %s", name, tree->root);
}

static inline void tree_read(struct tree *tree)
{
	ck_assert_int_eq(source_read(tree->source, tree->s), 0);
}

static inline void tree_open(struct tree *tree)
{
	struct fault why = { 0 };
	char spec[96];

	snprintf(spec, sizeof(spec), "linux:%s", tree->root);
	tree->source = source_open(spec, &why);
	ck_assert_ptr_nonnull(tree->source);
	tree->s = sample_new(source_layout(tree->source));
	tree_read(tree);
}

static inline void tree_close(struct tree *tree)
{
	sample_free(tree->s);
	if (tree->source)
		source_close(tree->source);
	if (tree->root[0])
		tree_run("rm -rf %s", tree->root);
}

/* Writes a file in place, as an open descriptor sees it. */
static inline void tree_write(struct tree *tree, const char *path, const char *content)
{
	char full[256];
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", tree->root, path);
	f = fopen(full, "w");
	ck_assert_ptr_nonnull(f);
	fputs(content, f);
	ck_assert_int_eq(fclose(f), 0);
}

static inline double tree_get_value(
	const struct tree *tree, enum scope scope, const char *entity, const char *name)
{
	enum metric_id id = metric_find(scope, name);
	int index = layout_find(tree->s->layout, scope, entity);

	ck_assert_msg(id != METRIC_COUNT && index >= 0, "no series %s of %s", name, entity);
	return sample_get(tree->s, id, (unsigned)index);
}

/* The value of a series: "load_1m", "core.0.busy_ticks"; NaN when absent. */
static inline double tree_get(const struct tree *tree, const char *series)
{
	char scope[16], entity[LAYOUT_NAME_MAX], name[64];

	if (sscanf(series, "%15[^.].%31[^.].%63s", scope, entity, name) != 3)
		return tree_get_value(tree, SCOPE_HOST, "host", series);
	for (enum scope i = 0; i < SCOPE_COUNT; i++)
		if (strcmp(scope_name(i), scope) == 0)
			return tree_get_value(tree, i, entity, name);
	ck_abort_msg("no scope %s", scope);
}

static inline const struct layout_note *tree_note(const struct tree *tree, const char *metric)
{
	return &tree->s->layout->notes[metric_find(SCOPE_HOST, metric)];
}

static inline const struct entity *tree_entity(
	const struct tree *tree, enum scope scope, const char *name)
{
	int i = layout_find(tree->s->layout, scope, name);

	ck_assert_msg(i >= 0, "no %s %s", scope_name(scope), name);
	return &tree->s->layout->entities[scope][i];
}

struct tree_value {
	const char *series;
	double value; /* NaN = absent */
};

#define ABSENT NAN

static inline void tree_expect_one(const struct tree *tree, const struct tree_value *expected)
{
	double value = tree_get(tree, expected->series);

	if (isnan(expected->value))
		ck_assert_msg(isnan(value), "%s is %.9g, not absent", expected->series, value);
	else
		ck_assert_msg(fabs(value - expected->value) < 1e-9, "%s is %.9g, not %.9g",
			expected->series, value, expected->value);
}

#define tree_expect(tree, ...) \
	do { \
		const struct tree_value expected_[] = { __VA_ARGS__ }; \
\
		for (size_t i_ = 0; i_ < sizeof(expected_) / sizeof(*expected_); i_++) \
			tree_expect_one(tree, &expected_[i_]); \
	} while (0)

#endif
