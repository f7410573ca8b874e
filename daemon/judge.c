/* SPDX-License-Identifier: MIT */
#include "daemon/judge.h"

#include "proto/alloc.h"

/* Where the values of one frequency domain of the CPU stand in a sample. */
struct judge_domain {
	unsigned busy, freq, max_freq;
};

struct judge {
	struct profile profile;
	struct judge_ceilings ceilings;
	struct judge_domain *clusters; /* of performance and super cores */
	unsigned cluster_count;
	struct verdict_input input;
	double limit;
};

static unsigned judge_count_cores(const struct layout *layout, char kind)
{
	unsigned n = 0;

	for (unsigned i = 0; i < layout->count[SCOPE_CORE]; i++)
		n += layout->entities[SCOPE_CORE][i].kind == kind;
	return n;
}

/* Efficiency clusters run slowly on purpose. */
static void judge_plan_clusters(struct judge *j, const struct layout *l)
{
	for (unsigned i = 0; i < l->count[SCOPE_CLUSTER]; i++) {
		if (l->entities[SCOPE_CLUSTER][i].kind == 'E')
			continue;
		j->clusters[j->cluster_count++] = (struct judge_domain){
			layout_index(l, METRIC_CLUSTER_UTIL_PCT, i),
			layout_index(l, METRIC_CLUSTER_FREQ_MHZ, i),
			layout_index(l, METRIC_CLUSTER_MAX_FREQ_MHZ, i),
		};
	}
}

static void judge_note(struct layout *layout, enum metric_id id, double reference)
{
	if (isnan(reference) && layout->notes[id].avail == AVAIL_OK)
		layout_note(
			layout, id, AVAIL_UNSUPPORTED, "no reference is known for this chip");
}

void judge_describe(struct layout *layout)
{
	struct profile p;

	profile_choose(&p, &layout->machine, judge_count_cores(layout, 'P'));
	judge_note(layout, METRIC_CPU_POWER_PCT, p.cpu_w);
	judge_note(layout, METRIC_GPU_POWER_PCT, p.gpu_w);
	judge_note(layout, METRIC_ANE_UTIL_PCT, p.ane_w);
	judge_note(layout, METRIC_PACKAGE_POWER_PCT, p.package_w);
	judge_note(layout, METRIC_BANDWIDTH_PCT, p.bandwidth_gbps);
}

struct judge *judge_new(const struct layout *layout)
{
	struct judge *j = xcalloc(1, sizeof(*j));

	profile_choose(&j->profile, &layout->machine, judge_count_cores(layout, 'P'));
	j->ceilings = (struct judge_ceilings){ j->profile.package_w, j->profile.bandwidth_gbps,
		NAN, NAN };
	j->clusters = xcalloc(layout->count[SCOPE_CLUSTER] + 1, sizeof(*j->clusters));
	judge_plan_clusters(j, layout);
	j->limit = NAN;
	return j;
}

void judge_free(struct judge *j)
{
	if (!j)
		return;
	free(j->clusters);
	free(j);
}

static double judge_get(const struct sample *s, enum metric_id id)
{
	return sample_get(s, id, 0);
}

static void judge_set(struct sample *s, enum metric_id id, double value)
{
	if (!sample_has(s, id, 0))
		sample_set(s, id, 0, value);
}

/* ---- shares of references ---- */

/* A reference that is not known stays so. */
static void judge_raise(double *ceiling, double value)
{
	if (value > *ceiling)
		*ceiling = value;
}

static double judge_power_pct(double watts, double reference, double floor)
{
	return profile_percent(
		watts, profile_full_scale(POWER_SCALE_PROFILE, reference, NAN, floor));
}

static void judge_shares(struct judge *j, struct sample *s)
{
	double cpu = judge_get(s, METRIC_CPU_WATTS), gpu = judge_get(s, METRIC_GPU_WATTS);
	double package = judge_get(s, METRIC_PACKAGE_WATTS);
	double traffic = judge_get(s, METRIC_BANDWIDTH_GBPS);

	j->ceilings.highest_cpu_w = fmax(j->ceilings.highest_cpu_w, cpu);
	j->ceilings.highest_gpu_w = fmax(j->ceilings.highest_gpu_w, gpu);
	judge_raise(&j->ceilings.package_w, package);
	judge_raise(&j->ceilings.bandwidth_gbps, traffic);
	judge_set(s, METRIC_CPU_POWER_PCT,
		judge_power_pct(cpu, j->profile.cpu_w, PROFILE_CPU_FLOOR_W));
	judge_set(s, METRIC_GPU_POWER_PCT,
		judge_power_pct(gpu, j->profile.gpu_w, PROFILE_GPU_FLOOR_W));
	judge_set(s, METRIC_PACKAGE_POWER_PCT, profile_percent(package, j->ceilings.package_w));
	judge_set(s, METRIC_ANE_UTIL_PCT,
		profile_percent(judge_get(s, METRIC_ANE_WATTS), j->profile.ane_w));
	judge_set(
		s, METRIC_BANDWIDTH_PCT, profile_percent(traffic, j->ceilings.bandwidth_gbps));
}

/* The limit can be lowered below what is in use. */
static void judge_headroom(struct sample *s)
{
	double left = judge_get(s, METRIC_GPU_MEM_LIMIT_BYTES) -
		judge_get(s, METRIC_GPU_MEM_USED_BYTES);

	judge_set(s, METRIC_GPU_MEM_HEADROOM_BYTES, left < 0 ? 0 : left);
}

/* ---- verdicts ---- */

/* The first of two values that is known. */
static double judge_known(double a, double b)
{
	return isnan(a) ? b : a;
}

/* The highest over all cores: even the fastest one is not fast. */
static double judge_fastest(const struct sample *s, enum metric_id id)
{
	double max = NAN;

	for (unsigned i = 0; i < s->layout->count[SCOPE_CORE]; i++)
		max = fmax(max, sample_get(s, id, i));
	return max;
}

/* Without clusters that tell their frequency: the fastest kind of core, else all cores. */
static double judge_throttle_kind(const struct sample *s, struct verdict_domain *d)
{
	static const enum metric_id kinds[][3] = {
		{ METRIC_SCPU_UTIL_PCT, METRIC_SCPU_FREQ_MHZ, METRIC_SCPU_MAX_FREQ_MHZ },
		{ METRIC_PCPU_UTIL_PCT, METRIC_PCPU_FREQ_MHZ, METRIC_PCPU_MAX_FREQ_MHZ },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		d->busy_pct = judge_get(s, kinds[i][0]);
		d->freq_mhz = judge_get(s, kinds[i][1]);
		d->max_freq_mhz = judge_get(s, kinds[i][2]);
		if (!isnan(d->busy_pct))
			return verdict_throttle(d);
	}
	d->busy_pct = judge_get(s, METRIC_CPU_UTIL_PCT);
	d->freq_mhz = judge_fastest(s, METRIC_CORE_FREQ_MHZ);
	d->max_freq_mhz = judge_fastest(s, METRIC_CORE_MAX_FREQ_MHZ);
	return verdict_throttle(d);
}

static double judge_throttle_cpu(const struct judge *j, const struct sample *s)
{
	struct verdict_domain d = { .temp_c = judge_get(s, METRIC_CPU_TEMP_C),
		.thermal = judge_get(s, METRIC_THERMAL_STATE) };
	double throttled = 0;
	bool told = false;

	for (unsigned i = 0; i < j->cluster_count; i++) {
		d.busy_pct = s->values[j->clusters[i].busy];
		d.freq_mhz = s->values[j->clusters[i].freq];
		d.max_freq_mhz = s->values[j->clusters[i].max_freq];
		if (isnan(d.freq_mhz) || isnan(d.max_freq_mhz))
			continue;
		told = true;
		throttled = verdict_either(throttled, verdict_throttle(&d));
	}
	return told ? throttled : judge_throttle_kind(s, &d);
}

static double judge_throttle_gpu(const struct sample *s)
{
	struct verdict_domain d = {
		judge_get(s, METRIC_GPU_UTIL_PCT),
		judge_get(s, METRIC_GPU_FREQ_MHZ),
		judge_get(s, METRIC_GPU_MAX_FREQ_MHZ),
		judge_get(s, METRIC_GPU_TEMP_C),
		judge_get(s, METRIC_THERMAL_STATE),
	};

	return verdict_throttle(&d);
}

static double judge_busiest_kind(const struct sample *s)
{
	double busiest = fmax(judge_get(s, METRIC_ECPU_UTIL_PCT),
		fmax(judge_get(s, METRIC_PCPU_UTIL_PCT), judge_get(s, METRIC_SCPU_UTIL_PCT)));

	return judge_known(busiest, judge_get(s, METRIC_CPU_UTIL_PCT));
}

void judge_sample(struct judge *j, struct sample *s)
{
	struct verdict_input *in = &j->input;

	judge_shares(j, s);
	judge_headroom(s);
	judge_set(s, METRIC_THROTTLE_CPU, judge_throttle_cpu(j, s));
	judge_set(s, METRIC_THROTTLE_GPU, judge_throttle_gpu(s));
	in->throttle_cpu = judge_get(s, METRIC_THROTTLE_CPU);
	in->throttle_gpu = judge_get(s, METRIC_THROTTLE_GPU);
	in->thermal = judge_get(s, METRIC_THERMAL_STATE);
	in->pressure = judge_get(s, METRIC_MEM_PRESSURE);
	in->package_pct = judge_get(s, METRIC_PACKAGE_POWER_PCT);
	in->bandwidth_pct = judge_get(s, METRIC_BANDWIDTH_PCT);
	in->swap_in = judge_get(s, METRIC_SWAP_IN_RATE);
	in->swap_out = judge_get(s, METRIC_SWAP_OUT_RATE);
	in->cpu_busy_pct = judge_busiest_kind(s);
	in->gpu_busy_pct = judge_get(s, METRIC_GPU_UTIL_PCT);
	judge_set(s, METRIC_LIMIT, verdict_limit(in));
	j->limit = judge_get(s, METRIC_LIMIT);
}

const struct profile *judge_profile(const struct judge *j)
{
	return &j->profile;
}

const struct judge_ceilings *judge_ceilings(const struct judge *j)
{
	return &j->ceilings;
}

const char *judge_reason(const struct judge *j, char to[VERDICT_REASON_MAX])
{
	return verdict_reason(to, j->limit, &j->input);
}
