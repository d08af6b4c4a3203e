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

static uint64_t member_offset(const struct skep_btf *btf, uint32_t id, const char *name)
{
	const struct btf_type *t = skep_btf_type(btf, id);

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
		if (!strcmp(skep_btf_string(btf, skep_btf_members(t)[i].name_off), name))
			return skep_btf_member_offset(t, &skep_btf_members(t)[i]) / 8;
	fail_msg("struct %s has no %s", TYPE, name);
	return 0;
}

/* Runs the fixture against a target, NULL for the running kernel's. */
static struct skep_object *run_fixture(struct skep_spec *spec, const struct skep_btf *target)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .target_btf = target };
	struct skep_program_run run = { .size = sizeof(run) };
	struct skep_error err = { 0 };
	struct skep_object *object = skep_object_load(spec, &opts, &err);

	assert_ok(object, &err);
	assert_ok(!skep_program_test_run(skep_object_program_at(object, 0), &run, &err), &err);
	return object;
}

static void fields_of_modules_types_are_relocated(void **state)
{
	struct skep_modules modules = { 0 };
	struct skep_error err = { 0 };
	const struct skep_btf *btf;
	struct skep_object *object;
	struct skep_spec *spec;
	uint32_t id;
	size_t i;

	(void)state;
	NEED_BPF();
	assert_ok(!skep_modules_list(&modules, kernel_btf(), &err), &err);
	id = skep_modules_find(&modules, TYPE, BTF_KIND_STRUCT, &i);
	if (!id) {
		skep_modules_free(&modules);
		SKIP_TEST("this kernel has no module with a struct " TYPE);
	}
	btf = skep_module_btf(&modules, i);
	spec = open_fixture("load_module");
	object = run_fixture(spec, NULL);
	assert_int_equal(global_value(object, "exists"), 1);
	assert_int_equal(global_value(object, "size"), skep_btf_sizeof(btf, id));
	assert_int_equal(global_value(object, "id"), id);
	assert_int_equal(global_value(object, "field"), 1);
	assert_int_equal(global_value(object, "missing"), 0);
	assert_int_equal(global_value(object, "offset"),
			 member_offset(btf, id, "requested_headroom"));
	skep_object_close(object);
	/* A BTF of the caller's is all there is. */
	object = run_fixture(spec, kernel_btf());
	assert_int_equal(global_value(object, "exists"), 0);
	skep_object_close(object);
	skep_spec_free(spec);
	skep_modules_free(&modules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_modules_types_and_btf_are_found),
		cmocka_unit_test(modules_are_found_by_id_without_files),
		cmocka_unit_test(fields_of_modules_types_are_relocated),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
