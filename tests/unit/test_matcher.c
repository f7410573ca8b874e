/* SPDX-License-Identifier: MIT */
#include "tests/unit/run.h"

#include <regex.h>
#include <string.h>

#include "proto/matcher.h"

static char why[MATCHER_WHY_MAX];

static void setup(void)
{
	why[0] = '\0';
}

static void teardown(void)
{
}

static bool matches(const char *pattern, const char *text)
{
	struct matcher *matcher = matcher_new(pattern, why);
	bool result;

	ck_assert_msg(matcher, "%s: %s", pattern, why);
	result = matcher_matches(matcher, text);
	matcher_free(matcher);
	return result;
}

static void refuses(const char *pattern, const char *reason)
{
	ck_assert_msg(!matcher_new(pattern, why), "%s", pattern);
	ck_assert_msg(strstr(why, reason), "%s: %s", pattern, why);
}

START_TEST(expressions_are_extended_and_know_no_case)
{
	ck_assert(matches("llama|mlx", "Ollama"));
	ck_assert(matches("^py(thon)?3\\.[0-9]{1,2}$", "PYTHON3.11"));
	ck_assert(!matches("^ollama$", "ollama runner"));
	ck_assert(matches("[]{(]{2}", "a{("));
	ck_assert(matches("\\{\\}", "x{}"));
}
END_TEST

START_TEST(what_is_no_expression_is_refused_with_a_reason)
{
	refuses("(", "(");
	refuses("a{2,1}", "");
	ck_assert_uint_gt(strlen(why), 0);
	refuses("[a", "[");
	ck_assert_uint_gt(strlen(why), 0);
}
END_TEST

START_TEST(what_would_explode_is_refused_before_it_is_compiled)
{
	refuses("((a{1,255}){1,255}){1,255}", "too much");
	refuses("a{257}", "too much");
	refuses("a{99999999999999999999}", "too much");
	refuses("(ab{16}){16}", "too much");
	refuses("(((((){255}){255}){255}){255}){255}", "too much");
	refuses("))++++++++++++", "a ) without");
	refuses("++++++++++++", "nothing");
	refuses("a|++++++++++++", "nothing");
	refuses("a++++++++++++", "behind another");
	refuses("((((((((((((((((((a))))))))))))))))))", "too many");
	refuses("(a)\\1", "back-references");
}
END_TEST

START_TEST(what_makes_the_c_library_explode_costs_nothing)
{
	ck_assert(matches("((^a*|c*$|d*)*)*", "x"));
	ck_assert(matches("((((((((((a+)+)+)+)+)+)+)+)+)+)+", "a"));
	ck_assert(!matches("^((([ab]|(|a{1,}[ab]{2}.{0,2}a?){0,2}){0,2}((|a*.?|a|a){1,}(a|b)?)"
			   "{2}){1,}(((.){0,2}b*){1,}((aa?a|b).)){1,})!$",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}
END_TEST

static bool library_matches(const char *pattern, const char *text)
{
	regex_t regex;
	bool result;

	ck_assert_int_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB), 0);
	result = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return result;
}

START_TEST(what_matches_is_what_the_c_library_says)
{
	static const char *const patterns[] = { "a", "^a", "a$", "^a$", "^$", "", "a|",
		"^(a|b)+$", "a*b", "^a*b$", "^a+b?$", "^a{2}$", "^a{2,}$", "^a{0,2}$",
		"^a{0}b$", "^(ab){1,2}$", "^(a|b{2}){2}$", "^.b.$", "^[ab]+$", "^[^a]+$",
		"[]b]", "[^]b]", "[a-]", "[[:digit:]]", "^[[:alpha:]b-]+$", "(^|x)a", "a(b|$)",
		"^a|b$", "(a*)*b", "(a?b?)*$", "a\\.b", "\\^", "(a|ab)(c|bcd)$", "(()a){2}",
		"^(a(b(c)?)?)?$", "^[[:punct:]]", "x{1,2}y" };
	static const char *const texts[] = { "", "a", "b", "ab", "aab", "aaab", "bb", "abab",
		"a.b", "^", "xa", "XA", "ba", "abc", "abcd", "]", "-", "7", "xxy", "a b", "ABB",
		"aa\n" };

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++)
			ck_assert_msg(matches(patterns[i], texts[j]) ==
					library_matches(patterns[i], texts[j]),
				"%s of \"%s\"", patterns[i], texts[j]);
}
END_TEST

START_TEST(what_is_dear_but_bounded_is_let_in)
{
	char text[128];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	ck_assert(matches("[a-z]{100}", text));
	ck_assert(!matches("(x+x+)+y", text));
	ck_assert(!matches("((((x*)*)*)*)*y", text));
}
END_TEST

START_TEST(long_patterns_and_texts_have_limits)
{
	char pattern[MATCHER_PATTERN_MAX + 2], text[2 * MATCHER_TEXT_MAX];

	memset(pattern, 'a', sizeof(pattern));
	pattern[sizeof(pattern) - 1] = '\0';
	refuses(pattern, "too long");
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 2] = 'b';
	text[sizeof(text) - 1] = '\0';
	ck_assert(!matches("b", text));
	text[MATCHER_TEXT_MAX - 1] = 'b';
	ck_assert(matches("b", text));
}
END_TEST

RUN_TESTS("matcher", setup, teardown, expressions_are_extended_and_know_no_case,
	what_is_no_expression_is_refused_with_a_reason,
	what_would_explode_is_refused_before_it_is_compiled,
	what_makes_the_c_library_explode_costs_nothing, what_matches_is_what_the_c_library_says,
	what_is_dear_but_bounded_is_let_in, long_patterns_and_texts_have_limits)
