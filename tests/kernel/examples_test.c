// SPDX-License-Identifier: MIT
/* Each example is started, and what it prints is what its README says. */
#include "kernel/support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

struct output {
	char text[8192];
	int code;
};

/* Runs @argv, whose first word is an example's name; both its outputs together. */
static void run_example(struct output *out, const char *const *argv)
{
	char path[512];
	size_t len = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/%s", getenv("SKEP_EXAMPLES"), argv[0]);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		execv(path, (char *const *)argv);
		_exit(127);
	}
	close(fds[1]);
	while (len + 1 < sizeof(out->text) &&
	       (n = read(fds[0], out->text + len, sizeof(out->text) - 1 - len)) > 0)
		len += (size_t)n;
	out->text[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	out->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Code 3: the kernel or the rights do not allow it, and the example says what is missing. */
static void expect(const char *expected, const char *const *argv)
{
	struct output out;

	NEED_BPF();
	run_example(&out, argv);
	if (out.code == 3)
		SKIP_TEST("%s: %.200s", argv[0], out.text);
	if (out.code || !strstr(out.text, expected))
		fail_msg("%s ended with %d and printed: %s", argv[0], out.code, out.text);
}

#define EXAMPLE(kind, name, expected, ...)                                                       \
	static void example_##kind##_##name(void **state)                                        \
	{                                                                                        \
		(void)state;                                                                     \
		expect(expected, (const char *const[]){ #kind "-" #name, ##__VA_ARGS__, NULL }); \
	}

EXAMPLE(maps, bloom_filter, "0 unknown calls, then 5\n")
EXAMPLE(maps, hash, "getppid was called 5 times\n")
EXAMPLE(maps, lpm_trie,
	"10.1.2.1 is in network 3\n10.1.3.1 is in network 2\n10.2.2.1 is in network 1\n")
EXAMPLE(maps, percpu_array, "at least 1000 calls on all CPUs\n")
EXAMPLE(maps, prog_array, "4 calls, all of one parity\n")
EXAMPLE(maps, queue, "getppid\ngetuid\n")
EXAMPLE(maps, ringbuf, "7 records of getppid, 0 lost\n")
EXAMPLE(maps, stack, "getuid\ngetppid\n")

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_maps_bloom_filter),
		cmocka_unit_test(example_maps_hash),
		cmocka_unit_test(example_maps_lpm_trie),
		cmocka_unit_test(example_maps_percpu_array),
		cmocka_unit_test(example_maps_prog_array),
		cmocka_unit_test(example_maps_queue),
		cmocka_unit_test(example_maps_ringbuf),
		cmocka_unit_test(example_maps_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
