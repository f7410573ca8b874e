/* SPDX-License-Identifier: MIT */
#include "daemon/compat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define GROUPS_MAX_ASKED 256
#define USER_ENTRY_MAX 4096

#ifdef __APPLE__

#include <launch.h>
#include <mach/mach.h>

#define GROUP_ID int /* what getgrouplist() counts in */

const struct paths_scheme compat_paths = {
	.sockets = &sockpath_macos,
	.under_home = true,
	.system_state = "/var/db/actop",
	.temp = sockpath_temp,
};

int compat_peer_pid(int fd, pid_t *pid)
{
	socklen_t size = sizeof(*pid);

	return getsockopt(fd, SOL_LOCAL, LOCAL_PEERPID, pid, &size) < 0 ? -errno : 0;
}

int compat_resident_bytes(uint64_t *bytes)
{
	struct mach_task_basic_info info = { 0 };
	mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;

	if (task_info(mach_task_self(), MACH_TASK_BASIC_INFO, (task_info_t)&info, &count) !=
		KERN_SUCCESS)
		return -EIO;
	*bytes = info.resident_size;
	return 0;
}

int compat_launchd_sockets(const char *name, int *fds, unsigned max)
{
	int *given = NULL;
	size_t count = 0;
	int rc = launch_activate_socket(name, &given, &count);

	if (rc != 0)
		return -rc;
	if (count > max) {
		for (size_t i = 0; i < count; i++)
			close(given[i]);
		rc = -E2BIG;
	} else {
		memcpy(fds, given, count * sizeof(*fds));
		rc = (int)count;
	}
	free(given);
	return rc;
}

#else

#define GROUP_ID gid_t

/* The second field of /proc/self/statm is the resident set in pages. */
int compat_resident_bytes(uint64_t *bytes)
{
	char text[64];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	unsigned long long pages;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return -EIO;
	text[n] = '\0';
	if (sscanf(text, "%*u %llu", &pages) != 1)
		return -EINVAL;
	*bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
	return 0;
}

const struct paths_scheme compat_paths = {
	.sockets = &sockpath_linux,
	.system_state = "/var/lib/actop",
	.temp = sockpath_temp,
};

int compat_peer_pid(int fd, pid_t *pid)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return -errno;
	*pid = peer.pid;
	return 0;
}

int compat_launchd_sockets(const char *name, int *fds, unsigned max)
{
	(void)name;
	(void)fds;
	(void)max;
	return -ESRCH;
}

#endif

int compat_count_files(void)
{
	DIR *dir = opendir("/dev/fd");
	int n = 0;

	if (!dir)
		return -errno;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n > 3 ? n - 3 : 0; /* ".", ".." and the directory itself */
}

bool compat_in_group(uid_t uid, gid_t gid)
{
	GROUP_ID groups[GROUPS_MAX_ASKED];
	int count = GROUPS_MAX_ASKED;
	char text[USER_ENTRY_MAX];
	struct passwd entry, *user = NULL;

	if (getpwuid_r(uid, &entry, text, sizeof(text), &user) != 0 || !user)
		return false;
	if (getgrouplist(user->pw_name, (GROUP_ID)user->pw_gid, groups, &count) < 0)
		count = GROUPS_MAX_ASKED; /* of more groups, the first */
	for (int i = 0; i < count; i++)
		if ((gid_t)groups[i] == gid)
			return true;
	return false;
}

void compat_name_user(uid_t uid, char *name, size_t size)
{
	char text[USER_ENTRY_MAX];
	struct passwd entry, *user = NULL;

	if (getpwuid_r(uid, &entry, text, sizeof(text), &user) != 0)
		user = NULL;
	snprintf(name, size, "%s", user ? user->pw_name : "");
}

int compat_find_user(const char *name, uid_t *uid)
{
	char text[USER_ENTRY_MAX], *end;
	struct passwd entry, *user = NULL;
	unsigned long number = strtoul(name, &end, 10);

	if (name[0] >= '0' && name[0] <= '9' && *end == '\0' && number < UINT32_MAX) {
		*uid = (uid_t)number;
		return 0;
	}
	if (getpwnam_r(name, &entry, text, sizeof(text), &user) != 0 || !user)
		return -ENOENT;
	*uid = user->pw_uid;
	return 0;
}

unsigned compat_raise_files(unsigned want)
{
	struct rlimit limit, raised;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return (unsigned)sysconf(_SC_OPEN_MAX);
	raised = limit;
	if (raised.rlim_cur < want)
		raised.rlim_cur = raised.rlim_max < want ? raised.rlim_max : want;
	if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
		limit = raised;
	return limit.rlim_cur > UINT_MAX ? UINT_MAX : (unsigned)limit.rlim_cur;
}

bool compat_may_open(unsigned more)
{
	int used = compat_count_files();

	return used >= 0 && (unsigned)used + more <= compat_raise_files(0);
}
