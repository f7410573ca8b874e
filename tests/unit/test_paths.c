/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <errno.h>

#include "daemon/compat.h"
#include "daemon/paths.h"
#include "tests/unit/fake_env.h"
#include "tests/unit/temp_dir.h"

static const char *fake_temp(char temp[SOCKPATH_MAX])
{
	snprintf(temp, SOCKPATH_MAX, "/var/folders/xx/T/");
	return temp;
}

static const char *no_temp(char temp[SOCKPATH_MAX])
{
	temp[0] = '\0';
	return NULL;
}

static const struct paths_scheme home_scheme = {
	.sockets = &sockpath_macos,
	.under_home = true,
	.system_state = "/var/db/actop",
	.temp = fake_temp,
};

static const struct paths_scheme bare_scheme = {
	.sockets = &sockpath_macos,
	.under_home = true,
	.temp = no_temp,
};

static const struct paths_scheme xdg_scheme = {
	.sockets = &sockpath_linux,
	.system_state = "/var/lib/actop",
	.temp = no_temp,
};

static struct fake_env env;
static struct paths paths;
static struct place place;
static struct message why;
static char path[PATHS_MAX];

static void setup(void)
{
	temp_make();
	fake_env_init(&env);
	paths = (struct paths){ &xdg_scheme, &env.env, geteuid(), false };
}

static void teardown(void)
{
	temp_remove();
}

static void expect_socket(const char *expected, enum place_kind kind)
{
	ck_assert_int_eq(paths_socket(&place, &paths, &why), 0);
	ck_assert_str_eq(place.path, expected);
	ck_assert_int_eq(place.kind, kind);
}

START_TEST(the_runtime_directory_is_used_only_if_it_is_private)
{
	char fallback[64];

	snprintf(fallback, sizeof(fallback), "/tmp/actop-%lu/actopd.sock",
		(unsigned long)geteuid());
	expect_socket(fallback, PLACE_PRIVATE);
	fake_env_set(&env, "XDG_RUNTIME_DIR", temp_dir);
	expect_socket(temp_path("actop/actopd.sock"), PLACE_PRIVATE);
	ck_assert_int_eq(chmod(temp_dir, 0755), 0);
	expect_socket(fallback, PLACE_PRIVATE);
	ck_assert_int_eq(chmod(temp_dir, 0700), 0);
	paths.uid++;
	ck_assert_int_eq(paths_socket(&place, &paths, &why), 0);
	ck_assert_ptr_null(strstr(place.path, temp_dir));
}
END_TEST

START_TEST(under_home_a_long_home_gives_the_users_temporary_folder)
{
	char home[100];

	paths.scheme = &home_scheme;
	fake_env_set(&env, "HOME", "/Users/me");
	expect_socket("/Users/me/.actop/run/actopd.sock", PLACE_PRIVATE);
	memset(home, 'h', sizeof(home) - 1);
	home[0] = '/';
	home[sizeof(home) - 1] = '\0';
	fake_env_init(&env);
	fake_env_set(&env, "HOME", home);
	expect_socket("/var/folders/xx/T/actop/actopd.sock", PLACE_PRIVATE);
}
END_TEST

START_TEST(where_the_first_choice_cannot_be_used_there_is_another)
{
	place = (struct place){ .kind = PLACE_PRIVATE };

	paths.scheme = &home_scheme;
	fake_env_set(&env, "HOME", "/Network/Users/me");
	ck_assert_int_eq(paths_socket(&place, &paths, &why), 0);
	ck_assert_str_eq(place.path, "/Network/Users/me/.actop/run/actopd.sock");
	ck_assert_int_eq(paths_socket_next(&place, &paths), 0);
	ck_assert_str_eq(place.path, "/var/folders/xx/T/actop/actopd.sock");
	ck_assert_int_eq(paths_socket_next(&place, &paths), -ENOENT);
	place.kind = PLACE_EXPLICIT;
	snprintf(place.path, sizeof(place.path), "/Network/Users/me/.actop/run/actopd.sock");
	ck_assert_int_eq(paths_socket_next(&place, &paths), -ENOENT);
}
END_TEST

START_TEST(service_managers_and_the_system_have_their_own)
{
	paths.system = true;
	expect_socket("/run/actop/actopd.sock", PLACE_SYSTEM);
	ck_assert_int_eq(paths_state(path, &paths, &why), 0);
	ck_assert_str_eq(path, "/var/lib/actop");
	ck_assert_int_eq(paths_config(path, &paths, &why), 0);
	ck_assert_str_eq(path, "/etc/actop/actopd.conf");
	fake_env_set(&env, "RUNTIME_DIRECTORY", "/run/a:/run/b");
	fake_env_set(&env, "STATE_DIRECTORY", "/var/lib/a:/var/lib/b");
	expect_socket("/run/a/actopd.sock", PLACE_SYSTEM);
	ck_assert_int_eq(paths_state(path, &paths, &why), 0);
	ck_assert_str_eq(path, "/var/lib/a");
}
END_TEST

START_TEST(state_and_configuration_follow_xdg_or_home)
{
	fake_env_set(&env, "HOME", "/home/me");
	ck_assert_int_eq(paths_state(path, &paths, &why), 0);
	ck_assert_str_eq(path, "/home/me/.local/state/actop");
	ck_assert_int_eq(paths_config(path, &paths, &why), 0);
	ck_assert_str_eq(path, "/home/me/.config/actop/actopd.conf");
	fake_env_set(&env, "XDG_STATE_HOME", "/x");
	fake_env_set(&env, "XDG_CONFIG_HOME", "relative/is/ignored");
	ck_assert_int_eq(paths_state(path, &paths, &why), 0);
	ck_assert_str_eq(path, "/x/actop");
	ck_assert_int_eq(paths_config(path, &paths, &why), 0);
	ck_assert_str_eq(path, "/home/me/.config/actop/actopd.conf");
	paths.scheme = &home_scheme;
	ck_assert_int_eq(paths_state(path, &paths, &why), 0);
	ck_assert_str_eq(path, "/home/me/.actop/state");
}
END_TEST

START_TEST(without_a_home_that_is_told)
{
	ck_assert_int_eq(paths_state(path, &paths, &why), -ENOENT);
	ck_assert_str_eq(why.text, "HOME is not set to an absolute path");
	ck_assert_int_eq(paths_expand(path, "~/x", &env.env, &why), -ENOENT);
	paths.scheme = &home_scheme;
	expect_socket("/var/folders/xx/T/actop/actopd.sock", PLACE_PRIVATE);
	paths.scheme = &bare_scheme;
	ck_assert_int_eq(paths_socket(&place, &paths, &why), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why.text, "neither HOME"));
}
END_TEST

START_TEST(only_a_leading_tilde_is_expanded)
{
	fake_env_set(&env, "HOME", "/home/me");
	ck_assert_int_eq(paths_expand(path, "~/x", &env.env, &why), 0);
	ck_assert_str_eq(path, "/home/me/x");
	ck_assert_int_eq(paths_expand(path, "a/~/x", &env.env, &why), 0);
	ck_assert_str_eq(path, "a/~/x");
}
END_TEST

START_TEST(a_path_that_does_not_fit_is_told)
{
	char longer[PATHS_MAX + 1];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	ck_assert_int_eq(paths_expand(path, longer, &env.env, &why), -ENAMETOOLONG);
	longer[PATHS_MAX - 1] = '\0';
	ck_assert_int_eq(paths_expand(path, longer, &env.env, &why), 0);
}
END_TEST

START_TEST(daemon_and_client_look_at_the_same_place_first)
{
	char temp[SOCKPATH_MAX], first[SOCKPATH_MAX];
	struct sockpath_env own;

	ck_assert_ptr_eq(compat_paths.sockets, sockpath_native);
	ck_assert_int_eq(*compat_paths.system_state, '/');
	sockpath_env_read(&own, temp);
	paths = (struct paths){ &compat_paths, &env_process, geteuid(), false };
	ck_assert_int_eq(sockpath_user(sockpath_native, &own, 0, first), 0);
	expect_socket(first, PLACE_PRIVATE);
}
END_TEST

RUN_TESTS("paths", setup, teardown, the_runtime_directory_is_used_only_if_it_is_private,
	under_home_a_long_home_gives_the_users_temporary_folder,
	where_the_first_choice_cannot_be_used_there_is_another,
	service_managers_and_the_system_have_their_own,
	state_and_configuration_follow_xdg_or_home, without_a_home_that_is_told,
	only_a_leading_tilde_is_expanded, a_path_that_does_not_fit_is_told,
	daemon_and_client_look_at_the_same_place_first)
