/* SPDX-License-Identifier: MIT */
#include "client/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cell.h"
#include "client/escape.h"
#include "client/stamp.h"
#include "proto/alloc.h"

#define CELL_COLUMNS 2 /* dots in a character */
#define CELL_ROWS 4
#define PLOT_DAY_MS (24 * 3600 * 1000)
#define NICE_MARKS 4 /* of a vertical axis, at most */
#define NEAR 0.25    /* values that differ by less than this share of the largest leave 0 out */

/* Dots, from the upper left corner. */
struct canvas {
	unsigned char *cells;
	unsigned width, height; /* characters */
};

static const unsigned char canvas_bits[CELL_ROWS][CELL_COLUMNS] = {
	{ 0x01, 0x08 },
	{ 0x02, 0x10 },
	{ 0x04, 0x20 },
	{ 0x40, 0x80 },
};

static void canvas_set(struct canvas *c, long x, long y)
{
	if (x < 0 || y < 0 || x >= (long)c->width * CELL_COLUMNS ||
		y >= (long)c->height * CELL_ROWS)
		return;
	c->cells[(unsigned)y / CELL_ROWS * c->width + (unsigned)x / CELL_COLUMNS] |=
		canvas_bits[y % CELL_ROWS][x % CELL_COLUMNS];
}

/* Both ends included. */
static void canvas_line(struct canvas *c, long x0, long y0, long x1, long y1)
{
	long dx = x1 - x0, dy = y1 - y0;
	long n = labs(dx) > labs(dy) ? labs(dx) : labs(dy);

	for (long i = 0; i <= n; i++)
		canvas_set(c, x0 + (n ? lround((double)dx * (double)i / (double)n) : 0),
			y0 + (n ? lround((double)dy * (double)i / (double)n) : 0));
}

static void canvas_put(const struct canvas *c, unsigned row, struct buf *out)
{
	for (unsigned x = 0; x < c->width; x++) {
		unsigned char bits = c->cells[row * c->width + x];
		const char text[4] = { (char)0xe2, (char)(0xa0 | bits >> 6),
			(char)(0x80 | (bits & 0x3f)), '\0' };

		buf_puts(out, bits ? text : " ");
	}
}

static double plot_nice(double x)
{
	double power = pow(10, floor(log10(x)));
	double share = x / power;

	/* A little less than 1 counts as 1: quotients of decimals are rarely exact. */
	if (share <= 1 + 1e-9)
		return power;
	if (share <= 2 + 1e-9)
		return 2 * power;
	return share <= 5 + 1e-9 ? 5 * power : 10 * power;
}

struct plot_axis plot_axis(double low, double high, double unit, unsigned marks)
{
	struct plot_axis axis;

	if (low >= 0 && high - low > high * NEAR)
		low = 0;
	if (high - low <= 0) {
		high = high > 0 ? high : high + unit;
		low = low > 0 ? 0 : low;
	}
	axis.step = plot_nice((high - low) / unit / marks) * unit;
	axis.low = floor(low / axis.step + 1e-9) * axis.step;
	axis.high = ceil(high / axis.step - 1e-9) * axis.step;
	return axis;
}

/* Smallest and largest value; false = there is none. */
static bool plot_range(const struct plot_point *points, size_t count, double *low, double *high)
{
	*low = INFINITY;
	*high = -INFINITY;
	for (size_t i = 0; i < count; i++) {
		if (isnan(points[i].value))
			continue;
		*low = fmin(*low, points[i].value);
		*high = fmax(*high, points[i].value);
	}
	return *low <= *high;
}

/* Bytes are marked at round numbers of KiB, MiB and so on. */
static double plot_unit(const struct column *column, double high)
{
	double unit = 1;

	if (column->unit != UNIT_BYTE && column->unit != UNIT_BYTE_S)
		return 1;
	while (high >= 1024 * unit)
		unit *= 1024;
	return unit;
}

static void plot_value(struct buf *out, const struct column *column, double value)
{
	const struct cell cell = { CELL_NUMBER, value, NULL, false };
	size_t began = out->len;

	cell_show(out, column, &cell);
	/* "20.00" is "20" on an axis. */
	if (out->len > began && memchr(out->data + began, '.', out->len - began) &&
		!memchr(out->data + began, ' ', out->len - began)) {
		while (out->data[out->len - 1] == '0')
			out->len--;
		out->len -= out->data[out->len - 1] == '.';
	}
}

static long plot_x(const struct plot *p, const struct canvas *c, int64_t ts_ms)
{
	double span = (double)(p->to_ms - p->from_ms);

	if (span <= 0)
		return (long)c->width * CELL_COLUMNS - 1;
	return lround(
		(double)(ts_ms - p->from_ms) / span * (double)(c->width * CELL_COLUMNS - 1));
}

static long plot_y(const struct plot_axis *axis, const struct canvas *c, double value)
{
	return lround((axis->high - value) / (axis->high - axis->low) *
		(double)(c->height * CELL_ROWS - 1));
}

static void plot_trace(struct canvas *c, const struct plot *p, const struct plot_axis *axis,
	const struct plot_point *points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		long x, y;

		if (isnan(points[i].value))
			continue;
		x = plot_x(p, c, points[i].ts_ms);
		y = plot_y(axis, c, points[i].value);
		if (i > 0 && !points[i].hole && !isnan(points[i - 1].value))
			canvas_line(c, plot_x(p, c, points[i - 1].ts_ms),
				plot_y(axis, c, points[i - 1].value), x, y);
		else
			canvas_set(c, x, y);
	}
}

static void plot_spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_puts(out, " ");
}

/* The value of that row's middle where a mark of the axis lies in it, else NaN. */
static double plot_mark(const struct plot_axis *axis, unsigned row, unsigned height)
{
	unsigned marks = (unsigned)lround((axis->high - axis->low) / axis->step);

	for (unsigned i = 0; i <= marks; i++)
		if ((unsigned)lround((double)i / (double)marks * (double)(height - 1)) == row)
			return axis->high - (double)i * axis->step;
	return NAN;
}

static void plot_label(struct buf *out, const struct plot *p, double value, unsigned width)
{
	struct buf text;
	size_t taken;

	buf_init(&text, CELL_MAX);
	if (!isnan(value))
		plot_value(&text, p->column, value);
	taken = escape_width(text.data ? text.data : "", text.len);
	plot_spaces(out, taken < width ? width - taken : 0);
	if (text.len > 0)
		buf_add(out, text.data, text.len);
	buf_puts(out, isnan(value) ? " │" : " ┤");
	buf_fini(&text);
}

static void plot_time(char to[STAMP_MAX], const struct plot *p, int64_t ts_ms)
{
	if (p->to_ms - p->from_ms >= PLOT_DAY_MS)
		stamp_moment(to, ts_ms, p->utc);
	else
		stamp_clock(to, ts_ms, p->utc, p->to_ms - p->from_ms < 5000);
}

/* The axis of time, and below it when it begins, its middle where there is room, and its end.
 */
static void plot_times(
	struct buf *out, const struct plot *p, unsigned label, const struct canvas *c)
{
	char from[STAMP_MAX], middle[STAMP_MAX], to[STAMP_MAX];
	size_t n, left;

	plot_spaces(out, label + 1);
	buf_puts(out, "└");
	for (unsigned x = 0; x < c->width; x++)
		buf_puts(out, x == c->width / 2 || x + 1 == c->width || x == 0 ? "┴" : "─");
	buf_puts(out, "\n");
	plot_time(from, p, p->from_ms);
	plot_time(middle, p, p->from_ms + (p->to_ms - p->from_ms) / 2);
	plot_time(to, p, p->to_ms);
	n = strlen(from);
	plot_spaces(out, label + 2);
	buf_puts(out, from);
	left = n;
	if (c->width / 2 >= n + n / 2 + 2 && c->width / 2 >= n / 2 + n + 2) {
		plot_spaces(out, c->width / 2 - n / 2 - n);
		buf_puts(out, middle);
		left = c->width / 2 - n / 2 + n;
	}
	plot_spaces(out, c->width >= left + n + 1 ? c->width - left - n : 1);
	buf_puts(out, to);
	buf_puts(out, "\n");
}

static void plot_title(struct buf *out, const struct plot *p, double low, double high)
{
	const char *unit = cell_unit(p->column);

	buf_puts(out, p->color ? "\033[1m" : "");
	buf_puts(out, p->column->name);
	buf_puts(out, p->color ? "\033[0m" : "");
	if (low > high) {
		buf_puts(out, ": no value\n");
		return;
	}
	buf_puts(out, *unit ? " [" : "");
	buf_puts(out, unit);
	buf_puts(out, *unit ? "]" : "");
	buf_puts(out, "  min ");
	plot_value(out, p->column, low);
	buf_puts(out, "  max ");
	plot_value(out, p->column, high);
	buf_puts(out, "\n");
}

static unsigned plot_label_width(const struct plot *p, const struct plot_axis *axis)
{
	struct buf text;
	size_t width = 0;

	buf_init(&text, CELL_MAX);
	for (unsigned row = 0; row < p->height; row++) {
		double mark = plot_mark(axis, row, p->height);
		size_t n;

		if (isnan(mark))
			continue;
		buf_clear(&text);
		plot_value(&text, p->column, mark);
		n = escape_width(text.data, text.len);
		width = n > width ? n : width;
	}
	buf_fini(&text);
	return (unsigned)width;
}

void plot_draw(
	struct buf *out, const struct plot *plot, const struct plot_point *points, size_t count)
{
	struct canvas canvas = { .height = plot->height };
	struct plot_axis axis;
	unsigned label;
	double low, high;

	if (!plot_range(points, count, &low, &high)) {
		plot_title(out, plot, 1, 0);
		return;
	}
	axis = plot_axis(low, high, plot_unit(plot->column, high),
		plot->height > NICE_MARKS ? NICE_MARKS : plot->height - 1);
	label = plot_label_width(plot, &axis);
	canvas.width = plot->width > label + 10 ? plot->width - label - 2 : 8;
	canvas.cells = xcalloc((size_t)canvas.width * canvas.height, 1);
	plot_trace(&canvas, plot, &axis, points, count);
	plot_title(out, plot, low, high);
	for (unsigned row = 0; row < plot->height; row++) {
		plot_label(out, plot, plot_mark(&axis, row, plot->height), label);
		buf_puts(out, plot->color ? "\033[36m" : "");
		canvas_put(&canvas, row, out);
		buf_puts(out, plot->color ? "\033[0m\n" : "\n");
	}
	plot_times(out, plot, label, &canvas);
	free(canvas.cells);
}
