/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reading JSON lines of the daemon.  Members and line types that are not known are ignored. */

enum message_type {
	MESSAGE_OTHER, /* to be skipped */
	MESSAGE_REPLY,
	MESSAGE_ERROR,
	MESSAGE_SAMPLE,
	MESSAGE_ROW,
	MESSAGE_EVENT,
	MESSAGE_PROCESSES,
	MESSAGE_GAP,
	MESSAGE_META,
	MESSAGE_HEARTBEAT,
	MESSAGE_END,
	MESSAGE_BYE,
	MESSAGE_TYPE_COUNT
};

/* A value inside a message, borrowed from it.  Every function takes NULL for "not there". */
struct node;

struct message {
	enum message_type type;
	const char *line; /* as it came; borrowed */
	size_t length;
	struct node *root;
};

/*
 * Parses one line, NUL behind it, which must outlive the message.  0, or -EINVAL with nothing
 * to free: no JSON object, invalid UTF-8, or a control character that no server sends.
 */
int message_parse(struct message *m, const char *line, size_t n);
void message_free(struct message *m);

/* The value at a path of member names, "sampler.base_ms"; NULL = not there. */
const struct node *message_at(const struct message *m, const char *path);
const char *message_text(const struct message *m, const char *path); /* NULL unless a string */
int64_t message_int(const struct message *m, const char *path, int64_t otherwise);

const struct node *node_get(const struct node *object, const char *key);
const char *node_text(const struct node *node); /* NULL unless a string */
bool node_number(const struct node *node, double *value);
bool node_bool(const struct node *node, bool *value);
int64_t node_int(const struct node *node, int64_t otherwise);
bool node_is_array(const struct node *node);

/* The members or elements, in order: the first, and the one behind. */
const struct node *node_first(const struct node *node);
const struct node *node_next(const struct node *node);
const char *node_key(const struct node *node); /* NULL for elements */

/*
 * Where the value of a top-level member stands in the line, byte for byte, since numbers must
 * not be printed again.  The message must have been parsed.  false = no such member.
 */
bool message_span(const struct message *m, const char *key, const char **start, size_t *n);

#endif
