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
	uv_work_t work; /* first */
	uv_loop_t *loop;
	struct server *server;
	struct survey *survey;
	void *self; /* of platform_processes */
	uint64_t cost_ns;
	struct walker_user users[USERS_KEPT]; /* the thread's own; by uid modulo their number */
};

/* ---- on the thread ---- */

static void walker_work(uv_work_t *work)
{
	struct walker *w = (struct walker *)work;
	uint64_t start_ns = uv_hrtime();

	survey_work(w->survey);
	w->cost_ns = uv_hrtime() - start_ns;
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

static void walker_done(uv_work_t *work, int status)
{
	struct walker *w = (struct walker *)work;

	(void)status; /* nobody cancels */
	survey_finish(w->survey, w->cost_ns);
	server_publish(w->server);
}

static void walker_begin(void *arg)
{
	struct walker *w = arg;

	if (uv_queue_work(w->loop, &w->work, walker_work, walker_done) == 0)
		return;
	/* Without a thread of the pool it is done here. */
	walker_work(&w->work);
	survey_finish(w->survey, w->cost_ns);
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
	w->loop = loop;
	w->server = server;
	w->self = self;
	w->survey = survey_new(server->hub, &platform_processes, self, &shell);
	return w;
}

void walker_close(struct walker *w)
{
	if (!w)
		return;
	survey_free(w->survey);
	platform_processes.close(w->self);
	free(w);
}
