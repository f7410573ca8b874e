/* SPDX-License-Identifier: MIT */
#include "daemon/rule.h"

#include <errno.h>
#include <string.h>

#include "daemon/argv.h"
#include "daemon/census.h"
#include "proto/duration.h"
#include "proto/alloc.h"
#include "proto/words.h"

const char *const severity_words[SEVERITY_COUNT] = { "info", "warn", "critical" };

static void rule_fini(struct rule *r)
{
	free(r->name);
	free(r->when_text);
	free(r->clear_text);
	expr_free(r->when);
	expr_free(r->clear);
	argv_free(r->exec);
	*r = (struct rule){ 0 };
}

void rules_fini(struct rules *rules)
{
	for (unsigned i = 0; i < rules->count; i++)
		rule_fini(&rules->items[i]);
	free(rules->items);
	*rules = (struct rules){ 0 };
}

/* ---- keys ---- */

static int rule_set_condition(
	struct expr **expr, char **text, const char *value, struct message *why)
{
	expr_free(*expr);
	free(*text);
	*text = xstrdup(value);
	return expr_parse(expr, value, why->text) < 0 ? -EINVAL : 0;
}

static int rule_set_when(struct rule *r, const char *value, struct message *why)
{
	expr_free(r->clear);
	free(r->clear_text);
	r->clear = NULL;
	r->clear_text = NULL;
	return rule_set_condition(&r->when, &r->when_text, value, why);
}

static int rule_set_clear(struct rule *r, const char *value, struct message *why)
{
	return rule_set_condition(&r->clear, &r->clear_text, value, why);
}

static int rule_set_for(struct rule *r, const char *value, struct message *why)
{
	return duration_parse(&r->for_ms, value, why->text);
}

static int rule_set_hold(struct rule *r, const char *value, struct message *why)
{
	return duration_parse(&r->hold_ms, value, why->text);
}

static int rule_set_severity(struct rule *r, const char *value, struct message *why)
{
	unsigned i = words_find(severity_words, SEVERITY_COUNT, value);

	if (i == SEVERITY_COUNT)
		return message_set(
			why, -EINVAL, "'%.40s' is not info, warn or critical", value);
	r->severity = (enum severity)i;
	return 0;
}

static int rule_set_exec(struct rule *r, const char *value, struct message *why)
{
	argv_free(r->exec);
	return argv_split(&r->exec, value, why);
}

static int rule_set_enabled(struct rule *r, const char *value, struct message *why)
{
	(void)r; /* rules_switch() */
	if (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)
		return 0;
	return message_set(why, -EINVAL, "'%.40s' is not yes or no", value);
}

/* In the order in which they are applied: `when` drops a `clear` from before. */
static const struct {
	const char *name;
	int (*set)(struct rule *rule, const char *value, struct message *why);
} rule_keys[] = {
	{ "when", rule_set_when },
	{ "for", rule_set_for },
	{ "clear", rule_set_clear },
	{ "hold", rule_set_hold },
	{ "severity", rule_set_severity },
	{ "exec", rule_set_exec },
	{ "enabled", rule_set_enabled },
};

#define RULE_KEYS (sizeof(rule_keys) / sizeof(*rule_keys))

static const struct config_line *section_find(
	const struct config_section *section, const char *key)
{
	for (unsigned i = 0; i < section->count; i++)
		if (strcmp(section->lines[i].key, key) == 0)
			return &section->lines[i];
	return NULL;
}

/* ---- sections ---- */

static bool rule_has_key(const char *key)
{
	size_t k = 0;

	while (k < RULE_KEYS && strcmp(rule_keys[k].name, key) != 0)
		k++;
	return k < RULE_KEYS;
}

static int section_check_keys(
	const struct config *config, const struct config_section *section, struct message *why)
{
	for (unsigned i = 0; i < section->count; i++) {
		const struct config_line *line = &section->lines[i];

		if (!rule_has_key(line->key))
			return message_set(why, -EINVAL,
				"%s:%u: an alert has no '%.60s'; it has when, for, clear, "
				"hold, severity, exec, enabled",
				config->path, line->line, line->key);
	}
	return 0;
}

static int section_apply(const struct config *config, const struct config_section *section,
	struct rule *rule, struct message *why)
{
	int rc = section_check_keys(config, section, why);

	for (size_t k = 0; k < RULE_KEYS && rc == 0; k++) {
		const struct config_line *line = section_find(section, rule_keys[k].name);

		if (!line)
			continue;
		rc = rule_keys[k].set(rule, line->value, why);
		if (rc < 0)
			message_prefix(why, "%s:%u: %s: ", config->path, line->line, line->key);
	}
	if (rc == 0 && !rule->when)
		return message_set(why, -EINVAL,
			"%s:%u: [alert %.60s] has no 'when', the condition it waits for",
			config->path, section->line, section->name);
	return rc;
}

struct rule *rules_find(const struct rules *rules, const char *name)
{
	for (unsigned i = 0; i < rules->count; i++)
		if (strcmp(rules->items[i].name, name) == 0)
			return &rules->items[i];
	return NULL;
}

static struct rule *rules_add(struct rules *rules, const char *name)
{
	struct rule *rule = rules_find(rules, name);

	if (rule)
		return rule;
	rules->items = xrealloc(rules->items, rules->count + 1, sizeof(*rules->items));
	rule = &rules->items[rules->count++];
	*rule = (struct rule){ .name = xstrdup(name), .severity = SEVERITY_WARN };
	return rule;
}

/* Takes a rule that is switched off out again, once it has been checked. */
static void rules_switch(
	struct rules *rules, struct rule *rule, const struct config_section *section)
{
	const struct config_line *line = section_find(section, "enabled");

	if (!line || strcmp(line->value, "no") != 0)
		return;
	rule_fini(rule);
	rules->count--;
	memmove(rule, rule + 1, (size_t)(rules->items + rules->count - rule) * sizeof(*rule));
}

static int rules_apply(struct rules *rules, const struct config *config, struct message *why)
{
	int rc = 0;

	for (unsigned i = 1; i < config->count && rc == 0; i++) {
		const struct config_section *section = &config->sections[i];
		struct rule *rule;

		if (strcmp(section->kind, "alert") != 0)
			continue;
		rule = rules_add(rules, section->name);
		rc = section_apply(config, section, rule, why);
		if (rc == 0)
			rules_switch(rules, rule, section);
	}
	return rc;
}

static int rules_check_groups(const struct rules *rules, struct message *why)
{
	struct census *census = census_new();
	int rc = 0;

	for (unsigned i = 0; i < rules->count && rc == 0; i++) {
		const struct rule *r = &rules->items[i];

		if (!census_add(census, r->when) || !census_add(census, r->clear))
			rc = message_set(why, -EINVAL,
				"[alert %.60s] brings the %uth group of processes; all rules "
				"together may have %u",
				r->name, CENSUS_GROUPS_MAX + 1, CENSUS_GROUPS_MAX);
	}
	census_free(census);
	return rc;
}

int rules_load(struct rules *rules, const struct config *config, struct message *why)
{
	struct config defaults;
	int rc = config_parse(&defaults, "built-in rules", rules_default_text,
		strlen(rules_default_text), why);

	*rules = (struct rules){ 0 };
	if (rc == 0)
		rc = rules_apply(rules, &defaults, why);
	config_fini(&defaults);
	if (rc == 0 && config)
		rc = rules_apply(rules, config, why);
	return rc < 0 ? rc : rules_check_groups(rules, why);
}

int rules_bind(struct rules *rules, const struct schema *schema, struct message *why)
{
	int rc = 0;

	for (unsigned i = 0; i < rules->count; i++) {
		struct rule *r = &rules->items[i];
		const char *when = expr_bind(r->when, schema);
		const char *clear = r->clear ? expr_bind(r->clear, schema) : NULL;

		if (rc == 0 && (when || clear))
			rc = message_set(why, -ENOENT,
				"[alert %.60s] uses %s, which this machine does not have",
				r->name, when ? when : clear);
	}
	return rc;
}

int rules_check(const struct config *config, const struct schema *schema, struct message *why)
{
	struct rules rules;
	int rc = rules_load(&rules, config, why);

	if (rc == 0 && schema)
		rc = rules_bind(&rules, schema, why);
	rules_fini(&rules);
	return rc;
}
