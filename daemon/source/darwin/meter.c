/* SPDX-License-Identifier: MIT */
#include "daemon/source/darwin/meter.h"

#include <math.h>
#include <string.h>

void meter_init(struct meter *m, double scale)
{
	memset(m, 0, sizeof(*m));
	m->scale = scale;
	m->rate = NAN;
}

static void meter_begin(struct meter *m, int64_t value, uint64_t stamp_ns)
{
	m->base = m->last = value;
	m->base_ns = m->stamp_ns = stamp_ns;
	m->based = stamp_ns > m->after_ns;
	m->rate = NAN;
}

static bool stamp_is_useless(
	const struct meter *m, int64_t value, uint64_t stamp_ns, uint64_t now_ns)
{
	return stamp_ns == 0 || stamp_ns > now_ns + METER_FUTURE_NS ||
		(m->started && stamp_ns == m->stamp_ns && value != m->last);
}

static void meter_publish(struct meter *m, int64_t value, uint64_t stamp_ns, uint64_t now_ns)
{
	uint64_t span = stamp_ns - m->base_ns;

	m->moved = true;
	m->seen_ns = now_ns;
	m->stamp_ns = stamp_ns;
	if (!m->based) {
		meter_begin(m, value, stamp_ns);
	} else if (span >= METER_SPAN_MIN_NS) {
		m->rate = (double)(value - m->base) * m->scale / ((double)span / 1e9);
		m->base = value;
		m->base_ns = stamp_ns;
		m->span_ns = span;
	}
}

void meter_feed(struct meter *m, int64_t value, uint64_t stamp_ns, uint64_t now_ns)
{
	m->valid = value >= 0;
	if (!m->valid)
		return;
	if (!m->observed && stamp_is_useless(m, value, stamp_ns, now_ns)) {
		m->observed = true;
		if (m->started && value > m->last)
			m->total += (double)(value - m->last) * m->scale;
		m->started = false;
	}
	if (m->observed)
		stamp_ns = m->started && value == m->last ? m->stamp_ns : now_ns;
	if (!m->started || value < m->last || stamp_ns < m->stamp_ns) {
		meter_begin(m, value, stamp_ns);
		m->started = true;
		m->seen_ns = now_ns;
		return;
	}
	m->total += (double)(value - m->last) * m->scale;
	m->last = value;
	if (stamp_ns > m->stamp_ns)
		meter_publish(m, value, stamp_ns, now_ns);
}

void meter_sleep(struct meter *m, uint64_t now_ns)
{
	m->after_ns = now_ns > METER_FRESH_NS ? now_ns - METER_FRESH_NS : 0;
	m->based = false;
	m->rate = NAN;
}

double meter_rate(const struct meter *m, uint64_t now_ns)
{
	uint64_t stale = m->span_ns * 2 > METER_STALE_NS ? m->span_ns * 2 : METER_STALE_NS;

	return m->valid && now_ns <= m->seen_ns + stale ? m->rate : NAN;
}

double meter_total(const struct meter *m, uint64_t now_ns)
{
	double rate = meter_rate(m, now_ns);
	uint64_t since_ns = now_ns > m->base_ns ? now_ns - m->base_ns : 0;
	double published = (double)(m->last - m->base) * m->scale;

	if (!m->valid || !m->moved)
		return NAN;
	if (isnan(rate))
		return m->total;
	if (since_ns > m->span_ns)
		since_ns = m->span_ns;
	return fmax(m->total, m->total - published + rate * (double)since_ns / 1e9);
}
