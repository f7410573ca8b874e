/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/smcvalue.h"

#include <math.h>
#include <string.h>

static double value_float(const uint8_t *bytes)
{
	float value;

	memcpy(&value, bytes, sizeof(value));
	return isfinite(value) ? (double)value : NAN;
}

/* 48.16 fixed point, little endian. */
static double value_fixed(const uint8_t *bytes)
{
	uint64_t raw = 0;

	for (int i = 7; i >= 0; i--)
		raw = raw << 8 | bytes[i];
	return (double)(int64_t)raw / 65536.0;
}

static double value_unsigned(const uint8_t *bytes, size_t size)
{
	double value = 0;

	for (size_t i = 0; i < size; i++)
		value = value * 256 + bytes[i];
	return value;
}

static double value_signed(const uint8_t *bytes, size_t size)
{
	double value = value_unsigned(bytes, size);

	return bytes[0] & 0x80 ? value - ldexp(1, (int)(8 * size)) : value;
}

double smc_value(uint32_t type, const uint8_t *bytes, size_t size)
{
	static const struct {
		char type[5];
		size_t size;
		char decode;
		double scale;
	} types[] = { { "flt ", 4, 'f', 1 }, { "ioft", 8, 'x', 1 }, { "ui8 ", 1, 'u', 1 },
		{ "ui16", 2, 'u', 1 }, { "ui32", 4, 'u', 1 }, { "flag", 1, 'u', 1 },
		{ "si8 ", 1, 's', 1 }, { "si16", 2, 's', 1 }, { "si32", 4, 's', 1 },
		{ "sp78", 2, 's', 256 }, { "fpe2", 2, 'u', 4 } };

	for (unsigned i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (SMC_FOURCC(types[i].type) != type || types[i].size != size)
			continue;
		if (types[i].decode == 'f')
			return value_float(bytes);
		if (types[i].decode == 'x')
			return value_fixed(bytes);
		return (types[i].decode == 'u' ? value_unsigned(bytes, size)
					       : value_signed(bytes, size)) /
			types[i].scale;
	}
	return NAN;
}

bool smc_is_temperature(uint32_t type, size_t size)
{
	return (type == SMC_FOURCC("flt ") && size == 4) ||
		(type == SMC_FOURCC("ioft") && size == 8) ||
		(type == SMC_FOURCC("sp78") && size == 2);
}

double temperature_plausible(double celsius)
{
	return celsius >= TEMPERATURE_MIN_C && celsius <= TEMPERATURE_MAX_C ? celsius : NAN;
}

static bool is_listed(const char *key, const char *list)
{
	for (; *list; list += 5)
		if (strncmp(list, key, 4) == 0)
			return true;
	return false;
}

static bool is_m3(const char *chip)
{
	static const char *const chips[] = { "Apple M3", "Apple M3 Pro", "Apple M3 Max",
		"Apple M3 Ultra" };

	for (unsigned i = 0; i < sizeof(chips) / sizeof(*chips); i++)
		if (strcmp(chips[i], chip) == 0)
			return true;
	return false;
}

enum domain smc_domain(const char *key, const char *chip)
{
	static const struct {
		char prefix[4];
		enum domain domain;
	} prefixes[] = { { "TCM", DOMAIN_CPU }, { "Tp", DOMAIN_CPU }, { "Te", DOMAIN_CPU },
		{ "Tg", DOMAIN_GPU }, { "Tm", DOMAIN_MEMORY }, { "TB", DOMAIN_BATTERY },
		{ "TH", DOMAIN_SSD } };

	if (is_m3(chip) &&
		is_listed(key,
			"Tf04 Tf09 Tf0A Tf0B Tf0D Tf0E Tf44 Tf49 Tf4A Tf4B "
			"Tf4D Tf4E "))
		return DOMAIN_CPU;
	if (is_m3(chip) && is_listed(key, "Tf14 Tf18 Tf19 Tf1A Tf24 Tf28 Tf29 Tf2A "))
		return DOMAIN_GPU;
	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (strncmp(prefixes[i].prefix, key, strlen(prefixes[i].prefix)) == 0)
			return prefixes[i].domain;
	return DOMAIN_OTHER;
}
