/* SPDX-License-Identifier: MIT */
#include "client/watch/help.h"

#include <stdio.h>

#include "client/watch/keys.h"

#define HELP_LABEL 7
#define HELP_EDGE 2 /* columns between the border and the text */

static unsigned help_width(void)
{
	unsigned width = 0;

	for (enum key key = 0; key < KEY_ACTION_COUNT; key++) {
		unsigned n = canvas_text_width(keys[key].help);

		width = n > width ? n : width;
	}
	return width + HELP_LABEL + 2 * HELP_EDGE + 2;
}

static unsigned help_lines(void)
{
	unsigned lines = 0;

	for (enum key key = 0; key < KEY_ACTION_COUNT; key++)
		lines += *keys[key].label != '\0';
	return lines;
}

static void help_key(struct canvas *c, const struct rect *line, enum key key)
{
	struct rect at = { line->x, line->y, HELP_LABEL, 1 };

	canvas_text(c, &at, keys[key].label, STYLE_KEY);
	at.x += HELP_LABEL;
	at.width = line->width > HELP_LABEL ? line->width - HELP_LABEL : 0;
	canvas_text(c, &at, keys[key].help, STYLE_PLAIN);
}

void help_draw(struct canvas *c, const struct model *m)
{
	char title[MODEL_TEXT_MAX + 40];
	unsigned width = help_width(), height = help_lines() + 2;
	struct rect box, at;

	width = width < c->width ? width : c->width;
	height = height < c->height ? height : c->height;
	box = (struct rect){ (c->width - width) / 2, (c->height - height) / 2, width, height };
	canvas_blank(c, &box);
	canvas_box(c, &box, STYLE_TITLE);
	at = (struct rect){ box.x + HELP_EDGE + 1, box.y, width - 2 * HELP_EDGE - 2, 1 };
	snprintf(title, sizeof(title), " Keys of actopctl %s, at actopd %s ", ACTOP_VERSION,
		m->about.version);
	canvas_text(c, &at, title, STYLE_TITLE);
	for (enum key key = 0; key < KEY_ACTION_COUNT; key++) {
		if (!*keys[key].label || at.y + 2 >= box.y + box.height)
			continue;
		at.y++;
		help_key(c, &at, key);
	}
}
