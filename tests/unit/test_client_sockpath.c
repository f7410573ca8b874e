/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/dial.h"
#include "proto/peer.h"
#include "proto/sockpath.h"
#include "tests/unit/run.h"

static char dir[64];

static void test_sockpath_setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/sockpathXXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void test_sockpath_teardown(void)
{
	rmdir(dir);
}

START_TEST(a_private_runtime_directory_is_the_first_choice_on_linux)
{
	const struct sockpath_env env = { .runtime_dir = dir, .uid = geteuid() };
	char path[SOCKPATH_MAX], expected[SOCKPATH_MAX];

	ck_assert_int_eq(sockpath_user(&sockpath_linux, &env, 0, path), 0);
	snprintf(expected, sizeof(expected), "%s/actop/actopd.sock", dir);
	ck_assert_str_eq(path, expected);
	ck_assert_int_eq(sockpath_user(&sockpath_linux, &env, 1, path), 0);
	snprintf(expected, sizeof(expected), "/tmp/actop-%lu/actopd.sock",
		(unsigned long)geteuid());
	ck_assert_str_eq(path, expected);
	ck_assert_int_eq(sockpath_user(&sockpath_linux, &env, 2, path), -ENOENT);
	ck_assert_str_eq(sockpath_linux.system, "/run/actop/actopd.sock");
}
END_TEST

START_TEST(a_runtime_directory_that_others_may_enter_is_not_used)
{
	const struct sockpath_env env = { .runtime_dir = dir, .uid = geteuid() };
	const struct sockpath_env other = { .runtime_dir = dir, .uid = geteuid() + 1 };
	char path[SOCKPATH_MAX];

	ck_assert_int_eq(sockpath_user(&sockpath_linux, &other, 0, path), 0);
	ck_assert_int_eq(strncmp(path, "/tmp/actop-", 11), 0);
	chmod(dir, 0755);
	ck_assert_int_eq(sockpath_user(&sockpath_linux, &env, 0, path), 0);
	ck_assert_int_eq(strncmp(path, "/tmp/actop-", 11), 0);
}
END_TEST

START_TEST(without_a_runtime_directory_it_is_a_folder_named_after_the_uid)
{
	const struct sockpath_env env = { .uid = 4242 };
	const struct sockpath_env relative = { .runtime_dir = "run", .uid = 4242 };
	char path[SOCKPATH_MAX];

	ck_assert_int_eq(sockpath_user(&sockpath_linux, &env, 0, path), 0);
	ck_assert_str_eq(path, "/tmp/actop-4242/actopd.sock");
	ck_assert_int_eq(sockpath_user(&sockpath_linux, &relative, 0, path), 0);
	ck_assert_str_eq(path, "/tmp/actop-4242/actopd.sock");
}
END_TEST

START_TEST(a_mac_has_it_under_the_home_directory_and_then_in_its_own_temporary_one)
{
	const struct sockpath_env env = { .home = "/Users/ann",
		.temp_dir = "/var/folders/x/T/" };
	const struct sockpath_env homeless = { .temp_dir = "/var/folders/x/T/" };
	char path[SOCKPATH_MAX];

	ck_assert_int_eq(sockpath_user(&sockpath_macos, &env, 0, path), 0);
	ck_assert_str_eq(path, "/Users/ann/.actop/run/actopd.sock");
	ck_assert_int_eq(sockpath_user(&sockpath_macos, &env, 1, path), 0);
	ck_assert_str_eq(path, "/var/folders/x/T/actop/actopd.sock");
	ck_assert_int_eq(sockpath_user(&sockpath_macos, &homeless, 0, path), 0);
	ck_assert_str_eq(path, "/var/folders/x/T/actop/actopd.sock");
	ck_assert_str_eq(sockpath_macos.system, "/var/run/actopd.sock");
}
END_TEST

START_TEST(a_path_that_is_too_long_is_told_with_its_length_and_the_limit)
{
	char path[SOCKPATH_MAX] = "/", why[SOCKPATH_WHY_MAX], numbers[64];
	const struct sockpath_env env = { .home = path, .temp_dir = "/t/" };
	char choice[SOCKPATH_MAX];

	memset(path + 1, 'a', sockpath_limit() - 1);
	ck_assert_int_eq(sockpath_check(path, why), 0);
	ck_assert_int_eq(sockpath_user(&sockpath_macos, &env, 0, choice), -ENAMETOOLONG);
	ck_assert_int_eq(sockpath_user(&sockpath_macos, &env, 1, choice), 0);
	path[sockpath_limit()] = 'a';
	ck_assert_int_eq(sockpath_check(path, why), -ENAMETOOLONG);
	snprintf(numbers, sizeof(numbers), "%zu bytes", sockpath_limit() + 1);
	ck_assert_ptr_nonnull(strstr(why, numbers));
	snprintf(numbers, sizeof(numbers), "limit is %zu", sockpath_limit());
	ck_assert_ptr_nonnull(strstr(why, numbers));
	ck_assert_int_eq(sockpath_check("", why), -EINVAL);
}
END_TEST

START_TEST(a_directory_behind_a_symbolic_link_is_not_private)
{
	char link[128];

	snprintf(link, sizeof(link), "%s.link", dir);
	ck_assert_int_eq(symlink(dir, link), 0);
	ck_assert(sockpath_is_private(dir, geteuid()));
	ck_assert(!sockpath_is_private(link, geteuid()));
	ck_assert(!sockpath_is_private("/nonexistent", geteuid()));
	unlink(link);
}
END_TEST

START_TEST(only_ones_own_daemon_or_roots_is_trusted)
{
	ck_assert(dial_trusts(501, 501, false, 0));
	ck_assert(dial_trusts(501, 0, false, 0));
	ck_assert(!dial_trusts(501, 502, false, 502));
	ck_assert(!dial_trusts(0, 501, false, 501));
	ck_assert(dial_trusts(501, 70, true, 70));
	ck_assert(!dial_trusts(501, 71, true, 70));
}
END_TEST

START_TEST(a_daemon_is_started_as_the_system_starts_services)
{
	ck_assert_str_eq(dial_service(true, false), "brew services start actopd");
	ck_assert_str_eq(dial_service(false, true), "systemctl --user start actopd");
	ck_assert_ptr_null(dial_service(false, false));
}
END_TEST

START_TEST(the_other_end_of_a_socket_has_a_uid_and_may_be_gone)
{
	int fds[2];
	uid_t uid = (uid_t)-1;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(peer_uid(fds[0], &uid), 0);
	ck_assert_uint_eq(uid, geteuid());
	ck_assert_int_eq(peer_send(fds[0], "x", 1), 1);
	close(fds[1]);
	ck_assert_int_eq(peer_send(fds[0], "x", 1), -EPIPE);
	close(fds[0]);
	ck_assert_int_eq(peer_uid(fds[0], &uid), -EBADF);
}
END_TEST

START_TEST(an_explicit_socket_is_the_only_one_that_is_tried)
{
	const struct options named = { .socket = "/nonexistent/s" };
	const struct options unnamed = { .socket = NULL };
	struct dial dial;

	setenv("ACTOPD_SOCKET", "/nonexistent/e", 1);
	dial_find(&dial, &named);
	ck_assert_uint_eq(dial.count, 1);
	ck_assert_str_eq(dial.attempts[0].path, "/nonexistent/s");
	dial_find(&dial, &unnamed);
	ck_assert_uint_eq(dial.count, 1);
	ck_assert_str_eq(dial.attempts[0].path, "/nonexistent/e");
	ck_assert_int_eq(dial_connect(&dial, 1000), -1);
	ck_assert_int_eq(dial.attempts[0].code, -ENOENT);
	unsetenv("ACTOPD_SOCKET");
	dial_find(&dial, &unnamed);
	ck_assert_uint_ge(dial.count, 2);
	ck_assert(dial.attempts[dial.count - 1].system);
	ck_assert_str_eq(dial.attempts[dial.count - 1].path, sockpath_native->system);
}
END_TEST

RUN_TESTS("client_sockpath", test_sockpath_setup, test_sockpath_teardown,
	a_daemon_is_started_as_the_system_starts_services,
	a_private_runtime_directory_is_the_first_choice_on_linux,
	a_runtime_directory_that_others_may_enter_is_not_used,
	without_a_runtime_directory_it_is_a_folder_named_after_the_uid,
	a_mac_has_it_under_the_home_directory_and_then_in_its_own_temporary_one,
	a_path_that_is_too_long_is_told_with_its_length_and_the_limit,
	a_directory_behind_a_symbolic_link_is_not_private,
	only_ones_own_daemon_or_roots_is_trusted,
	the_other_end_of_a_socket_has_a_uid_and_may_be_gone,
	an_explicit_socket_is_the_only_one_that_is_tried)
