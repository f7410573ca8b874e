/* SPDX-License-Identifier: MIT */
#include "client/message.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <string.h>

#include "proto/json.h"
#include "proto/utf8.h"

static const char *const message_words[MESSAGE_TYPE_COUNT] = {
	[MESSAGE_REPLY] = "reply",
	[MESSAGE_ERROR] = "error",
	[MESSAGE_SAMPLE] = "sample",
	[MESSAGE_ROW] = "row",
	[MESSAGE_EVENT] = "event",
	[MESSAGE_PROCESSES] = "processes",
	[MESSAGE_GAP] = "gap",
	[MESSAGE_META] = "meta",
	[MESSAGE_HEARTBEAT] = "heartbeat",
	[MESSAGE_END] = "end",
	[MESSAGE_BYE] = "bye",
};

static const cJSON *node_item(const struct node *node)
{
	return (const cJSON *)node;
}

static bool message_is_clean(const char *line, size_t n)
{
	for (size_t i = 0, step; i < n; i += step) {
		step = utf8_sequence(line + i, n - i);
		if (step == 0 || ((unsigned char)line[i] < 0x20 && line[i] != '\t'))
			return false;
	}
	return true;
}

static enum message_type message_find_type(const char *word)
{
	for (int i = 0; word && i < MESSAGE_TYPE_COUNT; i++)
		if (message_words[i] && strcmp(word, message_words[i]) == 0)
			return (enum message_type)i;
	return MESSAGE_OTHER;
}

int message_parse(struct message *m, const char *line, size_t n)
{
	cJSON *root;

	*m = (struct message){ .line = line, .length = n };
	if (!message_is_clean(line, n))
		return -EINVAL;
	root = cJSON_ParseWithLengthOpts(line, n + 1, NULL, 1);
	if (!cJSON_IsObject(root)) {
		cJSON_Delete(root);
		return -EINVAL;
	}
	m->root = (struct node *)root;
	m->type = message_find_type(message_text(m, "type"));
	return 0;
}

void message_free(struct message *m)
{
	cJSON_Delete((cJSON *)m->root);
	m->root = NULL;
}

const struct node *message_at(const struct message *m, const char *path)
{
	const struct node *node = m->root;
	char key[64];

	while (node && *path) {
		size_t n = strcspn(path, ".");

		if (n >= sizeof(key))
			return NULL;
		memcpy(key, path, n);
		key[n] = '\0';
		node = node_get(node, key);
		path += n + (path[n] == '.');
	}
	return node;
}

const char *message_text(const struct message *m, const char *path)
{
	return node_text(message_at(m, path));
}

int64_t message_int(const struct message *m, const char *path, int64_t otherwise)
{
	return node_int(message_at(m, path), otherwise);
}

const struct node *node_get(const struct node *object, const char *key)
{
	if (!cJSON_IsObject(node_item(object)))
		return NULL;
	return (const struct node *)cJSON_GetObjectItemCaseSensitive(node_item(object), key);
}

const char *node_text(const struct node *node)
{
	return cJSON_IsString(node_item(node)) ? node_item(node)->valuestring : NULL;
}

bool node_number(const struct node *node, double *value)
{
	if (!cJSON_IsNumber(node_item(node)))
		return false;
	*value = node_item(node)->valuedouble;
	return true;
}

bool node_bool(const struct node *node, bool *value)
{
	if (!cJSON_IsBool(node_item(node)))
		return false;
	*value = cJSON_IsTrue(node_item(node));
	return true;
}

int64_t node_int(const struct node *node, int64_t otherwise)
{
	double x;

	if (!node_number(node, &x) || !(x >= -(double)JSON_INTEGER_MAX) ||
		x > (double)JSON_INTEGER_MAX)
		return otherwise;
	return (int64_t)x;
}

bool node_is_array(const struct node *node)
{
	return cJSON_IsArray(node_item(node));
}

const struct node *node_first(const struct node *node)
{
	return node ? (const struct node *)node_item(node)->child : NULL;
}

const struct node *node_next(const struct node *node)
{
	return node ? (const struct node *)node_item(node)->next : NULL;
}

const char *node_key(const struct node *node)
{
	return node ? node_item(node)->string : NULL;
}

/* Behind the string that begins at s. */
static const char *span_string(const char *s)
{
	for (s++; *s && *s != '"'; s++)
		if (*s == '\\' && s[1])
			s++;
	return *s ? s + 1 : s;
}

/* Behind the value that begins at s: at its comma or the end of what holds it. */
static const char *span_value(const char *s)
{
	int depth = 0;

	while (*s) {
		if (*s == '"') {
			s = span_string(s);
			continue;
		}
		if (depth == 0 && strchr(",}] \t", *s))
			break;
		depth += (*s == '{' || *s == '[') - (*s == '}' || *s == ']');
		s++;
		if (depth == 0 && (s[-1] == '}' || s[-1] == ']'))
			break;
	}
	return s;
}

bool message_span(const struct message *m, const char *key, const char **start, size_t *n)
{
	const char *s = m->line + strspn(m->line, " \t{");
	size_t length = strlen(key);

	while (*s == '"') {
		const char *name = s + 1, *end = span_string(s), *value;

		value = end + strspn(end, " \t:");
		s = span_value(value);
		if ((size_t)(end - name) == length + 1 && memcmp(name, key, length) == 0) {
			*start = value;
			*n = (size_t)(s - value);
			return true;
		}
		s += strspn(s, " \t,");
	}
	return false;
}
