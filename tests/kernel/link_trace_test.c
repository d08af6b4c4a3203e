// SPDX-License-Identifier: MIT
/*
 * fentry and its kin on functions of the kernel and of a module. They need a BPF trampoline, and
 * what they are attached to concerns every process: only in machines.
 */
#include "kernel/net_support.h"
#include "kernel/probe_support.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

static void fentry_fires_until_it_is_closed(void **state)
{
	struct skep_link *link;

	(void)state;
	NEED_TRAMPOLINES();
	link = attach_hook("link_trace", "on_entry", "fentry vfs_read");
	read_zero(10);
	assert_int_equal(fixture_value("hits"), 10);
	close_and_expect_silence(link, read_zero);
	fixture_leave();
}

static void fexit_sees_what_is_returned(void **state)
{
	struct skep_link *link;

	(void)state;
	NEED_TRAMPOLINES();
	link = attach_hook("link_trace", "on_exit", "fexit vfs_read");
	read_zero(10);
	assert_int_equal(fixture_value("hits"), 10);
	assert_int_equal(fixture_value("last_value"), 1);
	close_and_expect_silence(link, read_zero);
	fixture_leave();
}

static const struct skep_program *caller;

/* Has the kernel call the functions that it has for tests. */
static void call_test_functions(int times)
{
	for (int i = 0; i < times; i++) {
		struct skep_program_run run = { .size = sizeof(run) };
		struct skep_error err = { 0 };

		assert_ok(!skep_program_test_run(caller, &run, &err), &err);
	}
}

static uint64_t *global_place(const char *name)
{
	struct skep_error err = { 0 };
	uint64_t *place = skep_object_global(fixture_object(), name, NULL, &err);

	assert_ok(place, &err);
	return place;
}

static void sleepable_fentry_and_fexit_fire_until_they_are_closed(void **state)
{
	static const char *const programs[] = { "on_sleepable_entry", "on_sleepable_exit" };
	static const char *const labels[] = { "fentry bpf_fentry_test1", "fexit bpf_fentry_test1" };

	(void)state;
	NEED_TRAMPOLINES();
	NEED_TO_LOAD("link_trace", "on_sleepable_entry");
	for (int i = 0; i < 2; i++) {
		uint64_t *there = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		struct skep_link *link = attach_hook("link_trace", programs[i], labels[i]);

		assert_ptr_not_equal(there, MAP_FAILED);
		caller = skep_object_program(fixture_object(), programs[i]);
		*there = 4242;
		/* Out of memory: the program must wait until it is back, or is known to be zero. */
		madvise(there, 4096, MADV_DONTNEED);
		*global_place("last_copied") = 1;
		*global_place("copy_from") = (uint64_t)(uintptr_t)there;
		call_test_functions(3);
		assert_int_equal(fixture_value("hits"), 3);
		assert_int_equal(fixture_value("last_value"), 0);
		assert_int_equal(fixture_value("last_copied"), i ? 1 : 0);
		close_and_expect_silence(link, call_test_functions);
		munmap(there, 4096);
		fixture_leave();
	}
}

static void fmod_ret_decides_until_it_is_closed(void **state)
{
	(void)state;
	NEED_TRAMPOLINES();
	expect_decision("on_decision", "fmod_ret security_file_open", EACCES);
}

static void fentry_hands_over_its_cookie(void **state)
{
	const struct skep_attach_opts opts = { .size = sizeof(opts), .cookie = 0xfedcba9876543210 };
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_TRAMPOLINES();
	NEED_TO_LOAD("link_trace", "with_cookie");
	program = load_hook("link_trace", "with_cookie");
	link = skep_program_attach_trace(program, &opts, &err);
	assert_ok(link, &err);
	read_zero(1);
	assert_int_equal(fixture_value("last_cookie"), opts.cookie);
	skep_link_close(link);
	fixture_leave();
}

static int add_veth(void)
{
	static int n;
	char name[24], peer[24];

	snprintf(name, sizeof(name), "skep%da", ++n);
	snprintf(peer, sizeof(peer), "skep%db", n);
	return make_pair("veth", name, peer);
}

/* Named with its module, or found in one as the kernel proper does not have it. */
static void fentry_fires_in_a_module(void **state)
{
	static const char *const targets[] = { "veth:veth_newlink", "veth_newlink" };
	struct skep_error err = { 0 };

	(void)state;
	NEED_TRAMPOLINES();
	if (access("/sys/kernel/btf/veth", F_OK))
		SKIP_TEST("this kernel has no BTF of modules, or no module veth");
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	for (int i = 0; i < 2; i++) {
		struct skep_link *link;

		link = skep_program_attach(fixture_load_one("link_trace", "in_module", targets[i]),
					   &err);
		assert_ok(link, &err);
		assert_int_equal(add_veth(), 0);
		assert_int_equal(fixture_value("hits"), 1);
		skep_link_close(link);
		assert_int_equal(add_veth(), 0);
		assert_int_equal(fixture_value("hits"), 1);
		fixture_leave();
	}
}

static void module_or_function_that_is_not_there_is_named(void **state)
{
	static const struct {
		const char *target, *says;
	} cases[] = {
		{ "no_such_module:veth_newlink", "no module 'no_such_module' with BTF" },
		{ "vmlinux:no_such_function", "no module 'vmlinux'" },
		{ "no_such_function", "no function 'no_such_function' to attach to" },
	};
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_open_one("link_trace", "in_module", cases[i].target);
		assert_null(fixture_try_to_load(NULL, &err));
		assert_int_equal(err.code, ENOENT);
		assert_error_says(&err, cases[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fentry_fires_until_it_is_closed),
		cmocka_unit_test(fexit_sees_what_is_returned),
		cmocka_unit_test(sleepable_fentry_and_fexit_fire_until_they_are_closed),
		cmocka_unit_test(fmod_ret_decides_until_it_is_closed),
		cmocka_unit_test(fentry_hands_over_its_cookie),
		cmocka_unit_test(fentry_fires_in_a_module),
		cmocka_unit_test(module_or_function_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
