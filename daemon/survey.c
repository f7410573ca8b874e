/* SPDX-License-Identifier: MIT */
#include "daemon/survey.h"

#include <assert.h>
#include <string.h>

#include "proto/alloc.h"

#define NS_PER_MS 1000000u

struct survey_counts {
	uint64_t walks, texts, failed;
	uint64_t cost_ns, cost_ns_max;
	unsigned processes;
	size_t bytes;
};

/* What the worker has from begin to finish, and the loop leaves alone meanwhile. */
struct survey_job {
	struct survey_view *views; /* by next_working */
	struct census *census;	   /* to be counted in this walk; NULL = it is not due */
	bool walks;
	int result; /* of the walk */
	struct instant now;
	struct rails rails;
	struct share share;
	struct crowd crowd;
	unsigned wanted;		  /* what is known of all of the crowd */
	const struct process *command_of; /* whose command line is in command */
	bool command_known;
	char command[PROCESS_COMMAND_MAX];
};

struct survey {
	struct hub *hub;
	const struct process_source *source;
	void *self;
	struct survey_shell shell;
	struct survey_view *views;
	struct survey_counts counts;
	bool busy, walked;   /* a walk is there */
	struct instant walk; /* when it was made */
	uint64_t seq, dt_ns; /* the newest sample then; time since the walk before it */
	uint64_t used_ns;    /* awake time of the last answer */
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
	survey->source = source;
	survey->self = self;
	survey->shell = *shell;
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
		now->awake_ns - survey->walk.awake_ns <
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

static unsigned survey_cores(const struct survey *survey)
{
	return survey->hub->layout ? survey->hub->layout->count[SCOPE_CORE] : 0;
}

static void survey_begin_walk(struct survey *survey)
{
	const struct timeline *timeline = &survey->hub->timeline;
	const struct instant *now = &survey->job.now;

	rails_read(timeline, survey->walked ? survey->seq : UINT64_MAX, survey_cores(survey),
		&survey->job.rails);
	survey->seq = history_head(timeline->history);
	survey->dt_ns = survey->walked ? now->awake_ns - survey->walk.awake_ns : 0;
	survey->walk = *now;
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

/* The command line of a process; NULL when it is not to be had.  Valid until the next. */
static const char *survey_command(void *arg, const struct process *p)
{
	struct survey *survey = arg;
	struct survey_job *job = &survey->job;

	if (job->command_of != p) {
		job->command_of = p;
		job->command_known =
			survey->source->command(survey->self, p, job->command) == 0;
	}
	return job->command_known ? job->command : NULL;
}

static void survey_walk(struct survey *survey, unsigned want)
{
	struct survey_job *job = &survey->job;

	crowd_begin(&job->crowd);
	job->result = survey->source->walk(survey->self, want, &job->crowd.table);
	crowd_settle(&job->crowd, job->now.awake_ns);
	job->wanted = want;
}

/* A walk that is used again may lack what an order goes by. */
static void survey_complete(struct survey *survey, unsigned want)
{
	struct survey_job *job = &survey->job;
	unsigned lacking = want & ~job->wanted;

	for (uint32_t i = 0; lacking && i < job->crowd.table.count; i++) {
		survey->source->detail(survey->self, lacking, &job->crowd.table.rows[i]);
		crowd_note_detail(&job->crowd, i, job->now.awake_ns);
	}
	job->wanted |= want;
}

/* What must be known of every process. */
static unsigned survey_wants(const struct survey_job *job)
{
	unsigned want = job->census ? census_wants(job->census) : 0;

	for (const struct survey_view *view = job->views; view; view = view->next_working)
		want |= roster_wants(&view->query);
	return want;
}

static void survey_share(struct survey_job *job)
{
	share_init(
		&job->share, &job->crowd, &job->rails, (job->wanted & PROCESS_WANT_GPU) != 0);
}

static void survey_count_groups(struct survey *survey)
{
	const struct survey_job *job = &survey->job;
	const struct roster_commands commands = { survey, survey_command };
	const struct census_walk walk = { &job->crowd, &job->share, &commands,
		job->result >= 0 && !job->crowd.table.truncated };

	census_count(job->census, &walk);
}

static void survey_choose(struct survey *survey, struct survey_view *view)
{
	const struct roster_commands commands = { survey, survey_command };

	roster_choose(
		&view->roster, &survey->job.crowd, &survey->job.share, &view->query, &commands);
}

/* What is dear is read for the rows that are sent. */
static void survey_detail(struct survey *survey, const struct roster *roster)
{
	struct crowd *crowd = &survey->job.crowd;

	for (unsigned i = 0; i < roster->count; i++) {
		uint32_t row = roster->picks[i].row;

		survey->source->detail(survey->self, PROCESS_WANT_ALL, &crowd->table.rows[row]);
		crowd_note_detail(crowd, row, survey->job.now.awake_ns);
	}
}

static void survey_write(struct survey *survey, struct survey_view *view)
{
	const struct roster_line line = {
		.ts_ms = survey->walk.wall_ms,
		.dt_ns = survey->dt_ns,
		.cores = survey_cores(survey),
		.rails = &survey->job.rails,
		.share = &survey->job.share,
		.query = &view->query,
		.commands = { survey, survey_command },
		.arg = survey->shell.arg,
		.name_user = survey->shell.name_user,
	};

	view->made = body_new(VIEW_LINE_MAX - SURVEY_PREFIX_MAX);
	roster_line_write(&line, &view->roster, &survey->job.crowd, &view->made->text);
	roster_fini(&view->roster);
}

/* Shares are worked out before the choice, which may go by them, and again with the GPU times
 * of the rows that were chosen. */
void survey_work(struct survey *survey)
{
	struct survey_job *job = &survey->job;

	job->command_of = NULL;
	if (job->walks)
		survey_walk(survey, survey_wants(job));
	else
		survey_complete(survey, survey_wants(job));
	survey_share(job);
	if (job->census)
		survey_count_groups(survey);
	for (struct survey_view *view = job->views; view; view = view->next_working)
		survey_choose(survey, view);
	for (struct survey_view *view = job->views; view; view = view->next_working)
		survey_detail(survey, &view->roster);
	survey_share(job);
	for (struct survey_view *view = job->views; view; view = view->next_working)
		survey_write(survey, view);
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
