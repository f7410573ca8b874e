/* SPDX-License-Identifier: MIT */
#include "client/service/template.h"

#include <stdio.h>
#include <string.h>

#define TEMPLATE_NAME_MAX 16
#define TEMPLATE_VALUES 8

struct template_value {
	const char *name;
	const char *text;
};

static void template_escape(struct buf *out, const char *text)
{
	for (; *text; text++) {
		const char *entity = *text == '&' ? "&amp;"
			: *text == '<'		  ? "&lt;"
			: *text == '>'		  ? "&gt;"
						  : NULL;

		if (entity)
			buf_puts(out, entity);
		else
			buf_add(out, text, 1);
	}
}

/* The name of "@NAME@" at the beginning of text; 0 where there is none. */
static size_t template_name(const char *text, size_t n)
{
	size_t length = 1;

	while (length < n && length < TEMPLATE_NAME_MAX && text[length] >= 'A' &&
		text[length] <= 'Z')
		length++;
	return length > 1 && length < n && text[length] == '@' ? length - 1 : 0;
}

static const char *template_find(
	const struct template_value *values, const char *name, size_t n)
{
	for (; values->name; values++)
		if (strlen(values->name) == n && strncmp(values->name, name, n) == 0)
			return values->text;
	return NULL;
}

/* What is no name of ours stays as it is: the template speaks of itself in a comment. */
static void template_line(
	struct buf *out, const char *line, size_t n, const struct template_value *values)
{
	for (size_t i = 0; i < n;) {
		size_t name = line[i] == '@' ? template_name(line + i, n - i) : 0;
		const char *text = name ? template_find(values, line + i + 1, name) : NULL;

		if (text) {
			template_escape(out, text);
			i += name + 2;
		} else {
			buf_add(out, line + i++, 1);
		}
	}
}

/* What a line is for stands before it.  Whether it stays; then without that. */
static bool template_keep(const char **line, size_t *n, bool system)
{
	static const char agent[] = "@AGENT@", daemon[] = "@DAEMON@";
	const char *own = system ? daemon : agent, *other = system ? agent : daemon;

	if (*n >= strlen(other) && strncmp(*line, other, strlen(other)) == 0)
		return false;
	if (*n >= strlen(own) && strncmp(*line, own, strlen(own)) == 0) {
		*line += strlen(own);
		*n -= strlen(own);
	}
	return true;
}

void template_fill(struct buf *out, const char *template, size_t n, const struct service *s)
{
	const char *end = template + n;
	struct plan_paths paths;
	char bindir[SELF_PATH_MAX + 8];

	plan_paths(s, &paths);
	snprintf(bindir, sizeof(bindir), "%s/bin", s->prefix);
	const struct template_value values[TEMPLATE_VALUES] = {
		{ "LABEL", SERVICE_LABEL },
		{ "BINDIR", bindir },
		{ "LOG", paths.log },
		{ "ERRORS", paths.errors },
		{ "SOCKET", paths.socket },
		{ "STATE", paths.state },
		{ "USER", paths.user },
		{ NULL, NULL },
	};

	while (template <end) {
		const char *line = template, *lf = memchr(line, '\n', (size_t)(end - line));
		size_t length = lf ? (size_t)(lf - line) + 1 : (size_t)(end - line);

		template += length;
		if (template_keep(&line, &length, s->system))
			template_line(out, line, length, values);
	}
}

void template_path(const struct service *s, char to[SELF_PATH_MAX])
{
	snprintf(to, SELF_PATH_MAX, "%.4000s/share/actopd/actopd.plist.in", s->prefix);
}
