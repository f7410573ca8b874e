/* SPDX-License-Identifier: MIT */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/metric.h"

#define LAYOUT_NAME_MAX 32	 /* wire name of an entity, NUL included */
#define LAYOUT_LABEL_MAX 64	 /* original name, NUL included */
#define LAYOUT_REASON_MAX 96	 /* NUL included */
#define LAYOUT_ENTITIES_MAX 1024 /* per scope */

enum quality { QUALITY_NONE, QUALITY_MEASURED, QUALITY_ESTIMATED };

enum domain {
	DOMAIN_OTHER,
	DOMAIN_CPU,
	DOMAIN_GPU,
	DOMAIN_SOC,
	DOMAIN_MEMORY,
	DOMAIN_BATTERY,
	DOMAIN_SSD
};

enum avail { AVAIL_OK, AVAIL_UNSUPPORTED, AVAIL_NEEDS_ROOT, AVAIL_ERROR };

/* One core, cluster, rail, fan or sensor. */
struct entity {
	char name[LAYOUT_NAME_MAX];   /* [A-Za-z0-9_-]+, unique within its scope */
	char label[LAYOUT_LABEL_MAX]; /* what the system calls it; valid UTF-8; "" = same as
					 name */
	char kind;		      /* cores, clusters: 'E' 'P' 'S'; 0 = not known */
	int cluster;		      /* cores: index of the cluster entity, -1 = not known */
	enum quality quality;	      /* rails */
	enum domain domain;	      /* sensors */
};

/* What hello says of the machine; "" or 0 = unknown. */
struct machine {
	char os[16]; /* "linux", "macos" */
	char os_version[64];
	char model[64]; /* "Mac16,8", or the product name of a PC */
	char chip[64];	/* "Apple M4 Pro", or the CPU's model name */
	char boot_id[64];
	unsigned gpu_cores;
	bool simulated; /* a world, a fixture tree or a recording */
};

/* Why a metric, or one entity's value of it, is not there. */
struct layout_note {
	enum avail avail;
	char reason[LAYOUT_REASON_MAX];
};

/*
 * Which entities this machine has, and where in a sample each value stands.  Filled by sources
 * (layout_add, layout_note) and then sealed; after that only the spare places of a scope can be
 * taken, so that no index ever moves.  One writer; readers hold no copy of pointers into it.
 */
struct layout {
	struct machine machine;
	unsigned count[SCOPE_COUNT], cap[SCOPE_COUNT];
	struct entity *entities[SCOPE_COUNT];
	unsigned base[METRIC_COUNT]; /* index of the first value of the metric in a sample */
	unsigned width;		     /* values in a sample; 0 before layout_seal() */
	bool promised[METRIC_COUNT];
	struct layout_note *notes; /* METRIC_COUNT of them; avail AVAIL_OK = nothing to say */
};

/* A new layout has the one host entity and nothing else.  Free with layout_free(). */
struct layout *layout_new(void);
void layout_free(struct layout *layout);

/*
 * Adds an entity, borrowed until the next layout_add of that scope.  label is any
 * NUL-terminated text: its wire name is made from it (bytes outside [A-Za-z0-9_-] become '_', a
 * name taken gets
 * "_2", "_3"...) and the label is kept, invalid UTF-8 replaced by U+FFFD, where it differs.
 * NULL when the scope is full.
 */
struct entity *layout_add(struct layout *layout, enum scope scope, const char *label);

/* Index of the entity with that wire name; -1 = none. */
int layout_find(const struct layout *layout, enum scope scope, const char *name);

/* Says why a metric has no value here.  May be said again, before or after the seal. */
void layout_note(
	struct layout *layout, enum metric_id id, enum avail avail, const char *reason);

/*
 * Says that the metric will have values, of all its entities, although the first reading cannot
 * have them: rates that a source computes itself.  The schema then offers it from the
 * beginning.
 */
void layout_promise(struct layout *layout, enum metric_id id);

/* Fixes the place of every value.  Call once, after the last describe. */
void layout_seal(struct layout *layout);

/* Index of the value of one entity in a sample. */
static inline unsigned layout_index(const struct layout *l, enum metric_id id, unsigned entity)
{
	return l->base[id] + entity;
}

const char *quality_name(enum quality quality); /* NULL for QUALITY_NONE */
const char *domain_name(enum domain domain);
const char *avail_name(enum avail avail);

#endif
