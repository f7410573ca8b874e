/* SPDX-License-Identifier: MIT */
/*
 * Processes: the reference, section 10.  Beyond the format of a world the doubles know, of a
 * process, children_ns, read_bytes, written_bytes, status (5 is a zombie), running (how many of
 * its threads are), responsible (a pid) and args (the command line; path alone without), and of
 * the machine euid (whom they take the caller for) and rusage_version.
 */
#include <libproc.h>

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/proc.h>
#include <unistd.h>

#include "tests/apple/library.h"
#include "tests/apple/process.h"
#include "tests/apple/world.h"

#define LIST_SLACK 20
#define USAGE_SIZE 464 /* of version 6 */
#define ARGUMENTS_MAX 1048576

/* Offsets in what proc_pid_rusage fills. */
enum {
	AT_USER = 16,
	AT_SYSTEM = 24,
	AT_RESIDENT = 64,
	AT_FOOTPRINT = 72,
	AT_CHILD_USER = 96,
	AT_READ = 144,
	AT_WRITTEN = 152,
	AT_ENERGY = 336
};

static int fail(int error)
{
	errno = error;
	return -1;
}

/* ---- what the world says ---- */

static uint64_t process_value(const cJSON *process, const char *key, double missing)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(process, key);

	return (uint64_t)floor(world_number(value, missing) + 1e-6);
}

static const cJSON *process_find(int pid)
{
	const cJSON *each;

	cJSON_ArrayForEach(each, world_find("processes", NULL))
	{
		if (cJSON_IsObject(each) && process_value(each, "pid", -1) == (uint64_t)pid)
			return each;
	}
	return NULL;
}

static bool process_is_zombie(const cJSON *process)
{
	return process_value(process, "status", SRUN) == SZOMB;
}

/* Those of others are for root alone. */
static bool process_may_be_read(const cJSON *process)
{
	uid_t caller = (uid_t)world_number(world_find("euid", NULL), geteuid());

	return caller == 0 || caller == process_value(process, "uid", 0);
}

static bool process_grows(const cJSON *process, const char *key)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(process, key);
	const cJSON *rate = cJSON_GetObjectItemCaseSensitive(value, "per_s");

	return cJSON_GetNumberValue(rate) > 0;
}

static uint64_t process_ticks(const cJSON *process, const char *key)
{
	return world_to_ticks(process_value(process, key, 0));
}

/* ---- the list ---- */

static int list_pids(int *pids, int room, bool zombies)
{
	const cJSON *list = world_find("processes", NULL);
	int n = 0;

	/* The newest first, as far as a world tells. */
	for (int i = cJSON_GetArraySize(list) - 1; i >= 0 && n < room; i--) {
		const cJSON *process = cJSON_GetArrayItem(list, i);

		if (cJSON_IsObject(process) && process_is_zombie(process) == zombies)
			pids[n++] = (int)process_value(process, "pid", 0);
	}
	return n;
}

int proc_listpids(uint32_t type, uint32_t typeinfo, void *buffer, int size)
{
	WORLD_ALONE;
	int count = cJSON_GetArraySize(world_find("processes", NULL)) + LIST_SLACK, n;

	assert(type == PROC_ALL_PIDS && typeinfo == 0);
	if (world_call(__func__) || !world_find("processes", NULL)) {
		errno = EPERM;
		return 0;
	}
	if (!buffer)
		return count * (int)sizeof(int);
	if (count > size / (int)sizeof(int))
		count = size / (int)sizeof(int);
	n = list_pids(buffer, count, false);
	n += list_pids((int *)buffer + n, count - n, true);
	return n * (int)sizeof(int);
}

/* ---- who they are ---- */

static void fill_bsd(const cJSON *process, struct proc_bsdinfo *out)
{
	const char *name = world_text(process, "name", "");
	double start = world_number(cJSON_GetObjectItemCaseSensitive(process, "start"), 0);

	out->pbi_status = (uint32_t)process_value(process, "status", SRUN);
	out->pbi_pid = (uint32_t)process_value(process, "pid", 0);
	out->pbi_ppid = (uint32_t)process_value(process, "ppid", 0);
	out->pbi_uid = out->pbi_ruid = (uid_t)process_value(process, "uid", 0);
	strncpy(out->pbi_comm, name, sizeof(out->pbi_comm) - 1);
	strncpy(out->pbi_name, name, sizeof(out->pbi_name) - 1);
	out->pbi_start_tvsec = (uint64_t)start;
	out->pbi_start_tvusec = (uint64_t)lround((start - floor(start)) * 1e6);
}

static void fill_short(const cJSON *process, struct proc_bsdshortinfo *out)
{
	out->pbsi_status = (uint32_t)process_value(process, "status", SRUN);
	out->pbsi_pid = (uint32_t)process_value(process, "pid", 0);
	out->pbsi_ppid = (uint32_t)process_value(process, "ppid", 0);
	out->pbsi_uid = out->pbsi_ruid = (uid_t)process_value(process, "uid", 0);
	strncpy(out->pbsi_comm, world_text(process, "name", ""), sizeof(out->pbsi_comm) - 1);
}

static void fill_task(const cJSON *process, struct proc_taskinfo *out)
{
	bool busy = process_grows(process, "user_ns") || process_grows(process, "system_ns");

	out->pti_resident_size = process_value(process, "rss", 0);
	out->pti_total_user = process_ticks(process, "user_ns");
	out->pti_total_system = process_ticks(process, "system_ns");
	out->pti_threadnum = (int32_t)process_value(process, "threads", 1);
	out->pti_numrunning = (int32_t)process_value(process, "running", busy);
}

static int answer(const void *from, size_t length, void *buffer, int size)
{
	if (size < (int)length) {
		errno = ENOMEM;
		return 0;
	}
	memcpy(buffer, from, length);
	return (int)length;
}

static int answer_info(const cJSON *process, int flavor, void *buffer, int size)
{
	union {
		struct proc_taskallinfo all;
		struct proc_bsdinfo bsd;
		struct proc_bsdshortinfo brief;
	} out;

	memset(&out, 0, sizeof(out));
	switch (flavor) {
	case PROC_PIDTASKALLINFO:
		fill_bsd(process, &out.all.pbsd);
		fill_task(process, &out.all.ptinfo);
		return answer(&out, sizeof(out.all), buffer, size);
	case PROC_PIDTBSDINFO:
		fill_bsd(process, &out.bsd);
		return answer(&out, sizeof(out.bsd), buffer, size);
	default:
		assert(flavor == PROC_PIDT_SHORTBSDINFO);
		fill_short(process, &out.brief);
		return answer(&out, sizeof(out.brief), buffer, size);
	}
}

/* A zombie is found by those that were asked for one, and that do not tell of its task. */
int proc_pidinfo(int pid, int flavor, uint64_t arg, void *buffer, int size)
{
	WORLD_ALONE;
	const cJSON *process = process_find(pid);

	errno = ESRCH;
	if (world_call(__func__) || !process)
		return 0;
	if (process_is_zombie(process) && (flavor == PROC_PIDTASKALLINFO || arg == 0))
		return 0;
	errno = EPERM;
	if (flavor != PROC_PIDT_SHORTBSDINFO && !process_may_be_read(process))
		return 0;
	return answer_info(process, flavor, buffer, size);
}

/* Everybody's, and that of no zombie. */
int proc_pidpath(int pid, void *buffer, uint32_t size)
{
	WORLD_ALONE;
	const cJSON *process = process_find(pid);
	const char *path = world_text(process, "path", NULL);

	errno = ESRCH;
	if (world_call(__func__) || !path || process_is_zombie(process))
		return 0;
	if (size > 4096 || strlen(path) >= size) {
		errno = EOVERFLOW;
		return 0;
	}
	memcpy(buffer, path, strlen(path) + 1);
	return (int)strlen(path);
}

/* ---- what they used ---- */

static void put_usage(uint8_t *bytes, size_t at, uint64_t value)
{
	memcpy(bytes + at, &value, sizeof(value));
}

int proc_pid_rusage(int pid, int flavor, rusage_info_t *buffer)
{
	WORLD_ALONE;
	static const size_t sizes[] = { 96, 144, 160, 232, 296, 304, USAGE_SIZE };
	const cJSON *process = process_find(pid);
	uint8_t out[USAGE_SIZE] = { 0 };

	if (world_call(__func__) || !process)
		return fail(ESRCH);
	if (!process_may_be_read(process))
		return fail(EPERM);
	if (flavor < 0 || flavor > 6 ||
		flavor > world_number(world_find("rusage_version", NULL), 6))
		return fail(EINVAL);
	put_usage(out, AT_USER, process_ticks(process, "user_ns"));
	put_usage(out, AT_SYSTEM, process_ticks(process, "system_ns"));
	put_usage(out, AT_RESIDENT, process_value(process, "rss", 0));
	put_usage(out, AT_FOOTPRINT, process_value(process, "footprint", 0));
	put_usage(out, AT_CHILD_USER, process_ticks(process, "children_ns"));
	put_usage(out, AT_READ, process_value(process, "read_bytes", 0));
	put_usage(out, AT_WRITTEN, process_value(process, "written_bytes", 0));
	put_usage(out, AT_ENERGY, process_value(process, "energy_nj", 0));
	memcpy(buffer, out, sizes[flavor]);
	return 0;
}

/* ---- whom they work for ---- */

static pid_t responsibility_get_pid_responsible_for_pid(pid_t pid)
{
	WORLD_ALONE;
	const cJSON *process = process_find(pid);

	if (world_call(__func__) || !process)
		return -1;
	return (pid_t)process_value(process, "responsible", pid);
}

const struct library library_system = { "/usr/lib/libSystem.B.dylib",
	{ { "responsibility_get_pid_responsible_for_pid",
		(library_function)responsibility_get_pid_responsible_for_pid } } };

/* ---- command lines ---- */

struct arguments {
	char bytes[65536];
	size_t used;
	int count;
};

static void add_string(struct arguments *a, const char *text)
{
	size_t length = strlen(text) + 1;

	assert(a->used + length <= sizeof(a->bytes));
	memcpy(a->bytes + a->used, text, length);
	a->used += length;
}

/* The path and zeros up to a word, the arguments, and then the environment. */
static void list_arguments(struct arguments *a, const cJSON *process)
{
	const cJSON *args = cJSON_GetObjectItemCaseSensitive(process, "args"), *each;
	const char *path = world_text(process, "path", world_text(process, "name", ""));

	a->used = 0;
	a->count = 0;
	add_string(a, path);
	while (a->used % sizeof(void *))
		a->bytes[a->used++] = '\0';
	cJSON_ArrayForEach(each, args)
	{
		add_string(a, cJSON_IsString(each) ? each->valuestring : "");
		a->count++;
	}
	if (!cJSON_IsArray(args)) {
		add_string(a, path);
		a->count = 1;
	}
	add_string(a, "SECRET=of the environment");
}

/* A buffer that is too small gets the end of it, which is the environment. */
int process_arguments(int pid, void *old, size_t *old_size)
{
	static struct arguments a;
	const cJSON *process = process_find(pid);
	size_t room = *old_size - sizeof(int);

	if (!process || process_is_zombie(process) || !process_may_be_read(process))
		return fail(EINVAL);
	list_arguments(&a, process);
	if (!old) {
		*old_size = (sizeof(int) + a.used + 3) / 4 * 4;
		return 0;
	}
	if (*old_size <= sizeof(int) || room > ARGUMENTS_MAX)
		return fail(EINVAL);
	if (room > a.used)
		room = a.used;
	memcpy(old, &a.count, sizeof(int));
	memcpy((char *)old + sizeof(int), a.bytes + a.used - room, room);
	*old_size = sizeof(int) + room;
	return 0;
}
