/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_H
#define CONFIG_H

#include <stddef.h>
#include <stdio.h>

#include "daemon/message.h"

/*
 * The text of actopd.conf as sections of key = value lines, before anyone gives them a meaning.
 * '#' begins a comment at the start of a line or value and after white space; a value may be
 * enclosed in double quotes, which keeps such a '#' and outer spaces.  Lines before the first
 * "[kind name]" belong to section 0.
 */

#define CONFIG_FILE_MAX (64 * 1024) /* bytes; a longer file is refused */
#define CONFIG_LINE_MAX 2048	    /* bytes of one line */
#define CONFIG_LINES_MAX 1024	    /* key = value lines in all */
#define CONFIG_SECTIONS_MAX 65	    /* section 0 and 64 named ones */

struct config_line {
	char *key;
	char *value;   /* never empty */
	unsigned line; /* in the file, from 1 */
};

struct config_section {
	char *kind; /* "alert"; "" for section 0 */
	char *name; /* [A-Za-z0-9_.-]+; "" for section 0 */
	unsigned line;
	struct config_line *lines;
	unsigned count;
};

struct config {
	char *path; /* as named in messages */
	struct config_section *sections;
	unsigned count; /* at least 1 after a parse */
};

/*
 * Parses length bytes of text; path is only for messages.  0, or -EINVAL with why beginning
 * "PATH:LINE: ".  Twice the same section or the same key in a named section is an error; in
 * section 0 that is for the reader to judge.  To be finished with config_fini in both cases.
 */
int config_parse(struct config *config, const char *path, const char *text, size_t length,
	struct message *why);

/* Reads a file and parses it.  As above; -errno with why when it cannot be read. */
int config_read(struct config *config, const char *path, struct message *why);

/* Also fine for a zeroed struct. */
void config_fini(struct config *config);

/* One line as it would stand in a file, quoted where the plain text would be read otherwise. */
void config_print_pair(const char *key, const char *value, FILE *out);

#endif
