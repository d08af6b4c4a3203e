// SPDX-License-Identifier: MIT
/* Lines that programs log, from the program to the reader's text. */
#include "kernel/support.h"

#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <skep/log.h>
#include <skep/system.h>

#define MAX_LINES 64

struct rig {
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_log *log;
	size_t n;
	char lines[MAX_LINES][160];
	struct skep_log_record last; /* its texts are gone */
	char program[32], function[32];
};

static int collect(void *ctx, const struct skep_log_record *record)
{
	struct rig *rig = ctx;

	assert_true(rig->n < MAX_LINES);
	assert_int_equal(record->message_len, strlen(record->message));
	snprintf(rig->lines[rig->n++], sizeof(rig->lines[0]), "%s", record->message);
	snprintf(rig->program, sizeof(rig->program), "%s", record->program);
	snprintf(rig->function, sizeof(rig->function), "%s", record->function);
	rig->last = *record;
	return 0;
}

static void rig_load(struct rig *rig, const char *program)
{
	struct skep_error err = { 0 };

	memset(rig, 0, sizeof(*rig));
	rig->spec = open_fixture("event_log");
	if (program)
		only_program(rig->spec, program);
	assert_ok(!skep_spec_set_log_level(rig->spec, SKEP_LOG_TRACE, &err), &err);
}

static void rig_open(struct rig *rig, const char *program)
{
	struct skep_error err = { 0 };

	rig_load(rig, program);
	rig->object = load_spec(rig->spec);
	rig->log = skep_log_open(rig->object, &err);
	assert_ok(rig->log, &err);
}

static void rig_close(struct rig *rig)
{
	skep_log_close(rig->log);
	skep_object_close(rig->object);
	skep_spec_free(rig->spec);
}

static void rig_run(struct rig *rig, const char *program, uint64_t a, uint64_t b)
{
	const uint64_t args[2] = { a, b };
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = args,
					.ctx_in_len = sizeof(args) };
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(skep_object_program(rig->object, program), &run, &err),
		  &err);
}

static void rig_packet(struct rig *rig, const char *program)
{
	static const uint8_t packet[64] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8 };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(skep_object_program(rig->object, program), &run, &err),
		  &err);
}

static void rig_read(struct rig *rig)
{
	rig->n = 0;
	assert_true(skep_log_consume(rig->log, 0, collect, rig) >= 0);
}

static struct skep_log_stats stats_of(struct rig *rig)
{
	struct skep_log_stats stats = { .size = sizeof(stats) };

	skep_log_stats(rig->log, &stats);
	return stats;
}

static void assert_lines(const struct rig *rig, const char *const *lines, size_t n)
{
	assert_int_equal(rig->n, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(rig->lines[i], lines[i]);
}

#define LINES(rig, ...)                                           \
	assert_lines((rig), (const char *const[]){ __VA_ARGS__ }, \
		     sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static void numbers_are_written_as_by_printf(void **state)
{
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "numbers");
	rig_run(&rig, "numbers", 42, 0);
	rig_read(&rig);
	LINES(&rig, "100% -42 -2 42 ffffffff", "-42 42 0x2a 42 10", "-3 65535 ok",
	      "[   42] [42   ] [00042] [+42] [007] %1%", "5 10 1", "nothing");
	rig_close(&rig);
}

static void hints_are_followed(void **state)
{
	uint64_t address = 0;
	struct rig rig;
	char text[64];

	(void)state;
	NEED_BPF();
	rig_open(&rig, "hints");
	rig_run(&rig, "hints", address, 0);
	rig_read(&rig);
	assert_int_equal(rig.n, 8);
	assert_string_equal(rig.lines[0], "10.0.0.1:443 10.0.0.1 80");
	assert_string_equal(rig.lines[1], "2001:db8::1 2001:db8::1 2001:db8::1");
	assert_string_equal(rig.lines[2], "02:00:00:aa:bb:cc|02 00 00 aa bb cc|02:00:00:aa:bb:cc|"
					  "02-00-00-aa-bb-cc|020000aabbcc");
	assert_string_equal(rig.lines[3], "02 00 00|2001|");
	assert_string_equal(rig.lines[4], "ENOENT EACCES 0 -4000");
	assert_string_equal(rig.lines[5], "999 ns 1.500 us 2.500 s");
	assert_string_equal(rig.lines[6], "0x0 0x0 0x1");
	/* A time is that of the clock on the wall, when the program ran. */
	strftime(text, sizeof(text),
		 "%H:%M:", localtime(&(time_t){ (time_t)(rig.last.realtime / 1000000000) }));
	assert_int_equal(strlen(rig.lines[7]), strlen("12:30:01.000123"));
	assert_memory_equal(rig.lines[7], text, strlen(text));
	rig_close(&rig);
}

/* The address of schedule() by /proc/kallsyms; 0: it is hidden. */
static uint64_t address_of_schedule(void)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	char line[512], name[128];
	unsigned long long address = 0, found = 0;
	char type;

	while (file && !found && fgets(line, sizeof(line), file))
		if (sscanf(line, "%llx %c %127s", &address, &type, name) == 3 &&
		    !strcmp(name, "schedule"))
			found = address;
	if (file)
		fclose(file);
	return found;
}

static void addresses_have_the_names_of_symbols(void **state)
{
	uint64_t address = address_of_schedule();
	char plain[32];
	struct rig rig;

	(void)state;
	NEED_BPF();
	if (!address)
		SKIP_TEST("the kernel hides its addresses");
	rig_open(&rig, "hints");
	rig_run(&rig, "hints", address, 0);
	rig_read(&rig);
	snprintf(plain, sizeof(plain), "0x%llx schedule ", (unsigned long long)address);
	assert_memory_equal(rig.lines[6], plain, strlen(plain));
	assert_string_equal(rig.lines[6] + strlen(plain), "schedule+0x1");
	rig_close(&rig);
}

static void strings_come_from_arrays_and_pointers(void **state)
{
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "strings");
	rig_run(&rig, "strings", (uint64_t)(uintptr_t) "of this process", 2);
	rig_run(&rig, "strings", 16, 1000000);
	rig_read(&rig);
	assert_int_equal(rig.n, 12);
	assert_string_equal(rig.lines[0], "bee full literal be [   bee]");
	assert_string_equal(rig.lines[1], "bee bee large");
	assert_string_equal(rig.lines[2], "of this process");
	/* Which error it is depends on the kernel. */
	assert_memory_equal(rig.lines[3], "<E", 2);
	assert_string_equal(rig.lines[4], "62 65 65 00");
	assert_string_equal(rig.lines[5], "62 65");
	assert_string_equal(rig.lines[8], "<EFAULT>");
	rig_close(&rig);
}

static void a_record_says_where_it_is_from(void **state)
{
	cpu_set_t set;
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "levels");
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	rig_run(&rig, "levels", 0, 0);
	rig_read(&rig);
	LINES(&rig, "one", "two", "three", "four", "five");
	assert_int_equal(rig.last.level, SKEP_LOG_TRACE);
	assert_int_equal(rig.last.pid, getpid());
	assert_int_equal(rig.last.tid, syscall(SYS_gettid));
	assert_int_equal(rig.last.cpu, 0);
	assert_string_equal(rig.program, "levels");
	assert_string_equal(rig.function, "levels");
	assert_true(rig.last.realtime / 1000000000 - (uint64_t)time(NULL) + 5 < 10);
	assert_int_equal(stats_of(&rig).delivered, 5);
	rig_close(&rig);
}

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

		rig_load(&rig, "levels");
		assert_ok(!skep_spec_set_log_level(rig.spec, (enum skep_log_level)level, &err),
			  &err);
		rig.object = load_spec(rig.spec);
		rig.log = skep_log_open(rig.object, &err);
		assert_ok(rig.log, &err);
		now = translated(&rig, "levels");
		assert_true(now + 20 < before);
		before = bare = now;
		rig_run(&rig, "levels", 0, 0);
		rig_read(&rig);
		assert_int_equal(rig.n, level);
		rig_close(&rig);
	}
	assert_true(bare < 32);
}

static void the_level_changes_while_programs_run(void **state)
{
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "levels");
	for (int level = SKEP_LOG_OFF; level <= SKEP_LOG_TRACE; level++) {
		assert_ok(!skep_log_set_level(rig.log, (enum skep_log_level)level, &err), &err);
		rig_run(&rig, "levels", 0, 0);
		rig_read(&rig);
		assert_int_equal(rig.n, level);
	}
	assert_int_equal(skep_log_set_level(rig.log, (enum skep_log_level)9, &err), -EINVAL);
	rig_close(&rig);
}

static void a_full_log_counts_for_each_cpu(void **state)
{
	uint64_t lost = 0;
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "flood");
	rig_run(&rig, "flood", 200, 0);
	assert_true(stats_of(&rig).lost > 0);
	/* More than the rig keeps is there, on machines with large pages. */
	assert_true(skep_log_consume(rig.log, MAX_LINES - 1, collect, &rig) > 0);
	for (uint32_t cpu = 0; cpu < 1024; cpu++)
		lost += skep_log_lost_on(rig.log, cpu);
	assert_int_equal(lost, stats_of(&rig).lost);
	assert_string_equal(rig.lines[0], "shared");
	assert_string_equal(rig.lines[1], "line 0");
	rig_close(&rig);
}

static void a_line_of_two_programs_is_nobodys(void **state)
{
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_open(&rig, NULL);
	rig_packet(&rig, "from_xdp");
	rig_read(&rig);
	LINES(&rig, "shared", "from 02:00:00:00:00:02 to 02:00:00:00:00:01 on 1");
	assert_string_equal(rig.program, "from_xdp");
	rig_run(&rig, "flood", 0, 0);
	rig_read(&rig);
	LINES(&rig, "shared");
	assert_string_equal(rig.program, "");
	assert_string_equal(rig.function, "shared_line");
	rig_close(&rig);
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

		rig_load(&rig, programs[i]);
		skep_spec_program(rig.spec, programs[i])->load = true;
		rig.object = skep_object_load(rig.spec, NULL, &err);
		assert_ok(rig.object, &err);
		rig.log = skep_log_open(rig.object, &err);
		assert_ok(rig.log, &err);
		if (i < 3) {
			rig_packet(&rig, programs[i]);
			rig_read(&rig);
			assert_int_equal(rig.n, 1);
			assert_true(!rig.last.pid || rig.last.pid == (uint32_t)getpid());
		}
		rig_close(&rig);
	}
}

static void a_program_that_asks_itself_is_refused_as_before(void **state)
{
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_load(&rig, "asks_itself");
	skep_spec_program(rig.spec, "asks_itself")->load = true;
	rig.object = skep_object_load(rig.spec, NULL, &err);
	if (rig.object) {
		rig_close(&rig);
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
	rig_open(&rig, "levels");
	own = rig.log;
	fd = skep_program_fd(skep_object_program(rig.object, "levels"));
	rig.log = skep_log_open_id(program_id(fd), &err);
	assert_ok(rig.log, &err);
	rig_run(&rig, "levels", 0, 0);
	rig_read(&rig);
	LINES(&rig, "one", "two", "three", "four", "five");
	assert_string_equal(rig.program, "levels");
	assert_int_equal(rig.last.pid, getpid());
	assert_ok(!skep_log_set_level(rig.log, SKEP_LOG_WARN, &err), &err);
	rig_run(&rig, "levels", 0, 0);
	rig_read(&rig);
	LINES(&rig, "one", "two");
	for (int i = 0; i < 100; i++)
		rig_run(&rig, "levels", 0, 0);
	assert_int_equal(stats_of(&rig).delivered, 7);
	skep_log_close(rig.log);
	rig.log = own;
	rig_close(&rig);
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

	collect(l->rig, record);
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
	rig_open(&a, "from_xdp");
	rig_open(&b, "flood");
	l.loop = skep_loop_new(&err);
	assert_ok(l.loop, &err);
	assert_ok(!skep_loop_add_log(l.loop, a.log, stop_after_two, &l, &err), &err);
	assert_ok(!skep_loop_add_log(l.loop, b.log, stop_after_two, &l, &err), &err);
	rig_run(&b, "flood", 1, 0);
	assert_int_equal(skep_loop_run(l.loop, 5000000000ll, &err), 0);
	assert_int_equal(a.n, 2);
	assert_string_equal(a.program, "flood");
	skep_loop_free(l.loop);
	rig_close(&b);
	rig_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_as_by_printf),
		cmocka_unit_test(hints_are_followed),
		cmocka_unit_test(addresses_have_the_names_of_symbols),
		cmocka_unit_test(strings_come_from_arrays_and_pointers),
		cmocka_unit_test(a_record_says_where_it_is_from),
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
