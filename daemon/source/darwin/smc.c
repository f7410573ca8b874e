/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/smc.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "daemon/source/darwin/registry.h"

/* What goes in and comes out: 80 bytes both ways, selector 2 for every command. */
struct smc_message {
	uint32_t code;
	uint8_t version[8];
	uint8_t limits[16];
	uint32_t size;
	uint32_t type;
	uint8_t attributes, padding[3];
	uint8_t result, status, command, padding2;
	uint32_t index;
	uint8_t bytes[SMC_BYTES_MAX];
};

_Static_assert(sizeof(struct smc_message) == 80, "the user client takes 80 bytes");

#define SELECTOR 2

enum smc_command { COMMAND_READ = 5, COMMAND_KEY_AT = 8, COMMAND_INFO = 9 };

/*
 * Opens the first of the services that opens; among them the one named AppleSMCKeysEndpoint,
 * where it exists, comes first.
 */
static int open_service(io_service_t service, io_connect_t *connection)
{
	return IOServiceOpen(service, mach_task_self(), 0, connection) == KERN_SUCCESS ? 0
										       : -EIO;
}

static int open_named(io_connect_t *connection)
{
	io_service_t service = registry_find_named("AppleSMC", "AppleSMCKeysEndpoint");
	int rc = service ? open_service(service, connection) : -ENODEV;

	if (service)
		IOObjectRelease(service);
	return rc;
}

static int open_any(io_connect_t *connection)
{
	io_iterator_t services = registry_open_class("AppleSMC");
	io_service_t service;
	int rc = -ENODEV;

	if (!services)
		return -ENODEV;
	while (rc < 0 && (service = IOIteratorNext(services)) != IO_OBJECT_NULL) {
		rc = open_service(service, connection);
		IOObjectRelease(service);
	}
	IOObjectRelease(services);
	return rc;
}

int smc_open(struct smc *smc, struct fault *why)
{
	int rc;

	smc->connection = IO_OBJECT_NULL;
	rc = open_named(&smc->connection);
	if (rc < 0)
		rc = open_any(&smc->connection);
	if (rc < 0) {
		smc->connection = IO_OBJECT_NULL;
		fault_set(why, rc, "%s",
			rc == -ENODEV ? "this machine has no SMC" : "the SMC does not open");
	}
	return rc;
}

void smc_close(struct smc *smc)
{
	if (smc->connection)
		IOServiceClose(smc->connection);
	smc->connection = IO_OBJECT_NULL;
}

/* The call succeeds for keys that do not exist, too: only result tells. */
static int smc_call(const struct smc *smc, struct smc_message *in, struct smc_message *out)
{
	size_t size = sizeof(*out);

	memset(out, 0, sizeof(*out));
	if (!smc->connection ||
		IOConnectCallStructMethod(
			smc->connection, SELECTOR, in, sizeof(*in), out, &size) != KERN_SUCCESS)
		return -EIO;
	return out->result == 0 ? 0 : -ENOENT;
}

int smc_find(const struct smc *smc, uint32_t code, struct smc_key *key)
{
	struct smc_message in = { .code = code, .command = COMMAND_INFO }, out;
	int rc = smc_call(smc, &in, &out);

	if (rc < 0)
		return rc;
	if (out.size == 0 || out.size > sizeof(out.bytes))
		return -ENOENT;
	*key = (struct smc_key){ code, out.type, out.size };
	return 0;
}

int smc_read_bytes(
	const struct smc *smc, const struct smc_key *key, uint8_t bytes[SMC_BYTES_MAX])
{
	struct smc_message in = {
		.code = key->code, .size = key->size, .command = COMMAND_READ
	};
	struct smc_message out;
	int rc = smc_call(smc, &in, &out);

	memcpy(bytes, out.bytes, sizeof(out.bytes));
	return rc;
}

int smc_read(const struct smc *smc, const struct smc_key *key, double *value)
{
	uint8_t bytes[SMC_BYTES_MAX];
	int rc = smc_read_bytes(smc, key, bytes);

	*value = rc < 0 ? NAN : smc_value(key->type, bytes, key->size);
	return rc;
}

double smc_read_code(const struct smc *smc, uint32_t code)
{
	struct smc_key key;
	double value;

	if (smc_find(smc, code, &key) < 0 || smc_read(smc, &key, &value) < 0)
		return NAN;
	return value;
}

int smc_count(const struct smc *smc, uint32_t *count)
{
	double value = smc_read_code(smc, SMC_FOURCC("#KEY"));

	if (!(value >= 0 && value <= 65536))
		return -EIO;
	*count = (uint32_t)value;
	return 0;
}

int smc_code_at(const struct smc *smc, uint32_t index, uint32_t *code)
{
	struct smc_message in = { .command = COMMAND_KEY_AT, .index = index }, out;
	int rc = smc_call(smc, &in, &out);

	*code = out.code;
	return rc;
}

int smc_lower_bound(const struct smc *smc, uint32_t count, uint32_t code, uint32_t *index)
{
	uint32_t low = 0, high = count, at;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (smc_code_at(smc, middle, &at) < 0)
			return -EIO;
		if (at < code)
			low = middle + 1;
		else
			high = middle;
	}
	*index = low;
	return 0;
}

void smc_name(uint32_t code, char name[5])
{
	for (int i = 0; i < 4; i++)
		name[i] = (char)(code >> (24 - 8 * i));
	name[4] = '\0';
}
