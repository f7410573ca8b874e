/* SPDX-License-Identifier: MIT */
#include "daemon/event_line.h"

#include <string.h>

#include "proto/json.h"

void event_line_write(const struct hub *hub, const struct event *event, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_kv_string(&j, "epoch", hub->timeline.epoch);
	json_kv_uint(&j, "eseq", event->eseq);
	json_kv_uint(&j, "seq", event->seq);
	json_kv_int(&j, "ts_ms", event->ts_ms);
	json_kv_string(&j, "kind", event_words[event->kind]);
	buf_puts(out, event->details);
	buf_puts(out, "}\n");
}

uint64_t event_line_next(const struct hub *hub, uint64_t eseq, unsigned kinds)
{
	uint64_t head = events_head(hub->events);

	while (eseq <= head &&
		(!events_has(hub->events, eseq) ||
			!(kinds >> events_get(hub->events, eseq)->kind & 1)))
		eseq++;
	return eseq;
}
