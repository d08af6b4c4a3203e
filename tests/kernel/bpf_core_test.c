// SPDX-License-Identifier: MIT
/* What programs get from skep's headers when they run. */
#include "kernel/fixture.h"

#include <errno.h>
#include <sys/prctl.h>

/* Runs one program of the fixture on a context of 64-bit words. */
static void run(const char *name, const uint64_t *words, uint32_t n)
{
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = words,
					.ctx_in_len = n * sizeof(*words) };
	struct skep_error err = { 0 };

	only_this_process(fixture_open_one("bpf_core", name, NULL));
	fixture_load();
	assert_ok(!skep_program_test_run(fixture_program(name), &run, &err), &err);
}

#define NEED_PROGRAM(name)                      \
	do {                                    \
		NEED_BPF();                     \
		NEED_TO_LOAD("bpf_core", name); \
	} while (0)

static void expect(const char *name, uint64_t value)
{
	assert_int_equal(fixture_value(name), value);
}

static const char *text(size_t at)
{
	struct skep_error err = { 0 };
	size_t size;
	const char *bytes = skep_object_global(fixture_object(), "text", &size, &err);

	assert_ok(bytes, &err);
	return bytes + at;
}

static void chains_of_pointers_are_read(void **state)
{
	char path[256] = "", *name;

	(void)state;
	NEED_PROGRAM("chains");
	NEED_NO_VALGRIND("which file the kernel runs");
	assert_true(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	name = strrchr(path, '/') + 1;
	run("chains", NULL, 0);
	expect("a", (uint64_t)getpid());
	expect("b", (uint64_t)getpid());
	expect("c", 0);
	expect("d", strlen(name) + 1);
	assert_string_equal(text(0), name);
	expect("e", 1);
	fixture_leave();
}

static void strings_are_read_with_their_length(void **state)
{
	(void)state;
	NEED_PROGRAM("strings");
	prctl(PR_SET_NAME, "of-the-header");
	run("strings", NULL, 0);
	expect("a", 14);
	assert_string_equal(text(0), "of-the-header");
	fixture_leave();
}

static void memory_of_user_space_is_read(void **state)
{
	struct in_memory {
		struct in_memory *next;
		uint64_t value;
		char name[8];
	} third = { NULL, 33, "third" }, second = { &third, 22, "second" },
	  first = { &second, 11, "first" };
	uint64_t word = (uintptr_t)&first;

	(void)state;
	NEED_PROGRAM("user_memory");
	run("user_memory", &word, 1);
	expect("a", 33);
	expect("b", 0);
	expect("c", 22);
	expect("d", 7);
	assert_string_equal(text(0), "second");
	fixture_leave();
}

static void types_and_members_are_asked_for(void **state)
{
	(void)state;
	NEED_PROGRAM("questions");
	run("questions", NULL, 0);
	expect("a", 1);
	expect("b", 16);
	expect("c", 1);
	expect("d", 4);
	fixture_leave();
}

static void bits_are_where_the_kernel_has_them(void **state)
{
	(void)state;
	NEED_PROGRAM("bitfields");
	run("bitfields", NULL, 0);
	expect("a", 0x4f);
	expect("b", 0x45);
	expect("c", 4);
	expect("d", 5);
	fixture_leave();
}

static void maps_are_used_by_their_types(void **state)
{
	(void)state;
	NEED_PROGRAM("typed_maps");
	run("typed_maps", NULL, 0);
	expect("a", 1);
	expect("b", 17); /* EEXIST */
	expect("c", 42);
	expect("d", 1);
	expect("e", 5);
	fixture_leave();
}

static void elements_are_visited_with_their_types(void **state)
{
	(void)state;
	NEED_PROGRAM("typed_walk");
	run("typed_walk", NULL, 0);
	expect("a", 1);
	expect("b", 15);
	fixture_leave();
}

static void loops_call_back_until_they_are_told(void **state)
{
	(void)state;
	NEED_PROGRAM("callback_loop");
	run("callback_loop", NULL, 0);
	expect("a", 51);
	expect("b", 50 * 51 / 2);
	fixture_leave();
}

static void loops_of_iterators_are_loops_of_c(void **state)
{
	uint64_t even = 0;

	(void)state;
	NEED_PROGRAM("iterators");
	for (uint64_t i = 4; i < 500; i += 2)
		even += 2 * i;
	run("iterators", NULL, 0);
	expect("a", even);
	expect("b", 77);
	fixture_leave();
}

static void text_is_formatted_with_any_number_of_arguments(void **state)
{
	(void)state;
	NEED_PROGRAM("formats");
	run("formats", NULL, 0);
	assert_string_equal(text(0), "-5 five 123456789ab");
	expect("a", 20);
	assert_string_equal(text(40), "1234567");
	expect("b", 10);
	fixture_leave();
}

static void clocks_and_powers_of_two(void **state)
{
	(void)state;
	NEED_PROGRAM("clocks");
	run("clocks", NULL, 0);
	expect("a", 1);
	expect("b", 9 << 16 | 10 << 8 | 63);
	fixture_leave();
}

static void who_runs_and_bounds_that_stay(void **state)
{
	uint64_t index = 4;

	(void)state;
	NEED_PROGRAM("who");
	prctl(PR_SET_NAME, "of-the-header");
	run("who", &index, 1);
	expect("a", (uint64_t)getpid());
	expect("b", (uint64_t)gettid());
	expect("c", (uint64_t)getuid() << 32 | getgid());
	assert_string_equal(text(0), "of-the-header");
	expect("d", 4);
	fixture_leave();
	index = 1ull << 40;
	run("who", &index, 1);
	expect("d", 99);
	fixture_leave();
}

static void functions_that_the_kernel_lacks_are_asked_for(void **state)
{
	(void)state;
	NEED_PROGRAM("kfuncs");
	run("kfuncs", NULL, 0);
	if (fixture_value("a"))
		expect("b", (uint64_t)getpid());
	fixture_leave();
}

static void functions_of_modules_are_called(void **state)
{
	static const char packet[64];
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };
	struct skep_error err = { 0 };
	bool has_module;

	(void)state;
	NEED_PROGRAM("kfuncs_of_modules");
	fixture_open_one("bpf_core", "kfuncs_of_modules", NULL);
	fixture_load();
	assert_ok(!skep_program_test_run(fixture_program("kfuncs_of_modules"), &run, &err), &err);
	has_module = fixture_value("a");
	if (has_module) {
		expect("b", 0);
		expect("c", (uint64_t)-ENOENT);
	}
	fixture_leave();
	if (!has_module)
		SKIP_TEST("this kernel has no module nf_conntrack with functions for programs");
}

static void loops_need_no_limit(void **state)
{
	uint64_t rounds = 2000000;

	(void)state;
	NEED_PROGRAM("loops_without_limit");
	run("loops_without_limit", &rounds, 1);
	expect("a", rounds * (rounds - 1) / 2);
	expect("b", 1000);
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_of_pointers_are_read),
		cmocka_unit_test(strings_are_read_with_their_length),
		cmocka_unit_test(memory_of_user_space_is_read),
		cmocka_unit_test(types_and_members_are_asked_for),
		cmocka_unit_test(bits_are_where_the_kernel_has_them),
		cmocka_unit_test(maps_are_used_by_their_types),
		cmocka_unit_test(elements_are_visited_with_their_types),
		cmocka_unit_test(loops_call_back_until_they_are_told),
		cmocka_unit_test(loops_of_iterators_are_loops_of_c),
		cmocka_unit_test(text_is_formatted_with_any_number_of_arguments),
		cmocka_unit_test(clocks_and_powers_of_two),
		cmocka_unit_test(who_runs_and_bounds_that_stay),
		cmocka_unit_test(functions_that_the_kernel_lacks_are_asked_for),
		cmocka_unit_test(functions_of_modules_are_called),
		cmocka_unit_test(loops_need_no_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
