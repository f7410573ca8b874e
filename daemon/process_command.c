/* SPDX-License-Identifier: MIT */
#include "daemon/process_command.h"

#include "daemon/process_stream.h"
#include "daemon/reply.h"
#include "proto/alloc.h"

/* A daemon that cannot walk processes says so, and does not answer with an empty list. */
static bool command_refuse(struct session *s, const struct request *r)
{
	struct request_error error = request_error_make(ERROR_UNKNOWN_OP);

	error.message = "this daemon cannot list processes";
	if (r->op == OP_SUBSCRIBE) {
		error = request_error_make(ERROR_BAD_VALUE);
		error.message = "this daemon cannot list processes";
		error.field = "stream";
	}
	session_fail(s, r, &error);
	return false;
}

static bool command_fail(
	struct session *s, const struct request *r, const char *field, const char *why)
{
	struct request_error error = request_error_make(ERROR_BAD_VALUE);

	error.message = why;
	error.field = field;
	session_fail(s, r, &error);
	return false;
}

/* What is asked for, and by whom; false, with nothing to be released, when the request fails.
 */
static bool command_read_query(
	struct session *s, const struct request *r, struct roster_query *query)
{
	char why[MATCHER_WHY_MAX];

	*query = (struct roster_query){ .sort = r->sort,
		.limit = (unsigned)r->limit,
		.pid = request_has(r, MEMBER_PID) ? r->pid : ROSTER_ANY_PID,
		.tree = r->tree,
		.user = PROCESS_UNKNOWN_UID,
		.viewer = s->uid };
	if (!s->hub->survey)
		return command_refuse(s, r);
	if (r->user && !survey_find_user(s->hub->survey, r->user, &query->user))
		return command_fail(s, r, "user", "no such user");
	if (!r->match)
		return true;
	query->matcher = matcher_new(r->match, why);
	if (!query->matcher)
		return command_fail(s, r, "match", why);
	query->match = xstrdup(r->match);
	return true;
}

/* Nobody fills the memory of a daemon for the whole machine with questions. */
static bool command_has_room(
	struct session *s, const struct request *r, struct roster_query *query, unsigned ticks)
{
	struct request_error error = request_error_make(ERROR_LIMIT);

	if (s->trusted || survey_has_room(s->hub->survey, query, ticks))
		return true;
	roster_query_fini(query);
	error.message = "too many different questions about processes of one user";
	error.limit = "max_process_views";
	error.max = SURVEY_VIEWS_MAX;
	session_fail(s, r, &error);
	return false;
}

bool process_command_answer(struct session *s, const struct request *r)
{
	struct roster_query query;

	if (!command_read_query(s, r, &query) || !command_has_room(s, r, &query, 0))
		return false;
	s->answer = process_answer_new(s->hub, r, &query);
	return true;
}

bool process_command_subscribe(struct session *s, const struct request *r, const char *name,
	struct subscription **slot)
{
	struct roster_query query;
	struct json j;

	if (!command_read_query(s, r, &query) ||
		!command_has_room(s, r, &query, process_stream_ticks(s->hub, r)))
		return false;
	*slot = process_stream_new(s->hub, r, name, &query);
	reply_begin(s, r, &j);
	json_kv_string(&j, "sub", name);
	json_kv_string(&j, "epoch", s->hub->timeline.epoch);
	json_kv_uint(&j, "interval_ms", process_stream_interval(*slot));
	return reply_end(&j);
}
