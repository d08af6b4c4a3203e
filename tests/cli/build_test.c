// SPDX-License-Identifier: MIT
/* skep build: what goes into a package, and what it refuses. */
#include "cli/run.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/skep-build-XXXXXX";

static const char source[] =
	"/**\n * @brief Counts things\n * @version 1.5\n */\n"
	"#include <skep/bpf/skep.h>\n"
	"#include <skep/bpf/emit.h>\n"
	"#include \"thing.h\"\n\n"
	"/// @description how old\n"
	"/// @cmdarg {\"default\": 5, \"short\": \"m\",\n///          \"long\": \"min-age\"}\n"
	"/// @colour blue\n"
	"const volatile int min_age = 0;\n"
	"const volatile char name[16] = \"\";\n"
	"static const volatile int hidden = 3;\n"
	"int unsaid;\n"
	"long said; ///< how many\n"
	"SKEP_EMIT_RING(events, struct thing, 1 << 16);\n"
	"/** @sample {\"interval\": 200,\n *           \"type\": \"log2_hist\", \"unit\": \"us\"} */\n"
	"SKEP_MAP(hists, HASH, __u32, struct slots, 16);\n"
	"/// @details on loopback\n"
	"char LICENSE[] SEC(\"license\") = \"GPL\";\n\n"
	"/// @ifindex 1\n/// @flags 2\n"
	"SEC(\"xdp\") int handle(struct xdp_md *ctx)\n{\n"
	"\tstruct thing thing = { .age = min_age + name[3] + hidden };\n\n"
	"\t(void)ctx;\n"
	"\tsaid++;\n\tunsaid--;\n"
	"\tSKEP_EMIT(events, &thing);\n"
	"\treturn XDP_PASS;\n}\n";

static const char header[] = "#pragma once\n"
			     "struct thing { int age; };\n"
			     "struct slots { unsigned int slots[8]; };\n"
			     "struct unused { char c; };\n";

static const char *in_folder(const char *name)
{
	static char paths[8][128];
	static unsigned int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static void write_text(const char *name, const char *text)
{
	write_file(in_folder(name), text, strlen(text));
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	write_text("thing.bpf.c", source);
	write_text("thing.h", header);
	return 0;
}

static int teardown(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "rm", "-r", folder);
	run_free(&r);
	return 0;
}

static void build_ok(const char *format, const char *out)
{
	struct run_result r;

	RUN(&r, "skep", "build", in_folder("thing.bpf.c"), "--format", format, "-o", out);
	assert_run(&r, r.status == 0 && !r.out_len && !r.err_len);
	run_free(&r);
}

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

static void packages_are_written_as_other_loaders_read_them(void **state)
{
	struct run_result r;

	(void)state;
	build_ok("eunomia-json", in_folder("package.json"));
	build_ok("eunomia-yaml", in_folder("package.yaml"));
	build_ok("object", in_folder("thing.bpf.o"));
	RUN(&r, "python3", "-c",
	    "import json, base64, zlib, sys\n"
	    "p = json.load(open(sys.argv[1] + '/package.json'))\n"
	    "elf = zlib.decompress(base64.b64decode(p['bpf_object']))\n"
	    "assert len(elf) == p['bpf_object_size']\n"
	    "assert elf == open(sys.argv[1] + '/thing.bpf.o', 'rb').read()\n"
	    "print(json.dumps(p['meta']))",
	    folder);
	assert_run(&r, r.status == 0);
	assert_string_equal(jq(r.out, ".bpf_skel.obj_name"), "thing_bpf");
	assert_string_equal(jq(r.out, "[.bpf_skel.data_sections[].name]"),
			    "[\".rodata\",\".bss\"]");
	assert_string_equal(jq(r.out, ".bpf_skel.data_sections[0].variables[0] | "
				      "[.name,.type,.cmdarg.default,.colour]"),
			    "[\"min_age\",\"int\",5,\"blue\"]");
	assert_string_equal(jq(r.out, "[.bpf_skel.data_sections[].variables[].name] | sort"),
			    "[\"min_age\",\"name\",\"said\",\"unsaid\"]");
	assert_string_equal(jq(r.out, "[.bpf_skel.maps[] | select(.sample) | .sample.type]"),
			    "[\"log2_hist\"]");
	assert_string_equal(jq(r.out, ".bpf_skel.progs[0] | [.name,.attach,.link,.ifindex,.flags]"),
			    "[\"handle\",\"xdp\",true,1,2]");
	assert_string_equal(jq(r.out, ".enable_multiple_export_types"), "true");
	run_free(&r);
}

static void what_ecc_is_told_is_understood(void **state)
{
	static const struct {
		const char *flag, *made;
	} cases[] = { { "-y", "package.yaml" },
		      { "--wasm-header", "ewasm-skel.h" },
		      { "-n", "thing.skel.json" },
		      { "-lstrip", "thing.skep" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		RUN(&r, "sh", "-ec",
		    "mkdir $0/out; $SKEP_BIN build $0/thing.bpf.c -o $0/out $1 -a -DX -c clang-19; "
		    "test -s $0/out/$2; rm -r $0/out",
		    folder, cases[i].flag, cases[i].made);
		assert_run(&r, r.status == 0 && !r.err_len);
		run_free(&r);
	}
}

static void objects_of_several_machines_are_in_one_package(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "sh", "-ec",
	    "$SKEP_BIN build $0/thing.bpf.c -t x86,arm64 -t s390,riscv -o $0/many.skep -v; "
	    "for f in $(tar tf $0/many.skep | grep blobs); do tar xOf $0/many.skep $f; echo; done | "
	    "grep -a '^{\"schemaVersion\"'",
	    folder);
	assert_run(&r, r.status == 0 && strstr(r.err, "4 objects, 1 programs"));
	assert_string_equal(jq(r.out, "[.layers[].annotations // empty | .[\"skep.machine\"], "
				      ".[\"skep.byte-order\"]]"),
			    "[\"x86\",\"little\",\"arm64\",\"little\",\"s390\",\"big\",\"riscv\","
			    "\"little\"]");
	/* Of one byte order they are the same: no machine has instructions of its own in it. */
	assert_string_equal(jq(r.out, "[.layers[].digest] | unique | length"), "2");
	run_free(&r);
}

static void types_of_kernels_are_cut_and_packed(void **state)
{
	struct run_result r;

	(void)state;
	write_text("core.bpf.c",
		   "#include <skep/bpf/skep.h>\n#include <skep/bpf/core.h>\n"
		   "struct task_struct { int pid; } __attribute__((preserve_access_index));\n"
		   "SEC(\"raw_tp/sched_switch\") int run(void *ctx)\n"
		   "{ struct task_struct *t = (void *)bpf_get_current_task();\n"
		   "return BPF_CORE_READ(t, pid); }\nchar LICENSE[] SEC(\"license\") = \"GPL\";\n");
	RUN(&r, "sh", "-ec",
	    "d=$0/hub/debian/12/x86_64; mkdir -p $d; cp /sys/kernel/btf/vmlinux $d/6.1.0.btf\n"
	    "cp /sys/kernel/btf/vmlinux $d/6.1.1.btf\n"
	    "$SKEP_BIN build $0/core.bpf.c --btf $0/hub -f tar -o $0/core.tar\n"
	    "tar tf $0/core.tar; tar xOf $0/core.tar btfhub-archive/debian/12/x86_64/6.1.1.btf >$0/c\n"
	    "$SKEP_BIN inspect btf dump $0/c | grep task_struct; test $(stat -c %s $0/c) -lt 4096",
	    folder);
	if (access("/sys/kernel/btf/vmlinux", R_OK)) {
		run_free(&r);
		SKIP_TEST("the kernel has no types to cut");
	}
	assert_run(&r, strstr(r.out, "btfhub-archive/debian/12/x86_64/6.1.0.btf\n"
				     "btfhub-archive/debian/12/x86_64/6.1.1.btf\n"
				     "core\npackage.json\n"));
	assert_run(&r, r.status == 0);
	run_free(&r);
	RUN(&r, "sh", "-c",
	    "cp $0/hub/debian/12/x86_64/6.1.0.btf /tmp/skep-lone.btf; "
	    "$SKEP_BIN build $0/core.bpf.c --btf /tmp/skep-lone.btf; x=$?; "
	    "rm /tmp/skep-lone.btf; exit $x",
	    folder);
	assert_run(&r, r.status == 2 && strstr(r.err, "ID/VERSION_ID/MACHINE/RELEASE.btf"));
	run_free(&r);
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
		{ { "skep", "build", "thing.bpf.c", "-y", "--wasm-header" },
		  2,
		  "one format at a time" },
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
		cmocka_unit_test(packages_are_written_as_other_loaders_read_them),
		cmocka_unit_test(what_ecc_is_told_is_understood),
		cmocka_unit_test(objects_of_several_machines_are_in_one_package),
		cmocka_unit_test(types_of_kernels_are_cut_and_packed),
		cmocka_unit_test(wrong_comments_are_warned_of_with_their_place),
		cmocka_unit_test(what_cannot_be_built_is_told_in_a_sentence),
		cmocka_unit_test(a_build_that_fails_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
