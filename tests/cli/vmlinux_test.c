// SPDX-License-Identifier: MIT
/*
 * The running kernel's types as a header: the compiler says that each has the size and each member
 * the place that the kernel's BTF gives.
 */
#include "cli/run.h"

#include <skep/btf.h>

#include "base/hash.h"

static char folder[] = "/tmp/skep-vmlinux-XXXXXX", header[64], checks[64];
static const struct skep_btf *btf;

static int setup(void **state)
{
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .bpf = true };
	struct skep_text text = { 0 };

	(void)state;
	btf = skep_btf_kernel(NULL);
	if (!mkdtemp(folder))
		return -1;
	snprintf(header, sizeof(header), "%s/vmlinux.h", folder);
	snprintf(checks, sizeof(checks), "%s/checks.c", folder);
	if (!btf)
		return 0;
	if (skep_btf_print_c(btf, &opts, &text, NULL))
		return -1;
	write_file(header, text.data, text.len);
	skep_text_free(&text);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove(header);
	remove(checks);
	return remove(folder);
}

static void check_member(const struct btf_type *t, const struct btf_member *m, const char *what,
			 const char *type, struct skep_text *out)
{
	const char *name = skep_btf_string(btf, m->name_off);

	if (!name || !*name || skep_btf_member_width(t, m))
		return;
	skep_text_printf(out, "_Static_assert(__builtin_offsetof(%s %s, %s) == %u, \"%s.%s\");\n",
			 what, type, name, skep_btf_member_offset(t, m) / 8, type, name);
}

/* Asserts about the first type of each name, which keeps it. */
static uint32_t check_types(struct skep_text *out)
{
	struct skep_hash seen = { 0 };
	uint32_t n = 0;

	for (uint32_t id = 1; id < skep_btf_count(btf); id++) {
		const struct btf_type *t = skep_btf_type(btf, id);
		uint16_t kind = skep_btf_kind(t);
		const char *name = skep_btf_name(btf, id);
		const char *what = kind == BTF_KIND_UNION ? "union" : "struct";
		bool is_new, is_enum = kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64;

		if (!*name || !(is_enum || kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION))
			continue;
		skep_hash_put(&seen, name, strlen(name), &is_new);
		if (!is_new || is_enum)
			continue;
		skep_text_printf(out, "_Static_assert(sizeof(%s %s) == %u, \"%s\");\n", what, name,
				 t->size, name);
		for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
			check_member(t, &skep_btf_members(t)[i], what, name, out);
		n++;
	}
	skep_hash_free(&seen);
	return n;
}

static void the_kernels_header_has_the_kernels_layout(void **state)
{
	static const char *const flags[] = { "-target bpf", "", "-std=c99" };
	struct skep_text text = { 0 };
	struct run_result r;
	char command[256];

	(void)state;
	if (!btf)
		SKIP_TEST("the running kernel has no BTF");
	skep_text_lit(&text, "#include \"vmlinux.h\"\n");
	assert_true(check_types(&text) > 1000);
	write_file(checks, text.data, text.len);
	skep_text_free(&text);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		snprintf(command, sizeof(command),
			 "clang-19 %s -Wall -Wno-unknown-attributes -Werror -fsyntax-only %s",
			 flags[i], checks);
		RUN(&r, "sh", "-c", command);
		assert_run(&r, r.status == 0 && !count_lines(r.err));
		run_free(&r);
	}
}

static void the_kernels_header_is_always_the_same(void **state)
{
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .bpf = true };
	struct skep_text a = { 0 }, b = { 0 };
	struct skep_error err = { 0 };

	(void)state;
	if (!btf)
		SKIP_TEST("the running kernel has no BTF");
	assert_ok(!skep_btf_print_c(btf, &opts, &a, &err), &err);
	assert_ok(!skep_btf_print_c(btf, &opts, &b, &err), &err);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	skep_text_free(&a);
	skep_text_free(&b);
}

/* A header of one type is compiled, too, and has nothing that the type does not need. */
static void one_type_has_a_header_of_its_own(void **state)
{
	const uint32_t root = btf ? skep_btf_find(btf, "path", BTF_KIND_STRUCT) : 0;
	const struct skep_btf_c_opts opts = { .size = sizeof(opts), .roots = &root, .n_roots = 1 };
	struct skep_text text = { 0 };
	struct skep_error err = { 0 };
	struct run_result r;

	(void)state;
	if (!root)
		SKIP_TEST("the running kernel has no BTF");
	assert_ok(!skep_btf_print_c(btf, &opts, &text, &err), &err);
	assert_non_null(strstr(skep_text_string(&text), "struct path {"));
	assert_true(text.len < 1000);
	write_file(checks, text.data, text.len);
	skep_text_free(&text);
	RUN(&r, "clang-19", "-Wall", "-Werror", "-fsyntax-only", checks);
	assert_run(&r, r.status == 0);
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernels_header_has_the_kernels_layout),
		cmocka_unit_test(the_kernels_header_is_always_the_same),
		cmocka_unit_test(one_type_has_a_header_of_its_own),
	};

	return cmocka_run_group_tests_name("vmlinux", tests, setup, teardown);
}
