/* SPDX-License-Identifier: MIT */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "daemon/hub.h"
#include "proto/json.h"

struct alerts; /* daemon/alert.h */

/* What the daemon says of itself: members of the replies hello, schema and status. */

void describe_daemon(const struct hub *hub, struct json *j);

/* One object of the schema's array; layout names the cluster of a core and may be NULL. */
void describe_series(const struct series *s, const struct layout *layout, struct json *j);

/* What fires now: for each alert the event that it began with. */
void describe_alerts(const struct hub *hub, struct json *j);

/* Every rule of the configuration, in its order, and how it stands. */
void describe_rules(const struct alerts *alerts, struct json *j);

void describe_status(const struct hub *hub, struct json *j);

#endif
