/* SPDX-License-Identifier: MIT */
#include "daemon/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_NAME "actopd.lock"
#define LOCK_MARK "marked\n"
#define LOCK_FRESH_S (12 * 3600) /* clean-ups of temporary files take days for old */
#define LOCK_ATTEMPTS 100 /* somebody would have to replace the file that often meanwhile */

/* A directory to lock in, and what is asked of it. */
struct lock_directory {
	char path[PATHS_MAX];
	const char *name; /* of the lock file */
	int flags;	  /* O_NOFOLLOW or 0 */
	bool parents;	  /* create those that are missing, too */
	bool root_too;	  /* may belong to root instead of us */
	mode_t create;	  /* with these permissions; 0 = must exist, and is not checked */
	mode_t refuse;	  /* permission bits that it must not have */
};

/* Makes every directory above path; what fails shows when path itself is made. */
static void lock_make_parents(const char *path)
{
	char parent[PATHS_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		memcpy(parent, path, (size_t)(slash - path));
		parent[slash - path] = '\0';
		mkdir(parent, 0700);
	}
}

static int lock_check_directory(const struct lock_directory *dir, int fd, struct message *why)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return message_set(why, -errno, "%s: %s", dir->path, strerror(errno));
	if (st.st_uid != geteuid() && !(dir->root_too && st.st_uid == 0))
		return message_set(why, -EPERM,
			"directory %s belongs to uid %lu, not to us (uid %lu); remove it or "
			"name "
			"another place",
			dir->path, (unsigned long)st.st_uid, (unsigned long)geteuid());
	if (st.st_mode & dir->refuse)
		return message_set(why, -EPERM,
			"directory %s is open to others (mode %04o); chmod %s it", dir->path,
			(unsigned)(st.st_mode & 07777), dir->refuse & 055 ? "0700" : "go-w");
	return 0;
}

/* A descriptor of the directory, made and checked as dir says; or -errno. */
static int lock_open_directory(const struct lock_directory *dir, struct message *why)
{
	bool made = false;
	int fd, rc = 0;

	if (dir->parents)
		lock_make_parents(dir->path);
	if (dir->create)
		made = mkdir(dir->path, dir->create) == 0;
	fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | dir->flags);
	if (fd < 0)
		return message_set(why, -errno, "directory %s: %s", dir->path, strerror(errno));
	if (made && fchmod(fd, dir->create) < 0) /* whatever the umask was */
		rc = message_set(why, -errno, "directory %s: %s", dir->path, strerror(errno));
	if (rc == 0 && dir->create)
		rc = lock_check_directory(dir, fd, why);
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

/* Did the name keep leading to what we opened, until we had the lock? */
static bool lock_is_current(int fd, int dir_fd, const char *name)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 &&
		fstatat(dir_fd, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
		ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* Opens and locks.  A descriptor, or -errno; -EWOULDBLOCK with *busy open to read the pid. */
static int lock_try(int dir_fd, const char *name, int *busy)
{
	int fd = openat(
		dir_fd, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	struct stat st;
	int rc;

	if (fd < 0)
		return -errno;
	do
		rc = flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
	while (rc == -EINTR);
	if (rc == -EWOULDBLOCK) {
		*busy = fd;
		return rc;
	}
	if (rc == 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)))
		rc = -EINVAL;
	if (rc == 0 && !lock_is_current(fd, dir_fd, name))
		rc = -ESTALE;
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

static pid_t lock_read_pid(int fd)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid = n > 0 ? strtol(text, NULL, 10) : 0;

	return pid > 0 ? (pid_t)pid : 0;
}

static bool lock_read_mark(int fd)
{
	char text[64] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 && strstr(text, LOCK_MARK);
}

/* Shortened last: what is there keeps its place on the disk. */
static int lock_write(const struct lock *lock)
{
	char text[64];
	int n = snprintf(
		text, sizeof(text), "%ld\n%s", (long)getpid(), lock->marked ? LOCK_MARK : "");
	ssize_t written = pwrite(lock->fd, text, (size_t)n, 0);

	if (written < 0 || ftruncate(lock->fd, n) < 0)
		return -errno;
	return written == n ? 0 : -ENOSPC;
}

int lock_mark(struct lock *lock, bool marked)
{
	if (lock->fd < 0 || lock->marked == marked)
		return 0;
	lock->marked = marked;
	return lock_write(lock);
}

static int lock_take_in(
	struct lock *lock, const struct lock_directory *dir, struct message *why)
{
	int dir_fd = lock_open_directory(dir, why);
	int busy = -1, rc = -ESTALE;

	*lock = (struct lock){ .fd = -1 };
	if (dir_fd < 0)
		return dir_fd;
	for (int i = 0; i < LOCK_ATTEMPTS && rc == -ESTALE; i++)
		rc = lock_try(dir_fd, dir->name, &busy);
	close(dir_fd);
	if (busy >= 0) {
		lock->holder = lock_read_pid(busy);
		close(busy);
		return -EWOULDBLOCK;
	}
	if (rc >= 0) {
		lock->fd = rc;
		lock->marked = lock_read_mark(rc);
		rc = lock_write(lock);
	}
	if (rc == 0)
		return 0;
	lock_drop(lock);
	return message_set(
		why, rc, "cannot lock %s/%s: %s", dir->path, dir->name, strerror(-rc));
}

/* Tells who has it, as far as known. */
static int lock_fail_busy(
	const struct lock *lock, const char *what, const char *path, struct message *why)
{
	char pid[32] = "";

	if (lock->holder)
		snprintf(pid, sizeof(pid), " (pid %ld)", (long)lock->holder);
	return message_set(
		why, -EWOULDBLOCK, "actopd is already running%s, %s %s", pid, what, path);
}

/* Sets the directory part of a path of a socket. */
static int lock_split(struct lock_directory *dir, const char *path, struct message *why)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;

	if (strlen(path) >= PATHS_MAX - sizeof(".lock") || (slash ? slash[1] : *path) == '\0')
		return message_set(why, -EINVAL, "%.200s is not a path for a socket", path);
	memcpy(dir->path, path, length);
	dir->path[length] = '\0';
	if (length == 0)
		snprintf(dir->path, sizeof(dir->path), "%s", slash ? "/" : ".");
	return 0;
}

/* Where the lock of a socket is, and what its directory must be; name is room for its name. */
static int lock_find(struct lock_directory *dir, char name[PATHS_MAX],
	const struct place *place, struct message *why)
{
	const char *slash = strrchr(place->path, '/');
	int rc;

	*dir = (struct lock_directory){ .name = LOCK_NAME, .flags = O_NOFOLLOW };
	rc = lock_split(dir, place->path, why);
	if (rc < 0)
		return rc;
	if (place->kind == PLACE_EXPLICIT) {
		snprintf(name, PATHS_MAX, "%s.lock", slash ? slash + 1 : place->path);
		/* A default place that is named is the same place. */
		dir->name = strcmp(name, PATHS_SOCKET ".lock") ? name : LOCK_NAME;
		dir->flags = 0;
	} else if (place->kind == PLACE_SYSTEM) {
		dir->create = 0755;
		dir->refuse = S_IWOTH;
		dir->root_too = true;
	} else {
		dir->create = 0700;
		dir->refuse = 077;
		dir->parents = true;
	}
	return 0;
}

int lock_take(struct lock *lock, const struct place *place, struct message *why)
{
	struct lock_directory dir;
	char name[PATHS_MAX];
	int rc = lock_find(&dir, name, place, why);

	*lock = (struct lock){ .fd = -1 };
	if (rc == 0)
		rc = lock_take_in(lock, &dir, why);
	return rc == -EWOULDBLOCK ? lock_fail_busy(lock, "socket", place->path, why) : rc;
}

/* Is our file still at its place?  One that grows old there is touched. */
static bool lock_is_there(const struct lock *lock, const struct lock_directory *dir)
{
	int dir_fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | dir->flags);
	bool there = dir_fd >= 0 && lock_is_current(lock->fd, dir_fd, dir->name);
	struct stat st;

	if (there && fstat(lock->fd, &st) == 0 && time(NULL) - st.st_mtime > LOCK_FRESH_S)
		futimens(lock->fd, NULL);
	if (dir_fd >= 0)
		close(dir_fd);
	return there;
}

int lock_keep(struct lock *lock, const struct place *place, struct message *why)
{
	struct lock_directory dir;
	struct lock again;
	char name[PATHS_MAX];
	int rc = lock_find(&dir, name, place, why);

	if (rc < 0 || lock_is_there(lock, &dir))
		return rc;
	rc = lock_take(&again, place, why);
	if (rc < 0)
		return rc;
	lock_drop(lock);
	*lock = again;
	return 0;
}

int lock_take_directory(struct lock *lock, const char *path, struct message *why)
{
	struct lock_directory dir = {
		.name = LOCK_NAME, .parents = true, .create = 0700, .refuse = S_IWGRP | S_IWOTH
	};
	int rc;

	*lock = (struct lock){ .fd = -1 };
	if (*path == '\0' || strlen(path) >= sizeof(dir.path))
		return message_set(why, -EINVAL, "%.200s is not a path for a directory", path);
	memcpy(dir.path, path, strlen(path) + 1);
	rc = lock_take_in(lock, &dir, why);
	return rc == -EWOULDBLOCK ? lock_fail_busy(lock, "state directory", path, why) : rc;
}

void lock_drop(struct lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	lock->fd = -1;
}
