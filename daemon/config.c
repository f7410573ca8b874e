/* SPDX-License-Identifier: MIT */
#include "daemon/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/alloc.h"
#include "proto/utf8.h"

/* Where the parse is. */
struct config_parser {
	struct config *config;
	unsigned line;
	unsigned lines; /* key = value lines so far */
	struct message *why;
};

static bool config_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool config_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c && strchr("_.-", c));
}

static size_t config_word_length(const char *text)
{
	size_t n = 0;

	while (config_is_word(text[n]))
		n++;
	return n;
}

/* Cuts white space at both ends, in place. */
static char *config_trim(char *text)
{
	size_t length;

	while (config_is_blank(*text))
		text++;
	length = strlen(text);
	while (length > 0 && config_is_blank(text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* Ends the line before a '#' that begins a comment; one in a quoted value does not. */
static void config_cut_comment(char *text)
{
	char *value = strchr(text, '=');
	char *at = text;

	if (value && text[strspn(text, " \t")] != '#') {
		value += 1 + strspn(value + 1, " \t");
		if (*value == '"' && strchr(value + 1, '"'))
			at = strchr(value + 1, '"') + 1;
	}
	for (; *at; at++) {
		if (*at == '#' && (at == text || at == value || config_is_blank(at[-1]))) {
			*at = '\0';
			return;
		}
	}
}

static int config_fail(struct config_parser *p, const char *text)
{
	return message_set(p->why, -EINVAL, "%s:%u: %s", p->config->path, p->line, text);
}

static struct config_section *config_add_section(
	struct config *config, const char *kind, const char *name, unsigned line)
{
	struct config_section *section;

	config->sections =
		xrealloc(config->sections, config->count + 1, sizeof(*config->sections));
	section = &config->sections[config->count++];
	*section = (struct config_section){ .line = line };
	section->kind = xstrdup(kind);
	section->name = xstrdup(name);
	return section;
}

static const struct config_section *config_find_section(
	const struct config *config, const char *kind, const char *name)
{
	for (unsigned i = 1; i < config->count; i++) {
		const struct config_section *section = &config->sections[i];

		if (strcmp(section->kind, kind) == 0 && strcmp(section->name, name) == 0)
			return section;
	}
	return NULL;
}

/* "[kind name]"; text begins with the bracket. */
static int config_parse_section(struct config_parser *p, char *text)
{
	static const char form[] = "a section is written [alert NAME], NAME being letters, "
				   "digits, '_', '.' or '-'";
	const struct config_section *former;
	char *kind = text + 1 + strspn(text + 1, " \t");
	size_t kind_length = config_word_length(kind);
	char *name = kind + kind_length + strspn(kind + kind_length, " \t");
	size_t name_length = config_word_length(name);
	char *end = name + name_length + strspn(name + name_length, " \t");

	if (kind_length == 0 || name_length == 0 || strcmp(end, "]") != 0)
		return config_fail(p, form);
	kind[kind_length] = '\0';
	name[name_length] = '\0';
	if (p->config->count == CONFIG_SECTIONS_MAX)
		return config_fail(p, "too many sections (64)");
	former = config_find_section(p->config, kind, name);
	if (former)
		return message_set(p->why, -EINVAL,
			"%s:%u: section [%.60s %.60s] is already in line %u", p->config->path,
			p->line, kind, name, former->line);
	config_add_section(p->config, kind, name, p->line);
	return 0;
}

static const struct config_line *config_find_line(
	const struct config_section *section, const char *key)
{
	for (unsigned i = 0; i < section->count; i++)
		if (strcmp(section->lines[i].key, key) == 0)
			return &section->lines[i];
	return NULL;
}

static int config_add_line(struct config_parser *p, const char *key, const char *value)
{
	struct config_section *section = &p->config->sections[p->config->count - 1];
	const struct config_line *former = config_find_line(section, key);

	if (++p->lines > CONFIG_LINES_MAX)
		return config_fail(p, "too many lines (1024)");
	if (former && p->config->count > 1)
		return message_set(p->why, -EINVAL, "%s:%u: '%.60s' is already in line %u",
			p->config->path, p->line, key, former->line);
	section->lines = xrealloc(section->lines, section->count + 1, sizeof(*section->lines));
	section->lines[section->count++] =
		(struct config_line){ xstrdup(key), xstrdup(value), p->line };
	return 0;
}

static int config_parse_pair(struct config_parser *p, char *text)
{
	char *value = strchr(text, '=');
	size_t length;

	if (!value)
		return config_fail(p, "expected key = value");
	*value++ = '\0';
	text = config_trim(text);
	value = config_trim(value);
	if (*text == '\0' || text[config_word_length(text)] != '\0')
		return config_fail(p, "a key is letters, digits, '_', '.' or '-'");
	length = strlen(value);
	if (*value == '"') {
		if (length < 2 || strchr(value + 1, '"') != value + length - 1)
			return config_fail(
				p, "a value that begins with \" ends with the next one");
		value[length - 1] = '\0';
		value++;
	}
	if (*value == '\0')
		return message_set(p->why, -EINVAL,
			"%s:%u: '%.60s' has no value; leave the line out for the default",
			p->config->path, p->line, text);
	return config_add_line(p, text, value);
}

/* Refuses what would not survive as text: NUL, other control bytes, broken UTF-8. */
static int config_check_bytes(struct config_parser *p, const char *text, size_t length)
{
	size_t n;

	for (; length > 0; text += n, length -= n) {
		n = utf8_sequence(text, length);
		if (n == 0)
			return config_fail(p, "not UTF-8");
		if ((unsigned char)*text < 0x20 && *text != '\t')
			return config_fail(p, "control character");
	}
	return 0;
}

static int config_parse_line(struct config_parser *p, const char *text, size_t length)
{
	char line[CONFIG_LINE_MAX + 1];
	char *start;
	int rc;

	if (length > 0 && text[length - 1] == '\r')
		length--;
	if (length > CONFIG_LINE_MAX)
		return config_fail(p, "line too long (2048 bytes)");
	rc = config_check_bytes(p, text, length);
	if (rc < 0)
		return rc;
	memcpy(line, text, length);
	line[length] = '\0';
	config_cut_comment(line);
	start = config_trim(line);
	if (*start == '\0')
		return 0;
	return *start == '[' ? config_parse_section(p, start) : config_parse_pair(p, start);
}

int config_parse(struct config *config, const char *path, const char *text, size_t length,
	struct message *why)
{
	struct config_parser p = { .config = config, .why = why };
	int rc = 0;

	*config = (struct config){ .path = xstrdup(path) };
	config_add_section(config, "", "", 0);
	while (length > 0 && rc == 0) {
		const char *newline = memchr(text, '\n', length);
		size_t n = newline ? (size_t)(newline - text) : length;

		p.line++;
		rc = config_parse_line(&p, text, n);
		n += newline ? 1 : 0;
		text += n;
		length -= n;
	}
	return rc;
}

/* Fills text from the file.  Its length, or -errno; -EFBIG when it is longer than size. */
static ssize_t config_load(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t used = 0;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (n > 0 && used < size) {
		n = read(fd, text + used, size - used);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			used += (size_t)n;
	}
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return n;
	return used == size ? -EFBIG : (ssize_t)used;
}

int config_read(struct config *config, const char *path, struct message *why)
{
	char *text = xcalloc(1, CONFIG_FILE_MAX + 1);
	ssize_t length = config_load(path, text, CONFIG_FILE_MAX + 1);
	int rc;

	*config = (struct config){ 0 };
	if (length == -EFBIG)
		rc = message_set(
			why, -EFBIG, "%s: too long for a configuration (64 KiB)", path);
	else if (length < 0)
		rc = message_set(why, (int)length, "%s: %s", path, strerror((int)-length));
	else
		rc = config_parse(config, path, text, (size_t)length, why);
	free(text);
	return rc;
}

void config_fini(struct config *config)
{
	for (unsigned i = 0; i < config->count; i++) {
		struct config_section *section = &config->sections[i];

		for (unsigned j = 0; j < section->count; j++) {
			free(section->lines[j].key);
			free(section->lines[j].value);
		}
		free(section->lines);
		free(section->kind);
		free(section->name);
	}
	free(config->sections);
	free(config->path);
	*config = (struct config){ 0 };
}

void config_print_pair(const char *key, const char *value, FILE *out)
{
	size_t length = strlen(value);
	bool quote = strchr(value, '#') || strchr(" \t\"", value[0]) ||
		strchr(" \t", value[length - 1]);

	if (quote && !strchr(value, '"'))
		fprintf(out, "%s = \"%s\"\n", key, value);
	else
		fprintf(out, "%s = %s\n", key, value);
}
