/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "daemon/lock.h"
#include "tests/unit/temp_dir.h"

#define STARTERS 8
#define ROUNDS 25

static struct lock lock;
static struct message why;

static void setup(void)
{
	temp_make();
	lock.fd = -1;
}

static void teardown(void)
{
	lock_drop(&lock);
	temp_remove();
}

static struct place place_of(enum place_kind kind, const char *name)
{
	struct place place = { .kind = kind };

	snprintf(place.path, sizeof(place.path), "%s/%s", temp_dir, name);
	return place;
}

/* Tries in a child; 0 = it got the lock, else errno. */
static int try_in_child(const struct place *place)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct lock other;

		_exit(-lock_take(&other, place, &why));
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(an_explicit_socket_is_locked_beside_it)
{
	struct place place = place_of(PLACE_EXPLICIT, "a.sock");
	char text[32] = "";
	FILE *f;

	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	f = fopen(temp_path("a.sock.lock"), "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), f));
	fclose(f);
	ck_assert_int_eq(atol(text), getpid());
	ck_assert_uint_eq(temp_mode(temp_path("a.sock.lock")), 0600);
	ck_assert_int_eq(fcntl(lock.fd, F_GETFD), FD_CLOEXEC);
}
END_TEST

START_TEST(a_default_place_is_created_with_its_parents)
{
	struct place place = place_of(PLACE_PRIVATE, ".actop/run/actopd.sock");
	mode_t mask = umask(0);

	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	umask(mask);
	ck_assert_uint_eq(temp_mode(temp_path(".actop/run")), 0700);
	ck_assert_uint_eq(temp_mode(temp_path(".actop")), 0700);
	ck_assert_uint_eq(temp_mode(temp_path(".actop/run/actopd.lock")), 0600);
}
END_TEST

START_TEST(a_system_place_is_open_to_all_whatever_the_umask)
{
	struct place place = place_of(PLACE_SYSTEM, "actop/actopd.sock");
	mode_t mask = umask(0077);

	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	umask(mask);
	ck_assert_uint_eq(temp_mode(temp_path("actop")), 0755);
}
END_TEST

START_TEST(a_second_process_is_told_who_has_it)
{
	struct place place = place_of(PLACE_EXPLICIT, "a.sock");
	struct lock other;
	char expected[64 + PATHS_MAX];

	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	/* flock belongs to the open file, so a second one of this process is refused as well.
	 */
	ck_assert_int_eq(lock_take(&other, &place, &why), -EWOULDBLOCK);
	ck_assert_int_eq(other.holder, getpid());
	ck_assert_int_eq(other.fd, -1);
	snprintf(expected, sizeof(expected), "actopd is already running (pid %ld), socket %s",
		(long)getpid(), place.path);
	ck_assert_str_eq(why.text, expected);
	ck_assert_int_eq(try_in_child(&place), EWOULDBLOCK);
}
END_TEST

START_TEST(a_released_lock_is_free_and_its_file_stays)
{
	struct place place = place_of(PLACE_EXPLICIT, "a.sock");

	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	lock_drop(&lock);
	ck_assert_int_eq(access(temp_path("a.sock.lock"), F_OK), 0);
	ck_assert_int_eq(try_in_child(&place), 0);
}
END_TEST

START_TEST(a_killed_owner_leaves_the_lock_free)
{
	struct place place = place_of(PLACE_EXPLICIT, "a.sock");
	int ready[2];
	char byte;
	pid_t child;

	ck_assert_int_eq(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		if (lock_take(&lock, &place, &why) == 0 && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert_int_eq(lock_take(&lock, &place, &why), -EWOULDBLOCK);
	ck_assert_int_eq(lock.holder, child);
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	close(ready[0]);
	close(ready[1]);
}
END_TEST

START_TEST(a_lock_whose_file_was_removed_is_taken_anew)
{
	struct place place = place_of(PLACE_PRIVATE, "a/run/actopd.sock");

	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	ck_assert_int_eq(unlink(temp_path("a/run/actopd.lock")), 0);
	ck_assert_int_eq(lock_keep(&lock, &place, &why), 0);
	ck_assert_int_eq(try_in_child(&place), EWOULDBLOCK);
	ck_assert_int_eq(unlink(temp_path("a/run/actopd.lock")), 0);
	ck_assert_int_eq(rmdir(temp_path("a/run")), 0);
	ck_assert_int_eq(rmdir(temp_path("a")), 0);
	ck_assert_int_eq(lock_keep(&lock, &place, &why), 0);
	ck_assert_int_eq(try_in_child(&place), EWOULDBLOCK);
}
END_TEST

START_TEST(a_lock_that_another_took_meanwhile_is_left_to_it)
{
	struct place place = place_of(PLACE_EXPLICIT, "a.sock");
	struct lock other;
	struct stat st;

	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	ck_assert_int_eq(unlink(temp_path("a.sock.lock")), 0);
	ck_assert_int_eq(lock_take(&other, &place, &why), 0);
	ck_assert_int_eq(lock_keep(&lock, &place, &why), -EWOULDBLOCK);
	ck_assert_ptr_nonnull(strstr(why.text, "already running"));
	ck_assert_int_eq(fstat(lock.fd, &st), 0);
	ck_assert_int_eq(lock_keep(&other, &place, &why), 0);
	lock_drop(&other);
	ck_assert_int_eq(lock_keep(&lock, &place, &why), 0);
	ck_assert_int_eq(try_in_child(&place), EWOULDBLOCK);
}
END_TEST

START_TEST(a_lock_that_cannot_be_had_anew_is_told_and_stays_as_it_was)
{
	struct place place = place_of(PLACE_EXPLICIT, "none/a.sock");
	int fd;

	ck_assert_int_eq(mkdir(temp_path("none"), 0700), 0);
	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	fd = lock.fd;
	ck_assert_int_eq(unlink(temp_path("none/a.sock.lock")), 0);
	ck_assert_int_eq(rmdir(temp_path("none")), 0);
	ck_assert_int_eq(lock_keep(&lock, &place, &why), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why.text, "none: No such file"));
	ck_assert_int_eq(lock.fd, fd);
}
END_TEST

START_TEST(a_lock_that_is_kept_does_not_grow_old)
{
	struct place place = place_of(PLACE_EXPLICIT, "a.sock");
	const struct timespec old[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1000000000 } };
	struct stat before, after;

	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
	ck_assert_int_eq(futimens(lock.fd, old), 0);
	ck_assert_int_eq(lock_keep(&lock, &place, &why), 0);
	ck_assert_int_eq(fstat(lock.fd, &before), 0);
	ck_assert_int_gt(before.st_mtime, time(NULL) - 3600);
	ck_assert_int_gt(before.st_atime, time(NULL) - 3600);
	ck_assert_int_eq(lock_keep(&lock, &place, &why), 0);
	ck_assert_int_eq(fstat(lock.fd, &after), 0);
	ck_assert_int_eq(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
}
END_TEST

START_TEST(a_directory_open_to_others_is_refused)
{
	struct place place = place_of(PLACE_PRIVATE, "run/actopd.sock");

	ck_assert_int_eq(mkdir(temp_path("run"), 0700), 0);
	ck_assert_int_eq(chmod(temp_path("run"), 0750), 0);
	ck_assert_int_eq(lock_take(&lock, &place, &why), -EPERM);
	ck_assert_ptr_nonnull(strstr(why.text, "mode 0750"));
	ck_assert_ptr_nonnull(strstr(why.text, "chmod 0700"));
	ck_assert_int_eq(chmod(temp_path("run"), 0777), 0);
	place.kind = PLACE_SYSTEM;
	ck_assert_int_eq(lock_take(&lock, &place, &why), -EPERM);
	place.kind = PLACE_EXPLICIT;
	ck_assert_int_eq(lock_take(&lock, &place, &why), 0);
}
END_TEST

START_TEST(a_directory_that_is_a_link_is_refused)
{
	struct place place = place_of(PLACE_PRIVATE, "link/actopd.sock");

	ck_assert_int_eq(mkdir(temp_path("real"), 0700), 0);
	ck_assert_int_eq(symlink(temp_path("real"), temp_path("link")), 0);
	ck_assert_int_lt(lock_take(&lock, &place, &why), 0);
	ck_assert_int_ne(access(temp_path("real/actopd.lock"), F_OK), 0);
}
END_TEST

START_TEST(a_lock_file_that_is_a_link_is_refused)
{
	struct place place = place_of(PLACE_EXPLICIT, "a.sock");

	temp_write(temp_path("precious"), "text");
	ck_assert_int_eq(symlink(temp_path("precious"), temp_path("a.sock.lock")), 0);
	ck_assert_int_eq(lock_take(&lock, &place, &why), -ELOOP);
}
END_TEST

START_TEST(an_explicit_directory_must_exist)
{
	struct place place = place_of(PLACE_EXPLICIT, "none/a.sock");

	ck_assert_int_eq(lock_take(&lock, &place, &why), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why.text, "/none: "));
}
END_TEST

START_TEST(a_path_without_a_name_is_refused)
{
	struct place place = place_of(PLACE_EXPLICIT, "");

	ck_assert_int_eq(lock_take(&lock, &place, &why), -EINVAL);
	ck_assert_int_eq(lock_take_directory(&lock, "", &why), -EINVAL);
}
END_TEST

START_TEST(a_state_directory_is_created_and_locked)
{
	struct lock other;

	ck_assert_int_eq(lock_take_directory(&lock, temp_path("a/b/state"), &why), 0);
	ck_assert_uint_eq(temp_mode(temp_path("a/b/state")), 0700);
	ck_assert_int_eq(
		lock_take_directory(&other, temp_path("a/b/state"), &why), -EWOULDBLOCK);
	ck_assert_ptr_nonnull(strstr(why.text, "state directory"));
}
END_TEST

/* One starter: waits for the gun, tries, reports, and keeps what it got until told to end. */
static void start(const struct place *place, const int gun[2], const int report[2], int end)
{
	struct pollfd wait = { .fd = gun[0], .events = POLLIN };
	char byte;

	close(gun[1]);
	poll(&wait, 1, -1);
	byte = lock_take(&lock, place, &why) == 0 ? '1' : '0';
	if (write(report[1], &byte, 1) != 1)
		_exit(1);
	wait.fd = end;
	poll(&wait, 1, -1);
	_exit(0);
}

static unsigned race(const struct place *place)
{
	int gun[2], report[2], end[2];
	unsigned owners = 0;
	char byte;

	ck_assert(pipe(gun) == 0 && pipe(report) == 0 && pipe(end) == 0);
	for (int i = 0; i < STARTERS; i++) {
		if (fork() == 0) {
			close(end[1]);
			start(place, gun, report, end[0]);
		}
	}
	close(gun[1]); /* every starter sees the hang-up at once */
	for (int i = 0; i < STARTERS; i++) {
		ck_assert_int_eq(read(report[0], &byte, 1), 1);
		owners += byte == '1';
	}
	close(end[1]);
	while (wait(NULL) > 0)
		continue;
	close(gun[0]);
	close(end[0]);
	close(report[0]);
	close(report[1]);
	return owners;
}

START_TEST(of_many_starters_exactly_one_owns)
{
	struct place place = place_of(PLACE_PRIVATE, "run/actopd.sock");

	for (int round = 0; round < ROUNDS; round++)
		ck_assert_uint_eq(race(&place), 1);
}
END_TEST

RUN_TESTS("lock", setup, teardown, an_explicit_socket_is_locked_beside_it,
	a_default_place_is_created_with_its_parents,
	a_system_place_is_open_to_all_whatever_the_umask, a_second_process_is_told_who_has_it,
	a_released_lock_is_free_and_its_file_stays, a_killed_owner_leaves_the_lock_free,
	a_lock_whose_file_was_removed_is_taken_anew,
	a_lock_that_another_took_meanwhile_is_left_to_it,
	a_lock_that_cannot_be_had_anew_is_told_and_stays_as_it_was,
	a_lock_that_is_kept_does_not_grow_old, a_directory_open_to_others_is_refused,
	a_directory_that_is_a_link_is_refused, a_lock_file_that_is_a_link_is_refused,
	an_explicit_directory_must_exist, a_path_without_a_name_is_refused,
	a_state_directory_is_created_and_locked, of_many_starters_exactly_one_owns)
