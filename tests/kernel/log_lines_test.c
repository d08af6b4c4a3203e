// SPDX-License-Identifier: MIT
/* Lines that programs log, from the program to the reader's text. */
#include "kernel/log_support.h"

#include <sched.h>
#include <sys/syscall.h>
#include <time.h>

static void numbers_are_written_as_by_printf(void **state)
{
	struct rig rig;

	(void)state;
	NEED_BPF();
	log_rig_open(&rig, "numbers");
	log_rig_run(&rig, "numbers", 42, 0);
	log_rig_read(&rig);
	LINES(&rig, "100% -42 -2 42 ffffffff", "-42 42 0x2a 42 10", "-3 65535 ok",
	      "[   42] [42   ] [00042] [+42] [007] %1%", "5 10 1", "nothing");
	log_rig_close(&rig);
}

static void hints_are_followed(void **state)
{
	uint64_t address = 0;
	struct rig rig;
	char text[64];

	(void)state;
	NEED_BPF();
	log_rig_open(&rig, "hints");
	log_rig_run(&rig, "hints", address, 0);
	log_rig_read(&rig);
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
	log_rig_close(&rig);
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
	log_rig_open(&rig, "hints");
	log_rig_run(&rig, "hints", address, 0);
	log_rig_read(&rig);
	snprintf(plain, sizeof(plain), "0x%llx schedule ", (unsigned long long)address);
	assert_memory_equal(rig.lines[6], plain, strlen(plain));
	assert_string_equal(rig.lines[6] + strlen(plain), "schedule+0x1");
	log_rig_close(&rig);
}

static void strings_come_from_arrays_and_pointers(void **state)
{
	struct rig rig;

	(void)state;
	NEED_BPF();
	log_rig_open(&rig, "strings");
	log_rig_run(&rig, "strings", (uint64_t)(uintptr_t) "of this process", 2);
	log_rig_run(&rig, "strings", 16, 1000000);
	log_rig_read(&rig);
	assert_int_equal(rig.n, 12);
	assert_string_equal(rig.lines[0], "bee full literal be [   bee]");
	assert_string_equal(rig.lines[1], "bee bee large");
	assert_string_equal(rig.lines[2], "of this process");
	/* Which error it is depends on the kernel. */
	assert_memory_equal(rig.lines[3], "<E", 2);
	assert_string_equal(rig.lines[4], "62 65 65 00");
	assert_string_equal(rig.lines[5], "62 65");
	assert_string_equal(rig.lines[8], "<EFAULT>");
	log_rig_close(&rig);
}

static void a_record_says_where_it_is_from(void **state)
{
	cpu_set_t set;
	struct rig rig;

	(void)state;
	NEED_BPF();
	log_rig_open(&rig, "levels");
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	log_rig_run(&rig, "levels", 0, 0);
	log_rig_read(&rig);
	LINES(&rig, "one", "two", "three", "four", "five");
	assert_int_equal(rig.last.level, SKEP_LOG_TRACE);
	assert_int_equal(rig.last.pid, getpid());
	assert_int_equal(rig.last.tid, syscall(SYS_gettid));
	assert_int_equal(rig.last.cpu, 0);
	assert_string_equal(rig.program, "levels");
	assert_string_equal(rig.function, "levels");
	assert_true(rig.last.realtime / 1000000000 - (uint64_t)time(NULL) + 5 < 10);
	assert_int_equal(log_rig_stats(&rig).delivered, 5);
	log_rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_as_by_printf),
		cmocka_unit_test(hints_are_followed),
		cmocka_unit_test(addresses_have_the_names_of_symbols),
		cmocka_unit_test(strings_come_from_arrays_and_pointers),
		cmocka_unit_test(a_record_says_where_it_is_from),
	};

	return cmocka_run_group_tests_name("kernel_log_lines", tests, NULL, NULL);
}
