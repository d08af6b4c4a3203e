// SPDX-License-Identifier: MIT
/* skep inspect iter, log: text that programs write. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/inspect/inspect.h"
#include "kernel/bpf.h"
#include "kernel/tracefs.h"

static const struct option no_options[] = { { OPTION_END } };

static int write_all(const char *text, size_t len, struct skep_error *err)
{
	while (len) {
		ssize_t n = write(STDOUT_FILENO, text, len);

		if (n < 0 && errno != EINTR)
			return skep_error_set_errno(err, SKEP_STAGE_DELIVER, errno,
						    "stdout cannot be written to");
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Bytes as they come: the program decides what they are. */
static int copy(int fd, struct skep_error *err)
{
	char text[1 << 16];
	int ret = 0;

	while (!ret) {
		ssize_t n = read(fd, text, sizeof(text));

		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
						    "the program's text cannot be read");
		if (!n)
			break;
		ret = write_all(text, (size_t)n, err);
	}
	return ret;
}

static int run_iter(const struct option_args *args, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int link = inspect_open(SKEP_SYSTEM_LINKS, args->words[0], err);
	SKEP_SCOPED(skep_scoped_fd) int fd = link < 0 ? link : skep_bpf_iter_create(link);

	if (link < 0)
		return link;
	if (fd >= 0)
		return copy(fd, err);
	if (fd == -EINVAL)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "'%s' is no iterator",
				      args->words[0]);
	return skep_error_set_errno(err, SKEP_STAGE_READ, fd, "the iterator cannot be read");
}

static int64_t duration = -1;

static const struct option log_options[] = {
	{ OPTION_DURATION, 'd', "duration", "SECONDS", "stop after this time (0.5, 500ms, 2m)",
	  &duration },
	{ OPTION_END },
};

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static bool goes_on(int64_t end)
{
	return duration < 0 || now() < end;
}

static int open_pipe(struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int dir = skep_tracefs_open(err);
	int fd;

	if (dir < 0)
		return dir;
	fd = openat(dir, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd >= 0 ? fd :
			 skep_error_set_errno(err, SKEP_STAGE_READ, errno,
					      "the kernel's trace_pipe cannot be opened");
}

/*
 * No kernel wakes who waits for a program's streams, and since 6.1 who polls the trace pipe is
 * woken when it is half full.
 */
static void rest(void)
{
	const struct timespec pause = { .tv_nsec = 50000000 };

	nanosleep(&pause, NULL);
}

/* What one reader takes, no other gets. What was there before the end is read. */
static int follow_pipe(int64_t end, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open_pipe(err);
	bool is_last = false;
	char text[1 << 14];
	int ret = fd < 0 ? fd : 0;

	while (!ret) {
		ssize_t n = read(fd, text, sizeof(text));

		if (n > 0)
			ret = write_all(text, (size_t)n, err);
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
						    "trace_pipe cannot be read");
		else if (!is_last)
			rest();
		if (is_last)
			break;
		is_last = !goes_on(end);
	}
	return ret;
}

static int read_streams(int fd, struct skep_error *err)
{
	static const enum skep_stream streams[] = { SKEP_STREAM_OUT, SKEP_STREAM_ERR };
	char text[1 << 14];
	int64_t n;
	int ret;

	for (int i = 0; i < 2; i++)
		while ((n = skep_system_stream_read(fd, streams[i], text, sizeof(text), err))) {
			if (n < 0)
				return (int)n;
			ret = write_all(text, (size_t)n, err);
			if (ret)
				return ret;
		}
	return 0;
}

static int follow_program(const char *word, int64_t end, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = inspect_open(SKEP_SYSTEM_PROGRAMS, word, err);
	int ret = fd < 0 ? fd : read_streams(fd, err);

	while (!ret && goes_on(end)) {
		rest();
		ret = read_streams(fd, err);
	}
	return ret;
}

static int run_log(const struct option_args *args, struct skep_error *err)
{
	int64_t end = now() + (duration < 0 ? 0 : duration);

	return args->n_words ? follow_program(args->words[0], end, err) : follow_pipe(end, err);
}

static int main_iter(int argc, char **argv);
static int main_log(int argc, char **argv);

const struct command inspect_iter = {
	.name = "inspect iter",
	.usage = "LINK",
	.summary = "what an iterator writes, by its link's id, name or pin",
	.main = main_iter,
};

const struct command inspect_log = {
	.name = "inspect log",
	.usage = "[PROGRAM] [-d SECONDS]",
	.summary = "what programs print: to the kernel's trace pipe, or one to its own streams",
	.text = "bpf_printk() prints to the trace pipe, whose text goes to one reader only;\n"
		"bpf_stream_printk() (6.17) to the streams of its PROGRAM.",
	.main = main_log,
};

static int main_iter(int argc, char **argv)
{
	return inspect_verb(&inspect_iter, no_options, argc, argv, 1, 1, run_iter);
}

static int main_log(int argc, char **argv)
{
	return inspect_verb(&inspect_log, log_options, argc, argv, 0, 1, run_log);
}
