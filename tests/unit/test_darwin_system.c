/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/activation.h"
#include "daemon/compat.h"
#include "daemon/listener.h"
#include "proto/peer.h"
#include "tests/unit/fake_env.h"
#include "tests/unit/temp_dir.h"

/* What the daemon asks of macOS itself, over doubles of launchd and of the C library. */

static struct fake_env env;
static struct message why;

static void setup(void)
{
	temp_make();
	fake_env_init(&env);
	unsetenv("ACTOP_LAUNCHD");
	unsetenv("ACTOP_TEMP");
}

static void teardown(void)
{
	temp_remove();
}

static int listening(const char *name)
{
	struct listener listener;

	ck_assert_int_eq(listener_open(&listener, temp_path(name), 0600, "", &why), 0);
	fcntl(listener.fd, F_SETFL, 0); /* as launchd gives it */
	fcntl(listener.fd, F_SETFD, 0);
	return listener.fd;
}

/* launchd hands over once per process, so each job is one. */
static int job(const char *sockets, int (*take)(void))
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (sockets)
			setenv("ACTOP_LAUNCHD", sockets, 1);
		_exit(take());
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* 100 + what came, prepared as it must be; else what went wrong. */
static int take(void)
{
	struct activation activation;
	int rc = activation_take(&activation, &env.env, &why);

	if (rc < 0)
		return activation.count == 0 && why.text[0] ? -rc : 3;
	for (unsigned i = 0; i < activation.count; i++)
		if (fcntl(activation.fds[i], F_GETFD) != FD_CLOEXEC ||
			!(fcntl(activation.fds[i], F_GETFL) & O_NONBLOCK))
			return 4;
	return 100 + (int)activation.count;
}

static int take_twice(void)
{
	int first = take();

	return first > 100 ? take() : first;
}

START_TEST(a_daemon_that_launchd_did_not_start_binds_itself)
{
	ck_assert_int_eq(job(NULL, take), 100);
}
END_TEST

START_TEST(a_job_without_such_an_entry_binds_itself)
{
	char sockets[32];

	snprintf(sockets, sizeof(sockets), "other=%d", listening("a"));
	ck_assert_int_eq(job(sockets, take), 100);
}
END_TEST

START_TEST(sockets_of_launchd_are_taken_and_prepared)
{
	char sockets[32];

	snprintf(sockets, sizeof(sockets), "actopd=%d,%d", listening("a"), listening("b"));
	ck_assert_int_eq(job(sockets, take), 102);
	ck_assert_int_eq(job(sockets, take_twice), EALREADY);
}
END_TEST

START_TEST(what_is_no_unix_socket_of_streams_is_refused)
{
	char sockets[32];
	int datagrams = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(sockets, sizeof(sockets), "actopd=%d", datagrams);
	ck_assert_int_eq(job(sockets, take), EINVAL);
	snprintf(sockets, sizeof(sockets), "actopd=%d,%d", listening("a"),
		open("/dev/null", O_RDONLY));
	ck_assert_int_eq(job(sockets, take), EINVAL);
}
END_TEST

/* Exits with the descriptors that are still open. */
static int take_too_many(void)
{
	int before = compat_count_files(), rc = take();

	return rc == E2BIG ? before - compat_count_files() : 200;
}

START_TEST(more_sockets_than_there_is_room_for_are_closed_and_refused)
{
	char sockets[128] = "actopd=";

	for (unsigned i = 0; i <= ACTIVATION_MAX; i++) {
		char name[8];

		snprintf(name, sizeof(name), "s%u", i);
		snprintf(sockets + strlen(sockets), sizeof(sockets) - strlen(sockets), "%s%d",
			i ? "," : "", listening(name));
	}
	ck_assert_int_eq(job(sockets, take_too_many), ACTIVATION_MAX + 1);
}
END_TEST

START_TEST(peers_are_known_by_uid_and_pid)
{
	int pair[2];
	uid_t uid = 12345;
	pid_t pid = 0;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(peer_uid(pair[0], &uid), 0);
	ck_assert_uint_eq(uid, geteuid());
	ck_assert_int_eq(compat_peer_pid(pair[0], &pid), 0);
	ck_assert_int_eq(pid, getpid());
	ck_assert_int_eq(peer_send(pair[0], "x", 1), 1);
	close(pair[1]);
	ck_assert_int_eq(peer_send(pair[0], "x", 1), -EPIPE);
	ck_assert_int_eq(peer_uid(STDIN_FILENO, &uid), -ENOTSOCK);
}
END_TEST

START_TEST(places_are_those_of_a_mac)
{
	struct paths paths = { &compat_paths, &env.env, geteuid(), false };
	struct place place;
	char home[200], state[PATHS_MAX];

	fake_env_set(&env, "HOME", "/Users/ann");
	ck_assert_int_eq(paths_socket(&place, &paths, &why), 0);
	ck_assert_str_eq(place.path, "/Users/ann/.actop/run/actopd.sock");
	ck_assert_int_eq(paths_state(state, &paths, &why), 0);
	ck_assert_str_eq(state, "/Users/ann/.actop/state");
	setenv("ACTOP_TEMP", "/var/folders/x/T/", 1);
	ck_assert_int_eq(paths_socket_next(&place, &paths), 0);
	ck_assert_str_eq(place.path, "/var/folders/x/T/actop/actopd.sock");
	snprintf(home, sizeof(home), "/Users/%0150d", 0);
	fake_env_init(&env);
	fake_env_set(&env, "HOME", home);
	ck_assert_int_eq(paths_socket(&place, &paths, &why), 0);
	ck_assert_str_eq(place.path, "/var/folders/x/T/actop/actopd.sock");
	paths.system = true;
	ck_assert_int_eq(paths_socket(&place, &paths, &why), 0);
	ck_assert_str_eq(place.path, "/var/run/actopd.sock");
}
END_TEST

START_TEST(memory_and_groups_can_be_asked_for)
{
	uint64_t bytes = 0;

	ck_assert_int_eq(compat_resident_bytes(&bytes), 0);
	ck_assert_uint_gt(bytes, 100000);
	ck_assert(compat_in_group(0, 0));
	ck_assert(!compat_in_group(0, 3000000001u));
}
END_TEST

RUN_TESTS("darwin_system", setup, teardown, a_daemon_that_launchd_did_not_start_binds_itself,
	a_job_without_such_an_entry_binds_itself, sockets_of_launchd_are_taken_and_prepared,
	what_is_no_unix_socket_of_streams_is_refused,
	more_sockets_than_there_is_room_for_are_closed_and_refused,
	peers_are_known_by_uid_and_pid, places_are_those_of_a_mac,
	memory_and_groups_can_be_asked_for)
