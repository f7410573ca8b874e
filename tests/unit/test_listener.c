/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "daemon/compat.h"
#include "daemon/listener.h"
#include "tests/unit/temp_dir.h"

static struct listener listener;
static struct message why;

static void setup(void)
{
	temp_make();
	listener.fd = -1;
}

static void teardown(void)
{
	listener_close(&listener);
	temp_remove();
}

static int open_socket(const char *name)
{
	return listener_open(&listener, temp_path(name), 0600, "", &why);
}

/* A connected client, or -errno. */
static int reach(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int rc = listener_prepare(fd);

	ck_assert_int_eq(rc, 0);
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

/* A full queue of connections is somebody who listens, too. */
static bool is_reachable(const char *path)
{
	int fd = reach(path);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || fd == -EAGAIN;
}

/* A path in the folder of exactly that many bytes. */
static const char *path_of_length(size_t length)
{
	static char path[512];
	size_t used = (size_t)snprintf(path, sizeof(path), "%s/", temp_dir);

	memset(path + used, 'n', length - used);
	path[length] = '\0';
	return path;
}

START_TEST(a_client_can_connect_and_nothing_else_is_left)
{
	ck_assert_int_eq(open_socket("a.sock"), 0);
	ck_assert(is_reachable(temp_path("a.sock")));
	ck_assert_uint_eq(temp_count(".new-"), 0);
	ck_assert(listener_check(&listener));
	ck_assert(!listener.inherited);
}
END_TEST

START_TEST(the_mode_is_exact_whatever_the_umask)
{
	mode_t mask = umask(0077);

	ck_assert_int_eq(listener_open(&listener, temp_path("a.sock"), 0666, "", &why), 0);
	ck_assert_uint_eq(temp_mode(temp_path("a.sock")), 0666);
	ck_assert_uint_eq(umask(mask), 0077);
	listener_close(&listener);
	ck_assert_int_eq(open_socket("a.sock"), 0);
	ck_assert_uint_eq(temp_mode(temp_path("a.sock")), 0600);
}
END_TEST

START_TEST(the_descriptor_is_closed_on_exec_and_does_not_block)
{
	int copy;

	ck_assert_int_eq(open_socket("a.sock"), 0);
	ck_assert_int_eq(fcntl(listener.fd, F_GETFD), FD_CLOEXEC);
	ck_assert(fcntl(listener.fd, F_GETFL) & O_NONBLOCK);
	copy = listener_dup(&listener);
	ck_assert_int_ge(copy, 0);
	ck_assert_int_ne(copy, listener.fd);
	ck_assert_int_eq(fcntl(copy, F_GETFD), FD_CLOEXEC);
	close(copy);
}
END_TEST

START_TEST(a_stale_socket_is_replaced_and_its_connections_stay)
{
	struct listener former;
	int client, server;
	char byte;

	ck_assert_int_eq(listener_open(&former, temp_path("a.sock"), 0600, "", &why), 0);
	client = reach(temp_path("a.sock"));
	ck_assert_int_ge(client, 0);
	server = accept(former.fd, NULL, NULL);
	ck_assert_int_ge(server, 0);
	ck_assert_int_eq(open_socket("a.sock"), 0);
	ck_assert(!listener_check(&former));
	listener_remove(&former);
	listener_close(&former);
	ck_assert(is_reachable(temp_path("a.sock")));
	ck_assert_int_eq(write(server, "x", 1), 1);
	ck_assert_int_eq(read(client, &byte, 1), 1);
	close(client);
	close(server);
}
END_TEST

START_TEST(a_file_that_is_no_socket_is_never_replaced)
{
	temp_write(temp_path("precious"), "text");
	ck_assert_int_eq(open_socket("precious"), -EEXIST);
	ck_assert_ptr_nonnull(strstr(why.text, "not a socket"));
	ck_assert_int_eq(symlink("precious", temp_path("link")), 0);
	ck_assert_int_eq(open_socket("link"), -EEXIST);
	ck_assert_int_eq(listener.fd, -1);
}
END_TEST

START_TEST(the_longest_path_that_fits_works_and_one_more_byte_does_not)
{
	size_t limit = sockpath_limit();
	const char *path = path_of_length(limit);
	char expected[64];

	ck_assert_int_eq(listener_open(&listener, path, 0600, "", &why), 0);
	ck_assert(is_reachable(path));
	listener_remove(&listener);
	listener_close(&listener);
	path = path_of_length(limit + 1);
	ck_assert_int_eq(listener_open(&listener, path, 0600, "", &why), -ENAMETOOLONG);
	snprintf(expected, sizeof(expected), "%zu bytes, the limit is %zu", limit + 1, limit);
	ck_assert_ptr_nonnull(strstr(why.text, expected));
	ck_assert_uint_eq(temp_count("n"), 0);
}
END_TEST

/* Fails to open a socket "s" that fits, unlike its longer temporary neighbour. */
static void open_in_long_directory(void)
{
	char dir[512], path[600];

	snprintf(dir, sizeof(dir), "%s", path_of_length(sockpath_limit() - 3));
	ck_assert_int_eq(mkdir(dir, 0700), 0);
	snprintf(path, sizeof(path), "%s/s", dir);
	ck_assert_int_eq(listener_open(&listener, path, 0600, "", &why), -ENAMETOOLONG);
}

START_TEST(a_temporary_name_that_does_not_fit_is_told)
{
	open_in_long_directory();
	ck_assert_ptr_nonnull(strstr(why.text, "/.new-"));
	ck_assert_ptr_nonnull(strstr(why.text, " bytes, the limit is 10"));
}
END_TEST

START_TEST(what_a_killed_predecessor_left_is_cleaned_up)
{
	char left[16] = "";

	/* The temporary name depends on "s" alone, and the message tells it. */
	open_in_long_directory();
	memcpy(left, strstr(why.text, ".new-"), strlen(".new-0000"));
	ck_assert_int_eq(open_socket("other"), 0);
	ck_assert_int_eq(rename(temp_path("other"), temp_path(left)), 0);
	listener_close(&listener);
	ck_assert_int_eq(open_socket("s"), 0);
	ck_assert_uint_eq(temp_count(".new-"), 0);
	ck_assert(is_reachable(temp_path("s")));
}
END_TEST

START_TEST(a_relative_path_works)
{
	char former[512];

	ck_assert_ptr_nonnull(getcwd(former, sizeof(former)));
	ck_assert_int_eq(chdir(temp_dir), 0);
	ck_assert_int_eq(listener_open(&listener, "r.sock", 0600, "", &why), 0);
	ck_assert(listener_check(&listener));
	ck_assert(is_reachable(temp_path("r.sock")));
	listener_remove(&listener);
	ck_assert_int_ne(access(temp_path("r.sock"), F_OK), 0);
	ck_assert_int_eq(chdir(former), 0);
}
END_TEST

START_TEST(a_missing_directory_is_told_with_the_path)
{
	ck_assert_int_eq(open_socket("none/a.sock"), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why.text, "none/a.sock"));
}
END_TEST

START_TEST(the_group_is_set_and_an_unknown_one_refused)
{
	const struct group *group = getgrgid(getegid());
	struct stat st;

	ck_assert_ptr_nonnull(group);
	ck_assert_int_eq(
		listener_open(&listener, temp_path("a.sock"), 0660, group->gr_name, &why), 0);
	ck_assert_int_eq(stat(temp_path("a.sock"), &st), 0);
	ck_assert_uint_eq(st.st_gid, getegid());
	ck_assert_uint_eq(st.st_mode & 0777, 0660);
	listener_close(&listener);
	ck_assert_int_eq(
		listener_open(&listener, temp_path("b"), 0660, "no such group", &why), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why.text, "no such group"));
}
END_TEST

START_TEST(a_path_that_is_gone_is_noticed_and_restored)
{
	int former;

	ck_assert_int_eq(open_socket("a.sock"), 0);
	former = listener.fd;
	ck_assert_int_eq(unlink(temp_path("a.sock")), 0);
	ck_assert(!listener_check(&listener));
	ck_assert_int_eq(listener_restore(&listener, &why), 0);
	ck_assert(listener_check(&listener));
	ck_assert(is_reachable(temp_path("a.sock")));
	ck_assert_int_ne(listener.fd, former);
	ck_assert_int_lt(fcntl(former, F_GETFD), 0);
	ck_assert_uint_eq(temp_mode(temp_path("a.sock")), 0600);
}
END_TEST

START_TEST(a_failed_restore_changes_nothing)
{
	int former;

	ck_assert_int_eq(open_socket("a.sock"), 0);
	former = listener.fd;
	ck_assert_int_eq(unlink(temp_path("a.sock")), 0);
	temp_write(temp_path("a.sock"), "somebody else's");
	ck_assert_int_eq(listener_restore(&listener, &why), -EEXIST);
	ck_assert_int_eq(listener.fd, former);
	ck_assert_int_ge(fcntl(former, F_GETFD), 0);
}
END_TEST

START_TEST(only_our_own_path_is_removed)
{
	ck_assert_int_eq(open_socket("a.sock"), 0);
	listener_remove(&listener);
	ck_assert_int_ne(access(temp_path("a.sock"), F_OK), 0);
	temp_write(temp_path("a.sock"), "somebody else's");
	listener_remove(&listener);
	ck_assert_int_eq(access(temp_path("a.sock"), F_OK), 0);
}
END_TEST

START_TEST(an_inherited_socket_is_never_unlinked)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/a.sock", temp_dir);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	listener_adopt(&listener, fd);
	ck_assert(listener.inherited);
	ck_assert_str_eq(listener.path, temp_path("a.sock"));
	listener_remove(&listener);
	ck_assert(is_reachable(temp_path("a.sock")));
	ck_assert_int_eq(unlink(temp_path("a.sock")), 0);
	ck_assert(listener_check(&listener));
	listener_close(&listener);
	ck_assert_int_eq(listener.fd, -1);
}
END_TEST

/* Replaces the socket again and again, tells that it is done, and waits to be ended. */
static void take_over(int gate)
{
	for (int i = 0; i < 300; i++) {
		struct listener next;

		if (listener_open(&next, listener.path, 0600, "", &why) < 0)
			_exit(1);
	}
	if (write(gate, "x", 1) == 1)
		pause();
	_exit(1);
}

START_TEST(takeovers_never_refuse_a_client)
{
	int gate[2];
	pid_t child;
	char byte;

	ck_assert_int_eq(open_socket("a.sock"), 0);
	ck_assert_int_eq(pipe(gate), 0);
	child = fork();
	if (child == 0)
		take_over(gate[1]);
	close(gate[1]);
	fcntl(gate[0], F_SETFL, O_NONBLOCK);
	while (read(gate[0], &byte, 1) < 0)
		ck_assert(is_reachable(listener.path));
	ck_assert_int_eq(byte, 'x');
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	close(gate[0]);
}
END_TEST

START_TEST(the_pid_of_a_peer_is_known_and_the_limit_of_files_only_grows)
{
	int client, server;
	pid_t pid = 0;
	unsigned limit = compat_raise_files(64);

	ck_assert_int_eq(open_socket("a.sock"), 0);
	client = reach(temp_path("a.sock"));
	server = accept(listener.fd, NULL, NULL);
	ck_assert_int_eq(compat_peer_pid(server, &pid), 0);
	ck_assert_int_eq(pid, getpid());
	ck_assert_int_lt(compat_peer_pid(-1, &pid), 0);
	close(client);
	close(server);
	ck_assert_uint_ge(limit, 64);
	ck_assert_uint_ge(compat_raise_files(limit + 1), limit);
}
END_TEST

RUN_TESTS("listener", setup, teardown, a_client_can_connect_and_nothing_else_is_left,
	the_mode_is_exact_whatever_the_umask,
	the_descriptor_is_closed_on_exec_and_does_not_block,
	a_stale_socket_is_replaced_and_its_connections_stay,
	what_a_killed_predecessor_left_is_cleaned_up,
	a_file_that_is_no_socket_is_never_replaced,
	the_longest_path_that_fits_works_and_one_more_byte_does_not,
	a_temporary_name_that_does_not_fit_is_told, a_relative_path_works,
	a_missing_directory_is_told_with_the_path, the_group_is_set_and_an_unknown_one_refused,
	a_path_that_is_gone_is_noticed_and_restored, a_failed_restore_changes_nothing,
	only_our_own_path_is_removed, an_inherited_socket_is_never_unlinked,
	takeovers_never_refuse_a_client,
	the_pid_of_a_peer_is_known_and_the_limit_of_files_only_grows)
