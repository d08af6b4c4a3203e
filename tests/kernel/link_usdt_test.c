// SPDX-License-Identifier: MIT
/* Static probes of a library, in this process. */
#include "kernel/user_support.h"

#include <errno.h>
#include <unistd.h>

#include "link/usdt.h"
#include "load/probe.h"

static int64_t element(const char *array, size_t i)
{
	struct skep_error err = { 0 };
	size_t size = 0;
	volatile int64_t *values = skep_object_global(fixture_object(), array, &size, &err);

	assert_ok(values, &err);
	assert_true((i + 1) * sizeof(*values) <= size);
	return values[i];
}

static struct skep_usdt_opts mine(uint64_t cookie)
{
	return (struct skep_usdt_opts){ .size = sizeof(struct skep_usdt_opts),
					.pid = getpid(),
					.cookie = cookie };
}

/* The library must be mapped before kernels without cookies can be told its addresses. */
static struct skep_link *attach(const struct skep_program *program, const char *name,
				uint64_t cookie)
{
	struct skep_usdt_opts opts = mine(cookie);
	struct skep_error err = { 0 };
	struct skep_link *link;

	call_user("user_add", 1, 1);
	link = skep_program_attach_usdt(program, user_library(), "user", name, &opts, &err);
	assert_ok(link, &err);
	return link;
}

/* Specs that are in use. */
static size_t count_specs(void)
{
	const struct skep_map *map = fixture_map("__bpf_usdt_specs");
	size_t n = 0;

	for (uint32_t id = 0; id < skep_map_max_entries(map); id++) {
		uint8_t value[512] = { 0 }, zero[512] = { 0 };

		assert_int_equal(skep_map_lookup(map, &id, value, NULL), 0);
		n += memcmp(value, zero, sizeof(value)) != 0;
	}
	return n;
}

static void expect_argument(size_t i, int64_t value, int size)
{
	if (element("values", i) != value || element("sizes", i) != size || element("errors", i))
		fail_msg("argument %zu is %lld of %lld bytes, error %lld", i,
			 (long long)element("values", i), (long long)element("sizes", i),
			 (long long)element("errors", i));
}

static void usdt_gives_arguments_of_all_kinds(void **state)
{
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	link = attach(fixture_load_one("link_usdt", "on_probe", NULL), "probe", 0x1234567812345678);
	assert_non_null(strstr(skep_link_label(link), "usdt "));
	call_user("user_probe", -1000, 2);
	assert_int_equal(fixture_value("hits"), 1);
	assert_int_equal(fixture_value("n_args"), 8);
	assert_int_equal(fixture_value("cookie"), 0x1234567812345678);
	expect_argument(0, -1000, 4);
	expect_argument(1, 0x1122334455667788, 8);
	expect_argument(2, -1000 & 0xff, 1);
	expect_argument(3, -3, 1);
	expect_argument(4, 0xfffd, 2);
	expect_argument(5, 300, 4);
	expect_argument(6, -7, 4);
	/* A floating-point register is not kept, and there is no ninth argument. */
	assert_int_equal(element("errors", 7), -EINVAL);
	assert_int_equal(element("errors", 8), -ENOENT);
	close_user(link, "user_probe");
	assert_int_equal(count_specs(), 0);
	fixture_leave();
}

static void usdt_arguments_have_names(void **state)
{
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	link = attach(fixture_load_one("link_usdt", "on_named", NULL), "probe", 0);
	call_user("user_probe", -5, 1);
	assert_int_equal(element("values", 0), -5);
	assert_int_equal(element("values", 1), 0x1122334455667788);
	assert_int_equal(element("values", 2), -5 & 0xff);
	close_user(link, "user_probe");
	fixture_leave();
}

static void usdt_at_several_places_reads_each_as_it_is(void **state)
{
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	program = fixture_load_one("link_usdt", "on_probe", NULL);
	link = attach(program, "places", 0);
	assert_int_equal(count_specs(), 2);
	call_user("user_places", 11, 22);
	assert_int_equal(fixture_value("hits"), 2);
	/* The last one was the second place, where it is in memory. */
	expect_argument(0, 22, 4);
	close_user(link, "user_places");
	assert_int_equal(count_specs(), 0);
	fixture_leave();
}

static void usdt_reads_variables_by_name(void **state)
{
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	link = attach(fixture_load_one("link_usdt", "on_probe", NULL), "variables", 0);
	call_user("user_variables", 1, 1);
	assert_int_equal(fixture_value("hits"), 1);
	expect_argument(0, -4242, 8);
	close_user(link, "user_variables");
	fixture_leave();
}

static void usdt_semaphore_is_raised_while_attached(void **state)
{
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	program = fixture_load_one("link_usdt", "on_probe", NULL);
	assert_int_equal(call_user("user_listened", 5, 0), 0);
	link = attach(program, "listened", 0);
	assert_int_equal(call_user("user_listened", 5, 0), 1);
	assert_int_equal(fixture_value("hits"), 1);
	expect_argument(0, 5, 4);
	skep_link_close(link);
	assert_int_equal(call_user("user_listened", 5, 0), 0);
	assert_int_equal(fixture_value("hits"), 1);
	fixture_leave();
}

static void usdt_specs_are_shared_and_outlive_the_object_safely(void **state)
{
	struct skep_program *program;
	struct skep_link *first, *again, *other;

	(void)state;
	NEED_USER_PROBES();
	program = fixture_load_one("link_usdt", "on_probe", NULL);
	first = attach(program, "probe", 1);
	assert_int_equal(count_specs(), 1);
	other = attach(program, "probe", 2);
	assert_int_equal(count_specs(), 2);
	if (skep_kernel_has_cookies()) {
		again = attach(program, "probe", 1);
		assert_int_equal(count_specs(), 2);
		skep_link_close(first);
		assert_int_equal(count_specs(), 2);
		call_user("user_probe", 1, 1);
		assert_int_equal(fixture_value("hits"), 2);
		first = again;
	}
	skep_link_close(first);
	assert_int_equal(count_specs(), 1);
	fixture_leave();
	skep_link_close(other);
}

static void usdt_section_says_file_provider_and_name(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	char target[4200];

	(void)state;
	NEED_USER_PROBES();
	NEED_VM();
	snprintf(target, sizeof(target), "%s:user:places", user_library());
	link = skep_program_attach(fixture_load_one("link_usdt", "on_probe", target), &err);
	if (!link && err.code == ENOTSUP) {
		fixture_leave();
		SKIP_TEST("this kernel has no cookies for probes");
	}
	assert_ok(link, &err);
	call_user("user_places", 11, 22);
	assert_int_equal(fixture_value("hits"), 2);
	close_user(link, "user_places");
	fixture_leave();
}

/* The sixth argument of the probe, whose registers compilers choose. */
static struct skep_usdt_arg indexed_argument(void)
{
	struct skep_binary *binary = skep_uprobe_binary(NULL);
	struct skep_usdt_places found = { 0 };
	struct skep_usdt_arg arg;

	assert_int_equal(skep_binary_open(binary, user_library(), 0, NULL), 0);
	assert_int_equal(skep_usdt_find(binary, "user", "probe", &found, NULL), 0);
	arg = found.places[0].args[5];
	skep_binary_close(binary);
	free(binary);
	free(found.places);
	free(found.points);
	return arg;
}

static void usdt_writes_the_layout_of_newer_libbpfs(void **state)
{
	struct skep_usdt_arg want;
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	if (!skep_kernel_has_cookies())
		SKIP_TEST("this kernel has no cookies for probes");
	link = attach(fixture_load_one("link_usdt_long", "on_probe", NULL), "probe", 77);
	call_user("user_probe", -1000, 2);
	assert_int_equal(fixture_value("hits"), 1);
	assert_int_equal(fixture_value("n_args"), 8);
	assert_int_equal(fixture_value("cookie"), 77);
	assert_int_equal(element("kinds", 0), SKEP_USDT_REGISTER);
	assert_int_equal(element("bits", 0), 32);
	assert_int_equal(element("signs", 0), 1);
	assert_int_equal(element("bits", 4), 48);
	assert_int_equal(element("kinds", 5), SKEP_USDT_INDEXED);
	want = indexed_argument();
	assert_int_equal(element("regs", 5), want.reg);
	assert_int_equal(element("indices", 5), want.index);
	assert_int_equal(element("scales", 5), want.scale);
	assert_int_equal(element("kinds", 6), SKEP_USDT_CONSTANT);
	assert_int_equal(element("values", 6), -7);
	close_user(link, "user_probe");
	assert_int_equal(count_specs(), 0);
	fixture_leave();
}

static void usdt_serves_objects_made_with_libbpfs_header(void **state)
{
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	if (access(fixture_path("link_usdt_libbpf.el.o"), R_OK))
		SKIP_TEST("libbpf's headers are not installed");
	link = attach(fixture_load_one("link_usdt_libbpf", "on_probe", NULL), "probe", 99);
	call_user("user_probe", -1000, 2);
	assert_int_equal(fixture_value("hits"), 1);
	assert_int_equal(fixture_value("n_args"), 8);
	assert_int_equal(fixture_value("cookie"), 99);
	assert_int_equal(element("values", 0), -1000);
	assert_int_equal(element("values", 1), 0x1122334455667788);
	assert_int_equal(element("values", 4), 0xfffd);
	assert_int_equal(element("values", 6), -7);
	/* What libbpf 1.1 does not know is an error to its program, as is what cannot be read. */
	assert_int_equal(element("errors", 5), -EINVAL);
	assert_int_equal(element("errors", 7), -EINVAL);
	close_user(link, "user_probe");
	fixture_leave();
}

static void refuse(const struct skep_program *program, const char *path, const char *provider,
		   const char *name, int code, const char *says)
{
	struct skep_usdt_opts opts = mine(0);
	struct skep_error err = { 0 };

	assert_null(skep_program_attach_usdt(program, path, provider, name, &opts, &err));
	assert_error_says(&err, says);
	assert_int_equal(err.code, code);
}

static void wrong_static_probes_are_told(void **state)
{
	struct skep_program *program;
	struct skep_error err = { 0 };

	(void)state;
	NEED_USER_PROBES();
	program = fixture_load_one("link_usdt", "on_probe", NULL);
	refuse(program, user_library(), "user", "prob", ENOENT,
	       "it has: user:probe user:places user:variables user:listened");
	refuse(program, user_library(), "usr", "probe", ENOENT, "no static probe 'usr:probe'");
	refuse(program, "/proc/self/exe", "user", "probe", ENOENT, "it has none at all");
	refuse(program, user_library(), "user", NULL, EINVAL, "no static probe is given");
	refuse(program, NULL, "user", "probe", EINVAL, "no file is given");
	refuse(NULL, user_library(), "user", "probe", EINVAL, "no program");
	fixture_leave();
	program = fixture_load_one("link_usdt", "on_probe", "/bin/sh:user");
	assert_null(skep_program_attach(program, &err));
	assert_error_says(&err, "as FILE:PROVIDER:NAME");
	fixture_leave();
	program = fixture_load_one("link_user", "on_call", NULL);
	refuse(program, user_library(), "user", "probe", ENOENT, "has no map '__bpf_usdt_specs'");
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usdt_gives_arguments_of_all_kinds),
		cmocka_unit_test(usdt_arguments_have_names),
		cmocka_unit_test(usdt_at_several_places_reads_each_as_it_is),
		cmocka_unit_test(usdt_reads_variables_by_name),
		cmocka_unit_test(usdt_semaphore_is_raised_while_attached),
		cmocka_unit_test(usdt_specs_are_shared_and_outlive_the_object_safely),
		cmocka_unit_test(usdt_section_says_file_provider_and_name),
		cmocka_unit_test(usdt_writes_the_layout_of_newer_libbpfs),
		cmocka_unit_test(usdt_serves_objects_made_with_libbpfs_header),
		cmocka_unit_test(wrong_static_probes_are_told),
	};

	return cmocka_run_group_tests_name("link_usdt", tests, NULL, NULL);
}
