// SPDX-License-Identifier: MIT
#include "cli/run.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

static void become(const struct run_opts *opts)
{
	if (opts->dir && chdir(opts->dir))
		_exit(126);
	if (opts->uid && (setgroups(0, NULL) || setgid(opts->uid) || setuid(opts->uid)))
		_exit(126);
}

static void child(const struct run_opts *opts, const char *const *argv, int in, int out, int err)
{
	const char *skep = getenv("SKEP_BIN");
	/* Another user may not be allowed to go where it was built. */
	int exe = open(skep ? skep : "build/cli/skep", O_PATH | O_CLOEXEC);

	/* What starts in the background of a script has them ignored. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	dup2(in, 0);
	dup2(out, 1);
	dup2(err, 2);
	become(opts);
	if (!strcmp(argv[0], "skep"))
		execveat(exe, "", (char *const *)argv, environ, AT_EMPTY_PATH);
	else
		execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static void append(char **data, size_t *len, const char *more, size_t n)
{
	*data = realloc(*data, *len + n + 1);
	assert_non_null(*data);
	memcpy(*data + *len, more, n);
	*len += n;
	(*data)[*len] = '\0';
}

/* Reads what is there; closes and forgets the descriptor at its end. */
static void collect(struct pollfd *pfd, char **data, size_t *len)
{
	char buf[65536];
	ssize_t n;

	if (!(pfd->revents & (POLLIN | POLLHUP)))
		return;
	n = read(pfd->fd, buf, sizeof(buf));
	if (n > 0) {
		append(data, len, buf, (size_t)n);
	} else {
		close(pfd->fd);
		pfd->fd = -1;
	}
}

static int wait_status(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void follow(struct run_result *r, const struct run_opts *opts, pid_t pid, int out, int err)
{
	int64_t end = now_ms() + (opts->timeout_ms ? opts->timeout_ms : 60000);
	int64_t signal_at = opts->signal ? now_ms() + opts->signal_after_ms : INT64_MAX;
	struct pollfd pfds[2] = { { out, POLLIN, 0 }, { err, POLLIN, 0 } };

	while ((pfds[0].fd >= 0 || pfds[1].fd >= 0) && now_ms() < end) {
		poll(pfds, 2, 20);
		collect(&pfds[0], &r->out, &r->out_len);
		collect(&pfds[1], &r->err, &r->err_len);
		if (now_ms() >= signal_at) {
			kill(pid, opts->signal);
			signal_at = INT64_MAX;
		}
	}
	r->status = 0;
	if (pfds[0].fd >= 0 || pfds[1].fd >= 0) {
		kill(pid, SIGKILL);
		r->status = -1;
	}
	for (int i = 0; i < 2; i++)
		if (pfds[i].fd >= 0)
			close(pfds[i].fd);
	if (r->status < 0)
		wait_status(pid);
	else
		r->status = wait_status(pid);
}

static int input_fd(const struct run_opts *opts)
{
	int fds[2];

	if (!opts->input)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], opts->input, strlen(opts->input)), strlen(opts->input));
	close(fds[1]);
	return fds[0];
}

void run(struct run_result *result, const struct run_opts *opts, const char *const *argv)
{
	static const struct run_opts defaults;
	int in, out[2], err[2];
	pid_t pid;

	opts = opts ? opts : &defaults;
	*result = (struct run_result){ 0 };
	append(&result->out, &result->out_len, "", 0);
	append(&result->err, &result->err_len, "", 0);
	in = input_fd(opts);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(pipe2(err, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (opts->close_stdout)
			close(out[0]);
		child(opts, argv, in, out[1], err[1]);
	}
	close(in);
	close(out[1]);
	close(err[1]);
	if (opts->close_stdout) {
		close(out[0]);
		out[0] = -1;
	}
	follow(result, opts, pid, out[0], err[0]);
}

void run_free(struct run_result *result)
{
	free(result->out);
	free(result->err);
	*result = (struct run_result){ 0 };
}

size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

void write_file(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

const char *jq(const char *json, const char *filter)
{
	const struct run_opts opts = { .input = json };
	static char out[4096];
	struct run_result r;

	RUN_OPTS(&r, &opts, "jq", "-rc", filter);
	assert_run(&r, r.status == 0);
	snprintf(out, sizeof(out), "%s", r.out);
	out[strcspn(out, "\n")] = '\0';
	run_free(&r);
	return out;
}
