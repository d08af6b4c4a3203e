// SPDX-License-Identifier: MIT
/* What programs get from skep's headers where bytes lie in one order or in the other. */
#include "kernel/fixture.h"

#include <endian.h>

static void run(const char *name, const uint64_t *words, uint32_t n)
{
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = words,
					.ctx_in_len = n * sizeof(*words) };
	struct skep_error err = { 0 };

	only_this_process(fixture_open_one("bpf_order", name, NULL));
	fixture_load();
	assert_ok(!skep_program_test_run(fixture_program(name), &run, &err), &err);
}

#define NEED_PROGRAM(name)                       \
	do {                                     \
		NEED_BPF();                      \
		NEED_TO_LOAD("bpf_order", name); \
	} while (0)

static void expect(const char *name, uint64_t value)
{
	assert_int_equal(fixture_value(name), value);
}

static void numbers_are_turned_round_where_the_machine_needs_it(void **state)
{
	const uint64_t value = 0x0123456789abcdef;

	(void)state;
	NEED_PROGRAM("orders");
	run("orders", &value, 1);
	expect("a", (uint64_t)htobe32((uint32_t)value) << 16 | htobe16((uint16_t)value));
	expect("b", htobe64(value));
	expect("c", (uint64_t)htole32((uint32_t)value) << 16 | htole16((uint16_t)value));
	expect("d", le64toh(value));
	expect("e", 1);
	fixture_leave();
}

static void wide_bitfields_are_where_the_kernel_has_them(void **state)
{
	(void)state;
	NEED_PROGRAM("wide_bits");
	run("wide_bits", NULL, 0);
	expect("a", 5);
	expect("b", 1);
	expect("c", 0);
	expect("d", 0xa012);
	fixture_leave();
}

static void enumerators_of_64_bits_have_the_kernels_value(void **state)
{
	bool exists;

	(void)state;
	NEED_PROGRAM("wide_values");
	run("wide_values", NULL, 0);
	exists = fixture_value("a");
	if (exists)
		expect("b", 1ull << 63);
	fixture_leave();
	if (!exists)
		SKIP_TEST("this kernel has no such enumerator");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_turned_round_where_the_machine_needs_it),
		cmocka_unit_test(wide_bitfields_are_where_the_kernel_has_them),
		cmocka_unit_test(enumerators_of_64_bits_have_the_kernels_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
