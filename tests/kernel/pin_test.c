// SPDX-License-Identifier: MIT
/* What is pinned outlives its process, and the next one goes on with it. */
#include "kernel/link_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/bpffs.h"

/* The value of the map that the fixture's counter lies in. */
static uint64_t hits_in(const struct skep_map *map)
{
	struct skep_error err = { 0 };
	uint64_t values[8] = { 0 };
	uint32_t key = 0;

	assert_true(skep_map_lookup_size(map) <= sizeof(values));
	assert_ok(!skep_map_lookup(map, &key, values, &err), &err);
	return values[0];
}

static void pinned_program_is_attached_by_another_process(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;
	struct skep_map *bss;
	struct rig rig;
	uint32_t id;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_egress");
	id = program_id(skep_program_fd(rig.program));
	bss = skep_map_from_fd(skep_map_fd(skep_object_map(rig.object, ".bss")), &err);
	assert_ok(bss, &err);
	assert_ok(!skep_program_pin(rig.program, sandbox_pin("program"), &err), &err);
	rig_free(&rig);
	program = skep_program_open_pinned(sandbox_pin("program"), "cgroup_skb/egress", &err);
	assert_ok(program, &err);
	assert_string_equal(skep_program_name(program), "on_egress");
	assert_int_equal(program_id(skep_program_fd(program)), id);
	link = skep_program_attach_cgroup(program, sandbox_cgroup(), NULL, &err);
	assert_ok(link, &err);
	sandbox_send();
	assert_int_equal(hits_in(bss), 1);
	skep_link_close(link);
	assert_ok(!skep_program_unpin(program, sandbox_pin("program"), &err), &err);
	skep_program_close(program);
	skep_map_close(bss);
	assert_true(id_goes_away(BPF_PROG_GET_FD_BY_ID, id));
	assert_int_equal(sandbox_count_pins(), 0);
}

static void pinned_program_is_run_and_put_into_a_link(void **state)
{
	uint8_t packet[64] = { 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_xdp");
	assert_ok(!skep_program_pin(rig.program, sandbox_pin("xdp"), &err), &err);
	program = skep_program_open_pinned(sandbox_pin("xdp"), NULL, &err);
	assert_ok(program, &err);
	assert_ok(!skep_program_test_run(program, &run, &err), &err);
	assert_int_equal(run.retval, 2);
	rig_attach(&rig);
	assert_ok(!skep_link_update(rig.link, program, NULL, &err), &err);
	assert_ok(!skep_program_unpin(program, sandbox_pin("xdp"), &err), &err);
	skep_program_close(program);
	/* A program of an object is the object's. */
	skep_program_close(skep_object_program(rig.object, "on_xdp"));
	assert_true(skep_program_fd(rig.program) >= 0);
	rig_free(&rig);
}

static void pinned_program_is_attached_by_its_section(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_raw");
	assert_ok(!skep_program_pin(rig.program, sandbox_pin("raw"), &err), &err);
	program = skep_program_open_pinned(sandbox_pin("raw"), "raw_tp/sys_enter", &err);
	assert_ok(program, &err);
	link = skep_program_attach(program, &err);
	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), "raw tracepoint sys_enter");
	call_kernel(3);
	assert_true(rig_hits(&rig) >= 3);
	/* What is attached holds its program, and is closed after it as well as before. */
	assert_ok(!skep_program_unpin(program, sandbox_pin("raw"), &err), &err);
	skep_program_close(program);
	call_kernel(3);
	assert_true(rig_hits(&rig) >= 6);
	skep_link_close(link);
	rig_free(&rig);
}

static void program_is_opened_by_its_id(void **state)
{
	uint8_t packet[64] = { 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct rig rig;
	uint32_t id;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_xdp");
	id = program_id(skep_program_fd(rig.program));
	program = skep_program_open_id(id, "xdp", &err);
	assert_ok(program, &err);
	assert_null(skep_program_open_id(id, "tp/sched/sched_switch", &err));
	assert_error_says(&err, "it is a program of type 6");
	rig_free(&rig);
	assert_ok(!skep_program_test_run(program, &run, &err), &err);
	assert_int_equal(run.retval, 2);
	skep_program_close(program);
	assert_true(id_goes_away(BPF_PROG_GET_FD_BY_ID, id));
	assert_null(skep_program_open_id(id, "xdp", &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "there is no program with this id");
}

/* Only cards that run programs take one; the loopback is none. */
static void card_that_runs_no_programs_is_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_SANDBOX();
	spec = open_fixture("link_life");
	only_program(spec, "on_xdp");
	skep_spec_program(spec, "on_xdp")->ifindex = 1;
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "the card of interface 1 runs no programs");
	skep_spec_free(spec);
}

static void wrong_pins_of_programs_are_told(void **state)
{
	struct skep_error err = { 0 };
	struct rig rig, other;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_xdp");
	assert_true(rig_load(&other, "on_xdp"));
	assert_int_equal(skep_program_pin(rig.program, "/tmp/skep-program", &err), -EINVAL);
	assert_error_says(&err, "program 'on_xdp' (xdp): /tmp is in no BPF file system");
	assert_int_equal(skep_program_unpin(rig.program, sandbox_pin("none"), &err), -ENOENT);
	assert_null(skep_program_open_pinned(sandbox_pin("none"), NULL, &err));
	assert_error_says(&err, "nothing is pinned at");
	assert_ok(!skep_program_pin(rig.program, sandbox_pin("p"), &err), &err);
	assert_int_equal(skep_program_unpin(other.program, sandbox_pin("p"), &err), -ESTALE);
	assert_null(skep_program_open_pinned(sandbox_pin("p"), "tp/sched/sched_switch", &err));
	assert_error_says(&err, "it is a program of type 6");
	assert_null(skep_program_open_pinned(sandbox_pin("p"), "no/such/section", &err));
	assert_error_says(&err, "is no section name");
	assert_null(skep_link_open_pinned(sandbox_pin("p"), &err));
	assert_error_says(&err, "is no link");
	assert_int_equal(skep_program_pin(NULL, sandbox_pin("q"), &err), -EINVAL);
	assert_int_equal(skep_program_pin(rig.program, NULL, &err), -EINVAL);
	assert_int_equal(skep_program_unpin(rig.program, NULL, &err), -EINVAL);
	assert_null(skep_program_open_pinned(NULL, NULL, &err));
	assert_int_equal(skep_object_pin_programs(NULL, sandbox_pin("q"), &err), -EINVAL);
	assert_int_equal(skep_object_pin_programs(rig.object, NULL, &err), -EINVAL);
	assert_int_equal(skep_object_unpin_programs(rig.object, NULL, &err), -EINVAL);
	skep_program_close(NULL);
	assert_int_equal(
		skep_program_pin(skep_object_program(rig.object, "on_msg"), sandbox_pin("q"), &err),
		-EBADF);
	assert_ok(!skep_program_unpin(rig.program, sandbox_pin("p"), &err), &err);
	rig_free(&rig);
	rig_free(&other);
	assert_int_equal(sandbox_count_pins(), 0);
}

/* An object whose two programs are attached by their section names. */
static struct skep_object *load_pair(struct skep_spec *spec)
{
	struct skep_error err = { 0 };
	struct skep_object *object;

	for (size_t i = 0; i < spec->n_programs; i++)
		spec->programs[i]->load = !strcmp(spec->programs[i]->name, "on_raw") ||
					  !strcmp(spec->programs[i]->name, "on_btf");
	only_this_process(spec);
	object = load_spec(spec);
	assert_ok(skep_object_attach(object, &err) == 2, &err);
	return object;
}

static void object_is_pinned_as_a_whole_or_not_at_all(void **state)
{
	struct skep_spec *spec;
	struct skep_error err = { 0 };
	struct skep_object *object;

	(void)state;
	NEED_SANDBOX();
	spec = open_fixture("link_life");
	object = load_pair(spec);
	assert_ok(!skep_object_pin_programs(object, sandbox_pin("app/programs"), &err), &err);
	assert_ok(!skep_object_pin_links(object, sandbox_pin("app/links"), &err), &err);
	assert_int_equal(access(sandbox_pin("app/programs/on_raw"), F_OK), 0);
	assert_int_equal(access(sandbox_pin("app/links/on_btf"), F_OK), 0);
	assert_ok(!skep_object_unpin_links(object, &err), &err);
	assert_int_equal(skep_object_unpin_links(object, &err), -ENOENT);
	/* The second name is taken: the first one goes again. */
	assert_int_equal(mkdir(sandbox_pin("app/links/on_btf"), 0700), 0);
	assert_int_equal(skep_object_pin_links(object, sandbox_pin("app/links"), &err), -EEXIST);
	assert_int_equal(access(sandbox_pin("app/links/on_raw"), F_OK), -1);
	assert_int_equal(unlink(sandbox_pin("app/programs/on_raw")), 0);
	assert_int_equal(skep_object_pin_programs(object, sandbox_pin("app/programs"), &err),
			 -EEXIST);
	assert_string_equal(err.object, spec->name);
	assert_int_equal(access(sandbox_pin("app/programs/on_raw"), F_OK), -1);
	assert_int_equal(unlink(sandbox_pin("app/programs/on_btf")), 0);
	rmdir(sandbox_pin("app/links/on_btf"));
	rmdir(sandbox_pin("app/links"));
	rmdir(sandbox_pin("app/programs"));
	rmdir(sandbox_pin("app"));
	skep_object_close(object);
	skep_spec_free(spec);
	assert_int_equal(sandbox_count_pins(), 0);
}

/* The first life of a program that stays: it ends by a signal that it cannot see. */
static void live_until_killed(int ready)
{
	struct skep_error err = { 0 };
	struct skep_map *bss;
	struct rig rig;

	if (!rig_load(&rig, "on_egress"))
		_exit(2);
	rig_attach(&rig);
	bss = skep_map_from_fd(skep_map_fd(skep_object_map(rig.object, ".bss")), &err);
	if (!bss || skep_link_pin(rig.link, sandbox_pin("link"), &err) ||
	    skep_bpffs_pin(skep_map_fd(bss), AT_FDCWD, sandbox_pin("counts"), SKEP_STAGE_LOAD,
			   &err)) {
		skep_error_print(&err, stderr);
		_exit(1);
	}
	if (write(ready, "x", 1) != 1)
		_exit(3);
	for (;;)
		pause();
}

static void kill_when_ready(void)
{
	int pipes[2], status;
	pid_t child;
	char c;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	child = fork_with_test();
	assert_true(child >= 0);
	if (!child)
		live_until_killed(pipes[1]);
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &c, 1), 1);
	close(pipes[0]);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

/* The second life: the link goes on with the new program, whose counter begins anew. */
static void adopt(struct rig *rig, const struct skep_map *counts)
{
	struct skep_link_update_opts opts = { .size = sizeof(opts) };
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	uint64_t before;

	rig->link = skep_link_open_pinned(sandbox_pin("link"), &err);
	assert_ok(rig->link, &err);
	assert_ok(!skep_link_info(rig->link, &info, &err), &err);
	opts.expected_id = info.prog_id;
	assert_ok(!skep_link_update(rig->link, rig->program, &opts, &err), &err);
	before = hits_in(counts);
	sandbox_send();
	assert_int_equal(hits_in(counts), before);
	assert_int_equal(rig_hits(rig), 1);
	assert_true(id_goes_away(BPF_PROG_GET_FD_BY_ID, info.prog_id));
	assert_ok(!skep_link_unpin(rig->link, &err), &err);
	skep_link_info_free(&info);
}

static void restarted_process_adopts_what_a_killed_one_pinned(void **state)
{
	struct skep_error err = { 0 };
	uint32_t link, map;
	struct skep_map *counts;
	uint64_t before;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	kill_when_ready();
	counts = skep_map_open_pinned(sandbox_pin("counts"), &err);
	assert_ok(counts, &err);
	before = hits_in(counts);
	sandbox_send();
	sandbox_send();
	assert_int_equal(hits_in(counts), before + 2);
	NEED_PROGRAM(&rig, "on_egress");
	adopt(&rig, counts);
	link = link_id(skep_link_fd(rig.link));
	map = map_id(skep_map_fd(counts));
	assert_int_equal(unlink(sandbox_pin("counts")), 0);
	assert_int_equal(sandbox_count_pins(), 0);
	skep_map_close(counts);
	rig_free(&rig);
	assert_true(id_goes_away(BPF_LINK_GET_FD_BY_ID, link));
	assert_true(id_goes_away(BPF_MAP_GET_FD_BY_ID, map));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pinned_program_is_attached_by_another_process),
		cmocka_unit_test(pinned_program_is_run_and_put_into_a_link),
		cmocka_unit_test(pinned_program_is_attached_by_its_section),
		cmocka_unit_test(program_is_opened_by_its_id),
		cmocka_unit_test(card_that_runs_no_programs_is_told),
		cmocka_unit_test(wrong_pins_of_programs_are_told),
		cmocka_unit_test(object_is_pinned_as_a_whole_or_not_at_all),
		cmocka_unit_test(restarted_process_adopts_what_a_killed_one_pinned),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
