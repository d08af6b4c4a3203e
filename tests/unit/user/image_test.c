// SPDX-License-Identifier: MIT
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder.h"
#include "user/binary.h"
#include "user/symbols.h"

static struct builder b;

static void build(unsigned int variant, bool stripped)
{
	build_example(&b, variant, stripped);
}

static struct skep_image read_built(void)
{
	struct skep_error err = { 0 };
	struct skep_image image;

	assert_ok(!skep_image_read(&image, b.data, b.len, "/bin/made", &err), &err);
	return image;
}

static void image_reads_all_classes_and_orders(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < N_VARIANTS; i++) {
		struct skep_section section;
		struct skep_segment segment;
		struct skep_image image;

		build(i, false);
		image = read_built();
		assert_int_equal(image.is_64, i & 1);
		assert_int_equal(image.machine, EM_X86_64);
		assert_true(skep_image_segment(&image, 1, &segment));
		assert_int_equal(segment.addr, DATA_ADDR);
		assert_int_equal(segment.flags, PF_R | PF_W);
		assert_false(skep_image_segment(&image, 3, &segment));
		assert_true(skep_image_section_named(&image, ".dynsym", &section));
		assert_int_equal(section.type, SHT_DYNSYM);
		assert_false(skep_image_section_named(&image, ".debug_info", &section));
	}
}

static void addresses_become_offsets_by_segments(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < N_VARIANTS; i++) {
		struct skep_image image;
		uint64_t to = 0;

		build(i, false);
		image = read_built();
		assert_true(skep_image_offset(&image, TEXT_ADDR + 5, PF_X, &to));
		assert_int_equal(to, TEXT_OFFSET + 5);
		assert_true(skep_image_offset(&image, DATA_ADDR + PART_SIZE - 1, 0, &to));
		assert_int_equal(to, DATA_OFFSET + PART_SIZE - 1);
		assert_false(skep_image_offset(&image, DATA_ADDR, PF_X, &to));
		assert_false(skep_image_offset(&image, TEXT_ADDR + PART_SIZE, 0, &to));
		assert_true(skep_image_address(&image, TEXT_OFFSET + 5, PF_X, &to));
		assert_int_equal(to, TEXT_ADDR + 5);
		assert_false(skep_image_address(&image, DATA_OFFSET, PF_X, &to));
	}
}

static void build_id_is_found(void **state)
{
	const uint8_t *id = NULL;
	struct skep_image image;

	(void)state;
	for (unsigned int i = 0; i < N_VARIANTS; i++) {
		build(i, true);
		image = read_built();
		assert_int_equal(skep_image_build_id(&image, &id), 3);
		assert_memory_equal(id, "\1\2\3", 3);
	}
}

static uint64_t address(const char *name)
{
	struct skep_error err = { 0 };
	struct skep_image image = read_built();
	uint64_t addr = 0;

	assert_ok(!skep_image_function(&image, name, &addr, &err), &err);
	return addr;
}

static void refuse(const char *name, int code, const char *says)
{
	struct skep_error err = { 0 };
	struct skep_image image = read_built();
	uint64_t addr = 0;

	assert_int_equal(skep_image_function(&image, name, &addr, &err), -code);
	assert_error_says(&err, says);
}

static void functions_are_found_by_name(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < N_VARIANTS; i++) {
		build(i, false);
		assert_int_equal(address("main"), IN_TEXT);
		assert_int_equal(address("label"), IN_TEXT + 0xe0);
		/* What others can call comes before what only its own file can. */
		assert_int_equal(address("hidden_twin"), IN_TEXT + 0x80);
	}
}

static void functions_are_found_by_version(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < N_VARIANTS; i++) {
		build(i, false);
		assert_int_equal(address("copy"), IN_TEXT + 0x140);
		assert_int_equal(address("copy@LIB_1.0"), IN_TEXT + 0x120);
		assert_int_equal(address("copy@@LIB_2.0"), IN_TEXT + 0x140);
		assert_int_equal(address("only_old"), IN_TEXT + 0x160);
		assert_int_equal(address("old_style"), IN_TEXT + 0xc0);
		assert_int_equal(address("old_style@V1"), IN_TEXT + 0xa0);
		refuse("copy@LIB_3.0", ENOENT, "no function 'copy@LIB_3.0'");
	}
}

static void functions_that_cannot_be_meant_are_told(void **state)
{
	(void)state;
	build(1, false);
	refuse("twice", ENOTUNIQ, "at the offsets 0x1120 0x1140");
	refuse("mian", ENOENT, "did you mean 'main'?");
	refuse("chosen", ENOTSUP, "STT_GNU_IFUNC");
	refuse("variable", ENOENT, "no function 'variable'");
	refuse("nothing_like_it", ENOENT, "nm '/bin/made'");
	build(1, true);
	refuse("twice", ENOENT,
	       "only the 4 names that it exports: install its debug symbols, /usr/lib/debug/.build-id/01/0203.debug");
	build_start(&b, 1, EM_X86_64);
	build_finish(&b);
	refuse("main", ENOENT, "only the 0 names that it exports: give an offset");
}

static void write_built(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(b.data, 1, b.len, f), b.len);
	fclose(f);
}

/* A stripped file, and below a folder one of the same build with its symbols. */
static void symbols_are_also_found_in_debug_files(void **state)
{
	static struct skep_binary binary;
	char root[] = "/tmp/skep-debug-XXXXXX", file[64], ids[64], folder[80], debug[112];
	struct skep_error err = { 0 };
	uint64_t addr = 0;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(file, sizeof(file), "%s/made", root);
	snprintf(ids, sizeof(ids), "%s/.build-id", root);
	snprintf(folder, sizeof(folder), "%s/01", ids);
	snprintf(debug, sizeof(debug), "%s/0203.debug", folder);
	build(1, true);
	write_built(file);
	assert_ok(!skep_binary_open(&binary, file, 0, &err), &err);
	assert_int_equal(skep_binary_function(&binary, root, "label", &addr, &err), -ENOENT);
	assert_int_equal(mkdir(ids, 0755) | mkdir(folder, 0755), 0);
	build(1, false);
	write_built(debug);
	err = (struct skep_error){ 0 };
	assert_ok(!skep_binary_function(&binary, root, "label", &addr, &err), &err);
	assert_int_equal(addr, IN_TEXT + 0xe0);
	assert_int_equal(err.code, 0);
	/* One of another build is not the file's. */
	((uint8_t *)memmem(b.data, b.len, "GNU\0\1\2\3", 7))[6] = 9;
	write_built(debug);
	assert_int_equal(skep_binary_function(&binary, root, "label", &addr, &err), -ENOENT);
	skep_binary_close(&binary);
	assert_int_equal(unlink(debug) | rmdir(folder) | rmdir(ids) | unlink(file) | rmdir(root),
			 0);
}

static void refuse_file(const void *data, size_t len, int code, const char *says)
{
	struct skep_error err = { 0 };
	struct skep_image image;

	assert_int_equal(skep_image_read(&image, data, len, "/bin/made", &err), -code);
	assert_error_says(&err, says);
}

static void variables_are_found_by_name(void **state)
{
	uint64_t addr = 0;

	(void)state;
	for (unsigned int i = 0; i < N_VARIANTS; i++) {
		struct skep_image image;

		build(i, false);
		image = read_built();
		assert_true(skep_image_variable(&image, "variable and more", 8, &addr));
		assert_int_equal(addr, DATA_ADDR + 0x10);
		assert_false(skep_image_variable(&image, "main", 4, &addr));
	}
}

static void files_that_are_no_images_are_told(void **state)
{
	(void)state;
	refuse_file("#!/bin/sh\n########", 18, ENOEXEC, "it is a script");
	refuse_file("PK\3\4..............", 18, ENOEXEC, "'/bin/made!/lib/NAME.so'");
	refuse_file("", 0, ENOEXEC, "no ELF file");
	build(1, false);
	refuse_file(b.data, 40, EINVAL, "its header is cut off");
	refuse_file(b.data, b.len - 1, EINVAL, "sections are beyond its end");
	b.data[EI_CLASS] = 7;
	refuse_file(b.data, b.len, EINVAL, "class or byte order");
}

static void patterns_give_each_place_once(void **state)
{
	struct skep_error err = { 0 };
	struct skep_image image;
	uint64_t *offsets;

	(void)state;
	for (unsigned int variant = 0; variant < N_VARIANTS; variant++) {
		build(variant, false);
		image = read_built();
		/* main is in both tables, twice at two places, the indirect function left out. */
		assert_int_equal(skep_image_match(&image, "main", &offsets, &err), 1);
		assert_int_equal(offsets[0], TEXT_OFFSET + 0x100);
		free(offsets);
		assert_int_equal(skep_image_match(&image, "tw?ce", &offsets, &err), 2);
		assert_true(offsets[0] < offsets[1]);
		free(offsets);
		assert_int_equal(skep_image_match(&image, "old_st*", &offsets, &err), 2);
		free(offsets);
		assert_int_equal(skep_image_match(&image, "ch*", &offsets, &err), -ENOENT);
		assert_error_says(&err, "no function of '/bin/made' matches 'ch*'");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(image_reads_all_classes_and_orders),
		cmocka_unit_test(addresses_become_offsets_by_segments),
		cmocka_unit_test(build_id_is_found),
		cmocka_unit_test(functions_are_found_by_name),
		cmocka_unit_test(functions_are_found_by_version),
		cmocka_unit_test(functions_that_cannot_be_meant_are_told),
		cmocka_unit_test(symbols_are_also_found_in_debug_files),
		cmocka_unit_test(variables_are_found_by_name),
		cmocka_unit_test(files_that_are_no_images_are_told),
		cmocka_unit_test(patterns_give_each_place_once),
	};

	return cmocka_run_group_tests_name("user_image", tests, NULL, NULL);
}
