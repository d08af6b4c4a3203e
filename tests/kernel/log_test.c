// SPDX-License-Identifier: MIT
/* Logs as they are opened, limited, lost and read together. */
#include "kernel/log_support.h"

#include <errno.h>
#include <skep/system.h>

/* Instructions of the program as the verifier left them. */
static uint32_t translated(const struct rig *rig, const char *program)
{
	struct skep_error err = { 0 };
	struct skep_system_program *p = skep_system_program_read(
		skep_program_fd(skep_object_program(rig->object, program)), 0, &err);
	uint32_t len;

	assert_ok(p, &err);
	len = p->xlated_len / 8;
	skep_system_program_free(p);
	return len;
}

static void disabled_levels_are_not_in_the_program(void **state)
{
	uint32_t before = UINT32_MAX, bare = 0;

	(void)state;
	NEED_BPF();
	for (int level = SKEP_LOG_TRACE; level >= SKEP_LOG_OFF; level--) {
		struct skep_error err = { 0 };
		struct rig rig;
		uint32_t now;

		log_rig_load(&rig, "levels");
		assert_ok(!skep_spec_set_log_level(rig.spec, (enum skep_log_level)level, &err),
			  &err);
		rig.object = load_spec(rig.spec);
		rig.log = skep_log_open(rig.object, &err);
		assert_ok(rig.log, &err);
		now = translated(&rig, "levels");
		assert_true(now + 20 < before);
		before = bare = now;
		log_rig_run(&rig, "levels", 0, 0);
		log_rig_read(&rig);
		assert_int_equal(rig.n, level);
		log_rig_close(&rig);
	}
	assert_true(bare < 32);
}

static void the_level_changes_while_programs_run(void **state)
{
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	log_rig_open(&rig, "levels");
	for (int level = SKEP_LOG_OFF; level <= SKEP_LOG_TRACE; level++) {
		assert_ok(!skep_log_set_level(rig.log, (enum skep_log_level)level, &err), &err);
		log_rig_run(&rig, "levels", 0, 0);
		log_rig_read(&rig);
		assert_int_equal(rig.n, level);
	}
	assert_int_equal(skep_log_set_level(rig.log, (enum skep_log_level)9, &err), -EINVAL);
	log_rig_close(&rig);
}

static void a_full_log_counts_for_each_cpu(void **state)
{
	uint64_t lost = 0;
	struct rig rig;

	(void)state;
	NEED_BPF();
	log_rig_open(&rig, "flood");
	log_rig_run(&rig, "flood", 200, 0);
	assert_true(log_rig_stats(&rig).lost > 0);
	/* More than the rig keeps is there, on machines with large pages. */
	assert_true(skep_log_consume(rig.log, MAX_LINES - 1, log_collect, &rig) > 0);
	for (uint32_t cpu = 0; cpu < 1024; cpu++)
		lost += skep_log_lost_on(rig.log, cpu);
	assert_int_equal(lost, log_rig_stats(&rig).lost);
	assert_string_equal(rig.lines[0], "shared");
	assert_string_equal(rig.lines[1], "line 0");
	log_rig_close(&rig);
}

static void a_line_of_two_programs_is_nobodys(void **state)
{
	struct rig rig;

	(void)state;
	NEED_BPF();
	log_rig_open(&rig, NULL);
	log_rig_packet(&rig, "from_xdp");
	log_rig_read(&rig);
	LINES(&rig, "shared", "from 02:00:00:00:00:02 to 02:00:00:00:00:01 on 1");
	assert_string_equal(rig.program, "from_xdp");
	log_rig_run(&rig, "flood", 0, 0);
	log_rig_read(&rig);
	LINES(&rig, "shared");
	assert_string_equal(rig.program, "");
	assert_string_equal(rig.function, "shared_line");
	log_rig_close(&rig);
}

/* Whether its type may ask for the process depends on the kernel: it logs all the same. */
static void programs_of_every_type_log(void **state)
{
	static const char *const programs[] = { "from_tc",	   "from_socket",
						"from_cgroup",	   "from_kprobe",
						"from_perf_event", "from_tracepoint",
						"from_sk_lookup",  "from_sockops",
						"from_connect" };

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		struct skep_error err = { 0 };
		struct rig rig;

		log_rig_load(&rig, programs[i]);
		skep_spec_program(rig.spec, programs[i])->load = true;
		rig.object = skep_object_load(rig.spec, NULL, &err);
		assert_ok(rig.object, &err);
		rig.log = skep_log_open(rig.object, &err);
		assert_ok(rig.log, &err);
		if (i < 3) {
			log_rig_packet(&rig, programs[i]);
			log_rig_read(&rig);
			assert_int_equal(rig.n, 1);
			assert_true(!rig.last.pid || rig.last.pid == (uint32_t)getpid());
		}
		log_rig_close(&rig);
	}
}

static void a_program_that_asks_itself_is_refused_as_before(void **state)
{
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	log_rig_load(&rig, "asks_itself");
	skep_spec_program(rig.spec, "asks_itself")->load = true;
	rig.object = skep_object_load(rig.spec, NULL, &err);
	if (rig.object) {
		log_rig_close(&rig);
		SKIP_TEST("this kernel lets programs of tc ask");
	}
	assert_error_says(&err, "bpf_get_current_pid_tgid");
	skep_spec_free(rig.spec);
}

static void logs_are_found_by_a_programs_id(void **state)
{
	struct skep_error err = { 0 };
	struct skep_log *own;
	struct rig rig;
	int fd;

	(void)state;
	NEED_BPF();
	log_rig_open(&rig, "levels");
	own = rig.log;
	fd = skep_program_fd(skep_object_program(rig.object, "levels"));
	rig.log = skep_log_open_id(program_id(fd), &err);
	assert_ok(rig.log, &err);
	log_rig_run(&rig, "levels", 0, 0);
	log_rig_read(&rig);
	LINES(&rig, "one", "two", "three", "four", "five");
	assert_string_equal(rig.program, "levels");
	assert_int_equal(rig.last.pid, getpid());
	assert_ok(!skep_log_set_level(rig.log, SKEP_LOG_WARN, &err), &err);
	log_rig_run(&rig, "levels", 0, 0);
	log_rig_read(&rig);
	LINES(&rig, "one", "two");
	for (int i = 0; i < 100; i++)
		log_rig_run(&rig, "levels", 0, 0);
	assert_int_equal(log_rig_stats(&rig).delivered, 7);
	skep_log_close(rig.log);
	rig.log = own;
	log_rig_close(&rig);
	/* Nothing that was opened for it stays. */
	assert_null(skep_log_open_id(0x7ffffff0, &err));
	assert_int_equal(err.code, ENOENT);
}

static void what_does_not_log_says_so(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	spec = open_fixture("event_rings");
	only_program(spec, "to_plain");
	assert_int_equal(skep_spec_set_log_level(spec, SKEP_LOG_INFO, &err), -ENOENT);
	object = load_spec(spec);
	assert_null(skep_log_open(object, &err));
	assert_int_equal(err.code, ENOENT);
	assert_null(
		skep_log_open_fd(skep_program_fd(skep_object_program(object, "to_plain")), &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "nothing in it logs");
	skep_object_close(object);
	skep_spec_free(spec);
	assert_null(skep_log_open(NULL, &err));
	assert_null(skep_log_open_pinned(NULL, &err));
	assert_null(skep_log_open_fd(-1, &err));
	skep_log_close(NULL);
}

struct looped {
	struct rig *rig;
	struct skep_loop *loop;
};

static int stop_after_two(void *ctx, const struct skep_log_record *record)
{
	struct looped *l = ctx;

	log_collect(l->rig, record);
	if (l->rig->n == 2)
		skep_loop_stop(l->loop);
	return 0;
}

/* Two objects, each with a log of its own, in one loop. */
static void logs_of_several_objects_are_read_by_one_loop(void **state)
{
	struct skep_error err = { 0 };
	struct rig a, b;
	struct looped l = { .rig = &a };

	(void)state;
	NEED_BPF();
	log_rig_open(&a, "from_xdp");
	log_rig_open(&b, "flood");
	l.loop = skep_loop_new(&err);
	assert_ok(l.loop, &err);
	assert_ok(!skep_loop_add_log(l.loop, a.log, stop_after_two, &l, &err), &err);
	assert_ok(!skep_loop_add_log(l.loop, b.log, stop_after_two, &l, &err), &err);
	log_rig_run(&b, "flood", 1, 0);
	assert_int_equal(skep_loop_run(l.loop, 5000000000ll, &err), 0);
	assert_int_equal(a.n, 2);
	assert_string_equal(a.program, "flood");
	skep_loop_free(l.loop);
	log_rig_close(&b);
	log_rig_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disabled_levels_are_not_in_the_program),
		cmocka_unit_test(the_level_changes_while_programs_run),
		cmocka_unit_test(a_full_log_counts_for_each_cpu),
		cmocka_unit_test(a_line_of_two_programs_is_nobodys),
		cmocka_unit_test(programs_of_every_type_log),
		cmocka_unit_test(a_program_that_asks_itself_is_refused_as_before),
		cmocka_unit_test(logs_are_found_by_a_programs_id),
		cmocka_unit_test(what_does_not_log_says_so),
		cmocka_unit_test(logs_of_several_objects_are_read_by_one_loop),
	};

	return cmocka_run_group_tests_name("kernel_log", tests, NULL, NULL);
}
