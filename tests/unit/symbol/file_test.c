// SPDX-License-Identifier: MIT
/* The functions of executables and libraries by address, and of their debug files. */
#include "../user/builder.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbol/file.h"
#include "symbol/parts.h"

static const struct skep_debug_place nowhere = { "", "" };

static void write_file(const char *path, const void *data, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static int file_of(const void *data, size_t len)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fflush(file), 0);
	fd = dup(fileno(file));
	fclose(file);
	assert_true(fd >= 0);
	return fd;
}

static struct skep_symbol_file *read_bytes(const void *data, size_t len, const char *path,
					   const struct skep_debug_place *debug)
{
	int fd = file_of(data, len);
	struct skep_symbol_file *file = skep_symbol_file_read(fd, path, debug);

	assert_non_null(file);
	close(fd);
	return file;
}

static const char *name_at(const struct skep_symbol_file *file, uint64_t address)
{
	const struct skep_name *name = skep_names_find(&file->names, address);

	return name ? skep_names_text(&file->names, name) : "-";
}

static void functions_of_all_classes_and_orders_have_addresses(void **state)
{
	static struct builder b;

	(void)state;
	for (unsigned int variant = 0; variant < N_VARIANTS; variant++) {
		struct skep_symbol_file *file;
		uint64_t address = 0;

		build_example(&b, variant, false);
		file = read_bytes(b.data, b.len, "/usr/lib/x.so", &nowhere);
		assert_false(file->is_unusable);
		assert_string_equal(file->path, "/usr/lib/x.so");
		assert_int_equal(file->id.len, 3);
		assert_true(skep_symbol_file_address(file, TEXT_OFFSET + 0x108, &address));
		assert_int_equal(address, IN_TEXT + 8);
		assert_false(skep_symbol_file_address(file, DATA_OFFSET + 8, &address));
		assert_false(skep_symbol_file_address(file, UINT64_MAX, &address));
		assert_string_equal(name_at(file, IN_TEXT + 8), "main");
		assert_string_equal(name_at(file, IN_TEXT + 0xa0), "old_style");
		assert_string_equal(name_at(file, IN_TEXT + 0x120), "copy");
		assert_string_equal(name_at(file, DATA_ADDR + 0x10), "-");
		skep_symbol_file_free(file);
	}
}

/* Sizes are counted of what was kept, not of the file, whose holes cost nothing. */
static void large_files_cost_what_their_symbols_do(void **state)
{
	static struct builder b;
	struct skep_parts parts;
	struct stat st;
	int fd;

	(void)state;
	build_example(&b, 1, false);
	fd = file_of(b.data, b.len);
	assert_int_equal(ftruncate(fd, 1ll << 30), 0);
	assert_int_equal(skep_parts_read(&parts, fd, "large", NULL), 0);
	assert_int_equal(parts.len, 1ll << 30);
	assert_int_equal(fstat(fd, &st), 0);
	skep_parts_free(&parts);
	close(fd);
}

static void what_is_no_program_has_no_names(void **state)
{
	static struct builder b;
	struct skep_symbol_file *file = read_bytes("#!/bin/sh\n", 10, "script", &nowhere);
	struct skep_error err = { 0 };
	struct skep_parts parts;
	int fd;

	(void)state;
	assert_true(file->is_unusable);
	assert_string_equal(name_at(file, 0), "-");
	skep_symbol_file_free(file);
	fd = file_of("", 0);
	assert_int_equal(skep_parts_read(&parts, fd, "empty", &err), -ENOEXEC);
	close(fd);
	/* Cut short anywhere, it is read as far as it goes or refused. */
	build_example(&b, 1, false);
	for (size_t len = 1; len < b.len; len += 97) {
		file = read_bytes(b.data, len, "cut", &nowhere);
		name_at(file, IN_TEXT);
		skep_symbol_file_free(file);
	}
}

/* Each of many symbols would be looked for its end to the end of the file. */
static void names_without_an_end_are_cut(void **state)
{
	enum { N = 200, STRINGS = 1 << 20 };
	size_t table = 4096, strings = table + N * sizeof(Elf64_Sym), sections = strings + STRINGS;
	size_t len = sections + 3 * sizeof(Elf64_Shdr);
	uint8_t *data = calloc(1, len);
	Elf64_Ehdr *h = (Elf64_Ehdr *)data;
	Elf64_Shdr *s = (Elf64_Shdr *)(data + sections);
	struct skep_symbol_file *file;

	(void)state;
	memcpy(h->e_ident, ELFMAG, SELFMAG);
	h->e_ident[EI_CLASS] = ELFCLASS64;
	h->e_ident[EI_DATA] = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
	h->e_type = ET_DYN;
	h->e_machine = EM_X86_64;
	h->e_shoff = sections;
	h->e_shnum = 3;
	h->e_shentsize = sizeof(Elf64_Shdr);
	s[1] = (Elf64_Shdr){ .sh_type = SHT_SYMTAB,
			     .sh_offset = table,
			     .sh_size = N * sizeof(Elf64_Sym),
			     .sh_link = 2 };
	s[2] = (Elf64_Shdr){ .sh_type = SHT_STRTAB, .sh_offset = strings, .sh_size = STRINGS };
	memset(data + strings, 'x', STRINGS);
	for (size_t i = 0; i < N; i++) {
		Elf64_Sym symbol = { .st_name = (uint32_t)i,
				     .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
				     .st_shndx = 1,
				     .st_value = 0x1000 + i,
				     .st_size = 1 };

		memcpy(data + table + i * sizeof(symbol), &symbol, sizeof(symbol));
	}
	file = read_bytes(data, len, "endless", &nowhere);
	assert_false(file->is_unusable);
	assert_int_equal(strlen(name_at(file, 0x1000)), (64 << 10) - 1);
	assert_int_equal(strlen(name_at(file, 0x1000 + N - 1)), (64 << 10) - N);
	skep_symbol_file_free(file);
	free(data);
}

struct place {
	char root[64], path[512];
	struct skep_debug_place debug;
};

static void make_place(struct place *place)
{
	char command[600];

	snprintf(place->root, sizeof(place->root), "/tmp/skep-debug-XXXXXX");
	assert_non_null(mkdtemp(place->root));
	snprintf(command, sizeof(command), "%s/.build-id", place->root);
	assert_int_equal(mkdir(command, 0700), 0);
	snprintf(command, sizeof(command), "%s/.build-id/01", place->root);
	assert_int_equal(mkdir(command, 0700), 0);
	place->debug = (struct skep_debug_place){ place->root, "" };
}

static void remove_place(const struct place *place)
{
	static const char *const parts[] = { ".build-id/01/0203.debug",
					     ".build-id/01/0203",
					     ".build-id/01",
					     ".build-id",
					     "x.debug",
					     "x" };
	char path[600];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", place->root, parts[i]);
		remove(path);
	}
	assert_int_equal(rmdir(place->root), 0);
}

static void a_stripped_file_has_the_names_of_its_debug_file(void **state)
{
	static struct builder stripped, full;
	struct skep_build_id id = { { 1, 2, 3 }, 3 };
	struct skep_symbol_file *file;
	struct place place;

	(void)state;
	make_place(&place);
	build_example(&stripped, 1, true);
	build_example(&full, 1, false);
	file = read_bytes(stripped.data, stripped.len, "/x", &place.debug);
	assert_string_equal(name_at(file, IN_TEXT + 0x24), "-");
	skep_symbol_file_free(file);
	snprintf(place.path, sizeof(place.path), "%s/.build-id/01/0203.debug", place.root);
	write_file(place.path, full.data, full.len);
	file = read_bytes(stripped.data, stripped.len, "/x", &place.debug);
	assert_string_equal(name_at(file, IN_TEXT + 0x24), "twice");
	assert_string_equal(name_at(file, IN_TEXT + 0x120), "copy");
	skep_symbol_file_free(file);
	/* By its id alone, when nothing else is known. */
	file = skep_symbol_file_of_id(&id, &place.debug);
	assert_non_null(file);
	assert_string_equal(name_at(file, IN_TEXT + 0x24), "twice");
	skep_symbol_file_free(file);
	id.bytes[2] = 4;
	assert_null(skep_symbol_file_of_id(&id, &place.debug));
	/* One of another build is not believed. */
	for (size_t i = 0; i + 4 < full.len; i++)
		if (!memcmp(full.data + i, "GNU", 4))
			full.data[i + 4] = 9;
	write_file(place.path, full.data, full.len);
	file = read_bytes(stripped.data, stripped.len, "/x", &place.debug);
	assert_string_equal(name_at(file, IN_TEXT + 0x24), "-");
	skep_symbol_file_free(file);
	remove_place(&place);
}

static uint32_t checksum(const uint8_t *data, size_t len)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < len; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* A program without a build id that names its debug file, and that file. */
static void build_linked(struct builder *b, struct builder *full, bool right)
{
	static const struct made_symbol symbol = { "kept_apart", IN_TEXT, STT_FUNC, STB_GLOBAL, 0 };
	uint8_t link[12] = "x.debug";
	size_t at;

	build_start(full, 1, EM_X86_64);
	build_symbols(full, SHT_SYMTAB, &symbol, 1);
	build_finish(full);
	build_start(b, 1, EM_X86_64);
	at = build_section(b, ".gnu_debuglink", SHT_PROGBITS, 0, link, sizeof(link));
	build_put(b, b->sections[at].offset + 8, 4, checksum(full->data, full->len) + !right);
	build_finish(b);
}

static void a_file_that_is_linked_to_is_known_by_its_checksum(void **state)
{
	static struct builder b, full;

	(void)state;
	for (int right = 0; right < 2; right++) {
		struct skep_symbol_file *file;
		struct place place;
		char path[600];

		make_place(&place);
		build_linked(&b, &full, right);
		snprintf(path, sizeof(path), "%s/x.debug", place.root);
		write_file(path, full.data, full.len);
		snprintf(path, sizeof(path), "%s/x", place.root);
		file = read_bytes(b.data, b.len, path, &place.debug);
		assert_string_equal(name_at(file, IN_TEXT), right ? "kept_apart" : "-");
		skep_symbol_file_free(file);
		remove_place(&place);
	}
}

static void short_build_ids_differ_from_long_ones(void **state)
{
	const struct skep_build_id a = { { 1, 2 }, 2 }, b = { { 1, 2, 0 }, 3 }, none = { .len = 0 };

	(void)state;
	assert_true(skep_build_id_equal(&a, &a));
	assert_false(skep_build_id_equal(&a, &b));
	assert_false(skep_build_id_equal(&none, &none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_of_all_classes_and_orders_have_addresses),
		cmocka_unit_test(large_files_cost_what_their_symbols_do),
		cmocka_unit_test(what_is_no_program_has_no_names),
		cmocka_unit_test(names_without_an_end_are_cut),
		cmocka_unit_test(a_stripped_file_has_the_names_of_its_debug_file),
		cmocka_unit_test(a_file_that_is_linked_to_is_known_by_its_checksum),
		cmocka_unit_test(short_build_ids_differ_from_long_ones),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
