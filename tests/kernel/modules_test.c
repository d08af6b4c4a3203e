// SPDX-License-Identifier: MIT
/* The BTF of modules: veth is loaded into each machine of the tests, and has types of its own. */
#include "kernel/support.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/bpf.h"
#include "kernel/modules.h"

#define MODULE "veth"
#define TYPE   "veth_priv"

static const struct skep_btf *kernel_btf(void)
{
	struct skep_error err = { 0 };
	const struct skep_btf *kernel = skep_btf_kernel(&err);

	assert_ok(kernel, &err);
	return kernel;
}

static bool has_module(const struct skep_modules *modules)
{
	for (size_t i = 0; i < modules->n; i++)
		if (!strcmp(modules->list[i].name, MODULE))
			return true;
	return false;
}

/* The type is the module's own, and the BTF's fd is the one of the module's name. */
static void check_module(struct skep_modules *modules)
{
	struct skep_error err = { 0 };
	char name[64] = "";
	struct bpf_btf_info info = { .name = (uintptr_t)name, .name_len = sizeof(name) };
	size_t i = 0;
	uint32_t id = skep_modules_find(modules, TYPE, BTF_KIND_STRUCT, &i);
	int fd;

	assert_true(id >= skep_btf_count(modules->kernel));
	assert_string_equal(modules->list[i].name, MODULE);
	assert_string_equal(skep_btf_name(skep_module_btf(modules, i), id), TYPE);
	fd = skep_module_fd(modules, i, &err);
	assert_ok(fd >= 0, &err);
	assert_int_equal(skep_module_fd(modules, i, &err), fd);
	assert_int_equal(skep_bpf_info(fd, &info, sizeof(info)), 0);
	assert_string_equal(name, MODULE);
	assert_int_equal(skep_modules_find(modules, "task_struct", BTF_KIND_STRUCT, &i), 0);
	assert_int_equal(skep_modules_find(modules, TYPE, BTF_KIND_UNION, &i), 0);
}

static void a_modules_types_and_btf_are_found(void **state)
{
	struct skep_modules modules = { 0 };
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	assert_ok(!skep_modules_list(&modules, kernel_btf(), &err), &err);
	if (!has_module(&modules)) {
		skep_modules_free(&modules);
		SKIP_TEST("this kernel has no module " MODULE " with BTF");
	}
	check_module(&modules);
	skep_modules_free(&modules);
}

static int look_without_files(void)
{
	struct skep_modules modules = { 0 };

	if (skep_modules_list(&modules, kernel_btf(), NULL) || !has_module(&modules))
		return 1;
	check_module(&modules);
	skep_modules_free(&modules);
	return 0;
}

static void modules_are_found_by_id_without_files(void **state)
{
	int status;
	pid_t child;

	(void)state;
	NEED_BPF();
	if (access("/sys/kernel/btf/" MODULE, R_OK))
		SKIP_TEST("this kernel has no module " MODULE " with BTF");
	kernel_btf();
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("none", "/sys/kernel", "tmpfs", 0, NULL))
			_exit(2);
		_exit(look_without_files());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_modules_types_and_btf_are_found),
		cmocka_unit_test(modules_are_found_by_id_without_files),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
