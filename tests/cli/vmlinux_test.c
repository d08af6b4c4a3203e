// SPDX-License-Identifier: MIT
/*
 * The running kernel's types as a header: the compiler says that each has the size and each member
 * the place that the kernel's BTF gives.
 */
#include "cli/run.h"

#include <skep/btf.h>

#include "layout.h"

static char folder[] = "/tmp/skep-vmlinux-XXXXXX", header[64], checks[64];
static const struct skep_btf *btf;

static int setup(void **state)
{
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .bpf = true };
	struct skep_text text = { 0 };

	(void)state;
	btf = skep_btf_kernel(NULL);
	if (!mkdtemp(folder))
		return -1;
	snprintf(header, sizeof(header), "%s/vmlinux.h", folder);
	snprintf(checks, sizeof(checks), "%s/checks.c", folder);
	if (!btf)
		return 0;
	if (skep_btf_print_c(btf, &opts, &text, NULL))
		return -1;
	write_file(header, text.data, text.len);
	skep_text_free(&text);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove(header);
	remove(checks);
	return remove(folder);
}

static void the_kernels_header_has_the_kernels_layout(void **state)
{
	static const char *const commands[] = { "clang-19 -target bpf", "clang-19",
						"clang-19 -std=c99", "clang-14 -target bpf",
						"clang-14" };
	struct skep_text text = { 0 };
	struct run_result r;
	char command[256];

	(void)state;
	if (!btf)
		SKIP_TEST("the running kernel has no BTF");
	skep_text_lit(&text, "#include \"vmlinux.h\"\n");
	assert_true(layout_checks(btf, &text) > 1000);
	write_file(checks, text.data, text.len);
	skep_text_free(&text);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		snprintf(command, sizeof(command),
			 "! command -v %.8s >/dev/null || "
			 "%s -Wall -Wextra -Wno-unknown-attributes -Werror -fsyntax-only %s",
			 commands[i], commands[i], checks);
		RUN(&r, "sh", "-c", command);
		assert_run(&r, r.status == 0 && !count_lines(r.err));
		run_free(&r);
	}
}

static void the_kernels_header_is_always_the_same(void **state)
{
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .bpf = true };
	struct skep_text a = { 0 }, b = { 0 };
	struct skep_error err = { 0 };

	(void)state;
	if (!btf)
		SKIP_TEST("the running kernel has no BTF");
	assert_ok(!skep_btf_print_c(btf, &opts, &a, &err), &err);
	assert_ok(!skep_btf_print_c(btf, &opts, &b, &err), &err);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	skep_text_free(&a);
	skep_text_free(&b);
}

/* A header of one type is compiled, too, and has nothing that the type does not need. */
static void one_type_has_a_header_of_its_own(void **state)
{
	const uint32_t root = btf ? skep_btf_find(btf, "path", BTF_KIND_STRUCT) : 0;
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .roots = &root, .n_roots = 1 };
	struct skep_text text = { 0 };
	struct skep_error err = { 0 };
	struct run_result r;

	(void)state;
	if (!root)
		SKIP_TEST("the running kernel has no BTF");
	assert_ok(!skep_btf_print_c(btf, &opts, &text, &err), &err);
	assert_non_null(strstr(skep_text_string(&text), "struct path {"));
	assert_true(text.len < 1000);
	write_file(checks, text.data, text.len);
	skep_text_free(&text);
	RUN(&r, "clang-19", "-Wall", "-Werror", "-fsyntax-only", checks);
	assert_run(&r, r.status == 0);
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernels_header_has_the_kernels_layout),
		cmocka_unit_test(the_kernels_header_is_always_the_same),
		cmocka_unit_test(one_type_has_a_header_of_its_own),
	};

	return cmocka_run_group_tests_name("vmlinux", tests, setup, teardown);
}
