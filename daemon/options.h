/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "daemon/config.h"
#include "daemon/env.h"
#include "daemon/log.h"
#include "daemon/message.h"
#include "daemon/paths.h"

/*
 * What the daemon is told to do.  One table, options.def, gives the command line, --help, the
 * file actopd.conf, --print-config and the manual page.  Command line > environment
 * (ACTOPD_SOCKET, STATE_DIRECTORY, RUNTIME_DIRECTORY) > file > default.
 */

#define OPTIONS_SOCKETS_MAX 4
#define OPTIONS_TIERS_MAX 4
#define OPTIONS_HISTORY_DEFAULT "1s:1h, 10s:24h, 60s:30d"

/* Results; the last two are exit codes of <sysexits.h>. */
enum options_result {
	OPTIONS_READY = 0,   /* run */
	OPTIONS_DONE = 1,    /* --help, --version or --print-config was printed: exit 0 */
	OPTIONS_USAGE = 64,  /* the command line or the environment is wrong */
	OPTIONS_CONFIG = 78, /* the file is wrong, or a named one cannot be read */
};

struct options_tier {
	uint64_t step_ms; /* the first equals interval_ms, each other is a multiple of its
			     former */
	uint64_t span_ms; /* a multiple of the step; grows from tier to tier */
};

struct options {
	struct place sockets[OPTIONS_SOCKETS_MAX]; /* in the order given */
	unsigned socket_count;			   /* at least 1: the default place */
	bool system;
	uint64_t interval_ms;
	struct options_tier tiers[OPTIONS_TIERS_MAX];
	unsigned tier_count;	/* at least 1 */
	char state[PATHS_MAX];	/* "" = none: keep nothing */
	char source[PATHS_MAX]; /* for source_open */
	char record[PATHS_MAX]; /* "" = do not record */
	uint64_t max_clients;
	char group[64];		  /* of the sockets; "" = leave it */
	uint64_t mode;		  /* of the sockets */
	bool wait;		  /* for another daemon to end */
	uint64_t log_level;	  /* enum log_level */
	char log_file[PATHS_MAX]; /* "" = stderr */
	uint64_t stall_ms;	  /* 0 = never cut */
	bool test; /* --test: the caller checks the sections as well, then exits 0 */
	bool print_config;
	char dump_world[PATHS_MAX]; /* "" = run as a daemon */
	bool help, version, foreground;

	/* state was chosen where source was, or above: it is meant for that source. */
	bool state_named;
	uint32_t chosen;	     /* bit of every row that is not left at its default */
	char config_path[PATHS_MAX]; /* as named by -c; "" = the default file */
	/* The file that was read: sections[1..] are the "[alert NAME]" ones, not yet
	 * understood. count is 0 when there is no file. */
	struct config config;

	/* Borrowed, for a reload. */
	int argc;
	char **argv;
	const struct env *env;
};

/*
 * Parses; out gets what --help, --version and --print-config print.  With OPTIONS_USAGE and
 * OPTIONS_CONFIG why says what, where and what to do.  argv and env must outlive options, which
 * is to be finished with options_fini whatever the result.
 */
enum options_result options_parse(struct options *options, int argc, char **argv,
	const struct env *env, FILE *out, struct message *why);

/*
 * Reads the file again under the same command line and environment.  OPTIONS_READY: fresh is
 * new and old remains to be finished; otherwise fresh needs nothing, and old is to be kept.
 */
enum options_result options_reload(
	const struct options *old, struct options *fresh, struct message *why);

void options_fini(struct options *options);

/*
 * After a reload: the name of the next option, from *row on, that somebody changed and that
 * only takes effect after a restart; NULL when there is none (left).  What merely follows from
 * another option is not named.  Start with *row = 0.
 */
const char *options_next_fixed(
	const struct options *running, const struct options *fresh, unsigned *row);

/*
 * Takes over what a reload can change, and the sections of the file; what needs a restart stays
 * what it is, so that running is always what runs.  fresh is finished.
 */
void options_adopt(struct options *running, struct options *fresh);

/* Prints the settings in effect as an actopd.conf. */
void options_print(const struct options *options, FILE *out);

void options_print_help(FILE *out);

/* One row of options.def, for the manual page. */
struct options_row {
	const char *name;     /* without dashes; also the key in the file */
	char letter;	      /* 0 = none */
	const char *argument; /* "FILE"; NULL for a switch */
	const char *initial;  /* the default as text; NULL = none, or described in help */
	bool in_file;	      /* may be written in actopd.conf */
	bool restart;	      /* a change needs a restart, not only a reload */
	bool hidden;	      /* not in --help */
	const char *help;
};

/* Row i; NULL beyond the last. */
const struct options_row *options_row(unsigned i);

#endif
