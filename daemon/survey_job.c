/* SPDX-License-Identifier: MIT */
#include "daemon/survey_job.h"

/* The command line of a process; NULL when it is not to be had.  Valid until the next. */
static const char *job_command(void *arg, const struct process *p)
{
	struct survey_job *job = arg;

	if (job->command_of != p) {
		job->command_of = p;
		job->command_known = job->source->command(job->self, p, job->command) == 0;
	}
	return job->command_known ? job->command : NULL;
}

static const char *job_cgroup(void *arg, const struct process *p)
{
	struct survey_job *job = arg;

	return job->source->cgroup(job->self, p, job->cgroup) == 0 ? job->cgroup : NULL;
}

static void job_walk(struct survey_job *job, unsigned want)
{
	crowd_begin(&job->crowd);
	job->result = job->source->walk(job->self, want, &job->crowd.table);
	crowd_settle(&job->crowd, job->now.awake_ns);
	job->wanted = want;
}

/* A walk that is used again may lack what an order goes by. */
static void job_complete(struct survey_job *job, unsigned want)
{
	unsigned lacking = want & ~job->wanted;

	for (uint32_t i = 0; lacking && i < job->crowd.table.count; i++) {
		job->source->detail(job->self, lacking, &job->crowd.table.rows[i]);
		crowd_note_detail(&job->crowd, i, job->now.awake_ns);
	}
	job->wanted |= want;
}

/* What must be known of every process. */
static unsigned job_wants(const struct survey_job *job)
{
	unsigned want = job->census ? census_wants(job->census) : 0;

	for (const struct survey_view *view = job->views; view; view = view->next_working)
		want |= roster_wants(&view->query);
	return want;
}

static void job_share(struct survey_job *job)
{
	share_init(
		&job->share, &job->crowd, &job->rails, (job->wanted & PROCESS_WANT_GPU) != 0);
}

static void job_count_groups(struct survey_job *job)
{
	const struct roster_commands commands = { job, job_command };
	const struct census_walk walk = { &job->crowd, &job->share, &commands,
		job->result >= 0 && !job->crowd.table.truncated };

	census_count(job->census, &walk);
}

static void job_choose(struct survey_job *job, struct survey_view *view)
{
	const struct roster_commands commands = { job, job_command };

	roster_choose(&view->roster, &job->crowd, &job->share, &view->query, &commands);
}

/* What is dear is read for the rows that are sent. */
static void job_detail(struct survey_job *job, const struct roster *roster)
{
	struct crowd *crowd = &job->crowd;

	for (unsigned i = 0; i < roster->count; i++) {
		uint32_t row = roster->picks[i].row;

		job->source->detail(job->self, PROCESS_WANT_ALL, &crowd->table.rows[row]);
		crowd_note_detail(crowd, row, job->now.awake_ns);
	}
}

static void job_write(struct survey_job *job, struct survey_view *view)
{
	const struct roster_line line = {
		.ts_ms = job->walk.wall_ms,
		.dt_ns = job->dt_ns,
		.cores = job->cores,
		.rails = &job->rails,
		.share = &job->share,
		.query = &view->query,
		.commands = { job, job_command },
		.cgroups = { job, job->source->cgroup ? job_cgroup : NULL },
		.arg = job->shell->arg,
		.name_user = job->shell->name_user,
	};

	view->made = body_new(VIEW_LINE_MAX - SURVEY_PREFIX_MAX);
	roster_line_write(&line, &view->roster, &job->crowd, &view->made->text);
	roster_fini(&view->roster);
}

/* Shares are worked out before the choice, which may go by them, and again with the GPU times
 * of the rows that were chosen. */
void survey_job_run(struct survey_job *job)
{
	job->command_of = NULL;
	if (job->walks)
		job_walk(job, job_wants(job));
	else
		job_complete(job, job_wants(job));
	job_share(job);
	if (job->census)
		job_count_groups(job);
	for (struct survey_view *view = job->views; view; view = view->next_working)
		job_choose(job, view);
	for (struct survey_view *view = job->views; view; view = view->next_working)
		job_detail(job, &view->roster);
	job_share(job);
	for (struct survey_view *view = job->views; view; view = view->next_working)
		job_write(job, view);
}
