/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/source/darwin/ctl.h"
#include "daemon/source/darwin/hid.h"
#include "daemon/source/darwin/parts.h"
#include "daemon/source/darwin/smc.h"
#include "proto/alloc.h"

/*
 * Temperatures.  The CPU's are TCMz (hottest) and TCMb (mean) where the firmware computes them,
 * which stay true when cores are without power; else the keys of its cores; else, and on base
 * M1 where the keys are few, HID services.  Which it is, is settled when the part opens: the
 * ways differ by 8 to 10 degrees on the same die, so they do not stand in for each other.
 */

#define SENSORS_MAX 256

enum sensor_use { USE_NONE, USE_CPU_MAX, USE_CPU_MEAN, USE_CPU, USE_GPU };

struct sensor {
	char name[HID_NAME_MAX];
	enum domain domain;
	enum sensor_use use;
	unsigned entity;
	bool is_hid;
	struct smc_key key;
	double celsius; /* of this read */
};

struct temperature {
	struct smc smc;
	struct hid hid;
	unsigned *hid_sensors; /* for each HID service its sensor; SENSORS_MAX = left out */
	char chip[64];
	unsigned count;
	struct sensor sensors[SENSORS_MAX];
	bool uses[USE_GPU + 1]; /* whether some sensor has that use */
};

/* ---- opening: SMC ---- */

static struct sensor *sensor_add(struct temperature *t, const char *name, enum domain domain)
{
	struct sensor *sensor;

	if (t->count == SENSORS_MAX)
		return NULL;
	sensor = &t->sensors[t->count++];
	*sensor = (struct sensor){ .domain = domain };
	snprintf(sensor->name, sizeof(sensor->name), "%s", name);
	return sensor;
}

/* Of what is not of the chip only what people ask for: air and wireless. */
static bool key_is_wanted(const char *name, enum domain domain)
{
	static const char *const others[] = { "TaLP", "TaRF", "TW0P" };

	for (unsigned i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(others[i], name) == 0)
			return true;
	return domain != DOMAIN_OTHER;
}

static void smc_add(struct temperature *t, uint32_t code)
{
	struct smc_key key;
	enum domain domain;
	struct sensor *sensor;
	char name[5];

	smc_name(code, name);
	domain = smc_domain(name, t->chip);
	if (!key_is_wanted(name, domain) || smc_find(&t->smc, code, &key) < 0 ||
		!smc_is_temperature(key.type, key.size))
		return;
	sensor = sensor_add(t, name, domain);
	if (sensor)
		sensor->key = key;
}

/* Adds the keys from 'T' to before 'U' between two places. */
static void smc_scan(struct temperature *t, uint32_t first, uint32_t last)
{
	uint32_t code;

	for (uint32_t i = first; i < last; i++) {
		if (smc_code_at(&t->smc, i, &code) < 0)
			continue;
		if (code >> 24 == 'T')
			smc_add(t, code);
	}
}

/* Keys are sorted, so the T keys are one range; where that range is empty all are looked at. */
static void smc_enumerate(struct temperature *t)
{
	uint32_t count, first = 0, last = 0;

	if (smc_count(&t->smc, &count) < 0)
		return;
	if (smc_lower_bound(&t->smc, count, (uint32_t)'T' << 24, &first) == 0 &&
		smc_lower_bound(&t->smc, count, (uint32_t)'U' << 24, &last) == 0)
		smc_scan(t, first, last);
	if (t->count == 0)
		smc_scan(t, 0, count);
}

/* ---- opening: HID ---- */

static unsigned sensor_find_hid(struct temperature *t, const char *name, enum domain domain)
{
	struct sensor *sensor;

	for (unsigned i = 0; i < t->count; i++)
		if (t->sensors[i].is_hid && strcmp(t->sensors[i].name, name) == 0)
			return i;
	sensor = sensor_add(t, name, domain);
	if (!sensor)
		return SENSORS_MAX;
	sensor->is_hid = true;
	return t->count - 1;
}

/* Services of the same name become one sensor, the hottest of them. */
static void hid_enumerate(struct temperature *t)
{
	struct fault ignored;
	enum domain domain;

	if (hid_open(&t->hid, &ignored) < 0)
		return;
	t->hid_sensors = xcalloc(t->hid.count, sizeof(*t->hid_sensors));
	for (unsigned i = 0; i < t->hid.count; i++) {
		const char *name = t->hid.services[i].name;

		t->hid_sensors[i] = hid_domain(name, &domain) ? sensor_find_hid(t, name, domain)
							      : SENSORS_MAX;
	}
}

/* ---- which sensors make the temperature of the CPU and the GPU ---- */

static bool has_sensor(const struct temperature *t, enum domain domain, bool is_hid)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->sensors[i].domain == domain && t->sensors[i].is_hid == is_hid)
			return true;
	return false;
}

static bool has_name(const struct temperature *t, const char *name)
{
	for (unsigned i = 0; i < t->count; i++)
		if (!t->sensors[i].is_hid && strcmp(t->sensors[i].name, name) == 0)
			return true;
	return false;
}

static bool has_hid_core(const struct temperature *t)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->sensors[i].is_hid && hid_is_core(t->sensors[i].name))
			return true;
	return false;
}

static enum sensor_use sensor_choose(
	const struct temperature *t, const struct sensor *sensor, bool hid_cpu, bool hid_gpu)
{
	if (!sensor->is_hid && strcmp(sensor->name, "TCMz") == 0)
		return USE_CPU_MAX;
	if (!sensor->is_hid && strcmp(sensor->name, "TCMb") == 0)
		return USE_CPU_MEAN;
	if (sensor->domain == DOMAIN_GPU && sensor->is_hid == hid_gpu)
		return USE_GPU;
	if (sensor->domain != DOMAIN_CPU || sensor->is_hid != hid_cpu)
		return USE_NONE;
	return hid_cpu && has_hid_core(t) && !hid_is_core(sensor->name) ? USE_NONE : USE_CPU;
}

static void temperature_choose(struct temperature *t)
{
	bool hid_cpu = has_sensor(t, DOMAIN_CPU, true);
	bool hid_gpu = has_sensor(t, DOMAIN_GPU, true);

	for (unsigned i = 0; i < t->count; i++) {
		struct sensor *sensor = &t->sensors[i];

		sensor->use = sensor_choose(t, sensor, hid_cpu, hid_gpu);
		t->uses[sensor->use] = true;
	}
}

static int temperature_open(
	void **self, const struct source_options *options, struct fault *why)
{
	struct temperature *t = xcalloc(1, sizeof(*t));
	struct fault ignored;

	(void)options, (void)why;
	ctl_text("machdep.cpu.brand_string", t->chip, sizeof(t->chip));
	if (smc_open(&t->smc, &ignored) == 0)
		smc_enumerate(t);
	if (!has_name(t, "TCMz") && !has_name(t, "TCMb") &&
		(strcmp(t->chip, "Apple M1") == 0 || !has_sensor(t, DOMAIN_CPU, false)))
		hid_enumerate(t);
	temperature_choose(t);
	*self = t;
	return 0;
}

static int temperature_describe(void *self, struct layout *layout)
{
	static const enum metric_id cpu[] = { METRIC_CPU_TEMP_C, METRIC_CPU_TEMP_AVG_C,
		METRIC_NONE };
	static const enum metric_id gpu[] = { METRIC_GPU_TEMP_C, METRIC_GPU_TEMP_AVG_C,
		METRIC_NONE };
	struct temperature *t = self;

	for (unsigned i = 0; i < t->count; i++) {
		struct entity *e = layout_add(layout, SCOPE_SENSOR, t->sensors[i].name);

		t->sensors[i].entity = layout->count[SCOPE_SENSOR] - 1;
		if (e)
			e->domain = t->sensors[i].domain;
	}
	if (!t->uses[USE_CPU] && !t->uses[USE_CPU_MAX] && !t->uses[USE_CPU_MEAN])
		parts_note(layout, cpu, AVAIL_UNSUPPORTED, "no sensor of the CPU is known");
	else if (t->hid.count)
		parts_note(layout, cpu, AVAIL_OK, "from HID sensors");
	if (!t->uses[USE_GPU])
		parts_note(layout, gpu, AVAIL_UNSUPPORTED, "no sensor of the GPU is known");
	return 0;
}

/* ---- reading ---- */

static int read_smc(struct temperature *t, struct sensor *sensor)
{
	double value;
	int rc = smc_read(&t->smc, &sensor->key, &value);

	sensor->celsius = temperature_plausible(value);
	return rc;
}

static void read_hid(struct temperature *t)
{
	for (unsigned i = 0; i < t->hid.count; i++) {
		unsigned at = t->hid_sensors[i];

		if (at < SENSORS_MAX)
			t->sensors[at].celsius = fmax(t->sensors[at].celsius,
				temperature_plausible(hid_read(&t->hid, i)));
	}
}

static void read_domain(
	const struct temperature *t, enum sensor_use use, double *max, double *mean)
{
	double sum = 0;
	unsigned n = 0;

	*max = *mean = NAN;
	for (unsigned i = 0; i < t->count; i++) {
		if (t->sensors[i].use != use || isnan(t->sensors[i].celsius))
			continue;
		*max = fmax(*max, t->sensors[i].celsius);
		sum += t->sensors[i].celsius;
		n++;
	}
	if (n > 0)
		*mean = sum / n;
}

static void set_temperatures(const struct temperature *t, struct sample *s)
{
	double max, mean, ignored;

	read_domain(t, USE_GPU, &max, &mean);
	sample_set(s, METRIC_GPU_TEMP_C, 0, max);
	sample_set(s, METRIC_GPU_TEMP_AVG_C, 0, mean);
	read_domain(t, USE_CPU, &max, &mean);
	if (t->uses[USE_CPU_MAX])
		read_domain(t, USE_CPU_MAX, &max, &ignored);
	if (t->uses[USE_CPU_MEAN])
		read_domain(t, USE_CPU_MEAN, &ignored, &mean);
	sample_set(s, METRIC_CPU_TEMP_C, 0, max);
	sample_set(s, METRIC_CPU_TEMP_AVG_C, 0, mean);
}

static int temperature_read(void *self, struct sample *s)
{
	struct temperature *t = self;
	int rc = 0;

	for (unsigned i = 0; i < t->count; i++) {
		t->sensors[i].celsius = NAN;
		if (!t->sensors[i].is_hid && read_smc(t, &t->sensors[i]) < 0)
			rc = -EIO;
	}
	read_hid(t);
	for (unsigned i = 0; i < t->count; i++)
		sample_set(
			s, METRIC_SENSOR_TEMP_C, t->sensors[i].entity, t->sensors[i].celsius);
	set_temperatures(t, s);
	return rc;
}

static void temperature_close(void *self)
{
	struct temperature *t = self;

	hid_close(&t->hid);
	smc_close(&t->smc);
	free(t->hid_sensors);
	free(t);
}

const struct part darwin_temperature = { "temperature", temperature_open, temperature_describe,
	temperature_read, temperature_close };
