// SPDX-License-Identifier: MIT
/* Tests in a virtual machine: the same command runs there, and its TAP is read here. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/test.h"
#include "package/dirs.h"

#define MACHINE_FAILED 240 /* and above: vm/run's own */

#define MAX_ARGS 256

/* The description, if there is one, names an object that only this machine can compile. */
static void start(const char *runner, const struct test_files *files, const char *kernel,
		  const char *filter, int out)
{
	const char *argv[MAX_ARGS + 16] = { runner, "-k", kernel, "--file", files->object };
	const char *rest[] = { "--",
			       NULL,
			       "test",
			       files->taken ? files->taken[0] : files->object,
			       "-o",
			       "tap",
			       "--filter",
			       filter ?: "*",
			       files->taken ? "--object" : NULL,
			       files->object };
	size_t n = 5;
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len < 0)
		_exit(127);
	self[len] = '\0';
	rest[1] = self;
	for (char **file = files->taken; file && *file && n < MAX_ARGS; file++) {
		argv[n++] = "--file";
		argv[n++] = *file;
	}
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]) && rest[i]; i++)
		argv[n++] = rest[i];
	dup2(out, STDOUT_FILENO);
	execv(runner, (char *const *)argv);
	_exit(127);
}

/* Runs it and collects what it prints. Its exit code, or -errno. */
static int run(const char *runner, const struct test_files *files, const char *kernel,
	       const char *filter, struct skep_text *text)
{
	int fds[2], status = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		start(runner, files, kernel, filter, fds[1]);
	close(fds[1]);
	while (pid > 0 && skep_text_room(text, 4096) &&
	       (n = read(fds[0], text->data + text->len, 4096)) > 0)
		text->len += (size_t)n;
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* "ok 3 - NAME # SKIP why", "not ok 4 - NAME" */
static void read_result(char *line, const char *kernel, struct test_results *results)
{
	bool is_ok = !strncmp(line, "ok ", 3);
	char *name = strstr(line, " - "), *skip = strstr(line, " # SKIP ");
	struct test_result *result;

	if ((!is_ok && strncmp(line, "not ok ", 7)) || !name)
		return;
	if (skip)
		*skip = '\0';
	result = test_results_add(results, name + 3, kernel);
	if (!result)
		return;
	result->status = skip ? TEST_SKIPPED : is_ok ? TEST_PASSED : TEST_FAILED;
	if (skip)
		skep_text_printf(&result->message, "%s\n", skip + 8);
}

static void read_tap(struct skep_text *text, const char *kernel, struct test_results *results)
{
	char *save = NULL;

	skep_text_string(text);
	for (char *line = text->len ? strtok_r(text->data, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, "# ", 2) && results->items.len)
			skep_text_printf(&results->items.items[results->items.len - 1].message,
					 "%s\n", line + 2);
		else
			read_result(line, kernel, results);
	}
}

int test_in_machine(const struct test_files *files, const char *kernel, const char *filter,
		    struct test_results *results, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text runner = { 0 }, text = { 0 };
	size_t before = results->items.len;
	int code = skep_dir_machines(&runner, err);

	if (code)
		return code;
	code = run(skep_text_string(&runner), files, kernel, filter, &text);
	read_tap(&text, kernel, results);
	if (code >= MACHINE_FAILED || code < 0 || results->items.len == before)
		return skep_error_set(err, SKEP_STAGE_LOAD, ENODEV,
				      "the machine with kernel %s ran no tests (code %d)", kernel,
				      code);
	return 0;
}
