// SPDX-License-Identifier: MIT
/* The reader of ELF files: what it finds, and that no bytes lead it astray. */
#include <errno.h>

#include "test.h"

#include "elf/elf.h"

static const char *const orders[] = { "el", "eb" };

struct file {
	uint8_t *data;
	size_t len;
};

static struct file read_fixture(const char *name, const char *order)
{
	struct file file = { .data = malloc(1 << 20) };
	char full[64];
	FILE *f;

	snprintf(full, sizeof(full), "%s.%s.o", name, order);
	f = fopen(fixture_path(full), "rb");
	assert_non_null(f);
	assert_non_null(file.data);
	file.len = fread(file.data, 1, 1 << 20, f);
	fclose(f);
	assert_in_range(file.len, 1000, (1 << 20) - 1);
	return file;
}

static void read_ok(struct skep_elf *elf, const struct file *file)
{
	struct skep_error err = { 0 };

	assert_ok(!skep_elf_read(elf, file->data, file->len, &err), &err);
}

static void assert_refused(const void *data, size_t len, int code, const char *says)
{
	struct skep_error err = { 0 };
	struct skep_elf elf;
	/* A copy of just this length, so that a sanitizer sees a read behind its end. */
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, data, len);
	assert_int_equal(skep_elf_read(&elf, copy, len, &err), -code);
	assert_int_equal(err.code, code);
	assert_error_says(&err, says);
	skep_elf_free(&elf);
	free(copy);
}

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

/* A relocation of a symbol that does not exist, or behind the end of its section. */
static void elf_checks_relocations(void **state)
{
	struct file file = read_fixture("load_globals", "el");
	Elf64_Ehdr *header = (void *)file.data;
	struct skep_error err = { 0 };
	struct skep_elf_reloc *relocs;
	size_t at = 0;
	struct skep_elf elf;

	(void)state;
	read_ok(&elf, &file);
	assert_int_equal(header->e_ident[EI_DATA], ELFDATA2LSB);
	while (elf.sections[at].type != SHT_REL)
		at++;
	memset((void *)(elf.sections[at].data + 12), 0x7f, 4);
	assert_int_equal(skep_elf_relocs(&elf, &elf.sections[at], &relocs, &err), -EINVAL);
	assert_error_says(&err, "names symbol");
	memset((void *)(elf.sections[at].data + 12), 0, 4);
	memset((void *)elf.sections[at].data, 0x7f, 8);
	assert_int_equal(skep_elf_relocs(&elf, &elf.sections[at], &relocs, &err), -EINVAL);
	assert_error_says(&err, "is at offset");
	skep_elf_free(&elf);
	free(file.data);
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
	assert_refused("!<arch>\nfile.o/         ", 24, ENOEXEC, "archive");
}

static void elf_refuses_files_cut_at_any_length(void **state)
{
	struct file file = read_fixture("load_minimal", "el");

	(void)state;
	for (size_t len = 0; len < file.len; len++) {
		struct skep_error err = { 0 };
		uint8_t *copy = malloc(len ? len : 1);
		struct skep_elf elf;

		memcpy(copy, file.data, len);
		/* The section table stands at the end: nothing shorter is whole. */
		assert_true(skep_elf_read(&elf, copy, len, &err) < 0);
		assert_true(err.code && err.cause[0]);
		skep_elf_free(&elf);
		free(copy);
	}
	free(file.data);
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

/* Every field of the header and of the section table, with values that are too large. */
static void elf_survives_any_header(void **state)
{
	struct file file = read_fixture("load_globals", "el");
	Elf64_Ehdr header;
	size_t table;

	(void)state;
	memcpy(&header, file.data, sizeof(header));
	table = header.e_ident[EI_DATA] == ELFDATA2LSB ? header.e_shoff : 0;
	for (size_t at = 16; at < file.len; at = at == 63 ? table : at + 1) {
		static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
		uint8_t old = file.data[at];

		if (at == 63 && (!table || table >= file.len))
			break;
		for (size_t v = 0; v < sizeof(values); v++) {
			struct skep_error err = { 0 };
			struct skep_elf elf;

			file.data[at] = values[v];
			if (!skep_elf_read(&elf, file.data, file.len, &err)) {
				for (size_t s = 0; s < elf.n_sections; s++) {
					struct skep_elf_reloc *relocs;

					if (elf.sections[s].type != SHT_REL &&
					    elf.sections[s].type != SHT_RELA)
						continue;
					if (skep_elf_relocs(&elf, &elf.sections[s], &relocs,
							    NULL) >= 0)
						free(relocs);
				}
			} else {
				assert_true(err.code && err.cause[0]);
			}
			skep_elf_free(&elf);
		}
		file.data[at] = old;
	}
	free(file.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elf_reads_sections_in_both_orders),
		cmocka_unit_test(elf_knows_which_order_is_foreign),
		cmocka_unit_test(elf_reads_symbols_in_both_orders),
		cmocka_unit_test(elf_reads_relocations_in_order),
		cmocka_unit_test(elf_checks_relocations),
		cmocka_unit_test(elf_says_what_a_file_is_that_is_no_elf),
		cmocka_unit_test(elf_refuses_files_cut_at_any_length),
		cmocka_unit_test(elf_refuses_other_classes_and_orders),
		cmocka_unit_test(elf_survives_any_header),
	};

	return cmocka_run_group_tests_name("elf", tests, NULL, NULL);
}
