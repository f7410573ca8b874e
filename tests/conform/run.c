/* SPDX-License-Identifier: MIT */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/line.h"
#include "tests/conform/script.h"
#include "tests/conform/crowd.h"
#include "tests/conform/slow.h"
#include "tests/conform/way.h"

#define RUN_OUT_MAX (16u << 20)

/*
 * Plays every transcript against the session alone and through a server and its socket, each
 * with whole lines and byte by byte, and with whole lines through a narrow socket.
 * Usage: conform [TRANSCRIPT...]
 */
struct run {
	const struct script *script;
	const struct script_case *test;
	const struct way_type *type;
	struct way *way;
	struct buf out; /* what came and was not expected yet */
	bool bytewise, ended;
	unsigned passed, failed;
};

static bool run_fail(const struct run *run, const struct step *step, const char *wanted)
{
	fprintf(stderr, "%s:%u: case %s: %s%s\n  wanted: %s\n  came:   %.*s%s\n",
		run->script->path, step->line, run->test->title, run->type->name,
		run->bytewise ? ", byte by byte" : "", wanted, (int)run->out.len,
		run->out.len ? run->out.data : "", run->ended ? "(the end)" : "");
	return false;
}

/* ---- what came ---- */

static bool line_is_streamed(const char *line)
{
	static const char *const types[] = { "sample", "gap", "meta", "heartbeat", "end",
		"event", "processes" };
	char begin[32];

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		int n = snprintf(begin, sizeof(begin), "{\"type\":\"%s\"", types[i]);

		if (strncmp(line, begin, (size_t)n) == 0)
			return true;
	}
	return false;
}

/* The next line, or where any order will do, the next of its kind; NULL when there is none. */
static char *run_find_line(struct run *run, const struct step *step, size_t *length)
{
	char *line = run->out.data, *end = line + run->out.len, *lf;

	for (; line < end; line = lf + 1) {
		lf = memchr(line, '\n', (size_t)(end - line));
		if (!lf)
			return NULL;
		*length = (size_t)(lf - line);
		if (!run->test->any_order ||
			line_is_streamed(line) == line_is_streamed(step->text))
			return line;
	}
	return NULL;
}

static bool run_expect(struct run *run, const struct step *step)
{
	size_t length;
	char *line = run->out.len ? run_find_line(run, step, &length) : NULL;

	if (!line || !script_matches(step->text, step->length, line, length))
		return run_fail(run, step, step->text);
	memmove(line, line + length + 1,
		run->out.len - (size_t)(line - run->out.data) - length - 1);
	run->out.len -= length + 1;
	return true;
}

/* ---- steps ---- */

/* Byte by byte as far as a line may reach; what is beyond is only there to be thrown away. */
static void run_send(struct run *run, const struct step *step)
{
	size_t single = run->bytewise ? LINE_REQUEST_MAX : 0;

	for (size_t i = 0, n; i < step->length; i += n) {
		n = i < single ? 1 : step->length - i;
		run->type->send(run->way, step->text + i, n);
	}
}

static void run_act(struct run *run, const struct step *step)
{
	switch (step->kind) {
	case STEP_TICK:
		run->type->order(run->way, ORDER_TICK, step->number);
		break;
	case STEP_MISS:
		run->type->order(run->way, ORDER_MISS, step->number);
		break;
	case STEP_CLOCK:
		run->type->order(run->way, ORDER_CLOCK, step->number);
		break;
	case STEP_SLEEP:
		run->type->order(run->way, ORDER_SLEEP, step->number);
		break;
	case STEP_STALL:
		run->type->order(run->way, ORDER_STALL, 0);
		run->type->order(run->way, ORDER_TICK, step->number);
		break;
	case STEP_RESUME:
		run->type->order(run->way, ORDER_RESUME, 0);
		break;
	case STEP_SEND:
		run_send(run, step);
		break;
	case STEP_EOF:
		run->type->eof(run->way);
		break;
	case STEP_HANG_UP:
		run->type->hang_up(run->way);
		break;
	default:
		break;
	}
}

static bool run_check(struct run *run, const struct step *step)
{
	struct facts facts;

	switch (step->kind) {
	case STEP_EXPECT:
		return run_expect(run, step);
	case STEP_SILENCE:
		return (run->out.len == 0 && !run->ended) || run_fail(run, step, "silence");
	case STEP_FIN:
		return (run->out.len == 0 && run->ended) || run_fail(run, step, "the end");
	case STEP_SESSIONS:
		facts = run->type->order(run->way, ORDER_NOTHING, 0);
		return facts.sessions == step->number || run_fail(run, step, "other sessions");
	case STEP_ENCODED:
		facts = run->type->order(run->way, ORDER_NOTHING, 0);
		return facts.encoded == step->number || run_fail(run, step, "other encodings");
	default:
		return true;
	}
}

static bool run_steps(struct run *run)
{
	static const struct step end = { .kind = STEP_SILENCE };

	for (unsigned i = 0; i < run->test->count; i++) {
		const struct step *step = &run->test->steps[i];

		run_act(run, step);
		if (!run->ended && !run->type->collect(run->way, &run->out, &run->ended))
			return run_fail(run, step, "an end in good order");
		if (!run_check(run, step))
			return false;
	}
	return run->out.len == 0 || run_fail(run, &end, "nothing more");
}

static void run_count(struct run *run, bool good)
{
	run->passed += good;
	run->failed += !good;
}

static void run_case(struct run *run)
{
	bool good;

	if (run->test->socket_only && !run->type->is_socket)
		return;
	run->way = run->type->open(run->test->ring);
	run->ended = false;
	buf_init(&run->out, RUN_OUT_MAX);
	good = run_steps(run);
	buf_fini(&run->out);
	if (!run->type->close(run->way)) {
		fprintf(stderr, "%s: case %s: the daemon did not end well\n", run->script->path,
			run->test->title);
		good = false;
	}
	run_count(run, good);
}

static void run_script(struct run *run, const char *path)
{
	static const struct way_type *const types[] = { &way_core, &way_socket, &way_narrow };
	struct script script;

	run->script = &script;
	run->failed += !script_read(&script, path);
	for (unsigned i = 0; i < script.count; i++) {
		for (unsigned way = 0; way < 5; way++) {
			run->test = &script.cases[i];
			run->type = types[way / 2];
			run->bytewise = way % 2;
			run_case(run);
		}
	}
	printf("%s: %u cases\n", path, script.count);
	script_fini(&script);
}

int main(int argc, char **argv)
{
	struct run run = { 0 };
	glob_t found = { 0 };

	if (argc < 2 && glob("tests/conform/*.txt", 0, NULL, &found) == 0)
		argc = (int)found.gl_pathc + 1;
	for (int i = 1; i < argc; i++)
		run_script(&run, found.gl_pathv ? found.gl_pathv[i - 1] : argv[i]);
	if (found.gl_pathv) {
		run_count(&run, slow_reader_disturbs_nobody());
		run_count(&run, slow_reader_may_vanish());
		run_count(&run, crowd_keeps_strangers_out());
		run_count(&run, crowd_shares_a_system_daemon());
		run_count(&run, crowd_evicts_who_stalls_longest());
	}
	globfree(&found);
	printf("%u passed, %u failed\n", run.passed, run.failed);
	return run.failed || !run.passed ? EXIT_FAILURE : EXIT_SUCCESS;
}
