// SPDX-License-Identifier: MIT
/* What the name of a program's section says. */
#include "base/uapi.h"
#include "support.h"

struct expected {
	const char *name;
	uint32_t type, attach_type, flags;
	const char *target;
	bool optional, needs_btf;
};

/* The table of libbpf 1.8: section, type, expected attach type, flags. */
static const struct expected table[] = {
	{ "socket_plain", BPF_PROG_TYPE_SOCKET_FILTER, 0, 0, NULL },
	{ "kprobe_target", BPF_PROG_TYPE_KPROBE, 0, 0, "do_unlinkat+8" },
	{ "kretprobe_target", BPF_PROG_TYPE_KPROBE, 0, 0, "do_unlinkat" },
	{ "kprobe_bare", BPF_PROG_TYPE_KPROBE, 0, 0, NULL },
	{ "kprobe_multi", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, 0, "tcp_*" },
	{ "kprobe_session", BPF_PROG_TYPE_KPROBE, SKEP_TRACE_KPROBE_SESSION, 0, "tcp_*" },
	{ "uprobe_sleeps", BPF_PROG_TYPE_KPROBE, 0, BPF_F_SLEEPABLE, "/bin/bash:readline" },
	{ "uretprobe_target", BPF_PROG_TYPE_KPROBE, 0, 0, "/bin/bash:readline" },
	{ "uprobe_multi", BPF_PROG_TYPE_KPROBE, SKEP_TRACE_UPROBE_MULTI, BPF_F_SLEEPABLE,
	  "libc.so.6:mem*" },
	{ "ksyscall_target", BPF_PROG_TYPE_KPROBE, 0, 0, "openat" },
	{ "usdt_target", BPF_PROG_TYPE_KPROBE, SKEP_TRACE_UPROBE_MULTI, 0,
	  "python3:python:gc__start", .optional = true },
	{ "tracepoint_target", BPF_PROG_TYPE_TRACEPOINT, 0, 0, "sched/sched_switch" },
	{ "tp_target", BPF_PROG_TYPE_TRACEPOINT, 0, 0, "sched/sched_switch" },
	{ "raw_tp_target", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0, "sys_enter" },
	{ "raw_tp_writable", BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, 0, 0, "nbd_send_request" },
	{ "tp_btf_target", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, 0, "sched_switch",
	  .needs_btf = true },
	{ "fentry_sleeps", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, BPF_F_SLEEPABLE, "do_unlinkat",
	  .needs_btf = true },
	{ "fexit_module", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, 0, "veth:veth_xmit",
	  .needs_btf = true },
	{ "fmod_ret_target", BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, 0, "security_file_open",
	  .needs_btf = true },
	{ "freplace_target", BPF_PROG_TYPE_EXT, 0, 0, "other", .needs_btf = true },
	{ "lsm_target", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, 0, "file_open", .needs_btf = true },
	{ "lsm_cgroup_target", BPF_PROG_TYPE_LSM, BPF_LSM_CGROUP, 0, "socket_bind",
	  .needs_btf = true },
	{ "iter_target", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, 0, "task", .needs_btf = true },
	{ "syscall_program", BPF_PROG_TYPE_SYSCALL, 0, BPF_F_SLEEPABLE, NULL },
	{ "struct_ops_program", BPF_PROG_TYPE_STRUCT_OPS, 0, BPF_F_SLEEPABLE, "init" },
	{ "xdp_plain", BPF_PROG_TYPE_XDP, BPF_XDP, 0, NULL, .optional = true },
	{ "xdp_frags", BPF_PROG_TYPE_XDP, BPF_XDP, BPF_F_XDP_HAS_FRAGS, NULL, .optional = true },
	{ "xdp_devmap", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, 0, NULL },
	{ "xdp_frags_cpumap", BPF_PROG_TYPE_XDP, BPF_XDP_CPUMAP, BPF_F_XDP_HAS_FRAGS, NULL },
	{ "tcx_ingress", BPF_PROG_TYPE_SCHED_CLS, SKEP_TCX_INGRESS, 0, NULL },
	{ "tc_plain", BPF_PROG_TYPE_SCHED_CLS, 0, 0, NULL },
	{ "classifier_plain", BPF_PROG_TYPE_SCHED_CLS, 0, 0, NULL },
	{ "action_plain", BPF_PROG_TYPE_SCHED_ACT, 0, 0, NULL },
	{ "netkit_peer", BPF_PROG_TYPE_SCHED_CLS, SKEP_NETKIT_PEER, 0, NULL },
	{ "netfilter_plain", SKEP_PROG_TYPE_NETFILTER, SKEP_NETFILTER, 0, NULL },
	{ "reuseport_migrate", BPF_PROG_TYPE_SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, 0,
	  NULL },
	{ "sk_lookup_plain", BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP, 0, NULL },
	{ "sk_skb_verdict", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_STREAM_VERDICT, 0, NULL,
	  .optional = true },
	{ "sk_msg_plain", BPF_PROG_TYPE_SK_MSG, BPF_SK_MSG_VERDICT, 0, NULL, .optional = true },
	{ "sockops_plain", BPF_PROG_TYPE_SOCK_OPS, BPF_CGROUP_SOCK_OPS, 0, NULL, .optional = true },
	{ "flow_dissector_plain", BPF_PROG_TYPE_FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, 0, NULL,
	  .optional = true },
	{ "perf_event_plain", BPF_PROG_TYPE_PERF_EVENT, 0, 0, NULL },
	{ "lwt_xmit_plain", BPF_PROG_TYPE_LWT_XMIT, 0, 0, NULL },
	{ "cgroup_skb_egress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, 0, NULL,
	  .optional = true },
	{ "cgroup_skb", BPF_PROG_TYPE_CGROUP_SKB, 0, 0, NULL },
	{ "cgroup_sock", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, 0, NULL,
	  .optional = true },
	{ "cgroup_post_bind6", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND, 0, NULL },
	{ "cgroup_connect4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT, 0, NULL },
	{ "cgroup_connect_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, SKEP_CGROUP_UNIX_CONNECT, 0,
	  NULL },
	{ "cgroup_sysctl", BPF_PROG_TYPE_CGROUP_SYSCTL, BPF_CGROUP_SYSCTL, 0, NULL },
	{ "cgroup_getsockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT, 0, NULL },
	{ "cgroup_dev", BPF_PROG_TYPE_CGROUP_DEVICE, BPF_CGROUP_DEVICE, 0, NULL, .optional = true },
};

static void check_table(struct skep_spec *spec)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct expected *e = &table[i];
		const struct skep_program_spec *p = program_of(spec, e->name);

		if (p->type != e->type || p->attach_type != e->attach_type || p->flags != e->flags)
			fail_msg("%s is of type %u/%u with flags %#x", p->section, p->type,
				 p->attach_type, p->flags);
		if (!p->target != !e->target || (e->target && strcmp(p->target, e->target)))
			fail_msg("%s has the target %s", p->section, p->target);
		if (p->attach_type_optional != e->optional || p->needs_attach_btf != e->needs_btf)
			fail_msg("%s: optional %d, BTF %d", p->section, p->attach_type_optional,
				 p->needs_attach_btf);
		if (!p->load || !p->attach || p->note)
			fail_msg("%s: load %d, attach %d, %s", p->section, p->load, p->attach,
				 p->note);
	}
}

static void section_gives_type_attach_type_flags_and_target(void **state)
{
	(void)state;
	in_both_orders("spec_programs", check_table);
}

static void check_question_mark(struct skep_spec *spec)
{
	const struct skep_program_spec *p = program_of(spec, "not_loaded");

	assert_false(p->load);
	assert_int_equal(p->attach_type, BPF_TRACE_FENTRY);
	assert_string_equal(p->target, "do_unlinkat");
	assert_string_equal(p->section, "?fentry/do_unlinkat");
	assert_null(p->note);
}

static void section_with_a_question_mark_is_not_loaded(void **state)
{
	(void)state;
	in_both_orders("spec_programs", check_question_mark);
}

static void check_near(struct skep_spec *spec)
{
	static const struct {
		const char *name;
		uint32_t type;
	} near[] = {
		{ "socket_loose", BPF_PROG_TYPE_SOCKET_FILTER },
		{ "xdp_loose", BPF_PROG_TYPE_XDP },
		{ "tc_loose", BPF_PROG_TYPE_SCHED_CLS },
	};

	for (size_t i = 0; i < 3; i++) {
		const struct skep_program_spec *p = program_of(spec, near[i].name);

		assert_int_equal(p->type, near[i].type);
		assert_true(p->load);
		assert_null(p->target);
		assert_non_null(p->note);
	}
}

static void section_with_a_meaningless_end_is_taken_with_a_note(void **state)
{
	(void)state;
	in_both_orders("spec_programs", check_near);
}

static void check_unknown(struct skep_spec *spec)
{
	static const char *const unknown[] = { "unknown_name", "unknown_suffix",
					       "unknown_sleepable" };

	for (size_t i = 0; i < 3; i++) {
		const struct skep_program_spec *p = program_of(spec, unknown[i]);

		assert_int_equal(p->type, BPF_PROG_TYPE_UNSPEC);
		assert_false(p->load);
		assert_non_null(strstr(p->note, "unknown"));
	}
}

static void section_of_unknown_name_leaves_the_program_out_with_a_note(void **state)
{
	(void)state;
	in_both_orders("spec_programs", check_unknown);
}

static void check_functions(struct skep_spec *spec)
{
	bool has_static = false, has_text = false;

	assert_null(skep_spec_program(spec, "static_function"));
	assert_null(skep_spec_program(spec, "in_text"));
	for (size_t i = 0; i < spec->n_functions; i++) {
		const struct skep_function *f = spec->functions[i];

		has_static |= !strcmp(f->name, "static_function") && !f->is_global;
		has_text |= !strcmp(f->name, "in_text") && !strcmp(f->section, ".text");
		assert_true(f->type_id && f->n_lines > 0);
		assert_string_equal(skep_btf_name(spec->btf, f->type_id), f->name);
	}
	assert_true(has_static && has_text);
}

static void static_functions_and_those_in_text_are_no_programs(void **state)
{
	(void)state;
	in_both_orders("spec_programs", check_functions);
}

static void check_changes(struct skep_spec *spec)
{
	struct skep_program_spec *p = program_of(spec, "unknown_name");
	struct skep_error err = { 0 };
	char name[32] = "fentry.s/do_sys_open";

	assert_ok(skep_program_spec_section(spec, p, name, &err) == 0, &err);
	memset(name, 'x', sizeof(name) - 1);
	assert_string_equal(p->section, "fentry.s/do_sys_open");
	assert_string_equal(p->target, "do_sys_open");
	assert_int_equal(p->type, BPF_PROG_TYPE_TRACING);
	assert_int_equal(p->flags, BPF_F_SLEEPABLE);
	assert_true(p->load);
	assert_null(p->note);

	assert_int_equal(skep_program_spec_section(spec, p, "fentri/open", &err), -EINVAL);
	assert_int_equal(err.stage, SKEP_STAGE_USAGE);
	assert_error_says(&err, "unknown_name");
	assert_error_says(&err, "fentri/open");
	assert_string_equal(p->target, "do_sys_open");
}

static void section_can_be_given_by_the_caller(void **state)
{
	(void)state;
	in_both_orders("spec_programs", check_changes);
}

static void check_target(struct skep_spec *spec)
{
	struct skep_program_spec *p = program_of(spec, "kprobe_target");
	char target[16] = "vfs_read";

	assert_int_equal(skep_program_spec_target(spec, p, target), 0);
	target[0] = 'x';
	assert_string_equal(p->target, "vfs_read");
	assert_int_equal(skep_program_spec_target(spec, p, NULL), 0);
	assert_null(p->target);
}

static void target_can_be_given_by_the_caller(void **state)
{
	(void)state;
	in_both_orders("spec_programs", check_target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(section_gives_type_attach_type_flags_and_target),
		cmocka_unit_test(section_with_a_question_mark_is_not_loaded),
		cmocka_unit_test(section_with_a_meaningless_end_is_taken_with_a_note),
		cmocka_unit_test(section_of_unknown_name_leaves_the_program_out_with_a_note),
		cmocka_unit_test(static_functions_and_those_in_text_are_no_programs),
		cmocka_unit_test(section_can_be_given_by_the_caller),
		cmocka_unit_test(target_can_be_given_by_the_caller),
	};

	return cmocka_run_group_tests_name("spec_sections", tests, NULL, NULL);
}
