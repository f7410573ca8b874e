/* SPDX-License-Identifier: MIT */
#include "client/target.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void target_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

int target_partial_name(const char *path, char to[TARGET_PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	int n = snprintf(to, TARGET_PATH_MAX, "%.*s.%s.XXXXXX", (int)(name - path), path, name);

	return n < 0 || n >= TARGET_PATH_MAX ? -ENAMETOOLONG : 0;
}

enum file_format target_format(const char *path, enum file_format given)
{
	static const struct {
		const char *suffix;
		enum file_format format;
	} suffixes[] = {
		{ ".csv", FILE_CSV },
		{ ".ndjson", FILE_NDJSON },
		{ ".jsonl", FILE_NDJSON },
		{ ".json", FILE_NDJSON },
	};
	size_t n = strlen(path);

	for (size_t i = 0; given == FILE_AUTO && i < sizeof(suffixes) / sizeof(*suffixes);
		i++) {
		size_t m = strlen(suffixes[i].suffix);

		if (n > m && strcmp(path + n - m, suffixes[i].suffix) == 0)
			return suffixes[i].format;
	}
	return given;
}

/* As open() would make it: mkstemp() lets nobody else read. */
static void target_set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	fchmod(fd, 0666 & ~mask);
}

/* A terminal, a pipe, /dev/null: nothing that could be put in its place would be one. */
static bool target_is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int target_open_special(struct target *t)
{
	t->file = fopen(t->path, "w");
	return t->file ? 0 : -errno;
}

int target_open(struct target *t, const char *path)
{
	sigset_t set;
	int fd, rc;

	*t = (struct target){ .path = path };
	if (target_is_special(path))
		return target_open_special(t);
	rc = target_partial_name(path, t->partial);
	if (rc)
		return rc;
	target_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = mkstemp(t->partial);
	if (fd < 0)
		return -errno;
	target_set_mode(fd);
	t->file = fdopen(fd, "w");
	if (t->file)
		return 0;
	rc = -errno;
	close(fd);
	unlink(t->partial);
	return rc;
}

bool target_interrupted(void)
{
	sigset_t set;

	return sigpending(&set) == 0 &&
		(sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1 ||
			sigismember(&set, SIGHUP) == 1);
}

static void target_release(void)
{
	sigset_t set;

	target_signals(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int target_commit(struct target *t)
{
	bool special = !t->partial[0];
	int rc = 0;

	if (fflush(t->file) != 0 || (!special && fsync(fileno(t->file)) < 0))
		rc = -errno;
	if (fclose(t->file) != 0 && rc == 0)
		rc = -errno;
	t->file = NULL;
	if (special)
		return rc;
	if (rc == 0 && rename(t->partial, t->path) < 0)
		rc = -errno;
	if (rc < 0)
		unlink(t->partial);
	target_release();
	return rc;
}

void target_abandon(struct target *t)
{
	if (!t->file)
		return;
	fclose(t->file);
	t->file = NULL;
	if (!t->partial[0])
		return;
	unlink(t->partial);
	target_release();
}
