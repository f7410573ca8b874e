/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "daemon/activation.h"
#include "daemon/listener.h"
#include "tests/unit/fake_env.h"
#include "tests/unit/temp_dir.h"

static struct fake_env env;
static struct message why;

static void setup(void)
{
	temp_make();
	fake_env_init(&env);
}

static void teardown(void)
{
	temp_remove();
}

/* What a child found that was started as systemd would: exit code 10 + count, or -errno. */
static int start(const int *fds, unsigned count, const char *announced, bool other_pid)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct activation activation;
		char pid[32];
		int rc;

		/* Out of the way first, so that no dup2 overwrites one that is still to come.
		 */
		for (unsigned i = 0; i < count; i++)
			if (dup2(fds[i], 40 + (int)i) < 0)
				_exit(2);
		for (unsigned i = 0; i < count; i++)
			if (dup2(40 + (int)i, 3 + (int)i) < 0)
				_exit(2);
		snprintf(pid, sizeof(pid), "%ld", (long)getpid() + other_pid);
		fake_env_set(&env, "LISTEN_PID", pid);
		fake_env_set(&env, "LISTEN_FDS", announced);
		fake_env_set(&env, "LISTEN_FDNAMES", "actopd.socket");
		rc = activation_take(&activation, &env.env, &why);
		if (env_get(&env.env, "LISTEN_PID") || env_get(&env.env, "LISTEN_FDS") ||
			env_get(&env.env, "LISTEN_FDNAMES"))
			_exit(3);
		for (unsigned i = 0; i < activation.count; i++)
			if (activation.fds[i] != 3 + (int)i ||
				fcntl(activation.fds[i], F_GETFD) != FD_CLOEXEC ||
				!(fcntl(activation.fds[i], F_GETFL) & O_NONBLOCK))
				_exit(4);
		if (rc < 0)
			_exit(activation.count == 0 && why.text[0] ? -rc : 5);
		_exit(100 + (int)activation.count);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int listening(const char *name)
{
	struct listener listener;

	ck_assert_int_eq(listener_open(&listener, temp_path(name), 0600, "", &why), 0);
	fcntl(listener.fd, F_SETFL, 0); /* as systemd gives it */
	return listener.fd;
}

START_TEST(without_variables_there_is_nothing)
{
	struct activation activation;

	ck_assert_int_eq(activation_take(&activation, &env.env, &why), 0);
	ck_assert_uint_eq(activation.count, 0);
}
END_TEST

START_TEST(sockets_of_systemd_are_taken_and_prepared)
{
	int fds[2] = { listening("a"), listening("b") };

	ck_assert_int_eq(start(fds, 2, "2", false), 102);
	ck_assert_int_eq(start(fds, 1, "1", false), 101);
	close(fds[0]);
	close(fds[1]);
}
END_TEST

START_TEST(sockets_for_another_process_are_left_alone)
{
	int fd = listening("a");

	ck_assert_int_eq(start(&fd, 1, "1", true), 100);
	close(fd);
}
END_TEST

START_TEST(a_number_that_is_none_means_nothing)
{
	int fd = listening("a");

	ck_assert_int_eq(start(&fd, 1, "1x", false), 100);
	ck_assert_int_eq(start(&fd, 1, "-1", false), 100);
	ck_assert_int_eq(start(&fd, 1, "0", false), 100);
	ck_assert_int_eq(start(&fd, 1, "9999", false), E2BIG);
	close(fd);
}
END_TEST

START_TEST(what_is_not_a_listening_unix_socket_is_refused)
{
	int pair[2], inet = socket(AF_INET, SOCK_STREAM, 0);
	int packets = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int file = open(temp_path("file"), O_RDWR | O_CREAT, 0600);

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(start(&file, 1, "1", false), EINVAL);
	ck_assert_int_eq(start(&pair[0], 1, "1", false), EINVAL);
	ck_assert_int_eq(listen(inet, 1), 0);
	ck_assert_int_eq(start(&inet, 1, "1", false), EINVAL);
	if (packets >= 0) { /* macOS has none */
		snprintf(
			address.sun_path, sizeof(address.sun_path), "%s", temp_path("packets"));
		ck_assert_int_eq(
			bind(packets, (struct sockaddr *)&address, sizeof(address)), 0);
		ck_assert_int_eq(listen(packets, 1), 0);
		ck_assert_int_eq(start(&packets, 1, "1", false), EINVAL);
		close(packets);
	}
	close(pair[0]);
	close(pair[1]);
	close(inet);
	close(file);
}
END_TEST

RUN_TESTS("activation", setup, teardown, without_variables_there_is_nothing,
	sockets_of_systemd_are_taken_and_prepared, sockets_for_another_process_are_left_alone,
	a_number_that_is_none_means_nothing, what_is_not_a_listening_unix_socket_is_refused)
