/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/source/linux/devpower.h"
#include "daemon/source/linux/gauge.h"
#include "daemon/source/linux/procfile.h"
#include "proto/alloc.h"

/*
 * One GPU: of the cards of /sys/class/drm the one that tells its load and has the most memory
 * of its own, so a discrete one before the one inside the processor; on boards without such a
 * card the GPU of /sys/class/devfreq.
 *
 * i915 and xe tell no load in sysfs.  The time outside RC6 is not it: RC6 is entered some time
 * after the work ends, so light work would look like much; it would be an upper bound, not a
 * load.
 *
 * Of an APU, power1 is the power of the whole package, so it is no GPU's and left out.
 */
#define GPU_PATH_MAX (FILE_PATH_MAX - 64) /* leaves room for the names of files */

struct gpu {
	char card[FILE_NUMBER_MAX]; /* "card0"; "" = none */
	struct devpower power;
	struct gauge busy, freq, used, watts, joules; /* without path = not there */
	double freq_scale;			      /* to MHz */
	double max_mhz, limit_bytes;		      /* NaN = not known */
	int rail;				      /* -1 = none */
	bool eager;				      /* a fixture tree: nothing is dear */
};

/* Below the folder of a card; the first that is there. */
static const struct gpu_freq {
	const char *now, *max;
} gpu_freqs[] = {
	{ "gt/gt0/rps_act_freq_mhz", "gt/gt0/rps_RP0_freq_mhz" },
	{ "gt_act_freq_mhz", "gt_RP0_freq_mhz" },
	{ "device/tile0/gt0/freq0/act_freq", "device/tile0/gt0/freq0/rp0_freq" },
};

static bool gpu_open_gauge(struct gauge *gauge, const char *dir, const char *file)
{
	int rc = file_open(&gauge->file, "%s/%s", dir, file);

	if (rc < 0)
		file_close(&gauge->file);
	return rc == 0;
}

static double gpu_load(const char *dir, const char *file, double scale)
{
	int64_t value;

	return file_load_number(&value, "%s/%s", dir, file) == 0 && value > 0
		? (double)value * scale
		: NAN;
}

/* "card0", but not its connectors "card0-DP-1". */
static bool gpu_is_card(const char *name)
{
	struct text text = text_of(name, strlen(name));
	uint64_t number;

	return text_take_prefix(&text, "card") && text_take_digits(&text, &number) &&
		text.at == text.end;
}

/* Load first, then memory of its own, then any card that tells a frequency. */
static double gpu_rate(const char *dir)
{
	double vram = gpu_load(dir, "device/mem_info_vram_total", 1.0), rate = 0.0;

	for (unsigned i = 0; i < sizeof(gpu_freqs) / sizeof(*gpu_freqs); i++)
		if (file_exists("%s/%s", dir, gpu_freqs[i].now))
			rate = 1.0;
	if (file_exists("%s/device/gpu_busy_percent", dir))
		rate = 2.0;
	return isnan(vram) ? rate : rate + vram;
}

static void gpu_choose(struct gpu *gpu, const char *root)
{
	char dir[GPU_PATH_MAX];
	struct names names;
	double best = 0.0;

	names_load(&names, "%s/sys/class/drm", root);
	for (unsigned i = 0; i < names.count; i++) {
		double rate;

		if (!gpu_is_card(names.at[i]))
			continue;
		snprintf(dir, sizeof(dir), "%s/sys/class/drm/%s", root, names.at[i]);
		rate = gpu_rate(dir);
		if (rate > best) {
			best = rate;
			snprintf(gpu->card, sizeof(gpu->card), "%s", names.at[i]);
		}
	}
	names_free(&names);
}

static void gpu_open_hwmon(struct gpu *gpu, const char *card)
{
	char dir[FILE_PATH_MAX], label[FILE_NUMBER_MAX];
	struct names names;

	if (names_load(&names, "%s/device/hwmon", card) < 0 || names.count == 0) {
		names_free(&names);
		return;
	}
	snprintf(dir, sizeof(dir), "%s/device/hwmon/%.32s", card, names.at[0]);
	names_free(&names);
	if (!gpu->freq.file.path && gpu_open_gauge(&gpu->freq, dir, "freq1_input"))
		gpu->freq_scale = 1e-6;
	file_load(label, sizeof(label), "%.*s/in1_label", GPU_PATH_MAX, dir);
	if (strcmp(label, "vddnb") == 0) /* only APUs have a north bridge */
		return;
	if (!gpu_open_gauge(&gpu->joules, dir, "energy1_input") &&
		!gpu_open_gauge(&gpu->watts, dir, "power1_average"))
		gpu_open_gauge(&gpu->watts, dir, "power1_input");
}

static void gpu_open_clocks(struct gpu *gpu, const char *card)
{
	char buf[1024];
	double now_mhz;
	int n = file_load(buf, sizeof(buf), "%s/device/pp_dpm_sclk", card);

	if (n > 0)
		procfile_parse_clocks(text_of(buf, (size_t)n), &now_mhz, &gpu->max_mhz);
}

static void gpu_open_card(struct gpu *gpu, const char *root)
{
	char card[GPU_PATH_MAX], device[FILE_PATH_MAX];

	snprintf(card, sizeof(card), "%s/sys/class/drm/%s", root, gpu->card);
	snprintf(device, sizeof(device), "%s/device", card);
	devpower_open(&gpu->power, device);
	gpu_open_gauge(&gpu->busy, card, "device/gpu_busy_percent");
	gpu_open_gauge(&gpu->used, card, "device/mem_info_vram_used");
	gpu->limit_bytes = gpu_load(card, "device/mem_info_vram_total", 1.0);
	for (unsigned i = 0; i < sizeof(gpu_freqs) / sizeof(*gpu_freqs); i++) {
		if (!gpu_open_gauge(&gpu->freq, card, gpu_freqs[i].now))
			continue;
		gpu->max_mhz = gpu_load(card, gpu_freqs[i].max, 1.0);
		break;
	}
	gpu_open_hwmon(gpu, card);
	if (isnan(gpu->max_mhz))
		gpu_open_clocks(gpu, card);
}

/* "fb000000.gpu" */
static void gpu_open_devfreq(struct gpu *gpu, const char *root)
{
	char dir[GPU_PATH_MAX];
	struct names names;

	names_load(&names, "%s/sys/class/devfreq", root);
	for (unsigned i = 0; i < names.count && !gpu->freq.file.path; i++) {
		if (!strstr(names.at[i], "gpu") && !strstr(names.at[i], "mali"))
			continue;
		snprintf(dir, sizeof(dir), "%s/sys/class/devfreq/%s", root, names.at[i]);
		gpu_open_gauge(&gpu->freq, dir, "cur_freq");
		gpu->freq_scale = 1e-6;
		gpu->max_mhz = gpu_load(dir, "max_freq", 1e-6);
		snprintf(gpu->card, sizeof(gpu->card), "%.60s", names.at[i]);
	}
	names_free(&names);
}

static int gpu_open(void **self, const struct source_options *options, struct fault *why)
{
	struct gpu *gpu = xcalloc(1, sizeof(*gpu));

	(void)why;
	gpu->max_mhz = gpu->limit_bytes = NAN;
	gpu->freq_scale = 1.0;
	gpu->rail = -1;
	gpu->eager = options->root[0] != '\0';
	gpu_choose(gpu, options->root);
	if (gpu->card[0])
		gpu_open_card(gpu, options->root);
	else
		gpu_open_devfreq(gpu, options->root);
	*self = gpu;
	return 0;
}

/* RAPL's uncore is the GPU inside the processor; another card then gets a rail of its own. */
static void gpu_describe_rail(struct gpu *gpu, struct layout *layout)
{
	bool taken = layout_find(layout, SCOPE_RAIL, "gpu") >= 0;
	char name[LAYOUT_NAME_MAX];
	struct entity *e;

	snprintf(name, sizeof(name), "%s%.24s", taken ? "gpu_" : "gpu", taken ? gpu->card : "");
	e = layout_add(layout, SCOPE_RAIL, name);
	if (!e)
		return;
	e->quality = QUALITY_MEASURED;
	gpu->rail = (int)layout->count[SCOPE_RAIL] - 1;
	if (taken)
		return;
	layout_note(layout, METRIC_GPU_WATTS, AVAIL_OK, "");
	if (gpu->joules.file.path)
		layout_note(layout, METRIC_GPU_JOULES, AVAIL_OK, "");
	else
		layout_note(layout, METRIC_GPU_JOULES, AVAIL_UNSUPPORTED,
			"the driver tells power, it has no energy counter");
}

static void gpu_note(struct layout *layout, enum metric_id id, bool there, const char *reason)
{
	if (!there)
		layout_note(layout, id, AVAIL_UNSUPPORTED, reason);
}

static int gpu_describe(void *self, struct layout *layout)
{
	struct gpu *gpu = self;
	const char *reason = gpu->card[0]
		? "the GPU driver does not tell it in sysfs"
		: "no GPU under /sys/class/drm or devfreq tells anything";
	bool used = gpu->used.file.path != NULL;

	gpu_note(layout, METRIC_GPU_UTIL_PCT, gpu->busy.file.path, reason);
	gpu_note(layout, METRIC_GPU_FREQ_MHZ, gpu->freq.file.path, reason);
	gpu_note(layout, METRIC_GPU_MAX_FREQ_MHZ, !isnan(gpu->max_mhz), reason);
	gpu_note(layout, METRIC_GPU_MEM_USED_BYTES, used, reason);
	gpu_note(layout, METRIC_GPU_MEM_LIMIT_BYTES, !isnan(gpu->limit_bytes), reason);
	if (gpu->watts.file.path || gpu->joules.file.path)
		gpu_describe_rail(gpu, layout);
	return 0;
}

struct gpu_target {
	enum metric_id id;
	unsigned entity;
	double scale;
};

static int gpu_read_gauge(
	struct gauge *gauge, struct gpu_target target, struct sample *s, uint64_t now_ns)
{
	int64_t value;
	int rc;

	if (!gauge->file.path)
		return 0;
	rc = gauge_read(gauge, now_ns, &value);
	if (rc == 0 && value >= 0)
		sample_set(s, target.id, target.entity, (double)value * target.scale);
	return rc;
}

static int gpu_read_awake(struct gpu *gpu, struct sample *s)
{
	unsigned rail = gpu->rail < 0 ? LAYOUT_ENTITIES_MAX : (unsigned)gpu->rail;
	const struct {
		struct gauge *gauge;
		struct gpu_target target;
	} readings[] = {
		{ &gpu->busy, { METRIC_GPU_UTIL_PCT, 0, 1.0 } },
		{ &gpu->freq, { METRIC_GPU_FREQ_MHZ, 0, gpu->freq_scale } },
		{ &gpu->used, { METRIC_GPU_MEM_USED_BYTES, 0, 1.0 } },
		{ &gpu->watts, { METRIC_RAIL_WATTS, rail, 1e-6 } },
		{ &gpu->joules, { METRIC_RAIL_JOULES, rail, 1e-6 } },
	};
	uint64_t now_ns = gpu->eager ? 0 : s->time.awake_ns;
	int result = 0;

	for (unsigned i = 0; i < sizeof(readings) / sizeof(*readings); i++) {
		int rc = gpu_read_gauge(readings[i].gauge, readings[i].target, s, now_ns);

		if (rc < 0)
			result = rc;
	}
	return result;
}

static int gpu_read(void *self, struct sample *s)
{
	struct gpu *gpu = self;

	sample_set(s, METRIC_GPU_MAX_FREQ_MHZ, 0, gpu->max_mhz);
	sample_set(s, METRIC_GPU_MEM_LIMIT_BYTES, 0, gpu->limit_bytes);
	if (!devpower_is_asleep(&gpu->power))
		return gpu_read_awake(gpu, s);
	if (gpu->busy.file.path)
		sample_set(s, METRIC_GPU_UTIL_PCT, 0, 0.0);
	if (gpu->freq.file.path)
		sample_set(s, METRIC_GPU_FREQ_MHZ, 0, 0.0);
	return 0;
}

static void gpu_close(void *self)
{
	struct gpu *gpu = self;

	devpower_close(&gpu->power);
	file_close(&gpu->busy.file);
	file_close(&gpu->freq.file);
	file_close(&gpu->used.file);
	file_close(&gpu->watts.file);
	file_close(&gpu->joules.file);
	free(gpu);
}

const struct part gpu_part = { "gpu", gpu_open, gpu_describe, gpu_read, gpu_close };
