/* SPDX-License-Identifier: MIT */
#include "daemon/walker.h"

#include <stdio.h>
#include <string.h>

#include "daemon/compat.h"
#include "daemon/log.h"
#include "daemon/server.h"
#include "daemon/survey.h"
#include "proto/alloc.h"

#define USERS_KEPT 64 /* names of users that are not looked up again, until the daemon ends */

struct walker_user {
	bool known;
	uint32_t uid;
	char name[ROSTER_USER_MAX];
};

struct walker {
	uv_async_t done; /* first */
	uv_mutex_t lock;
	uv_cond_t changed;
	bool wanted, worked, quit; /* under the lock */
	uv_thread_t thread;
	bool has_async, has_thread;
	bool walking; /* the loop's: begun and not finished */
	struct server *server;
	struct survey *survey;
	void *self; /* of platform_processes */
	uint64_t cost_ns;
	struct walker_user users[USERS_KEPT]; /* the thread's own; by uid modulo their number */
};

/* ---- on the thread ---- */

static void walker_work(struct walker *w)
{
	uint64_t start_ns = uv_hrtime();

	survey_work(w->survey);
	w->cost_ns = uv_hrtime() - start_ns;
}

/* A word of one thread to the other. */
static void walker_tell(struct walker *w, bool *what)
{
	uv_mutex_lock(&w->lock);
	*what = true;
	uv_cond_signal(&w->changed);
	uv_mutex_unlock(&w->lock);
}

static bool walker_await(struct walker *w)
{
	bool wanted;

	uv_mutex_lock(&w->lock);
	while (!w->wanted && !w->quit)
		uv_cond_wait(&w->changed, &w->lock);
	wanted = w->wanted;
	w->wanted = false;
	uv_mutex_unlock(&w->lock);
	return wanted;
}

static void walker_run(void *arg)
{
	struct walker *w = arg;

	while (walker_await(w)) {
		walker_work(w);
		walker_tell(w, &w->worked);
		uv_async_send(&w->done);
	}
}

static void walker_name_user(void *arg, uint32_t uid, char *name)
{
	struct walker *w = arg;
	struct walker_user *user = &w->users[uid % USERS_KEPT];

	if (!user->known || user->uid != uid) {
		user->known = true;
		user->uid = uid;
		compat_name_user(uid, user->name, sizeof(user->name));
	}
	memcpy(name, user->name, ROSTER_USER_MAX);
}

/* ---- on the loop's ---- */

static void walker_finish(struct walker *w)
{
	w->walking = false;
	survey_finish(w->survey, w->cost_ns);
}

static void walker_done(uv_async_t *async)
{
	struct walker *w = (struct walker *)async;
	bool worked;

	uv_mutex_lock(&w->lock);
	worked = w->worked;
	w->worked = false;
	uv_mutex_unlock(&w->lock);
	if (!worked)
		return;
	walker_finish(w);
	server_publish(w->server);
}

/* The thread is there once somebody has asked.  Not one of libuv's pool, which ends the whole
 * process where it cannot begin. */
static void walker_begin(void *arg)
{
	struct walker *w = arg;

	w->walking = true;
	if (w->has_async && !w->has_thread)
		w->has_thread = uv_thread_create(&w->thread, walker_run, w) == 0;
	if (w->has_thread) {
		walker_tell(w, &w->wanted);
		return;
	}
	/* Without a thread it is done here. */
	walker_work(w);
	walker_finish(w);
}

static bool walker_find_user(void *arg, const char *name, uint32_t *uid)
{
	(void)arg;
	return compat_find_user(name, uid) == 0;
}

struct walker *walker_open(uv_loop_t *loop, struct server *server, const char *source)
{
	struct survey_shell shell = { NULL, walker_begin, walker_find_user, walker_name_user };
	const char *root = source_root(source);
	struct source_options options = { root };
	struct fault why = { 0 };
	struct walker *w;
	void *self;

	if (!root)
		return NULL;
	if (platform_processes.open(&self, &options, &why) < 0) {
		log_warn("walker", "processes cannot be read: %s", why.text);
		return NULL;
	}
	w = shell.arg = xcalloc(1, sizeof(*w));
	w->has_async = uv_async_init(loop, &w->done, walker_done) == 0;
	uv_mutex_init(&w->lock);
	uv_cond_init(&w->changed);
	w->server = server;
	w->self = self;
	w->survey = survey_new(server->hub, &platform_processes, self, &shell);
	return w;
}

void walker_stop(struct walker *w)
{
	if (!w)
		return;
	if (w->has_thread) {
		walker_tell(w, &w->quit);
		uv_thread_join(&w->thread);
	}
	if (w->has_async)
		uv_close((uv_handle_t *)&w->done, NULL);
	w->has_thread = w->has_async = false;
	if (w->walking)
		walker_finish(w); /* and what was waiting for it is done here */
}

void walker_close(struct walker *w)
{
	if (!w)
		return;
	uv_cond_destroy(&w->changed);
	uv_mutex_destroy(&w->lock);
	survey_free(w->survey);
	platform_processes.close(w->self);
	free(w);
}
