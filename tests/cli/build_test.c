// SPDX-License-Identifier: MIT
/* skep build: what goes into a package, and what it refuses. */
#include "cli/build_support.h"

#include <sys/stat.h>
#include <unistd.h>

/* The config of a package, which is its only blob that has a schema. */
static const char *config_of(const char *package)
{
	static char config[16384];
	struct run_result r;

	RUN(&r, "sh", "-c",
	    "for f in $(tar tf $0 | grep blobs); do tar xOf $0 $f; echo; done | "
	    "grep -a '^{\"schema\":1,'",
	    package);
	assert_run(&r, r.status == 0 && count_lines(r.out) == 1);
	snprintf(config, sizeof(config), "%s", r.out);
	run_free(&r);
	return config;
}

static void a_source_becomes_a_package_with_what_its_comments_say(void **state)
{
	static const struct {
		const char *filter, *value;
	} wanted[] = {
		{ ".name", "thing" },
		{ ".brief", "Counts things" },
		{ ".version", "1.5" },
		{ ".details", "on loopback" },
		{ ".licence", "GPL" },
		{ "[.options[].variable]", "[\"min_age\",\"name\",\"said\"]" },
		{ ".options[0] | [.long,.short,.default,.help,.type,.section]",
		  "[\"min-age\",\"m\",\"5\",\"how old\",\"int\",\".rodata\"]" },
		{ ".options[1].type", "char[16]" },
		{ ".options[2] | [.section,.help]", "[\".bss\",\"how many\"]" },
		{ ".maps | map(select(.name == \"hists\"))[0].sample",
		  "{\"kind\":\"log2\",\"interval_ms\":200,\"unit\":\"us\"}" },
		{ ".programs",
		  "[{\"name\":\"handle\",\"section\":\"xdp\",\"ifindex\":1,\"flags\":2}]" },
		{ "[.exports[].name]", "[\"thing\",\"slots\"]" },
		{ ".exports[0] | [.size,.members[0].name,.members[0].type]",
		  "[4,\"age\",\"int\"]" },
		{ ".annotations", "{\"variable min_age/colour\":\"blue\"}" },
		{ ".requires.features | map(select(startswith(\"map:\") or startswith(\"prog\")))",
		  "[\"map:array\",\"map:hash\",\"map:ringbuf\",\"program:xdp\"]" },
	};
	const char *config;

	(void)state;
	build_ok("skep", in_folder("thing.skep"));
	config = config_of(in_folder("thing.skep"));
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		assert_string_equal(jq(config, wanted[i].filter), wanted[i].value);
}

static void the_same_source_gives_the_same_bytes_in_any_folder(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "sh", "-ec",
	    "cd $0; mkdir -p deep/er; cp thing.h thing.bpf.c deep/er; echo '# Thing' >README.md\n"
	    "cp README.md deep/er; $SKEP_BIN build thing.bpf.c thing.h -o a.skep\n"
	    "cd deep; $SKEP_BIN build er/thing.bpf.c er/thing.h -o b.skep\n"
	    "cd /; $SKEP_BIN build $0/deep/er/thing.bpf.c $0/deep/er/thing.h -o $0/deep/c.skep\n"
	    "cmp $0/a.skep $0/deep/b.skep; cmp $0/a.skep $0/deep/c.skep\n"
	    "SOURCE_DATE_EPOCH=1700000000 $SKEP_BIN build $0/thing.bpf.c $0/thing.h -o $0/d.skep\n"
	    "! cmp -s $0/a.skep $0/d.skep; tar tvf $0/d.skep | grep -q 'README' && exit 1\n"
	    "! grep -qa $0 $0/a.skep; grep -qa '# Thing' $0/a.skep; rm $0/README.md",
	    folder);
	assert_run(&r, r.status == 0);
	run_free(&r);
}

static void a_header_gives_types_that_the_source_does_not_use(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "build", in_folder("thing.bpf.c"), in_folder("thing.h"), "-o",
	    in_folder("types.skep"));
	assert_run(&r, r.status == 0 && !r.err_len);
	run_free(&r);
	assert_string_equal(jq(config_of(in_folder("types.skep")), "[.exports[].name]"),
			    "[\"thing\",\"slots\",\"unused\"]");
	assert_string_equal(jq(config_of(in_folder("types.skep")), "[.options[].variable]"),
			    "[\"min_age\",\"name\",\"said\"]");
}

static void a_header_alone_gives_its_types(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "build", "--header-only", in_folder("thing.h"), "-o",
	    in_folder("header.skep"));
	assert_run(&r, r.status == 0 && !r.err_len);
	run_free(&r);
	assert_string_equal(jq(config_of(in_folder("header.skep")), "[.exports[].name]"),
			    "[\"thing\",\"slots\",\"unused\"]");
}

static void wrong_comments_are_warned_of_with_their_place(void **state)
{
	struct run_result r;

	(void)state;
	write_text("wrong.bpf.c", "#include <skep/bpf/skep.h>\n"
				  "/// @cmdarg {\"default\": tru}\n"
				  "const volatile int a = 0;\n"
				  "/** @cmdarg {\"default\": 1,\n *  \"shrt\": \"x\" }\n */\n"
				  "const volatile int b = 0;\n"
				  "/// @cmdarg [1]\nconst volatile int c = 0;\n"
				  "/// @ifindex eth0\n"
				  "SEC(\"xdp\") int handle(void *ctx) { return a + b + c; }\n");
	RUN(&r, "skep", "build", in_folder("wrong.bpf.c"), "-o", in_folder("wrong.skep"));
	assert_run(&r, r.status == 0 && count_lines(r.err) == 4);
	assert_run(&r, strstr(r.err, "/wrong.bpf.c:2:27: warning: @cmdarg is no JSON: "));
	assert_run(&r, strstr(r.err, "/wrong.bpf.c:4:13: warning: @cmdarg: 'shrt' is none of"));
	assert_run(&r, strstr(r.err, "/wrong.bpf.c:8:13: warning: @cmdarg: a JSON object"));
	assert_run(&r, strstr(r.err, "/wrong.bpf.c:10:16: warning: @ifindex is no JSON"));
	run_free(&r);
}

static void what_cannot_be_built_is_told_in_a_sentence(void **state)
{
	static const struct {
		const char *argv[8];
		int status;
		const char *says;
	} cases[] = {
		{ { "skep", "build" }, 2, "no source is given" },
		{ { "skep", "build", "/nonexistent.bpf.c" },
		  1,
		  "/nonexistent.bpf.c: cannot be read" },
		{ { "skep", "build", "thing.bpf.c", "-o", "no/such/x.skep" },
		  1,
		  "there is no folder no/such/" },
		{ { "skep", "build", "thing.bpf.c", "-t", "z80" }, 2, "'z80' is not a machine" },
		{ { "skep", "build", "thing.bpf.c", "-t", "x86,x86" }, 2, "given twice" },
		{ { "skep", "build", "thing.bpf.c", "-t", "x86,s390", "-f", "object" },
		  2,
		  "those of x86 and s390 differ" },
		{ { "skep", "build", "empty.bpf.c" }, 1, "there is no program in it" },
		{ { "skep", "build", "thing.bpf.c", "empty.h" },
		  1,
		  "defines no struct, union or enum with a name" },
		{ { "skep", "build", "thing.bpf.c", "other.h" },
		  1,
		  "'struct elsewhere' of other.h is not in the object" },
		{ { "skep", "build", "thing.bpf.c", "-y", "-s" }, 2, "one format at a time" },
		{ { "skep", "build", "thing.bpf.c", "-b" }, 2, "which --btfhub-archive names" },
		{ { "skep", "build", "thing.bpf.c", "--btf", "none" },
		  2,
		  "no file that ends in .btf" },
		{ { "skep", "build", "thing.bpf.c", "-c", "clung" }, 1, "clung is not installed" },
		{ { "skep", "build", "bad.bpf.c" }, 1, "bad.bpf.c:1:5: error:" },
	};
	const struct run_opts opts = { .dir = folder };

	(void)state;
	write_text("empty.bpf.c", "int x;\n");
	write_text("bad.bpf.c", "int = 3;\n");
	assert_int_equal(mkdir(in_folder("none"), 0755), 0);
	write_text("empty.h", "typedef int number;\n");
	write_text("other.h", "struct elsewhere { int x; };\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		run(&r, &opts, cases[i].argv);
		assert_run(&r, r.status == cases[i].status && !r.out_len);
		assert_run(&r, strstr(r.err, cases[i].says));
		run_free(&r);
	}
}

static void a_source_that_is_run_says_what_its_package_would(void **state)
{
	struct run_result r, of_package;

	(void)state;
	build_ok("skep", in_folder("said.skep"));
	RUN(&r, "skep", "run", in_folder("thing.bpf.c"), "--help");
	RUN(&of_package, "skep", "run", in_folder("said.skep"), "--help");
	assert_run(&r, r.status == 0 && strstr(r.out, "thing 1.5: Counts things"));
	assert_run(&r, strstr(r.out, "-m, --min-age int"));
	assert_string_equal(r.out, of_package.out);
	run_free(&r);
	run_free(&of_package);
}

static void a_workspace_has_types_for_each_machine(void **state)
{
	struct run_result r;

	(void)state;
	write_text("far.bpf.c",
		   "#include \"vmlinux.h\"\n#include <own.h>\n"
		   "#include <skep/bpf/skep.h>\n"
		   "SEC(\"xdp\") int handle(void *ctx) { return OWN - sizeof(struct far); }\n");
	RUN(&r, "sh", "-c",
	    "cd $0; mkdir -p work/include/vmlinux/arm64 work/include/vmlinux/riscv\n"
	    "echo 'struct far { int x; };' >work/include/vmlinux/arm64/vmlinux.h\n"
	    "echo 'struct far { int x[2]; };' >work/include/vmlinux/riscv/vmlinux.h\n"
	    "echo '#define OWN 7' >work/include/own.h\n"
	    "$SKEP_BIN build far.bpf.c -w work -t arm64,riscv -o far.skep || exit 5\n"
	    "$SKEP_BIN build far.bpf.c -w work -t arm64,riscv -f object -o far.o\n"
	    "$SKEP_BIN build far.bpf.c -t arm64 -a -Iwork/include -o none.skep",
	    folder);
	assert_run(&r, r.status == 1);
	assert_run(&r, strstr(r.err, "those of arm64 and riscv differ"));
	assert_run(&r, strstr(r.err, "'vmlinux.h' file not found"));
	assert_run(&r, strstr(r.err, "include/vmlinux/arm64/ of the folder that -w gives"));
	run_free(&r);
}

/* What is said with names of types is written with their numbers, which other loaders know. */
static void hooks_stacks_and_types_are_said_by_comments(void **state)
{
	static const struct {
		const char *filter, *value;
	} wanted[] = {
		{ ".programs[0] | [.ifindex,.tc_point,.handle,.priority]",
		  "[2,\"BPF_TC_EGRESS\",3,4]" },
		{ ".maps | map(select(.name == \"stacks\"))[0].stack | [.pid,.kstack,.with_symbols]",
		  "[\"pid\",\"frames\",true]" },
		{ ".maps | map(select(.name == \"hidden\"))[0].export", "none" },
		{ ".maps | map(select(.name == \"typed\"))[0].export.type_id > 0", "true" },
		{ ".maps | map(select(.name == \"placed\"))[0].export.members[0] | [.name,.offset]",
		  "[\"first\",4]" },
		{ ".multiple_exports", "true" },
		{ ".poll_timeout_ms", "100" },
	};
	struct run_result r;
	const char *config;

	(void)state;
	write_text("hooks.bpf.c",
		   "#include <skep/bpf/skep.h>\nstruct own { int a; };\nstruct own *own;\n"
		   "/**\n * @interpreter {\"stack_trace\": {\n *\t\"field_map\": {\"kstack\": "
		   "\"frames\"},\n *\t\"with_symbols\": true}}\n */\n"
		   "SKEP_RINGBUF(stacks, 4096);\n"
		   "/// @export_config no_export\nSKEP_RINGBUF(hidden, 4096);\n"
		   "/// @export_config int\nSKEP_RINGBUF(typed, 4096);\n"
		   "/// @export_config struct nowhere\nSKEP_RINGBUF(wrong, 4096);\n"
		   "/// @export_config {\"custom_members\": [{\"name\": \"first\", \"offset\": 4,\n"
		   "///   \"btf_type_id\": 1}]}\nSKEP_RINGBUF(placed, 4096);\n"
		   "/// @tchook {\"ifindex\": 2, \"attach_point\": \"BPF_TC_EGRESS\"}\n"
		   "/// @tcopts {\"handle\": 3, \"priority\": 4}\n"
		   "SEC(\"tc\") int handle(void *ctx) { return 0; }\n");
	RUN(&r, "skep", "build", in_folder("hooks.bpf.c"), "-o", in_folder("hooks.skep"));
	assert_run(&r, r.status == 0 && count_lines(r.err) == 1);
	assert_run(&r, strstr(r.err, "the object has no type struct nowhere"));
	run_free(&r);
	config = config_of(in_folder("hooks.skep"));
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		assert_string_equal(jq(config, wanted[i].filter), wanted[i].value);
}

static void long_work_is_shown_on_a_terminal_and_nowhere_else(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "sh", "-c",
	    "cd $0; script -qc '$SKEP_BIN build thing.bpf.c -t x86,arm64 -o shown.skep' /dev/null; "
	    "$SKEP_BIN build thing.bpf.c -t x86,arm64 -o shown.skep 2>&1",
	    folder);
	assert_run(&r, strstr(r.out, "\r\033[K[1/2] x86") && strstr(r.out, "\r\033[K[2/2] arm64"));
	assert_run(&r, !strstr(strstr(r.out, "arm64"), "[1/2]"));
	run_free(&r);
}

static void a_depfile_names_what_the_source_includes(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "sh", "-ec",
	    "cd $0; $SKEP_BIN build thing.bpf.c --depfile thing.d -o dep.skep; cat thing.d",
	    folder);
	assert_run(&r, r.status == 0 && strstr(r.out, "dep.skep:") && strstr(r.out, " thing.h"));
	run_free(&r);
}

static void a_build_that_fails_leaves_nothing_behind(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "sh", "-c",
	    "mkdir $0/clean; cd $0/clean; export SKEP_CACHE=$0/cache; cp ../bad.bpf.c ../thing.h .; "
	    "$SKEP_BIN build bad.bpf.c thing.h 2>/dev/null; ls . $0/cache | grep -v vmlinux",
	    folder);
	assert_run(&r, strstr(r.out, "bad.bpf.c\nthing.h\n") && !strstr(r.out, "types-") &&
			       !strstr(r.out, "object-") && !strstr(r.out, ".skep"));
	run_free(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_source_becomes_a_package_with_what_its_comments_say),
		cmocka_unit_test(the_same_source_gives_the_same_bytes_in_any_folder),
		cmocka_unit_test(a_header_gives_types_that_the_source_does_not_use),
		cmocka_unit_test(a_header_alone_gives_its_types),
		cmocka_unit_test(wrong_comments_are_warned_of_with_their_place),
		cmocka_unit_test(what_cannot_be_built_is_told_in_a_sentence),
		cmocka_unit_test(a_source_that_is_run_says_what_its_package_would),
		cmocka_unit_test(a_workspace_has_types_for_each_machine),
		cmocka_unit_test(hooks_stacks_and_types_are_said_by_comments),
		cmocka_unit_test(long_work_is_shown_on_a_terminal_and_nowhere_else),
		cmocka_unit_test(a_depfile_names_what_the_source_includes),
		cmocka_unit_test(a_build_that_fails_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
