/* SPDX-License-Identifier: MIT */
#include "daemon/reply.h"

#include <string.h>

void reply_begin(struct session *s, const struct request *r, struct json *j)
{
	json_init(j, session_out(s));
	json_object_open(j);
	json_kv_string(j, "type", "reply");
	json_key(j, "id");
	json_raw(j, r->id, strlen(r->id));
	json_kv_string(j, "op", op_name(r->op));
}

bool reply_end(struct json *j)
{
	json_object_close(j);
	buf_puts(j->out, "\n");
	return true;
}
