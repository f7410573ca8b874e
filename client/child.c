/* SPDX-License-Identifier: MIT */
#include "client/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "client/report.h"
#include "client/tree.h"

#define LOOK_MIN_MS 10 /* between two looks at the memory, at first */
#define LOOK_MAX_MS 250

/* What the thread that waits for signals tells the loop. */
struct child_note {
	int signal;
	bool sent; /* by a process to this one, not by the terminal to the whole group */
};

struct child_loop {
	struct child *child;
	pid_t pid;
	sigset_t set, before; /* waited for; blocked before */
	int pipe[2];
	pthread_t thread;
	atomic_bool over; /* the thread is to end with the next signal */
	int look_ms;
};

static const int child_signals[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2,
	SIGALRM, SIGWINCH, SIGTSTP, SIGCONT, SIGCHLD };

static double child_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#ifdef __linux__
static struct child_note child_next(const sigset_t *set)
{
	siginfo_t info;
	int n;

	do
		n = sigwaitinfo(set, &info);
	while (n < 0 && errno == EINTR);
	return (struct child_note){ n, info.si_code <= 0 };
}
#else
/* Who has sent it cannot be told: in the foreground of a terminal it was the terminal. */
static struct child_note child_next(const sigset_t *set)
{
	int n = 0, tty = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool foreground = false;

	sigwait(set, &n);
	if (tty >= 0) {
		foreground = tcgetpgrp(tty) == getpgrp();
		close(tty);
	}
	return (struct child_note){ n,
		!foreground || n == SIGTERM || n == SIGUSR1 || n == SIGUSR2 };
}
#endif

static void *child_listen(void *arg)
{
	const struct child_loop *l = arg;

	for (;;) {
		struct child_note note = child_next(&l->set);

		if (atomic_load(&l->over))
			return NULL;
		while (write(l->pipe[1], &note, sizeof(note)) < 0 && errno == EINTR)
			continue;
	}
}

/* In the child: what was blocked here is no business of the command. */
static void child_exec(const struct child_loop *l, char *const *argv, int failed)
{
	ssize_t n;
	int error;

	pthread_sigmask(SIG_SETMASK, &l->before, NULL);
	execvp(argv[0], argv);
	error = errno;
	n = write(failed, &error, sizeof(error));
	_exit(n < 0 ? CHILD_FAILED : CHILD_NOT_FOUND);
}

static int child_refused(const char *name, int error)
{
	report_error(0, "cannot run %s: %s", name, strerror(error));
	return error == ENOENT ? CHILD_NOT_FOUND : CHILD_NOT_RUN;
}

/* 0 once the command runs. */
static int child_spawn(struct child_loop *l, char *const *argv)
{
	int failed[2], error = 0;
	ssize_t n;

	if (pipe(failed) < 0)
		return report_error(
			CHILD_FAILED, "cannot run %s: %s", argv[0], strerror(errno));
	fcntl(failed[0], F_SETFD, FD_CLOEXEC);
	fcntl(failed[1], F_SETFD, FD_CLOEXEC);
	l->pid = fork();
	if (l->pid == 0)
		child_exec(l, argv, failed[1]);
	close(failed[1]);
	do
		n = l->pid > 0 ? read(failed[0], &error, sizeof(error)) : -1;
	while (n < 0 && l->pid > 0 && errno == EINTR);
	close(failed[0]);
	if (l->pid < 0)
		return report_error(
			CHILD_FAILED, "cannot run %s: %s", argv[0], strerror(errno));
	if (n <= 0)
		return 0;
	waitpid(l->pid, NULL, 0);
	return child_refused(argv[0], error);
}

/* Stops as the default action has it, which spares a group that no shell would continue. */
static void child_stop_with(const struct child_loop *l)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	raise(SIGTSTP);
	pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	kill(l->pid, SIGCONT);
}

static double child_seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void child_ended(struct child *c, int status, const struct rusage *usage)
{
	c->user_s = child_seconds(&usage->ru_utime);
	c->system_s = child_seconds(&usage->ru_stime);
	c->largest_bytes = (int64_t)usage->ru_maxrss * tree_rusage_unit();
	c->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	c->code = c->signal ? 128 + c->signal : WEXITSTATUS(status);
}

/* true = it has ended. */
static bool child_reap(struct child_loop *l)
{
	struct rusage usage;
	int status;

	if (wait4(l->pid, &status, WNOHANG, &usage) != l->pid)
		return false;
	child_ended(l->child, status, &usage);
	return true;
}

static void child_pass_on(const struct child_loop *l, const struct child_note *note)
{
	if (note->sent)
		kill(l->pid, note->signal);
	if (note->signal == SIGTSTP)
		child_stop_with(l);
}

static void child_look(struct child_loop *l)
{
	int64_t bytes = tree_memory(l->pid);

	if (bytes > l->child->tree_bytes)
		l->child->tree_bytes = bytes;
	l->look_ms = l->look_ms * 2 < LOOK_MAX_MS ? l->look_ms * 2 : LOOK_MAX_MS;
}

static void child_follow(struct child_loop *l)
{
	struct pollfd fd = { .fd = l->pipe[0], .events = POLLIN };

	for (;;) {
		struct child_note note;
		int n = poll(&fd, 1, l->look_ms);

		if (n == 0)
			child_look(l);
		if (n <= 0)
			continue;
		if (read(l->pipe[0], &note, sizeof(note)) != (ssize_t)sizeof(note))
			continue;
		if (note.signal != SIGCHLD)
			child_pass_on(l, &note);
		else if (child_reap(l))
			return;
	}
}

static int child_prepare(struct child_loop *l)
{
	if (pipe(l->pipe) < 0)
		return report_error(CHILD_FAILED, "no pipe: %s", strerror(errno));
	fcntl(l->pipe[0], F_SETFD, FD_CLOEXEC);
	fcntl(l->pipe[1], F_SETFD, FD_CLOEXEC);
	sigemptyset(&l->set);
	for (size_t i = 0; i < sizeof(child_signals) / sizeof(*child_signals); i++)
		sigaddset(&l->set, child_signals[i]);
	/* With SIGCHLD ignored there would be no status to wait for. */
	signal(SIGCHLD, SIG_DFL);
	pthread_sigmask(SIG_BLOCK, &l->set, &l->before);
	return 0;
}

int child_run(struct child *child, char *const *argv, const struct child_start *start)
{
	struct child_loop l = { .child = child, .look_ms = LOOK_MIN_MS };
	double began;
	int rc = child_prepare(&l);

	*child = (struct child){ .tree_bytes = -1 };
	if (rc)
		return rc;
	began = child_clock();
	rc = child_spawn(&l, argv);
	if (rc == 0 && pthread_create(&l.thread, NULL, child_listen, &l) != 0) {
		kill(l.pid, SIGKILL);
		waitpid(l.pid, NULL, 0);
		rc = report_error(CHILD_FAILED, "cannot wait for %s", argv[0]);
	} else if (rc == 0) {
		start->call(start->arg, l.pid);
		child_follow(&l);
		child->seconds = child_clock() - began;
		atomic_store(&l.over, true);
		pthread_kill(l.thread, SIGCHLD);
		pthread_join(l.thread, NULL);
	}
	pthread_sigmask(SIG_SETMASK, &l.before, NULL);
	close(l.pipe[0]);
	close(l.pipe[1]);
	return rc;
}

int child_end_like(const struct child *child)
{
	const struct rlimit no_core = { 0, 0 };
	sigset_t only;

	if (child->signal == 0)
		return child->code;
	setrlimit(RLIMIT_CORE, &no_core);
	signal(child->signal, SIG_DFL);
	sigemptyset(&only);
	sigaddset(&only, child->signal);
	pthread_sigmask(SIG_UNBLOCK, &only, NULL);
	raise(child->signal);
	return child->code;
}
