// SPDX-License-Identifier: MIT
/* Names by address: of tables made by hand, of the kernel's list, of what JIT compilers write. */
#include "test.h"

#include <errno.h>
#include <unistd.h>

#include "symbol/kernel.h"
#include "symbol/perf_map.h"

static int file_of(const char *text)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	rewind(file);
	fd = dup(fileno(file));
	fclose(file);
	assert_true(fd >= 0);
	return fd;
}

static void add(struct skep_names *names, uint64_t address, uint64_t size, enum skep_name_rank rank,
		const char *name)
{
	assert_int_equal(skep_names_add(names, address, size, rank, name, strlen(name), NULL), 0);
}

static const char *find(const struct skep_names *names, uint64_t address)
{
	const struct skep_name *name = skep_names_find(names, address);

	return name ? skep_names_text(names, name) : "-";
}

static void an_address_is_in_the_function_that_holds_it(void **state)
{
	struct skep_names names = { 0 };

	(void)state;
	assert_string_equal(find(&names, 5), "-");
	add(&names, 0x3000, 0, SKEP_NAME_LABEL, "open_end");
	add(&names, 0x1000, 0x100, SKEP_NAME_GLOBAL, "outer");
	add(&names, 0x1040, 0x10, SKEP_NAME_LOCAL, "cold");
	add(&names, 0x1020, 0, SKEP_NAME_LABEL, "label_in_outer");
	add(&names, 0x2000, 0x10, SKEP_NAME_LOCAL, "local");
	add(&names, 0x2000, 0x10, SKEP_NAME_GLOBAL, "global");
	add(&names, 0x2000, 0x10, SKEP_NAME_GLOBAL, "second");
	skep_names_finish(&names);
	assert_string_equal(find(&names, 0xfff), "-");
	assert_string_equal(find(&names, 0x1000), "outer");
	assert_string_equal(find(&names, 0x1030), "outer");
	assert_string_equal(find(&names, 0x104f), "cold");
	assert_string_equal(find(&names, 0x1050), "outer");
	assert_string_equal(find(&names, 0x1100), "-");
	assert_string_equal(find(&names, 0x200f), "global");
	assert_string_equal(find(&names, 0x2010), "-");
	assert_string_equal(find(&names, 0x3fff), "open_end");
	assert_string_equal(find(&names, UINT64_MAX), "-");
	assert_true(skep_names_bytes(&names) > 0);
	skep_names_free(&names);
}

/* Sizes out of a damaged file. */
static void sizes_that_wrap_around_hold_nothing_else(void **state)
{
	struct skep_names names = { 0 };

	(void)state;
	add(&names, UINT64_MAX - 1, UINT64_MAX, SKEP_NAME_GLOBAL, "last");
	add(&names, 0, UINT64_MAX, SKEP_NAME_GLOBAL, "first");
	skep_names_finish(&names);
	assert_string_equal(find(&names, UINT64_MAX), "last");
	assert_string_equal(find(&names, 7), "first");
	assert_string_equal(find(&names, 1ull << 40), "-");
	assert_int_equal(
		skep_names_add(&names, 1, 1, SKEP_NAME_LOCAL, "", SKEP_NAMES_MAX_TEXT, NULL),
		-E2BIG);
	skep_names_free(&names);
}

static void the_kernel_s_names_have_their_modules(void **state)
{
	static const char symbols[] = "0000000000000010 A fixed_percpu_data\n"
				      "ffffffff81000000 T startup\n"
				      "ffffffff81000000 T alias\n"
				      "ffffffff81001000 t cleanup\n"
				      "ffffffff81001800 d not_code\n"
				      "ffffffffc0001000 t veth_xmit\t[veth]\n"
				      "ffffffffa0002000 t bpf_prog_6deef7357e7b4530\t[bpf]\n";
	struct skep_kernel_names kernel = { 0 };
	const struct skep_name *name;
	int fd = file_of(symbols);

	(void)state;
	assert_int_equal(skep_kernel_names_read(&kernel, fd, NULL), 0);
	close(fd);
	assert_string_equal(find(&kernel.names, 0xffffffff81000004), "startup");
	assert_string_equal(find(&kernel.names, 0xffffffff81001900), "cleanup");
	assert_string_equal(find(&kernel.names, 0x14), "-");
	name = skep_names_find(&kernel.names, 0xffffffffc0001010);
	assert_non_null(name);
	assert_string_equal(skep_names_text(&kernel.names, name), "veth_xmit");
	assert_string_equal(skep_names_module(&kernel.names, name), "veth");
	name = skep_names_find(&kernel.names, 0xffffffff81001000);
	assert_string_equal(skep_names_module(&kernel.names, name), "");
	assert_int_equal(kernel.first, 0xffffffff81000000);
	assert_int_equal(kernel.last, 0xffffffff81001000);
	skep_kernel_names_free(&kernel);
}

static void hidden_names_of_the_kernel_are_an_error(void **state)
{
	struct skep_kernel_names kernel = { 0 };
	struct skep_error err = { 0 };
	int fd = file_of("0000000000000000 T one\n0000000000000000 T two\n");

	(void)state;
	assert_int_equal(skep_kernel_names_read(&kernel, fd, &err), -EPERM);
	assert_error_says(&err, "kptr_restrict");
	close(fd);
	fd = file_of("no symbol\n");
	assert_int_equal(skep_kernel_names_read(&kernel, fd, &err), -EINVAL);
	close(fd);
	skep_kernel_names_free(&kernel);
}

static uint32_t hash_of(const char *text)
{
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", text);
	return skep_kernel_names_hash_modules(copy);
}

static void modules_are_told_apart_but_not_by_their_users(void **state)
{
	const char *const one = "veth 49152 0 - Live 0xffffffffc0001000\n"
				"nft 8192 1 veth, Live 0xffffffffc0100000 (E)\n";

	(void)state;
	assert_int_equal(hash_of(one), hash_of("veth 49152 3 - Live 0xffffffffc0001000\n"
					       "nft 8192 9 - Live 0xffffffffc0100000 (E)\n"));
	assert_int_not_equal(hash_of(one), hash_of("veth 49152 0 - Live 0xffffffffc0001000\n"));
	assert_int_not_equal(hash_of(one), hash_of("veth 49152 0 - Live 0xffffffffc0002000\n"
						   "nft 8192 1 veth, Live 0xffffffffc0100000\n"));
	assert_int_not_equal(hash_of(one), hash_of("vetx 49152 0 - Live 0xffffffffc0001000\n"
						   "nft 8192 1 veth, Live 0xffffffffc0100000\n"));
	hash_of("");
	hash_of("\n\n Live");
}

static void lines_of_perf_maps_are_checked(void **state)
{
	static const char *const wrong[] = { "",
					     "1000",
					     "1000 20",
					     "1000 20 ",
					     "x 20 a",
					     "1000 0 a",
					     "-1 10 a",
					     "1000 -2 a",
					     "1000 y a",
					     "1000  20 a",
					     "ffffffffffffffff 2 a" };
	uint64_t start, size;
	const char *name;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (skep_perf_map_parse(wrong[i], &start, &size, &name))
			fail_msg("\"%s\" was taken", wrong[i]);
	assert_true(skep_perf_map_parse("3ef414c0 398 RegExp:[{(]", &start, &size, &name));
	assert_int_equal(start, 0x3ef414c0);
	assert_int_equal(size, 0x398);
	assert_string_equal(name, "RegExp:[{(]");
	assert_true(skep_perf_map_parse("0x10 0x20 a b", &start, &size, &name));
	assert_int_equal(start, 0x10);
	assert_string_equal(name, "a b");
}

static void code_that_is_compiled_anew_has_the_later_name(void **state)
{
	struct skep_names names = { 0 };
	int fd = file_of("1000 20 LazyCompile:first\nnonsense\n2000 10 other\n"
			 "1000 20 LazyCompile:*second\n3000 10 cut o");

	(void)state;
	assert_int_equal(skep_perf_map_read(&names, fd), 0);
	close(fd);
	assert_string_equal(find(&names, 0x101f), "LazyCompile:*second");
	assert_string_equal(find(&names, 0x1020), "-");
	assert_string_equal(find(&names, 0x2008), "other");
	assert_string_equal(find(&names, 0x3000), "cut o");
	skep_names_free(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_in_the_function_that_holds_it),
		cmocka_unit_test(sizes_that_wrap_around_hold_nothing_else),
		cmocka_unit_test(the_kernel_s_names_have_their_modules),
		cmocka_unit_test(hidden_names_of_the_kernel_are_an_error),
		cmocka_unit_test(modules_are_told_apart_but_not_by_their_users),
		cmocka_unit_test(lines_of_perf_maps_are_checked),
		cmocka_unit_test(code_that_is_compiled_anew_has_the_later_name),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
