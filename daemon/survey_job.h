/* SPDX-License-Identifier: MIT */
#ifndef SURVEY_JOB_H
#define SURVEY_JOB_H

#include "daemon/survey.h"

/*
 * The work of a survey: one walk, or another look at one that is fresh, and what is told of it.
 * The worker has it from begin to finish, and the loop leaves it alone meanwhile.
 */
struct survey_job {
	const struct process_source *source;
	void *self; /* of the source */
	const struct survey_shell *shell;

	struct survey_view *views; /* to be answered, by next_working */
	struct census *census;	   /* to be counted in this walk; NULL = it is not due */
	bool walks;
	struct instant now, walk; /* walk: when the newest was made, which is now if it walks */
	uint64_t dt_ns;		  /* since the one before; 0 = there was none */
	unsigned cores;
	struct rails rails;

	int result; /* of the walk */
	struct crowd crowd;
	unsigned wanted; /* what is known of all of the crowd: bits of enum process_want */
	struct share share;
	const struct process *command_of; /* whose command line is in command */
	bool command_known;
	char command[PROCESS_COMMAND_MAX], cgroup[PROCESS_COMMAND_MAX];
};

void survey_job_run(struct survey_job *job);

#endif
