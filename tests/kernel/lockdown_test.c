// SPDX-License-Identifier: MIT
/* What a locked down kernel refuses, and what not; tests/vm/lockdown.test boots one. */
#include "kernel/rights_support.h"

#include <errno.h>
#include <unistd.h>

#include "kernel/rights.h"

#define NEED_LOCKDOWN()                                                 \
	do {                                                            \
		struct skep_rights rights_;                             \
		NEED_BPF();                                             \
		skep_rights_read(&rights_);                             \
		NEED(rights_.lockdown == SKEP_LOCKDOWN_CONFIDENTIALITY, \
		     "this kernel is not locked down");                 \
	} while (0)

static int load_one(const char *program, struct skep_error *err)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_spec *spec = open_fixture("rights_hidden");
	struct skep_object *object;

	memset(err, 0, sizeof(*err));
	only_program(spec, program);
	object = skep_object_load(spec, &opts, err);
	skep_object_close(object);
	skep_spec_free(spec);
	return object ? 0 : -err->code;
}

static void lockdown_is_named_for_helpers_that_it_hides(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_LOCKDOWN();
	assert_true(load_one("traces_kernel", &err) < 0);
	assert_error_says(&err, "locked down");
	assert_error_says(&err, "bpf_probe_read_kernel");
	assert_error_says(&err, "rights_hidden.bpf.c:");
}

static void lockdown_leaves_other_programs_alone(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_LOCKDOWN();
	assert_ok(!load_one("traces_user", &err), &err);
}

static void lockdown_is_named_by_probes(void **state)
{
	struct skep_probe why = { .size = sizeof(why) };

	(void)state;
	NEED_LOCKDOWN();
	assert_int_equal(skep_probe_helper(BPF_PROG_TYPE_KPROBE, BPF_FUNC_probe_read_kernel, &why),
			 SKEP_NO);
	assert_non_null(strstr(why.reason, "locked down"));
	assert_int_equal(skep_probe_helper(BPF_PROG_TYPE_KPROBE, BPF_FUNC_probe_read_user, &why),
			 SKEP_YES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lockdown_is_named_for_helpers_that_it_hides),
		cmocka_unit_test(lockdown_leaves_other_programs_alone),
		cmocka_unit_test(lockdown_is_named_by_probes),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
