// SPDX-License-Identifier: MIT
#include "test.h"

#include <errno.h>

#include "package/reference.h"

#define HEX    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIGEST "sha256:" HEX

static void references_are_taken_apart(void **state)
{
	static const struct {
		const char *text;
		struct skep_reference parts;
	} good[] = {
		{ "exec", { "", "exec", "", "" } },
		{ "tools/exec:1.2", { "", "tools/exec", "1.2", "" } },
		{ "ghcr.io/skep/exec:latest", { "ghcr.io", "skep/exec", "latest", "" } },
		{ "localhost/exec", { "localhost", "exec", "", "" } },
		{ "localhost:5000/x:tag", { "localhost:5000", "x", "tag", "" } },
		{ "[::1]:5000/x:tag", { "[::1]:5000", "x", "tag", "" } },
		{ "127.0.0.1:5000/a/b/c", { "127.0.0.1:5000", "a/b/c", "", "" } },
		{ "x@" DIGEST, { "", "x", "", DIGEST } },
		{ "host:1/x:t@" DIGEST, { "host:1", "x", "t", DIGEST } },
		{ "x@sha512:" HEX HEX, { "", "x", "", "sha512:" HEX HEX } },
		{ "a_b/c__d/e-f/g---h/i.j:A_b.C-1", { "", "a_b/c__d/e-f/g---h/i.j", "A_b.C-1" } },
		{ "x:5000", { "", "x", "5000", "" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct skep_reference r;
		struct skep_error err = { 0 };

		assert_ok(!skep_reference_parse(good[i].text, &r, &err), &err);
		assert_string_equal(r.registry, good[i].parts.registry);
		assert_string_equal(r.repository, good[i].parts.repository);
		assert_string_equal(r.tag, good[i].parts.tag);
		assert_string_equal(r.digest, good[i].parts.digest);
	}
}

static void references_that_are_none_say_which_part_is_wrong(void **state)
{
	static const struct {
		const char *text, *part;
	} bad[] = {
		{ "", "name" },
		{ "/x", "name" },
		{ "x/", "name" },
		{ "a//b", "name" },
		{ "Upper", "name" },
		{ "a..b", "name" },
		{ "a___b", "name" },
		{ "-a", "name" },
		{ "a-", "name" },
		{ "x y", "name" },
		{ "x\x1b", "name" },
		{ "x:", "tag" },
		{ "x:.a", "tag" },
		{ "x:a/b", "registry" },
		{ "x:a b", "tag" },
		{ "host:port/x", "registry" },
		{ "host:123456/x", "registry" },
		{ "host.:/x", "registry" },
		{ "[::1/x", "name" },
		{ "ho_st.a/x", "registry" },
		{ ".a/x", "registry" },
		{ "x@sha256:12", "digest" },
		{ "x@md5:" HEX, "digest" },
		{ "x@" DIGEST "0", "digest" },
		{ "x@" DIGEST "@" DIGEST, "digest" },
		{ "@" DIGEST, "name" },
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct skep_reference r;
		struct skep_error err = { 0 };

		if (skep_reference_parse(bad[i].text, &r, &err) != -EINVAL)
			fail_msg("'%s' was taken", bad[i].text);
		if (strcmp(bad[i].text, "[::1/x"))
			assert_error_says(&err, bad[i].part);
	}
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(skep_reference_parse(text, &(struct skep_reference){ 0 }, NULL), -EINVAL);
	text[1] = ':';
	assert_int_equal(skep_reference_parse(text, &(struct skep_reference){ 0 }, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_taken_apart),
		cmocka_unit_test(references_that_are_none_say_which_part_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
