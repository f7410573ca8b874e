/* SPDX-License-Identifier: MIT */
#include "daemon/source/replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/alloc.h"
#include "proto/trace.h"

/* One sample is read ahead, so that the pace to it is known. */
struct replay {
	FILE *file;
	char *line; /* getline's */
	size_t size;
	double speed; /* 0 = do not wait */
	unsigned base_ms;
	struct layout *layout; /* until it is taken */
	const struct layout *known;
	struct sample *next; /* read ahead */
	bool ended;
	struct instant begin;  /* of the first sample; zero = there is none */
	uint64_t last_mono_ns; /* of the sample given out last; 0 = none */
	unsigned long line_number, bad_lines;
};

/* Cuts ",speed=N" off path; 0, or -EINVAL when it is no speed. */
static int replay_parse_speed(char *path, double *speed)
{
	char *option = strstr(path, ",speed=");
	char *end;

	*speed = 1;
	if (!option)
		return 0;
	*option = '\0';
	option += strlen(",speed=");
	if (strcmp(option, "max") == 0) {
		*speed = 0;
		return 0;
	}
	*speed = strtod(option, &end);
	return end != option && *end == '\0' && *speed >= 0.01 && *speed <= 1e6 ? 0 : -EINVAL;
}

static int replay_read_header(struct replay *r, const char *path, struct fault *why)
{
	char error[TRACE_ERROR_MAX] = "it is empty";
	ssize_t n = getline(&r->line, &r->size, r->file);

	r->line_number = 1;
	if (n > 0)
		r->layout = trace_read_header(r->line, (size_t)n, &r->base_ms, error);
	if (!r->layout)
		return fault_set(why, -EBADMSG, "%.160s:1: no recording: %s", path, error);
	r->known = r->layout;
	return 0;
}

static int replay_open_file(struct replay *r, char *path, struct fault *why)
{
	if (replay_parse_speed(path, &r->speed) < 0)
		return fault_set(why, -EINVAL,
			"replay:%.160s: speed is max or a number from 0.01 to 1000000", path);
	r->file = fopen(path, "re");
	if (!r->file) {
		int error = errno;

		return fault_set(why, -error, "%.160s: %s", path, strerror(error));
	}
	return replay_read_header(r, path, why);
}

/* Reads the next good sample ahead; a line that is none is counted and passed over. */
static void replay_advance(struct replay *r)
{
	char error[TRACE_ERROR_MAX];

	if (!r->next)
		r->next = sample_new(r->known);
	while (!r->ended) {
		ssize_t n = getline(&r->line, &r->size, r->file);

		r->line_number++;
		r->ended = n <= 0;
		if (r->ended)
			break;
		sample_clear(r->next);
		if (trace_read_sample(r->line, (size_t)n, r->next, error) == 0)
			return;
		r->bad_lines++;
	}
}

struct replay *replay_open(const char *spec, struct fault *why)
{
	struct replay *r = xcalloc(1, sizeof(*r));
	char *path = xstrdup(spec);
	int rc = replay_open_file(r, path, why);

	free(path);
	if (rc < 0) {
		replay_close(r);
		return NULL;
	}
	replay_advance(r);
	if (!r->ended)
		r->begin = r->next->time;
	return r;
}

void replay_close(struct replay *r)
{
	if (r->file)
		fclose(r->file);
	free(r->line);
	sample_free(r->next);
	layout_free(r->layout);
	free(r);
}

struct layout *replay_take_layout(struct replay *r)
{
	struct layout *layout = r->layout;

	r->layout = NULL;
	return layout;
}

int replay_read(struct replay *r, struct sample *s)
{
	if (r->ended)
		return -ENODATA;
	sample_copy(s, r->next);
	r->last_mono_ns = s->time.mono_ns;
	replay_advance(r);
	return 0;
}

uint64_t replay_pace(struct replay *r)
{
	double ns;

	if (r->speed == 0 || r->last_mono_ns == 0 || r->ended ||
		r->next->time.mono_ns <= r->last_mono_ns)
		return 1;
	ns = (double)(r->next->time.mono_ns - r->last_mono_ns) / r->speed;
	return ns < 1 ? 1 : (uint64_t)ns;
}

const struct instant *replay_begin(const struct replay *r)
{
	return r->begin.mono_ns ? &r->begin : NULL;
}

unsigned replay_base_ms(const struct replay *r)
{
	return r->base_ms;
}

unsigned long replay_bad_lines(const struct replay *r)
{
	return r->bad_lines;
}
