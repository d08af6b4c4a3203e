// SPDX-License-Identifier: MIT
/*
 * The types that programs get from skep/bpf/types.h against the running kernel's: whatever the
 * kernel has of them, programs have too, at the same place and with the same number.
 */
#include "kernel/support.h"

#include <skep/btf.h>

static size_t checked;

static const char *kind_name(uint16_t kind)
{
	return kind == BTF_KIND_UNION ? "union" : kind == BTF_KIND_STRUCT ? "struct" : "enum";
}

/* Where a member lies, also one of an anonymous member. */
static bool find_member(const struct skep_btf *btf, const struct btf_type *t, const char *name,
			uint32_t *bits)
{
	const struct btf_member *m = skep_btf_members(t);

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const char *own = skep_btf_string(btf, m[i].name_off);
		uint32_t at = *bits + skep_btf_member_offset(t, &m[i]);
		const struct btf_type *inner;

		if (*own) {
			if (strcmp(own, name))
				continue;
			*bits = at;
			return true;
		}
		inner = skep_btf_type(btf, skep_btf_resolve(btf, m[i].type));
		if (find_member(btf, inner, name, &at)) {
			*bits = at;
			return true;
		}
	}
	return false;
}

/* Each member that the kernel has of a type: in @ours at the same bit. */
static void compare_members(const struct skep_btf *kernel, const struct btf_type *theirs,
			    uint32_t base, const struct skep_btf *object,
			    const struct btf_type *ours, const char *type)
{
	const struct btf_member *m = skep_btf_members(theirs);

	for (uint16_t i = 0; i < skep_btf_vlen(theirs); i++) {
		const char *name = skep_btf_string(kernel, m[i].name_off);
		uint32_t at = base + skep_btf_member_offset(theirs, &m[i]), bits = 0;
		const struct btf_type *inner =
			skep_btf_type(kernel, skep_btf_resolve(kernel, m[i].type));

		if (!*name && (skep_btf_kind(inner) == BTF_KIND_STRUCT ||
			       skep_btf_kind(inner) == BTF_KIND_UNION)) {
			compare_members(kernel, inner, at, object, ours, type);
		} else if (*name) {
			if (!find_member(object, ours, name, &bits))
				fail_msg("%s.%s: run scripts/gen-uapi.py again", type, name);
			if (bits != at)
				fail_msg("%s.%s is at bit %u, the kernel's at %u", type, name, bits,
					 at);
			checked++;
		}
	}
}

static bool has_enumerator(const struct skep_btf *btf, const struct btf_type *t, const char *name,
			   int32_t value)
{
	const struct btf_enum *e = skep_btf_enums(t);

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
		if (!strcmp(skep_btf_string(btf, e[i].name_off), name))
			return e[i].val == value;
	return false;
}

/* The last of a list is a count, which grows. */
static bool is_count(const char *name)
{
	return !strncmp(name, "__MAX", 5) || !strncmp(name, "MAX_", 4) ||
	       !strncmp(name, "__BPF_FUNC_MAX", 14);
}

static void compare_enumerators(const struct skep_btf *kernel, const struct btf_type *theirs,
				const struct skep_btf *object, const struct btf_type *ours)
{
	const struct btf_enum *e = skep_btf_enums(theirs);

	for (uint16_t i = 0; i < skep_btf_vlen(theirs); i++) {
		const char *name = skep_btf_string(kernel, e[i].name_off);

		if (is_count(name))
			continue;
		if (!has_enumerator(object, ours, name, e[i].val))
			fail_msg("%s = %d: run scripts/gen-uapi.py again", name, e[i].val);
		checked++;
	}
}

static void compare(const struct skep_btf *kernel, const struct skep_btf *object, uint32_t id)
{
	const struct btf_type *ours = skep_btf_type(object, id), *theirs;
	uint16_t kind = skep_btf_kind(ours);
	const char *name = skep_btf_name(object, id);
	uint32_t found;
	char type[128];

	if (!name || !*name ||
	    (kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION && kind != BTF_KIND_ENUM))
		return;
	found = skep_btf_find(kernel, name, kind);
	if (!found)
		return;
	theirs = skep_btf_type(kernel, found);
	snprintf(type, sizeof(type), "%s %s", kind_name(kind), name);
	if (kind == BTF_KIND_ENUM)
		compare_enumerators(kernel, theirs, object, ours);
	else
		compare_members(kernel, theirs, 0, object, ours, type);
}

static void types_of_programs_are_those_of_the_kernel(void **state)
{
	struct skep_error err;
	const struct skep_btf *kernel = skep_btf_kernel(&err);
	struct skep_spec *spec;

	(void)state;
	if (!kernel)
		SKIP_TEST("this kernel has no BTF");
	spec = open_fixture("bpf_types");
	checked = 0;
	for (uint32_t id = 1; id < skep_btf_count(spec->btf); id++)
		compare(kernel, spec->btf, id);
	assert_true(checked > 500);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_of_programs_are_those_of_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
