// SPDX-License-Identifier: MIT
/*
 * Good BTF, damaged at random but in the same way each time: whatever comes out of it, each
 * reader must end and stay inside its bytes, which the sanitizers and valgrind watch.
 */
#include <skep/text.h>

#include "support.h"

#include "btf/index.h"
#include "elf/elf.h"

#define MAX_ASKED 40 /* types of each BTF */

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static uint32_t below(uint64_t *seed, size_t limit)
{
	return (uint32_t)(next_random(seed) % limit);
}

/* The strings that a type's members refer to: each inside or none. */
static void read_members(const struct skep_btf *btf, const struct btf_type *t)
{
	for (uint32_t i = 0; i < skep_btf_vlen(t); i++) {
		const char *name = "";

		switch (skep_btf_kind(t)) {
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			name = skep_btf_string(btf, skep_btf_members(t)[i].name_off);
			skep_btf_sizeof(btf, skep_btf_members(t)[i].type);
			break;
		case BTF_KIND_ENUM:
			name = skep_btf_string(btf, skep_btf_enums(t)[i].name_off);
			break;
		case BTF_KIND_ENUM64:
			name = skep_btf_string(btf, skep_btf_enums64(t)[i].name_off);
			break;
		case BTF_KIND_FUNC_PROTO:
			name = skep_btf_string(btf, skep_btf_params(t)[i].name_off);
			break;
		case BTF_KIND_DATASEC:
			skep_btf_resolve(btf, skep_btf_secinfos(t)[i].type);
			break;
		default:
			break;
		}
		assert_true(!name || strlen(name) < 1 << 20);
	}
}

static void read_type(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(btf, id);
	const char *name = skep_btf_name(btf, id);
	struct skep_text text = { 0 };
	uint32_t resolved = skep_btf_resolve(btf, id);
	size_t n;

	assert_non_null(t);
	read_members(btf, t);
	assert_true(resolved < skep_btf_count(btf));
	assert_in_range(skep_btf_alignof(btf, id), 1, 16);
	assert_true(skep_btf_sizeof(btf, id) >= -EINVAL);
	skep_btf_print_type(btf, id, "name", &text);
	skep_text_free(&text);
	if (!name[0])
		return;
	assert_in_range(skep_btf_find(btf, name, 0), 1, id);
	assert_non_null(skep_btf_named(btf, name, skep_btf_essential_len(name), &n));
	assert_true(n > 0);
}

/* From bytes that end where their memory ends. */
static bool read_all(const uint8_t *data, size_t len, const struct skep_btf *base)
{
	const char *const names[] = { "node", "int", "absent", "node_t" };
	const struct skep_btf_opts opts = { .size = sizeof(opts), .base = base };
	const struct skep_btf_c_opts c_opts = { .size = sizeof(c_opts), .bpf = true };
	struct skep_error err = { 0 };
	struct skep_text text = { 0 };
	uint8_t *copy = malloc(len ? len : 1);
	struct skep_btf *btf;
	uint32_t step;

	assert_non_null(copy);
	memcpy(copy, data, len);
	btf = skep_btf_new(copy, len, &opts, &err);
	assert_true(btf || (err.code && err.cause[0]));
	if (btf) {
		skep_btf_prefetch(btf, names, 4);
		step = skep_btf_count(btf) / MAX_ASKED + 1;
		for (uint32_t id = 1; id < skep_btf_count(btf); id += step)
			read_type(btf, id);
		assert_null(skep_btf_type(btf, skep_btf_count(btf)));
		skep_btf_print_c(btf, &c_opts, &text, &err);
		skep_text_free(&text);
	}
	skep_btf_free(btf);
	free(copy);
	return btf != NULL;
}

/* A byte anything, a word near another or at a limit, or the end cut off. */
static void damage(uint8_t *data, size_t *len, uint64_t *seed)
{
	static const uint32_t limits[] = { 0,	       1,	   0x7fffffff, 0x80000000,
					   0xffffffff, 0x00ffffff, 0x0f000001, 0x84ffffff };
	uint32_t word, at = below(seed, *len);

	switch (below(seed, 8)) {
	case 0:
		*len = at;
		return;
	case 1:
	case 2:
		data[at] = (uint8_t)next_random(seed);
		return;
	case 3:
		data[at] ^= (uint8_t)(1 << below(seed, 8));
		return;
	}
	at &= ~3u;
	if (at + sizeof(word) > *len)
		return;
	memcpy(&word, data + at, sizeof(word));
	if (below(seed, 2))
		word += below(seed, 9) - 4;
	else
		word = limits[below(seed, sizeof(limits) / sizeof(limits[0]))];
	memcpy(data + at, &word, sizeof(word));
}

/* How many of @rounds were read in spite of their damage. */
static int mutate(const uint8_t *good, size_t good_len, const struct skep_btf *base, int rounds,
		  uint64_t seed)
{
	uint8_t *data = malloc(good_len);
	int n_read = 0;

	assert_non_null(data);
	assert_true(read_all(good, good_len, base));
	for (int i = 0; i < rounds; i++) {
		uint32_t times = 1 + below(&seed, 3);
		size_t len = good_len;

		memcpy(data, good, good_len);
		while (times-- && len)
			damage(data, &len, &seed);
		n_read += read_all(data, len, base);
	}
	free(data);
	/* Both must occur, or the damage tests only one side. */
	assert_in_range(n_read, 1, rounds - 1);
	return n_read;
}

static void damaged_types_are_read_or_refused(void **state)
{
	size_t len;
	uint8_t *raw = finish(some_types(), &len);

	(void)state;
	mutate(raw, len, NULL, 6000, 1);
	turn_round(raw, len);
	mutate(raw, len, NULL, 6000, 2);
	free(raw);
}

static void damaged_split_types_are_read_or_refused(void **state)
{
	size_t base_len, len;
	uint8_t *base_raw = finish(some_types(), &base_len), *raw;
	struct skep_btf *base = open_raw(base_raw, base_len, NULL);
	struct skep_btf_builder *b = skep_btf_builder_new_split(base);

	(void)state;
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 3);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "extra", 8);
	skep_btf_builder_member(b, "node", 11, 0, 0);
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "node___mine", 12);
	raw = finish(b, &len);
	mutate(raw, len, base, 4000, 3);
	skep_btf_free(base);
	free(base_raw);
	free(raw);
}

static void damaged_types_of_objects_are_read_or_refused(void **state)
{
	static const char *const names[] = { "load_globals.el.o", "load_globals.eb.o",
					     "spec_maps.el.o",	  "spec_maps.eb.o",
					     "load_links.el.o",	  "load_links.eb.o" };

	(void)state;
	for (uint64_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct skep_elf_section *section;
		uint8_t *data = malloc(1 << 20);
		struct skep_error err = { 0 };
		struct skep_elf elf;
		FILE *f = fopen(fixture_path(names[i]), "rb");
		size_t len;

		assert_non_null(f);
		len = fread(data, 1, 1 << 20, f);
		fclose(f);
		assert_ok(!skep_elf_read(&elf, data, len, &err), &err);
		section = skep_elf_section(&elf, ".BTF");
		assert_non_null(section);
		mutate(section->data, section->size, NULL, 1500, 4 + i);
		skep_elf_free(&elf);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_types_are_read_or_refused),
		cmocka_unit_test(damaged_split_types_are_read_or_refused),
		cmocka_unit_test(damaged_types_of_objects_are_read_or_refused),
	};

	return cmocka_run_group_tests_name("btf_mutation", tests, NULL, NULL);
}
