// SPDX-License-Identifier: MIT
/* skep gen: its verbs, and headers from BTF. */
#include "cli/run.h"

#include <skep/btf.h>
#include <unistd.h>

#include "btf/builder.h"

static char folder[] = "/tmp/skep-gen-XXXXXX";

static const char *in_folder(const char *name)
{
	static char paths[4][96];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "rm", "-r", folder);
	run_free(&r);
	return 0;
}

static void verbs_are_listed_and_have_help_of_their_own(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "gen", "--help");
	assert_run(&r, r.status == 0 && strstr(r.out, "usage: skep gen VERB") &&
			       strstr(r.out, "\n  vmlinux "));
	run_free(&r);
	RUN(&r, "skep", "gen");
	assert_run(&r, r.status == 2 && !r.out_len && strstr(r.err, "usage: skep gen VERB"));
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "--help");
	assert_run(&r, r.status == 0 && strstr(r.out, "usage: skep gen vmlinux"));
	run_free(&r);
}

static void verbs_that_do_not_exist_have_a_near_one_named(void **state)
{
	static const struct {
		const char *argv[6];
		const char *says;
	} cases[] = {
		{ { "skep", "gen", "vmlinx" }, "did you mean 'skep gen vmlinux'?" },
		{ { "skep", "gen", "somersault" }, "see 'skep gen --help'" },
		{ { "skep", "gen", "vmlinux", "-x" }, "see 'skep gen vmlinux --help'" },
		{ { "skep", "gen", "vmlinux", "-b", "id:x" }, "'x' is no id of BTF" },
		{ { "skep", "gen", "vmlinux", "-b", "module:../x" }, "no name of a module" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		run(&r, NULL, cases[i].argv);
		assert_run(&r, r.status == 2 && r.out_len == 0);
		assert_run(&r, strstr(r.err, cases[i].says) && count_lines(r.err) == 1);
		run_free(&r);
	}
}

/* A header of some types of an object, from its path, into a file. */
static void a_header_of_named_types_is_made(void **state)
{
	const char *object = fixture_path("load_maps.el.o");
	const char *header = in_folder("types.h");
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "gen", "vmlinux", "-b", object, "-o", header);
	assert_run(&r, r.status == 0 && !r.out_len && !r.err_len);
	run_free(&r);
	RUN(&r, "clang-19", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", header);
	assert_run(&r, r.status == 0);
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "-b", object, "--plain", "__u3?");
	assert_run(&r, !strcmp(r.out, "typedef unsigned int __u32;\n\n"));
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "-b", object, "struct __u32");
	assert_run(&r, r.status == 2 && strstr(r.err, "there is no type 'struct __u32'"));
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "-b", object, "__u31");
	assert_run(&r, r.status == 2 && strstr(r.err, "did you mean '__u32'?"));
	run_free(&r);
}

static void the_machine_of_a_header_may_be_chosen(void **state)
{
	const char *object = fixture_path("load_maps.el.o");
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "gen", "vmlinux", "-b", object, "__u32");
	assert_run(&r, r.status == 0 && !strstr(r.out, "__TARGET_ARCH_"));
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "-b", object, "-m", "arm64", "__u32");
	assert_run(&r, r.status == 0 && strstr(r.out, "#define __TARGET_ARCH_arm64\n"));
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "-m", "none", "pt_regs");
	assert_run(&r, r.status == 0 && !strstr(r.out, "__TARGET_ARCH_"));
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "-b", object, "-m", "vax", "__u32");
	assert_run(&r, r.status == 2 && !r.out_len && strstr(r.err, "no machine 'vax'") &&
			       strstr(r.err, "x86, i386, arm64") && count_lines(r.err) == 1);
	run_free(&r);
}

/* Without debug information in the kernel's own tags, a function that is named has a prototype. */
static void functions_of_the_kernel_have_prototypes_for_programs(void **state)
{
	const char *header = in_folder("functions.h");
	struct run_result r;

	(void)state;
	if (!skep_btf_find(skep_btf_kernel(NULL), "bpf_task_acquire", BTF_KIND_FUNC))
		SKIP_TEST("the running kernel has no BTF, or no function bpf_task_acquire");
	RUN(&r, "skep", "gen", "vmlinux", "bpf_task_acquire", "-o", header);
	assert_run(&r, r.status == 0);
	run_free(&r);
	RUN(&r, "grep", "-c", "^extern .*__ksym", header);
	assert_run(&r, r.status == 0 && !strcmp(r.out, "1\n"));
	run_free(&r);
	RUN(&r, "clang-19", "-target", "bpf", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x",
	    "c", header);
	assert_run(&r, r.status == 0);
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "--no-kfuncs", "bpf_task_acquire");
	assert_run(&r, r.status == 0 && !strstr(r.out, "__ksym"));
	run_free(&r);
}

static void damaged_btf_says_where_it_is_damaged(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	const char *path = in_folder("damaged.btf");
	struct run_result r;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 99);
	raw = skep_btf_builder_finish(b, &len);
	write_file(path, raw, len);
	RUN(&r, "skep", "gen", "vmlinux", "-b", path);
	assert_run(&r, r.status == 1 && !r.out_len && count_lines(r.err) == 1);
	assert_run(&r, strstr(r.err, "type 2, 16 bytes into the types, refers to type 99"));
	run_free(&r);
	write_file(path, raw, len - 3);
	RUN(&r, "skep", "gen", "vmlinux", "-b", path);
	assert_run(&r, r.status == 1 && strstr(r.err, "damaged.btf") && strstr(r.err, "strings"));
	run_free(&r);
	free(raw);
	skep_btf_builder_free(b);
}

static void objects_are_linked(void **state)
{
	char lib[4096], map[4096];
	const char *out = in_folder("linked.o");
	struct run_result r;

	(void)state;
	snprintf(lib, sizeof(lib), "%s", fixture_path("linker_lib.el.o"));
	snprintf(map, sizeof(map), "%s", fixture_path("linker_map.el.o"));
	RUN(&r, "skep", "gen", "object", "-o", out, lib, fixture_path("linker_main.el.o"));
	assert_run(&r, r.status == 0 && !r.out_len && !r.err_len);
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "-b", out, "setup", "--plain");
	assert_run(&r, r.status == 0 && strstr(r.out, "struct setup {"));
	run_free(&r);
	RUN(&r, "skep", "gen", "object", "-o", in_folder("none.o"), lib, map);
	assert_run(&r, r.status == 1 && count_lines(r.err) == 1);
	assert_run(&r, strstr(r.err, "linker_map.el.o: map 'counts', max_entries differs: 32 here, "
				     "16 in ") &&
			       access(in_folder("none.o"), F_OK));
	run_free(&r);
	RUN(&r, "skep", "gen", "object", lib);
	assert_run(&r, r.status == 2 && strstr(r.err, "-o FILE is missing"));
	run_free(&r);
	RUN(&r, "skep", "gen", "object", "-o", out);
	assert_run(&r, r.status == 2 && strstr(r.err, "no object is given"));
	run_free(&r);
}

static void minimal_btf_is_made_for_one_kernel_or_several(void **state)
{
	char local[4096], target[4096];
	const char *folder_of_two = in_folder("two"), *one = in_folder("min.btf");
	struct run_result r;

	(void)state;
	snprintf(local, sizeof(local), "%s", fixture_path("relo_local.el.o"));
	snprintf(target, sizeof(target), "%s", fixture_path("relo_target.el.o"));
	RUN(&r, "skep", "gen", "btf", "min", "-b", target, "-o", one, local);
	assert_run(&r, r.status == 0 && !r.out_len && !r.err_len);
	run_free(&r);
	RUN(&r, "skep", "gen", "vmlinux", "-b", one, "--plain", "struct bits");
	assert_run(&r, r.status == 0 && strstr(r.out, "below_zero : 5;"));
	assert_run(&r, !strstr(r.out, "spare"));
	run_free(&r);
	RUN(&r, "skep", "gen", "btf", "min", "-b", target, "-b", one, "-o", folder_of_two, local);
	assert_run(&r, r.status == 0 && !access(in_folder("two/min.btf"), R_OK) &&
			       !access(in_folder("two/relo_target.el.o"), R_OK));
	run_free(&r);
	RUN(&r, "skep", "gen", "btf", "min", "-b", target, "-b", target, "-o", folder_of_two,
	    local);
	assert_run(&r, r.status == 2 && strstr(r.err, "would be the same file"));
	run_free(&r);
	RUN(&r, "skep", "gen", "btf", "min", local);
	assert_run(&r, r.status == 2 && strstr(r.err, "-o is missing"));
	run_free(&r);
	RUN(&r, "skep", "gen", "btf", "mix");
	assert_run(&r, r.status == 2 && strstr(r.err, "did you mean 'skep gen btf min'?"));
	run_free(&r);
}

static const char constants_header[] =
	"#define SIZED 0x20\n#define NEGATIVE (-3)\n#define UNSIGNED 4000000000u\n"
	"#define WIDE (1ull << 63)\n#define DEEP (SIZED * 2 + FROM_ENUM)\n"
	"#define TEXT \"text\"\n#define CALLED(x) (x)\n#define NOTHING\n"
	"#define UNKNOWN_NAME unknown_name\n#define _HIDDEN 1\n#define TYPE struct nobody\n"
	"enum places { FROM_ENUM = 7, LOWEST = -2147483647 - 1 };\n";

static const char constants_check[] =
	"enum { FROM_ENUM = 7 };\n#include \"constants.h\"\n#include \"constants.h\"\n"
	"_Static_assert(SIZED == 32 && NEGATIVE == -3 && UNSIGNED == 4000000000u, \"1\");\n"
	"_Static_assert(WIDE == 1ull << 63 && DEEP == 71 && FROM_ENUM == 7, \"2\");\n"
	"_Static_assert(UNSIGNED > 0 && WIDE > 0 && LOWEST == -2147483647 - 1, \"3\");\n"
	"#if defined(TEXT) || defined(CALLED) || defined(NOTHING) || defined(UNKNOWN_NAME)\n"
	"#error what is no integer constant is there\n#endif\n"
	"#if defined(_HIDDEN) || defined(TYPE)\n#error what was not asked for is there\n#endif\n";

static void constants_of_headers_have_clang_s_values(void **state)
{
	const char *header = in_folder("given.h"), *check = in_folder("check.c");
	struct run_result r;

	(void)state;
	write_file(header, constants_header, strlen(constants_header));
	write_file(check, constants_check, strlen(constants_check));
	RUN(&r, "skep", "gen", "constants", header, "*", "-o", in_folder("constants.h"));
	assert_run(&r, r.status == 0 && !r.out_len && !r.err_len);
	run_free(&r);
	RUN(&r, "clang-19", "-target", "bpf", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
	    check);
	assert_run(&r, r.status == 0);
	run_free(&r);
	RUN(&r, "skep", "gen", "constants", header, "SIZED");
	assert_run(&r, r.status == 0 && strstr(r.out, "#define SIZED 0x20\n") &&
			       count_lines(r.out) == 5);
	run_free(&r);
	RUN(&r, "skep", "gen", "constants", header, "FROM_ENUN");
	assert_run(&r, r.status == 2 && strstr(r.err, "did you mean 'FROM_ENUM'?"));
	run_free(&r);
	RUN(&r, "skep", "gen", "constants", header, "TEXT");
	assert_run(&r, r.status == 2 && strstr(r.err, "there is no integer constant 'TEXT'"));
	run_free(&r);
	RUN(&r, "skep", "gen", "constants", "skep/nowhere.h", "X");
	assert_run(&r, r.status == 1 && strstr(r.err, "'skep/nowhere.h' file not found"));
	run_free(&r);
	RUN(&r, "skep", "gen", "constants", "X");
	assert_run(&r, r.status == 2 && strstr(r.err, "neither a header nor -b is given"));
	run_free(&r);
}

static void constants_of_btf_are_its_enums_values(void **state)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	const char *path = in_folder("enums.btf");
	struct run_result r;
	uint8_t *raw;
	size_t len;

	(void)state;
	skep_btf_builder_enum(b, "signs", 4, true);
	skep_btf_builder_value(b, "SIGN_MINUS", -1);
	skep_btf_builder_enum(b, "plain", 4, false);
	skep_btf_builder_value(b, "PLAIN_HIGH", 0x80000000);
	skep_btf_builder_enum(b, "wide", 8, false);
	skep_btf_builder_value(b, "WIDE_ALL", -1);
	skep_btf_builder_value(b, "OTHER", 1);
	raw = skep_btf_builder_finish(b, &len);
	write_file(path, raw, len);
	RUN(&r, "skep", "gen", "constants", "-b", path, "SIGN_*", "PLAIN_HIGH", "WIDE_*");
	assert_run(&r, r.status == 0 && strstr(r.out, "#define SIGN_MINUS (-1)\n") &&
			       strstr(r.out, "#define PLAIN_HIGH 2147483648U\n") &&
			       strstr(r.out, "#define WIDE_ALL 18446744073709551615ULL\n") &&
			       !strstr(r.out, "OTHER"));
	run_free(&r);
	RUN(&r, "skep", "gen", "constants", "-b", path, "OTHERS");
	assert_run(&r, r.status == 2 && strstr(r.err, "did you mean 'OTHER'?"));
	run_free(&r);
	free(raw);
	skep_btf_builder_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verbs_are_listed_and_have_help_of_their_own),
		cmocka_unit_test(verbs_that_do_not_exist_have_a_near_one_named),
		cmocka_unit_test(a_header_of_named_types_is_made),
		cmocka_unit_test(the_machine_of_a_header_may_be_chosen),
		cmocka_unit_test(functions_of_the_kernel_have_prototypes_for_programs),
		cmocka_unit_test(objects_are_linked),
		cmocka_unit_test(minimal_btf_is_made_for_one_kernel_or_several),
		cmocka_unit_test(constants_of_headers_have_clang_s_values),
		cmocka_unit_test(constants_of_btf_are_its_enums_values),
		cmocka_unit_test(damaged_btf_says_where_it_is_damaged),
	};

	return cmocka_run_group_tests_name("gen", tests, setup, teardown);
}
