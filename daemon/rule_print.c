/* SPDX-License-Identifier: MIT */
#include "daemon/rule.h"

#include <string.h>

#include "proto/duration.h"

/* Nothing is said only where nothing else is built in. */
static void rule_print_time(const char *key, uint64_t ms, uint64_t built_in_ms, FILE *out)
{
	char text[DURATION_TEXT_MAX];

	if (ms > 0 || built_in_ms > 0)
		fprintf(out, "%-5s = %s\n", key, duration_format(text, ms));
}

/* As argv_split() reads it: words in single quotes where they have need of any. */
static void rule_print_exec(char *const *exec, FILE *out)
{
	if (!exec)
		return;
	fputs("exec  =", out);
	for (; *exec; exec++) {
		const char *quote = **exec && !strpbrk(*exec, " \t\"'#") ? "" : "'";

		fprintf(out, " %s", quote);
		for (const char *p = *exec; *p; p++)
			if (*p == '\'')
				fputs("'\"'\"'", out);
			else
				fputc(*p, out);
		fputs(quote, out);
	}
	fputc('\n', out);
}

/* In quotes where a '#' would begin a comment; a text with both came from no file. */
static void rule_print_text(const char *key, const char *text, FILE *out)
{
	const char *quote = strstr(text, " #") || strstr(text, "\t#") ? "\"" : "";

	fprintf(out, "%-5s = %s%s%s\n", key, quote, text, quote);
}

static void rule_print(const struct rule *rule, const struct rule *built_in, FILE *out)
{
	static const struct rule nothing = { .severity = SEVERITY_WARN };

	built_in = built_in ? built_in : &nothing;
	fprintf(out, "\n[alert %s]\n", rule->name);
	rule_print_text("when", rule->when_text, out);
	rule_print_time("for", rule->for_ms, built_in->for_ms, out);
	if (rule->clear_text)
		rule_print_text("clear", rule->clear_text, out);
	rule_print_time("hold", rule->hold_ms, built_in->hold_ms, out);
	if (rule->severity != SEVERITY_WARN || built_in->severity != SEVERITY_WARN)
		fprintf(out, "severity = %s\n", severity_words[rule->severity]);
	rule_print_exec(rule->exec, out);
}

/* A section that makes no rule: one that is switched off. */
static void section_print(const struct config_section *section, FILE *out)
{
	fprintf(out, "\n[%s %s]\n", section->kind, section->name);
	for (unsigned i = 0; i < section->count; i++)
		config_print_pair(section->lines[i].key, section->lines[i].value, out);
}

void rules_print(const struct config *config, FILE *out)
{
	const struct config nothing = { .count = 0 };
	struct message why;
	struct rules rules, built_in;

	if (rules_load(&rules, config, &why) < 0)
		rules_fini(&rules);
	rules_load(&built_in, &nothing, &why);
	for (unsigned i = 0; i < rules.count; i++)
		rule_print(&rules.items[i], rules_find(&built_in, rules.items[i].name), out);
	for (unsigned i = 1; i < config->count; i++)
		if (!rules_find(&rules, config->sections[i].name))
			section_print(&config->sections[i], out);
	rules_fini(&built_in);
	rules_fini(&rules);
}
