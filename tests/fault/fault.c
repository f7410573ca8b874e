/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a daemon: makes calls of the system fail or take one byte only.
 *
 * ACTOP_FAULT=CALL:N:WHAT  the N-th call of CALL, 1 the first, or all of them with N = *; WHAT
 * is the name of an error or "short": one byte, on sockets only, because files of /proc are
 * never read in such pieces. ACTOP_FAULT_HIT=FILE     made when the call was reached.
 *
 * CALL "alloc" is everything that allocates, "read" is read, readv and pread, "write" is write,
 * writev and send, "open" is everything that opens a file or a directory, "accept" is accept
 * and accept4, "thread" is pthread_create.  The libraries call some of them by names of their
 * own (open64); tests/e2e/fault.py looks whether any is left out.
 *
 * ACTOP_FAULT_GREED=FILE  a thread that, while there is such a file, opens whatever descriptors
 * the process may have, and gives them back some times a second.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum call {
	CALL_ALLOC,
	CALL_READ,
	CALL_WRITE,
	CALL_OPEN,
	CALL_ACCEPT,
	CALL_EPOLL,
	CALL_CLOCK,
	CALL_THREAD,
	CALL_COUNT
};

static const char *const call_names[CALL_COUNT] = { "alloc", "read", "write", "open", "accept",
	"epoll_ctl", "clock_gettime", "thread" };

static const struct {
	const char *name;
	int number;
} errors[] = { { "ENOMEM", ENOMEM }, { "EMFILE", EMFILE }, { "EINTR", EINTR },
	{ "EAGAIN", EAGAIN }, { "EPIPE", EPIPE }, { "ECONNABORTED", ECONNABORTED },
	{ "ECONNRESET", ECONNRESET }, { "EIO", EIO }, { "ENOSPC", ENOSPC },
	{ "EINVAL", EINVAL }, { "short", 0 } };

/* The plan is read before main() and never changes. */
static struct {
	bool armed;
	enum call call;
	unsigned long n; /* 0 = all */
	int error;	 /* 0 = short */
	const char *hit;
} plan;

static atomic_ulong calls;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* The next definition behind this one. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void fault_read_plan(void)
{
	const char *text = getenv("ACTOP_FAULT");
	char call[32], what[32], n[32];

	if (!text || sscanf(text, "%31[^:]:%31[^:]:%31s", call, n, what) != 3)
		return;
	while (plan.call < CALL_COUNT && strcmp(call, call_names[plan.call]) != 0)
		plan.call++;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (strcmp(what, errors[i].name) == 0)
			plan.error = errors[i].number;
	plan.n = strtoul(n, NULL, 10);
	plan.hit = getenv("ACTOP_FAULT_HIT");
	plan.armed = true;
}

#define GREED_MAX 4096
#define GREED_PAUSE_US 100
#define GREED_HOLD 500 /* pauses, after which all is given back */

/* Takes what there is, and whatever is closed by others before they can open it again. */
static unsigned greed_take(int fds[GREED_MAX])
{
	unsigned count = 0;

	for (unsigned i = 0; i < GREED_HOLD; i++) {
		long fd = 0;

		while (fd >= 0 && count < GREED_MAX) {
			fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC);
			if (fd >= 0)
				fds[count++] = (int)fd;
		}
		usleep(GREED_PAUSE_US);
	}
	return count;
}

static void *greed_run(void *file)
{
	static int fds[GREED_MAX];

	while (true) {
		unsigned count = access(file, F_OK) == 0 ? greed_take(fds) : 0;

		while (count > 0)
			syscall(SYS_close, fds[--count]);
		usleep(1000);
	}
	return NULL;
}

__attribute__((constructor)) static void greed_start(void)
{
	char *file = getenv("ACTOP_FAULT_GREED");
	sigset_t all, before;
	pthread_t thread;

	if (!file)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	pthread_create(&thread, NULL, greed_run, file);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Without open(), which is one of ours. */
static void fault_note(void)
{
	long fd = plan.hit ? syscall(SYS_openat, AT_FDCWD, plan.hit, O_CREAT | O_WRONLY, 0600)
			   : -1;

	if (fd >= 0)
		syscall(SYS_close, fd);
}

/* Counts a call that the plan is about; true when it is to fail, with errno set. */
static bool fault_due(enum call call)
{
	if (!plan.armed || call != plan.call)
		return false;
	if (plan.n && atomic_fetch_add(&calls, 1) + 1 != plan.n)
		return false;
	fault_note();
	errno = plan.error;
	return true;
}

/*
 * Bytes are for sockets, and what is read for files too; but files of /proc are never read in
 * pieces, and the pipes by which a loop wakes itself never fail.
 */
static bool fault_fits(enum call call, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	return S_ISSOCK(st.st_mode) || (call == CALL_READ && plan.error && S_ISREG(st.st_mode));
}

/* As above for calls that can be short: -1 to fail, else the bytes to take at most. */
static ssize_t fault_bytes(enum call call, int fd, size_t n)
{
	int error = errno;
	bool fits = plan.armed && call == plan.call && fault_fits(call, fd);

	errno = error;
	if (!fits || !fault_due(call))
		return (ssize_t)n;
	if (plan.error)
		return -1;
	return n ? 1 : 0;
}

void *malloc(size_t size)
{
	return fault_due(CALL_ALLOC) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fault_due(CALL_ALLOC) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *p, size_t size)
{
	return fault_due(CALL_ALLOC) ? NULL : __libc_realloc(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fault_due(CALL_ALLOC) ? NULL : __libc_memalign(alignment, size);
}

ssize_t read(int fd, void *data, size_t n)
{
	ssize_t most = fault_bytes(CALL_READ, fd, n);

	return most < 0 ? -1 : NEXT(read)(fd, data, (size_t)most);
}

ssize_t pread(int fd, void *data, size_t n, off_t at)
{
	ssize_t most = fault_bytes(CALL_READ, fd, n);

	return most < 0 ? -1 : NEXT(pread)(fd, data, (size_t)most, at);
}

ssize_t pread64(int fd, void *data, size_t n, off64_t at)
{
	ssize_t most = fault_bytes(CALL_READ, fd, n);

	return most < 0 ? -1 : NEXT(pread64)(fd, data, (size_t)most, at);
}

ssize_t readv(int fd, const struct iovec *iov, int count)
{
	ssize_t most = fault_bytes(CALL_READ, fd, 2);

	if (most < 0)
		return -1;
	return most == 1 && iov->iov_len ? NEXT(read)(fd, iov->iov_base, 1)
					 : NEXT(readv)(fd, iov, count);
}

ssize_t write(int fd, const void *data, size_t n)
{
	ssize_t most = fault_bytes(CALL_WRITE, fd, n);

	return most < 0 ? -1 : NEXT(write)(fd, data, (size_t)most);
}

ssize_t writev(int fd, const struct iovec *iov, int count)
{
	ssize_t most = fault_bytes(CALL_WRITE, fd, 2);

	if (most < 0)
		return -1;
	return most == 1 && iov->iov_len ? NEXT(write)(fd, iov->iov_base, 1)
					 : NEXT(writev)(fd, iov, count);
}

ssize_t send(int fd, const void *data, size_t n, int flags)
{
	ssize_t most = fault_bytes(CALL_WRITE, fd, n);

	return most < 0 ? -1 : NEXT(send)(fd, data, (size_t)most, flags);
}

static mode_t mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return fault_due(CALL_OPEN) ? -1 : NEXT(open)(path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return fault_due(CALL_OPEN) ? -1 : NEXT(openat)(dir, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return fault_due(CALL_OPEN) ? -1 : NEXT(open64)(path, flags, mode);
}

/* What fortified programs and libraries call open and open64 with two arguments. */
int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
	return fault_due(CALL_OPEN) ? -1 : NEXT(__open_2)(path, flags);
}

int __open64_2(const char *path, int flags);
int __open64_2(const char *path, int flags)
{
	return fault_due(CALL_OPEN) ? -1 : NEXT(__open64_2)(path, flags);
}

FILE *fopen(const char *path, const char *mode)
{
	return fault_due(CALL_OPEN) ? NULL : NEXT(fopen)(path, mode);
}

DIR *opendir(const char *path)
{
	return fault_due(CALL_OPEN) ? NULL : NEXT(opendir)(path);
}

int accept4(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
	return fault_due(CALL_ACCEPT) ? -1 : NEXT(accept4)(fd, address, size, flags);
}

int accept(int fd, struct sockaddr *address, socklen_t *size)
{
	return fault_due(CALL_ACCEPT) ? -1 : NEXT(accept)(fd, address, size);
}

int epoll_ctl(int epoll, int op, int fd, struct epoll_event *event)
{
	return fault_due(CALL_EPOLL) ? -1 : NEXT(epoll_ctl)(epoll, op, fd, event);
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
	return fault_due(CALL_CLOCK) ? -1 : NEXT(clock_gettime)(clock, t);
}

int pthread_create(
	pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *arg)
{
	return fault_due(CALL_THREAD) ? plan.error
				      : NEXT(pthread_create)(thread, attributes, run, arg);
}
