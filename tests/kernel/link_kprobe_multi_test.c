// SPDX-License-Identifier: MIT
/* One link to many functions: only in machines, and only on kernels that were built for it. */
#include "kernel/probe_support.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/vec.h"
#include "kernel/available_functions.h"
#include "kernel/kallsyms.h"
#include "kernel/tracefs.h"

/* Whether the kernel has links to many functions, by attaching @program to one. */
static bool kernel_links_functions(const char *program)
{
	struct skep_error err = { 0 };
	struct skep_link *link = skep_program_attach_kprobe_multi(load_hook("link_probes", program),
								  "vfs_read", NULL, &err);

	if (!link) {
		assert_int_equal(err.code, ENOTSUP);
		assert_error_says(&err, "CONFIG_FPROBE");
	}
	skep_link_close(link);
	fixture_leave();
	return link;
}

#define NEED_LINKED_FUNCTIONS(program)                                                          \
	do {                                                                                    \
		NEED_VM();                                                                      \
		NEED(kernel_links_functions(program), "this kernel has no links to functions"); \
	} while (0)

static void kprobe_multi_fires_on_all_that_match(void **state)
{
	(void)state;
	NEED_LINKED_FUNCTIONS("on_many");
	expect_firing("link_probes", "on_many", "kprobe.multi vfs_rea?", 10, read_zero);
}

static void kretprobe_multi_fires_on_returns(void **state)
{
	(void)state;
	NEED_LINKED_FUNCTIONS("on_returns");
	expect_firing("link_probes", "on_returns", "kretprobe.multi vfs_re*d", 10, read_zero);
}

static void kprobe_session_sees_beginning_and_return(void **state)
{
	(void)state;
	NEED_LINKED_FUNCTIONS("on_session");
	expect_firing("link_probes", "on_session", "kprobe.session vfs_rea?", 20, read_zero);
}

static void kprobe_multi_hands_over_a_cookie_for_each(void **state)
{
	static const char *const names[] = { "vfs_write", "vfs_read", "vfs_readv" };
	const uint64_t cookies[] = { 1, 2, 4 };
	struct skep_kprobe_multi_opts opts = { .size = sizeof(opts), .cookies = cookies, .n = 3 };
	uint64_t addresses[3];
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_VM();
	NEED_TO_LOAD("link_probes", "with_cookies");
	NEED_LINKED_FUNCTIONS("on_many");
	for (int i = 0; i < 3; i++)
		assert_int_equal(skep_kallsyms_find(names[i], &addresses[i], NULL), 0);
	for (int by_address = 0; by_address < 2; by_address++) {
		opts.functions = by_address ? NULL : names;
		opts.addresses = by_address ? addresses : NULL;
		program = load_probe("with_cookies");
		link = skep_program_attach_kprobe_multi(program, NULL, &opts, &err);
		assert_ok(link, &err);
		assert_string_equal(skep_link_label(link), "kprobe.multi of 3 functions");
		read_zero(10);
		assert_int_equal(fixture_value("cookies"), 2);
		assert_true(fixture_value("hits") >= 10);
		close_and_expect_silence(link, read_zero);
		fixture_leave();
	}
}

static void kprobe_multi_names_the_function_that_is_missing(void **state)
{
	static const char *const names[] = { "vfs_read", "no_such_function", "vfs_write" };
	const struct skep_kprobe_multi_opts opts = { .size = sizeof(opts),
						     .functions = names,
						     .n = 3 };
	const char *const wrong[] = { "no_such_*", "no_such_function" };
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_VM();
	NEED_LINKED_FUNCTIONS("on_many");
	program = load_probe("on_many");
	assert_null(skep_program_attach_kprobe_multi(program, NULL, &opts, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no function 'no_such_function' that can be traced");
	for (int i = 0; i < 2; i++) {
		assert_null(skep_program_attach_kprobe_multi(program, wrong[i], NULL, &err));
		assert_int_equal(err.code, ENOENT);
		assert_error_says(&err, wrong[i]);
	}
	fixture_leave();
}

static void kernel_without_fprobes_is_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_VM();
	program = load_probe("on_many");
	link = skep_program_attach_kprobe_multi(program, "vfs_read", NULL, &err);
	skep_link_close(link);
	fixture_leave();
	if (link)
		SKIP_TEST("this kernel has them");
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "many functions at once by kprobe.multi");
	assert_error_says(&err, "CONFIG_FPROBE=y; a kprobe on each");
}

static void wrong_lists_of_functions_are_refused(void **state)
{
	static const char *const names[] = { "vfs_read", NULL };
	static const uint64_t numbers[] = { 1, 2 };
	static const struct skep_kprobe_multi_opts wrong[] = {
		{ .size = sizeof(wrong[0]) },
		{ .size = sizeof(wrong[0]), .functions = names },
		{ .size = sizeof(wrong[0]), .functions = names, .n = 2 },
		{ .size = sizeof(wrong[0]), .functions = names, .n = 1 << 21 },
		{ .size = sizeof(wrong[0]), .functions = names, .addresses = numbers, .n = 1 },
	};
	const struct skep_kprobe_multi_opts listed = { .size = sizeof(listed),
						       .functions = names,
						       .n = 1 };
	const struct skep_kprobe_multi_opts cookies = { .size = sizeof(cookies),
							.cookies = numbers,
							.n = 1 };
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_BPF();
	program = load_probe("on_many");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_null(skep_program_attach_kprobe_multi(program, NULL, &wrong[i], &err));
		assert_int_equal(err.code, EINVAL);
	}
	assert_null(skep_program_attach_kprobe_multi(program, "vfs_*", &listed, &err));
	assert_error_says(&err, "either a pattern, functions or addresses");
	assert_null(skep_program_attach_kprobe_multi(program, "vfs_*", &cookies, &err));
	assert_error_says(&err, "no order");
	fixture_leave();
	program = load_probe("on_entry");
	assert_null(skep_program_attach_kprobe_multi(program, "vfs_*", NULL, &err));
	assert_error_says(&err, "loaded for one function");
	fixture_leave();
}

static void functions_that_can_be_traced_are_listed(void **state)
{
	static const char *const names[] = { "vfs_read", "vfs_write", "no_such", "vfs_readv" };
	struct skep_available_match match = { 0 };
	struct skep_error err = { 0 };
	int tracefs;

	(void)state;
	NEED_VM();
	tracefs = skep_tracefs_open(&err);
	assert_ok(tracefs >= 0, &err);
	assert_int_equal(skep_available_missing(tracefs, names, 4, &err), 2);
	assert_int_equal(skep_available_missing(tracefs, names, 2, &err), 2);
	assert_ok(!skep_available_match(&match, tracefs, "vfs_*", &err), &err);
	assert_true(match.addresses.len + match.names.len >= 10);
	/* All or nothing of them. */
	assert_true(!match.addresses.len || !match.names.len);
	skep_available_match_free(&match);
	close(tracefs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kprobe_multi_fires_on_all_that_match),
		cmocka_unit_test(kretprobe_multi_fires_on_returns),
		cmocka_unit_test(kprobe_session_sees_beginning_and_return),
		cmocka_unit_test(kprobe_multi_hands_over_a_cookie_for_each),
		cmocka_unit_test(kprobe_multi_names_the_function_that_is_missing),
		cmocka_unit_test(kernel_without_fprobes_is_told),
		cmocka_unit_test(wrong_lists_of_functions_are_refused),
		cmocka_unit_test(functions_that_can_be_traced_are_listed),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
