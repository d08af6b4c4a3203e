// SPDX-License-Identifier: MIT
/* Several BTFs as one: what is the same is there once, what is not stays apart. */
#include "support.h"

/* struct node that holds a pointer to itself and to a struct other, declared or defined. */
static struct skep_btf *circle(const char *member, bool is_defined, uint8_t **raw)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	size_t len;

	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "node", 16); /* 1 */
	skep_btf_builder_member(b, "next", 2, 0, 0);
	skep_btf_builder_member(b, "other", 4, 64, 0);
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 1); /* 2 */
	if (is_defined) {
		skep_btf_builder_composite(b, BTF_KIND_STRUCT, "other", 8); /* 3 */
		skep_btf_builder_member(b, member, 2, 0, 0);
	} else {
		skep_btf_builder_ref(b, BTF_KIND_FWD, "other", 0); /* 3 */
	}
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 3); /* 4 */
	*raw = finish(b, &len);
	return open_raw(*raw, len, NULL);
}

static void types_of_several_files_are_there_once(void **state)
{
	uint8_t *raw[2];
	const struct skep_btf *in[2] = { circle("back", true, &raw[0]),
					 circle("back", true, &raw[1]) };
	uint32_t ids[2][5], *const maps[] = { ids[0], ids[1] };
	struct skep_error err = { 0 };
	struct skep_btf *out = skep_btf_merge(in, 2, maps, &err);

	(void)state;
	assert_ok(out, &err);
	assert_int_equal(skep_btf_count(out), 5);
	for (uint32_t id = 0; id < 5; id++) {
		assert_int_equal(ids[0][id], id);
		assert_int_equal(ids[1][id], id);
	}
	skep_btf_free(out);
	for (int i = 0; i < 2; i++) {
		skep_btf_free((void *)in[i]);
		free(raw[i]);
	}
}

static void a_declaration_is_the_definition_of_another_file(void **state)
{
	uint8_t *raw[2];
	const struct skep_btf *in[2] = { circle("back", false, &raw[0]),
					 circle("back", true, &raw[1]) };
	uint32_t ids[2][5], *const maps[] = { ids[0], ids[1] };
	struct skep_error err = { 0 };
	struct skep_btf *out = skep_btf_merge(in, 2, maps, &err);

	(void)state;
	assert_ok(out, &err);
	assert_int_equal(skep_btf_count(out), 5);
	assert_int_equal(skep_btf_find(out, "other", BTF_KIND_FWD), 0);
	assert_int_equal(ids[0][3], skep_btf_find(out, "other", BTF_KIND_STRUCT));
	assert_int_equal(ids[1][3], ids[0][3]);
	assert_int_equal(skep_btf_type(out, ids[0][4])->type, ids[0][3]);
	skep_btf_free(out);
	for (int i = 0; i < 2; i++) {
		skep_btf_free((void *)in[i]);
		free(raw[i]);
	}
}

/* One more definition, which is another: the declaration is neither, and the nodes differ. */
static void definitions_that_differ_stay_apart_with_all_that_holds_them(void **state)
{
	uint8_t *raw[3];
	const struct skep_btf *in[3] = { circle("back", true, &raw[0]),
					 circle("forth", true, &raw[1]),
					 circle("", false, &raw[2]) };
	uint32_t ids[3][5], *const maps[] = { ids[0], ids[1], ids[2] };
	struct skep_error err = { 0 };
	struct skep_btf *out = skep_btf_merge(in, 3, maps, &err);

	(void)state;
	assert_ok(out, &err);
	assert_int_equal(skep_btf_count(out), 13);
	for (uint32_t id = 1; id < 5; id++) {
		assert_int_not_equal(ids[0][id], ids[1][id]);
		assert_int_not_equal(ids[0][id], ids[2][id]);
	}
	skep_btf_free(out);
	for (int i = 0; i < 3; i++) {
		skep_btf_free((void *)in[i]);
		free(raw[i]);
	}
}

/* A chain of n pointers to int and one of n to char have nothing in common but their look. */
static void long_chains_are_told_apart_at_their_ends(void **state)
{
	enum { N = 20000 };
	struct skep_btf_builder *b = skep_btf_builder_new();
	uint32_t last[3], *ids = calloc(3 * N + 4, sizeof(*ids)), *const maps[] = { ids };
	const struct skep_btf *in;
	struct skep_error err = { 0 };
	struct skep_btf *out;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_int(b, "int", 4, 0);
	skep_btf_builder_int(b, "char", 1, 0);
	for (int chain = 0; chain < 3; chain++) {
		last[chain] = chain == 1 ? 2 : 1;
		for (int i = 0; i < N; i++)
			last[chain] =
				(uint32_t)skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, last[chain]);
	}
	raw = finish(b, &len);
	in = open_raw(raw, len, NULL);
	out = skep_btf_merge(&in, 1, maps, &err);
	assert_ok(out, &err);
	assert_int_equal(skep_btf_count(out), 2 * N + 3);
	assert_int_equal(ids[last[0]], ids[last[2]]);
	assert_int_not_equal(ids[last[0]], ids[last[1]]);
	skep_btf_free(out);
	skep_btf_free((void *)in);
	free(ids);
	free(raw);
}

static void variables_and_sections_are_kept_all(void **state)
{
	const struct btf_var_secinfo place = { .type = 2, .size = 4 };
	struct btf_type var = { .info = BTF_KIND_VAR << 24, .type = 1 };
	struct btf_type sec = { .info = BTF_KIND_DATASEC << 24 | 1, .size = 4 };
	struct skep_btf_builder *b = skep_btf_builder_new();
	const uint32_t linkage = 1;
	const struct skep_btf *in[2];
	struct skep_error err = { 0 };
	struct skep_btf *out;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_int(b, "int", 4, 0);
	var.name_off = (uint32_t)skep_btf_builder_string(b, "x");
	skep_btf_builder_add(b, &var, &linkage, sizeof(linkage));
	sec.name_off = (uint32_t)skep_btf_builder_string(b, ".bss");
	skep_btf_builder_add(b, &sec, &place, sizeof(place));
	raw = finish(b, &len);
	in[0] = in[1] = open_raw(raw, len, NULL);
	out = skep_btf_merge(in, 2, NULL, &err);
	assert_ok(out, &err);
	assert_int_equal(skep_btf_count(out), 6);
	assert_int_equal(skep_btf_secinfos(skep_btf_type(out, 5))->type, 4);
	skep_btf_free(out);
	skep_btf_free((void *)in[0]);
	free(raw);
}

static void what_cannot_be_merged_is_told(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_error err = { 0 };
	const struct skep_btf *in, *none = NULL;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 7);
	raw = finish(b, &len);
	in = open_raw(raw, len, NULL);
	assert_null(skep_btf_merge(&in, 1, NULL, &err));
	assert_error_says(&err, "refers to type 7");
	assert_null(skep_btf_merge(&none, 1, NULL, &err));
	assert_null(skep_btf_merge(NULL, 1, NULL, &err));
	skep_btf_free((void *)in);
	free(raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_of_several_files_are_there_once),
		cmocka_unit_test(a_declaration_is_the_definition_of_another_file),
		cmocka_unit_test(definitions_that_differ_stay_apart_with_all_that_holds_them),
		cmocka_unit_test(long_chains_are_told_apart_at_their_ends),
		cmocka_unit_test(variables_and_sections_are_kept_all),
		cmocka_unit_test(what_cannot_be_merged_is_told),
	};

	return cmocka_run_group_tests_name("btf_merge", tests, NULL, NULL);
}
