/* SPDX-License-Identifier: MIT */
#include "daemon/survey.h"

#include <assert.h>
#include <string.h>

#include "daemon/survey_job.h"
#include "proto/alloc.h"

#define NS_PER_MS 1000000u

struct survey_counts {
	uint64_t walks, texts, failed;
	uint64_t cost_ns, cost_ns_max;
	unsigned processes;
	size_t bytes;
};

struct survey {
	struct hub *hub;
	struct survey_shell shell;
	struct survey_view *views;
	struct survey_counts counts;
	bool busy, walked;		 /* a walk is there */
	uint64_t seq;			 /* the newest sample then */
	uint64_t used_ns;		 /* awake time of the last answer */
	struct census *census, *retired; /* retired: the worker has it still */
	uint64_t census_ns;		 /* awake time of its last walk */
	bool counted;			 /* there was one */
	struct survey_job job;
};

/* ---- life ---- */

struct survey *survey_new(struct hub *hub, const struct process_source *source, void *self,
	const struct survey_shell *shell)
{
	struct survey *survey = xcalloc(1, sizeof(*survey));

	survey->hub = hub;
	survey->shell = *shell;
	survey->job.source = source;
	survey->job.self = self;
	survey->job.shell = &survey->shell;
	hub->survey = survey;
	return survey;
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	assert(!survey->views && !survey->busy);
	survey->hub->survey = NULL;
	census_free(survey->census);
	crowd_forget(&survey->job.crowd);
	free(survey);
}

/* ---- views ---- */

static struct survey_view *survey_find(
	const struct survey *survey, const struct roster_query *query, unsigned ticks)
{
	struct survey_view *view = survey->views;

	while (view && !(view->ticks == ticks && roster_query_equals(&view->query, query)))
		view = view->next;
	return view;
}

bool survey_has_room(
	const struct survey *survey, const struct roster_query *query, unsigned ticks)
{
	unsigned count = 0;

	for (const struct survey_view *view = survey->views; view; view = view->next)
		count += view->query.viewer == query->viewer;
	return count < SURVEY_VIEWS_MAX || survey_find(survey, query, ticks);
}

struct survey_view *survey_view_get(
	struct survey *survey, struct roster_query *query, unsigned ticks)
{
	struct survey_view *view = survey_find(survey, query, ticks);

	if (view) {
		roster_query_fini(query);
	} else {
		view = xcalloc(1, sizeof(*view));
		view->query = *query;
		view->ticks = ticks;
		view->next = survey->views;
		survey->views = view;
	}
	view->users++;
	return view;
}

/* Views that nobody uses are dropped, but not while the worker has them. */
static void survey_sweep(struct survey *survey)
{
	struct survey_view **link = &survey->views, *view;

	while (!survey->busy && (view = *link) != NULL) {
		if (view->users) {
			link = &view->next;
			continue;
		}
		*link = view->next;
		roster_query_fini(&view->query);
		body_unref(view->body);
		free(view);
	}
}

void survey_view_put(struct survey *survey, struct survey_view *view)
{
	view->users--;
	survey_sweep(survey);
}

/* ---- what is due ---- */

static void survey_now(const struct survey *survey, struct instant *now)
{
	survey->hub->shell.now(survey->hub->shell.arg, now);
}

static bool survey_is_fresh(const struct survey *survey, const struct instant *now)
{
	/* Behind a walk that took long there is as much rest as behind any other. */
	return survey->walked &&
		now->awake_ns - survey->job.walk.awake_ns <
		SURVEY_FRESH_MS * NS_PER_MS + survey->counts.cost_ns;
}

/* Chooses the views to be answered: with a fresh walk those that have not had it yet. */
static void survey_collect(struct survey *survey)
{
	survey->job.views = NULL;
	for (struct survey_view *view = survey->views; view; view = view->next) {
		view->working = view->users && view->due &&
			(survey->job.walks || view->walk != survey->counts.walks);
		if (!view->working)
			continue;
		view->next_working = survey->job.views;
		survey->job.views = view;
	}
}

/* ---- what rules ask for ---- */

void survey_set_census(struct survey *survey, struct census *census)
{
	if (survey->census && survey->census == survey->job.census)
		survey->retired = survey->census;
	else
		census_free(survey->census);
	survey->census = census;
	survey->counted = false;
}

struct census *survey_census(const struct survey *survey)
{
	return survey->census;
}

/* Half a sample early is better than a whole one late. */
static bool survey_owes_census(const struct survey *survey, const struct instant *now)
{
	uint64_t early_ns = (uint64_t)survey->hub->timeline.base_ms * NS_PER_MS / 2;

	return survey->census &&
		(!survey->counted ||
			now->awake_ns - survey->census_ns + early_ns >=
				CENSUS_MS * UINT64_C(1000000));
}

static void survey_take_census(struct survey *survey)
{
	if (survey->job.census && survey->job.census == survey->census) {
		census_tell(survey->census, survey->job.now.awake_ns);
		survey->census_ns = survey->job.now.awake_ns;
		survey->counted = true;
	}
	survey->job.census = NULL;
	census_free(survey->retired);
	survey->retired = NULL;
}

static void survey_begin_walk(struct survey *survey)
{
	const struct timeline *timeline = &survey->hub->timeline;
	struct survey_job *job = &survey->job;

	job->cores = survey->hub->layout ? survey->hub->layout->count[SCOPE_CORE] : 0;
	rails_read(
		timeline, survey->walked ? survey->seq : UINT64_MAX, job->cores, &job->rails);
	survey->seq = history_head(timeline->history);
	job->dt_ns = survey->walked ? job->now.awake_ns - job->walk.awake_ns : 0;
	job->walk = job->now;
}

static void survey_start(struct survey *survey)
{
	if (survey->busy)
		return;
	survey_now(survey, &survey->job.now);
	survey->job.walks = !survey_is_fresh(survey, &survey->job.now);
	survey_collect(survey);
	if (survey->job.walks && survey_owes_census(survey, &survey->job.now))
		survey->job.census = survey->census;
	if (!survey->job.views && !survey->job.census)
		return;
	if (survey->job.walks)
		survey_begin_walk(survey);
	survey->busy = true;
	survey->shell.begin(survey->shell.arg);
}

uint64_t survey_ask(struct survey *survey, struct survey_view *view)
{
	struct instant now;

	survey_now(survey, &now);
	if (view->body && !view->working && view->walk == survey->counts.walks &&
		survey_is_fresh(survey, &now))
		return view->rev;
	view->due = true;
	survey_start(survey);
	return view->rev + (view->due ? 1 : 0);
}

/* Everything is let go once nobody has asked for a while; there is no timer for it. */
static void survey_rest(struct survey *survey)
{
	struct instant now;

	if (!survey->walked || survey->busy)
		return;
	survey_now(survey, &now);
	if (now.awake_ns - survey->used_ns <= SURVEY_KEEP_MS * (uint64_t)NS_PER_MS)
		return;
	crowd_forget(&survey->job.crowd);
	survey->walked = false;
}

static uint64_t survey_tick_number(const struct survey *survey)
{
	const struct history *h = survey->hub->timeline.history;
	uint64_t head = history_head(h);

	return head ? history_row(h, head)->tick : 0;
}

void survey_tick(struct survey *survey)
{
	struct instant now;
	uint64_t tick;
	bool due;

	if (!survey || survey->hub->stopping)
		return;
	if (!survey->views && !survey->census) {
		survey_rest(survey);
		return;
	}
	survey_now(survey, &now);
	due = survey_owes_census(survey, &now);
	tick = survey_tick_number(survey);
	for (struct survey_view *view = survey->views; view; view = view->next) {
		if (view->ticks && tick / view->ticks != view->window)
			view->due = true;
		due = due || view->due;
	}
	if (due)
		survey_start(survey);
}

/* ---- the work ---- */

void survey_work(struct survey *survey)
{
	survey_job_run(&survey->job);
}

/* ---- its end ---- */

static void survey_take(struct survey *survey, struct survey_view *view)
{
	body_unref(view->body);
	view->body = view->made;
	view->made = NULL;
	view->working = view->due = false;
	view->walk = survey->counts.walks;
	view->rev++;
	survey->counts.texts++;
	if (view->ticks)
		view->window = survey_tick_number(survey) / view->ticks;
}

static void survey_count(struct survey *survey, uint64_t cost_ns)
{
	struct survey_counts *c = &survey->counts;

	c->walks += survey->job.walks;
	c->failed += survey->job.walks && survey->job.result < 0;
	c->cost_ns = cost_ns;
	c->cost_ns_max = cost_ns > c->cost_ns_max ? cost_ns : c->cost_ns_max;
	c->processes = survey->job.crowd.table.count;
	c->bytes = crowd_bytes(&survey->job.crowd);
}

void survey_finish(struct survey *survey, uint64_t cost_ns)
{
	survey->busy = false;
	survey->walked = true;
	survey->used_ns = survey->job.now.awake_ns;
	survey_count(survey, cost_ns);
	survey_take_census(survey);
	for (struct survey_view *view = survey->job.views; view; view = view->next_working)
		survey_take(survey, view);
	survey_sweep(survey);
	survey_start(survey); /* for those who came meanwhile */
}

bool survey_find_user(struct survey *survey, const char *name, uint32_t *uid)
{
	return survey->shell.find_user(survey->shell.arg, name, uid);
}

void survey_describe(const struct survey *survey, struct json *j)
{
	const struct survey_counts *c = &survey->counts;
	unsigned views = 0;

	for (const struct survey_view *view = survey->views; view; view = view->next)
		views++;
	json_key(j, "processes");
	json_object_open(j);
	json_kv_uint(j, "walks", c->walks);
	json_kv_uint(j, "texts", c->texts);
	json_kv_uint(j, "failed", c->failed);
	json_kv_uint(j, "views", views);
	json_kv_uint(j, "processes", c->processes);
	json_kv_uint(j, "bytes", survey->walked ? c->bytes : 0);
	json_kv_uint(j, "cost_us", c->cost_ns / 1000);
	json_kv_uint(j, "cost_us_max", c->cost_ns_max / 1000);
	json_object_close(j);
}
