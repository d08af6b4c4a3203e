// SPDX-License-Identifier: MIT
/* Tests in a virtual machine: the same command runs there, and its TAP is read here. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/coverage.h"
#include "cli/test/test.h"
#include "package/dirs.h"

#define MACHINE_FAILED 240 /* and above: vm/run's own */

#define MAX_ARGS 256

char *test_absolute(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	SKEP_SCOPED(skep_scoped_free) char *parent = strndup(path, (size_t)(name - path));
	SKEP_SCOPED(skep_scoped_free) char *folder = NULL;
	char *out;

	if (!parent)
		return NULL;
	/* A file that is a link keeps its name. */
	folder = realpath(*parent ? parent : ".", NULL);
	return folder && asprintf(&out, "%s/%s", folder, name) >= 0 ? out : NULL;
}

/* One run of the tests in a machine. */
struct machine {
	const struct test_files *files;
	const char *object; /* its absolute path */
	const char *kernel, *filter;
	struct test_results *results;
	struct coverage *coverage; /* or NULL */
};

/* The description, if there is one, names an object that only this machine can compile. */
static void start(const struct machine *m, const char *runner, int out)
{
	const struct test_files *files = m->files;
	char in_machine[64], self[PATH_MAX];
	const char *argv[MAX_ARGS + 24] = { runner,	"-k",	  m->kernel, "--env",
					    in_machine, "--file", m->object };
	const char *rest[] = { "--",
			       NULL,
			       "test",
			       "-o",
			       "tap",
			       "--filter",
			       m->filter ?: "*",
			       files->taken ? files->taken[0] : m->object,
			       files->taken ? "--object" : NULL,
			       m->object };
	size_t n = 7;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len < 0)
		_exit(127);
	self[len] = '\0';
	rest[1] = self;
	snprintf(in_machine, sizeof(in_machine), "%s=1", TEST_IN_MACHINE);
	for (char **file = files->taken; file && *file && n < MAX_ARGS; file++) {
		argv[n++] = "--file";
		argv[n++] = *file;
	}
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]) && rest[i]; i++)
		argv[n++] = rest[i];
	if (m->coverage)
		argv[n++] = "--coverage";
	/* The machine ends with this command. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	dup2(out, STDOUT_FILENO);
	execv(runner, (char *const *)argv);
	_exit(127);
}

/* Runs it and collects what it prints. Its exit code, or -errno. */
static int run(const struct machine *m, const char *runner, struct skep_text *text)
{
	int fds[2], status = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		start(m, runner, fds[1]);
	close(fds[1]);
	while (pid > 0 && skep_text_room(text, 4096) &&
	       (n = read(fds[0], text->data + text->len, 4096)) > 0)
		text->len += (size_t)n;
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The byte that an escape of test_write_tap() stands for; *at is behind the backslash. */
static char unescape(const char **at)
{
	static const char known[] = "n\nt\tr\r";
	const char *letter = strchr(known, **at);
	char digits[3] = "";

	if (**at == 'x' && (*at)[1] && (*at)[2]) {
		memcpy(digits, *at + 1, 2);
		*at += 2;
		return (char)strtoul(digits, NULL, 16);
	}
	return letter && *letter ? letter[1] : **at;
}

/* Ends the name at the directive behind it, and returns that; NULL: there is none. */
static char *end_name(char *name)
{
	char *to = name, *directive = NULL;

	for (const char *at = name; *at && !directive; at++) {
		if (!strncmp(at, " # ", 3))
			directive = (char *)at + 3;
		else if (*at != '\\' || !at[1])
			*to++ = *at;
		else
			at++, *to++ = unescape(&at);
	}
	*to = '\0';
	return directive;
}

/* "ok 3 - NAME # SKIP why", "not ok 4 - NAME" */
static void read_result(const struct machine *m, char *line)
{
	bool is_ok = !strncmp(line, "ok ", 3);
	char *name = strstr(line, " - "), *directive;
	struct test_result *result;

	if ((!is_ok && strncmp(line, "not ok ", 7)) || !name)
		return;
	name += 3;
	directive = end_name(name);
	result = test_results_add(m->results, name, m->kernel);
	if (!result)
		return;
	result->status = is_ok ? TEST_PASSED : TEST_FAILED;
	if (!directive || strncmp(directive, "SKIP ", 5))
		return;
	result->status = TEST_SKIPPED;
	skep_text_printf(&result->message, "%s\n", directive + 5);
}

/* What follows a result. */
static void read_detail(struct test_result *result, const char *line)
{
	if (!strncmp(line, "# ", 2))
		skep_text_printf(&result->message, "%s\n", line + 2);
	else if (!strncmp(line, TEST_TAP_DURATION, strlen(TEST_TAP_DURATION)))
		result->ns = (uint64_t)(strtod(line + strlen(TEST_TAP_DURATION), NULL) * 1e6);
}

static void read_tap(const struct machine *m, struct skep_text *text)
{
	size_t before = m->results->items.len;
	char *save = NULL;

	skep_text_string(text);
	for (char *line = text->len ? strtok_r(text->data, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (m->coverage && coverage_read_flags(m->coverage, line))
			continue;
		if (m->results->items.len > before)
			read_detail(&m->results->items.items[m->results->items.len - 1], line);
		read_result(m, line);
	}
}

int test_in_machine(const struct test_files *files, const char *kernel, const char *filter,
		    struct test_results *results, struct coverage *coverage, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text runner = { 0 }, text = { 0 };
	SKEP_SCOPED(skep_scoped_free) char *object = test_absolute(files->object);
	const struct machine m = { files, object, kernel, filter, results, coverage };
	size_t before = results->items.len;
	int code = skep_dir_machines(&runner, err);

	if (!object)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	if (code)
		return code;
	code = run(&m, skep_text_string(&runner), &text);
	read_tap(&m, &text);
	if (code >= MACHINE_FAILED || code < 0 || results->items.len == before)
		return skep_error_set(err, SKEP_STAGE_LOAD, ENODEV,
				      "the machine with kernel %s ran no tests (code %d)", kernel,
				      code);
	return 0;
}

int test_check_kernels(const char *kernels, struct skep_error *err)
{
	const char *at = kernels;

	while (at && *at && *at != ',') {
		at += strcspn(at, ",");
		if (!*at)
			return 0;
		at++;
	}
	if (!at)
		return 0;
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "--kernel '%s' lacks a name", kernels);
	skep_error_add_hint(err, "give names such as 6.12, or 5.10,6.12,host");
	return -EINVAL;
}
