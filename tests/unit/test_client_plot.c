/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "client/plot.h"
#include "tests/unit/run.h"

static const struct column watts = { .name = "cpu_watts",
	.unit_text = "W",
	.part_name = "",
	.part = -1,
	.gauge = true,
	.unit = UNIT_WATT,
	.decimals = 3 };
static const struct column bytes = { .name = "ram_used_bytes",
	.unit_text = "B",
	.part_name = "",
	.part = -1,
	.gauge = true,
	.unit = UNIT_BYTE };

static struct buf out;

static void setup(void)
{
	buf_init(&out, 65536);
}

static void teardown(void)
{
	buf_fini(&out);
}

static void check_out(const char *expected)
{
	buf_add(&out, "", 1);
	ck_assert_str_eq(out.data, expected);
	buf_clear(&out);
}

static void check_axis(double low, double high, double unit, const struct plot_axis *expected)
{
	struct plot_axis axis = plot_axis(low, high, unit, 4);

	ck_assert_double_eq_tol(axis.low, expected->low, 1e-9);
	ck_assert_double_eq_tol(axis.high, expected->high, 1e-9);
	ck_assert_double_eq_tol(axis.step, expected->step, 1e-9);
}

START_TEST(an_axis_has_round_marks_and_zero_unless_values_are_close_together)
{
	check_axis(1, 17, 1, &(struct plot_axis){ 0, 20, 5 });
	check_axis(96, 99, 1, &(struct plot_axis){ 96, 99, 1 });
	check_axis(-3, 5, 1, &(struct plot_axis){ -4, 6, 2 });
	check_axis(0.1, 0.4, 1, &(struct plot_axis){ 0, 0.4, 0.1 });
	check_axis(1e9, 3.5 * 1073741824, 1073741824,
		&(struct plot_axis){ 0, 4.0 * 1073741824, 1073741824 });
}
END_TEST

START_TEST(an_axis_of_one_value_has_a_height)
{
	check_axis(0, 0, 1, &(struct plot_axis){ 0, 1, 0.5 });
	check_axis(20, 20, 1, &(struct plot_axis){ 0, 20, 5 });
	ck_assert_double_gt(plot_axis(-7, -7, 1, 4).high, plot_axis(-7, -7, 1, 4).low);
}
END_TEST

START_TEST(a_ramp_is_a_line_from_corner_to_corner)
{
	const struct plot_point points[] = { { 1000, 0, false }, { 31000, 6, false } };
	const struct plot plot = { &watts, 24, 4, 1000, 31000, true, false };

	plot_draw(&out, &plot, points, 2);
	check_out("cpu_watts [W]  min 0  max 6\n"
		  "6 ┤                ⣀⡠⠔⠒⠉\n"
		  "4 ┤          ⢀⣀⠤⠒⠊⠉     \n"
		  "2 ┤     ⣀⡠⠤⠒⠉⠁          \n"
		  "0 ┤⣀⠤⠔⠊⠉                \n"
		  "  └┴─────────┴─────────┴\n"
		  "   00:00:01     00:00:31\n");
}
END_TEST

START_TEST(holes_and_unknown_values_break_the_line)
{
	const struct plot_point points[] = { { 0, 5, false }, { 10000, 5, false },
		{ 20000, 5, true }, { 30000, NAN, false }, { 40000, 5, false } };
	const struct plot plot = { &watts, 24, 2, 0, 40000, true, false };
	const char *row;

	plot_draw(&out, &plot, points, 5);
	buf_add(&out, "", 1);
	row = strstr(out.data, "┤") + 3;
	/* A line over the first quarter; a dot in the middle, and one at the end. */
	ck_assert_int_eq(strncmp(row, "⠉⠉⠉⠉⠉⠁    ⠈         ⠈\n", 38), 0);
}
END_TEST

START_TEST(bytes_are_marked_in_their_own_units)
{
	const struct plot_point points[] = { { 0, 1e9, false }, { 60000, 3.5e9, false } };
	const struct plot plot = { &bytes, 40, 5, 0, 60000, true, false };

	plot_draw(&out, &plot, points, 2);
	buf_add(&out, "", 1);
	ck_assert_ptr_nonnull(strstr(out.data, "4.0 GiB ┤"));
	ck_assert_ptr_nonnull(strstr(out.data, "2.0 GiB ┤"));
	ck_assert_ptr_nonnull(strstr(out.data, "00:00:00"));
	ck_assert_ptr_nonnull(strstr(out.data, "00:01:00"));
}
END_TEST

START_TEST(color_is_only_where_it_is_wanted)
{
	const struct plot_point points[] = { { 0, 1, false } };
	struct plot plot = { &watts, 30, 3, 0, 0, true, false };

	plot_draw(&out, &plot, points, 1);
	ck_assert_ptr_null(memchr(out.data, '\033', out.len));
	plot.color = true;
	plot_draw(&out, &plot, points, 1);
	ck_assert_ptr_nonnull(memchr(out.data, '\033', out.len));
}
END_TEST

START_TEST(without_a_value_it_says_so)
{
	const struct plot_point points[] = { { 0, NAN, false } };
	const struct plot plot = { &watts, 30, 3, 0, 1000, true, false };

	plot_draw(&out, &plot, points, 1);
	check_out("cpu_watts: no value\n");
}
END_TEST

RUN_TESTS("client_plot", setup, teardown,
	an_axis_has_round_marks_and_zero_unless_values_are_close_together,
	an_axis_of_one_value_has_a_height, a_ramp_is_a_line_from_corner_to_corner,
	holes_and_unknown_values_break_the_line, bytes_are_marked_in_their_own_units,
	color_is_only_where_it_is_wanted, without_a_value_it_says_so)
