// SPDX-License-Identifier: MIT
/* ELF files that are wrong in one place, in both byte orders, and what is said about each. */
#include "support.h"

/* Both byte orders, one after the other, of the fixture with everything. */
#define for_each_order(file)                                                             \
	for (int order_ = 0;                                                             \
	     order_ < 2 && ((file) = read_fixture("load_globals", orders[order_])).data; \
	     free((file).data), order_++)

/* Sets one field, sees the file refused, and puts the field back. */
static void refuse_with(struct file *file, size_t at, size_t size, uint64_t value, const char *says)
{
	uint64_t old = get_field(file, at, size);

	set_field(file, at, size, value);
	assert_refused(file->data, file->len, EINVAL, says);
	set_field(file, at, size, old);
}

static void a_wrong_section_table_is_told(void **state)
{
	struct file file;

	(void)state;
	for_each_order(file)
	{
		refuse_with(&file, HEADER(e_shoff), 0, "the file has no sections");
		refuse_with(&file, HEADER(e_shoff), file.len, "header table is cut off");
		refuse_with(&file, HEADER(e_shoff), UINT64_MAX, "header table is cut off");
		refuse_with(&file, HEADER(e_shoff), UINT64_MAX - 63, "header table is cut off");
		refuse_with(&file, HEADER(e_shnum), 0xfeff, "header table is cut off");
		refuse_with(&file, HEADER(e_shentsize), 40, "has 40 bytes instead of 64");
		refuse_with(&file, HEADER(e_shstrndx), 0, "name outside the string table");
		refuse_with(&file, HEADER(e_shstrndx), 0xfeff, "name outside the string table");
	}
}

/* The number of sections, and which has their names, may stand in the first section's header. */
static void many_sections_are_counted_in_the_first(void **state)
{
	struct file file;

	(void)state;
	for_each_order(file)
	{
		uint64_t n = get_field(&file, HEADER(e_shnum));
		struct skep_elf elf;

		set_field(&file, HEADER(e_shnum), 0);
		assert_refused(file.data, file.len, EINVAL, "the file has no sections");
		set_field(&file, SECTION(&file, 0, sh_size), n);
		set_field(&file, SECTION(&file, 0, sh_link), get_field(&file, HEADER(e_shstrndx)));
		set_field(&file, HEADER(e_shstrndx), SHN_XINDEX);
		read_ok(&elf, &file);
		assert_int_equal(elf.n_sections, n);
		assert_non_null(skep_elf_section(&elf, "license"));
		skep_elf_free(&elf);
		refuse_with(&file, SECTION(&file, 0, sh_size), n + 1, "cut off");
		refuse_with(&file, SECTION(&file, 0, sh_size), UINT64_MAX, "cut off");
		refuse_with(&file, SECTION(&file, 0, sh_size), 1ull << 58, "cut off");
		refuse_with(&file, SECTION(&file, 0, sh_link), UINT32_MAX, "string table");
	}
}

static void a_section_outside_the_file_is_told(void **state)
{
	struct file file;

	(void)state;
	for_each_order(file)
	{
		size_t at = find_section(&file, SHT_PROGBITS);
		char says[64];

		snprintf(says, sizeof(says), "section %zu is cut off", at);
		refuse_with(&file, SECTION(&file, at, sh_offset), file.len + 1, says);
		refuse_with(&file, SECTION(&file, at, sh_offset), UINT64_MAX, says);
		refuse_with(&file, SECTION(&file, at, sh_size), file.len + 1, says);
		refuse_with(&file, SECTION(&file, at, sh_size), UINT64_MAX, says);
		snprintf(says, sizeof(says), "section %zu has a name outside", at);
		refuse_with(&file, SECTION(&file, at, sh_name), UINT32_MAX, says);
	}
}

static void names_without_their_nul_are_told(void **state)
{
	struct file file;

	(void)state;
	for_each_order(file)
	{
		size_t table = get_field(&file, HEADER(e_shstrndx));
		size_t at = get_field(&file, SECTION(&file, table, sh_offset)) +
			    get_field(&file, SECTION(&file, table, sh_size)) - 1;

		refuse_with(&file, at, 1, 'x', "name outside the string table");
	}
}

static void a_wrong_symbol_is_told(void **state)
{
	struct file file;

	(void)state;
	for_each_order(file)
	{
		size_t table = find_section(&file, SHT_SYMTAB);
		uint64_t size = get_field(&file, SECTION(&file, table, sh_size));

		refuse_with(&file, SECTION(&file, table, sh_link), 0xfeff, "names string table");
		refuse_with(&file, SECTION(&file, table, sh_link), 0,
			    "symbol 0 has a name outside");
		refuse_with(&file, SECTION(&file, table, sh_size), size - 1, "no multiple of 24");
		refuse_with(&file, ENTRY(&file, table, Elf64_Sym, 2, st_name), UINT32_MAX,
			    "symbol 2 has a name outside");
		refuse_with(&file, ENTRY(&file, table, Elf64_Sym, 1, st_shndx), 0xfeff,
			    "symbol 1 is in a section that does not exist");
		refuse_with(&file, ENTRY(&file, table, Elf64_Sym, 1, st_shndx), SHN_XINDEX,
			    "symbol 1 has no section index");
	}
}

/* Section numbers that sixteen bits do not hold come from a table beside the symbols'. */
static void wide_section_numbers_are_checked(void **state)
{
	struct file file;

	(void)state;
	for_each_order(file)
	{
		size_t symbols = find_section(&file, SHT_SYMTAB);
		size_t other = find_section(&file, SHT_REL);
		size_t numbers = get_field(&file, SECTION(&file, other, sh_offset));
		struct skep_elf elf;

		set_field(&file, SECTION(&file, other, sh_type), SHT_SYMTAB_SHNDX);
		set_field(&file, ENTRY(&file, symbols, Elf64_Sym, 1, st_shndx), SHN_XINDEX);
		set_field(&file, numbers + 4, 4, 2);
		read_ok(&elf, &file);
		assert_int_equal(elf.symbols[1].section, 2);
		skep_elf_free(&elf);
		refuse_with(&file, numbers + 4, 4, 0xffff,
			    "symbol 1 is in a section that does not");
		refuse_with(&file, numbers + 4, 4, UINT32_MAX,
			    "symbol 1 is in a section that does");
		refuse_with(&file, SECTION(&file, other, sh_size), 4, "has no section index");
	}
}

static void refuse_relocs(struct file *file, size_t i, size_t at, size_t size, uint64_t value,
			  const char *says)
{
	uint64_t old = get_field(file, at, size);
	struct skep_elf_reloc *relocs = (void *)1;
	struct skep_error err = { 0 };
	struct skep_elf elf;

	set_field(file, at, size, value);
	read_ok(&elf, file);
	assert_int_equal(skep_elf_relocs(&elf, &elf.sections[i], &relocs, &err), -EINVAL);
	assert_null(relocs);
	assert_error_says(&err, says);
	skep_elf_free(&elf);
	set_field(file, at, size, old);
}

static void wrong_relocations_are_told(void **state)
{
	struct file file;

	(void)state;
	for_each_order(file)
	{
		size_t i = find_section(&file, SHT_REL);
		uint64_t size = get_field(&file, SECTION(&file, i, sh_size));
		uint64_t target = get_field(&file, SECTION(&file, i, sh_info));
		uint64_t end = get_field(&file, SECTION(&file, target, sh_size));

		refuse_relocs(&file, i, ENTRY(&file, i, Elf64_Rel, 0, r_info), UINT64_MAX,
			      "relocation 0 of section");
		refuse_relocs(&file, i, ENTRY(&file, i, Elf64_Rel, 0, r_offset), end,
			      "relocation 0 is at offset");
		refuse_relocs(&file, i, ENTRY(&file, i, Elf64_Rel, 0, r_offset), UINT64_MAX,
			      "relocation 0 is at offset 18446744073709551615");
		refuse_relocs(&file, i, SECTION(&file, i, sh_info), UINT32_MAX,
			      "relocates section 4294967295");
		refuse_relocs(&file, i, SECTION(&file, i, sh_size), size - 1, "no multiple of 16");
	}
}

/* User programs have relocations with addends; read here from bytes that are anything else. */
static void relocations_with_addends_are_read(void **state)
{
	struct file file;

	(void)state;
	for_each_order(file)
	{
		size_t i = find_section(&file, SHT_REL);
		struct skep_elf_reloc *relocs;
		struct skep_error err = { 0 };
		struct skep_elf elf;

		set_field(&file, SECTION(&file, i, sh_type), SHT_RELA);
		set_field(&file, SECTION(&file, i, sh_size), 2 * sizeof(Elf64_Rela));
		for (int n = 0; n < 2; n++) {
			set_field(&file, ENTRY(&file, i, Elf64_Rela, n, r_offset), 8 - 8 * n);
			set_field(&file, ENTRY(&file, i, Elf64_Rela, n, r_info),
				  ELF64_R_INFO(1ull + n, 7 + n));
			set_field(&file, ENTRY(&file, i, Elf64_Rela, n, r_addend), -4ull - n);
		}
		read_ok(&elf, &file);
		assert_ok(skep_elf_relocs(&elf, &elf.sections[i], &relocs, &err) == 2, &err);
		for (int n = 0; n < 2; n++) {
			assert_int_equal(relocs[1 - n].offset, 8 - 8 * n);
			assert_int_equal(relocs[1 - n].symbol, 1 + n);
			assert_int_equal(relocs[1 - n].type, 7 + n);
			assert_int_equal(relocs[1 - n].addend, -4 - n);
		}
		free(relocs);
		skep_elf_free(&elf);
	}
}

static void other_machines_are_read_as_they_are(void **state)
{
	struct file file;

	(void)state;
	for_each_order(file)
	{
		struct skep_elf elf;

		set_field(&file, HEADER(e_machine), EM_X86_64);
		set_field(&file, HEADER(e_type), ET_DYN);
		read_ok(&elf, &file);
		assert_int_equal(elf.machine, EM_X86_64);
		assert_int_equal(elf.type, ET_DYN);
		skep_elf_free(&elf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_section_table_is_told),
		cmocka_unit_test(many_sections_are_counted_in_the_first),
		cmocka_unit_test(a_section_outside_the_file_is_told),
		cmocka_unit_test(names_without_their_nul_are_told),
		cmocka_unit_test(a_wrong_symbol_is_told),
		cmocka_unit_test(wide_section_numbers_are_checked),
		cmocka_unit_test(wrong_relocations_are_told),
		cmocka_unit_test(relocations_with_addends_are_read),
		cmocka_unit_test(other_machines_are_read_as_they_are),
	};

	return cmocka_run_group_tests_name("elf_damage", tests, NULL, NULL);
}
