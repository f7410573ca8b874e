/* SPDX-License-Identifier: MIT */
#include "client/hello.h"

#include <string.h>

#include "client/escape.h"
#include "client/stamp.h"

static void hello_add(struct buf *out, const char *separator, const char *text)
{
	if (!text || !*text)
		return;
	if (out->len > 0)
		buf_puts(out, separator);
	escape_text(out, text, strlen(text));
}

void hello_describe(const struct message *hello, struct buf *out)
{
	static const char *const parts[] = { "machine", "model", "chip" };
	int64_t base_ms = message_int(hello, "base_ms", 0),
		mono_ms = message_int(hello, "mono_ms", 0);
	bool simulated = false;
	char text[STAMP_MAX];

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		hello_add(out, ", ", message_text(hello, parts[i]));
	hello_add(out, ", ", message_text(hello, "os"));
	hello_add(out, " ", message_text(hello, "os_version"));
	node_bool(message_at(hello, "simulated"), &simulated);
	if (simulated)
		hello_add(out, ", ", "SIMULATED, not this machine");
	if (mono_ms > 0) {
		stamp_span(text, mono_ms);
		hello_add(out, ", up ", text);
	}
	if (base_ms > 0) {
		stamp_span(text, base_ms);
		hello_add(out, ", sampled every ", text);
	}
}
