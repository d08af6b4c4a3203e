// SPDX-License-Identifier: MIT
/* What skep top says of programs that run here, as a table, as JSON and on a screen. */
#include "cli/run.h"
#include "kernel/ring_support.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>

/* A program of event_rings.bpf.c that runs all the time, on a ring that nobody reads. */
struct busy {
	struct rig rig;
	pthread_t thread;
	uint32_t id;
	bool ends;
};

static void *run_on(void *ctx)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct busy *busy = ctx;

	while (!__atomic_load_n(&busy->ends, __ATOMIC_RELAXED)) {
		rig_emit(&busy->rig, "to_shared", 20, 1);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static void busy_begin(struct busy *busy)
{
	struct skep_error err = { 0 };
	struct skep_system_program *p;

	memset(busy, 0, sizeof(*busy));
	rig_open(&busy->rig, "to_shared", "shared", 0, NULL);
	p = skep_system_program_read(
		skep_program_fd(skep_object_program(busy->rig.object, "to_shared")), 0, &err);
	assert_ok(p, &err);
	busy->id = p->id;
	skep_system_program_free(p);
	assert_int_equal(pthread_create(&busy->thread, NULL, run_on, busy), 0);
}

static void busy_end(struct busy *busy)
{
	__atomic_store_n(&busy->ends, true, __ATOMIC_RELAXED);
	pthread_join(busy->thread, NULL);
	rig_close(&busy->rig);
}

/* The number behind the first "name": after @from; -1 when there is none. */
static double number_after(const char *from, const char *name)
{
	char key[64];
	const char *at;

	snprintf(key, sizeof(key), "\"%s\":", name);
	at = from ? strstr(from, key) : NULL;
	return at ? strtod(at + strlen(key), NULL) : -1;
}

static void top_json_has_runs_losses_and_maps(void **state)
{
	struct run_result r;
	struct busy busy;
	const char *program, *ring, *counters;
	char start[64];

	(void)state;
	NEED_BPF();
	busy_begin(&busy);
	RUN(&r, "skep", "top", "--json", "-n", "2", "-i", "0.5", "--filter", "to_shared");
	busy_end(&busy);
	assert_run(&r, r.status == 0 && count_lines(r.out) == 2 && !r.err_len);
	snprintf(start, sizeof(start),
		 "{\"id\":%u,\"type\":\"raw_tracepoint\",\"name\":\"to_shared\"", busy.id);
	program = strstr(strchr(r.out, '\n'), start);
	assert_run(&r, program != NULL);
	assert_run(&r, number_after(program, "runs") > 20 && number_after(program, "runs") < 600);
	assert_run(&r, number_after(program, "ns_per_run") > 100);
	assert_run(&r, number_after(program, "cpu_percent") > 0);
	/* It has been full from the first tenths of a second on. */
	assert_run(&r, number_after(program, "lost") >= 100);
	ring = strstr(program, "\"name\":\"shared\"");
	assert_run(&r, ring && number_after(ring, "room") == 64 * 1024);
	assert_run(&r, number_after(ring, "used") > 60000 && strstr(ring, "\"unit\":\"bytes\""));
	counters = strstr(program, "\"name\":\"shared__cpu\"");
	assert_run(&r, number_after(counters, "lost_total") >= number_after(program, "lost"));
	run_free(&r);
}

static void top_prints_a_table_in_the_wanted_order(void **state)
{
	const char *idle_row, *busy_row;
	struct run_result r;
	struct busy busy;
	struct rig idle;

	(void)state;
	NEED_BPF();
	rig_open(&idle, "to_plain", "plain", 0, NULL);
	busy_begin(&busy);
	RUN(&r, "skep", "top", "-n", "1", "-i", "0.2", "--filter", "to_*");
	idle_row = strstr(r.out, " to_plain ");
	busy_row = strstr(r.out, " to_shared ");
	assert_run(&r, r.status == 0 && idle_row && busy_row && busy_row < idle_row);
	assert_run(&r, strstr(r.out, " programs, ") && strstr(r.out, "FULLEST MAP"));
	assert_run(&r, strstr(busy_row, "% shared\n") && strstr(idle_row, " 0% plain\n"));
	run_free(&r);
	RUN(&r, "skep", "top", "-n", "1", "-i", "0.2", "--sort", "runs", "--reverse", "-f", "to_*");
	assert_run(&r, strstr(r.out, " to_plain ") < strstr(r.out, " to_shared "));
	run_free(&r);
	RUN(&r, "skep", "top", "-n", "1", "-i", "0.2", "--limit", "1", "-f", "to_*");
	assert_run(&r, count_lines(r.out) == 4);
	run_free(&r);
	busy_end(&busy);
	rig_close(&idle);
}

static void top_leaves_no_statistics_on_and_holds_nothing(void **state)
{
	struct skep_stats_reading before = { .size = sizeof(before) }, after = before;
	struct skep_error err = { 0 };
	struct run_result r;
	struct rig rig;
	int fd;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "to_plain", "plain", 0, NULL);
	fd = skep_program_fd(skep_object_program(rig.object, "to_plain"));
	RUN_OPTS(&r, (&(struct run_opts){ .signal = SIGINT, .signal_after_ms = 300 }), "skep",
		 "top", "--plain", "-i", "60");
	assert_run(&r, r.status == 0 && !r.out_len);
	run_free(&r);
	assert_ok(!skep_stats_read(fd, &before, &err), &err);
	rig_emit(&rig, "to_plain", 1, 1);
	assert_ok(!skep_stats_read(fd, &after, &err), &err);
	assert_int_equal(after.run_cnt, before.run_cnt);
	rig_close(&rig);
}

/* All that the terminal was sent until @text came, or the time was over. */
static bool see(int terminal, const char *text, char *seen, size_t size)
{
	size_t len = 0;

	for (int i = 0; i < 100 && len + 1 < size; i++) {
		struct pollfd p = { .fd = terminal, .events = POLLIN };
		ssize_t n;

		if (poll(&p, 1, 100) <= 0)
			continue;
		n = read(terminal, seen + len, size - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
		seen[len] = '\0';
		if (strstr(seen, text))
			return true;
	}
	return false;
}

static void press(int terminal, const char *keys)
{
	assert_int_equal(write(terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* skep top on a terminal of its own, which is *terminal here. */
static pid_t start_screen(int *terminal, const struct winsize *size, const char *interval)
{
	pid_t pid = forkpty(terminal, NULL, NULL, size);

	assert_true(pid >= 0);
	if (pid)
		return pid;
	setenv("TERM", "xterm", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	execl(getenv("SKEP_BIN"), "skep", "top", "-i", interval, NULL);
	_exit(127);
}

static void top_screen_answers_keys(void **state)
{
	const struct winsize size = { .ws_row = 30, .ws_col = 140 };
	static char seen[1 << 20];
	int terminal, status;
	struct rig rig;
	pid_t pid;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "to_plain", "plain", 0, NULL);
	pid = start_screen(&terminal, &size, "0.1");
	if (!see(terminal, "to_plain", seen, sizeof(seen)))
		fail_msg("the screen has no program: %.500s", seen);
	press(terminal, "n");
	assert_true(see(terminal, "name", seen, sizeof(seen)));
	press(terminal, "/nothing_such\n");
	assert_true(see(terminal, "nothing_such", seen, sizeof(seen)));
	press(terminal, "q");
	/* What it still writes is read, or it could wait for that. */
	while (read(terminal, seen, sizeof(seen)) > 0)
		;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(terminal);
	rig_close(&rig);
}

/* What the screen says of all programs, from a redraw that a resized terminal asks for. */
static double runs_on_screen(int terminal, int columns, char *seen, size_t size)
{
	const struct winsize resized = { .ws_row = 30, .ws_col = (unsigned short)columns };
	const char *at;

	assert_int_equal(ioctl(terminal, TIOCSWINSZ, &resized), 0);
	if (!see(terminal, " programs, ", seen, size))
		fail_msg("the screen is not drawn again: %.500s", seen);
	at = strstr(seen, " programs, ") + strlen(" programs, ");
	if (!strstr(at, " runs/s"))
		assert_true(see(terminal, " runs/s", seen + strlen(seen), size - strlen(seen)));
	return strtod(at, NULL);
}

static void top_screen_counts_right_after_a_pause(void **state)
{
	const struct timespec pause = { .tv_sec = 4 }, moment = { .tv_nsec = 200000000 };
	const struct winsize size = { .ws_row = 30, .ws_col = 140 };
	static char seen[1 << 20];
	int terminal, status;
	struct busy busy;
	double runs = 0;
	pid_t pid;

	(void)state;
	NEED_BPF();
	busy_begin(&busy);
	pid = start_screen(&terminal, &size, "1");
	assert_true(see(terminal, "to_shared", seen, sizeof(seen)));
	press(terminal, " ");
	assert_true(see(terminal, "paused", seen, sizeof(seen)));
	nanosleep(&pause, NULL);
	press(terminal, " ");
	for (int i = 0; i < 12 && runs <= 2000; i++) {
		nanosleep(&moment, NULL);
		runs = runs_on_screen(terminal, 150 + i, seen, sizeof(seen));
	}
	if (runs < 100 || runs > 2000)
		fail_msg("%.0f runs a second", runs);
	press(terminal, "q");
	while (read(terminal, seen, sizeof(seen)) > 0)
		;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(terminal);
	busy_end(&busy);
}

/* No terminal is too small to be drawn on. */
static void top_screen_fits_any_terminal(void **state)
{
	static const struct winsize sizes[] = { { .ws_row = 1, .ws_col = 1 },
						{ .ws_row = 2, .ws_col = 200 },
						{ .ws_row = 40, .ws_col = 3 } };
	static char seen[1 << 16];

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int terminal, status;
		pid_t pid = start_screen(&terminal, &sizes[i], "0.05");

		nanosleep(&(const struct timespec){ .tv_nsec = 300000000 }, NULL);
		press(terminal, "q");
		while (read(terminal, seen, sizeof(seen)) > 0)
			;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		close(terminal);
	}
}

static void top_refuses_what_it_cannot_do(void **state)
{
	static const struct {
		const char *argv[6];
		const char *says;
	} cases[] = {
		{ { "skep", "top", "to_plain" }, "'to_plain' is no option" },
		{ { "skep", "top", "--plain", "--json" }, "exclude each other" },
		{ { "skep", "top", "-i", "0" }, "at least 10ms" },
		{ { "skep", "top", "-n", "-3" }, "--rounds cannot be '-3'; give a whole number" },
		{ { "skep", "top", "--sort", "beauty" }, "allowed: cpu runs time" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		run(&r, NULL, cases[i].argv);
		assert_run(&r, r.status == 2 && !r.out_len && count_lines(r.err) == 1);
		assert_run(&r, strstr(r.err, cases[i].says));
		run_free(&r);
	}
}

static void top_says_what_rights_it_needs(void **state)
{
	struct run_result r;

	(void)state;
	if (getuid())
		SKIP_TEST("it has no rights to give up");
	RUN_OPTS(&r, (&(struct run_opts){ .uid = 65534 }), "skep", "top", "-n", "1");
	assert_run(&r, r.status == 3 && !r.out_len && count_lines(r.err) == 1);
	assert_run(&r, strstr(r.err, "CAP_SYS_ADMIN"));
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(top_json_has_runs_losses_and_maps),
		cmocka_unit_test(top_prints_a_table_in_the_wanted_order),
		cmocka_unit_test(top_leaves_no_statistics_on_and_holds_nothing),
		cmocka_unit_test(top_screen_answers_keys),
		cmocka_unit_test(top_screen_counts_right_after_a_pause),
		cmocka_unit_test(top_screen_fits_any_terminal),
		cmocka_unit_test(top_refuses_what_it_cannot_do),
		cmocka_unit_test(top_says_what_rights_it_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
