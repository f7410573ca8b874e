/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "client/cell.h"
#include "client/commands.h"
#include "client/print.h"
#include "client/stamp.h"
#include "client/talk.h"
#include "client/view.h"

static void status_bytes(const struct message *m, const char *path)
{
	struct buf out;

	buf_init(&out, CELL_MAX);
	cell_show_bytes(&out, (double)message_int(m, path, 0));
	printf("%.*s", (int)out.len, out.data);
	buf_fini(&out);
}

static long long status_int(const struct message *m, const char *path)
{
	return (long long)message_int(m, path, 0);
}

static void status_span(const struct message *m, const char *path)
{
	char text[STAMP_MAX];

	stamp_span(text, message_int(m, path, 0));
	printf("%s", text);
}

static void status_head(const struct talk *t, const struct message *m)
{
	printf("actopd ");
	print_text(message_text(m, "version"));
	printf("  pid %lld  up ", status_int(m, "pid"));
	status_span(m, "uptime_ms");
	printf("  socket ");
	print_text(t->dial.attempts[t->dial.chosen].path);
	printf("\nhistory   ");
}

/* How full each tier is, the coarser ones behind the samples. */
static void status_tiers(const struct message *m)
{
	const struct node *tier = node_first(message_at(m, "store.tiers"));

	for (tier = tier ? node_next(tier) : NULL; tier; tier = node_next(tier)) {
		int64_t rows = node_int(node_get(tier, "rows"), 0);
		int64_t most = node_int(node_get(tier, "rows_max"), 0);
		char step[STAMP_MAX];

		stamp_span(step, node_int(node_get(tier, "step_ms"), 0));
		printf(", %lld of %lld rows of %s", (long long)(rows < most ? rows : most),
			(long long)most, step);
	}
}

static void status_history(const struct message *m)
{
	printf("%lld of %lld samples (%lld to %lld)", status_int(m, "ring.used"),
		status_int(m, "ring.cap"), status_int(m, "ring.oldest_seq"),
		status_int(m, "ring.head_seq"));
	status_tiers(m);
	printf("\nsampling  every ");
	status_span(m, "sampler.base_ms");
	printf(", %lld late, %lld missed, cost %.1f ms (at most %.1f ms)\n",
		status_int(m, "sampler.late"), status_int(m, "sampler.missed"),
		(double)message_int(m, "sampler.cost_us_mean", 0) / 1000,
		(double)message_int(m, "sampler.cost_us_max", 0) / 1000);
}

/* What holds the machine back, in the daemon's words. */
static void status_limit(const struct message *m)
{
	const char *reason = message_text(m, "limit_reason");

	if (!reason)
		return;
	printf("limit     ");
	print_text(reason);
	putchar('\n');
}

/* Parts of the source that fail, and why; nothing where none does. */
static void status_errors(const struct message *m)
{
	const struct node *part = node_first(message_at(m, "sampler.errors"));

	for (; part; part = node_next(part)) {
		if (node_int(part, 0) == 0)
			continue;
		printf("errors    ");
		print_text(node_key(part));
		printf(": %lld reads failed\n", (long long)node_int(part, 0));
	}
	for (part = node_first(message_at(m, "sampler.faults")); part; part = node_next(part)) {
		printf("fault     ");
		print_text(node_key(part));
		printf(": ");
		print_text(node_text(part));
		putchar('\n');
	}
}

static void status_clients(const struct message *m)
{
	printf("clients   %lld now, %lld at once at most, %lld allowed, %lld so far, %lld "
	       "refused\n",
		status_int(m, "clients.now"), status_int(m, "clients.peak"),
		status_int(m, "clients.max"), status_int(m, "clients.accepted"),
		status_int(m, "clients.refused") + status_int(m, "clients.denied"));
	printf("memory    ");
	status_bytes(m, "rss_bytes");
	printf(" resident, ");
	if (message_at(m, "store.memory_bytes")) {
		status_bytes(m, "store.memory_bytes");
		printf(" of ");
	}
	printf("at most ");
	status_bytes(m, "store.memory_bound");
	printf(" for the history, %lld files open\n", status_int(m, "fds"));
}

/* What is on disk, and why nothing more is written where that is so. */
static void status_store(const struct message *m)
{
	const char *state = message_text(m, "store.state");
	const char *path = message_text(m, "store.path"),
		   *error = message_text(m, "store.error");

	if (!state)
		return;
	printf("store     ");
	print_text(state);
	printf(": ");
	if (error) {
		print_text(error);
		printf("\n          ");
	}
	if (!path) {
		printf("kept in memory only\n");
		return;
	}
	print_text(path);
	printf(", ");
	status_bytes(m, "store.bytes");
	printf(" of at most ");
	status_bytes(m, "store.bound");
	printf(", stored up to %lld\n", status_int(m, "store.stored_seq"));
}

static void status_list(const struct message *m)
{
	const struct node *client = node_first(message_at(m, "list"));

	if (client)
		printf("\n%-6s %-8s %-6s %-8s %-5s %-8s %s\n", "CID", "PID", "UID", "AGE",
			"SUBS", "BEHIND", "NAME");
	for (; client; client = node_next(client)) {
		char age[STAMP_MAX];

		stamp_span(age, node_int(node_get(client, "age_ms"), 0));
		printf("%-6lld %-8lld %-6lld %-8s %-5lld %-8lld ",
			(long long)node_int(node_get(client, "cid"), 0),
			(long long)node_int(node_get(client, "pid"), 0),
			(long long)node_int(node_get(client, "uid"), 0), age,
			(long long)node_int(node_get(client, "subs"), 0),
			(long long)node_int(node_get(client, "behind"), 0));
		print_text(node_text(node_get(client, "name")));
		putchar('\n');
	}
}

static int status_show(const struct talk *t, const struct message *m)
{
	if (print_wants_json(t->options))
		return print_reply(t->options, m);
	status_head(t, m);
	status_history(m);
	status_store(m);
	status_limit(m);
	status_errors(m);
	status_clients(m);
	status_list(m);
	return view_flush();
}

static int status_run(const struct options *options)
{
	struct talk talk;
	struct message m;
	int rc = talk_open(&talk, options);

	if (rc == 0) {
		ask_status(&talk.out, options->clients);
		rc = talk_send(&talk);
	}
	if (rc == 0)
		rc = talk_hello(&talk);
	if (rc == 0)
		rc = talk_reply(&talk, "status", &m);
	if (rc == 0) {
		rc = status_show(&talk, &m);
		message_free(&m);
	}
	talk_close(&talk);
	return rc;
}

const struct command command_status = {
	.name = "status",
	.summary = "Show how the daemon is doing; exit status 3 when none runs",
	.usage = "status [--clients] [-o json]",
	.examples = "  actopctl status\n"
		    "  actopctl -q status >/dev/null 2>&1 && echo actopd runs\n",
	.options = OPTIONS_TALK | OPTIONS_PRINT | OPTION_BIT(CLIENTS),
	.outputs = OUTPUTS_REPLY,
	.run = status_run,
};
