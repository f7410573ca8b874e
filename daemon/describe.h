/* SPDX-License-Identifier: MIT */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "daemon/hub.h"
#include "proto/json.h"

struct alerts; /* daemon/alert.h */
struct judge;  /* daemon/judge.h */

/* What the daemon says of itself: members of the replies hello, schema and status. */

void describe_daemon(const struct hub *hub, struct json *j);

/* One object of the schema's array; layout names the cluster of a core and may be NULL. */
void describe_series(const struct series *s, const struct layout *layout, struct json *j);

/* What fires now: for each alert the event that it began with. */
void describe_alerts(const struct hub *hub, struct json *j);

/* Every rule of the configuration, in its order, and how it stands. */
void describe_rules(const struct alerts *alerts, struct json *j);

/*
 * What powers and bandwidth are shares of: the chip's references (package and bandwidth raised
 * by what was read), and the full scales of actop's `auto`.  Nothing where there is no
 * reference.
 */
void describe_profile(const struct judge *judge, struct json *j);

/* Why the limit of the newest sample is what it is, in words; null before the first. */
void describe_limit(const struct judge *judge, struct json *j);

void describe_status(const struct hub *hub, struct json *j);

#endif
