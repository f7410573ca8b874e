/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/watch/settings.h"
#include "proto/buf.h"
#include "proto/words.h"

enum option {
#define OPTION(id, ...) OPTION_##id,
#include "client/options.def"
#undef OPTION
	OPTION_COUNT
};

/* A set of options. */
#define OPTION_BIT(id) (UINT64_C(1) << OPTION_##id)

enum output {
	OUTPUT_AUTO, /* a table on a terminal, else JSON */
	OUTPUT_TABLE,
	OUTPUT_JSON,
	OUTPUT_CSV,
	OUTPUT_PLAIN,
	OUTPUT_ACTOP1,
	OUTPUT_PROM,
	OUTPUT_OPENMETRICS,
	OUTPUT_COUNT
};

enum by { BY_RAIL, BY_HOUR, BY_COUNT };
enum file_format { FILE_AUTO, FILE_CSV, FILE_NDJSON, FILE_FORMATS };
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER, WHEN_COUNT };

#define FIELDS_MAX 64 /* patterns in one request, as the protocol limits them */
#define AGGS_MAX 4
#define KINDS_MAX EVENT_COUNT
#define OPERANDS_MAX 8
#define PROCESSES_SHOWN_MAX 50 /* of metrics: each of them is several series */
#define TIMEOUT_DEFAULT_MS 5000
#define STEP_AUTO (-1) /* the step is to be chosen: see client/steps.h */

/* The command line, read.  Texts point into argv or, the fields, into memory of their own. */
struct options {
	uint64_t given; /* OPTION_BIT of every option that is there */
	enum output output;
	const char *output_text; /* what -o says, which some commands take for a file */
	enum file_format format;
	enum by by;
	enum when color;
	const char *fields[FIELDS_MAX];
	unsigned field_count;
	int64_t lines;		      /* 0 = not given */
	int64_t interval_ms, step_ms; /* 0 = not given */
	int64_t timeout_ms, baseline_ms, for_ms;
	int64_t boot; /* 0 this one, -1 the one before; see given */
	enum layout_kind layout;
	enum palette palette;
	enum dots dots;
	enum scale scale;
	int64_t avg_ms;		      /* 0 = not given */
	double price, units;	      /* 0 = not given */
	const char *kinds[KINDS_MAX]; /* words of the protocol */
	unsigned kind_count;
	const char *sort;   /* a word of the protocol; NULL = not given */
	unsigned processes; /* 0 = not given */
	int64_t pid;	    /* 0 = not given */
	const char *host;   /* see client/remote.h */
	const char *match, *proc_filter, *user, *textfile, *listen, *host_name, *token_file,
		*between, *since, *until, *cursor_file, *socket, *bundle; /* NULL = not given */
	const char *aggs[AGGS_MAX]; /* words of the protocol */
	unsigned agg_count;
	bool quiet, utc, pretty, clients, help, version;
	bool no_meta, fresh, tree, group, watch, stat, plot, events, follow, firing, rules,
		insecure, system, no_cores, show_processes;
	const char *operands[OPERANDS_MAX]; /* the first one names the command */
	unsigned operand_count;
	char **rest; /* a command line to run, ended by NULL; NULL = none */
};

struct option_info {
	char letter; /* 0 = none */
	const char *name, *argument, *help;
};

extern const struct option_info option_infos[OPTION_COUNT];
extern const char *const output_words[OUTPUT_COUNT];

/* What the first operand, the command, makes of the others. */
struct options_grammar {
	bool (*wraps)(const char *command);	/* they are a command line of its own */
	uint64_t (*takes)(const char *command); /* OPTION_BIT of its options; 0 = not known */
};

/*
 * Reads argv[1...], argv[argc] being NULL.  Where the command wraps, what follows from the
 * second operand on becomes rest.  A letter that two options share is that of the option which
 * the command takes; before the command it is the first one's.  0, or EXIT_USAGE after saying
 * on stderr what is wrong.
 */
int options_read(
	struct options *options, int argc, char **argv, const struct options_grammar *grammar);
void options_fini(struct options *options);

/* The option of a letter, where two share it that of takes; OPTION_COUNT = there is none. */
unsigned options_find_letter(char letter, uint64_t takes);

/* Takes -o for a format.  0, or EXIT_USAGE after saying on stderr which of outputs (1 <<
 * OUTPUT_...) there are. */
int options_take_output(struct options *options, unsigned outputs);

/* Appends "table, json or csv": those of words[count] that are allowed (1 << index). */
void options_list(struct buf *out, const char *const *words, unsigned count, unsigned allowed);

/* The format to print: AUTO resolved. */
enum output options_output(const struct options *options, bool terminal);

#endif
