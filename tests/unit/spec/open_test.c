// SPDX-License-Identifier: MIT
/* Files as specs: what is said of the whole object, and what is refused. */
#include <fcntl.h>
#include <unistd.h>

#include "support.h"

static void check_object(struct skep_spec *spec)
{
	assert_string_equal(spec->license, "Dual MIT/GPL");
	assert_int_equal(spec->kern_version, 0x060102);
	assert_true(spec->n_programs > 50);
	assert_non_null(spec->btf);
}

static void object_has_a_license_and_a_kernel_version(void **state)
{
	(void)state;
	in_both_orders("spec_programs", check_object);
}

static void check_no_version(struct skep_spec *spec)
{
	assert_int_equal(spec->kern_version, 0);
}

static void kernel_version_is_zero_without_its_section(void **state)
{
	(void)state;
	in_both_orders("spec_maps", check_no_version);
}

static void object_is_named_after_its_file_or_as_asked(void **state)
{
	const struct skep_spec_opts opts = { .size = sizeof(opts), .name = "mine" };
	struct skep_spec *spec = open_fixture("spec_maps", "el");
	struct skep_error err = { 0 };
	uint8_t *data;
	size_t len;

	(void)state;
	assert_string_equal(spec->name, "spec_maps.el");
	assert_string_equal(spec->path, fixture_in("spec_maps", "el"));
	skep_spec_free(spec);

	spec = skep_spec_open(fixture_in("spec_maps", "el"), &opts, &err);
	assert_ok(spec, &err);
	assert_string_equal(spec->name, "mine");
	skep_spec_free(spec);

	data = read_fixture("spec_maps", "eb", &len);
	spec = skep_spec_read(data, len, &opts, &err);
	free(data);
	assert_ok(spec, &err);
	assert_string_equal(spec->name, "mine");
	assert_non_null(skep_spec_map(spec, "typed"));
	skep_spec_free(spec);
}

static void byte_order_decides_what_is_foreign(void **state)
{
	struct skep_spec *little = open_fixture("spec_maps", "el");
	struct skep_spec *big = open_fixture("spec_maps", "eb");

	(void)state;
	assert_int_equal(little->is_foreign, __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__);
	assert_int_equal(big->is_foreign, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
	skep_spec_free(little);
	skep_spec_free(big);
}

static void assert_same_function(const struct skep_function *a, const struct skep_function *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->n_insns, b->n_insns);
	assert_int_equal(a->n_refs, b->n_refs);
	assert_int_equal(a->n_lines, b->n_lines);
	for (size_t i = 0; i < a->n_refs; i++) {
		assert_int_equal(a->refs[i].insn, b->refs[i].insn);
		assert_int_equal(a->refs[i].kind, b->refs[i].kind);
		assert_int_equal(a->refs[i].index, b->refs[i].index);
		assert_int_equal(a->refs[i].offset, b->refs[i].offset);
	}
}

/* No loads of parts: their offsets depend on the order. */
static void instructions_are_the_same_in_either_order(void **state)
{
	struct skep_spec *little = open_fixture("spec_refs", "el");
	struct skep_spec *big = open_fixture("spec_refs", "eb");

	(void)state;
	assert_int_equal(little->n_functions, big->n_functions);
	for (size_t i = 0; i < little->n_functions; i++) {
		const struct skep_function *a = little->functions[i], *b = big->functions[i];

		assert_same_function(a, b);
		assert_memory_equal(a->insns, b->insns, a->n_insns * sizeof(*a->insns));
	}
	skep_spec_free(little);
	skep_spec_free(big);
}

static void missing_license_is_empty(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };
		struct skep_spec *spec =
			open_renamed("spec_maps", orders[i], "license", "licence", &err);

		assert_ok(spec, &err);
		assert_string_equal(spec->license, "");
		skep_spec_free(spec);
	}
}

static void check_long_license(struct skep_spec *spec)
{
	assert_int_equal(strlen(spec->license), 200);
	assert_int_equal(strspn(spec->license, "0123456789"), 200);
}

static void license_is_as_long_as_its_section(void **state)
{
	(void)state;
	in_both_orders("spec_license", check_long_license);
}

static void file_that_cannot_be_read_is_named(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	assert_null(skep_spec_open("/nowhere/at/all.bpf.o", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_int_equal(err.stage, SKEP_STAGE_READ);
	assert_string_equal(err.object, "/nowhere/at/all.bpf.o");
	assert_null(skep_spec_open("/", NULL, &err));
	assert_int_equal(err.code, EISDIR);
}

static void file_that_is_no_object_is_called_what_it_is(void **state)
{
	static const char text[] = "#include <linux/bpf.h>\nint main(void) { return 0; }\n";
	struct skep_error err = { 0 };

	(void)state;
	assert_null(skep_spec_read(text, sizeof(text) - 1, NULL, &err));
	assert_int_equal(err.code, ENOEXEC);
	assert_int_equal(err.stage, SKEP_STAGE_READ);
	assert_true(err.hint[0]);
	assert_null(skep_spec_read("", 0, NULL, &err));
	assert_int_equal(err.stage, SKEP_STAGE_READ);
	assert_true(err.code);

	/* This very program. */
	assert_null(skep_spec_open("/proc/self/exe", NULL, &err));
	assert_int_equal(err.code, ENOEXEC);
	assert_error_says(&err, "not an eBPF object");
	assert_error_says(&err, "clang -target bpf");
}

static void object_without_programs_and_maps_is_refused(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	assert_null(skep_spec_open(fixture_in("spec_empty", "el"), NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "neither programs nor maps");
	assert_error_says(&err, "SEC(");
}

static void callback_of_what_is_no_program_is_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };

		assert_null(skep_spec_open(fixture_in("spec_throws", orders[i]), NULL, &err));
		assert_error_says(&err, "'exception_callback:answers' is on something else");
	}
}

/* Every length: in a block of its own, so that a read beyond the end is seen. */
static void object_cut_short_anywhere_is_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		size_t len;
		uint8_t *data = read_fixture("spec_refs", orders[i], &len);

		for (size_t cut = 0; cut < len; cut++) {
			struct skep_error err = { 0 };
			uint8_t *part = malloc(cut + 1);

			memcpy(part, data, cut);
			assert_null(skep_spec_read(part, cut, NULL, &err));
			assert_true(err.code && err.cause[0]);
			assert_int_equal(err.stage, SKEP_STAGE_READ);
			assert_string_equal(err.object, "object");
			free(part);
		}
		free(data);
	}
}

static void object_is_read_from_an_open_file(void **state)
{
	const struct skep_spec_opts opts = { .size = sizeof(opts), .name = "given" };
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	int fd = open(fixture_in("spec_refs", "el"), O_RDONLY | O_CLOEXEC);
	int folder = open("/", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0 && folder >= 0);
	/* From the beginning, wherever the file is; it stays open and where it was. */
	assert_int_equal(lseek(fd, 100, SEEK_SET), 100);
	spec = skep_spec_open_fd(fd, &opts, &err);
	assert_ok(spec, &err);
	assert_string_equal(spec->name, "given");
	assert_true(spec->n_programs > 3);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 100);
	skep_spec_free(spec);
	close(fd);
	assert_null(skep_spec_open_fd(fd, NULL, &err));
	assert_int_equal(err.code, EBADF);
	assert_null(skep_spec_open_fd(folder, &opts, &err));
	assert_int_equal(err.code, EISDIR);
	assert_error_says(&err, "given");
	close(folder);
}

static void errors_are_not_required(void **state)
{
	(void)state;
	assert_null(skep_spec_open("/nowhere", NULL, NULL));
	assert_null(skep_spec_read("text", 4, NULL, NULL));
	skep_spec_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(object_has_a_license_and_a_kernel_version),
		cmocka_unit_test(kernel_version_is_zero_without_its_section),
		cmocka_unit_test(object_is_named_after_its_file_or_as_asked),
		cmocka_unit_test(byte_order_decides_what_is_foreign),
		cmocka_unit_test(instructions_are_the_same_in_either_order),
		cmocka_unit_test(missing_license_is_empty),
		cmocka_unit_test(license_is_as_long_as_its_section),
		cmocka_unit_test(file_that_cannot_be_read_is_named),
		cmocka_unit_test(file_that_is_no_object_is_called_what_it_is),
		cmocka_unit_test(object_without_programs_and_maps_is_refused),
		cmocka_unit_test(callback_of_what_is_no_program_is_refused),
		cmocka_unit_test(object_cut_short_anywhere_is_refused),
		cmocka_unit_test(object_is_read_from_an_open_file),
		cmocka_unit_test(errors_are_not_required),
	};

	return cmocka_run_group_tests_name("spec_open", tests, NULL, NULL);
}
