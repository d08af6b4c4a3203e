// SPDX-License-Identifier: MIT
/* What programs of each type may call, against what is known of all kernels. */
#include "kernel/answers.h"

#include <errno.h>
#include <linux/btf.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static void helpers_are_told_for_each_type(void **state)
{
	static const struct {
		uint32_t type, helper;
		enum skep_answer answer;
	} known[] = {
		{ BPF_PROG_TYPE_SOCKET_FILTER, BPF_FUNC_skb_load_bytes, SKEP_YES },
		{ BPF_PROG_TYPE_SOCKET_FILTER, BPF_FUNC_skb_store_bytes, SKEP_NO },
		{ BPF_PROG_TYPE_SCHED_CLS, BPF_FUNC_skb_store_bytes, SKEP_YES },
		{ BPF_PROG_TYPE_SCHED_CLS, BPF_FUNC_xdp_adjust_head, SKEP_NO },
		{ BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_adjust_head, SKEP_YES },
		{ BPF_PROG_TYPE_XDP, BPF_FUNC_redirect_map, SKEP_YES },
		{ BPF_PROG_TYPE_XDP, BPF_FUNC_skb_load_bytes, SKEP_NO },
		{ BPF_PROG_TYPE_KPROBE, BPF_FUNC_probe_read_kernel, SKEP_YES },
		{ BPF_PROG_TYPE_KPROBE, BPF_FUNC_get_stackid, SKEP_YES },
		{ BPF_PROG_TYPE_KPROBE, BPF_FUNC_redirect, SKEP_NO },
		{ BPF_PROG_TYPE_PERF_EVENT, BPF_FUNC_perf_prog_read_value, SKEP_YES },
		{ BPF_PROG_TYPE_TRACEPOINT, BPF_FUNC_perf_prog_read_value, SKEP_NO },
		{ BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_FUNC_bind, SKEP_YES },
		{ BPF_PROG_TYPE_CGROUP_SOCK, BPF_FUNC_bind, SKEP_NO },
		{ BPF_PROG_TYPE_CGROUP_SYSCTL, BPF_FUNC_sysctl_get_name, SKEP_YES },
		{ BPF_PROG_TYPE_SK_LOOKUP, BPF_FUNC_sk_assign, SKEP_YES },
		{ BPF_PROG_TYPE_SK_REUSEPORT, BPF_FUNC_sk_select_reuseport, SKEP_YES },
		{ BPF_PROG_TYPE_SK_MSG, BPF_FUNC_msg_redirect_map, SKEP_YES },
		{ BPF_PROG_TYPE_SK_SKB, BPF_FUNC_sk_redirect_map, SKEP_YES },
		{ BPF_PROG_TYPE_SOCK_OPS, BPF_FUNC_sock_map_update, SKEP_YES },
		{ BPF_PROG_TYPE_LWT_XMIT, BPF_FUNC_lwt_push_encap, SKEP_YES },
		{ BPF_PROG_TYPE_LWT_OUT, BPF_FUNC_lwt_push_encap, SKEP_NO },
		{ BPF_PROG_TYPE_FLOW_DISSECTOR, BPF_FUNC_skb_load_bytes, SKEP_YES },
		{ BPF_PROG_TYPE_CGROUP_DEVICE, BPF_FUNC_sk_lookup_tcp, SKEP_NO },
		{ BPF_PROG_TYPE_TRACING, BPF_FUNC_get_stackid, SKEP_YES },
		{ BPF_PROG_TYPE_TRACING, BPF_FUNC_redirect, SKEP_NO },
		{ BPF_PROG_TYPE_STRUCT_OPS, BPF_FUNC_tcp_send_ack, SKEP_YES },
		{ BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_FUNC_sys_bpf, SKEP_NO },
	};

	(void)state;
	NEED_JIT();
	for (size_t i = 0; i < LEN(known); i++) {
		char what[96];

		snprintf(what, sizeof(what), "%s in %s", skep_helper_name(known[i].helper),
			 skep_program_type_name(known[i].type));
		assert_answer(known[i].answer,
			      skep_probe_helper(known[i].type, known[i].helper, &why), what);
	}
}

static void a_helper_of_special_places_says_where(void **state)
{
	struct skep_probe why = { .size = sizeof(why) };

	(void)state;
	NEED_BPF();
	assert_int_equal(skep_probe_helper(BPF_PROG_TYPE_TRACING, BPF_FUNC_seq_write, &why),
			 SKEP_YES);
	assert_string_equal(why.reason, "only in iterators");
	assert_int_equal(skep_probe_helper(BPF_PROG_TYPE_TRACING, BPF_FUNC_copy_from_user, &why),
			 SKEP_YES);
	assert_string_equal(why.reason, "only in programs that may sleep");
	assert_int_equal(skep_probe_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_copy_from_user, &why),
			 SKEP_NO);
}

static void a_helper_that_no_kernel_has_is_told(void **state)
{
	struct skep_probe why = { .size = sizeof(why) };

	(void)state;
	NEED_BPF();
	assert_int_equal(skep_probe_helper(BPF_PROG_TYPE_XDP, 100000, &why), SKEP_NO);
	assert_string_equal(why.reason, "this kernel has no such helper");
	assert_int_equal(skep_probe_helper(BPF_PROG_TYPE_XDP, 0, &why), SKEP_NO);
	assert_int_equal(skep_probe_helper(77, 1, &why), SKEP_NO);
}

struct table {
	uint32_t types, yes, no, unknown, noisy;
};

static int count(void *ctx, uint32_t type, uint32_t helper, enum skep_answer answer,
		 const struct skep_probe *why)
{
	struct table *t = ctx;

	(void)type;
	t->types += helper <= 1;
	t->yes += helper && answer == SKEP_YES;
	t->no += helper && answer == SKEP_NO;
	t->unknown += helper && answer == SKEP_UNKNOWN;
	t->noisy += !strncmp(why->reason, "not asked", 9);
	return helper == 1 && answer != SKEP_YES ? 1 : 0;
}

static void the_table_has_each_type_with_each_helper(void **state)
{
	size_t fds = count_fds();
	struct table t = { 0 };

	(void)state;
	NEED_BPF();
	/* Every type may look elements up, which is helper 1. */
	assert_int_equal(skep_probe_helpers(false, count, &t), 0);
	assert_int_equal(t.types, 32);
	assert_true(t.yes > 1000 && t.no > 2000);
	assert_int_equal(t.unknown, t.noisy);
	assert_int_equal(t.noisy % 3, 0);
	assert_int_equal(count_fds(), fds);
	assert_int_equal(skep_probe_helpers(false, NULL, NULL), -EINVAL);
}

static void kernel_functions_are_told_for_each_type(void **state)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);
	struct skep_probe why = { .size = sizeof(why) };
	size_t n_fds = count_fds();

	(void)state;
	NEED_JIT();
	if (!btf)
		SKIP_TEST("the kernel has no BTF");
	assert_int_equal(skep_probe_kfunc(0, "no_such_function_in_here", &why), SKEP_NO);
	assert_non_null(strstr(why.reason, "no_such_function_in_here"));
	assert_int_equal(skep_probe_kfunc(BPF_PROG_TYPE_TRACING, "do_exit", &why), SKEP_NO);
	assert_int_equal(skep_probe_kfunc(0, NULL, &why), SKEP_NO);
	assert_int_equal(skep_probe_kfunc(0, "do_exit", &why), SKEP_NO);
	assert_int_equal(count_fds(), n_fds);
	if (!skep_btf_find(btf, "bpf_task_acquire", BTF_KIND_FUNC))
		SKIP_TEST("the kernel has no bpf_task_acquire");
	if (skep_probe_kfunc(0, "bpf_task_acquire", &why) == SKEP_NO &&
	    strstr(why.reason, "lets no program"))
		SKIP_TEST("%s", why.reason);
	assert_answer(SKEP_YES, skep_probe_kfunc(BPF_PROG_TYPE_TRACING, "bpf_task_acquire", &why),
		      "bpf_task_acquire in tracing");
	assert_answer(SKEP_YES, skep_probe_kfunc(0, "bpf_task_acquire", &why), "bpf_task_acquire");
	assert_answer(SKEP_NO,
		      skep_probe_kfunc(BPF_PROG_TYPE_SOCKET_FILTER, "bpf_task_acquire", &why),
		      "bpf_task_acquire in socket filters");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(helpers_are_told_for_each_type),
		cmocka_unit_test(a_helper_of_special_places_says_where),
		cmocka_unit_test(a_helper_that_no_kernel_has_is_told),
		cmocka_unit_test(the_table_has_each_type_with_each_helper),
		cmocka_unit_test(kernel_functions_are_told_for_each_type),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
