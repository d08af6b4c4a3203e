// SPDX-License-Identifier: MIT
/* skep build: the forms in which packages are written, for one machine and for several. */
#include "cli/build_support.h"

#include <unistd.h>

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

/* It runs where there is nothing of skep's: no headers, no compiler, no cache. */
static void a_standalone_executable_runs_alone(void **state)
{
	struct run_result r;

	(void)state;
	write_text("lone.bpf.c",
		   "#include <skep/bpf/skep.h>\n#include <skep/bpf/emit.h>\n"
		   "/// @version 2\n"
		   "char LICENSE[] SEC(\"license\") = \"GPL\";\n"
		   "struct event { int pid, said; };\n"
		   "SKEP_EMIT_RING(events, struct event, 1 << 16);\n"
		   "/// @cmdarg {\"long\": \"say\", \"short\": \"S\", \"default\": 7}\n"
		   "const volatile int word;\nconst volatile int pid;\n"
		   "SEC(\"tp/syscalls/sys_enter_getppid\") int run(void *ctx)\n{\n"
		   "struct event e = { bpf_get_current_pid_tgid() >> 32, word };\n"
		   "(void)ctx;\nif (pid && e.pid != pid) return 0;\n"
		   "SKEP_EMIT(events, &e);\nreturn 0;\n}\n");
	RUN(&r, "sh", "-ec",
	    "$SKEP_BIN build $0/lone.bpf.c -s -o $0/bin; cd /; test -x $0/bin\n"
	    "e='env -i PATH=/nonexistent'; $e $0/bin --version; $e $0/bin --help\n"
	    "$e $0/bin word 2>&1 || echo $?; $e $0/bin --sey 3 2>&1 || echo $?",
	    folder);
	assert_run(&r, r.status == 0 && !r.err_len);
	assert_run(&r, strstr(r.out, "lone 2\n") && strstr(r.out, "usage: bin [--NAME VALUE]..."));
	assert_run(&r, strstr(r.out, "-S, --say int "));
	assert_run(&r, strstr(r.out, "'word' is no option") && strstr(r.out, "--sey"));
	run_free(&r);
	RUN(&r, "sh", "-c", "env -i PATH=/usr/bin:/bin $0/bin -o jsonl -S 12 -- $1 1", folder,
	    getenv("SKEP_CALLS"));
	if (r.status == 3) {
		run_free(&r);
		SKIP_TEST("programs cannot be loaded here");
	}
	assert_run(&r, r.status == 0 && strstr(r.out, "\"said\":12}"));
	run_free(&r);
}

static void a_runner_without_a_package_says_so(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "sh", "-c", "$(dirname $SKEP_BIN)/runner");
	assert_run(&r, r.status == 1 && strstr(r.err, "no package behind this executable"));
	run_free(&r);
	RUN(&r, "sh", "-c", "SKEP_RUNNER=$0/nowhere $SKEP_BIN build $0/thing.bpf.c -s -o $0/no",
	    folder);
	assert_run(&r, r.status == 1 && strstr(r.err, "/nowhere"));
	assert_run(&r, access(in_folder("no"), F_OK));
	run_free(&r);
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_are_written_as_other_loaders_read_them),
		cmocka_unit_test(what_ecc_is_told_is_understood),
		cmocka_unit_test(a_standalone_executable_runs_alone),
		cmocka_unit_test(a_runner_without_a_package_says_so),
		cmocka_unit_test(objects_of_several_machines_are_in_one_package),
		cmocka_unit_test(types_of_kernels_are_cut_and_packed),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
