// SPDX-License-Identifier: MIT
/*
 * Objects whose relocations have their addends (SHT_RELA), as other compilers than clang write
 * them: made from clang's by moving what the relocated words hold into the relocations.
 */
#include <elf.h>

#include "support.h"

#define GARBAGE 77 /* what is left in the words */

/* The types of relocations (Documentation/bpf/llvm_reloc.rst). */
enum { WIDE = 1, ABS32 = 3, NODYLD32 = 4, CALL32 = 10 };

struct object {
	uint8_t *data;
	size_t len;
	bool foreign;
};

static uint64_t get(const struct object *o, size_t at, size_t size)
{
	uint64_t v = 0;

	for (size_t i = 0; i < size; i++) {
		bool little = o->foreign != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

		v |= (uint64_t)o->data[at + i] << 8 * (little ? i : size - 1 - i);
	}
	return v;
}

static void put(const struct object *o, size_t at, size_t size, uint64_t v)
{
	for (size_t i = 0; i < size; i++) {
		bool little = o->foreign != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

		o->data[at + i] = (uint8_t)(v >> 8 * (little ? i : size - 1 - i));
	}
}

#define GET(o, at, type, field) get(o, (at) + offsetof(type, field), sizeof(((type *)0)->field))
#define PUT(o, at, type, field, v) \
	put(o, (at) + offsetof(type, field), sizeof(((type *)0)->field), v)

/* Takes the addend out of the word that a relocation of this type is for. */
static int64_t take_addend(const struct object *o, size_t word, uint32_t type)
{
	int32_t value;

	if (type == WIDE || type == CALL32)
		word += offsetof(struct bpf_insn, imm);
	else if (type != ABS32 && type != NODYLD32)
		return 0;
	value = (int32_t)get(o, word, 4);
	put(o, word, 4, GARBAGE);
	return type == CALL32 ? (value + 1) * 8ll : value;
}

static void convert_section(struct object *o, size_t header)
{
	size_t table = GET(o, header, Elf64_Shdr, sh_offset);
	size_t n = GET(o, header, Elf64_Shdr, sh_size) / sizeof(Elf64_Rel);
	size_t target = GET(o, 0, Elf64_Ehdr, e_shoff) +
			GET(o, header, Elf64_Shdr, sh_info) * sizeof(Elf64_Shdr);
	size_t words = GET(o, target, Elf64_Shdr, sh_offset);
	size_t to = o->len;

	for (size_t i = 0; i < n; i++) {
		size_t from = table + i * sizeof(Elf64_Rel);
		uint64_t offset = GET(o, from, Elf64_Rel, r_offset);
		uint64_t info = GET(o, from, Elf64_Rel, r_info);

		PUT(o, o->len, Elf64_Rela, r_offset, offset);
		PUT(o, o->len, Elf64_Rela, r_info, info);
		PUT(o, o->len, Elf64_Rela, r_addend,
		    (uint64_t)take_addend(o, words + offset, (uint32_t)info));
		o->len += sizeof(Elf64_Rela);
	}
	PUT(o, header, Elf64_Shdr, sh_type, SHT_RELA);
	PUT(o, header, Elf64_Shdr, sh_offset, to);
	PUT(o, header, Elf64_Shdr, sh_size, n * sizeof(Elf64_Rela));
	PUT(o, header, Elf64_Shdr, sh_entsize, sizeof(Elf64_Rela));
}

static size_t convert(struct object *o)
{
	size_t headers = GET(o, 0, Elf64_Ehdr, e_shoff), n = GET(o, 0, Elf64_Ehdr, e_shnum);
	size_t converted = 0;

	for (size_t i = 0; i < n; i++) {
		size_t header = headers + i * sizeof(Elf64_Shdr);

		if (GET(o, header, Elf64_Shdr, sh_type) != SHT_REL)
			continue;
		convert_section(o, header);
		converted++;
	}
	return converted;
}

static void same_function(const struct skep_function *a, const struct skep_function *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->type_id, b->type_id);
	assert_int_equal(a->n_refs, b->n_refs);
	for (size_t i = 0; i < a->n_refs; i++) {
		assert_int_equal(a->refs[i].insn, b->refs[i].insn);
		assert_int_equal(a->refs[i].kind, b->refs[i].kind);
		assert_int_equal(a->refs[i].index, b->refs[i].index);
		assert_int_equal(a->refs[i].offset, b->refs[i].offset);
	}
	assert_int_equal(a->n_lines, b->n_lines);
	for (size_t i = 0; i < a->n_lines; i++)
		assert_int_equal(a->lines[i].insn, b->lines[i].insn);
	assert_int_equal(a->n_core_relos, b->n_core_relos);
	for (size_t i = 0; i < a->n_core_relos; i++)
		assert_int_equal(a->core_relos[i].insn, b->core_relos[i].insn);
}

static void same_spec(const struct skep_spec *a, const struct skep_spec *b)
{
	assert_int_equal(a->n_functions, b->n_functions);
	for (size_t i = 0; i < a->n_functions; i++)
		same_function(a->functions[i], b->functions[i]);
	assert_int_equal(a->n_globals, b->n_globals);
	for (size_t i = 0; i < a->n_globals; i++) {
		assert_string_equal(a->globals[i]->name, b->globals[i]->name);
		assert_int_equal(a->globals[i]->offset, b->globals[i]->offset);
	}
	assert_int_equal(a->n_maps, b->n_maps);
	for (size_t i = 0; i < a->n_maps; i++)
		assert_int_equal(a->maps[i]->n_slots, b->maps[i]->n_slots);
}

static void check(const char *name, const char *order)
{
	struct skep_spec *whole = open_fixture(name, order), *converted;
	struct skep_error err = { 0 };
	struct object o = { .foreign = whole->is_foreign };

	o.data = read_fixture(name, order, &o.len);
	assert_true(o.len < 1 << 19);
	assert_true(convert(&o) > 1);
	converted = skep_spec_read(o.data, o.len, NULL, &err);
	assert_ok(converted, &err);
	same_spec(whole, converted);
	skep_spec_free(converted);
	skep_spec_free(whole);
	free(o.data);
}

static void relocations_may_have_their_addends(void **state)
{
	static const char *const names[] = { "spec_refs", "spec_globals", "spec_maps",
					     "relo_local" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (int k = 0; k < 2; k++)
			check(names[i], orders[k]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relocations_may_have_their_addends),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
