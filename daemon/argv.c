/* SPDX-License-Identifier: MIT */
#include "daemon/argv.h"

#include <errno.h>
#include <string.h>

#include "proto/alloc.h"

void argv_free(char **argv)
{
	for (unsigned i = 0; argv && argv[i]; i++)
		free(argv[i]);
	free(argv);
}

/* Appends one argument, without its quotes, to word.  Returns what follows; NULL when a quote
 * is not closed. */
static const char *argv_take_word(char *word, const char *text)
{
	char quote = '\0';

	for (; *text && (quote || (*text != ' ' && *text != '\t')); text++) {
		if (quote && *text == quote)
			quote = '\0';
		else if (!quote && (*text == '\'' || *text == '"'))
			quote = *text;
		else
			*word++ = *text;
	}
	*word = '\0';
	return quote ? NULL : text;
}

static int argv_fill(char **argv, const char *text, struct message *why)
{
	char *word = xcalloc(1, strlen(text) + 1);
	unsigned count = 0;

	for (text += strspn(text, " \t"); text && *text && count < ARGV_MAX;) {
		text = argv_take_word(word, text);
		argv[count++] = xstrdup(word);
		text = text ? text + strspn(text, " \t") : NULL;
	}
	free(word);
	if (!text)
		return message_set(why, -EINVAL, "a quote is not closed");
	if (*text)
		return message_set(why, -EINVAL, "too many arguments (32)");
	if (count == 0 || argv[0][0] != '/')
		return message_set(why, -EINVAL,
			"begin with the absolute path of a program; there is no shell");
	return 0;
}

int argv_split(char ***argv, const char *text, struct message *why)
{
	int rc;

	*argv = xcalloc(ARGV_MAX + 1, sizeof(**argv));
	rc = argv_fill(*argv, text, why);
	if (rc == 0)
		return 0;
	argv_free(*argv);
	*argv = NULL;
	return rc;
}
