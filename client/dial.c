/* SPDX-License-Identifier: MIT */
#include "client/dial.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/remote.h"
#include "client/report.h"
#include "proto/peer.h"

static struct dial_attempt *dial_add(struct dial *dial, const char *path)
{
	struct dial_attempt *a = &dial->attempts[dial->count++];

	*a = (struct dial_attempt){ .code = -ENOENT };
	if (path)
		snprintf(a->path, sizeof(a->path), "%s", path);
	if (path && strlen(path) >= sizeof(a->path))
		a->code = sockpath_check(path, a->why);
	return a;
}

static void dial_find_default(struct dial *dial)
{
	struct sockpath_env env;
	char temp[SOCKPATH_MAX], path[SOCKPATH_MAX];

	sockpath_env_read(&env, temp);
	for (unsigned n = 0; dial->count < DIAL_PATHS_MAX - 1; n++) {
		int rc = sockpath_user(sockpath_native, &env, n, path);

		if (rc == -ENOENT)
			break;
		dial_add(dial, path);
	}
	dial_add(dial, sockpath_native->system)->system = true;
}

void dial_find(struct dial *dial, const struct options *options)
{
	const char *named = options->socket ? options->socket : getenv("ACTOPD_SOCKET");

	*dial = (struct dial){ .host = options->host, .socket = options->socket };
	if (dial->host)
		snprintf(dial_add(dial, NULL)->path, SOCKPATH_MAX, "%s", dial->host);
	else if (named && (*named || options->socket))
		dial_add(dial, named)->system = strcmp(named, sockpath_native->system) == 0;
	else
		dial_find_default(dial);
}

bool dial_trusts(uid_t own, uid_t peer, bool system, uid_t directory_owner)
{
	return peer == own || peer == 0 || (system && peer == directory_owner);
}

static uid_t dial_directory_owner(const char *path)
{
	char dir[SOCKPATH_MAX];
	char *slash;
	struct stat st;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (!slash)
		return geteuid();
	slash[slash == dir] = '\0';
	return lstat(dir, &st) == 0 ? st.st_uid : geteuid();
}

static int dial_check_owner(struct dial_attempt *a, const char *what, uid_t uid)
{
	if (dial_trusts(geteuid(), uid, a->system, dial_directory_owner(a->path)))
		return 0;
	snprintf(a->why, sizeof(a->why), "%s uid %lu, neither you nor root: not used", what,
		(unsigned long)uid);
	return -EPERM;
}

/* Before connecting: a socket of somebody else, put where ours should be, gets nothing. */
static int dial_check_file(struct dial_attempt *a)
{
	struct stat st;

	if (lstat(a->path, &st) < 0)
		return -errno;
	if (!S_ISSOCK(st.st_mode) && !S_ISLNK(st.st_mode)) {
		snprintf(a->why, sizeof(a->why), "is no socket");
		return -ENOTSOCK;
	}
	a->given = a->system && st.st_uid == 0 && S_ISSOCK(st.st_mode);
	return dial_check_owner(a, "the file belongs to", st.st_uid);
}

static int dial_open(const struct dial_attempt *a, int64_t timeout_ms)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval limit = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };
	int rc, fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0)
		return -errno;
	memcpy(address.sun_path, a->path, strlen(a->path) + 1);
	/* On Linux this bounds connect(2) too, which waits while the backlog is full. */
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	rc = errno == EAGAIN ? -ETIMEDOUT : -errno;
	close(fd);
	return rc;
}

static int dial_try(struct dial_attempt *a, int64_t timeout_ms)
{
	uid_t uid;
	int fd, rc;

	rc = a->code == -ENAMETOOLONG ? a->code : sockpath_check(a->path, a->why);
	if (rc == 0)
		rc = dial_check_file(a);
	if (rc < 0)
		return rc;
	fd = dial_open(a, timeout_ms);
	if (fd < 0)
		return fd;
	rc = peer_uid(fd, &uid);
	if (rc == 0 && !a->given)
		rc = dial_check_owner(a, "the daemon runs as", uid);
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

static int dial_connect_remote(struct dial *dial)
{
	struct dial_attempt *a = &dial->attempts[0];
	struct remote remote;
	char why[REMOTE_WHY_MAX];
	int fd = remote_parse(&remote, dial->host, why);

	if (fd == 0)
		fd = remote_open(&remote, dial->socket, &dial->child);
	if (fd >= 0)
		return fd;
	dial->child = 0;
	a->code = -ECHILD;
	snprintf(a->why, sizeof(a->why), "ssh cannot be started: %s", strerror(-fd));
	return -1;
}

void dial_close(struct dial *dial)
{
	pid_t child = dial->child;

	dial->child = 0;
	if (child <= 0)
		return;
	/* It may not have got through yet, and would not see that its input has ended. */
	kill(child, SIGTERM);
	remote_wait(child);
}

int dial_report_remote(struct dial *dial)
{
	int status = remote_wait(dial->child);

	dial->child = 0;

	/* What actopctl proxy has said on the other machine came through ssh; its exit status
	 * is ours. */
	if (status == EXIT_UNREACHABLE || status == EXIT_DENIED)
		return report_error(status, "no actopd answers on %s", dial->host);
	if (status == REMOTE_NO_COMMAND)
		return report_error(EXIT_UNREACHABLE,
			"%s: actopctl is not there, or not in the PATH of its ssh", dial->host);
	return report_error(EXIT_UNREACHABLE, "%s: the connection has ended (ssh: exit %d)",
		dial->host, status);
}

int dial_connect(struct dial *dial, int64_t timeout_ms)
{
	if (dial->host)
		return dial_connect_remote(dial);
	for (unsigned i = 0; i < dial->count; i++) {
		struct dial_attempt *a = &dial->attempts[i];
		int fd = dial_try(a, timeout_ms);

		a->code = fd < 0 ? fd : 0;
		dial->chosen = i;
		if (fd >= 0)
			return fd;
		if (!a->why[0])
			snprintf(a->why, sizeof(a->why), "%s", strerror(-fd));
	}
	return -1;
}

const char *dial_explain(const struct dial_attempt *a)
{
	switch (a->code) {
	case -ENOENT:
	case -ENOTDIR:
		return "no such file";
	case -ECONNREFUSED:
		return "nobody listens there (left over from a daemon that ended)";
	case -EACCES:
		return "permission denied";
	case -ETIMEDOUT:
		return "it does not take connections";
	default:
		return a->why;
	}
}

static bool dial_was_denied(const struct dial *dial)
{
	for (unsigned i = 0; i < dial->count; i++)
		if (dial->attempts[i].code == -EACCES || dial->attempts[i].code == -EPERM)
			return true;
	return false;
}

static void dial_report_attempt(const struct dial_attempt *a)
{
	if (a->code == -ENAMETOOLONG || a->code == -EINVAL)
		report_detail("%s", a->why);
	else
		report_detail("%s: %s", a->path, dial_explain(a));
}

const char *dial_service(bool macos, bool systemd)
{
	if (macos)
		return "brew services start actopd";
	return systemd ? "systemctl --user start actopd" : NULL;
}

static void dial_report_start(const struct dial *dial)
{
	const struct dial_attempt *a = &dial->attempts[0];
	const char *service = dial_service(
		sockpath_native == &sockpath_macos, access("/run/systemd/system", F_OK) == 0);

	if (dial->host)
		return;
	if (dial->count > 1 && service) {
		report_detail("start one:          %s", service);
		report_detail("in this terminal:   actopd &");
	} else if (dial->count > 1) {
		report_detail("start one:  actopd &");
	} else if (a->code == -ENOENT || a->code == -ECONNREFUSED)
		report_detail("start one there:  actopd --socket %s", a->path);
}

int dial_report(const struct dial *dial)
{
	bool denied = dial_was_denied(dial);
	int code = denied ? EXIT_DENIED : EXIT_UNREACHABLE;

	report_error(code, denied ? "may not talk to actopd" : "no actopd answers");
	for (unsigned i = 0; i < dial->count; i++)
		dial_report_attempt(&dial->attempts[i]);
	if (!denied)
		dial_report_start(dial);
	return code;
}
