/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/listener.h"
#include "daemon/notify.h"
#include "tests/unit/fake_env.h"
#include "tests/unit/temp_dir.h"

static struct fake_env env;
static struct notify notify;
static int manager; /* the end of the service manager */
static char text[1024];

static void setup(void)
{
	temp_make();
	fake_env_init(&env);
	notify.fd = -1;
	manager = socket(AF_UNIX, SOCK_DGRAM, 0);
	ck_assert_int_eq(listener_prepare(manager), 0);
}

static void teardown(void)
{
	notify_fini(&notify);
	close(manager);
	temp_remove();
}

/* Binds the manager's socket; '@' is an abstract name. */
static void listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);

	memcpy(address.sun_path, path, length);
	if (*path == '@')
		address.sun_path[0] = '\0';
	ck_assert_int_eq(bind(manager, (struct sockaddr *)&address,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
		0);
	fake_env_set(&env, "NOTIFY_SOCKET", path);
}

static const char *received(void)
{
	ssize_t n = recv(manager, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

START_TEST(without_a_manager_nothing_happens)
{
	notify_init(&notify, &env.env);
	ck_assert_int_eq(notify.fd, -1);
	ck_assert_int_eq(notify_ready(&notify, NULL), 0);
	ck_assert_int_eq(notify_stopping(&notify, "x"), 0);
	ck_assert_uint_eq(notify.watchdog_ms, 0);
}
END_TEST

START_TEST(each_message_is_one_datagram)
{
	listen_at(temp_path("notify"));
	notify_init(&notify, &env.env);
	ck_assert_int_eq(fcntl(notify.fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(notify_ready(&notify, NULL), 0);
	ck_assert_str_eq(received(), "READY=1");
	ck_assert_int_eq(notify_watchdog(&notify), 0);
	ck_assert_str_eq(received(), "WATCHDOG=1");
	ck_assert_int_eq(notify_stopping(&notify, NULL), 0);
	ck_assert_str_eq(received(), "STOPPING=1");
	ck_assert_int_eq(notify_stopping(&notify, "it is\nREADY=1\n"), 0);
	ck_assert_str_eq(received(), "STOPPING=1\nSTATUS=it is READY=1 ");
	ck_assert_int_eq(notify_ready(&notify, "3 series"), 0);
	ck_assert_str_eq(received(), "READY=1\nSTATUS=3 series");
	ck_assert_int_eq(notify_reloading(&notify), 0);
	ck_assert_int_eq(strncmp(received(), "RELOADING=1\nMONOTONIC_USEC=", 27), 0);
	ck_assert_uint_gt(strtoull(text + 27, NULL, 10), 0);
}
END_TEST

START_TEST(an_abstract_name_works)
{
	char name[64];

	snprintf(name, sizeof(name), "@actop-test-%ld", (long)getpid());
	listen_at(name);
	notify_init(&notify, &env.env);
	ck_assert_int_eq(notify_ready(&notify, NULL), 0);
	ck_assert_str_eq(received(), "READY=1");
}
END_TEST

START_TEST(a_long_status_is_cut)
{
	char longer[1000];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	listen_at(temp_path("notify"));
	notify_init(&notify, &env.env);
	ck_assert_int_eq(notify_ready(&notify, longer), 0);
	ck_assert_uint_eq(strlen(received()), NOTIFY_TEXT_MAX - 1);
}
END_TEST

START_TEST(a_manager_that_is_gone_is_an_error_and_no_more)
{
	fake_env_set(&env, "NOTIFY_SOCKET", temp_path("nobody"));
	notify_init(&notify, &env.env);
	ck_assert_int_lt(notify_ready(&notify, NULL), 0);
}
END_TEST

START_TEST(an_address_of_another_kind_is_ignored)
{
	char longer[300];

	memset(longer, '/', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	fake_env_set(&env, "NOTIFY_SOCKET", "vsock:2:1234");
	notify_init(&notify, &env.env);
	ck_assert_int_eq(notify.fd, -1);
	fake_env_init(&env);
	fake_env_set(&env, "NOTIFY_SOCKET", longer);
	notify_init(&notify, &env.env);
	ck_assert_int_eq(notify.fd, -1);
}
END_TEST

START_TEST(the_watchdog_is_fed_at_half_its_time)
{
	char pid[32];

	listen_at(temp_path("notify"));
	fake_env_set(&env, "WATCHDOG_USEC", "30000000");
	notify_init(&notify, &env.env);
	ck_assert_uint_eq(notify.watchdog_ms, 15000);
	notify_fini(&notify);
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	fake_env_set(&env, "WATCHDOG_PID", pid);
	notify_init(&notify, &env.env);
	ck_assert_uint_eq(notify.watchdog_ms, 15000);
}
END_TEST

START_TEST(a_watchdog_of_another_process_is_not_ours)
{
	listen_at(temp_path("notify"));
	fake_env_set(&env, "WATCHDOG_USEC", "30000000");
	fake_env_set(&env, "WATCHDOG_PID", "1");
	notify_init(&notify, &env.env);
	ck_assert_uint_eq(notify.watchdog_ms, 0);
}
END_TEST

RUN_TESTS("notify", setup, teardown, without_a_manager_nothing_happens,
	each_message_is_one_datagram, an_abstract_name_works, a_long_status_is_cut,
	a_manager_that_is_gone_is_an_error_and_no_more, an_address_of_another_kind_is_ignored,
	the_watchdog_is_fed_at_half_its_time, a_watchdog_of_another_process_is_not_ours)
