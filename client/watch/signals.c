/* SPDX-License-Identifier: MIT */
#include "client/watch/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* A handler reaches nothing else. */
static volatile int signals_pipe = -1;

static const int signals_all[] = { SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP,
	SIGQUIT };

static void signals_caught(int number)
{
	int saved = errno;
	unsigned char byte = (unsigned char)number;

	if (write(signals_pipe, &byte, 1) < 0)
		errno = saved; /* it is full of others that are enough */
	errno = saved;
}

static void signals_install(int number)
{
	struct sigaction action = { .sa_handler = signals_caught, .sa_flags = SA_RESTART };

	sigaction(number, &action, NULL);
}

int signals_open(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		return -errno;
	for (int i = 0; i < 2; i++) {
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	}
	signals_pipe = ends[1];
	for (size_t i = 0; i < sizeof(signals_all) / sizeof(*signals_all); i++)
		signals_install(signals_all[i]);
	return ends[0];
}

int signals_next(int fd)
{
	unsigned char byte;

	return read(fd, &byte, 1) == 1 ? byte : 0;
}

void signals_stop(void)
{
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	signals_install(SIGTSTP);
}
