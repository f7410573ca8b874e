/* SPDX-License-Identifier: MIT */
#include "proto/sample.h"

#include <string.h>

#include "proto/alloc.h"

struct sample *sample_new(const struct layout *layout)
{
	struct sample *s = xcalloc(1, sizeof(*s));

	s->layout = layout;
	s->values = xcalloc(layout->width, sizeof(*s->values));
	sample_clear(s);
	return s;
}

void sample_free(struct sample *s)
{
	if (!s)
		return;
	free(s->values);
	free(s);
}

void sample_clear(struct sample *s)
{
	for (unsigned i = 0; i < s->layout->width; i++)
		s->values[i] = NAN;
}

void sample_copy(struct sample *to, const struct sample *from)
{
	to->time = from->time;
	memcpy(to->values, from->values, from->layout->width * sizeof(*to->values));
}

void sample_set(struct sample *s, enum metric_id id, unsigned entity, double value)
{
	if (entity < s->layout->count[metrics[id].scope])
		s->values[layout_index(s->layout, id, entity)] = isfinite(value) ? value : NAN;
}
