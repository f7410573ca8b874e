/* SPDX-License-Identifier: MIT */
/*
 * readers SOCKET COUNT SECONDS [REQUEST]: connects COUNT times, sends REQUEST (a line) on each,
 * reads for SECONDS, and prints lines, bytes and the time from "mono_ms" in the line to its
 * arrival. One process with epoll, so that it disturbs the writer it measures as little as it
 * can.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define READ_MAX 65536
#define DELAYS_MAX 4000000

struct reader {
	int fd;
	size_t kept; /* bytes of an unfinished line, as far as they matter */
	char start[256];
};

struct tally {
	unsigned long lines, bytes;
	float *delays_ms;
	size_t count;
};

static double clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int reader_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	while (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		if (errno != EAGAIN && errno != EINTR) {
			perror(path);
			exit(1);
		}
		usleep(1000);
	}
	return fd;
}

/* Takes the delay of a line whose beginning holds "mono_ms":N. */
static void tally_line(struct tally *t, const char *start)
{
	const char *stamp = strstr(start, "\"mono_ms\":");

	t->lines++;
	if (stamp && t->count < DELAYS_MAX)
		t->delays_ms[t->count++] =
			(float)(clock_ms(CLOCK_BOOTTIME) - strtod(stamp + 10, NULL));
}

static void reader_take(struct reader *r, struct tally *t, const char *data, size_t n)
{
	while (n > 0) {
		const char *lf = memchr(data, '\n', n);
		size_t piece = lf ? (size_t)(lf - data) : n;
		size_t room = sizeof(r->start) - 1 - r->kept;
		size_t keep = piece < room ? piece : room;

		memcpy(r->start + r->kept, data, keep);
		r->kept += keep;
		r->start[r->kept] = '\0';
		if (!lf)
			return;
		tally_line(t, r->start);
		r->kept = 0;
		data += piece + 1;
		n -= piece + 1;
	}
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void tally_print(struct tally *t)
{
	qsort(t->delays_ms, t->count, sizeof(*t->delays_ms), by_value);
	printf("lines %lu bytes %lu", t->lines, t->bytes);
	if (t->count)
		printf(" p50_ms %.2f p99_ms %.2f max_ms %.2f",
			(double)t->delays_ms[t->count / 2],
			(double)t->delays_ms[t->count * 99 / 100],
			(double)t->delays_ms[t->count - 1]);
	printf("\n");
}

static void read_all(int epoll, struct tally *t, double seconds)
{
	double end = clock_ms(CLOCK_MONOTONIC) + seconds * 1e3;
	static char data[READ_MAX];
	struct epoll_event events[256];

	while (clock_ms(CLOCK_MONOTONIC) < end) {
		int n = epoll_wait(epoll, events, 256, 50);

		for (int i = 0; i < n; i++) {
			struct reader *r = events[i].data.ptr;
			ssize_t got = read(r->fd, data, sizeof(data));

			if (got <= 0)
				continue;
			t->bytes += (unsigned long)got;
			reader_take(r, t, data, (size_t)got);
		}
	}
}

int main(int argc, char **argv)
{
	int count = argc > 3 ? atoi(argv[2]) : 0;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct reader *readers = calloc((size_t)count + 1, sizeof(*readers));
	struct tally tally = { .delays_ms = calloc(DELAYS_MAX, sizeof(float)) };

	for (int i = 0; i < count; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &readers[i] };

		readers[i].fd = reader_connect(argv[1]);
		if (argc > 4 && dprintf(readers[i].fd, "%s\n", argv[4]) < 0)
			return 1;
		epoll_ctl(epoll, EPOLL_CTL_ADD, readers[i].fd, &event);
	}
	printf("connected %d\n", count);
	fflush(stdout);
	read_all(epoll, &tally, argc > 3 ? strtod(argv[3], NULL) : 0);
	tally_print(&tally);
	return 0;
}
