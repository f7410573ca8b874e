/* SPDX-License-Identifier: MIT */
#include "daemon/admit.h"

#include <stdio.h>

/* Of the spare descriptors, those that goodbyes may hold: half of the rest is for files that
 * are opened for a moment, the other half for what nobody thought of. */
#define LINGERING_SHARE 4

void admit_share_files(
	struct admit_policy *policy, unsigned limit, unsigned used, unsigned wanted)
{
	unsigned left = limit > used ? limit - used : 0;
	unsigned spare = left > 2 * ADMIT_FILES_SPARE ? ADMIT_FILES_SPARE : left / 2;
	unsigned most = left - spare;

	policy->max_clients = wanted < most ? wanted : most;
	if (policy->max_clients == 0)
		policy->max_clients = 1;
	policy->max_lingering = spare / LINGERING_SHARE;
}

bool admit_is_trusted(const struct admit_policy *policy, uid_t uid)
{
	return uid == 0 || uid == policy->own;
}

bool admit_count(struct admit_census *census, uid_t uid, int64_t stalled_ms)
{
	census->clients++;
	census->of_uid += uid == census->uid;
	if (stalled_ms <= ADMIT_EVICT_STALL_MS || stalled_ms <= census->worst_ms)
		return false;
	census->worst_ms = stalled_ms;
	return true;
}

/* A small daemon still has one place for each uid. */
static unsigned admit_uid_limit(const struct admit_policy *policy)
{
	unsigned share = policy->max_clients / ADMIT_UID_SHARE;

	return share ? share : 1;
}

enum admit_verdict admit_decide(
	const struct admit_policy *policy, const struct admit_census *census)
{
	bool trusted = admit_is_trusted(policy, census->uid);

	if (!trusted && !policy->system)
		return ADMIT_FOREIGN;
	/* Before anybody has to give way for one who is not let in after all. */
	if (!trusted && census->of_uid >= admit_uid_limit(policy))
		return ADMIT_FULL_OF_UID;
	if (census->clients < policy->max_clients)
		return ADMIT_WELCOME;
	return census->worst_ms ? ADMIT_EVICT : ADMIT_FULL;
}

struct request_error admit_error(const struct admit_policy *policy, enum admit_verdict verdict,
	uid_t uid, char text[ADMIT_TEXT_MAX])
{
	bool foreign = verdict == ADMIT_FOREIGN;
	struct request_error error = request_error_make(foreign ? ERROR_DENIED : ERROR_BUSY);

	if (foreign) {
		snprintf(text, ADMIT_TEXT_MAX, "uid %lu may not use this socket",
			(unsigned long)uid);
	} else if (verdict == ADMIT_FULL_OF_UID) {
		error.limit = "max_clients_per_uid";
		error.max = admit_uid_limit(policy);
		snprintf(text, ADMIT_TEXT_MAX, "uid %lu has %u clients already",
			(unsigned long)uid, admit_uid_limit(policy));
	} else {
		error.limit = "max_clients";
		error.max = policy->max_clients;
		snprintf(text, ADMIT_TEXT_MAX, "%u clients are connected", policy->max_clients);
	}
	error.message = text;
	error.fatal = true;
	return error;
}
