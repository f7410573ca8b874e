/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/watch/asking.h"
#include "client/watch/card.h"
#include "client/watch/dashboard.h"
#include "client/watch/glyph.h"
#include "client/watch/keys.h"
#include "client/watch/panels.h"
#include "client/watch/reading.h"
#include "proto/pattern.h"
#include "tests/unit/run.h"

static struct model model;
static struct canvas canvas;
static char screen[65536];

static void setup(void)
{
	model_init(&model);
	model.settings = (struct settings){ .cores = true, .avg_ms = 30000, .utc = true };
}

static void teardown(void)
{
	model_fini(&model);
	canvas_fini(&canvas);
}

#define HELLO \
	"{\"type\":\"reply\",\"op\":\"hello\",\"version\":\"1.0.0\",\"soc\":\"Apple " \
	"M4\",\"os\":\"macos\"," \
	"\"os_version\":\"26.5\",\"cores\":2,\"gpu_cores\":10,\"base_ms\":1000," \
	"\"profile\":{\"cpu_watts\":30,\"gpu_watts\":20,\"package_watts\":58,\"bandwidth_" \
	"gbps\":120}," \
	"\"tiers\":[{\"step_ms\":1000,\"oldest_ts_ms\":5000}],\"caps\":[\"processes\"]}"

#define SCHEMA \
	"{\"type\":\"reply\",\"metrics\":[{\"name\":\"pcpu_util_pct\",\"avail\":\"ok\"}," \
	"{\"name\":\"gpu_util_pct\",\"avail\":\"unsupported\"}," \
	"{\"name\":\"thermal_state\",\"values\":[\"Nominal\",\"Fair\"],\"avail\":\"ok\"}," \
	"{\"name\":\"core.10.active_pct\",\"core_kind\":\"P\",\"avail\":\"ok\"}," \
	"{\"name\":\"core.2.active_pct\",\"core_kind\":\"E\",\"avail\":\"ok\"}," \
	"{\"name\":\"cpu_watts\",\"avail\":\"ok\"},{\"name\":\"package_joules\",\"avail\":" \
	"\"ok\"}," \
	"{\"name\":\"fan.0.rpm\",\"avail\":\"ok\"}]}"

#define NAMES \
	"{\"type\":\"reply\",\"metrics\":[\"pcpu_util_pct\",\"gpu_util_pct\",\"thermal_" \
	"state\"," \
	"\"core.10.active_pct\",\"core.2.active_pct\",\"cpu_watts\",\"package_joules\",\"fan." \
	"0.rpm\"]}"

static struct message parse(const char *line)
{
	struct message m;

	ck_assert_int_eq(message_parse(&m, line, strlen(line)), 0);
	return m;
}

static void meet(void)
{
	struct message hello = parse(HELLO), schema = parse(SCHEMA), names = parse(NAMES);

	model_meet(&model, &hello);
	model_bind(&model, message_at(&schema, "metrics"), message_at(&names, "metrics"), 64);
	message_free(&hello);
	message_free(&schema);
	message_free(&names);
	model.link = LINK_LIVE;
}

static void sample(long long ts_ms, double util, double joules)
{
	char line[256];
	struct message m;

	snprintf(line, sizeof(line),
		"{\"type\":\"sample\",\"ts_ms\":%lld,\"v\":[%g,null,\"Fair\",%g,3,9.4,%g,1200]"
		"}",
		ts_ms, util, util, joules);
	m = parse(line);
	model_row(&model, &model.live, &m);
	message_free(&m);
}

static void event(const char *line)
{
	struct message m = parse(line);

	events_take(&model.events, &m);
	message_free(&m);
}

static const char *draw(unsigned width, unsigned height)
{
	size_t n = 0;

	canvas_size(&canvas, width, height);
	dashboard_draw(&canvas, &model);
	for (unsigned y = 0; y < height; y++) {
		for (unsigned x = 0; x < width; x++)
			if (canvas_at(&canvas, x, y)->glyph)
				n += glyph_encode(screen + n, canvas_at(&canvas, x, y)->glyph);
		screen[n++] = '\n';
	}
	screen[n] = '\0';
	return screen;
}

static bool shows(const char *text)
{
	return strstr(draw(100, 30), text) != NULL;
}

START_TEST(every_metric_that_is_shown_is_asked_for)
{
	static const char *const names[] = {
#define METER(id, name) name,
#include "client/watch/meters.def"
#undef METER
		"core.3.active_pct",
		"core.3.freq_mhz",
		"cluster.P0.idle_pct",
		"cluster.P0.low_pct",
		"cluster.P0.mid_pct",
		"cluster.P0.high_pct",
		"rail.cpu.watts",
		"fan.0.rpm",
		"fan.0.max_rpm",
		"sensor.TCMb.temp_c",
	};
	const char *const *patterns = catalog_patterns();

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		bool asked = false;

		for (unsigned p = 0; p < CATALOG_PATTERNS; p++)
			asked |= pattern_match(patterns[p], names[i]);
		ck_assert_msg(asked, "%s", names[i]);
	}
	for (unsigned p = 0; p < CATALOG_PATTERNS; p++)
		ck_assert(!pattern_is_exact(patterns[p]));
}
END_TEST

START_TEST(a_load_that_is_unknown_has_a_dash)
{
	struct card card;

	meet();
	panel_load(&card, &model);
	ck_assert_uint_eq(card.heads, 3);
	for (unsigned i = 0; i < card.heads; i++)
		ck_assert_str_eq(card.head[i].text, "-");
	card_fini(&card);
}
END_TEST

START_TEST(the_catalog_knows_what_the_machine_has)
{
	const struct members *cores = &model.catalog.members[GROUP_CORE];

	meet();
	ck_assert_int_eq(model.catalog.meters[METER_PCPU_UTIL], 0);
	ck_assert_int_eq(model.catalog.meters[METER_GPU_UTIL], -1);
	ck_assert_int_eq(model.catalog.meters[METER_ANE_WATTS], -1);
	ck_assert_uint_eq(cores->count, 2);
	ck_assert_str_eq(cores->items[0].name, "2");
	ck_assert_int_eq(cores->items[0].kind, 'E');
	ck_assert_str_eq(cores->items[1].name, "10");
	ck_assert_uint_eq(model_cores(&model, 'P'), 1);
	sample(10000, 41, 100);
	ck_assert_double_eq_tol(model_meter(&model, METER_PCPU_UTIL), 41, 1e-9);
	ck_assert_str_eq(model_word(&model, METER_THERMAL_STATE), "Fair");
	ck_assert(isnan(model_meter(&model, METER_GPU_UTIL)));
}
END_TEST

START_TEST(averages_span_their_time_only)
{
	struct spread spread;

	meet();
	for (int i = 0; i < 60; i++)
		sample(10000 + 1000 * i, i < 30 ? 100 : 10 + i % 2 * 20, 100);
	spread = model_spread(&model, 0);
	ck_assert_double_eq_tol(spread.mean, 20, 1e-9);
	ck_assert_double_eq_tol(spread.max, 30, 1e-9);
	ck_assert_double_eq_tol(model_highest(&model, 0), 100, 1e-9);
}
END_TEST

START_TEST(before_the_first_sample_it_says_that_it_waits)
{
	meet();
	ck_assert(shows("waiting for the first sample"));
	ck_assert(shows("○ waiting"));
	sample(10000, 41, 100);
	ck_assert(!shows("waiting"));
}
END_TEST

static unsigned style_of(const char *text)
{
	const char *found = strstr(draw(120, 30), text);
	unsigned y = 0, x = 0;

	ck_assert_msg(found != NULL, "%s", text);
	for (const char *s = screen; s < found; s++) {
		x = *s == '\n' ? 0 : x + ((*s & 0xc0) != 0x80);
		y += *s == '\n';
	}
	return canvas_at(&canvas, x, y)->style;
}

START_TEST(processes_are_as_hot_as_their_share_and_the_order_stands_out)
{
	struct message m = parse(
		"{\"type\":\"processes\",\"ts_ms\":10000,\"dt_ms\":2000,\"total\":2,\"rows\":["
		"{\"pid\":7,\"name\":\"hot\",\"command\":\"hot one\",\"cpu_pct\":98.5},"
		"{\"pid\":8,\"name\":\"cold\",\"command\":\"cold one\",\"cpu_pct\":0.5}]}");

	meet();
	sample(10000, 41, 100);
	model.settings.processes = true;
	ck_assert(shows("waiting for the first look"));
	model_processes(&model, &m);
	message_free(&m);
	ck_assert_uint_eq(style_of("98.5"), STYLE_HEAT + STYLE_LEVELS - 1);
	ck_assert_uint_eq(style_of(" 0.5"), STYLE_HEAT);
	ck_assert_uint_eq(style_of("hot one"), STYLE_PLAIN);
	ck_assert_uint_eq(style_of("CPU%"), STYLE_KEY);
	ck_assert_uint_eq(style_of("MEM "), STYLE_HEAD);
	snprintf(model.filter, sizeof(model.filter), "o.e");
	ck_assert(shows("/o.e"));
	model.cursor_ms = 10000;
	ck_assert(shows("as of 00:00:10"));
}
END_TEST

START_TEST(the_machine_and_the_time_are_told)
{
	meet();
	sample(1772366400000, 41, 100);
	ck_assert(shows("Apple M4  1E+1P+10GPU  "));
	ck_assert(shows("macOS 26.5"));
	ck_assert(shows("12:00:00  ● live"));
}
END_TEST

START_TEST(what_the_machine_does_not_have_is_not_shown)
{
	meet();
	sample(10000, 41, 100);
	ck_assert(shows("P-CPU"));
	ck_assert(shows("CPU Power"));
	ck_assert(!shows(" GPU "));
	ck_assert(!shows("ANE"));
	ck_assert(!shows("Mem BW"));
	ck_assert(!shows("E-CPU"));
}
END_TEST

START_TEST(power_is_on_the_scale_of_the_profile_or_its_own)
{
	meet();
	sample(10000, 41, 100);
	ck_assert(shows("9.4 W  of 30 W"));
	model.settings.scale = SCALE_AUTO;
	ck_assert(shows("9.4 W  of 20 W"));
	model.settings.scale = SCALE_PROFILE;
	model.reference.cpu_watts = 5;
	ck_assert(shows("9.4 W  of 20 W"));
	model.live.values[model.catalog.meters[METER_CPU_WATTS]] = 33;
	ck_assert(shows("33.0 W  of 33 W"));
}
END_TEST

START_TEST(energy_is_that_of_the_span_by_its_counter)
{
	meet();
	sample(10000, 41, 100);
	sample(11000, 41, 460);
	ck_assert(shows("span 1 s  energy 0.10 Wh package"));
}
END_TEST

START_TEST(alerts_fire_until_they_are_resolved)
{
	meet();
	sample(10000, 41, 100);
	sample(70000, 41, 100);
	event("{\"type\":\"event\",\"eseq\":7,\"ts_ms\":10000,\"kind\":\"alert\",\"rule\":"
	      "\"thermal\","
	      "\"state\":\"firing\"}");
	event("{\"type\":\"event\",\"eseq\":3,\"ts_ms\":9000,\"kind\":\"mark\",\"text\":"
	      "\"begin\"}");
	event("{\"type\":\"event\",\"eseq\":7,\"ts_ms\":10000,\"kind\":\"alert\",\"rule\":"
	      "\"thermal\","
	      "\"state\":\"firing\"}");
	ck_assert_uint_eq(model.events.count, 2);
	ck_assert_str_eq(events_at(&model.events, 0)->kind, "mark");
	ck_assert(shows("▲ thermal 1m00s"));
	ck_assert(shows("1 firing"));
	event("{\"type\":\"event\",\"eseq\":8,\"ts_ms\":65000,\"kind\":\"alert\",\"rule\":"
	      "\"thermal\","
	      "\"state\":\"resolved\"}");
	ck_assert(shows("alerts none"));
	model.cursor_ms = 20000;
	ck_assert(shows("▲ thermal"));
}
END_TEST

START_TEST(in_the_past_its_values_and_its_time_are_shown)
{
	meet();
	for (int i = 0; i < 20; i++)
		sample(1772366400000 + 1000 * i, i, 100);
	model.cursor_ms = 1772366405500;
	ck_assert_double_eq_tol(model_meter(&model, METER_PCPU_UTIL), 5, 1e-9);
	ck_assert(shows("2026-03-01 12:00:05  ◂ past 14 s ago"));
	model.paused = true;
	ck_assert(shows("‖ paused"));
}
END_TEST

START_TEST(a_daemon_that_is_gone_leaves_its_last_frame_and_its_age)
{
	meet();
	sample(10000, 41, 100);
	model.link = LINK_STALE;
	model.stale_ms = 12345;
	ck_assert(shows("○ stale 12 s"));
	ck_assert(shows("41%"));
	ck_assert(shows("actopd is gone; waiting for it to come back"));
}
END_TEST

START_TEST(what_a_terminal_would_obey_is_never_drawn)
{
	meet();
	sample(10000, 41, 100);
	snprintf(model.about.chip, sizeof(model.about.chip),
		"a\033[2Jb\x7f\xc2\x9b"
		"c\xe2\x80\xae\xff");
	ck_assert(shows("a[2Jbc�"));
	for (const char *s = screen; *s; s++)
		ck_assert(*s == '\n' || ((unsigned char)*s >= 0x20 && *s != 0x7f));
}
END_TEST

START_TEST(a_screen_of_any_size_can_be_drawn)
{
	meet();
	for (int i = 0; i < 64; i++)
		sample(10000 + 1000 * i, i, 100);
	for (unsigned width = 1; width < 310; width += 7)
		for (unsigned height = 1; height < 70; height += 3) {
			model.settings.layout = (width + height) % LAYOUT_COUNT;
			model.settings.processes = width % 2;
			model.help = height % 2;
			draw(width, height);
		}
	ck_assert_ptr_nonnull(strstr(draw(39, 20), "too small"));
}
END_TEST

/* A card of rows, drawn into a border of that height. */
static const char *draw_rows(unsigned height, bool strips)
{
	const struct rect r = { 0, 0, 40, height };
	struct card card;
	size_t n = 0;

	card_init(&card, "Rows");
	card.up = 0;
	card.strips = strips;
	for (int i = 0; i < 8; i++) {
		struct card_row *row = card_add(&card, (const char[]){ (char)('a' + i), 0 });

		row->ratio = i / 7.0;
		snprintf(row->value, sizeof(row->value), "%5d W", i);
	}
	canvas_size(&canvas, 40, height);
	card_draw(&canvas, &r, &card, &model, true);
	card_fini(&card);
	for (unsigned i = 0; i < 40 * height; i++)
		n += glyph_encode(screen + n, canvas.cells[i].glyph);
	screen[n] = '\0';
	return screen;
}

START_TEST(rows_become_bars_or_flow_where_there_is_no_room_for_lines)
{
	meet();
	sample(10000, 41, 100);
	draw_rows(14, false);
	ck_assert_ptr_nonnull(strstr(screen, "│a ─"));
	ck_assert_ptr_nonnull(strstr(screen, "│h ━━━━━━━━━━━━━━━━━━━━━━━━━━━━     7 W│"));
	draw_rows(6, false);
	ck_assert_ptr_nonnull(strstr(screen, "│a 0 W  b 1 W  c 2 W  d 3 W  e 4 W     │"));
	draw_rows(6, true);
	ck_assert_ptr_nonnull(strstr(screen, "▁▁▁ ▂▂▂ ▃▃▃ ▄▄▄ ▅▅▅ ▆▆▆ ▇▇▇ ███"));
}
END_TEST

START_TEST(marks_stand_above_their_moment)
{
	meet();
	for (int i = 0; i < 10; i++)
		sample(10000 + 1000 * i, i, 100);
	ck_assert(!shows("▼"));
	event("{\"type\":\"event\",\"eseq\":1,\"ts_ms\":14500,\"kind\":\"mark\",\"text\":"
	      "\"x\"}");
	ck_assert(shows("▲───╯"));
	for (int i = 10; i < 64; i++)
		sample(10000 + 1000 * i, i, 100);
	ck_assert(shows("▼"));
	model.cursor_ms = 13000;
	ck_assert(!shows("▼") && !shows("▲"));
}
END_TEST

START_TEST(help_lists_every_key)
{
	meet();
	model.help = true;
	draw(60, 20);
	for (enum key key = 0; key < KEY_ACTION_COUNT; key++)
		ck_assert_msg(strstr(screen, keys[key].help) != NULL, "%s", keys[key].help);
}
END_TEST

START_TEST(capitals_do_what_small_letters_do)
{
	ck_assert_int_eq(keys_find('q'), KEY_ACTION_QUIT);
	ck_assert_int_eq(keys_find('Q'), KEY_ACTION_QUIT);
	ck_assert_int_eq(keys_find('P'), keys_find('p'));
	ck_assert_int_eq(keys_find(' '), KEY_ACTION_PAUSE);
	ck_assert_int_eq(keys_find(SPECIAL_LEFT), KEY_ACTION_BACK);
	ck_assert_int_eq(keys_find('x'), KEY_ACTION_COUNT);
	ck_assert_int_eq(keys_find(0xe9), KEY_ACTION_COUNT);
	for (const char *c = "qpsglct/?m"; *c; c++)
		ck_assert_int_ne(keys_find((uint32_t)*c), KEY_ACTION_COUNT);
}
END_TEST

START_TEST(a_prompt_takes_characters_of_any_length_up_to_its_limit)
{
	struct prompt p;

	prompt_begin(&p, PROMPT_MARK, "a");
	ck_assert(prompt_type(&p, 0xe9));
	ck_assert(prompt_type(&p, 0x1f600));
	ck_assert(!prompt_type(&p, 0x1b));
	ck_assert_str_eq(p.text, "aé😀");
	ck_assert(prompt_erase(&p));
	ck_assert_str_eq(p.text, "aé");
	ck_assert(prompt_erase(&p) && prompt_erase(&p) && !prompt_erase(&p));
	while (prompt_type(&p, 'x'))
		;
	ck_assert_uint_eq(p.length, 200);
}
END_TEST

static void check_reading(enum reading reading, double value, const char *expected)
{
	char to[READING_MAX];

	ck_assert_str_eq(reading_show(to, reading, value), expected);
}

START_TEST(readings_are_short)
{
	check_reading(READING_PERCENT, 41.4, "41%");
	check_reading(READING_WATTS, 9.44, "9.4 W");
	check_reading(READING_WATTS, 153.2, "153 W");
	check_reading(READING_BYTES, 1536, "1.5 KiB");
	check_reading(READING_BYTES, 137438953472, "128 GiB");
	check_reading(READING_BYTES, 1047999, "1023 KiB");
	check_reading(READING_RATE, 0, "0 B/s");
	check_reading(READING_JOULES, 43.2, "12 mWh");
	check_reading(READING_JOULES, 4320, "1.20 Wh");
	check_reading(READING_CELSIUS, 88.3, "88°C");
	check_reading(READING_WATTS, NAN, "-");
}
END_TEST

START_TEST(the_ring_keeps_the_newest_rows)
{
	struct rows rows = { 0 };

	rows_init(&rows, 1, 4);
	for (int i = 0; i < 6; i++)
		*rows_add(&rows, 1000 * i) = i;
	ck_assert_uint_eq(rows.count, 4);
	ck_assert_double_eq_tol(rows_value(&rows, 0, 0), 2, 1e-9);
	ck_assert(isnan(rows_value(&rows, 4, 0)));
	ck_assert(isnan(rows_value(&rows, 0, 1)));
	ck_assert_int_eq(rows_find(&rows, 3500), 1);
	ck_assert_int_eq(rows_find(&rows, 1999), -1);
	rows_grow(&rows, 8);
	ck_assert_uint_eq(rows.count, 4);
	ck_assert_uint_eq(rows.added, 6);
	*rows_add(&rows, 6000) = 6;
	ck_assert_double_eq_tol(rows_value(&rows, 4, 0), 6, 1e-9);
	rows_fini(&rows);
}
END_TEST

static struct buf request;

START_TEST(requests_are_what_the_protocol_takes)
{
	const struct asking_processes processes = { SORT_MEM, "a\"b", 20, 2000 };

	buf_init(&request, 65536);
	asking_events(&request, NULL, 60000);
	asking_processes(&request, &processes);
	asking_stop(&request, "samples");
	buf_add(&request, "", 1);
	ck_assert_str_eq(request.data,
		"{\"op\":\"subscribe\",\"id\":\"events\",\"stream\":\"events\",\"sub\":"
		"\"events\","
		"\"last_ms\":60000}\n"
		"{\"op\":\"subscribe\",\"id\":\"processes\",\"stream\":\"processes\","
		"\"sub\":\"processes\",\"sort\":\"mem\",\"match\":\"a\\\"b\",\"limit\":20,"
		"\"interval_ms\":2000}\n"
		"{\"op\":\"unsubscribe\",\"sub\":\"samples\"}\n");
	buf_fini(&request);
}
END_TEST

RUN_TESTS("watch", setup, teardown, every_metric_that_is_shown_is_asked_for,
	a_load_that_is_unknown_has_a_dash, the_catalog_knows_what_the_machine_has,
	averages_span_their_time_only, before_the_first_sample_it_says_that_it_waits,
	processes_are_as_hot_as_their_share_and_the_order_stands_out,
	the_machine_and_the_time_are_told, what_the_machine_does_not_have_is_not_shown,
	power_is_on_the_scale_of_the_profile_or_its_own,
	energy_is_that_of_the_span_by_its_counter, alerts_fire_until_they_are_resolved,
	in_the_past_its_values_and_its_time_are_shown,
	a_daemon_that_is_gone_leaves_its_last_frame_and_its_age,
	what_a_terminal_would_obey_is_never_drawn, a_screen_of_any_size_can_be_drawn,
	rows_become_bars_or_flow_where_there_is_no_room_for_lines,
	marks_stand_above_their_moment, help_lists_every_key, capitals_do_what_small_letters_do,
	a_prompt_takes_characters_of_any_length_up_to_its_limit, readings_are_short,
	the_ring_keeps_the_newest_rows, requests_are_what_the_protocol_takes)
