/* SPDX-License-Identifier: MIT */
#include "daemon/describe.h"
#include "daemon/judge.h"

void describe_profile(const struct judge *judge, struct json *j)
{
	const struct profile *p = judge_profile(judge);
	const struct judge_ceilings *c = judge_ceilings(judge);

	if (!*p->name)
		return;
	json_key(j, "profile");
	json_object_open(j);
	json_kv_string(j, "name", p->name);
	json_kv_bool(j, "exact", p->exact);
	json_kv_fixed(j, "cpu_watts", p->cpu_w, 3);
	json_kv_fixed(j, "gpu_watts", p->gpu_w, 3);
	json_kv_fixed(j, "ane_watts", p->ane_w, 3);
	json_kv_fixed(j, "package_watts", c->package_w, 3);
	json_kv_fixed(j, "bandwidth_gbps", c->bandwidth_gbps, 3);
	json_key(j, "auto");
	json_object_open(j);
	json_kv_fixed(j, "cpu_watts",
		profile_full_scale(
			POWER_SCALE_AUTO, p->cpu_w, c->highest_cpu_w, PROFILE_CPU_FLOOR_W),
		3);
	json_kv_fixed(j, "gpu_watts",
		profile_full_scale(
			POWER_SCALE_AUTO, p->gpu_w, c->highest_gpu_w, PROFILE_GPU_FLOOR_W),
		3);
	json_object_close(j);
	json_object_close(j);
}

void describe_limit(const struct judge *judge, struct json *j)
{
	char reason[VERDICT_REASON_MAX];

	judge_reason(judge, reason);
	json_kv_string(j, "limit_reason", *reason ? reason : NULL);
}
