/* SPDX-License-Identifier: MIT */
#ifndef RULE_H
#define RULE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "daemon/config.h"
#include "proto/expr.h"

/*
 * Alert rules: the built-in ones, and the "[alert NAME]" sections of actopd.conf.
 *
 *   when      condition (daemon/expr.h) that lets the alert fire
 *   for       time that it must have held without a break; 0 = none
 *   clear     condition that ends the alert; by default, that `when` is false
 *   hold      least time that the alert fires; 0 = none
 *   severity  info, warn (the default) or critical
 *   exec      program to run, an argument vector without a shell (daemon/argv.h)
 *   enabled   yes (the default) or no
 *
 * A section with the name of a built-in rule changes the keys that it has; a `when` there also
 * drops the built-in `clear`.  Pure.
 */

enum severity { SEVERITY_INFO, SEVERITY_WARN, SEVERITY_CRITICAL, SEVERITY_COUNT };

extern const char *const severity_words[SEVERITY_COUNT];

struct rule {
	char *name;
	char *when_text, *clear_text; /* clear_text NULL = none was given */
	struct expr *when, *clear;    /* clear NULL = likewise */
	uint64_t for_ms, hold_ms;
	enum severity severity;
	char **exec; /* ended by NULL; NULL = nothing to run */
};

struct rules {
	struct rule *items;
	unsigned count;
};

/* The built-in rules as they would stand in actopd.conf. */
extern const char rules_default_text[];

/*
 * The built-in rules and those of config (NULL or without a parse: none).  0; -EINVAL with why
 * beginning "PATH:LINE: ", or naming the rule with which there are more than CENSUS_GROUPS_MAX
 * groups of processes.  To be finished with rules_fini in both cases.
 */
int rules_load(struct rules *rules, const struct config *config, struct message *why);
void rules_fini(struct rules *rules);

/* NULL when there is none of that name. */
struct rule *rules_find(const struct rules *rules, const char *name);

/*
 * Prints all rules in effect as sections of actopd.conf, built-in ones too, and what is off;
 * the sections as they stand where one is wrong (rules_check tells which).
 */
void rules_print(const struct config *config, FILE *out);

/*
 * Looks the series of all rules up in a schema.  0; -ENOENT with why naming the first rule with
 * a series that the machine does not have, which is unknown then; all others are looked up as
 * well.
 */
int rules_bind(struct rules *rules, const struct schema *schema, struct message *why);

/* Loads, binds where there is a schema (NULL = none), and throws away: for actopd --test. */
int rules_check(const struct config *config, const struct schema *schema, struct message *why);

#endif
