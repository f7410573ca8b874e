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

/* "macos 26.5", but "Debian GNU/Linux 12 (bookworm)" without a "linux" before it. */
static void hello_add_system(struct buf *out, const struct message *hello)
{
	const char *version = message_text(hello, "os_version");

	if (!version || (*version >= '0' && *version <= '9'))
		hello_add(out, ", ", message_text(hello, "os"));
	hello_add(out, version && (*version < '0' || *version > '9') ? ", " : " ", version);
}

static void hello_add_span(struct buf *out, const char *separator, int64_t ms)
{
	char text[STAMP_MAX];

	if (ms <= 0)
		return;
	stamp_span(text, ms);
	hello_add(out, separator, text);
}

void hello_describe(const struct message *hello, struct buf *out)
{
	bool simulated = false;

	hello_add(out, ", ", message_text(hello, "machine"));
	hello_add(out, ", ", message_text(hello, "soc"));
	hello_add_system(out, hello);
	node_bool(message_at(hello, "simulated"), &simulated);
	if (simulated)
		hello_add(out, ", ", "SIMULATED: not this machine");
	hello_add_span(out, ", up ", message_int(hello, "mono_ms", 0));
	hello_add_span(out, ", sampled every ", message_int(hello, "base_ms", 0));
}

bool hello_can(const struct message *hello, const char *cap)
{
	for (const struct node *n = node_first(message_at(hello, "caps")); n; n = node_next(n))
		if (node_text(n) && strcmp(node_text(n), cap) == 0)
			return true;
	return false;
}
