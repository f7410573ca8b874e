/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option {
#define OPTION(id, ...) OPTION_##id,
#include "client/options.def"
#undef OPTION
	OPTION_COUNT
};

/* A set of options. */
#define OPTION_BIT(id) (1u << OPTION_##id)

enum output {
	OUTPUT_AUTO, /* a table on a terminal, else JSON */
	OUTPUT_TABLE,
	OUTPUT_JSON,
	OUTPUT_CSV,
	OUTPUT_PLAIN,
	OUTPUT_ACTOP1,
	OUTPUT_COUNT
};

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER, WHEN_COUNT };

#define FIELDS_MAX 64 /* patterns in one request, as the protocol limits them */
#define AGGS_MAX 4
#define OPERANDS_MAX 8
#define TIMEOUT_DEFAULT_MS 5000

/* The command line, read.  Texts point into argv or, the fields, into memory of their own. */
struct options {
	unsigned given; /* OPTION_BIT of every option that is there */
	enum output output;
	enum when color;
	const char *fields[FIELDS_MAX];
	unsigned field_count;
	int64_t lines;		      /* 0 = not given */
	int64_t interval_ms, step_ms; /* 0 = not given */
	int64_t timeout_ms;
	const char *since, *until, *cursor_file, *socket; /* NULL = not given */
	const char *aggs[AGGS_MAX];			  /* words of the protocol */
	unsigned agg_count;
	bool quiet, utc, pretty, clients, help, version;
	const char *operands[OPERANDS_MAX]; /* the first one names the command */
	unsigned operand_count;
};

struct option_info {
	char letter; /* 0 = none */
	const char *name, *argument, *help;
};

extern const struct option_info option_infos[OPTION_COUNT];
extern const char *const output_words[OUTPUT_COUNT];

/* Reads argv[1...].  0, or EXIT_USAGE after saying on stderr what is wrong. */
int options_read(struct options *options, int argc, char **argv);
void options_fini(struct options *options);

/* The format to print: AUTO resolved. */
enum output options_output(const struct options *options, bool terminal);

#endif
