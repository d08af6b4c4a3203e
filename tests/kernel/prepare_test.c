// SPDX-License-Identifier: MIT
/* Objects loaded in two steps, and what can be done between them. */
#include "kernel/run_support.h"

#include <errno.h>
#include <fcntl.h>

static struct rig prepare(const char *fixture)
{
	struct rig rig = { .spec = open_fixture(fixture) };
	struct skep_error err = { 0 };

	rig.object = skep_object_prepare(rig.spec, NULL, &err);
	assert_ok(rig.object, &err);
	return rig;
}

static struct skep_program *program_of(const struct rig *rig, const char *name)
{
	struct skep_program *program = skep_object_program(rig->object, name);

	assert_non_null(program);
	return program;
}

static uint32_t result_of(const struct skep_program *program)
{
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(program, &run, &err), &err);
	return run.retval;
}

static void load(struct rig *rig)
{
	struct skep_error err = { 0 };

	assert_ok(!skep_object_load_programs(rig->object, &err), &err);
}

static void maps_are_there_before_programs(void **state)
{
	const uint64_t value = 1000;
	const uint32_t key = 0;
	struct skep_error err = { 0 };
	struct rig rig;
	size_t n;

	(void)state;
	NEED_BPF();
	rig = prepare("load_exclusive");
	assert_int_equal(skep_program_fd(program_of(&rig, "first")), -1);
	assert_non_null(skep_program_insns(program_of(&rig, "first"), &n));
	assert_true(n > 10);
	assert_ok(!skep_map_update(skep_object_map(rig.object, "own"), &key, &value, 0, &err),
		  &err);
	load(&rig);
	assert_int_equal(result_of(program_of(&rig, "first")), 1000 + RUN_PACKET_LEN);
	assert_int_equal(skep_object_load_programs(rig.object, &err), -EINVAL);
	assert_error_says(&err, "were loaded before");
	close_all(&rig);
}

static void type_and_flags_may_be_changed_between_the_steps(void **state)
{
	struct skep_error err = { 0 };
	struct skep_system_program *info;
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig = prepare("load_exclusive");
	skep_spec_program(rig.spec, "first")->type = BPF_PROG_TYPE_SOCKET_FILTER;
	skep_spec_program(rig.spec, "second")->load = false;
	load(&rig);
	info = skep_system_program_read(skep_program_fd(program_of(&rig, "first")), 0, &err);
	assert_ok(info, &err);
	assert_int_equal(info->type, BPF_PROG_TYPE_SOCKET_FILTER);
	skep_system_program_free(info);
	assert_int_equal(skep_program_fd(program_of(&rig, "second")), -1);
	close_all(&rig);
}

static void other_instructions_are_loaded(void **state)
{
	const struct bpf_insn nine[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 9 },
					 { .code = BPF_JMP | BPF_EXIT } };
	struct bpf_insn *own;
	struct skep_error err = { 0 };
	struct rig rig;
	size_t n;

	(void)state;
	NEED_BPF();
	rig = prepare("load_exclusive");
	assert_ok(!skep_program_set_insns(program_of(&rig, "first"), nine, 2, &err), &err);
	own = (struct bpf_insn *)skep_program_insns(program_of(&rig, "second"), &n);
	own = memcpy(malloc(n * sizeof(*own)), own, n * sizeof(*own));
	assert_int_equal(own[1].code, BPF_ALU | BPF_ADD | BPF_K);
	own[1].imm = 100;
	assert_ok(!skep_program_set_insns(program_of(&rig, "second"), own, n, &err), &err);
	free(own);
	load(&rig);
	assert_int_equal(result_of(program_of(&rig, "first")), 9);
	assert_int_equal(result_of(program_of(&rig, "second")), RUN_PACKET_LEN + 100);
	assert_int_equal(skep_program_set_insns(program_of(&rig, "first"), nine, 2, &err), -EBUSY);
	close_all(&rig);
}

static void a_copy_shares_maps_and_outlives_the_object(void **state)
{
	const struct skep_program_copy_opts opts = { .size = sizeof(opts),
						     .name = "copied",
						     .section = "socket" };
	size_t fds = count_fds();
	struct skep_system_program *info;
	struct skep_error err = { 0 };
	struct skep_program *copy;
	struct rig rig;
	uint32_t id;

	(void)state;
	NEED_BPF();
	rig = prepare("load_exclusive");
	copy = skep_program_load_copy(program_of(&rig, "first"), &opts, &err);
	assert_ok(copy, &err);
	load(&rig);
	assert_int_equal(result_of(program_of(&rig, "first")), RUN_PACKET_LEN);
	/* Socket filters do not see the Ethernet header. */
	assert_int_equal(result_of(copy), 2 * RUN_PACKET_LEN - 14);
	id = program_id(skep_program_fd(copy));
	info = skep_system_program_read(skep_program_fd(copy), 0, &err);
	assert_ok(info, &err);
	assert_int_equal(info->type, BPF_PROG_TYPE_SOCKET_FILTER);
	assert_string_equal(info->name, "copied");
	skep_system_program_free(info);
	skep_object_close(rig.object);
	assert_int_equal(result_of(copy), 3 * RUN_PACKET_LEN - 28);
	skep_program_close(copy);
	assert_true(id_goes_away(BPF_PROG_GET_FD_BY_ID, id));
	assert_int_equal(count_fds(), fds);
	skep_spec_free(rig.spec);
}

/* As many hooks as there are targets, from one program of the source. */
static void a_copy_is_attached_to_another_function(void **state)
{
	const struct skep_program_copy_opts opts = { .size = sizeof(opts),
						     .section = "fentry/vfs_read" };
	struct skep_error err = { 0 };
	struct skep_program *copy;
	struct skep_link *link;
	struct rig rig = { 0 };
	uint64_t before;
	char byte;
	int fd;

	(void)state;
	NEED_BPF();
	NEED_TRAMPOLINES();
	rig.spec = open_fixture("load_fentry");
	only_program(rig.spec, "on_open");
	only_this_process(rig.spec);
	rig.object = skep_object_prepare(rig.spec, NULL, &err);
	assert_ok(rig.object, &err);
	copy = skep_program_load_copy(program_of(&rig, "on_open"), &opts, &err);
	assert_ok(copy, &err);
	link = skep_program_attach(copy, &err);
	assert_ok(link, &err);
	fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	before = global_value(rig.object, "opened");
	for (int i = 0; i < 5; i++)
		assert_int_equal(read(fd, &byte, 1), 1);
	assert_int_equal(global_value(rig.object, "opened"), before + 5);
	skep_link_close(link);
	assert_int_equal(read(fd, &byte, 1), 1);
	assert_int_equal(global_value(rig.object, "opened"), before + 5);
	close(fd);
	skep_program_close(copy);
	close_all(&rig);
}

static void what_cannot_be_copied_is_told(void **state)
{
	struct skep_program_copy_opts opts = { .size = sizeof(opts), .section = "no_such" };
	struct skep_error err = { 0 };
	struct rig rig = { 0 };

	(void)state;
	NEED_BPF();
	rig.spec = open_fixture("load_exclusive");
	only_program(rig.spec, "first");
	rig.object = load_spec(rig.spec);
	assert_null(skep_program_load_copy(program_of(&rig, "first"), NULL, &err));
	assert_error_says(&err, "was not prepared");
	assert_int_equal(skep_object_load_programs(rig.object, &err), -EINVAL);
	skep_object_close(rig.object);
	rig.object = skep_object_prepare(rig.spec, NULL, &err);
	assert_ok(rig.object, &err);
	assert_null(skep_program_load_copy(program_of(&rig, "second"), NULL, &err));
	assert_error_says(&err, "it was switched off");
	assert_null(skep_program_load_copy(program_of(&rig, "first"), &opts, &err));
	assert_error_says(&err, "'no_such' is no section name");
	opts.section = "sk_lookup";
	assert_null(skep_program_load_copy(program_of(&rig, "first"), &opts, &err));
	assert_int_equal(err.stage, SKEP_STAGE_LOAD);
	assert_error_says(&err, "program 'first'");
	assert_error_says(&err, "refused by the verifier");
	close_all(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_are_there_before_programs),
		cmocka_unit_test(type_and_flags_may_be_changed_between_the_steps),
		cmocka_unit_test(other_instructions_are_loaded),
		cmocka_unit_test(a_copy_shares_maps_and_outlives_the_object),
		cmocka_unit_test(a_copy_is_attached_to_another_function),
		cmocka_unit_test(what_cannot_be_copied_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
