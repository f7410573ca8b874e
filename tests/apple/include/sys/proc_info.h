/* SPDX-License-Identifier: MIT */
#ifndef APPLE_SYS_PROC_INFO_H
#define APPLE_SYS_PROC_INFO_H

#include <stdint.h>
#include <sys/types.h>

/* The part of sys/proc_info.h (SDK 12) that is used. */

#define PROC_ALL_PIDS 1
#define PROC_PIDTASKALLINFO 2
#define PROC_PIDTBSDINFO 3
#define PROC_PIDT_SHORTBSDINFO 13

struct proc_bsdinfo {
	uint32_t pbi_flags, pbi_status, pbi_xstatus, pbi_pid, pbi_ppid;
	uid_t pbi_uid;
	gid_t pbi_gid;
	uid_t pbi_ruid;
	gid_t pbi_rgid;
	uid_t pbi_svuid;
	gid_t pbi_svgid;
	uint32_t rfu_1;
	char pbi_comm[16], pbi_name[32];
	uint32_t pbi_nfiles, pbi_pgid, pbi_pjobc, e_tdev, e_tpgid;
	int32_t pbi_nice;
	uint64_t pbi_start_tvsec, pbi_start_tvusec;
};

struct proc_bsdshortinfo {
	uint32_t pbsi_pid, pbsi_ppid, pbsi_pgid, pbsi_status;
	char pbsi_comm[16];
	uint32_t pbsi_flags;
	uid_t pbsi_uid;
	gid_t pbsi_gid;
	uid_t pbsi_ruid;
	gid_t pbsi_rgid;
	uid_t pbsi_svuid;
	gid_t pbsi_svgid;
	uint32_t pbsi_rfu;
};

struct proc_taskinfo {
	uint64_t pti_virtual_size, pti_resident_size, pti_total_user, pti_total_system,
		pti_threads_user, pti_threads_system;
	int32_t pti_policy, pti_faults, pti_pageins, pti_cow_faults, pti_messages_sent,
		pti_messages_received, pti_syscalls_mach, pti_syscalls_unix, pti_csw,
		pti_threadnum, pti_numrunning, pti_priority;
};

struct proc_taskallinfo {
	struct proc_bsdinfo pbsd;
	struct proc_taskinfo ptinfo;
};

#endif
