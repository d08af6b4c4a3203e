// SPDX-License-Identifier: MIT
/*
 * Good objects with every byte of their headers changed, and with bytes anywhere changed at random
 * but in the same way each time: what is read must be inside the file, which the sanitizers and
 * valgrind watch.
 */
#include "support.h"

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* What a compiler may not leave out. */
static void read_bytes(const volatile uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		(void)data[i];
}

static void check_section(const struct skep_elf *elf, const struct skep_elf_section *s)
{
	struct skep_elf_reloc *relocs = NULL;
	struct skep_error err = { 0 };
	int64_t n = 0;

	assert_true(strlen(s->name) < elf->len);
	assert_non_null(skep_elf_section(elf, s->name));
	if (s->data) {
		assert_true(s->data >= elf->data && s->size <= elf->len);
		assert_true((size_t)(s->data - elf->data) <= elf->len - s->size);
		read_bytes(s->data, s->size);
	}
	if (s->type == SHT_REL || s->type == SHT_RELA)
		n = skep_elf_relocs(elf, s, &relocs, &err);
	assert_true(n >= 0 || (n == -err.code && err.cause[0] && !relocs));
	for (int64_t i = 0; i < n; i++) {
		assert_true(relocs[i].symbol < elf->n_symbols);
		assert_true(relocs[i].offset < elf->sections[s->info].size);
		assert_true(!i || relocs[i - 1].offset <= relocs[i].offset);
	}
	free(relocs);
}

/* From bytes that end where their memory ends. */
static bool read_all(const struct file *file)
{
	uint8_t *copy = malloc(file->len ? file->len : 1);
	struct skep_error err = { 0 };
	struct skep_elf elf;
	bool is_read;

	assert_non_null(copy);
	memcpy(copy, file->data, file->len);
	is_read = !skep_elf_read(&elf, copy, file->len, &err);
	assert_true(is_read || (err.code && err.cause[0]));
	for (size_t i = 0; i < elf.n_sections; i++)
		check_section(&elf, &elf.sections[i]);
	for (size_t i = 0; i < elf.n_symbols; i++) {
		uint32_t section = elf.symbols[i].section;

		assert_true(strlen(elf.symbols[i].name) < elf.len);
		assert_true(section < elf.n_sections || section >= SHN_LORESERVE);
	}
	skep_elf_free(&elf);
	free(copy);
	return is_read;
}

static void objects_are_refused_cut_at_any_length(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct file file = read_fixture("load_minimal", orders[i]);
		size_t len = file.len;

		assert_true(read_all(&file));
		/* The section headers stand at the end: nothing shorter is whole. */
		for (file.len = 0; file.len < len; file.len++)
			assert_false(read_all(&file));
		free(file.data);
	}
}

static int try_values(struct file *file, size_t from, size_t to)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	int n_read = 0;

	for (size_t at = from; at < to; at++) {
		uint8_t old = file->data[at];

		for (size_t v = 0; v < sizeof(values); v++) {
			file->data[at] = values[v];
			n_read += read_all(file);
		}
		file->data[at] = old;
	}
	return n_read;
}

static void any_byte_of_the_headers_may_be_wrong(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct file file = read_fixture("load_minimal", orders[i]);
		size_t table = get_field(&file, HEADER(e_shoff));
		int n_read = try_values(&file, 0, sizeof(Elf64_Ehdr));

		n_read += try_values(&file, table, file.len);
		assert_in_range(n_read, 1, 5 * (sizeof(Elf64_Ehdr) + file.len - table) - 1);
		free(file.data);
	}
}

/* Most of a file is instructions and debug information: its tables are hit on purpose. */
static size_t pick_place(const struct file *file, uint64_t *seed)
{
	size_t section = next_random(seed) % get_field(file, HEADER(e_shnum));
	uint64_t at = get_field(file, SECTION(file, section, sh_offset));
	uint64_t size = get_field(file, SECTION(file, section, sh_size));

	if (next_random(seed) % 4 == 0) {
		at = get_field(file, HEADER(e_shoff)) + section * sizeof(Elf64_Shdr);
		size = sizeof(Elf64_Shdr);
	}
	return at + (size ? next_random(seed) % size : 0);
}

static void any_byte_may_be_wrong(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct file good = read_fixture("load_globals", orders[i]);
		struct file bad = { .data = malloc(good.len) };
		int n_read = 0;

		assert_non_null(bad.data);
		for (int round = 0; round < 4000; round++) {
			bad.len = good.len;
			memcpy(bad.data, good.data, good.len);
			for (int times = 1 + round % 3; times; times--) {
				size_t at = pick_place(&good, &seed);

				if (at < bad.len)
					bad.data[at] ^= (uint8_t)(1 + next_random(&seed) % 255);
			}
			if (round % 16 == 0)
				bad.len = next_random(&seed) % good.len;
			n_read += read_all(&bad);
		}
		assert_in_range(n_read, 1, 3999);
		free(bad.data);
		free(good.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_refused_cut_at_any_length),
		cmocka_unit_test(any_byte_of_the_headers_may_be_wrong),
		cmocka_unit_test(any_byte_may_be_wrong),
	};

	return cmocka_run_group_tests_name("elf_mutation", tests, NULL, NULL);
}
