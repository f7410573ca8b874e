/* SPDX-License-Identifier: MIT */
#include "daemon/source/linux/procstat.h"

#include <string.h>

#define KIB 1024

/* Leaves out that many words. */
static void procstat_skip(struct text *rest, unsigned words)
{
	struct text word;

	while (words-- > 0)
		text_take_word(rest, &word);
}

static bool procstat_take_sum(struct text *rest, uint64_t *sum)
{
	uint64_t a, b;

	if (!text_take_number(rest, &a) || !text_take_number(rest, &b))
		return false;
	*sum = a + b;
	return true;
}

/* What stands between the first "(" and the last ")"; rest goes on behind it. */
static bool procstat_take_name(struct text *rest, struct text *name)
{
	const char *open = rest->at, *close = rest->end;

	while (open < rest->end && *open != '(')
		open++;
	while (close > open && close[-1] != ')')
		close--;
	if (open == rest->end || close <= open + 1)
		return false;
	*name = (struct text){ open + 1, close - 1 };
	rest->at = close;
	return true;
}

bool procstat_parse(struct text file, struct procstat *stat)
{
	struct text word;
	uint64_t pid, ppid, threads;

	if (!text_take_number(&file, &pid) || pid > INT32_MAX ||
		!procstat_take_name(&file, &stat->name) || !text_take_word(&file, &word) ||
		!text_take_number(&file, &ppid) || ppid > INT32_MAX)
		return false;
	stat->pid = (int32_t)pid;
	stat->ppid = (int32_t)ppid;
	stat->state = *word.at;
	procstat_skip(&file, 9); /* pgrp to cmajflt */
	if (!procstat_take_sum(&file, &stat->cpu_ticks) ||
		!procstat_take_sum(&file, &stat->children_ticks))
		return false;
	procstat_skip(&file, 2); /* priority, nice */
	if (!text_take_number(&file, &threads))
		return false;
	stat->threads = threads > UINT32_MAX - 1 ? UINT32_MAX - 1 : (uint32_t)threads;
	procstat_skip(&file, 1); /* itrealvalue */
	if (!text_take_number(&file, &stat->start_ticks))
		return false;
	procstat_skip(&file, 1); /* vsize */
	return text_take_number(&file, &stat->rss_pages);
}

/* "key number", the key with its colon. */
static bool procstat_take_value(struct text line, const char *key, uint64_t *value)
{
	return text_take_prefix(&line, key) && text_take_number(&line, value);
}

uint64_t procstat_parse_footprint(struct text status)
{
	static const char *const keys[] = { "RssAnon:", "RssShmem:", "VmSwap:" };
	uint64_t kib, sum = 0;
	struct text line;

	while (text_take_line(&status, &line, true))
		for (unsigned i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			if (procstat_take_value(line, keys[i], &kib))
				sum += kib * KIB;
	return sum;
}

bool procstat_parse_io(struct text io, uint64_t *read_bytes, uint64_t *written_bytes)
{
	struct text line;
	unsigned found = 0;

	while (text_take_line(&io, &line, true)) {
		found += procstat_take_value(line, "read_bytes:", read_bytes);
		found += procstat_take_value(line, "write_bytes:", written_bytes);
	}
	return found == 2;
}

/* What stands behind the second colon. */
static bool procstat_take_path(struct text line, struct text *path)
{
	unsigned colons = 0;

	while (line.at < line.end && colons < 2)
		colons += *line.at++ == ':';
	*path = line;
	return colons == 2 && line.at < line.end && *line.at == '/';
}

bool procstat_parse_cgroup(struct text cgroup, struct text *path)
{
	struct text line, found;
	bool any = false, below = false;

	while (text_take_line(&cgroup, &line, true)) {
		struct text rest = line;
		bool unified = text_take_prefix(&rest, "0::");

		if (!procstat_take_path(line, &found))
			continue;
		if (!any || (found.end - found.at > 1 && (unified || !below)))
			*path = found;
		any = true;
		below = below || path->end - path->at > 1;
	}
	return any;
}

bool procstat_parse_boot(struct text stat, uint64_t *boot_s)
{
	struct text line;

	while (text_take_line(&stat, &line, true))
		if (procstat_take_value(line, "btime", boot_s))
			return true;
	return false;
}

/* FNV-1a, 64 bits (draft-eastlake-fnv). */
static uint64_t procstat_hash(uint64_t hash, struct text text)
{
	for (; text.at < text.end; text.at++)
		hash = (hash ^ (unsigned char)*text.at) * UINT64_C(0x100000001b3);
	return hash;
}

/* "drm-engine-NAME: N ns"; "drm-engine-capacity-NAME: N" is no time. */
static bool procstat_take_engine(struct text line, uint64_t *ns)
{
	struct text word;

	return text_take_prefix(&line, "drm-engine-") &&
		!text_take_prefix(&line, "capacity-") && text_take_word(&line, &word) &&
		text_take_number(&line, ns);
}

bool procstat_parse_gpu(struct text fdinfo, uint64_t *client, uint64_t *gpu_ns)
{
	struct text line;
	bool named = false, worked = false;
	uint64_t ns;

	*client = UINT64_C(0xcbf29ce484222325);
	*gpu_ns = 0;
	while (text_take_line(&fdinfo, &line, true)) {
		struct text rest = line;

		if (text_take_prefix(&rest, "drm-client-id:"))
			named = true;
		if (text_take_prefix(&rest, "drm-pdev:") || rest.at != line.at)
			*client = procstat_hash(*client, rest);
		if (procstat_take_engine(line, &ns)) {
			*gpu_ns += ns;
			worked = true;
		}
	}
	return named && worked;
}
