/* SPDX-License-Identifier: MIT */
#include "client/ps_page.h"

#include <string.h>

#include "client/process_json.h"
#include "client/process_table.h"
#include "client/report.h"

#define PS_TERMINAL_LINES_MIN 5	 /* rows on a terminal, however low it is */
#define PS_TERMINAL_LINES_ELSE 3 /* of the terminal: the header, the foot, the prompt */

int ps_page_open(struct ps_page *p, const struct options *options)
{
	enum output output;
	int rc;

	*p = (struct ps_page){ .options = options };
	rc = view_open(&p->view, options);
	output = options_output(options, p->view.screen.terminal);
	p->output = output;
	p->view.class = &view_json;
	buf_init(&p->out, VIEW_LINE_MAX);
	if (rc == 0 && options->group && options->tree)
		return report_error(EXIT_USAGE, "--group does not go with --tree");
	if (rc == 0 && options->group && (output == OUTPUT_CSV || output == OUTPUT_PLAIN))
		return report_error(EXIT_USAGE, "--group goes with -o table or json");
	return rc;
}

void ps_page_close(struct ps_page *p)
{
	workload_fini(&p->workload);
	processes_fini(&p->processes);
	buf_fini(&p->out);
	view_close(&p->view);
}

static bool ps_page_is_tree(const struct ps_page *p)
{
	return p->options->tree || p->options->pid > 0;
}

/* Rows that the terminal has room for; 0 = any number, as of a tree that may scroll. */
static size_t ps_page_room(const struct ps_page *p)
{
	const struct options *o = p->options;
	size_t height = p->view.screen.height, taken = PS_TERMINAL_LINES_ELSE;

	taken += o->pid > 0;
	if (height == 0 || (!o->watch && ps_page_is_tree(p)))
		return 0;
	return height > taken + PS_TERMINAL_LINES_MIN ? height - taken : PS_TERMINAL_LINES_MIN;
}

/* The same, and no more than were asked for. */
static size_t ps_page_rows(const struct ps_page *p)
{
	const struct options *o = p->options;
	size_t room = ps_page_room(p);

	if (o->lines > 0 && (room == 0 || (size_t)o->lines < room || !o->watch))
		room = (size_t)o->lines;
	return room;
}

/* Sums, trees and workloads are made of all there are. */
int64_t ps_page_limit(const struct ps_page *p)
{
	const struct options *o = p->options;

	if (o->group || (p->output == OUTPUT_TABLE && ps_page_is_tree(p)))
		return PS_LIMIT_MAX;
	if (o->lines > 0 || p->output != OUTPUT_TABLE)
		return o->lines;
	return (int64_t)ps_page_rows(p);
}

/* So many are chosen by the order first: a tree that is cut would show its first branches. */
static void ps_page_make_tree(struct ps_page *p)
{
	int64_t lines = p->options->lines;
	size_t room = p->output == OUTPUT_TABLE ? ps_page_room(p) : 0;

	processes_keep_branches(
		&p->processes, lines > 0 ? (size_t)lines : p->processes.count, room);
	processes_make_tree(&p->processes);
}

static void ps_page_arrange(struct ps_page *p)
{
	if (p->options->group)
		processes_make_groups(&p->processes, processes_sort(p->options->sort));
	else if (ps_page_is_tree(p))
		ps_page_make_tree(p);
}

/* Each line from its beginning to its end, so that nothing flickers, and then what is below. */
static void ps_page_redraw(const struct buf *text)
{
	size_t begin = 0;

	fputs("\033[H", stdout);
	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] != '\n')
			continue;
		fwrite(text->data + begin, 1, i - begin, stdout);
		fputs("\033[K\n", stdout);
		begin = i + 1;
	}
	fputs("\033[J", stdout);
}

static void ps_page_put(struct ps_page *p)
{
	bool redraw = p->options->watch && p->view.screen.terminal;

	if (redraw) {
		if (p->printed == 0)
			fputs("\033[2J", stdout);
		ps_page_redraw(&p->out);
		return;
	}
	if (p->printed > 0)
		putchar('\n');
	fwrite(p->out.data, 1, p->out.len, stdout);
}

static void ps_page_table(struct ps_page *p)
{
	struct process_style style;

	style = (struct process_style){
		.width = p->view.screen.width,
		.rows = ps_page_is_tree(p) ? ps_page_room(p) : ps_page_rows(p),
		.groups = p->options->group,
		.bold = p->view.screen.color,
	};
	buf_clear(&p->out);
	if (p->options->watch && !p->view.screen.terminal) {
		char time[STAMP_MAX];

		stamp_moment(time, p->processes.ts_ms, p->options->utc);
		buf_puts(&p->out, time);
		buf_puts(&p->out, "\n");
	}
	process_table_write(&p->out, &p->processes, &style);
	if (p->options->pid > 0)
		process_table_workload(&p->out, &p->processes, &p->workload);
	process_table_foot(&p->out, &p->processes, &style);
	ps_page_put(p);
}

static void ps_page_groups(struct ps_page *p, int64_t shown)
{
	struct message line = { 0 };

	buf_clear(&p->out);
	process_json_groups(&p->out, &p->processes, shown);
	line.line = p->out.data;
	line.length = p->out.len;
	view_line(&p->view, &line);
}

static void ps_page_plain(struct ps_page *p)
{
	const struct process_style style = { .rows = (size_t)p->options->lines };

	buf_clear(&p->out);
	process_table_plain(&p->out, &p->processes, &style);
	if (p->printed > 0)
		putchar('\n');
	fwrite(p->out.data, 1, p->out.len, stdout);
}

static void ps_page_csv(struct ps_page *p, const struct message *m)
{
	buf_clear(&p->out);
	if (p->printed == 0)
		process_csv_header(&p->out);
	process_csv_rows(&p->out, m);
	fwrite(p->out.data, 1, p->out.len, stdout);
}

int ps_page_print(struct ps_page *p, const struct message *m)
{
	int64_t shown;

	processes_read(&p->processes, m);
	shown = (int64_t)p->processes.count;
	if (p->options->pid > 0)
		workload_take(&p->workload, &p->processes);
	if (p->output == OUTPUT_TABLE)
		screen_read(&p->view.screen, p->options->color);
	ps_page_arrange(p);
	if (p->output == OUTPUT_CSV)
		ps_page_csv(p, m);
	else if (p->output == OUTPUT_PLAIN)
		ps_page_plain(p);
	else if (p->output == OUTPUT_TABLE)
		ps_page_table(p);
	else if (p->options->group)
		ps_page_groups(p, shown);
	else
		view_line(&p->view, m);
	p->printed++;
	return view_flush();
}
