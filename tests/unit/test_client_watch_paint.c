/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/watch/chart.h"
#include "client/watch/glyph.h"
#include "client/watch/layout.h"
#include "client/watch/painter.h"
#include "tests/unit/run.h"

static struct canvas canvas;
static struct painter painter;
static struct rows rows;
static char text[65536];

static void setup(void)
{
	canvas = (struct canvas){ 0 };
	canvas_size(&canvas, 20, 4);
	painter_init(&painter);
	painter_style(&painter, PALETTE_THERMAL, DEPTH_NONE);
	rows_init(&rows, 1, 64);
}

static void teardown(void)
{
	canvas_fini(&canvas);
	painter_fini(&painter);
	rows_fini(&rows);
}

/* A line of the canvas as UTF-8, without blanks at its end. */
static const char *line(unsigned y)
{
	size_t n = 0;

	for (unsigned x = 0; x < canvas.width; x++)
		if (canvas_at(&canvas, x, y)->glyph)
			n += glyph_encode(text + n, canvas_at(&canvas, x, y)->glyph);
	while (n > 0 && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
	return text;
}

static void fill(const double *values, unsigned n)
{
	rows_clear(&rows);
	for (unsigned i = 0; i < n; i++)
		*rows_add(&rows, 1000 * i) = values[i];
}

static struct chart chart_of(enum dots dots)
{
	return (struct chart){ &rows, (long)rows.count - 1, 0, 0, 100, dots, false };
}

START_TEST(dots_show_two_samples_in_a_cell_and_the_newest_at_the_right)
{
	const double values[] = { 25, 50, 75, 100 };
	struct chart chart;

	fill(values, 4);
	chart = chart_of(DOTS_BRAILLE);
	chart_draw(&canvas, &(struct rect){ 0, 0, 4, 1 }, &chart);
	ck_assert_str_eq(line(0), "  ⣠⣾");
}
END_TEST

START_TEST(a_chart_moves_by_whole_cells)
{
	const double values[] = { 100, 50, 100, 50, 100 };
	struct chart chart;

	fill(values, 4);
	chart = chart_of(DOTS_BRAILLE);
	chart_draw(&canvas, &(struct rect){ 0, 0, 3, 1 }, &chart);
	ck_assert_str_eq(line(0), " ⣧⣧");
	*rows_add(&rows, 5000) = 100;
	chart = chart_of(DOTS_BRAILLE);
	chart_draw(&canvas, &(struct rect){ 0, 0, 3, 1 }, &chart);
	ck_assert_str_eq(line(0), "⣧⣧⡇");
	*rows_add(&rows, 6000) = 100;
	chart = chart_of(DOTS_BRAILLE);
	chart_draw(&canvas, &(struct rect){ 0, 0, 3, 1 }, &chart);
	ck_assert_str_eq(line(0), "⣧⣧⣿");
}
END_TEST

START_TEST(blocks_show_a_sample_a_cell_and_more_than_nothing_is_at_least_a_level)
{
	const double values[] = { 0, 0.1, 50, 100 };
	struct chart chart;

	fill(values, 4);
	chart = chart_of(DOTS_BLOCK);
	chart_draw(&canvas, &(struct rect){ 0, 0, 4, 2 }, &chart);
	ck_assert_str_eq(line(0), "   █");
	ck_assert_str_eq(line(1), "▁▁██");
	ck_assert_uint_eq(canvas_at(&canvas, 0, 1)->style, STYLE_EMPTY);
	ck_assert_uint_ne(canvas_at(&canvas, 1, 1)->style, STYLE_EMPTY);
}
END_TEST

START_TEST(what_is_not_known_is_blank_and_zero_is_a_ground)
{
	const double values[] = { 0, 0, NAN, NAN, 0, 0 };
	struct chart chart;

	fill(values, 6);
	chart = chart_of(DOTS_BRAILLE);
	chart_draw(&canvas, &(struct rect){ 0, 0, 3, 1 }, &chart);
	ck_assert_str_eq(line(0), "⣀ ⣀");
}
END_TEST

START_TEST(the_lower_half_of_a_mirrored_chart_hangs)
{
	const double values[] = { 50, 100 };
	struct chart chart;

	fill(values, 2);
	chart = chart_of(DOTS_BRAILLE);
	chart.hangs = true;
	chart_draw(&canvas, &(struct rect){ 0, 0, 1, 2 }, &chart);
	ck_assert_str_eq(line(0), "⣿");
	ck_assert_str_eq(line(1), "⢸");
}
END_TEST

START_TEST(without_utf8_everything_has_a_character_of_ascii)
{
	const double values[] = { 25, 25, 50, 50, 75, 75, 100, 100 };
	struct chart chart;

	canvas.ascii = true;
	fill(values, 8);
	chart = chart_of(DOTS_BRAILLE);
	chart_draw(&canvas, &(struct rect){ 0, 0, 4, 1 }, &chart);
	ck_assert_str_eq(line(0), ".:+#");
	canvas_box(&canvas, &(struct rect){ 0, 0, 4, 3 }, STYLE_FRAME);
	ck_assert_str_eq(line(0), "+--+");
	ck_assert_str_eq(line(1), "|  |");
	canvas_text(&canvas, &(struct rect){ 0, 3, 20, 1 }, "88°C ● ↓ é", STYLE_PLAIN);
	ck_assert_str_eq(line(3), "88 C * v ?");
}
END_TEST

START_TEST(text_is_cut_with_an_ellipsis_and_wide_characters_take_two_columns)
{
	ck_assert_uint_eq(
		canvas_text(&canvas, &(struct rect){ 0, 0, 5, 1 }, "processes", STYLE_PLAIN),
		5);
	ck_assert_str_eq(line(0), "proc…");
	ck_assert_uint_eq(
		canvas_text(&canvas, &(struct rect){ 0, 1, 5, 1 }, "漢字a", STYLE_PLAIN), 5);
	ck_assert_str_eq(line(1), "漢字a");
	canvas_text(&canvas, &(struct rect){ 0, 2, 4, 1 }, "漢字a", STYLE_PLAIN);
	ck_assert_str_eq(line(2), "漢…");
}
END_TEST

static size_t painted(void)
{
	buf_clear(&painter.out);
	painter_paint(&painter, &canvas);
	buf_add(&painter.out, "", 1);
	return painter.out.len - 1;
}

START_TEST(only_what_differs_is_painted)
{
	canvas_text(&canvas, &(struct rect){ 2, 1, 18, 1 }, "hello", STYLE_PLAIN);
	ck_assert_uint_gt(painted(), 5);
	ck_assert_uint_eq(painted(), 0);
	canvas_put(&canvas, 3, 1, 'a', STYLE_PLAIN);
	painted();
	ck_assert_str_eq(painter.out.data, "\033[2;4H\033[0ma");
	painter_forget(&painter);
	ck_assert_uint_gt(painted(), 20);
}
END_TEST

START_TEST(blanks_at_the_end_of_a_line_are_erased)
{
	canvas_text(&canvas, &(struct rect){ 0, 0, 20, 1 }, "abcdefghijklmnop", STYLE_PLAIN);
	painted();
	canvas_clear(&canvas);
	canvas_put(&canvas, 0, 0, 'a', STYLE_PLAIN);
	painted();
	ck_assert_str_eq(painter.out.data, "\033[1;2H\033[0m\033[K");
}
END_TEST

START_TEST(another_size_paints_everything)
{
	painted();
	canvas_size(&canvas, 10, 2);
	canvas_text(&canvas, &(struct rect){ 0, 1, 10, 1 }, "x", STYLE_PLAIN);
	ck_assert_uint_gt(painted(), 5);
	ck_assert_ptr_nonnull(strstr(painter.out.data, "x"));
}
END_TEST

/* A terminal that knows what the painter uses, and keeps the last sequence as the style. */
struct vt {
	uint32_t glyphs[60 * 20];
	char styles[60 * 20][PALETTE_SEQUENCE_MAX];
	char style[PALETTE_SEQUENCE_MAX];
	unsigned x, y, width, height;
};

static void vt_blank(struct vt *t, unsigned i)
{
	t->glyphs[i] = ' ';
	t->styles[i][0] = '\0';
}

/* Moves what is at from and behind it on the line to to. */
static void vt_slide(struct vt *t, unsigned from, unsigned to)
{
	unsigned line = t->y * t->width, n = t->width - (from > to ? from : to);

	memmove(t->glyphs + line + to, t->glyphs + line + from, n * sizeof(*t->glyphs));
	memmove(t->styles + line + to, t->styles + line + from, n * sizeof(*t->styles));
	vt_blank(t, from > to ? line + t->width - 1 : line + from);
}

/* One sequence behind ESC [; returns its end. */
static const char *vt_obey(struct vt *t, const char *s)
{
	const char *begin = s;
	unsigned a = (unsigned)strtoul(s, (char **)&s, 10), b = 0;

	while (*s == ';' || (*s >= '0' && *s <= '9')) {
		if (*s == ';' && b == 0)
			b = (unsigned)strtoul(s + 1, NULL, 10);
		s++;
	}
	switch (*s) {
	case 'H':
		t->y = a - 1;
		t->x = b - 1;
		break;
	case 'C':
		t->x += a;
		break;
	case 'K':
		for (unsigned x = t->x; x < t->width; x++)
			vt_blank(t, t->y * t->width + x);
		break;
	case 'P':
		vt_slide(t, t->x + 1, t->x);
		break;
	case '@':
		vt_slide(t, t->x, t->x + 1);
		break;
	default:
		ck_assert_int_eq(*s, 'm');
		snprintf(t->style, sizeof(t->style), "%s%.*s",
			begin[0] == '0' && begin[1] == ';' ? "" : "0;", (int)(s - begin),
			begin);
	}
	return s + 1;
}

static void vt_read(struct vt *t, const char *s)
{
	size_t n;

	while (*s) {
		uint32_t glyph;

		if (s[0] == '\033') {
			ck_assert_int_eq(s[1], '[');
			s = vt_obey(t, s + 2);
			continue;
		}
		glyph = glyph_next(s, &n);
		ck_assert_uint_lt(t->x, t->width);
		t->glyphs[t->y * t->width + t->x] = glyph;
		snprintf(t->styles[t->y * t->width + t->x], PALETTE_SEQUENCE_MAX, "%s",
			t->style);
		t->x++;
		s += n;
	}
}

/* The style of a cell, as vt_obey() has it: with the reset that a short sequence leaves out. */
static const char *vt_style(enum style style)
{
	static char to[PALETTE_SEQUENCE_MAX];
	const char *whole = painter.sequences[style] + 2;

	snprintf(to, sizeof(to), "%.*s", (int)strlen(whole) - 1, whole);
	return strcmp(to, "0") == 0 ? "0;39" : to;
}

static void vt_check(const struct vt *t)
{
	for (unsigned i = 0; i < canvas.width * canvas.height; i++) {
		const char *style = strcmp(t->styles[i], "0;0") == 0 ? "0;39" : t->styles[i];

		ck_assert_uint_eq(t->glyphs[i], canvas.cells[i].glyph);
		if (t->glyphs[i] != ' ')
			ck_assert_str_eq(style, vt_style(canvas.cells[i].style));
	}
}

START_TEST(a_terminal_shows_what_was_drawn_however_it_changes)
{
	static struct vt t;
	static const uint32_t glyphs[] = { ' ', 'a', 0x28ff, 0x2502, ' ' };
	unsigned seed = 7;

	painter_style(&painter, PALETTE_THERMAL, DEPTH_TRUE);
	t = (struct vt){ .width = 60, .height = 20 };
	canvas_size(&canvas, 60, 20);
	for (unsigned frame = 0; frame < 400; frame++) {
		for (unsigned y = 0; y < 20; y++) {
			unsigned from = rand_r(&seed) % 60, to = rand_r(&seed) % 61;
			struct canvas_cell *cells = &canvas.cells[y * 60];

			if (rand_r(&seed) % 3 == 0 && from + 1 < to)
				memmove(cells + from, cells + from + 1,
					(to - from - 1) * sizeof(*cells));
			for (unsigned k = rand_r(&seed) % 5; k > 0; k--)
				canvas_put(&canvas, rand_r(&seed) % 60, y,
					glyphs[rand_r(&seed) % 5], rand_r(&seed) % STYLE_COUNT);
			if (rand_r(&seed) % 20 == 0)
				canvas_blank(&canvas, &(struct rect){ from, y, 60 - from, 1 });
		}
		painted();
		vt_read(&t, painter.out.data);
		vt_check(&t);
		if (frame % 100 == 50)
			painter_forget(&painter);
	}
}
END_TEST

START_TEST(a_chart_that_moves_on_is_moved_and_not_painted_again)
{
	size_t whole;

	for (unsigned x = 1; x < 19; x++)
		canvas_put(&canvas, x, 1, 'a' + x, STYLE_HEAT);
	canvas_put(&canvas, 0, 1, '|', STYLE_FRAME);
	canvas_put(&canvas, 19, 1, '|', STYLE_FRAME);
	whole = painted();
	for (unsigned x = 1; x < 19; x++)
		canvas_put(&canvas, x, 1, 'b' + x, STYLE_HEAT);
	ck_assert_uint_lt(painted(), whole);
	ck_assert_str_eq(painter.out.data, "\033[2;2H\033[P\033[2;19H\033[@\033[0mt");
}
END_TEST

static void check_sequence(
	enum palette palette, enum style style, enum depth depth, const char *expected)
{
	char to[PALETTE_SEQUENCE_MAX];
	struct ink ink = palette_ink(palette, style);

	palette_sequence(to, &ink, depth);
	ck_assert_str_eq(to, expected);
}

START_TEST(a_colour_is_as_good_as_the_terminal_has_it)
{
	enum style hot = STYLE_HEAT + STYLE_LEVELS - 1;

	check_sequence(PALETTE_THERMAL, STYLE_HEAT, DEPTH_TRUE, "\033[0;38;2;66;135;245m");
	check_sequence(PALETTE_THERMAL, hot, DEPTH_TRUE, "\033[0;38;2;240;70;64m");
	check_sequence(PALETTE_THERMAL, hot, DEPTH_256, "\033[0;38;5;203m");
	check_sequence(PALETTE_THERMAL, STYLE_HEAT, DEPTH_16, "\033[0;34m");
	check_sequence(PALETTE_THERMAL, hot, DEPTH_16, "\033[0;31m");
	check_sequence(PALETTE_THERMAL, hot, DEPTH_NONE, "\033[0m");
	check_sequence(PALETTE_VIRIDIS, hot, DEPTH_TRUE, "\033[0;38;2;246;222;45m");
	check_sequence(PALETTE_MONO, hot, DEPTH_TRUE, "\033[0;1m");
	check_sequence(PALETTE_THERMAL, STYLE_BAD, DEPTH_NONE, "\033[0;1;7m");
}
END_TEST

START_TEST(the_environment_says_how_many_colours_there_are)
{
	ck_assert_int_eq(palette_depth("xterm-256color", "truecolor", NULL, 256), DEPTH_TRUE);
	ck_assert_int_eq(palette_depth("xterm-256color", NULL, NULL, 256), DEPTH_256);
	ck_assert_int_eq(palette_depth("xterm", NULL, NULL, 8), DEPTH_16);
	ck_assert_int_eq(palette_depth("vt100", NULL, NULL, -1), DEPTH_NONE);
	ck_assert_int_eq(palette_depth("dumb", "truecolor", NULL, 8), DEPTH_NONE);
	ck_assert_int_eq(palette_depth("xterm", "truecolor", "1", 8), DEPTH_NONE);
	ck_assert_int_eq(palette_depth("xterm", NULL, "", 8), DEPTH_16);
	ck_assert_int_eq(palette_depth("xterm-direct", NULL, NULL, 1 << 24), DEPTH_TRUE);
	ck_assert_int_eq(palette_depth(NULL, NULL, NULL, 8), DEPTH_NONE);
}
END_TEST

/* Panels of one wish, placed in as many columns as the layout chooses. */
static unsigned place(unsigned count, unsigned width, unsigned height, struct place *places)
{
	const struct rect area = { 0, 0, width, height };
	struct need needs[LAYOUT_PANELS_MAX];
	unsigned columns = layout_columns(LAYOUT_AUTO, count, &area);

	for (unsigned i = 0; i < count; i++)
		needs[i] = (struct need){ 8, true };
	layout_place(needs, count, &area, columns, places);
	return columns;
}

START_TEST(panels_fill_the_area_and_do_not_overlap)
{
	static const unsigned sizes[][2] = { { 40, 10 }, { 60, 17 }, { 80, 21 }, { 120, 37 },
		{ 200, 57 }, { 300, 90 }, { 300, 20 } };

	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		unsigned width = sizes[s][0], height = sizes[s][1];
		static unsigned char used[90][300];
		struct place places[LAYOUT_PANELS_MAX];

		memset(used, 0, sizeof(used));
		place(14, width, height, places);
		for (unsigned i = 0; i < 14; i++) {
			const struct rect *r = &places[i].rect;

			ck_assert_uint_le(r->x + r->width, width);
			ck_assert(r->height == 0 || r->y + r->height <= height);
			for (unsigned y = r->y; y < r->y + r->height; y++)
				for (unsigned x = r->x; x < r->x + r->width; x++)
					ck_assert_uint_eq(used[y][x]++, 0);
		}
	}
}
END_TEST

START_TEST(the_width_chooses_the_columns)
{
	struct place places[LAYOUT_PANELS_MAX];

	ck_assert_uint_eq(place(14, 60, 17, places), 1);
	ck_assert(!places[0].boxed);
	ck_assert_uint_eq(place(14, 80, 21, places), 2);
	ck_assert(places[0].boxed);
	ck_assert_uint_eq(place(14, 120, 37, places), 2);
	ck_assert_uint_eq(place(14, 300, 37, places), 4);
}
END_TEST

START_TEST(a_stack_has_one_column_and_a_grid_at_least_two)
{
	const struct rect area = { 0, 0, 200, 50 };
	const struct rect narrow = { 0, 0, 60, 50 };

	ck_assert_uint_eq(layout_columns(LAYOUT_STACK, 10, &area), 1);
	ck_assert_uint_ge(layout_columns(LAYOUT_GRID, 10, &area), 2);
	ck_assert_uint_eq(layout_columns(LAYOUT_GRID, 10, &narrow), 1);
}
END_TEST

START_TEST(what_has_no_room_is_left_out_from_the_end)
{
	struct place places[LAYOUT_PANELS_MAX];

	place(14, 40, 6, places);
	ck_assert_uint_eq(places[5].rect.height, 1);
	ck_assert_uint_eq(places[5].rect.y, 5);
	ck_assert_uint_eq(places[6].rect.height, 0);
}
END_TEST

RUN_TESTS("watch: painting", setup, teardown,
	dots_show_two_samples_in_a_cell_and_the_newest_at_the_right,
	a_chart_moves_by_whole_cells,
	blocks_show_a_sample_a_cell_and_more_than_nothing_is_at_least_a_level,
	what_is_not_known_is_blank_and_zero_is_a_ground,
	the_lower_half_of_a_mirrored_chart_hangs,
	without_utf8_everything_has_a_character_of_ascii,
	text_is_cut_with_an_ellipsis_and_wide_characters_take_two_columns,
	a_terminal_shows_what_was_drawn_however_it_changes,
	a_chart_that_moves_on_is_moved_and_not_painted_again, only_what_differs_is_painted,
	blanks_at_the_end_of_a_line_are_erased, another_size_paints_everything,
	a_colour_is_as_good_as_the_terminal_has_it,
	the_environment_says_how_many_colours_there_are,
	panels_fill_the_area_and_do_not_overlap, the_width_chooses_the_columns,
	a_stack_has_one_column_and_a_grid_at_least_two,
	what_has_no_room_is_left_out_from_the_end)
