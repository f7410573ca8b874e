/* SPDX-License-Identifier: MIT */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

/*
 * Reads what one connection sends, knowing nothing of how it is made, and says what breaks the
 * protocol: lines that are no JSON or too long, requests answered twice or out of order,
 * samples that a subscription was neither sent nor told of (PROTOCOL.md 2.1), events that come
 * twice or late, rows that do not follow.
 */

#define JUDGE_LINE_MAX 262144
#define JUDGE_SUBS_MAX 8
#define JUDGE_PENDING_MAX 4096

struct judge_sub {
	char name[40];	/* "" = free */
	bool events;	/* numbers are those of events */
	int64_t at;	/* everything up to here was sent or reported */
	int64_t begin;	/* where it was at the reply */
	int64_t firing; /* the last event that was said though it is older */
	bool fresh;	/* nothing was sent since the reply */
};

struct judge {
	struct judge_sub subs[JUDGE_SUBS_MAX];
	int64_t pending[JUDGE_PENDING_MAX]; /* ids of requests, in order; 0 = any id */
	unsigned asked, answered;	    /* requests ever */
	int64_t rows, row_seq;		    /* of the history answer under way */
	bool bye;
};

/* A request was sent; id 0 = it cannot be told, or has none. */
static inline void judge_asked(struct judge *j, int64_t id)
{
	j->pending[j->asked++ % JUDGE_PENDING_MAX] = id;
}

static inline int64_t judge_number(const cJSON *line, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, key);

	return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : -1;
}

static inline const char *judge_text(const cJSON *line, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, key));

	return s ? s : "";
}

static inline struct judge_sub *judge_find(struct judge *j, const char *name)
{
	for (unsigned i = 0; i < JUDGE_SUBS_MAX; i++)
		if (strcmp(j->subs[i].name, name) == 0)
			return &j->subs[i];
	return NULL;
}

static inline const char *judge_subscribed(struct judge *j, const cJSON *line)
{
	struct judge_sub *sub = judge_find(j, judge_text(line, "sub"));

	if (sub)
		return "two subscriptions of one name";
	sub = judge_find(j, "");
	if (!sub)
		return "more subscriptions than allowed";
	snprintf(sub->name, sizeof(sub->name), "%s", judge_text(line, "sub"));
	sub->events = judge_number(line, "from_eseq") > 0;
	sub->at = judge_number(line, sub->events ? "from_eseq" : "from_seq") - 1;
	sub->begin = sub->at;
	sub->firing = 0;
	sub->fresh = true;
	return NULL;
}

static inline const char *judge_paged(struct judge *j, const cJSON *line, const char *key)
{
	int64_t rows = j->rows, last = judge_number(line, key);

	j->rows = 0;
	if (judge_number(line, "rows") != rows)
		return "a page counts its rows wrong";
	return rows > 0 && last != j->row_seq ? "the last row is another one" : NULL;
}

static inline const char *judge_reply(struct judge *j, const cJSON *line)
{
	const char *op = judge_text(line, "op");
	struct judge_sub *sub;

	if (strcmp(op, "subscribe") == 0)
		return judge_subscribed(j, line);
	if (strcmp(op, "history") == 0)
		return judge_paged(j, line, "last_seq");
	if (strcmp(op, "events") == 0)
		return judge_paged(j, line, "last_eseq");
	if (strcmp(op, "unsubscribe") != 0)
		return NULL;
	sub = judge_find(j, judge_text(line, "sub"));
	if (!sub)
		return "unsubscribed from nothing";
	sub->name[0] = '\0';
	return NULL;
}

static inline const char *judge_final(struct judge *j, const cJSON *line, const char *type)
{
	int64_t id = judge_number(line, "id"), wanted;

	if (j->answered == j->asked)
		return "an answer that nobody asked for";
	wanted = j->pending[j->answered++ % JUDGE_PENDING_MAX];
	if (wanted > 0 && id != wanted)
		return "answers are not in the order of the requests";
	if (strcmp(type, "reply") == 0)
		return judge_reply(j, line);
	j->rows = 0; /* of a page that failed on its way */
	return NULL;
}

static inline const char *judge_gap(struct judge_sub *sub, const cJSON *line)
{
	int64_t from = judge_number(line, sub->events ? "from_eseq" : "from_seq");
	int64_t to = judge_number(line, sub->events ? "to_eseq" : "to_seq");
	bool epoch = strcmp(judge_text(line, "reason"), "epoch") == 0;

	if (epoch)
		return sub->fresh && from < 0 && to < 0 ? NULL
							: "a gap of an epoch in a stream";
	if (from < 1 || to < from || judge_number(line, "count") != to - from + 1)
		return "a gap that counts wrong";
	if (sub->fresh && to == sub->at)
		return NULL;
	/* Events of other kinds may lie between. */
	if (sub->events ? from <= sub->at : from != sub->at + 1)
		return "a gap that does not begin where the lines end";
	sub->at = to;
	return NULL;
}

static inline const char *judge_sample(struct judge_sub *sub, const cJSON *line)
{
	int64_t seq = judge_number(line, "seq"), n = judge_number(line, "n");

	if (n < 1 || seq - n != sub->at)
		return "a sample that does not begin where the lines end";
	sub->at = seq;
	return NULL;
}

/* Before what follows come the alerts that fire from before. */
static inline const char *judge_event(struct judge_sub *sub, const cJSON *line)
{
	int64_t eseq = judge_number(line, "eseq");

	if (!sub->events)
		return "an event of no stream of events";
	if (eseq <= sub->begin && sub->at == sub->begin && eseq > sub->firing &&
		strcmp(judge_text(line, "state"), "firing") == 0) {
		sub->firing = eseq;
		return NULL;
	}
	if (eseq <= sub->at)
		return "an event that was there already";
	sub->at = eseq;
	return NULL;
}

static inline const char *judge_beat(const struct judge_sub *sub, const cJSON *line)
{
	int64_t at = judge_number(line, sub->events ? "eseq" : "seq");

	if (sub->events)
		return at < sub->at ? "a heartbeat that goes back" : NULL;
	return sub->at >= 0 && at != sub->at
		? "a heartbeat that says where the lines do not end"
		: NULL;
}

static inline const char *judge_streamed(struct judge *j, const cJSON *line, const char *type)
{
	struct judge_sub *sub = judge_find(j, judge_text(line, "sub"));
	const char *wrong = NULL;

	if (!sub || !sub->name[0])
		return "a line of no subscription";
	if (strcmp(type, "sample") == 0)
		wrong = judge_sample(sub, line);
	else if (strcmp(type, "gap") == 0)
		wrong = judge_gap(sub, line);
	else if (strcmp(type, "event") == 0)
		wrong = judge_event(sub, line);
	else if (strcmp(type, "heartbeat") == 0)
		wrong = judge_beat(sub, line);
	else if (strcmp(type, "end") == 0)
		sub->name[0] = '\0';
	sub->fresh = sub->fresh && strcmp(type, "meta") == 0;
	return wrong;
}

static inline const char *judge_row(struct judge *j, const cJSON *line)
{
	bool event = strcmp(judge_text(line, "type"), "event") == 0;
	int64_t seq = judge_number(line, event ? "eseq" : "seq");
	int64_t n = event ? 1 : judge_number(line, "n");
	int64_t wanted = j->pending[j->answered % JUDGE_PENDING_MAX];

	if (j->answered == j->asked || (wanted > 0 && judge_number(line, "id") != wanted))
		return "a row of no request";
	if (n < 1 || (j->rows > 0 && seq - n < j->row_seq))
		return "a row that was there already";
	j->rows++;
	j->row_seq = seq;
	return NULL;
}

static inline const char *judge_object(struct judge *j, const cJSON *line)
{
	static const char *const streamed[] = { "sample", "event", "gap", "meta", "heartbeat",
		"end", "processes" };
	const char *type = judge_text(line, "type");

	if (j->bye)
		return "a line behind bye";
	if (strcmp(type, "reply") == 0 || strcmp(type, "error") == 0)
		return judge_final(j, line, type);
	if (strcmp(type, "row") == 0 ||
		(strcmp(type, "event") == 0 && !*judge_text(line, "sub")))
		return judge_row(j, line);
	if (strcmp(type, "heartbeat") == 0 &&
		cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(line, "sub")))
		return NULL;
	for (size_t i = 0; i < sizeof(streamed) / sizeof(*streamed); i++)
		if (strcmp(type, streamed[i]) == 0)
			return judge_streamed(j, line, type);
	j->bye = strcmp(type, "bye") == 0;
	return j->bye ? NULL : "a line of no known type";
}

/* One line of length bytes, its LF included.  NULL, or what is wrong with it. */
static inline const char *judge_line(struct judge *j, const char *line, size_t length)
{
	const char *end, *wrong;
	cJSON *object;

	if (length > JUDGE_LINE_MAX)
		return "a line of more than 262144 bytes";
	if (length < 2 || line[length - 1] != '\n')
		return "not a line";
	object = cJSON_ParseWithLengthOpts(line, length, &end, 0);
	if (!cJSON_IsObject(object) || end != line + length - 1)
		wrong = "a line that is not one JSON object";
	else
		wrong = judge_object(j, object);
	cJSON_Delete(object);
	return wrong;
}

#endif
