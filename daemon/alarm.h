/* SPDX-License-Identifier: MIT */
#ifndef ALARM_H
#define ALARM_H

#include "daemon/chronicle.h"
#include "daemon/hook.h"

/*
 * The alert rules at work: steps them with every row, writes what changes into the timeline,
 * and runs the programs of rules that have one.
 */
struct alarm;

/* The rules of a configuration and the built-in ones.  NULL with why when one of them is wrong.
 */
struct alarm *alarm_new(
	const struct schema *schema, const struct config *config, struct message *why);

/* Before the first step; the hub must outlive the alarm. */
void alarm_attach(struct alarm *alarm, struct hub *hub, uv_loop_t *loop);

/* A row was appended: what it means, and who is to know. */
void alarm_step(struct alarm *alarm, uint64_t seq);

/*
 * After a reload, with a configuration that was checked: rules that are what they were go on,
 * and an alert whose rule is gone is resolved.
 */
void alarm_renew(struct alarm *alarm, const struct config *config);

/* Closes what the programs hold of the loop; free after that has run out.  NULL is fine. */
void alarm_stop(struct alarm *alarm);
void alarm_free(struct alarm *alarm);

#endif
