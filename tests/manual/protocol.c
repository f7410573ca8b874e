/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>

#include "proto/command.h"
#include "proto/metric.h"
#include "proto/words.h"
#include "tests/manual/markdown.h"
#include "tests/manual/mdoc.h"

/* Prints actop-protocol.7:  manual_protocol DATE < proto/PROTOCOL.md */

#define M(id) (UINT64_C(1) << MEMBER_##id)
static const struct {
	const char *name;
	uint64_t required, members;
} ops[OP_COUNT] = {
#define COMMAND(id, name, required, members) { name, required, members },
#include "proto/commands.def"
};
#undef M

static const struct {
	const char *name, *message;
	bool fatal;
} errors[] = {
#define ERROR(id, name, fatal, message) { name, message, fatal },
#include "proto/errors.def"
#undef ERROR
};

static const char *const aggs[] = { "mean", "last", "max", "min" };

static void print_words(const char *const *words, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		printf("%s%s", i ? ", " : " ", words[i]);
}

/* What the value of a member is. */
static void print_type(const struct member_row *row)
{
	static const char *const texts[TYPE_COUNT] = {
		[TYPE_INTEGER] = "integer, %lld to %lld",
		[TYPE_BOOL] = "true or false",
		[TYPE_STRING] = "string of %lld to %lld bytes",
		[TYPE_LABEL] = "name of %lld to %lld letters, digits and _.-",
		[TYPE_CURSOR] = "cursor, EPOCH:SEQ",
		[TYPE_MARK] = "text of a mark, or its eseq",
		[TYPE_STREAM] = "one of",
		[TYPE_ON_GAP] = "one of",
		[TYPE_LAG] = "one of",
		[TYPE_FORMAT] = "one of",
		[TYPE_SORT] = "one of",
		[TYPE_AGG] = "one of",
		[TYPE_AGGS] = "one or an array of",
		[TYPE_KINDS] = "an array of",
		[TYPE_INTEGERS] = "array of %lld to %lld integers",
		[TYPE_PATTERNS] = "array of %lld to %lld patterns of names",
	};
	static const struct {
		const char *const *words;
		unsigned count;
	} words[TYPE_COUNT] = {
		[TYPE_STREAM] = { stream_words, STREAM_COUNT },
		[TYPE_ON_GAP] = { on_gap_words, ON_GAP_COUNT },
		[TYPE_LAG] = { lag_words, LAG_COUNT },
		[TYPE_FORMAT] = { format_words, FORMAT_COUNT },
		[TYPE_SORT] = { sort_words, SORT_COUNT },
		[TYPE_AGG] = { aggs, 4 },
		[TYPE_AGGS] = { aggs, 4 },
		[TYPE_KINDS] = { event_words, EVENT_COUNT },
	};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	printf(texts[row->type], (long long)row->low, (long long)row->high);
#pragma GCC diagnostic pop
	print_words(words[row->type].words, words[row->type].count);
}

static void print_members(enum op op)
{
	if (!ops[op].members) {
		mdoc_text("No members of its own.");
		return;
	}
	puts(".Bl -tag -width Ds -compact");
	for (unsigned id = 0; id < MEMBER_TOTAL; id++) {
		if (!(ops[op].members >> id & 1))
			continue;
		mdoc_term(member_rows[id].name);
		print_type(&member_rows[id]);
		puts(ops[op].required >> id & 1 ? "; required" : "");
	}
	puts(".El");
}

static void print_requests(void)
{
	mdoc_section("REQUESTS");
	mdoc_text(
		"One JSON object a line, `op` and the members below. Every request may also "
		"have `id`, which comes back with everything that belongs to it, and "
		"`close`, after which the daemon ends the connection. Members that begin with "
		"_ are passed over; any other is an error.");
	mdoc_list();
	for (unsigned op = 0; op < OP_COUNT; op++) {
		mdoc_term(ops[op].name);
		print_members((enum op)op);
	}
	mdoc_list_end();
}

static void print_errors(void)
{
	mdoc_section("ERROR CODES");
	mdoc_text(
		"`code` of an `error` line is for programs and stays what it is, `message` is "
		"for people. After a fatal one the connection ends.");
	mdoc_list();
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		mdoc_term(errors[i].name);
		mdoc_text(errors[i].message);
		if (errors[i].fatal)
			mdoc_text("(fatal)");
	}
	mdoc_list_end();
}

static void print_words_of_states(void)
{
	mdoc_section("WORDS");
	mdoc_text("Values of series of kind `state`, from harmless to severe:");
	puts(".Bl -bullet -compact");
	for (unsigned set = 0; set < STATES_COUNT; set++) {
		if (!state_words[set])
			continue;
		puts(".It");
		for (unsigned i = 0; state_words[set][i]; i++)
			printf("%s%s", i ? ", " : "", state_words[set][i]);
		putchar('\n');
	}
	mdoc_list_end();
}

int main(int argc, char **argv)
{
	static const char *const pages[] = { "actopctl 1", "actopd.conf 5", "actopd 8", NULL };

	mdoc_begin(argc > 1 ? argv[1] : "", "actop-protocol", "7",
		"what actopd and its clients say to each other");
	mdoc_section("DESCRIPTION");
	mdoc_text("actopd listens on a Unix socket, which `actopctl socket` names, and speaks "
		  "lines of JSON: a request each way, or a stream that goes on. `nc -U` is a "
		  "client.");
	mdoc_literal(
		"echo '{\"op\":\"get\",\"metrics\":[\"cpu_*\"],\"close\":true}' |\n"
		"    nc -U \"$(actopctl socket)\"\n"
		"echo '{\"op\":\"subscribe\",\"last_ms\":60000,\"count\":100,\"close\":true}' |"
		"\n"
		"    nc -U \"$(actopctl socket)\"\n");
	mdoc_paragraph("`actopctl info` lists the series of a machine, and `PROTOCOL.md` and "
		       "`METRICS.md`, installed with the programs, hold more examples and the "
		       "table of all metrics.");
	print_requests();
	print_errors();
	print_words_of_states();
	mdoc_section("THE PROTOCOL IN FULL");
	mdoc_text("Names of series in these examples are examples.");
	markdown_write(stdin, "What is decided", "2.16");
	mdoc_see_also(pages);
	return 0;
}
