// SPDX-License-Identifier: MIT
/* skep inspect net, cgroup, perf, struct_ops, feature, iter, log, batch. */
#include "cli/run.h"
#include "kernel/link_rig.h"
#include "kernel/system_support.h"

#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "kernel/perf.h"
#include "kernel/tracefs.h"

/* Whether a jq filter holds for what was printed. */
static bool holds(const struct run_result *r, const char *filter)
{
	const struct run_opts opts = { .input = r->out };
	struct run_result jq;
	bool yes;

	RUN_OPTS(&jq, &opts, "jq", "-e", filter);
	yes = jq.status == 0;
	run_free(&jq);
	return yes;
}

static void interfaces_show_their_programs(void **state)
{
	static const struct {
		const char *program, *hook;
	} cases[] = { { "on_xdp", "xdp" }, { "on_tcx", "tcx ingress" } };
	struct skep_error err = { 0 };
	char filter[256], pid[16];
	struct run_result r;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!rig_load(&rig, cases[i].program))
			continue;
		if (i)
			rig.link = skep_program_attach_tcx(rig.program, "lo", NULL, &err);
		else
			rig_attach(&rig);
		if (!rig.link) {
			rig_free(&rig);
			continue;
		}
		snprintf(filter, sizeof(filter),
			 "any(.[]; .interface==\"lo\" and .hook==\"%s\" and .prog_id==%u and "
			 ".prog_name==\"%s\")",
			 cases[i].hook, program_id(skep_program_fd(rig.program)), cases[i].program);
		RUN(&r, "skep", "inspect", "net", "--json");
		assert_run(&r, r.status == 0 && holds(&r, filter));
		run_free(&r);
		/* Of a process in another namespace it is not told. */
		snprintf(pid, sizeof(pid), "%d", getppid());
		RUN(&r, "skep", "inspect", "net", "--json", "--netns", pid);
		assert_run(&r, r.status == 0 && !holds(&r, filter));
		run_free(&r);
		snprintf(pid, sizeof(pid), "%d", getpid());
		RUN(&r, "skep", "inspect", "net", "--json", "-n", pid, "-n", "/proc/self/ns/net");
		assert_run(&r, r.status == 0 && holds(&r, filter));
		run_free(&r);
		rig_free(&rig);
	}
}

static void namespaces_show_their_programs(void **state)
{
	struct run_result r;
	char filter[128];
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_lookup");
	rig_attach(&rig);
	snprintf(filter, sizeof(filter), "any(.[]; .hook==\"sk_lookup\" and .prog_id==%u)",
		 program_id(skep_program_fd(rig.program)));
	RUN(&r, "skep", "inspect", "net", "-j");
	assert_run(&r, r.status == 0 && holds(&r, filter));
	run_free(&r);
	rig_free(&rig);
	RUN(&r, "skep", "inspect", "net", "-n", "no_such_namespace");
	assert_run(&r, r.status == 1 && strstr(r.err, "/run/netns/no_such_namespace"));
	run_free(&r);
}

static void cgroups_show_their_own_and_effective_programs(void **state)
{
	char below[4096], filter[256];
	struct run_result r;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_egress");
	rig_attach(&rig);
	snprintf(below, sizeof(below), "%s/inspected", sandbox_cgroup());
	assert_int_equal(mkdir(below, 0700), 0);
	snprintf(filter, sizeof(filter),
		 "any(.[]; .prog_name==\"on_egress\" and .attach_type==\"cgroup_inet_egress\" and "
		 ".prog_id==%u)",
		 program_id(skep_program_fd(rig.program)));
	RUN(&r, "skep", "inspect", "cgroup", sandbox_cgroup(), "--only", "--json");
	assert_run(&r, r.status == 0 && holds(&r, filter));
	run_free(&r);
	RUN(&r, "skep", "inspect", "cgroup", below, "--json");
	assert_run(&r, r.status == 0 && !holds(&r, filter));
	run_free(&r);
	RUN(&r, "skep", "inspect", "cgroup", below, "--effective", "--json");
	assert_run(&r, r.status == 0 && holds(&r, filter));
	run_free(&r);
	rmdir(below);
	rig_free(&rig);
	RUN(&r, "skep", "inspect", "cgroup", "/tmp");
	assert_run(&r, r.status == 1 && strstr(r.err, "/tmp is no folder of a cgroup file system"));
	run_free(&r);
}

/* As loaders did it before bpf_link; only what this process calls. */
static void processes_show_their_probes(void **state)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .sample_period = 1 };
	struct run_result r;
	char filter[256];
	struct rig rig;
	int64_t id;
	int fd;

	(void)state;
	NEED_BPF();
	id = skep_tracefs_event_id("raw_syscalls", "sys_enter", NULL);
	if (id <= 0)
		SKIP_TEST("there is no tracefs here");
	NEED_PROGRAM(&rig, "on_tp");
	attr.config = (uint64_t)id;
	fd = skep_perf_open(&attr, 0, -1);
	assert_true(fd >= 0);
	assert_int_equal(skep_perf_set_bpf(fd, skep_program_fd(rig.program)), 0);
	snprintf(filter, sizeof(filter),
		 "any(.[]; .pid==%d and .kind==\"tracepoint\" and .target==\"sys_enter\" and "
		 ".fd==%d and .prog_id==%u and .prog_name==\"on_tp\")",
		 getpid(), fd, program_id(skep_program_fd(rig.program)));
	RUN(&r, "skep", "inspect", "perf", "--json");
	assert_run(&r, r.status == 0 && holds(&r, filter));
	run_free(&r);
	close(fd);
	rig_free(&rig);
}

static void tables_of_functions_are_listed(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;
	struct run_result r;
	char id[16] = "";

	(void)state;
	NEED_BPF();
	spec = open_fixture("struct_ops");
	object = skep_object_load(spec, NULL, NULL);
	for (size_t i = 0; object && i < skep_object_n_maps(object); i++) {
		const struct skep_map *map = skep_object_map_at(object, i);

		if (skep_map_type(map) == BPF_MAP_TYPE_STRUCT_OPS && skep_map_fd(map) >= 0)
			snprintf(id, sizeof(id), "%u", map_id(skep_map_fd(map)));
	}
	if (!*id) {
		skep_object_close(object);
		skep_spec_free(spec);
		SKIP_TEST("this kernel takes no tables of functions");
	}
	RUN(&r, "skep", "inspect", "struct_ops", id, "--json");
	assert_run(&r, r.status == 0 && holds(&r, ".[0].type==\"tcp_congestion_ops\""));
	run_free(&r);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void file_systems_that_delegate_rights_are_listed(void **state)
{
	char folder[] = "/tmp/skep-token-XXXXXX", filter[128];
	struct run_result r;

	(void)state;
	NEED_SANDBOX();
	/* Older ones take the options and forget them. */
	NEED(skep_probe_feature(SKEP_FEATURE_TOKEN, NULL) == SKEP_YES,
	     "this kernel has no rights that can be delegated");
	assert_non_null(mkdtemp(folder));
	if (mount("bpf", folder, "bpf", 0,
		  "delegate_cmds=prog_load:map_create,delegate_progs=any")) {
		rmdir(folder);
		SKIP_TEST("a BPF file system that delegates rights may not be mounted");
	}
	snprintf(filter, sizeof(filter),
		 "any(.[]; .path==\"%s\" and .progs==\"any\" and (.cmds|length) > 3 and "
		 "(has(\"maps\")|not))",
		 folder);
	RUN(&r, "skep", "inspect", "token", "--json");
	umount2(folder, MNT_DETACH);
	rmdir(folder);
	assert_run(&r, r.status == 0 && holds(&r, filter));
	run_free(&r);
	RUN(&r, "skep", "inspect", "token");
	assert_run(&r, r.status == 0 && !strstr(r.out, folder));
	run_free(&r);
}

static void features_are_asked_for_and_written_as_macros(void **state)
{
	struct run_result r;

	(void)state;
	NEED_BPF();
	RUN(&r, "skep", "inspect", "feature", "map_type", "program_type", "--json");
	assert_run(&r, r.status == 0);
	assert_run(&r, holds(&r, "any(.[]; .kind==\"map_type\" and .name==\"hash\" and "
				 ".answer==\"yes\")"));
	assert_run(&r, holds(&r, "all(.[]; .kind==\"map_type\" or .kind==\"program_type\")"));
	run_free(&r);
	RUN(&r, "skep", "inspect", "feature", "map_type", "--macros", "--prefix", "MY_");
	assert_run(&r, r.status == 0 && strstr(r.out, "#define MY_HAVE_HASH_MAP_TYPE\n"));
	run_free(&r);
	RUN(&r, "skep", "inspect", "feature", "dogs");
	assert_run(&r, r.status == 2 && strstr(r.err, "no kind 'dogs' of features; allowed:"));
	run_free(&r);
	RUN(&r, "skep", "inspect", "feature", "sysctl", "-j");
	assert_run(&r, r.status == 0 && holds(&r, "length >= 4"));
	run_free(&r);
}

static void iterators_are_read(void **state)
{
	struct run_result r;
	char id[16];
	struct rig rig;

	(void)state;
	NEED_BPF();
	NEED_PROGRAM(&rig, "on_iter");
	rig_attach(&rig);
	snprintf(id, sizeof(id), "%u", link_id(skep_link_fd(rig.link)));
	RUN(&r, "skep", "inspect", "iter", id);
	assert_run(&r, r.status == 0);
	assert_true(rig_hits(&rig) > 0);
	run_free(&r);
	rig_free(&rig);
	NEED_PROGRAM(&rig, "on_raw");
	rig_attach(&rig);
	snprintf(id, sizeof(id), "%u", link_id(skep_link_fd(rig.link)));
	RUN(&r, "skep", "inspect", "iter", id);
	assert_run(&r, r.status == 1 && strstr(r.err, "is no iterator"));
	run_free(&r);
	rig_free(&rig);
}

static void batches_run_line_by_line(void **state)
{
	struct run_opts opts = { 0 };
	struct run_result r;
	const char *pin;
	char text[1024];

	(void)state;
	NEED_BPFFS();
	pin = sandbox_pin("batch");
	snprintf(text, sizeof(text),
		 "# a map of three\n"
		 "map create \"%s\" -t array -e 3\n\n"
		 "map update %s 1 'hex:01 00 00 00 00 00 00 00' # one\n"
		 "map lookup %s 1\n"
		 "map lookup %s 77\n"
		 "map lookup %s 2\n",
		 pin, pin, pin, pin, pin);
	opts.input = text;
	RUN_OPTS(&r, &opts, "skep", "inspect", "batch");
	assert_run(&r, r.status == 1 && !strcmp(r.out, "1: {\"bytes\":\"0100000000000000\"}\n"));
	assert_run(&r, strstr(r.err, "stdin:6: failed"));
	run_free(&r);
	snprintf(text, sizeof(text), "map lookup %s 77\nmap lookup %s 0\nunpin %s\n", pin, pin,
		 pin);
	RUN_OPTS(&r, &opts, "skep", "inspect", "batch", "-", "--keep-going");
	assert_run(&r, r.status == 1 && !strcmp(r.out, "0: {\"bytes\":\"0000000000000000\"}\n"));
	run_free(&r);
	opts.input = "prog 'open\n";
	RUN_OPTS(&r, &opts, "skep", "inspect", "batch");
	assert_run(&r, r.status == 2 && strstr(r.err, "stdin:1") && strstr(r.err, "quote"));
	run_free(&r);
	/* The last line has no newline. */
	opts.input = "prog 'open";
	RUN_OPTS(&r, &opts, "skep", "inspect", "batch");
	assert_run(&r, r.status == 2 && strstr(r.err, "stdin:1") && strstr(r.err, "quote"));
	run_free(&r);
	RUN(&r, "skep", "inspect", "batch", "/no/such/file");
	assert_run(&r, r.status == 1 && strstr(r.err, "/no/such/file"));
	run_free(&r);
}

/* Whoever names a process so would write on the screen of who looks. */
static void names_are_printed_escaped(void **state)
{
	struct run_result r;
	char before[16], held[64];
	struct loaded l;

	(void)state;
	NEED_BPF();
	prctl(PR_GET_NAME, before);
	l = load_fixture("system_view");
	prctl(PR_SET_NAME, "a\x1b[31m\"b");
	RUN(&r, "skep", "inspect", "prog");
	snprintf(held, sizeof(held), "a\\x1b[31m\"b(%d)", getpid());
	assert_run(&r, r.status == 0 && strstr(r.out, held) && !strchr(r.out, '\x1b'));
	run_free(&r);
	RUN(&r, "skep", "inspect", "prog", "--json");
	assert_run(&r,
		   r.status == 0 && holds(&r, "any(.[].held_by[]?; .comm==\"a\\u001b[31m\\\"b\")"));
	assert_run(&r, !strchr(r.out, '\x1b'));
	run_free(&r);
	prctl(PR_SET_NAME, before);
	unload_fixture(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interfaces_show_their_programs),
		cmocka_unit_test(namespaces_show_their_programs),
		cmocka_unit_test(cgroups_show_their_own_and_effective_programs),
		cmocka_unit_test(processes_show_their_probes),
		cmocka_unit_test(tables_of_functions_are_listed),
		cmocka_unit_test(file_systems_that_delegate_rights_are_listed),
		cmocka_unit_test(features_are_asked_for_and_written_as_macros),
		cmocka_unit_test(iterators_are_read),
		cmocka_unit_test(batches_run_line_by_line),
		cmocka_unit_test(names_are_printed_escaped),
	};

	return cmocka_run_group_tests_name("cli", tests, sandbox_setup, sandbox_teardown);
}
