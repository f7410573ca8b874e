/* SPDX-License-Identifier: MIT */
#include "client/prom.h"

#include <stdio.h>
#include <string.h>

#include "proto/json.h"
#include "proto/utf8.h"

static const char total_suffix[] = "_total";

void prom_begin(struct prom *p, struct buf *out, enum prom_format format)
{
	*p = (struct prom){ .out = out, .format = format };
}

void prom_family(struct prom *p, const char *name, enum prom_type type, const char *help)
{
	snprintf(p->name, sizeof(p->name), "%s", name);
	p->type = type;
	p->help = help;
}

/* Length of the family's name as its TYPE and HELP say it. */
static size_t prom_family_length(const struct prom *p)
{
	size_t n = strlen(p->name), suffix = sizeof(total_suffix) - 1;

	if (p->format == PROM_OPENMETRICS && p->type == PROM_COUNTER && n > suffix &&
		strcmp(p->name + n - suffix, total_suffix) == 0)
		return n - suffix;
	return n;
}

/* Backslash and line feed are escaped everywhere, the quote in labels; OpenMetrics escapes it
 * in HELP too. */
static void prom_escape(struct prom *p, const char *text, bool quote)
{
	for (; *text; text++) {
		if (*text == '\n') {
			buf_puts(p->out, "\\n");
			continue;
		}
		if (*text == '\\' || (quote && *text == '"'))
			buf_puts(p->out, "\\");
		buf_add(p->out, text, 1);
	}
}

static void prom_comment(struct prom *p, const char *what, const char *text, bool quote)
{
	buf_puts(p->out, "# ");
	buf_puts(p->out, what);
	buf_puts(p->out, " ");
	buf_add(p->out, p->name, prom_family_length(p));
	buf_puts(p->out, " ");
	prom_escape(p, text, quote);
	buf_puts(p->out, "\n");
}

void prom_sample(struct prom *p)
{
	if (p->help) {
		prom_comment(p, "HELP", p->help, p->format == PROM_OPENMETRICS);
		prom_comment(p, "TYPE", p->type == PROM_COUNTER ? "counter" : "gauge", false);
		p->help = NULL;
		p->families++;
	}
	p->labels = 0;
	buf_puts(p->out, p->name);
}

void prom_label(struct prom *p, const char *key, const char *text)
{
	char clean[PROM_LABEL_MAX];

	if (!text || !*text)
		return;
	utf8_clean(clean, sizeof(clean), text);
	buf_puts(p->out, p->labels++ ? "," : "{");
	buf_puts(p->out, key);
	buf_puts(p->out, "=\"");
	prom_escape(p, clean, true);
	buf_puts(p->out, "\"");
}

void prom_value(struct prom *p, double value, int decimals)
{
	char number[JSON_NUMBER_MAX];

	buf_puts(p->out, p->labels ? "} " : " ");
	buf_add(p->out, number, json_format_fixed(number, value, decimals));
	buf_puts(p->out, "\n");
}

void prom_end(struct prom *p)
{
	if (p->format == PROM_OPENMETRICS)
		buf_puts(p->out, "# EOF\n");
}
