// SPDX-License-Identifier: MIT
/* What programs use of the kernel and its modules by name: .ksyms. */
#include "kernel/support.h"

#include <errno.h>
#include <unistd.h>

#include "kernel/kallsyms.h"
#include "kernel/modules.h"

static bool kernel_has(const char *name, uint32_t kind)
{
	return skep_btf_find(skep_btf_kernel(NULL), name, kind) != 0;
}

static bool module_has(const char *name, uint32_t kind)
{
	struct skep_modules modules = { 0 };
	struct skep_error err = { 0 };
	size_t i;
	bool has;

	assert_ok(!skep_modules_list(&modules, skep_btf_kernel(NULL), &err), &err);
	has = skep_modules_find(&modules, name, kind, &i) != 0;
	skep_modules_free(&modules);
	return has;
}

#define NEED_FUNCTION(name) NEED(kernel_has(name, BTF_KIND_FUNC), "this kernel has no " name)

/* One program of the fixture, loaded. */
static struct skep_object *load_one(struct skep_spec *spec, const char *name)
{
	only_program(spec, name);
	only_this_process(spec);
	return load_spec(spec);
}

static uint32_t run(struct skep_object *object, const char *name)
{
	struct skep_program_run run = { .size = sizeof(run) };
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(skep_object_program(object, name), &run, &err), &err);
	return run.retval;
}

static void refuse(struct skep_spec *spec, const char *name, int code, const char *says,
		   const char *also)
{
	struct skep_error err = { 0 };

	only_program(spec, name);
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, name);
	assert_error_says(&err, says);
	assert_error_says(&err, also);
	assert_int_equal(err.code, code);
}

static void symbols_have_their_addresses(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_error err = { 0 };
	uint64_t address = 0;

	(void)state;
	NEED_BPF();
	assert_ok(!skep_kallsyms_find("bpf_prog_put", &address, &err), &err);
	spec = open_fixture("load_symbols");
	object = load_one(spec, "reads_addresses");
	run(object, "reads_addresses");
	assert_int_equal(global_value(object, "address"), address);
	assert_int_equal(global_value(object, "missing"), 0);
	skep_object_close(object);
	skep_spec_free(spec);
}

/* Names that static functions like to share; which of them do depends on the kernel. */
static const char *shared_name(void)
{
	struct skep_kallsyms_query queries[] = {
		{ .name = "init_once" }, { .name = "m_start" }, { .name = "m_next" },
		{ .name = "s_start" },	 { .name = "s_next" },	{ .name = "t_next" },
		{ .name = "c_start" },	 { .name = "c_next" },	{ .name = "seq_show" },
	};
	size_t n = sizeof(queries) / sizeof(queries[0]);
	struct skep_error err = { 0 };
	int fd = skep_kallsyms_open(&err);

	assert_ok(fd >= 0, &err);
	assert_ok(!skep_kallsyms_look_up(fd, queries, n, &err), &err);
	close(fd);
	for (size_t i = 0; i < n; i++)
		if (queries[i].count > 1)
			return queries[i].name;
	return NULL;
}

static void symbols_that_share_a_name_are_ambiguous(void **state)
{
	struct skep_spec *spec;
	const char *shared;

	(void)state;
	NEED_BPF();
	shared = shared_name();
	if (!shared)
		SKIP_TEST("this kernel has none of the usual names twice");
	spec = open_fixture("load_symbols");
	for (size_t i = 0; i < spec->n_externs; i++)
		if (!strcmp(spec->externs[i]->name, "skep_shared_name"))
			spec->externs[i]->name = shared;
	refuse(spec, "reads_shared", ENOTUNIQ, "symbols of this name at different addresses",
	       shared);
	skep_spec_free(spec);
}

static void missing_symbols_are_named(void **state)
{
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_symbols");
	refuse(spec, "reads_missing_symbol", ENOENT,
	       "its extern 'skep_missing_symbol': the kernel has no symbol of this name", "__weak");
	refuse(spec, "reads_missing_variable", ENOENT,
	       "its extern 'skep_no_such_variable': neither the kernel's BTF nor that of a loaded "
	       "module has this variable",
	       "extern const void skep_no_such_variable __ksym");
	refuse(spec, "calls_missing_function", ENOENT,
	       "its extern 'skep_no_such_function': neither the kernel's BTF nor that of a loaded "
	       "module has this function",
	       "bpf_ksym_exists()");
	skep_spec_free(spec);
}

static void variables_of_each_cpu_are_read(void **state)
{
	uint64_t address;
	struct skep_spec *spec;
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	if (!kernel_has("bpf_prog_active", BTF_KIND_VAR))
		SKIP_TEST("this kernel's BTF has no variables");
	if (skep_kallsyms_find("bpf_prog_active", &address, NULL))
		SKIP_TEST("this kernel's symbols are functions alone (no CONFIG_KALLSYMS_ALL)");
	spec = open_fixture("load_symbols");
	object = load_one(spec, "reads_percpu");
	assert_int_equal(run(object, "reads_percpu"), 0);
	assert_int_equal(global_value(object, "active"), 0);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void a_variable_without_an_address_says_why(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	uint64_t address;

	(void)state;
	NEED_BPF();
	if (!kernel_has("bpf_prog_active", BTF_KIND_VAR))
		SKIP_TEST("this kernel's BTF has no variables");
	if (!skep_kallsyms_find("bpf_prog_active", &address, NULL))
		SKIP_TEST("this kernel's symbols have the variables too");
	spec = open_fixture("load_symbols");
	only_program(spec, "reads_percpu");
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "the kernel has not the address of its variable 'bpf_prog_active'");
	assert_error_says(&err, "CONFIG_KALLSYMS_ALL");
	skep_spec_free(spec);
}

/* A function like any other of the kernel's; kernels before 5.13 let programs call none. */
static void functions_that_are_not_for_programs_are_refused(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_JIT();
	NEED_FUNCTION("bpf_prog_put");
	spec = open_fixture("load_symbols");
	only_program(spec, "calls_what_is_not_for_programs");
	assert_null(skep_object_load(spec, NULL, &err));
	if (!error_says(&err, "this kernel's programs cannot call its functions"))
		assert_error_says(&err, "the kernel function bpf_prog_put is not for programs of "
					"this type");
	skep_spec_free(spec);
}

static void variables_of_another_type_are_told_apart(void **state)
{
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	if (!kernel_has("bpf_prog_active", BTF_KIND_VAR))
		SKIP_TEST("this kernel's BTF has no variables");
	spec = open_fixture("load_symbols");
	refuse(spec, "reads_wrong_type", EINVAL, "its extern 'bpf_prog_active___wrong'",
	       "it is 'int' in the kernel and 'const struct bpf_key *const' in the program");
	skep_spec_free(spec);
}

static void variables_of_modules_are_read(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	if (!module_has("mirred_nest_level", BTF_KIND_VAR))
		SKIP_TEST("no module here has the variable mirred_nest_level");
	spec = open_fixture("load_symbols");
	object = load_one(spec, "reads_modules_variable");
	run(object, "reads_modules_variable");
	assert_int_equal(global_value(object, "nested"), 0);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void functions_of_the_kernel_are_called(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_error err = { 0 };
	uint64_t calls;

	(void)state;
	NEED_JIT();
	NEED_FUNCTION("bpf_rcu_read_lock");
	spec = open_fixture("load_symbols");
	object = load_one(spec, "calls_functions");
	assert_int_equal(skep_object_attach(object, &err), 1);
	call_kernel(5);
	calls = global_value(object, "calls");
	assert_true(calls >= 5);
	skep_object_detach(object);
	calls = global_value(object, "calls");
	call_kernel(5);
	assert_int_equal(global_value(object, "calls"), calls);
	skep_object_close(object);
	skep_spec_free(spec);
}

/* Where a function may not be referred to by its type, before 6.4, its address is. */
static void functions_are_looked_for_before_they_are_called(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_error err = { 0 };

	(void)state;
	NEED_JIT();
	NEED_FUNCTION("bpf_lookup_system_key");
	spec = open_fixture("load_symbols");
	object = load_one(spec, "looks_for_functions");
	assert_string_equal(skep_program_log(skep_object_program(object, "looks_for_functions")),
			    "");
	assert_int_equal(skep_object_attach(object, &err), 1);
	call_kernel(5);
	assert_true(global_value(object, "exists") >= 5);
	assert_true(global_value(object, "calls") >= 5);
	assert_non_null(strstr(skep_object_extern_note(object, "bpf_key_put___weak"),
			       "its parameter 1 is 'struct bpf_key *' in the kernel and 'long"));
	skep_object_close(object);
	skep_spec_free(spec);
}

static void functions_of_another_prototype_are_told_apart(void **state)
{
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	NEED_FUNCTION("bpf_key_put");
	spec = open_fixture("load_symbols");
	refuse(spec, "calls_with_too_many", EINVAL,
	       "its extern 'bpf_key_put___many': the kernel's function is not what the program "
	       "declares",
	       "it has 1 parameters in the kernel and 2 in the program");
	refuse(spec, "calls_with_a_number", EINVAL, "its extern 'bpf_key_put___number'",
	       "its parameter 1 is 'struct bpf_key *' in the kernel and 'long' in the program");
	skep_spec_free(spec);
}

static void functions_of_modules_are_called(void **state)
{
	struct skep_program_run run = { .size = sizeof(run) };
	struct skep_error err = { 0 };
	uint8_t packet[64] = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	size_t fds;

	(void)state;
	NEED_BPF();
	if (!module_has("bpf_xdp_ct_lookup", BTF_KIND_FUNC))
		SKIP_TEST("no module here has the function bpf_xdp_ct_lookup");
	spec = open_fixture("load_symbols");
	fds = count_fds();
	object = load_one(spec, "calls_a_module");
	run.data_in = packet;
	run.data_in_len = sizeof(packet);
	assert_ok(!skep_program_test_run(skep_object_program(object, "calls_a_module"), &run, &err),
		  &err);
	assert_int_equal(run.retval, 2);
	assert_int_equal((int64_t)global_value(object, "error"), -ENOENT);
	skep_object_close(object);
	assert_int_equal(count_fds(), fds);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbols_have_their_addresses),
		cmocka_unit_test(symbols_that_share_a_name_are_ambiguous),
		cmocka_unit_test(missing_symbols_are_named),
		cmocka_unit_test(variables_of_each_cpu_are_read),
		cmocka_unit_test(a_variable_without_an_address_says_why),
		cmocka_unit_test(functions_that_are_not_for_programs_are_refused),
		cmocka_unit_test(variables_of_another_type_are_told_apart),
		cmocka_unit_test(variables_of_modules_are_read),
		cmocka_unit_test(functions_of_the_kernel_are_called),
		cmocka_unit_test(functions_are_looked_for_before_they_are_called),
		cmocka_unit_test(functions_of_another_prototype_are_told_apart),
		cmocka_unit_test(functions_of_modules_are_called),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
