/* SPDX-License-Identifier: MIT */
#include "daemon/options.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/compat.h"
#include "daemon/options_table.h"
#include "daemon/tiers.h"

/* Settings are applied layer by layer, each over the one before. */
struct options_parser {
	struct options *options;
	struct message *why;
	/* Who set a row last: 0 = default, else the result that a mistake in it has. */
	enum options_result from[OPTION_INDEX_COUNT];
	/* In the present layer: 0 = not yet, else the line in the file (or 1). */
	unsigned given[OPTION_INDEX_COUNT];
};

static struct paths options_paths(const struct options *options)
{
	return (struct paths){ &compat_paths, options->env, geteuid(), options->system };
}

/* Sets one row.  The first socket of a layer replaces those of the layers below. */
static int options_apply(struct options_parser *p, const struct option_spec *spec,
	const char *text, enum options_result layer, unsigned line)
{
	size_t i = (size_t)(spec - option_specs);
	int rc;

	if (spec->kind == OPTION_SOCKET && p->given[i] == 0)
		p->options->socket_count = 0;
	rc = option_set(p->options, spec, text, p->why);
	p->from[i] = layer;
	p->given[i] = line;
	return rc;
}

static void options_apply_defaults(struct options_parser *p)
{
	struct options *options = p->options;

	*options = (struct options){ .argc = options->argc,
		.argv = options->argv,
		.env = options->env,
		.config = options->config };
	memset(p->from, 0, sizeof(p->from));
	for (size_t i = 0; i < OPTION_INDEX_COUNT; i++)
		if (option_specs[i].row.initial)
			option_set(
				options, &option_specs[i], option_specs[i].row.initial, p->why);
}

/* ---- the command line ---- */

/* A word of the command line on its way to a row. */
struct options_word {
	const struct option_spec *spec;
	char shown[40];	   /* "--socket" or "-c" */
	const char *value; /* in the same word; NULL = none */
};

static int options_fail_unknown(struct options_parser *p, const char *word, size_t length)
{
	const char *guess = option_guess(word + 2, length - 2, false);

	if (guess)
		return message_set(p->why, -EINVAL,
			"unknown option '%.*s' (did you mean --%s?)", (int)length, word, guess);
	return message_set(
		p->why, -EINVAL, "unknown option '%.60s'; --help lists what there is", word);
}

static int options_split_long(
	struct options_parser *p, const char *word, struct options_word *w)
{
	size_t length = strcspn(word, "=");

	w->spec = option_find(word + 2, length - 2);
	if (!w->spec)
		return options_fail_unknown(p, word, length);
	w->value = word[length] ? word + length + 1 : NULL;
	snprintf(w->shown, sizeof(w->shown), "--%s", w->spec->row.name);
	return 0;
}

static int options_split(struct options_parser *p, const char *word, struct options_word *w)
{
	if (word[0] == '-' && word[1] == '-' && word[2])
		return options_split_long(p, word, w);
	if (word[0] != '-' || !word[1] || strcmp(word, "--") == 0)
		return message_set(p->why, -EINVAL,
			"unexpected argument '%.60s'; --help lists what there is", word);
	w->spec = option_find_letter(word[1]);
	if (!w->spec)
		return message_set(p->why, -EINVAL,
			"unknown option '%.60s'; --help lists what there is", word);
	w->value = word[2] ? word + 2 : NULL;
	snprintf(w->shown, sizeof(w->shown), "-%c", word[1]);
	return 0;
}

/* Takes the word at *i and, if it needs one, its value from the next. */
static int options_apply_word(struct options_parser *p, int *i)
{
	const struct options *options = p->options;
	struct options_word w = { 0 };
	const char *next = *i + 1 < options->argc ? options->argv[*i + 1] : NULL;
	int rc = options_split(p, options->argv[*i], &w);

	if (rc < 0 || !w.spec)
		return -EINVAL;
	if (!w.spec->row.argument && w.value)
		return message_set(p->why, -EINVAL, "%s takes no value", w.shown);
	if (!w.spec->row.argument)
		w.value = "yes";
	if (!w.value && next && strncmp(next, "--", 2) != 0) {
		w.value = next;
		(*i)++;
	}
	if (!w.value)
		return message_set(
			p->why, -EINVAL, "%s needs a value: %s", w.shown, w.spec->row.argument);
	rc = options_apply(p, w.spec, w.value, OPTIONS_USAGE, 1);
	if (rc < 0)
		message_prefix(p->why, "%s: ", w.shown);
	return rc;
}

static int options_apply_command(struct options_parser *p)
{
	int rc = 0;

	memset(p->given, 0, sizeof(p->given));
	for (int i = 1; i < p->options->argc && rc == 0; i++)
		rc = options_apply_word(p, &i);
	return rc;
}

/* ---- the environment ---- */

static int options_apply_environment(struct options_parser *p)
{
	struct options *options = p->options;
	struct paths paths = options_paths(options);
	const char *socket = env_get(options->env, "ACTOPD_SOCKET");
	int rc = 0;

	memset(p->given, 0, sizeof(p->given));
	if (socket) {
		rc = options_apply(
			p, &option_specs[OPTION_INDEX_sockets], socket, OPTIONS_USAGE, 1);
		if (rc < 0)
			message_prefix(p->why, "ACTOPD_SOCKET: ");
	} else if (env_get(options->env, "RUNTIME_DIRECTORY")) {
		options->socket_count = 1;
		rc = paths_socket(&options->sockets[0], &paths, p->why);
	}
	if (rc == 0 && env_get(options->env, "STATE_DIRECTORY")) {
		p->from[OPTION_INDEX_state] = OPTIONS_USAGE;
		rc = paths_state(options->state, &paths, p->why);
	}
	return rc;
}

/* ---- the file ---- */

static int options_fail_key(struct options_parser *p, const struct config_line *line)
{
	const char *path = p->options->config.path;
	const char *guess = option_guess(line->key, strlen(line->key), true);

	if (option_find(line->key, strlen(line->key)))
		return message_set(p->why, -EINVAL,
			"%s:%u: '%s' can only be given on the command line", path, line->line,
			line->key);
	if (guess)
		return message_set(p->why, -EINVAL,
			"%s:%u: unknown key '%s' (did you mean '%s'?)", path, line->line,
			line->key, guess);
	return message_set(p->why, -EINVAL,
		"%s:%u: unknown key '%.60s'; --help lists the options", path, line->line,
		line->key);
}

static int options_apply_line(struct options_parser *p, const struct config_line *line)
{
	const struct option_spec *spec = option_find(line->key, strlen(line->key));
	const char *path = p->options->config.path;
	unsigned former;
	int rc;

	if (!spec || !spec->row.in_file)
		return options_fail_key(p, line);
	former = p->given[spec - option_specs];
	if (former && spec->kind != OPTION_SOCKET)
		return message_set(p->why, -EINVAL, "%s:%u: '%s' is already in line %u", path,
			line->line, line->key, former);
	rc = options_apply(p, spec, line->value, OPTIONS_CONFIG, line->line);
	if (rc < 0)
		message_prefix(p->why, "%s:%u: %s: ", path, line->line, line->key);
	return rc;
}

static int options_apply_file(struct options_parser *p)
{
	const struct config *config = &p->options->config;
	int rc = 0;

	memset(p->given, 0, sizeof(p->given));
	for (unsigned i = 0; config->count && i < config->sections[0].count && rc == 0; i++)
		rc = options_apply_line(p, &config->sections[0].lines[i]);
	for (unsigned i = 1; i < config->count && rc == 0; i++) {
		const struct config_section *section = &config->sections[i];

		if (strcmp(section->kind, "alert") != 0)
			rc = message_set(p->why, -EINVAL,
				"%s:%u: unknown section [%.60s %.60s]; there is only [alert "
				"NAME]",
				config->path, section->line, section->kind, section->name);
	}
	return rc;
}

/* The file named by -c must be there; the default one need not. */
static int options_read_file(struct options_parser *p)
{
	struct options *options = p->options;
	struct paths paths = options_paths(options);
	char path[PATHS_MAX];
	int rc;

	if (options->config_path[0])
		return config_read(&options->config, options->config_path, p->why);
	if (paths_config(path, &paths, p->why) < 0)
		return 0;
	rc = config_read(&options->config, path, p->why);
	return rc == -ENOENT || rc == -ENOTDIR ? 0 : rc;
}

/* ---- all together ---- */

/*
 * The present layer is the command line.  A state that only the file names is not meant for a
 * source that the command line does; one of the environment is never meant for a certain
 * source.
 */
static bool options_name_state(const struct options_parser *p)
{
	return p->given[OPTION_INDEX_state] ||
		(p->from[OPTION_INDEX_state] == OPTIONS_CONFIG &&
			!p->given[OPTION_INDEX_source]);
}

static uint32_t options_chosen(const struct options_parser *p)
{
	uint32_t chosen = 0;

	for (unsigned i = 0; i < OPTION_INDEX_COUNT; i++)
		chosen |= p->from[i] ? UINT32_C(1) << i : 0;
	return chosen;
}

/* What depends on more than one option, or on the machine. */
static enum options_result options_finish(struct options_parser *p)
{
	struct options *options = p->options;
	struct paths paths = options_paths(options);
	enum options_result who = p->from[OPTION_INDEX_tiers];

	options->state_named = options_name_state(p);
	options->chosen = options_chosen(p);
	if (options->system && !p->from[OPTION_INDEX_mode])
		options->mode = options->group[0] ? 0660 : 0666;
	if (!who)
		tiers_fit(options);
	if (tiers_check(options, p->why) < 0)
		return p->from[OPTION_INDEX_interval_ms] == OPTIONS_USAGE ? OPTIONS_USAGE : who;
	if (options->socket_count == 0) {
		options->socket_count = 1;
		if (paths_socket(&options->sockets[0], &paths, p->why) < 0) {
			message_prefix(
				p->why, "no place for the socket; name one with --socket: ");
			return OPTIONS_USAGE;
		}
	}
	if (!p->from[OPTION_INDEX_state] && paths_state(options->state, &paths, p->why) < 0) {
		message_prefix(p->why, "no place for the history; use --state DIR or none: ");
		return OPTIONS_USAGE;
	}
	return OPTIONS_READY;
}

static enum options_result options_apply_layers(struct options_parser *p)
{
	options_apply_defaults(p);
	if (options_apply_file(p) < 0)
		return OPTIONS_CONFIG;
	if (options_apply_environment(p) < 0 || options_apply_command(p) < 0)
		return OPTIONS_USAGE;
	return options_finish(p);
}

enum options_result options_parse(struct options *options, int argc, char **argv,
	const struct env *env, FILE *out, struct message *why)
{
	struct options_parser p = { .options = options, .why = why };
	enum options_result result;

	*options = (struct options){ .argc = argc, .argv = argv, .env = env };
	options_apply_defaults(&p);
	if (options_apply_command(&p) < 0)
		return OPTIONS_USAGE;
	if (options->help || options->version) {
		if (options->help)
			options_print_help(out);
		else
			fprintf(out, "actopd %s\n", ACTOP_VERSION);
		return OPTIONS_DONE;
	}
	if (options_read_file(&p) < 0)
		return OPTIONS_CONFIG;
	result = options_apply_layers(&p);
	if (result == OPTIONS_READY && options->print_config) {
		options_print(options, out);
		result = OPTIONS_DONE;
	}
	return result;
}

enum options_result options_reload(
	const struct options *old, struct options *fresh, struct message *why)
{
	enum options_result result =
		options_parse(fresh, old->argc, old->argv, old->env, stdout, why);

	if (result != OPTIONS_READY)
		options_fini(fresh);
	return result;
}

void options_fini(struct options *options)
{
	config_fini(&options->config);
}

const char *options_next_fixed(
	const struct options *running, const struct options *fresh, unsigned *row)
{
	while (*row < OPTION_INDEX_COUNT) {
		bool chosen = (running->chosen | fresh->chosen) >> *row & 1;
		const struct option_spec *spec = &option_specs[(*row)++];

		if (chosen && spec->row.restart && !option_equal(running, fresh, spec))
			return spec->row.name;
	}
	return NULL;
}

void options_adopt(struct options *running, struct options *fresh)
{
	const struct config former = running->config;

	for (unsigned i = 0; i < OPTION_INDEX_COUNT; i++) {
		const struct option_spec *spec = &option_specs[i];

		if (!spec->row.restart)
			memcpy(option_field(running, spec), option_value(fresh, spec),
				spec->size);
	}
	running->config = fresh->config;
	fresh->config = former;
	options_fini(fresh);
}
