/* SPDX-License-Identifier: MIT */
/* Compiled objects, and their fields in the objects' own byte order. */
#ifndef SKEP_TESTS_ELF_SUPPORT_H
#define SKEP_TESTS_ELF_SUPPORT_H

#include <errno.h>
#include <skep/error.h>

#include "test.h"

#include "elf/elf.h"

static const char *const orders[] = { "el", "eb" };

struct file {
	uint8_t *data;
	size_t len;
};

static inline struct file read_fixture(const char *name, const char *order)
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

static inline void read_ok(struct skep_elf *elf, const struct file *file)
{
	struct skep_error err = { 0 };

	assert_ok(!skep_elf_read(elf, file->data, file->len, &err), &err);
}

static inline void assert_refused(const void *data, size_t len, int code, const char *says)
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
	assert_null(elf.sections);
	assert_null(elf.symbols);
	skep_elf_free(&elf);
	free(copy);
}

static inline bool is_big(const struct file *file)
{
	return file->data[EI_DATA] == ELFDATA2MSB;
}

static inline uint64_t get_field(const struct file *file, size_t at, size_t size)
{
	uint64_t value = 0;

	assert_true(at + size <= file->len);
	for (size_t i = 0; i < size; i++)
		value = value << 8 | file->data[at + (is_big(file) ? i : size - 1 - i)];
	return value;
}

static inline void set_field(struct file *file, size_t at, size_t size, uint64_t value)
{
	assert_true(at + size <= file->len);
	for (size_t i = 0; i < size; i++, value >>= 8)
		file->data[at + (is_big(file) ? size - 1 - i : i)] = (uint8_t)value;
}

/* Where a field is in the file: of its header, of a section's header, of an entry in a section. */
#define HEADER(field) offsetof(Elf64_Ehdr, field), sizeof(((Elf64_Ehdr *)0)->field)

#define SECTION(file, i, field)                                         \
	get_field((file), HEADER(e_shoff)) + (i) * sizeof(Elf64_Shdr) + \
		offsetof(Elf64_Shdr, field),                            \
		sizeof(((Elf64_Shdr *)0)->field)

#define ENTRY(file, i, type, n, field)                                            \
	get_field((file), SECTION((file), (i), sh_offset)) + (n) * sizeof(type) + \
		offsetof(type, field),                                            \
		sizeof(((type *)0)->field)

/* The index of the first section of a type. */
static inline size_t find_section(const struct file *file, uint32_t type)
{
	size_t n = get_field(file, HEADER(e_shnum));

	for (size_t i = 0; i < n; i++)
		if (get_field(file, SECTION(file, i, sh_type)) == type)
			return i;
	fail_msg("there is no section of type %u", type);
	return 0;
}

#endif
