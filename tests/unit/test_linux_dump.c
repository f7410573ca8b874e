/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include "daemon/source/linux/dump.h"
#include "tests/unit/linux_tree.h"

static struct tree tree, again;

static void setup(void)
{
	tree = again = (struct tree){ .source = NULL };
}

static void teardown(void)
{
	tree_close(&tree);
	tree_close(&again);
}

/* Describes the machine in the tree and makes another tree of what was written. */
static void describe_and_unpack(void)
{
	struct fault why = { 0 };
	char path[96];
	FILE *f;

	tree_copy(&again, "");
	snprintf(path, sizeof(path), "%s/machine.json", again.root);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(linux_dump(f, tree.root, &why), 0);
	ck_assert_int_eq(fclose(f), 0);
	tree_run("python3 tests/fixtures/linux/unpack.py %s %s", path, again.root);
}

/* How many processes there are is in no file, so it is nowhere to be read back. */
static bool is_counted_in_folders(const struct layout *layout, unsigned index)
{
	return index == layout_index(layout, METRIC_PROCESS_COUNT, 0);
}

static void check_machine(const char *name)
{
	const struct layout *layout;

	tree_copy(&tree, name);
	describe_and_unpack();
	tree_open(&tree);
	tree_open(&again);
	layout = source_layout(tree.source);
	ck_assert_uint_eq(source_layout(again.source)->width, layout->width);
	for (unsigned i = 0; i < layout->width; i++) {
		double was = tree.s->values[i], is = again.s->values[i];

		if (!is_counted_in_folders(layout, i))
			ck_assert_msg((isnan(was) && isnan(is)) || was == is,
				"%s: series %u was %g, is %g", name, i, was, is);
	}
}

START_TEST(a_laptop_comes_back_as_it_was)
{
	check_machine("laptop");
}
END_TEST

START_TEST(a_server_comes_back_as_it_was)
{
	check_machine("server");
}
END_TEST

START_TEST(an_arm_board_comes_back_with_its_binary_device_tree)
{
	check_machine("arm-board");
	ck_assert_str_eq(source_layout(again.source)->machine.chip,
		source_layout(tree.source)->machine.chip);
}
END_TEST

START_TEST(a_mac_under_linux_comes_back_as_it_was)
{
	check_machine("asahi");
}
END_TEST

RUN_TESTS("linux_dump", setup, teardown, a_laptop_comes_back_as_it_was,
	a_server_comes_back_as_it_was, an_arm_board_comes_back_with_its_binary_device_tree,
	a_mac_under_linux_comes_back_as_it_was)
