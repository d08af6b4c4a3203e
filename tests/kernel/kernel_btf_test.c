// SPDX-License-Identifier: MIT
/* The walk over a kernel's own BTF: what its parts find, and that it has parts at all. */
#include "kernel/support.h"

#include "btf_walks.h"
#include "kernel/modules.h"

static const char *const names[] = { "task_struct", "file",	 "net", "list_head",
				     "schedule",    "veth_priv", "sk",	NULL };

static void a_kernels_types_are_walked_in_several_parts(void **state)
{
	struct skep_error err = { 0 };
	const struct skep_btf *kernel = skep_btf_kernel(&err);

	(void)state;
	assert_ok(kernel, &err);
	assert_int_equal(compare_walks(kernel, names), SKEP_BTF_PARTS);
}

static void a_modules_types_are_walked_the_same_in_several_parts(void **state)
{
	struct skep_modules modules = { 0 };
	struct skep_error err = { 0 };
	int n = 0;

	(void)state;
	assert_ok(!skep_modules_list(&modules, skep_btf_kernel(NULL), &err), &err);
	for (size_t i = 0; i < modules.n; i++) {
		const struct skep_btf *btf = skep_module_btf(&modules, i);

		assert_true(!btf || compare_walks(btf, names) > 0);
		n += btf != NULL;
	}
	skep_modules_free(&modules);
	if (!n)
		SKIP_TEST("there is no module with BTF");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kernels_types_are_walked_in_several_parts),
		cmocka_unit_test(a_modules_types_are_walked_the_same_in_several_parts),
	};

	return cmocka_run_group_tests_name("kernel_btf", tests, NULL, NULL);
}
