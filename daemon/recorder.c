/* SPDX-License-Identifier: MIT */
#include "daemon/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "proto/alloc.h"
#include "proto/trace.h"

struct recorder {
	int fd;
	int error;
	struct buf line;
};

static int recorder_write(struct recorder *r)
{
	size_t done = 0;

	while (done < r->line.len && !r->error) {
		ssize_t n = write(r->fd, r->line.data + done, r->line.len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			r->error = -errno;
	}
	buf_clear(&r->line);
	return r->error;
}

struct recorder *recorder_open(
	const char *path, const struct layout *layout, unsigned base_ms, struct message *why)
{
	struct recorder *r;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0) {
		message_set(why, -errno, "%s: cannot record: %s", path, strerror(errno));
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	r->fd = fd;
	buf_init(&r->line, TRACE_LINE_MAX);
	trace_write_header(&r->line, layout, base_ms);
	if (recorder_write(r) == 0)
		return r;
	message_set(why, r->error, "%s: cannot record: %s", path, strerror(-r->error));
	recorder_close(r);
	return NULL;
}

void recorder_close(struct recorder *r)
{
	if (!r)
		return;
	close(r->fd);
	buf_fini(&r->line);
	free(r);
}

int recorder_add(struct recorder *r, const struct sample *s)
{
	if (r->error)
		return 0;
	trace_write_sample(&r->line, s);
	return recorder_write(r);
}
