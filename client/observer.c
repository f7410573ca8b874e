/* SPDX-License-Identifier: MIT */
#include "client/observer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "client/ask.h"
#include "client/muster.h"
#include "client/report.h"
#include "client/talk.h"
#include "proto/alloc.h"

#define OBSERVER_LATE_MS 1000 /* what a list may come later than it is due */
#define OBSERVER_TREE_MS 1000 /* between two looks at the tree: they cost what is measured */
#define OBSERVER_WAIT_MS 200  /* between two looks at whether it is over */

struct observer {
	struct options options;
	struct talk talk;
	int64_t interval_ms;
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	struct tally tally;
	int64_t deadline_ms; /* on conn_clock_ms(); CONN_FOREVER until it is to end */
};

/* One line.  False when it was the last. */
static bool observer_take(struct observer *o, const char *line, size_t n)
{
	struct message m;
	bool last = false;

	if (message_parse(&m, line, n) < 0)
		return false;
	pthread_mutex_lock(&o->lock);
	if (m.type == MESSAGE_PROCESSES)
		last = tally_take(&o->tally, &m);
	pthread_mutex_unlock(&o->lock);
	last = last || m.type == MESSAGE_BYE || m.type == MESSAGE_ERROR;
	message_free(&m);
	return !last;
}

static bool observer_is_late(struct observer *o)
{
	bool late;

	pthread_mutex_lock(&o->lock);
	late = o->deadline_ms != CONN_FOREVER && conn_clock_ms() > o->deadline_ms;
	pthread_mutex_unlock(&o->lock);
	return late;
}

static void *observer_follow(void *arg)
{
	struct observer *o = arg;

	while (!observer_is_late(o)) {
		char *line;
		size_t n;
		int rc =
			conn_line(&o->talk.conn, &line, &n, conn_clock_ms() + OBSERVER_WAIT_MS);

		if (rc == -ETIMEDOUT)
			continue;
		if (rc <= 0 || !observer_take(o, line, n))
			break;
	}
	return NULL;
}

/* The first list, behind the reply to the subscription. */
static int observer_await(struct observer *o)
{
	struct message m;
	int rc = talk_reply(&o->talk, "subscribe", &m);
	bool listed = false;

	if (rc)
		return rc;
	message_free(&m);
	while (rc == 0 && !listed) {
		rc = talk_next(&o->talk, &m);
		if (rc)
			return rc;
		listed = m.type == MESSAGE_PROCESSES;
		if (listed)
			tally_take(&o->tally, &m);
		message_free(&m);
	}
	return rc;
}

static int observer_run(struct observer *o)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&o->thread, NULL, observer_follow, o);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc ? report_error(EXIT_FAILED, "no thread to follow processes with") : 0;
}

void observer_close(struct observer *o)
{
	talk_close(&o->talk);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

struct observer *observer_open(const struct options *options)
{
	struct observer *o = xcalloc(1, sizeof(*o));
	int rc;

	o->options = *options;
	o->deadline_ms = CONN_FOREVER;
	pthread_mutex_init(&o->lock, NULL);
	tally_init(&o->tally, NULL);
	rc = talk_open(&o->talk, &o->options);
	if (rc == 0)
		rc = talk_send(&o->talk);
	if (rc == 0)
		rc = talk_hello(&o->talk);
	o->interval_ms = rc ? 0 : message_int(&o->talk.hello, "base_ms", 1000);
	if (rc == 0)
		return o;
	observer_close(o);
	return NULL;
}

int observer_follow_group(struct observer *o, const char *match)
{
	int rc;

	o->tally.match = match;
	o->tally.self = o->options.host ? 0 : getpid();
	ask_group_stream(&o->talk.out, match, MUSTER_LIMIT, "group", o->interval_ms);
	rc = talk_send(&o->talk);
	if (rc == 0)
		rc = observer_await(o);
	return rc ? rc : observer_run(o);
}

int observer_follow_tree(struct observer *o, pid_t pid, int64_t from_ms)
{
	struct options tree = { .pid = pid, .sort = "pid" };
	int rc;

	o->tally.from_ms = from_ms;
	o->tally.root = pid;
	if (o->interval_ms < OBSERVER_TREE_MS)
		o->interval_ms = OBSERVER_TREE_MS;
	ask_process_stream(&o->talk.out, &tree, MUSTER_LIMIT, o->interval_ms);
	rc = talk_send(&o->talk);
	return rc ? rc : observer_run(o);
}

void observer_begin(struct observer *o, int64_t from_ms)
{
	pthread_mutex_lock(&o->lock);
	o->tally.from_ms = from_ms;
	pthread_mutex_unlock(&o->lock);
}

void observer_finish(struct observer *o, int64_t to_ms, struct tally *to)
{
	pthread_mutex_lock(&o->lock);
	o->tally.to_ms = to_ms;
	o->deadline_ms = conn_clock_ms();
	/* A tree is gone by then. */
	if (!o->tally.root)
		o->deadline_ms += 2 * o->interval_ms + OBSERVER_LATE_MS;
	pthread_mutex_unlock(&o->lock);
	pthread_join(o->thread, NULL);
	*to = o->tally;
	observer_close(o);
}
