/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/source/source.h"

/*
 * The processes of a machine, read only while somebody asks.  A source reads raw cumulative
 * counters; differences, rates and shares of power are made elsewhere (daemon/crowd.h,
 * daemon/share.h), and so is the choice of what is sent.
 *
 * Calls come from one thread at a time, which is neither that of the loop nor that of the
 * sampler, and not always the same: what a process source reads must not be shared with the
 * parts in platform_parts[].
 */

#define PROCESS_NAME_MAX 32	 /* bytes of a name, NUL included */
#define PROCESS_COMMAND_MAX 1024 /* bytes of a command line, NUL included */

/* Processes of a walk; the rest is not looked at, and the table says that it is truncated. */
#define PROCESS_MAX 16384

/* A counter that this system does not have, or that this user may not read. */
#define PROCESS_UNKNOWN UINT64_MAX
#define PROCESS_UNKNOWN_UID UINT32_MAX
#define PROCESS_UNKNOWN_THREADS UINT32_MAX

/* PROCESS_STATES(X) is X(PROCESS_ID, "word") for each: what it was doing when it was looked at.
 */
#define PROCESS_STATES(X) \
	X(PROCESS_STATE_UNKNOWN, NULL) \
	X(PROCESS_RUNNING, "running") \
	X(PROCESS_SLEEPING, "sleeping") \
	X(PROCESS_WAITING, "waiting") /* for a device, and not to be interrupted */ \
	X(PROCESS_STOPPED, "stopped") /* by a signal or a debugger */ \
	X(PROCESS_ZOMBIE, "zombie") \
	X(PROCESS_IDLE, "idle") /* a kernel thread without work, a task being created */
#define PROCESS_STATE_ID(id, word) id,
enum process_state { PROCESS_STATES(PROCESS_STATE_ID) PROCESS_STATE_COUNT };
extern const char *const process_state_words[PROCESS_STATE_COUNT];

/*
 * One process.  Its identity is (pid, start): pids are used again.  Counters are cumulative
 * since the process began, threads that have ended included.
 */
struct process {
	int32_t pid, ppid;
	int32_t responsible;  /* pid of the application that it works for (macOS); 0 = itself */
	uint32_t uid;	      /* effective; or PROCESS_UNKNOWN_UID */
	uint64_t start;	      /* in the platform's own unit, only compared */
	int64_t start_ms;     /* Unix time; 0 = unknown */
	uint64_t taken_ns;    /* awake time (struct instant) at which cpu_ns was read */
	uint64_t cpu_ns;      /* user + system */
	uint64_t children_ns; /* the same of children that have ended and were waited for; on
				 macOS a detail */
	uint64_t gpu_ns; /* may go down when a client of the GPU closes: then it begins anew */
	uint64_t energy_nj; /* of the CPU, as the kernel measured it */
	uint64_t rss_bytes;
	uint64_t footprint_bytes; /* its own memory, in RAM or not, of the GPU included */
	uint64_t read_bytes, written_bytes; /* from and to disks */
	uint32_t threads;
	uint8_t state;		     /* enum process_state */
	bool restricted;	     /* this user may not read all of its counters */
	char name[PROCESS_NAME_MAX]; /* well-formed UTF-8 without control characters */
};

/* What costs more than the rest, to be asked for: bits. */
enum process_want {
	PROCESS_WANT_MEMORY = 1,      /* footprint_bytes */
	PROCESS_WANT_GPU = 2,	      /* gpu_ns */
	PROCESS_WANT_DISK = 4,	      /* read_bytes, written_bytes */
	PROCESS_WANT_RESPONSIBLE = 8, /* responsible */
	PROCESS_WANT_NAME = 16,	      /* name, where macOS cuts those of others */
	PROCESS_WANT_ALL = 31
};

/* Rows of one walk; grows as needed and is used again for the next. */
struct process_table {
	struct process *rows;
	unsigned count, capacity;
	bool truncated; /* there are more than PROCESS_MAX, or some could not be listed */
};

/*
 * A new last row in which all is unknown, ppid, responsible and start 0 and the name "".  NULL,
 * with truncated set, when there are PROCESS_MAX.  A row that turns out to be of a process that
 * is gone is taken back with count--.
 */
struct process *process_table_add(struct process_table *table);
void process_table_clear(struct process_table *table); /* keeps the memory */
void process_table_fini(struct process_table *table);

/*
 * Copies bytes (NUL not needed) into to as well-formed UTF-8, cut between characters: what is
 * not becomes U+FFFD, and each control character (below 0x20, 0x7F, and U+0080 to U+009F) a
 * space.  size, NUL included, is at least 4.
 */
void process_clean(char *to, size_t size, const char *bytes, size_t length);

/* Where processes come from.  Results are 0 or -errno. */
struct process_source {
	/* Sets *self.  -ENOTSUP when processes cannot be read here; nothing is to be released
	 * after a failure. */
	int (*open)(void **self, const struct source_options *options, struct fault *why);

	/*
	 * Appends every process, with all that is cheap to have and what is wanted for all of
	 * them (the order of an answer may depend on it).  A process that is gone before it was
	 * read is left out.  One that may not be read is listed with what is known of it, and
	 * restricted.  Must not allocate in steady state but through process_table_add().
	 */
	int (*walk)(void *self, unsigned want, struct process_table *table);

	/*
	 * Reads what is wanted of one row of the last walk into those of its fields that are
	 * still unknown, or cut; what may not be read stays so.  -ESRCH when the process is
	 * gone or the pid is used by another one; then nothing has changed.
	 */
	int (*detail)(void *self, unsigned want, struct process *p);

	/*
	 * The command line, arguments separated by single spaces and cleaned, into to
	 * (PROCESS_COMMAND_MAX bytes); "" when it has none (kernel threads).  -ESRCH as above;
	 * -EACCES or -EPERM when this user may not read it.
	 */
	int (*command)(void *self, const struct process *p, char *to);

	/* The path of the control group that it is in, cleaned, into as many bytes.  -ESRCH as
	 * above; -ENOENT when it is in none.  NULL where the system has no such thing. */
	int (*cgroup)(void *self, const struct process *p, char *to);

	void (*close)(void *self);
};

/* Defined by the one platform folder that is linked in. */
extern const struct process_source platform_processes;

#endif
