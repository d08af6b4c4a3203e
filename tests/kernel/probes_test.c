// SPDX-License-Identifier: MIT
/* What the kernel is said to have, against what is known of all kernels and what bpftool finds. */
#include "kernel/answers.h"
#include "kernel/rights_support.h"

#include <errno.h>
#include <linux/btf.h>
#include <linux/capability.h>
#include <unistd.h>

#include "base/uapi.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The last value of an enum in the kernel's BTF, which is how many there are; 0: unknown. */
static uint32_t kernel_has(const char *enum_name)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);
	uint32_t id = btf ? skep_btf_find(btf, enum_name, BTF_KIND_ENUM) : 0;
	const struct btf_type *t = id ? skep_btf_type(btf, id) : NULL;

	return t ? (uint32_t)skep_btf_enums(t)[skep_btf_vlen(t) - 1].val : 0;
}

static void types_that_all_kernels_have_are_found(void **state)
{
	static const uint32_t programs[] = { BPF_PROG_TYPE_SOCKET_FILTER,
					     BPF_PROG_TYPE_KPROBE,
					     BPF_PROG_TYPE_SCHED_CLS,
					     BPF_PROG_TYPE_TRACEPOINT,
					     BPF_PROG_TYPE_XDP,
					     BPF_PROG_TYPE_PERF_EVENT,
					     BPF_PROG_TYPE_CGROUP_SKB,
					     BPF_PROG_TYPE_CGROUP_SOCK,
					     BPF_PROG_TYPE_SOCK_OPS,
					     BPF_PROG_TYPE_SK_SKB,
					     BPF_PROG_TYPE_SK_MSG,
					     BPF_PROG_TYPE_RAW_TRACEPOINT,
					     BPF_PROG_TYPE_SK_REUSEPORT,
					     BPF_PROG_TYPE_SK_LOOKUP,
					     BPF_PROG_TYPE_FLOW_DISSECTOR,
					     BPF_PROG_TYPE_TRACING,
					     BPF_PROG_TYPE_STRUCT_OPS,
					     BPF_PROG_TYPE_CGROUP_SOCK_ADDR,
					     BPF_PROG_TYPE_CGROUP_SOCKOPT };
	static const uint32_t maps[] = { BPF_MAP_TYPE_HASH,	    BPF_MAP_TYPE_ARRAY,
					 BPF_MAP_TYPE_PROG_ARRAY,   BPF_MAP_TYPE_PERCPU_HASH,
					 BPF_MAP_TYPE_LPM_TRIE,	    BPF_MAP_TYPE_ARRAY_OF_MAPS,
					 BPF_MAP_TYPE_HASH_OF_MAPS, BPF_MAP_TYPE_DEVMAP,
					 BPF_MAP_TYPE_SOCKMAP,	    BPF_MAP_TYPE_CPUMAP,
					 BPF_MAP_TYPE_QUEUE,	    BPF_MAP_TYPE_SK_STORAGE,
					 BPF_MAP_TYPE_STRUCT_OPS,   BPF_MAP_TYPE_RINGBUF,
					 BPF_MAP_TYPE_STACK_TRACE,  BPF_MAP_TYPE_CGROUP_STORAGE };

	(void)state;
	NEED_JIT();
	for (size_t i = 0; i < LEN(programs); i++)
		assert_answer(SKEP_YES, skep_probe_program_type(programs[i], &why),
			      skep_program_type_name(programs[i]));
	for (size_t i = 0; i < LEN(maps); i++)
		assert_answer(SKEP_YES, skep_probe_map_type(maps[i], &why),
			      skep_map_type_name(maps[i]));
}

static void types_that_the_kernel_does_not_list_are_missing(void **state)
{
	uint32_t programs = kernel_has("bpf_prog_type"), maps = kernel_has("bpf_map_type");

	size_t n_fds = count_fds();
	char name[32];

	(void)state;
	NEED_BPF();
	NEED(programs && maps, "the kernel has no BTF");
	/* From 6.9 on the enums end with their number; before, with the last type. */
	for (uint32_t i = programs + 1; i < programs + 4; i++) {
		struct skep_probe why = { .size = sizeof(why) };

		assert_int_equal(skep_probe_program_type(i, &why), SKEP_NO);
		snprintf(name, sizeof(name), "program type %u", i);
		assert_true(skep_program_type_name(i) || strstr(why.reason, name));
	}
	for (uint32_t i = maps + 1; i < maps + 4; i++)
		assert_answer(SKEP_NO, skep_probe_map_type(i, &why), "map type");
	assert_answer(SKEP_NO, skep_probe_program_type(0, &why), "program type 0");
	assert_answer(SKEP_NO, skep_probe_map_type(0, &why), "map type 0");
	assert_int_equal(count_fds(), n_fds);
}

static void attach_types_are_those_that_the_kernel_lists(void **state)
{
	static const uint32_t always[] = { BPF_CGROUP_INET_INGRESS, BPF_CGROUP_INET4_CONNECT,
					   BPF_CGROUP_UDP4_RECVMSG, BPF_CGROUP_SETSOCKOPT,
					   BPF_SK_LOOKUP,	    BPF_TRACE_RAW_TP,
					   BPF_TRACE_ITER,	    BPF_XDP,
					   BPF_XDP_DEVMAP,	    BPF_CGROUP_INET6_POST_BIND };
	uint32_t end = kernel_has("bpf_attach_type");
	size_t n_fds = count_fds();

	(void)state;
	NEED_BPF();
	if (!end)
		SKIP_TEST("the kernel has no BTF");
	for (size_t i = 0; i < LEN(always); i++)
		assert_answer(SKEP_YES, skep_probe_attach_type(always[i], &why),
			      skep_attach_type_name(always[i]));
	for (uint32_t i = end; skep_attach_type_name(i); i++)
		assert_answer(SKEP_NO, skep_probe_attach_type(i, &why), skep_attach_type_name(i));
	/* Built wherever the kernel knows them. */
	if (end > BPF_PERF_EVENT)
		assert_answer(SKEP_YES, skep_probe_attach_type(BPF_PERF_EVENT, &why), "perf_event");
	if (end > BPF_SK_SKB_VERDICT)
		assert_answer(SKEP_YES, skep_probe_attach_type(BPF_SK_SKB_VERDICT, &why),
			      "sk_skb_verdict");
	if (end > SKEP_TCX_INGRESS)
		assert_answer(SKEP_YES, skep_probe_attach_type(SKEP_TCX_INGRESS, &why), "tcx");
	assert_true(count_fds() <= n_fds);
}

static void a_refused_trampoline_is_no_missing_type(void **state)
{
	struct skep_probe why = { .size = sizeof(why) };

	(void)state;
	NEED_JIT();
	if (skep_probe_attach_type(BPF_TRACE_FENTRY, &why) == SKEP_YES) {
		assert_int_equal(skep_probe_feature(SKEP_FEATURE_TRAMPOLINE, NULL), SKEP_YES);
		assert_answer(SKEP_YES, skep_probe_program_type(BPF_PROG_TYPE_EXT, &why), "ext");
		assert_answer(SKEP_YES, skep_probe_attach_type(BPF_MODIFY_RETURN, &why),
			      "modify_return");
		return;
	}
	assert_int_equal(skep_probe_attach_type(BPF_TRACE_FENTRY, &why), SKEP_UNKNOWN);
	assert_non_null(strstr(why.reason, "trampoline"));
	assert_int_equal(why.code, EPERM);
}

static void helpers_are_known_by_name_and_number(void **state)
{
	(void)state;
	assert_string_equal(skep_helper_name(1), "map_lookup_elem");
	assert_string_equal(skep_helper_name(211), "cgrp_storage_delete");
	assert_null(skep_helper_name(212));
	assert_int_equal(skep_helper_id("bpf_cgrp_storage_get"), 210);
	assert_int_equal(skep_helper_id("map_lookup_elem"), BPF_FUNC_map_lookup_elem);
	assert_int_equal(skep_helper_id("no_such_helper"), 0);
	assert_int_equal(skep_helper_id(NULL), 0);
	assert_null(skep_program_type_name(33));
	assert_string_equal(skep_map_type_name(35), "rhash");
	assert_null(skep_attach_type_name(62));
}

static void features_of_btf_and_instructions_are_told(void **state)
{
	static const enum skep_btf_feature btf[] = { SKEP_BTF_ANY, SKEP_BTF_FUNC, SKEP_BTF_DATASEC,
						     SKEP_BTF_FUNC_GLOBAL };

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < LEN(btf); i++)
		assert_answer(SKEP_YES, skep_probe_btf(btf[i], &why),
			      skep_btf_feature_name(btf[i]));
	for (int i = 0; i <= SKEP_FEATURE_ISA_V3; i++)
		assert_answer(SKEP_YES, skep_probe_feature(i, &why), skep_feature_name(i));
	assert_answer(SKEP_YES, skep_probe_feature(SKEP_FEATURE_GLOBAL_DATA, &why), "global data");
	assert_answer(SKEP_YES, skep_probe_feature(SKEP_FEATURE_MMAP, &why), "mmap");
	assert_answer(SKEP_YES, skep_probe_feature(SKEP_FEATURE_BATCH, &why), "batch");
	assert_answer(SKEP_NO, skep_probe_btf(SKEP_N_BTF_FEATURES, &why), "no feature");
	assert_null(skep_btf_feature_name(SKEP_N_BTF_FEATURES));
	assert_null(skep_feature_name(SKEP_N_FEATURES));
	/* What needs an enum64 in the kernel's own BTF has it in the verifier as well. */
	if (kernel_has("bpf_attach_type") > BPF_LSM_CGROUP)
		assert_answer(SKEP_YES, skep_probe_btf(SKEP_BTF_ENUM64, &why), "enum64");
}

static void an_answer_fits_into_a_smaller_struct(void **state)
{
	struct skep_probe why;

	(void)state;
	memset(&why, 'x', sizeof(why));
	why.size = offsetof(struct skep_probe, reason) + 8;
	skep_probe_map_type(0, &why);
	assert_int_equal(why.code, EINVAL);
	assert_int_equal(why.reason[8], 'x');
	why.size = 0;
	assert_int_equal(skep_probe_map_type(0, &why), SKEP_NO);
}

static void ask_without_rights(void *arg, struct skep_error *err)
{
	struct skep_probe why = { .size = sizeof(why) };
	enum skep_answer answer = SKEP_YES;

	switch (*(int *)arg) {
	case 0:
		answer = skep_probe_program_type(BPF_PROG_TYPE_XDP, &why);
		break;
	case 1:
		answer = skep_probe_map_type(BPF_MAP_TYPE_DEVMAP, &why);
		break;
	case 2:
		answer = skep_probe_helper(BPF_PROG_TYPE_KPROBE, BPF_FUNC_probe_read_kernel, &why);
		break;
	case 3:
		answer = skep_probe_helper(BPF_PROG_TYPE_SOCKET_FILTER, BPF_FUNC_probe_read_kernel,
					   &why);
		break;
	}
	err->code = answer == SKEP_UNKNOWN ? why.code : -1;
	memcpy(err->cause, why.reason, sizeof(why.reason));
}

static int keep_bpf(void)
{
	return keep_only(ONLY(CAP_BPF));
}

static void what_cannot_be_asked_is_unknown(void **state)
{
	(void)state;
	NEED_BPF();
	for (int question = 0; question < 4; question++) {
		struct skep_error err = in_child(keep_bpf, ask_without_rights, &question);

		if (err.code != EPERM)
			fail_msg("question %d: %d %s", question, err.code, err.cause);
		assert_error_says(&err, question < 2 ? "lacks CAP_NET_ADMIN" : "lacks CAP_PERFMON");
	}
}

/* What bpftool prints of one capability: 1, 0, or -1 when it does not know the name. */
static int bpftool_says(const char *json, const char *before, const char *name, const char *after)
{
	char key[96];
	const char *at;

	snprintf(key, sizeof(key), "\"have_%s%s%s\":", before, name, after);
	at = strstr(json, key);
	return at ? !strncmp(at + strlen(key), "true", 4) : -1;
}

static void compare(const char *json, const char *name, const char *after, enum skep_answer answer)
{
	int says = bpftool_says(json, "", name, after);

	/* It takes every refusal for a lack, and does not know what tracing hangs on. */
	if (says == 1 ? answer != SKEP_YES : says == 0 && answer == SKEP_YES)
		if (strcmp(name, "tracing"))
			fail_msg("%s%s: bpftool says %d, skep %d", name, after, says, answer);
}

static void answers_are_those_of_bpftool(void **state)
{
	static char json[1 << 18];
	FILE *out = popen("bpftool -j feature probe kernel 2>/dev/null", "r");
	size_t len = out ? fread(json, 1, sizeof(json) - 1, out) : 0;

	(void)state;
	if (out)
		pclose(out);
	if (!len)
		SKIP_TEST("there is no bpftool");
	json[len] = '\0';
	for (uint32_t i = 1; skep_program_type_name(i); i++)
		compare(json, skep_program_type_name(i), "_prog_type",
			skep_probe_program_type(i, NULL));
	for (uint32_t i = 1; skep_map_type_name(i); i++)
		compare(json, skep_map_type_name(i), "_map_type", skep_probe_map_type(i, NULL));
	compare(json, "large_insn_limit", "", skep_probe_feature(SKEP_FEATURE_LARGE_PROGRAM, NULL));
	compare(json, "bounded_loops", "", skep_probe_feature(SKEP_FEATURE_BOUNDED_LOOP, NULL));
	compare(json, "v2_isa_extension", "", skep_probe_feature(SKEP_FEATURE_ISA_V2, NULL));
	compare(json, "v3_isa_extension", "", skep_probe_feature(SKEP_FEATURE_ISA_V3, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_that_all_kernels_have_are_found),
		cmocka_unit_test(types_that_the_kernel_does_not_list_are_missing),
		cmocka_unit_test(attach_types_are_those_that_the_kernel_lists),
		cmocka_unit_test(a_refused_trampoline_is_no_missing_type),
		cmocka_unit_test(helpers_are_known_by_name_and_number),
		cmocka_unit_test(features_of_btf_and_instructions_are_told),
		cmocka_unit_test(an_answer_fits_into_a_smaller_struct),
		cmocka_unit_test(what_cannot_be_asked_is_unknown),
		cmocka_unit_test(answers_are_those_of_bpftool),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
