/* SPDX-License-Identifier: MIT */
#include "client/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client/actop1.h"
#include "client/report.h"
#include "proto/alloc.h"

#define SCREEN_WIDTH_DEFAULT 80
#define SCREEN_HEIGHT_DEFAULT 24

static const struct view_class *const view_classes[OUTPUT_COUNT] = {
	[OUTPUT_TABLE] = &view_table,
	[OUTPUT_JSON] = &view_json,
	[OUTPUT_CSV] = &view_csv,
	[OUTPUT_PLAIN] = &view_plain,
	[OUTPUT_ACTOP1] = &view_actop1,
};

static bool screen_may_color(const struct screen *screen, enum when when)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	return screen->terminal && !(no_color && *no_color) && term &&
		strcmp(term, "dumb") != 0;
}

void screen_read(struct screen *screen, enum when color)
{
	struct winsize size;

	*screen = (struct screen){ .terminal = isatty(STDOUT_FILENO) };
	screen->color = screen_may_color(screen, color);
	if (!screen->terminal)
		return;
	screen->width = SCREEN_WIDTH_DEFAULT;
	screen->height = SCREEN_HEIGHT_DEFAULT;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
		size.ws_row > 0) {
		screen->width = size.ws_col;
		screen->height = size.ws_row;
	}
}

int view_open(struct view *v, const struct options *options)
{
	*v = (struct view){ .options = options, .to = stdout };
	screen_read(&v->screen, options->color);
	v->class = view_classes[options_output(options, v->screen.terminal)];
	buf_init(&v->out, VIEW_LINE_MAX);
	v->metrics = (struct ask_metrics){ options->fields, options->field_count };
	if (v->class != &view_actop1)
		return 0;
	if (options->field_count > 0)
		return report_error(
			EXIT_USAGE, "-o actop1 has its own fields: leave out --fields");
	if (options->agg_count > 1)
		return report_error(EXIT_USAGE, "-o actop1 takes one --agg only");
	v->metrics.count = actop1_patterns(v->patterns);
	v->metrics.patterns = v->patterns;
	return 0;
}

void view_redirect(struct view *v, FILE *to, enum output output)
{
	v->to = to;
	v->class = view_classes[output];
	v->screen = (struct screen){ 0 };
}

void view_close(struct view *v)
{
	table_fini(&v->table);
	energies_fini(&v->energies);
	columns_fini(&v->columns);
	columns_fini(&v->all);
	message_free(&v->schema);
	free(v->cells);
	buf_fini(&v->out);
}

/* Without -f: JSON and CSV have everything, people get the default table. */
static void view_choose(struct view *v)
{
	const struct options *o = v->options;

	if (o->field_count > 0)
		columns_choose(&v->columns, &v->all, o->fields, o->field_count);
	else if (v->class == &view_csv)
		columns_choose(&v->columns, &v->all, (const char *const[]){ "**" }, 1);
	else
		columns_default(&v->columns, &v->all);
	columns_split(&v->columns, o->aggs, o->agg_count);
	if (o->stat) {
		energies_add_columns(&v->columns, &v->all);
		energies_init(&v->energies, &v->columns);
	}
	v->cells = xcalloc(v->columns.count, sizeof(*v->cells));
}

static bool view_is_subsecond(const struct message *hello, const struct options *options)
{
	int64_t step = options->step_ms > 0 ? options->step_ms : options->interval_ms;

	if (step == 0)
		step = hello ? message_int(hello, "base_ms", 1000) : 1000;
	return step % 1000 != 0;
}

static void view_write(struct view *v)
{
	if (v->out.len > 0)
		fwrite(v->out.data, 1, v->out.len, v->to);
	buf_clear(&v->out);
}

int view_begin(struct view *v, struct message *schema, const struct message *hello)
{
	if (v->schema.root) {
		message_free(schema);
		return 0;
	}
	v->schema = *schema;
	v->schema.line = NULL;
	columns_read(&v->all, &v->schema);
	view_choose(v);
	if (v->columns.count == 0 && v->class != &view_actop1)
		return report_error(
			EXIT_NOTHING, "no metric matches --fields; see actopctl info");
	v->millis = view_is_subsecond(hello, v->options);
	if (v->class->begin)
		v->class->begin(v, hello);
	return 0;
}

void view_cells(struct view *v, const struct message *m)
{
	columns_cells(&v->columns, m, v->cells);
	energies_take(&v->energies, &v->columns, m, v->cells);
}

void view_line(struct view *v, const struct message *m)
{
	view_write(v);
	v->class->line(v, m);
	view_write(v);
}

void view_gap(struct view *v, const struct message *m)
{
	if (v->class->gap && !v->options->no_meta)
		v->class->gap(v, m);
	view_write(v);
}

void view_event(struct view *v, const struct message *m)
{
	if (v->class->event)
		v->class->event(v, m);
	view_write(v);
}

int view_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return report_error(EXIT_FAILED, "cannot write: %s", strerror(errno));
}

bool view_shows_gap(const struct view *v)
{
	return !v->options->no_meta &&
		(v->class == &view_table || v->class == &view_event_table) &&
		v->screen.terminal;
}

static const char *gap_explain(const char *reason)
{
	static const struct {
		const char *reason, *text;
	} texts[] = {
		{ "slow", "skipped because this reader was too slow" },
		{ "evicted", "no longer in the history" },
		{ "lost", "lost when actopd ended uncleanly" },
		{ "epoch", "the history was begun anew" },
	};

	for (size_t i = 0; reason && i < sizeof(texts) / sizeof(*texts); i++)
		if (strcmp(reason, texts[i].reason) == 0)
			return texts[i].text;
	return reason ? reason : "no reason told";
}

void view_describe_gap(const struct message *m, struct buf *out)
{
	/* In a gap line, or in the member "gap" of a reply to history. */
	const char *prefix = m->type == MESSAGE_GAP ? "" : "gap.";
	char path[32], text[128];
	int64_t from, to;

	snprintf(path, sizeof(path), "%sfrom_seq", prefix);
	from = message_int(m, path, -1);
	snprintf(path, sizeof(path), "%sto_seq", prefix);
	to = message_int(m, path, -1);
	buf_puts(out, "gap");
	if (from >= 0 && to >= from) {
		snprintf(text, sizeof(text), " of %lld sample%s (%lld to %lld)",
			(long long)to - (long long)from + 1, to == from ? "" : "s",
			(long long)from, (long long)to);
		buf_puts(out, text);
	}
	buf_puts(out, ": ");
	snprintf(path, sizeof(path), "%sreason", prefix);
	buf_puts(out, gap_explain(message_text(m, path)));
}
