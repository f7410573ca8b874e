/* SPDX-License-Identifier: MIT */
#include "client/watch/prompt.h"

#include <stdio.h>
#include <string.h>

#include "client/watch/glyph.h"

void prompt_begin(struct prompt *p, enum prompt_kind kind, const char *text)
{
	*p = (struct prompt){ .kind = kind };
	snprintf(p->text, sizeof(p->text), "%s", text);
	p->length = strlen(p->text);
}

bool prompt_type(struct prompt *p, uint32_t glyph)
{
	char bytes[GLYPH_BYTES_MAX];
	size_t n;

	if (glyph < ' ' || (glyph >= 0x7f && glyph < 0xa0))
		return false;
	n = glyph_encode(bytes, glyph);
	if (p->length + n >= PROMPT_MAX)
		return false;
	memcpy(p->text + p->length, bytes, n);
	p->length += n;
	p->text[p->length] = '\0';
	return true;
}

bool prompt_erase(struct prompt *p)
{
	if (p->length == 0)
		return false;
	do
		p->length--;
	while (p->length > 0 && ((unsigned char)p->text[p->length] & 0xc0) == 0x80);
	p->text[p->length] = '\0';
	return true;
}
