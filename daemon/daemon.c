/* SPDX-License-Identifier: MIT */
#include "daemon/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <uv.h>

#include "daemon/alarm.h"
#include "daemon/annals.h"
#include "daemon/chronicle.h"
#include "daemon/compat.h"
#include "daemon/engine.h"
#include "daemon/identity.h"
#include "daemon/judge.h"
#include "daemon/keeper.h"
#include "daemon/log.h"
#include "daemon/memory.h"
#include "daemon/notify.h"
#include "daemon/recorder.h"
#include "daemon/rule.h"
#include "daemon/sampler.h"
#include "daemon/server.h"
#include "daemon/status.h"
#include "daemon/survey.h"
#include "daemon/tiers.h"
#include "daemon/walker.h"
#include "proto/alloc.h"

#define FILES_LEAST 13 /* of the event loop, a socket, its lock, a client and an answer */

/* Everything there is, passed down; the shutdown order is that of daemon_close(). */
struct daemon {
	struct options *options;
	uv_loop_t loop;
	struct source *source;
	struct schema *schema;
	struct history *history;
	struct engine *engine;
	struct alarm *alarm;
	struct archive *archive;
	struct ledger *ledger;
	struct keeper *keeper;
	struct recorder *recorder;
	struct hub hub;
	struct server server;
	struct sampler *sampler;
	struct walker *walker;
	struct notify notify;
	struct status status;
	uv_signal_t signals[4];
	uv_timer_t watchdog, flush;
	unsigned flush_tries;
	bool ready, stopping, waiting; /* waiting: for another daemon to end */
	enum exit_code result;
};

/* ---- samples ---- */

static void daemon_record(struct daemon *d, const struct sample *s)
{
	int rc = d->recorder ? recorder_add(d->recorder, s) : 0;

	if (rc < 0)
		log_error("recorder", "%s: %s; recording ends here", d->options->record,
			strerror(-rc));
}

static void daemon_sampled(void *arg, struct reading *reading)
{
	struct daemon *d = arg;
	struct message what;
	struct buf places;

	if (!reading) {
		log_info("sampler", "the recording has ended; what it held stays readable");
		return;
	}
	daemon_record(d, reading->sample);
	alarm_step(d->alarm,
		engine_commit(d->engine, reading->sample, reading->tick, reading->late));
	keeper_commit(d->keeper);
	survey_tick(d->hub.survey);
	server_publish(&d->server);
	if (d->ready)
		return;
	d->ready = true;
	message_set(
		&what, 0, "%u series every %u ms", d->schema->count, d->hub.timeline.base_ms);
	notify_ready(&d->notify, what.text);
	buf_init(&places, LOG_LINE_MAX);
	server_list_places(&d->server, &places);
	log_info("daemon", "ready: %s on %.*s", what.text, (int)places.len,
		places.data ? places.data : "");
	buf_fini(&places);
}

/* A live loop with a dead sampler is a dead daemon: then the watchdog is not fed. */
static void daemon_watchdog(uv_timer_t *timer)
{
	struct daemon *d = timer->data;

	if (sampler_silence_ns(d->sampler) / 3000000 < d->hub.timeline.base_ms)
		notify_watchdog(&d->notify);
}

/* ---- the end ---- */

static void daemon_close(struct daemon *d)
{
	if (d->sampler)
		sampler_stop(d->sampler);
	walker_stop(d->walker);
	for (unsigned i = 0; i < sizeof(d->signals) / sizeof(*d->signals); i++)
		uv_close((uv_handle_t *)&d->signals[i], NULL);
	uv_close((uv_handle_t *)&d->watchdog, NULL);
	uv_close((uv_handle_t *)&d->flush, NULL);
	alarm_stop(d->alarm);
	server_close(&d->server);
}

static void daemon_flush(uv_timer_t *timer)
{
	struct daemon *d = timer->data;
	const unsigned step_ms = 10;

	if (!server_is_quiet(&d->server) && ++d->flush_tries < DAEMON_FLUSH_MS / step_ms)
		return;
	uv_timer_stop(timer);
	daemon_close(d);
}

static void daemon_stop(struct daemon *d, const char *why)
{
	if (d->stopping)
		return;
	d->stopping = true;
	log_info("daemon", "stopping: %s", why);
	chronicle_stop(&d->hub, why);
	notify_stopping(&d->notify, why);
	server_stop(&d->server);
	uv_timer_start(&d->flush, daemon_flush, 0, 10);
}

/* ---- signals ---- */

/* The fresh options, once their rules are found to be right as well. */
static bool daemon_read_options(
	const struct daemon *d, struct options *fresh, struct message *why)
{
	if (options_reload(d->options, fresh, why) != OPTIONS_READY)
		return false;
	if (rules_check(&fresh->config, NULL, why) == 0)
		return true;
	options_fini(fresh);
	return false;
}

static void daemon_reload(struct daemon *d)
{
	struct options fresh;
	struct message why;
	const char *fixed;
	unsigned row = 0;

	log_follow(d->options->log_file);
	server_check(&d->server);
	notify_reloading(&d->notify);
	if (!daemon_read_options(d, &fresh, &why)) {
		log_error("config", "%s; the old settings stay", why.text);
	} else {
		while ((fixed = options_next_fixed(d->options, &fresh, &row)) != NULL)
			log_warn("config", "%s has changed, which takes a restart", fixed);
		log_set_level((enum log_level)fresh.log_level);
		if (strcmp(fresh.log_file, d->options->log_file) != 0)
			log_follow(fresh.log_file);
		d->server.stall_ms = fresh.stall_ms;
		alarm_renew(d->alarm, &fresh.config);
		options_adopt(d->options, &fresh);
		server_share_files(&d->server, (unsigned)d->options->max_clients);
		log_info("config", "read again");
	}
	notify_ready(&d->notify, NULL);
}

static void daemon_signal(uv_signal_t *handle, int number)
{
	struct daemon *d = handle->data;

	if (d->waiting) {
		d->stopping = d->stopping || number == SIGTERM || number == SIGINT;
		return;
	}
	switch (number) {
	case SIGHUP:
		daemon_reload(d);
		break;
	case SIGUSR1:
		status_log(&d->hub);
		break;
	default:
		daemon_stop(d, number == SIGTERM ? "SIGTERM" : "SIGINT");
	}
}

static void daemon_watch_signals(struct daemon *d)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		uv_signal_init(&d->loop, &d->signals[i]);
		d->signals[i].data = d;
		uv_signal_start(&d->signals[i], daemon_signal, numbers[i]);
	}
}

/* ---- the beginning ---- */

/* With a recording it is as late as its newest sample, or as its first before that was read. */
static void daemon_now(void *arg, struct instant *now)
{
	const struct daemon *d = arg;
	const struct instant *begin = source_begin(d->source);
	uint64_t head = d->history ? history_head(d->history) : 0;

	platform_now(now);
	if (!head && begin)
		*now = *begin;
	if (head && source_base_ms(d->source)) {
		now->wall_ms = history_row(d->history, head)->ts_ms;
		now->mono_ns = history_row(d->history, head)->mono_ns;
	}
}

static void daemon_keep_event(void *arg, const struct event *event)
{
	struct daemon *d = arg;

	annals_keep(d->keeper, d->hub.timeline.boot, event);
}

static void daemon_fault(void *arg, const char *ref, const char *what)
{
	(void)arg;
	log_error("daemon", "internal error %s: %s", ref, what);
}

static void daemon_status(void *arg, struct json *reply)
{
	status_write(&((struct daemon *)arg)->status, reply);
}

static unsigned daemon_base_ms(const struct daemon *d)
{
	unsigned recorded = source_base_ms(d->source);

	return recorded ? recorded : (unsigned)d->options->interval_ms;
}

static void daemon_identify(struct daemon *d)
{
	identity_fill(&d->hub.identity, &source_layout(d->source)->machine);
	d->hub.identity.system = d->options->system;
	d->hub.machine = &source_layout(d->source)->machine;
	d->hub.layout = source_layout(d->source);
}

static void daemon_report_faults(struct daemon *d)
{
	unsigned long errors;

	for (unsigned i = 0; source_part(d->source, i, &errors); i++)
		if (source_part_fault(d->source, i)[0])
			log_warn("source", "%s", source_part_fault(d->source, i));
}

static bool daemon_open_source(struct daemon *d)
{
	struct fault why = { 0 };
	struct message message;
	struct hub_shell shell = { d, daemon_now, daemon_status, daemon_keep_event,
		daemon_fault };
	struct layout *layout;

	d->source = source_open(d->options->source, &why);
	if (!d->source) {
		log_error("source", "%s", why.text);
		return false;
	}
	daemon_report_faults(d);
	layout = source_layout(d->source);
	judge_describe(layout);
	d->schema = schema_new();
	schema_extend(d->schema, layout);
	d->history =
		history_new(tiers_rows(d->options, daemon_base_ms(d)), schema_capacity(layout));
	d->alarm = alarm_new(d->schema, &d->options->config, &message);
	if (!d->alarm) {
		log_error("config", "%s", message.text);
		return false;
	}
	d->archive = tiers_archive(d->options, d->schema, daemon_base_ms(d));
	d->ledger = ledger_new(layout);
	hub_init(&d->hub, d->schema, d->history, identity_random(), daemon_base_ms(d), &shell);
	return true;
}

static bool daemon_open_recorder(struct daemon *d)
{
	struct message why;

	if (!d->options->record[0])
		return true;
	d->recorder = recorder_open(
		d->options->record, source_layout(d->source), daemon_base_ms(d), &why);
	if (!d->recorder)
		log_error("recorder", "%s", why.text);
	return d->recorder != NULL;
}

static void daemon_waited(uv_timer_t *timer)
{
	((struct daemon *)timer->data)->waiting = false;
}

/* A moment, in which a signal may say that this is over. */
static void daemon_wait(struct daemon *d)
{
	d->waiting = true;
	uv_timer_start(&d->flush, daemon_waited, DAEMON_WAIT_S * 1000, 0);
	while (d->waiting && !d->stopping)
		uv_run(&d->loop, UV_RUN_ONCE);
	uv_timer_stop(&d->flush);
	d->waiting = false;
}

/* Its sockets are there, unless it was told to stop while it waited for them. */
static enum exit_code daemon_open_server(struct daemon *d)
{
	struct message why;
	int rc = server_open(&d->server, d->options, &why);

	while (rc == -EWOULDBLOCK && d->options->wait && !d->stopping) {
		log_info("server", "%s; waiting for it to end", why.text);
		daemon_wait(d);
		rc = d->stopping ? 0 : server_open(&d->server, d->options, &why);
	}
	if (rc == 0)
		return EXIT_OK;
	log_error("server", "%s", why.text);
	return rc == -EWOULDBLOCK ? EXIT_RUNNING : EXIT_NO_SOCKET;
}

/* What did not happen here does not go among what did, unless that is asked for. */
static const char *daemon_state(const struct daemon *d)
{
	const struct options *o = d->options;

	if (!source_layout(d->source)->machine.simulated || o->state_named || !o->state[0])
		return o->state;
	log_info("keeper", "%s is not this machine: nothing is kept without --state DIR",
		o->source);
	return "";
}

/* Once the sockets are ours: whoever had the state before has ended then. */
static void daemon_open_history(struct daemon *d)
{
	const struct layout *layout = source_layout(d->source);
	const struct keeper_parts parts = { d->schema, d->history, d->archive, d->ledger,
		daemon_base_ms(d), schema_capacity(layout), layout->machine.boot_id };
	struct keeper_beginning begin = { .epoch = identity_random() };

	d->keeper = keeper_open(daemon_state(d), &parts, &begin);
	d->status.keeper = d->keeper;
	d->engine = engine_new(layout, d->schema, d->history, begin.run, begin.flags);
	d->hub.judge = engine_judge(d->engine);
	engine_continue(d->engine, begin.boot, d->ledger);
	hub_continue(&d->hub, begin.epoch, begin.boot, d->archive);
	annals_load(d->keeper, d->hub.events, begin.eseq);
	chronicle_resume(&d->hub);
	chronicle_start(&d->hub,
		begin.flags & ROW_BOOT		    ? "boot"
			: begin.flags & ROW_RESTART ? "restart"
						    : "start");
}

static enum exit_code daemon_start(struct daemon *d)
{
	enum exit_code rc = daemon_open_server(d);

	if (rc != EXIT_OK || d->stopping)
		return rc;
	daemon_open_history(d);
	d->sampler =
		sampler_start(&d->loop, d->source, d->hub.timeline.base_ms, daemon_sampled, d);
	if (!d->sampler) {
		log_error("sampler", "no thread can be had");
		return EXIT_INTERNAL;
	}
	d->status.sampler = d->sampler;
	server_share_files(&d->server, (unsigned)d->options->max_clients);
	if (d->notify.watchdog_ms)
		uv_timer_start(&d->watchdog, daemon_watchdog, d->notify.watchdog_ms,
			d->notify.watchdog_ms);
	return EXIT_OK;
}

static void daemon_fini(struct daemon *d)
{
	server_fini(&d->server);
	if (d->sampler)
		sampler_free(d->sampler);
	notify_fini(&d->notify);
	walker_close(d->walker);
	uv_loop_close(&d->loop);
	hub_fini(&d->hub);
}

static void daemon_free_model(struct daemon *d)
{
	recorder_close(d->recorder);
	alarm_free(d->alarm);
	keeper_close(d->keeper);
	engine_free(d->engine);
	ledger_free(d->ledger);
	archive_free(d->archive);
	history_free(d->history);
	schema_free(d->schema);
	if (d->source)
		source_close(d->source);
}

static enum exit_code daemon_serve(struct daemon *d)
{
	int rc;

	/* Without its first descriptors libuv aborts, without the last no client is answered.
	 */
	if (!compat_may_open(FILES_LEAST)) {
		log_error("daemon", "too few files may be open: ulimit -n");
		return EXIT_INTERNAL;
	}
	rc = uv_loop_init(&d->loop);
	if (rc < 0) {
		log_error("daemon", "no event loop: %s", uv_strerror(rc));
		return EXIT_INTERNAL;
	}
	notify_init(&d->notify, d->options->env);
	uv_timer_init(&d->loop, &d->watchdog);
	uv_timer_init(&d->loop, &d->flush);
	d->watchdog.data = d->flush.data = d;
	server_init(&d->server, &d->loop, &d->hub, d->options);
	status_init(&d->status, &d->loop, d->source, &d->server);
	daemon_identify(d);
	d->walker = walker_open(&d->loop, &d->server, d->options->source);
	daemon_watch_signals(d);
	alarm_attach(d->alarm, &d->hub, &d->loop);
	d->result = daemon_start(d);
	if (d->result != EXIT_OK || d->stopping)
		daemon_close(d);
	uv_run(&d->loop, UV_RUN_DEFAULT);
	daemon_fini(d);
	return d->result;
}

enum exit_code daemon_run(struct options *options)
{
	struct daemon *d = xcalloc(1, sizeof(*d));
	enum exit_code result = EXIT_BAD_CONFIG;

	memory_share();
	d->options = options;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN); /* until there are handlers */
	signal(SIGUSR1, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is like a full disk */
	compat_raise_files(SERVER_FILES_WANTED);
	if (daemon_open_source(d) && daemon_open_recorder(d))
		result = daemon_serve(d);
	daemon_free_model(d);
	free(d);
	log_flush();
	return result;
}
