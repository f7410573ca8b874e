/* SPDX-License-Identifier: MIT */
/*
 * fanout_floor SOCKET COUNT BYTES INTERVAL_MS: waits for COUNT readers and then, every
 * INTERVAL_MS, writes one shared line of BYTES to each of them.  Nothing else: what any fan-out
 * costs at least.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(fd, 1024) < 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

/* A line with the time in it, padded to size bytes. */
static void make_line(char *line, size_t size)
{
	struct timespec now;
	int n;

	clock_gettime(CLOCK_BOOTTIME, &now);
	n = snprintf(line, size, "{\"mono_ms\":%lld,\"pad\":\"",
		(long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
	memset(line + n, 'x', size - (size_t)n);
	memcpy(line + size - 3, "\"}\n", 3);
}

int main(int argc, char **argv)
{
	size_t count = argc > 4 ? (size_t)atoi(argv[2]) : 0;
	size_t size = argc > 4 ? (size_t)atoi(argv[3]) : 64;
	long interval_ms = argc > 4 ? atol(argv[4]) : 1000;
	int listener = listen_at(argc > 1 ? argv[1] : "");
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int *fds = calloc(count + 1, sizeof(*fds));
	char *line = malloc(size + 1);
	struct timespec due;

	for (size_t i = 0; i < count; i++)
		fds[i] = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	clock_gettime(CLOCK_MONOTONIC, &due);
	for (;;) {
		struct epoll_event event;

		due.tv_nsec += interval_ms * 1000000;
		due.tv_sec += due.tv_nsec / 1000000000;
		due.tv_nsec %= 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
		epoll_wait(epoll, &event, 1, 0);
		make_line(line, size);
		for (size_t i = 0; i < count; i++)
			if (write(fds[i], line, size) < 0)
				perror("write");
	}
}
