// SPDX-License-Identifier: MIT
/*
 * Objects damaged in ways that are the same in every run: read and relocated, or refused with a
 * reason, and nothing else. A build with sanitizers sees what reads or writes where it must not.
 */
#include "support.h"

#define ROUNDS 1000 /* of each fixture in each byte order */

static uint64_t seed;

static uint64_t random_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* A few bytes anywhere, or most of them in one place. */
static void damage(uint8_t *data, size_t len)
{
	static const uint8_t values[] = { 0, 1, 2, 4, 8, 0x7f, 0x80, 0xff };
	size_t n = 1 + random_number() % 8, near = random_number() % len;
	bool is_near = random_number() & 1;

	while (n--) {
		size_t at = is_near ? (near + random_number() % 16) % len : random_number() % len;

		if (random_number() & 1)
			data[at] = values[random_number() % sizeof(values)];
		else
			data[at] ^= (uint8_t)(1u << random_number() % 8);
	}
}

static void relocate_program(struct skep_spec *spec, const struct skep_program_spec *program,
			     const struct skep_btf *target, struct skep_core_cache *cache)
{
	int *fds = calloc(spec->n_maps + 1, sizeof(*fds));
	struct skep_relo_values values = { .map_fds = fds };
	struct skep_error err = { 0 };
	struct skep_text text = { 0 };
	struct skep_code code;

	assert_non_null(fds);
	if (!skep_code_link(&code, spec, program, &err) &&
	    (!spec->btf || !skep_code_core(&code, spec, target, cache, &err)) &&
	    !skep_code_values(&code, spec, &values, &err)) {
		for (uint32_t i = 0; i < code.n_insns; i++) {
			skep_code_explain_poison(&code, spec, i, &text);
			skep_code_line(&code, spec, i);
		}
	} else {
		assert_true(err.code && err.cause[0]);
	}
	skep_text_free(&text);
	skep_code_free(&code);
	free(fds);
}

static void use(const uint8_t *data, size_t len, const struct skep_btf *target)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_read(data, len, NULL, &err);
	struct skep_core_cache *cache = skep_core_cache_new();
	const char **names = NULL;

	assert_non_null(cache);
	if (!spec)
		assert_true(err.code && err.cause[0]);
	for (size_t i = 0; spec && i < spec->n_programs; i++) {
		relocate_program(spec, spec->programs[i], target, cache);
		/* Its own BTF may be damaged too. */
		if (spec->btf && i < 3) {
			struct skep_core_cache *own = skep_core_cache_new();

			relocate_program(spec, spec->programs[i], spec->btf, own);
			skep_core_cache_free(own);
		}
	}
	for (size_t i = 0; spec && i < spec->n_globals; i++)
		skep_spec_parse_global(spec, spec->globals[i]->name, "1", &err);
	if (spec && spec->btf)
		skep_core_root_names(spec, &names);
	free(names);
	skep_core_cache_free(cache);
	skep_spec_free(spec);
}

static void damage_fixture(const char *name, const char *order)
{
	struct skep_btf *target = skep_btf_open(fixture_in("relo_target", order), NULL, NULL);
	size_t len;
	uint8_t *data = read_fixture(name, order, &len);
	uint8_t *copy = malloc(len);

	assert_non_null(target);
	assert_non_null(copy);
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		seed = round * 0x9e3779b97f4a7c15;
		memcpy(copy, data, len);
		damage(copy, len);
		use(copy, round % 8 ? len : random_number() % len, target);
	}
	free(copy);
	free(data);
	skep_btf_free(target);
}

static void damaged_objects_are_read_or_refused(void **state)
{
	static const char *const names[] = { "relo_local",  "relo_target", "spec_globals",
					     "spec_legacy", "spec_maps",   "spec_refs" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		damage_fixture(names[i], "el");
		damage_fixture(names[i], "eb");
	}
}

/* Against damaged types: the object is whole, the target is not. */
static void damaged_targets_are_resolved_or_refused(void **state)
{
	size_t len;
	uint8_t *data = read_fixture("relo_target", "el", &len), *copy = malloc(len);
	struct skep_spec *spec = open_fixture("relo_local", "el");

	(void)state;
	assert_non_null(copy);
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		struct skep_spec *target;

		seed = round * 0xc2b2ae3d27d4eb4f;
		memcpy(copy, data, len);
		damage(copy, len);
		target = skep_spec_read(copy, len, NULL, NULL);
		if (target && target->btf) {
			struct skep_core_cache *cache = skep_core_cache_new();

			for (size_t i = 0; i < spec->n_programs; i++)
				relocate_program(spec, spec->programs[i], target->btf, cache);
			skep_core_cache_free(cache);
		}
		skep_spec_free(target);
	}
	skep_spec_free(spec);
	free(copy);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_objects_are_read_or_refused),
		cmocka_unit_test(damaged_targets_are_resolved_or_refused),
	};

	return cmocka_run_group_tests_name("relo_mutation", tests, NULL, NULL);
}
