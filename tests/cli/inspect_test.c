// SPDX-License-Identifier: MIT
/* skep inspect as a user sees it: what this process loads is shown, as bpftool shows it. */
#include "cli/run.h"
#include "kernel/link_rig.h"
#include "kernel/system_support.h"

#include <fcntl.h>
#include <linux/btf.h>
#include <sys/stat.h>

static const char *text_of(uint32_t number)
{
	static char text[4][16];
	static int next;

	next = (next + 1) % 4;
	snprintf(text[next], sizeof(text[next]), "%u", number);
	return text[next];
}

/* The values that both tools have of one thing are the same. */
static void assert_same_facts(const char *kind, uint32_t id, const char *ours, const char *theirs)
{
	struct run_result skep, bpftool;
	char expected[4096];

	RUN(&bpftool, "bpftool", "-j", kind, "show", "id", text_of(id));
	assert_run(&bpftool, bpftool.status == 0);
	snprintf(expected, sizeof(expected), "%s", jq(bpftool.out, theirs));
	RUN(&skep, "skep", "inspect", kind, text_of(id), "--json");
	assert_run(&skep, skep.status == 0);
	assert_string_equal(jq(skep.out, ours), expected);
	run_free(&skep);
	run_free(&bpftool);
}

static bool has_bpftool(void)
{
	struct run_result r;
	int status;

	RUN(&r, "sh", "-c", "command -v bpftool");
	status = r.status;
	run_free(&r);
	return !status;
}

static void inspect_tells_the_same_facts_as_bpftool(void **state)
{
	static const char *const attached[] = { "on_raw", "on_egress", "on_lookup", "on_xdp",
						"on_iter" };
	struct loaded l;

	(void)state;
	NEED_SANDBOX();
	if (!has_bpftool())
		SKIP_TEST("bpftool is not installed");
	l = load_fixture("system_view");
	assert_same_facts("prog", program_id(l.fd),
			  ".[0]|[.id,.type,.name,.tag,.gpl,.xlated_bytes,.jited_bytes,"
			  ".memory_bytes,.map_ids,.btf_id,.uid]",
			  "[.id,.type,.name,.tag,.gpl_compatible,.bytes_xlated,.bytes_jited,"
			  ".bytes_memlock,.map_ids,.btf_id,.uid]");
	assert_same_facts("map", map_id(skep_map_fd(skep_object_map_at(l.object, 0))),
			  ".[0]|[.id,.type,.name,.key_bytes,.value_bytes,.max_entries,"
			  ".memory_bytes,.btf_id,(if .frozen then 1 else 0 end)]",
			  "[.id,.type,.name,.bytes_key,.bytes_value,.max_entries,.bytes_memlock,"
			  ".btf_id,.frozen]");
	unload_fixture(&l);
	for (size_t i = 0; i < sizeof(attached) / sizeof(attached[0]); i++) {
		struct rig rig;

		if (!rig_load(&rig, attached[i]))
			continue;
		rig_attach(&rig);
		assert_same_facts("link", link_id(skep_link_fd(rig.link)),
				  ".[0]|[.id,.type,.prog_id]", "[.id,.type,.prog_id]");
		rig_free(&rig);
	}
}

static void inspect_lists_programs_and_who_holds_them(void **state)
{
	struct run_result r;
	struct loaded l;
	char held[64];

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	snprintf(held, sizeof(held), "(%d)", getpid());
	RUN(&r, "skep", "inspect", "prog");
	/* Columns are as wide as others' programs make them. */
	assert_run(&r, r.status == 0 && strstr(r.out, "program_with_a_name_that_is_cut"));
	assert_run(&r, strstr(r.out, held) && !strstr(r.out, "HELD BY"));
	run_free(&r);
	RUN(&r, "script", "-qc", "\"$SKEP_BIN\" inspect prog", "/dev/null");
	assert_run(&r, strstr(r.out, "NAME") && strstr(r.out, "HELD BY"));
	run_free(&r);
	RUN(&r, "skep", "inspect", "prog", "program_with_a_name_*");
	assert_run(&r, r.status == 0 && strstr(r.out, "\nmemory bytes ") && strstr(r.out, held));
	run_free(&r);
	unload_fixture(&l);
}

static void inspect_shows_the_columns_that_are_wanted(void **state)
{
	const char *id;
	struct run_result r;
	char line[128];
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("system_view");
	id = text_of(program_id(l.fd));
	RUN(&r, "skep", "inspect", "prog", id, "--columns", "name,gpl,id");
	snprintf(line, sizeof(line), "program_with_a_name_that_is_cut  yes  %s\n", id);
	assert_run(&r, r.status == 0 && !strcmp(r.out, line));
	run_free(&r);
	RUN(&r, "skep", "inspect", "prog", id, "-c", "type,held_by,memory_bytes", "--json");
	assert_run(&r, r.status == 0);
	assert_string_equal(jq(r.out, ".[0]|[keys,.memory_bytes>0]"),
			    "[[\"held_by\",\"memory_bytes\",\"type\"],true]");
	snprintf(line, sizeof(line), ".[0].held_by|any(.pid==%d)", getpid());
	assert_string_equal(jq(r.out, line), "true");
	run_free(&r);
	RUN(&r, "skep", "inspect", "prog", "-c", "id,dog");
	assert_run(&r, r.status == 2 && strstr(r.err, "no column 'dog'"));
	assert_run(&r, strstr(r.err, "id, type, name, tag, ") && !r.out_len);
	run_free(&r);
	RUN(&r, "skep", "inspect", "map", "-c", "id,id");
	assert_run(&r, r.status == 2 && strstr(r.err, "named twice"));
	run_free(&r);
	unload_fixture(&l);
}

static void inspect_tells_what_a_program_says_of_itself(void **state)
{
	struct run_result r;
	const char *id;
	struct loaded l;

	(void)state;
	NEED_BPF();
	l = load_fixture("load_metadata");
	id = text_of(program_id(l.fd));
	RUN(&r, "skep", "inspect", "prog", id, "--json", "-c", "metadata");
	assert_run(&r, r.status == 0);
	assert_string_equal(jq(r.out, ".[0].metadata|[.author,.build]"), "[\"skep\",\"42\"]");
	run_free(&r);
	RUN(&r, "skep", "inspect", "prog", id);
	assert_run(&r, r.status == 0 && strstr(r.out, "author=\"skep\""));
	run_free(&r);
	unload_fixture(&l);
}

/* What a list that shows no processes opens of /proc. */
static void inspect_looks_at_no_process_in_vain(void **state)
{
	struct run_result r;
	struct loaded l;

	(void)state;
	NEED_BPF();
	NEED(!getenv("SKEP_SANITIZED"), "a sanitizer reads /proc itself");
	l = load_fixture("system_view");
	RUN(&r, "sh", "-c", "exec strace \"$SKEP_BIN\" inspect prog -c id,type,name");
	assert_run(&r, r.status == 0 && !strstr(r.err, "\"/proc\""));
	run_free(&r);
	/* Of itself it reads the things that it has open for the list. */
	RUN(&r, "sh", "-c",
	    "exec strace -f -e trace=openat,readlinkat \"$SKEP_BIN\" inspect prog -c id,held_by");
	assert_run(&r, r.status == 0 && strstr(r.err, "\"/proc\""));
	assert_run(&r, strstr(r.err, "anon_inode:bpf-prog") && strstr(r.err, "/fdinfo/"));
	run_free(&r);
	unload_fixture(&l);
}

static void inspect_finds_by_id_name_tag_and_pin(void **state)
{
	struct skep_error err = { 0 };
	const char *words[6], *id, *json;
	struct run_result r;
	struct loaded l;
	char tag[32];

	(void)state;
	NEED_BPFFS();
	l = load_fixture("system_view");
	assert_ok(!skep_program_pin(skep_object_program_at(l.object, 0), sandbox_pin("p"), &err),
		  &err);
	id = text_of(program_id(l.fd));
	RUN(&r, "skep", "inspect", "prog", id, "-j");
	assert_run(&r, r.status == 0);
	json = jq(r.out, ".[0].tag");
	snprintf(tag, sizeof(tag), "%s", json);
	assert_string_equal(jq(r.out, ".[0].pins[0]"), sandbox_pin("p"));
	run_free(&r);
	words[0] = "program_with_a_name_that_is_cut";
	words[1] = "program_with_a_";
	words[2] = tag;
	words[3] = sandbox_pin("p");
	words[4] = "name:program_with_a_name*";
	words[5] = "show";
	for (size_t i = 0; i < 6; i++) {
		char filter[64];

		RUN(&r, "skep", "inspect", "prog", "--json", words[i]);
		assert_run(&r, r.status == 0);
		snprintf(filter, sizeof(filter), "any(.[];.id==%s)", id);
		assert_string_equal(jq(r.out, filter), "true");
		run_free(&r);
	}
	unlink(sandbox_pin("p"));
	unload_fixture(&l);
}

/* A cgroup may be mounted at several places. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_ino == y.st_ino;
}

static void inspect_says_what_links_are_attached_to(void **state)
{
	static const struct {
		const char *program, *target;
	} cases[] = { { "on_raw", "sys_enter" }, { "on_xdp", "lo" }, { "on_iter", "bpf_map" } };
	struct run_result r;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!rig_load(&rig, cases[i].program))
			continue;
		rig_attach(&rig);
		RUN(&r, "skep", "inspect", "link", "-j", text_of(link_id(skep_link_fd(rig.link))));
		assert_run(&r, r.status == 0);
		assert_string_equal(jq(r.out, ".[0].target"), cases[i].target);
		assert_string_equal(jq(r.out, ".[0].prog_name"), cases[i].program);
		run_free(&r);
		rig_free(&rig);
	}
	NEED_PROGRAM(&rig, "on_egress");
	rig_attach(&rig);
	RUN(&r, "skep", "inspect", "link", text_of(link_id(skep_link_fd(rig.link))), "-j");
	assert_run(&r, r.status == 0 && strstr(r.out, "cgroup_inet_egress"));
	assert_true(is_same_file(jq(r.out, ".[0].target"), sandbox_cgroup()));
	run_free(&r);
	rig_free(&rig);
}

static void inspect_shows_a_tree_of_programs_maps_links_and_processes(void **state)
{
	struct run_result r;
	char text[96], held[32];
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	snprintf(held, sizeof(held), "(%d)\n", getpid());
	RUN(&r, "skep", "inspect", "tree", text_of(program_id(skep_program_fd(rig.program))));
	snprintf(text, sizeof(text), "link %u raw_tracepoint sys_enter",
		 link_id(skep_link_fd(rig.link)));
	assert_run(&r, r.status == 0 && strstr(r.out, text) && strstr(r.out, held));
	snprintf(text, sizeof(text), "program %u raw_tracepoint on_raw",
		 program_id(skep_program_fd(rig.program)));
	assert_run(&r, strstr(r.out, text) && strstr(r.out, " map "));
	run_free(&r);
	RUN(&r, "skep", "inspect", "tree", text_of(program_id(skep_program_fd(rig.program))), "-j");
	assert_run(&r, r.status == 0);
	assert_string_equal(jq(r.out, ".[0]|[.name,(.maps|length>0),.links[0].target]"),
			    "[\"on_raw\",true,\"sys_enter\"]");
	run_free(&r);
	rig_free(&rig);
}

static void inspect_says_what_it_does_not_find(void **state)
{
	static const struct {
		const char *argv[6];
		int status;
		const char *says;
	} cases[] = {
		{ { "skep", "inspect", "dog" }, 2, "'dog' is not a verb of skep inspect" },
		{ { "skep", "inspect", "prog", "no_such_program" },
		  1,
		  "there is no program with the name 'no_such_program'" },
		{ { "skep", "inspect", "map", "id:x" }, 2, "'x' is no id" },
		{ { "skep", "inspect", "map", "4294967290" }, 1, "there is no map with this id" },
		{ { "skep", "inspect", "prog", "/nowhere/at_all" }, 1, "nothing has this name" },
		{ { "skep", "inspect", "prog", "-x" }, 2, "unknown option -x" },
	};

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		run(&r, NULL, cases[i].argv);
		assert_run(&r, r.status == cases[i].status && r.out_len == 0);
		assert_run(&r, strstr(r.err, cases[i].says) && count_lines(r.err) == 1);
		run_free(&r);
	}
}

static void inspect_without_rights_says_which_are_missing(void **state)
{
	const struct run_opts opts = { .uid = 65534 };
	struct run_result r;

	(void)state;
	NEED_BPF();
	RUN_OPTS(&r, &opts, "skep", "inspect", "prog");
	assert_run(&r, r.status == 3 && strstr(r.err, "CAP_SYS_ADMIN"));
	run_free(&r);
	RUN_OPTS(&r, &opts, "skep", "inspect", "net");
	assert_run(&r, strstr(r.err, "CAP_NET_ADMIN"));
	run_free(&r);
	/* It is not alone: this test is root's. */
	RUN_OPTS(&r, &opts, "skep", "inspect", "perf");
	assert_run(&r, r.status == 0 && strstr(r.err, "cannot be seen: it takes CAP_SYS_PTRACE"));
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inspect_tells_the_same_facts_as_bpftool),
		cmocka_unit_test(inspect_lists_programs_and_who_holds_them),
		cmocka_unit_test(inspect_shows_the_columns_that_are_wanted),
		cmocka_unit_test(inspect_tells_what_a_program_says_of_itself),
		cmocka_unit_test(inspect_looks_at_no_process_in_vain),
		cmocka_unit_test(inspect_finds_by_id_name_tag_and_pin),
		cmocka_unit_test(inspect_says_what_links_are_attached_to),
		cmocka_unit_test(inspect_shows_a_tree_of_programs_maps_links_and_processes),
		cmocka_unit_test(inspect_says_what_it_does_not_find),
		cmocka_unit_test(inspect_without_rights_says_which_are_missing),
	};

	return cmocka_run_group_tests_name("cli", tests, sandbox_setup, sandbox_teardown);
}
