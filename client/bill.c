/* SPDX-License-Identifier: MIT */
#include "client/bill.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/cell.h"
#include "proto/json.h"

#define BILL_LINE_MAX 256
#define BILL_DECIMALS 3
#define BILL_RESOLUTION_J 0.0005
#define BILL_SHOWN_J 0.1 /* in the text: no "-0.0" */

const char *const bill_patterns[BILL_PATTERNS] = {
	"soc_watt*",
	"package_watt*",
	"system_watt*",
	"cpu_temp_*",
	"gpu_temp_*",
	"throttle_*",
	"bandwidth_gbp*",
};

static const char *const bill_totals[BILL_TOTALS] = { "soc", "package", "system" };
static const char *const bill_powers[BILL_TOTALS] = { "soc_watts", "package_watts",
	"system_watts" };

void bill_init(struct bill *b)
{
	*b = (struct bill){
		.idle_watts = NAN,
		.peak_watts = { NAN, NAN, NAN },
		.peak_temp_c = NAN,
		.throttled_s = NAN,
	};
}

/* Seconds of the row that lie in the window. */
static double bill_overlap(const struct bill *b, const struct message *row)
{
	double end = (double)message_int(row, "ts_ms", 0), dt, from, to;

	if (!node_number(message_at(row, "dt_ms"), &dt))
		return 0;
	from = fmax(end - dt, (double)b->from_ms);
	to = fmin(end, (double)b->to_ms);
	return to > from ? (to - from) / 1000 : 0;
}

static void bill_peak(double *peak, const struct node *v, const char *name)
{
	double x;

	if (node_number(node_get(v, name), &x))
		*peak = fmax(*peak, x); /* fmax() leaves NaN out */
}

static void bill_take_throttle(struct bill *b, const struct node *v, double s)
{
	bool cpu = false, gpu = false;
	bool knows_cpu = node_bool(node_get(v, "throttle_cpu"), &cpu);
	bool knows_gpu = node_bool(node_get(v, "throttle_gpu"), &gpu);

	if (!knows_cpu && !knows_gpu)
		return;
	b->throttled_s = fmax(b->throttled_s, 0) + (cpu || gpu ? s : 0);
}

void bill_take_row(struct bill *b, const struct message *row)
{
	const struct node *v = message_at(row, "v");
	double s = bill_overlap(b, row), x;

	b->rows = true;
	if (s <= 0)
		return;
	for (unsigned i = 0; i < BILL_TOTALS; i++)
		bill_peak(&b->peak_watts[i], v, bill_powers[i]);
	bill_peak(&b->peak_temp_c, v, "cpu_temp_c");
	bill_peak(&b->peak_temp_c, v, "gpu_temp_c");
	bill_take_throttle(b, v, s);
	if (node_number(node_get(v, "bandwidth_gbps"), &x)) {
		b->traffic_gb += x * s;
		b->traffic_s += s;
	}
}

static int bill_total_index(const struct bill *b)
{
	for (int i = 0; b->measured && i < BILL_TOTALS; i++)
		if (meter_find(&b->meter, bill_totals[i]))
			return i;
	return -1;
}

const struct meter_rail *bill_total(const struct bill *b)
{
	int i = bill_total_index(b);

	return i < 0 ? NULL : meter_find(&b->meter, bill_totals[i]);
}

static double bill_peak_watts(const struct bill *b)
{
	int i = bill_total_index(b);

	return i < 0 ? NAN : b->peak_watts[i];
}

double bill_above_idle(const struct bill *b)
{
	const struct meter_rail *total = bill_total(b);

	double above = total ? total->joules - b->idle_watts * b->meter.covered_s : NAN;

	/* What is below the resolution is nothing, and not "-0.0". */
	return fabs(above) < BILL_RESOLUTION_J ? 0 : above;
}

int64_t bill_memory(const struct bill *b)
{
	double bytes = fmax((double)b->child.tree_bytes, (double)b->child.largest_bytes);

	return (int64_t)(b->treed ? fmax(bytes, b->tree.most_bytes) : bytes);
}

static double bill_bandwidth(const struct bill *b)
{
	return b->traffic_s > 0 ? b->traffic_gb / b->traffic_s : NAN;
}

__attribute__((format(printf, 2, 3))) static void bill_add(
	struct buf *out, const char *format, ...)
{
	char text[BILL_LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_puts(out, text);
}

/* Appends "  word value unit" where the value is known. */
static void bill_add_known(struct buf *out, const char *word, double value, const char *unit)
{
	if (!isnan(value))
		bill_add(out, "  %s %.1f %s", word, value, unit);
}

static void bill_write_power(const struct bill *b, struct buf *out)
{
	const struct meter_rail *total = bill_total(b);
	double peak = bill_peak_watts(b);

	bill_add(out, "  %s %.1f J +- %.1f (%.1f W mean", total->name, total->joules,
		total->error_joules, total->mean_watts);
	if (!isnan(peak))
		bill_add(out, ", %.1f peak", peak);
	buf_puts(out, ")");
	for (unsigned i = 0; i < METER_MAIN_COUNT; i++) {
		const struct meter_rail *rail = meter_find(&b->meter, meter_main[i]);

		if (rail && rail != total)
			bill_add(out, "  %s %.1f", rail->name, rail->joules);
	}
	buf_puts(out, " J\n");
	if (b->meter.uncovered_s > 0.0005)
		bill_add(out, "          %.1f s of it were not measured\n",
			b->meter.uncovered_s);
}

static void bill_write_effort(const struct bill *b, struct buf *out)
{
	bill_add(out, "          cpu time %.2f s (%.2f user, %.2f system)  memory ",
		b->child.user_s + b->child.system_s, b->child.user_s, b->child.system_s);
	cell_show_bytes(out, (double)bill_memory(b));
	bill_add_known(out, "temperature", b->peak_temp_c, "\302\260C");
	bill_add_known(out, "throttled", b->throttled_s, "s");
	bill_add_known(out, "bandwidth", bill_bandwidth(b), "GB/s");
	buf_puts(out, "\n");
}

static void bill_write_units(const struct bill *b, struct buf *out)
{
	const struct meter_rail *total = bill_total(b);
	double above = bill_above_idle(b);

	if (fabs(above) < BILL_SHOWN_J / 2)
		above = 0;
	if (!isnan(above))
		bill_add(out, "          above idle %.1f J (idle %.1f W)\n", above,
			b->idle_watts);
	if (b->units <= 0)
		return;
	bill_add(out, "          per unit %.4g s", b->child.seconds / b->units);
	if (total)
		bill_add(out, "  %.4g J", total->joules / b->units);
	if (!isnan(above))
		bill_add(out, "  above idle %.4g J", above / b->units);
	buf_puts(out, "\n");
}

void bill_write(const struct bill *b, struct buf *out)
{
	bill_add(out, "actopctl: %.2f s", b->child.seconds);
	if (bill_total(b))
		bill_write_power(b, out);
	else if (b->measured)
		buf_puts(out, "  no joules: this machine has no power sensors\n");
	else
		buf_puts(out, "  no joules: actopd does not tell them\n");
	bill_write_effort(b, out);
	if (b->treed)
		tally_write(&b->tree, out);
	if (b->tallied)
		tally_write(&b->tally, out);
	bill_write_units(b, out);
}

static void bill_json_rails(const struct bill *b, struct json *j)
{
	json_key(j, "rails");
	json_object_open(j);
	for (unsigned i = 0; b->measured && i < b->meter.count; i++) {
		const struct meter_rail *rail = &b->meter.rails[i];

		json_key(j, rail->name);
		json_object_open(j);
		json_kv_fixed(j, "joules", rail->joules, BILL_DECIMALS);
		json_kv_fixed(j, "mean_watts", rail->mean_watts, BILL_DECIMALS);
		json_kv_fixed(j, "error_joules", rail->error_joules, BILL_DECIMALS);
		json_object_close(j);
	}
	json_object_close(j);
}

static void bill_json_power(const struct bill *b, struct json *j)
{
	const struct meter_rail *total = bill_total(b);
	double joules = total ? total->joules : NAN, above = bill_above_idle(b);
	double units = b->units > 0 ? b->units : NAN;

	json_kv_string(j, "total", total ? total->name : NULL);
	json_kv_fixed(j, "joules", joules, BILL_DECIMALS);
	json_kv_fixed(j, "error_joules", total ? total->error_joules : NAN, BILL_DECIMALS);
	json_kv_fixed(j, "mean_watts", total ? total->mean_watts : NAN, BILL_DECIMALS);
	json_kv_fixed(j, "peak_watts", bill_peak_watts(b), BILL_DECIMALS);
	json_kv_fixed(j, "idle_watts", b->idle_watts, BILL_DECIMALS);
	json_kv_fixed(j, "above_idle_joules", above, BILL_DECIMALS);
	json_kv_fixed(j, "j_per_unit", joules / units, 6);
	json_kv_fixed(j, "above_idle_j_per_unit", above / units, 6);
	json_kv_fixed(j, "covered_s", b->measured ? b->meter.covered_s : NAN, BILL_DECIMALS);
	json_kv_fixed(
		j, "uncovered_s", b->measured ? b->meter.uncovered_s : NAN, BILL_DECIMALS);
}

static void bill_json_tally(const struct tally *tally, const char *key, struct json *j)
{
	json_key(j, key);
	json_object_open(j);
	tally_write_json(tally, j);
	json_object_close(j);
}

void bill_write_json(const struct bill *b, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_kv_string(&j, "command", b->command);
	json_kv_int(&j, "status", b->child.code);
	json_kv_fixed(&j, "seconds", b->child.seconds, BILL_DECIMALS);
	json_kv_fixed(&j, "user_s", b->child.user_s, BILL_DECIMALS);
	json_kv_fixed(&j, "system_s", b->child.system_s, BILL_DECIMALS);
	json_kv_int(&j, "peak_memory_bytes", bill_memory(b));
	json_kv_fixed(&j, "peak_temp_c", b->peak_temp_c, 1);
	json_kv_fixed(&j, "throttled_s", b->throttled_s, BILL_DECIMALS);
	json_kv_fixed(&j, "bandwidth_gbps", bill_bandwidth(b), BILL_DECIMALS);
	json_kv_fixed(&j, "units", b->units > 0 ? b->units : NAN, BILL_DECIMALS);
	bill_json_power(b, &j);
	bill_json_rails(b, &j);
	if (b->treed)
		bill_json_tally(&b->tree, "tree", &j);
	if (b->tallied)
		bill_json_tally(&b->tally, "group", &j);
	json_object_close(&j);
	buf_puts(out, "\n");
}
