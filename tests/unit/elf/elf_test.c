// SPDX-License-Identifier: MIT
/* The reader of ELF files: what it finds, and what it says of files that are none. */
#include "support.h"

static const struct skep_elf_symbol *symbol(const struct skep_elf *elf, const char *name)
{
	for (size_t i = 0; i < elf->n_symbols; i++)
		if (!strcmp(elf->symbols[i].name, name))
			return &elf->symbols[i];
	fail_msg("there is no symbol %s", name);
	return NULL;
}

static void elf_reads_sections_in_both_orders(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct file file = read_fixture("load_globals", orders[i]);
		const struct skep_elf_section *license;
		struct skep_elf elf;

		read_ok(&elf, &file);
		assert_int_equal(elf.machine, EM_BPF);
		assert_int_equal(elf.type, ET_REL);
		license = skep_elf_section(&elf, "license");
		assert_non_null(license);
		assert_string_equal((const char *)license->data, "GPL");
		assert_true(license->flags & SHF_ALLOC);
		assert_null(skep_elf_section(&elf, "licens"));
		assert_null(skep_elf_section(&elf, ".bss")->data);
		assert_true(skep_elf_section(&elf, ".bss")->size > 0);
		skep_elf_free(&elf);
		free(file.data);
	}
}

static void elf_knows_which_order_is_foreign(void **state)
{
	const int one = 1;
	const bool is_little = *(const char *)&one;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct file file = read_fixture("load_minimal", orders[i]);
		struct skep_elf elf;

		read_ok(&elf, &file);
		assert_int_equal(elf.foreign, is_little == (i == 1));
		skep_elf_free(&elf);
		free(file.data);
	}
}

static void elf_reads_symbols_in_both_orders(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct file file = read_fixture("load_globals", orders[i]);
		const struct skep_elf_symbol *license;
		struct skep_elf elf;

		read_ok(&elf, &file);
		license = symbol(&elf, "LICENSE");
		assert_int_equal(license->type, STT_OBJECT);
		assert_int_equal(license->bind, STB_GLOBAL);
		assert_int_equal(license->size, skep_elf_section(&elf, "license")->size);
		assert_ptr_equal(&elf.sections[license->section],
				 skep_elf_section(&elf, "license"));
		skep_elf_free(&elf);
		free(file.data);
	}
}

static void elf_reads_relocations_in_order(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct file file = read_fixture("load_globals", orders[i]);
		struct skep_error err = { 0 };
		size_t tables = 0;
		struct skep_elf elf;

		read_ok(&elf, &file);
		for (size_t s = 0; s < elf.n_sections; s++) {
			struct skep_elf_reloc *relocs;
			int64_t n;

			if (elf.sections[s].type != SHT_REL)
				continue;
			n = skep_elf_relocs(&elf, &elf.sections[s], &relocs, &err);
			assert_ok(n > 0, &err);
			assert_int_equal(n, elf.sections[s].size / sizeof(Elf64_Rel));
			for (int64_t k = 0; k < n; k++) {
				assert_true(relocs[k].symbol < elf.n_symbols);
				assert_true(!k || relocs[k - 1].offset <= relocs[k].offset);
			}
			free(relocs);
			tables++;
		}
		assert_true(tables >= 2);
		skep_elf_free(&elf);
		free(file.data);
	}
}

static void elf_says_what_a_file_is_that_is_no_elf(void **state)
{
	static const char text[] =
		"int main(void) { return 0; } /* some C, long enough for a header "
		"of an ELF file, which has sixty-four bytes */";

	(void)state;
	assert_refused("", 0, ENOEXEC, "empty");
	assert_refused(text, sizeof(text) - 1, ENOEXEC, "text");
	assert_refused("\x1f\x8b\x08\0\0\0\0\0\0\0\0\0", 12, ENOEXEC, "gzip");
	assert_refused("BC\xc0\xde\x35\x14\0\0", 8, ENOEXEC, "LLVM bitcode");
	assert_refused("\x9f\xeb\x01\0\x18\0\0\0", 8, ENOEXEC, "clang -target bpf");
	assert_refused("\177ELF", 4, ENOEXEC, "no ELF file");
	assert_refused("\177ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", 16, EINVAL,
		       "the ELF header is cut off");
	assert_refused("!<arch>\nfile.o/         ", 24, ENOEXEC, "archive");
}

static void elf_refuses_other_classes_and_orders(void **state)
{
	struct file file = read_fixture("load_minimal", "el");

	(void)state;
	file.data[EI_CLASS] = ELFCLASS32;
	assert_refused(file.data, file.len, ENOEXEC, "32-bit");
	file.data[EI_CLASS] = ELFCLASS64;
	file.data[EI_DATA] = 7;
	assert_refused(file.data, file.len, EINVAL, "byte order");
	free(file.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elf_reads_sections_in_both_orders),
		cmocka_unit_test(elf_knows_which_order_is_foreign),
		cmocka_unit_test(elf_reads_symbols_in_both_orders),
		cmocka_unit_test(elf_reads_relocations_in_order),
		cmocka_unit_test(elf_says_what_a_file_is_that_is_no_elf),
		cmocka_unit_test(elf_refuses_other_classes_and_orders),
	};

	return cmocka_run_group_tests_name("elf", tests, NULL, NULL);
}
