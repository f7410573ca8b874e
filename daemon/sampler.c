/* SPDX-License-Identifier: MIT */
#include "daemon/sampler.h"

#include <errno.h>
#include <stdatomic.h>

#include "daemon/spsc.h"
#include "proto/alloc.h"

#define LATE_SHARE 10 /* of the period */

struct sampler {
	uv_async_t async; /* first */
	uv_thread_t thread;
	struct source *source;
	uint64_t base_ns;
	sampler_callback callback;
	void *arg;
	struct reading readings[SAMPLER_SLOTS];
	struct spsc full, free; /* to the loop, and back */
	uv_sem_t room;		/* counts what is in free */
	uv_mutex_t mutex;
	uv_cond_t wake;
	bool stop; /* under mutex */
	bool end_told;
	atomic_bool ended; /* the recording has */
	_Atomic uint64_t taken, missed, late, cost_sum, cost_max, last_awake_ns;
	uint64_t lag_max; /* the loop's own */
	/* The thread's own. */
	uint64_t start_ns, next_tick, first_mono_ns;
};

static uint64_t awake_ns(void)
{
	struct instant now;

	platform_now(&now);
	return now.awake_ns;
}

/* Waits until that moment of the awake clock; false when the sampler is to stop. */
static bool sampler_wait_until(struct sampler *p, uint64_t due_ns)
{
	bool go;

	uv_mutex_lock(&p->mutex);
	for (;;) {
		uint64_t now = awake_ns(), wait_ns = due_ns - now;

		go = !p->stop;
		if (!go || now >= due_ns)
			break;
		/* A clock that once read wrong does not cost more than a period. */
		uv_cond_timedwait(
			&p->wake, &p->mutex, wait_ns < p->base_ns ? wait_ns : p->base_ns);
	}
	uv_mutex_unlock(&p->mutex);
	return go;
}

/* A place for the next reading: at once for a machine, when there is one for a recording. */
static struct reading *sampler_take_slot(struct sampler *p, bool wait)
{
	if (wait)
		uv_sem_wait(&p->room);
	else if (uv_sem_trywait(&p->room) < 0)
		return NULL;
	return spsc_pop(&p->free);
}

static void count_cost(struct sampler *p, uint64_t cost)
{
	p->taken++;
	p->cost_sum += cost;
	if (cost > p->cost_max)
		p->cost_max = cost;
}

static void sampler_hand_over(struct sampler *p, struct reading *r)
{
	r->handed_ns = uv_hrtime();
	spsc_push(&p->full, r);
	uv_async_send(&p->async);
}

/* ---- a machine: our own schedule ---- */

/* Tick next_tick is due; reads for the newest tick that is. */
static void sampler_tick(struct sampler *p)
{
	uint64_t now = awake_ns(), due = p->start_ns + (p->next_tick - 1) * p->base_ns;
	uint64_t tick = now < due ? p->next_tick : (now - p->start_ns) / p->base_ns + 1;
	struct reading *r = sampler_take_slot(p, false);

	p->missed += tick - p->next_tick + (r ? 0 : 1);
	if (r) {
		uint64_t behind = now - (p->start_ns + (tick - 1) * p->base_ns);

		r->tick = tick;
		r->late = tick > p->next_tick;
		p->late += now >= due && behind > p->base_ns / LATE_SHARE;
		source_read(p->source, r->sample);
		count_cost(p, awake_ns() - now);
		p->last_awake_ns = now;
		sampler_hand_over(p, r);
	}
	p->next_tick = tick + 1;
}

static void sampler_run_live(struct sampler *p)
{
	p->start_ns = awake_ns();
	p->next_tick = 1;
	while (sampler_wait_until(p, p->start_ns + (p->next_tick - 1) * p->base_ns))
		sampler_tick(p);
}

/* ---- a recording: its own pace and time ---- */

/* The recorded tick: nearest multiple of the period since the first sample, and growing. */
static uint64_t recorded_tick(struct sampler *p, uint64_t mono_ns)
{
	uint64_t tick;

	if (p->next_tick == 1)
		p->first_mono_ns = mono_ns;
	tick = mono_ns < p->first_mono_ns
		? p->next_tick
		: (mono_ns - p->first_mono_ns + p->base_ns / 2) / p->base_ns + 1;
	return tick < p->next_tick ? p->next_tick : tick;
}

static bool sampler_replay_one(struct sampler *p)
{
	struct reading *r = sampler_take_slot(p, true);

	if (!r)
		return false; /* woken to stop */
	if (source_read(p->source, r->sample) == -ENODATA) {
		atomic_store(&p->ended, true);
		uv_async_send(&p->async);
		return false;
	}
	r->tick = recorded_tick(p, r->sample->time.mono_ns);
	r->late = r->tick > p->next_tick;
	p->next_tick = r->tick + 1;
	p->taken++;
	p->last_awake_ns = awake_ns();
	sampler_hand_over(p, r);
	return true;
}

static void sampler_run_recording(struct sampler *p)
{
	uint64_t due = awake_ns();

	p->next_tick = 1;
	while (sampler_wait_until(p, due) && sampler_replay_one(p))
		due += source_pace(p->source);
}

static void sampler_main(void *arg)
{
	struct sampler *p = arg;

	if (source_base_ms(p->source))
		sampler_run_recording(p);
	else
		sampler_run_live(p);
}

/* ---- the loop's side ---- */

static void sampler_arrived(uv_async_t *async)
{
	struct sampler *p = (struct sampler *)async;
	bool ended = atomic_load(&p->ended);
	struct reading *r;

	while ((r = spsc_pop(&p->full)) != NULL) {
		uint64_t lag = uv_hrtime() - r->handed_ns;

		p->lag_max = lag > p->lag_max ? lag : p->lag_max;
		p->callback(p->arg, r);
		spsc_push(&p->free, r);
		uv_sem_post(&p->room);
	}
	if (ended && !p->end_told) {
		p->end_told = true;
		p->callback(p->arg, NULL);
	}
}

static void sampler_init_slots(struct sampler *p)
{
	spsc_init(&p->full);
	spsc_init(&p->free);
	for (unsigned i = 0; i < SAMPLER_SLOTS; i++) {
		p->readings[i].sample = sample_new(source_layout(p->source));
		spsc_push(&p->free, &p->readings[i]);
	}
	uv_sem_init(&p->room, SAMPLER_SLOTS);
}

struct sampler *sampler_start(uv_loop_t *loop, struct source *source, unsigned base_ms,
	sampler_callback callback, void *arg)
{
	struct sampler *p = aligned_alloc(64, (sizeof(*p) + 63) / 64 * 64);

	if (!p)
		return NULL;
	*p = (struct sampler){ .source = source, .callback = callback, .arg = arg };
	p->base_ns = (uint64_t)base_ms * 1000000;
	p->last_awake_ns = awake_ns();
	sampler_init_slots(p);
	uv_mutex_init(&p->mutex);
	uv_cond_init(&p->wake);
	uv_async_init(loop, &p->async, sampler_arrived);
	if (uv_thread_create(&p->thread, sampler_main, p) == 0)
		return p;
	uv_close((uv_handle_t *)&p->async, NULL);
	return NULL;
}

void sampler_stop(struct sampler *p)
{
	uv_mutex_lock(&p->mutex);
	p->stop = true;
	uv_cond_signal(&p->wake);
	uv_mutex_unlock(&p->mutex);
	uv_sem_post(&p->room); /* a recording may wait for a place that nobody frees any more */
	uv_thread_join(&p->thread);
	uv_close((uv_handle_t *)&p->async, NULL);
}

void sampler_free(struct sampler *p)
{
	for (unsigned i = 0; i < SAMPLER_SLOTS; i++)
		sample_free(p->readings[i].sample);
	uv_sem_destroy(&p->room);
	uv_mutex_destroy(&p->mutex);
	uv_cond_destroy(&p->wake);
	free(p);
}

void sampler_get_stats(struct sampler *p, struct sampler_stats *stats)
{
	stats->taken = p->taken;
	stats->missed = p->missed;
	stats->late = p->late;
	stats->cost_ns_sum = p->cost_sum;
	stats->cost_ns_max = p->cost_max;
	stats->lag_ns_max = p->lag_max;
}

uint64_t sampler_silence_ns(struct sampler *p)
{
	return awake_ns() - p->last_awake_ns;
}
