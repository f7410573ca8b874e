/* SPDX-License-Identifier: MIT */
#include "client/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/conn.h"

#define CAPTURE_PIECE 4096

static void capture_exec(const char *const *argv, int fd)
{
	int null = open("/dev/null", O_RDONLY);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
		dup2(fd, STDERR_FILENO) < 0)
		_exit(CAPTURE_NOT_RUN);
	if (null > STDERR_FILENO)
		close(null);
	execvp(argv[0], (char *const *)argv);
	_exit(CAPTURE_NOT_RUN);
}

/* As much as fits: a buffer that overflows would take nothing more, and the beginning counts.
 */
static void capture_add(struct buf *out, const char *bytes, size_t n)
{
	size_t room = out->limit - out->len;

	if (room > 0)
		buf_add(out, bytes, n < room ? n : room);
}

/* Waits for bytes or the end.  0 or -errno. */
static int capture_await(int fd, int64_t deadline_ms)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int64_t left;
	int rc;

	do {
		left = deadline_ms - conn_clock_ms();
		rc = left > 0 ? poll(&ready, 1, (int)left) : 0;
	} while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return -errno;
	return rc == 0 ? -ETIMEDOUT : 0;
}

/* Reads until all who have the other end have closed it.  0 or -errno. */
static int capture_read(struct buf *out, int fd, int64_t deadline_ms)
{
	char piece[CAPTURE_PIECE];
	ssize_t n;

	do {
		int rc = capture_await(fd, deadline_ms);

		if (rc < 0)
			return rc;
		n = read(fd, piece, sizeof(piece));
		if (n > 0)
			capture_add(out, piece, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -errno : 0;
}

static int capture_wait(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int capture_run(struct buf *out, const char *const *argv, int64_t timeout_ms)
{
	int fds[2], rc, code;
	pid_t child;

	if (pipe(fds) < 0)
		return -errno;
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	child = fork();
	if (child == 0)
		capture_exec(argv, fds[1]);
	rc = child < 0 ? -errno : 0;
	close(fds[1]);
	if (rc == 0)
		rc = capture_read(out, fds[0], conn_clock_ms() + timeout_ms);
	close(fds[0]);
	if (child < 0)
		return rc;
	if (rc < 0)
		kill(child, SIGKILL);
	code = capture_wait(child);
	return rc < 0 ? rc : code;
}
