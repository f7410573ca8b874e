/* SPDX-License-Identifier: MIT */
#ifndef RUN_H
#define RUN_H

#include <check.h>
#include <stdlib.h>

/* Ends a test file: the whole suite is this list.  A test left out is a compiler warning. */
#define RUN_TESTS(name, setup, teardown, ...) \
	int main(void) \
	{ \
		const TTest *const tests[] = { __VA_ARGS__ }; \
		Suite *suite = suite_create(name); \
		TCase *tc = tcase_create(name); \
		SRunner *runner = srunner_create(suite); \
		int failed; \
\
		tcase_add_checked_fixture(tc, setup, teardown); \
		tcase_set_timeout(tc, 60); \
		for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) \
			tcase_add_test(tc, tests[i]); \
		suite_add_tcase(suite, tc); \
		srunner_run_all(runner, CK_ENV); \
		failed = srunner_ntests_failed(runner); \
		srunner_free(runner); \
		return failed ? EXIT_FAILURE : EXIT_SUCCESS; \
	}

#endif
