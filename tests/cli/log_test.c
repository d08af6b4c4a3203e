// SPDX-License-Identifier: MIT
/* skep run --log and skep log as a user sees them. */
#include "cli/run.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>
#include <skep/skep.h>

static char fixture[4096], plain[4096], emitter[4096];

static int setup(void **state)
{
	(void)state;
	snprintf(fixture, sizeof(fixture), "%s", fixture_path("cli_log.el.o"));
	snprintf(plain, sizeof(plain), "%s", fixture_path("cli_plain.el.o"));
	snprintf(emitter, sizeof(emitter), "%s",
		 getenv("SKEP_EMITTER") ?: "build/tests/cli/emitter");
	return 0;
}

static void run_prints_what_programs_log_on_stderr(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", fixture, "--", emitter, "3");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 4 && count_lines(r.err) == 5);
	assert_run(&r, strstr(r.err, " INFO  cli_log.bpf.c:26 on_call[") != NULL);
	/* What a program says cannot write to the terminal. */
	assert_run(&r, strstr(r.err, ": call 7007\\n\\x1b[31mred\n") != NULL);
	assert_run(&r, strstr(r.err, "3 lines logged, 0 lost\n3 records, 0 lost\n") != NULL);
	run_free(&r);
	RUN(&r, "skep", "run", fixture, "-o", "jsonl", "--", emitter, "1");
	assert_run(&r,
		   strstr(r.err, "\"level\":\"info\"") && strstr(r.err, "\"program\":\"on_call\""));
	assert_run(&r, strstr(r.err, "\"message\":\"call 7007\\n\\u001b[31mred\"}\n") != NULL);
	run_free(&r);
}

static void run_logs_up_to_the_level_asked_for(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", fixture, "--log", "debug", "--", emitter, "2");
	assert_run(&r, r.status == 0 && strstr(r.err, "4 lines logged, 0 lost"));
	assert_run(&r, strstr(r.err, " DEBUG ") != NULL);
	run_free(&r);
	RUN(&r, "skep", "run", fixture, "--log", "off", "--", emitter, "2");
	assert_run(&r, r.status == 0 && strstr(r.err, "0 lines logged, 0 lost"));
	run_free(&r);
	RUN(&r, "skep", "run", fixture, "--log", "loud");
	assert_run(&r, r.status == 2 && strstr(r.err, "debug"));
	run_free(&r);
	RUN(&r, "skep", "run", plain, "--log", "info");
	assert_run(&r, r.status == 1 && strstr(r.err, "nothing in it logs"));
	run_free(&r);
	RUN(&r, "skep", "run", fixture, "--log-to", "nowhere");
	assert_run(&r, r.status == 2 && strstr(r.err, "syslog, journald"));
	run_free(&r);
	RUN(&r, "skep", "run", fixture, "--help");
	assert_run(&r, r.status == 0 && !strstr(r.out, "skep_log_"));
	run_free(&r);
}

/* A datagram socket of the test's own, where the journal's or syslog's would be. */
static int receiver(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void run_sends_lines_to_the_journal(void **state)
{
	char dir[] = "/tmp/skep-log-XXXXXX", path[64], where[96], entry[1024];
	struct run_result r;
	ssize_t len;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/socket", dir);
	snprintf(where, sizeof(where), "journald:%s", path);
	RUN(&r, "skep", "run", fixture, "--log-to", where, "--", emitter, "1");
	assert_run(&r, r.status == 1 && strstr(r.err, "is systemd-journald running?"));
	run_free(&r);
	fd = receiver(path);
	RUN(&r, "skep", "run", fixture, "--log-to", where, "--", emitter, "2");
	assert_run(&r, r.status == 0 && count_lines(r.err) == 2);
	len = recv(fd, entry, sizeof(entry) - 1, 0);
	assert_true(len > 0);
	entry[len] = '\0';
	assert_memory_equal(entry, "MESSAGE\n\x12\0\0\0\0\0\0\0call 7007\n\033[31mred\n", 35);
	assert_non_null(strstr(entry + 35, "PRIORITY=6\nSYSLOG_IDENTIFIER=skep\n"
					   "CODE_FILE=cli_log.bpf.c\nCODE_LINE=26\n"));
	assert_non_null(strstr(entry + 35, "\nSKEP_PROGRAM=on_call\n"));
	assert_true(recv(fd, entry, sizeof(entry), 0) > 0);
	assert_int_equal(recv(fd, entry, sizeof(entry), 0), -1);
	run_free(&r);
	close(fd);
	unlink(path);
	rmdir(dir);
}

struct loaded {
	struct skep_spec *spec;
	struct skep_object *object;
	char id[16];
};

static void load(struct loaded *l)
{
	struct skep_error err = { 0 };
	struct skep_system_program *p;

	l->spec = skep_spec_open(fixture, NULL, &err);
	assert_ok(l->spec, &err);
	skep_spec_program(l->spec, "on_call")->load = false;
	skep_spec_program(l->spec, "by_hand")->load = true;
	l->object = skep_object_load(l->spec, NULL, &err);
	assert_ok(l->object, &err);
	p = skep_system_program_read(skep_program_fd(skep_object_program(l->object, "by_hand")), 0,
				     &err);
	assert_ok(p, &err);
	snprintf(l->id, sizeof(l->id), "%u", p->id);
	skep_system_program_free(p);
}

static void run_by_hand(const struct loaded *l, uint32_t times)
{
	static const char packet[64];
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet),
					.repeat = times };
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(skep_object_program(l->object, "by_hand"), &run, &err),
		  &err);
}

static void unload(struct loaded *l)
{
	skep_object_close(l->object);
	skep_spec_free(l->spec);
}

static void log_prints_what_a_loaded_program_logs(void **state)
{
	struct run_result r;
	struct loaded l;

	(void)state;
	load(&l);
	run_by_hand(&l, 1);
	RUN(&r, "skep", "log", l.id, "-d", "50ms");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 2);
	assert_run(&r, strstr(r.out, " WARN  cli_log.bpf.c:39 by_hand") != NULL);
	assert_run(&r, strstr(r.out, ": 50 bytes\n") || strstr(r.out, ": 64 bytes\n"));
	assert_run(&r, !strcmp(r.err, "2 lines logged, 0 lost\n"));
	run_free(&r);
	/* The level stays as it was set. */
	RUN(&r, "skep", "log", l.id, "-d", "1ms", "--level", "warn");
	assert_run(&r, r.status == 0 && !*r.out);
	run_free(&r);
	run_by_hand(&l, 2000);
	RUN(&r, "skep", "log", l.id, "-d", "50ms", "-o", "jsonl");
	assert_run(&r, r.status == 0 && strstr(r.out, "\"program\":\"by_hand\""));
	assert_run(&r, !strstr(r.out, "of more interest"));
	assert_run(&r, strstr(r.err, " lost (cpu ") != NULL);
	/* Not only at the end. */
	assert_run(&r, !strncmp(r.err, "the log was full: ", 18) && count_lines(r.err) == 2);
	run_free(&r);
	unload(&l);
}

/* Losses are told where the lines go. */
static void log_tells_the_journal_what_was_lost(void **state)
{
	char dir[] = "/tmp/skep-log-XXXXXX", path[64], where[96], entry[1024];
	struct run_result r;
	struct loaded l;
	ssize_t len;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/socket", dir);
	snprintf(where, sizeof(where), "journald:%s", path);
	load(&l);
	run_by_hand(&l, 2000);
	RUN(&r, "skep", "log", l.id, "-d", "1ms");
	run_free(&r);
	run_by_hand(&l, 1);
	fd = receiver(path);
	RUN(&r, "skep", "log", l.id, "-d", "1ms", "--to", where);
	len = recv(fd, entry, sizeof(entry) - 1, 0);
	assert_true(len > 0);
	entry[len] = '\0';
	assert_memory_equal(entry, "MESSAGE=the log was full: ", 26);
	assert_non_null(strstr(entry, ")\nPRIORITY=4\nSYSLOG_IDENTIFIER=skep\nSKEP_LEVEL=warn\n"));
	run_free(&r);
	unload(&l);
	close(fd);
	unlink(path);
	rmdir(dir);
}

static void log_says_what_it_cannot_open(void **state)
{
	struct run_opts opts = { .uid = 65534 };
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "log");
	assert_run(&r, r.status == 2 && strstr(r.err, "no program is given"));
	run_free(&r);
	RUN(&r, "skep", "log", "2147483647");
	assert_run(&r, r.status == 1 && strstr(r.err, "there is no program"));
	run_free(&r);
	RUN(&r, "skep", "log", "99999999999");
	assert_run(&r, r.status == 2 && strstr(r.err, "is no program's id"));
	run_free(&r);
	RUN(&r, "skep", "log", "/no/such/pin");
	assert_run(&r, r.status == 1 && strstr(r.err, "/no/such"));
	run_free(&r);
	RUN_OPTS(&r, &opts, "skep", "log", "1");
	assert_run(&r, r.status == 3 && strstr(r.err, "CAP_SYS_ADMIN"));
	run_free(&r);
}

/* With a /dev of its own, which takes a mount namespace: the last test of this process. */
static void run_sends_lines_to_syslog(void **state)
{
	char entry[1024];
	struct run_result r;
	ssize_t len;
	int fd;

	(void)state;
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/dev", "tmpfs", 0, NULL))
		SKIP_TEST("no mount namespace can be made: %s", strerror(errno));
	assert_int_equal(mknod("/dev/null", S_IFCHR | 0666, makedev(1, 3)), 0);
	RUN(&r, "skep", "run", fixture, "--log-to", "syslog", "--", emitter, "1");
	assert_run(&r, r.status == 1 && strstr(r.err, "is a syslog daemon running?"));
	run_free(&r);
	fd = receiver("/dev/log");
	RUN(&r, "skep", "run", fixture, "--log-to", "syslog", "--", emitter, "1");
	assert_run(&r, r.status == 0);
	len = recv(fd, entry, sizeof(entry) - 1, 0);
	assert_true(len > 0);
	entry[len] = '\0';
	/* daemon.info */
	assert_memory_equal(entry, "<30>", 4);
	assert_non_null(strstr(entry, "skep["));
	assert_non_null(strstr(entry, "cli_log.bpf.c:26 on_call["));
	run_free(&r);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_prints_what_programs_log_on_stderr),
		cmocka_unit_test(run_logs_up_to_the_level_asked_for),
		cmocka_unit_test(run_sends_lines_to_the_journal),
		cmocka_unit_test(log_prints_what_a_loaded_program_logs),
		cmocka_unit_test(log_tells_the_journal_what_was_lost),
		cmocka_unit_test(log_says_what_it_cannot_open),
		cmocka_unit_test(run_sends_lines_to_syslog),
	};

	return cmocka_run_group_tests_name("cli_log", tests, setup, NULL);
}
