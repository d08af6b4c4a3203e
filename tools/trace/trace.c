// SPDX-License-Identifier: MIT
#include "tools/trace/trace.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <skep/ring.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/command.h"
#include "tools/trace/programs.h"

/* How often it is looked whether traced tasks are left. */
#define LIVE_CHECK_NS (5 * 1000 * 1000)

struct skep_trace {
	struct skep_output *output;
	struct skep_trace_opts opts;
	struct skep_trace_programs programs;
	struct skep_trace_format *format;
	struct skep_ring *ring;
	struct skep_loop *loop;
	struct skep_command command;
	struct skep_error failed; /* a write inside a callback */
	uint64_t written, unwritten;
	volatile sig_atomic_t interrupts;
	volatile sig_atomic_t command_pid; /* while it can be signalled */
};

SKEP_DEFINE_SCOPED(trace, struct skep_trace, skep_trace_free)

/* Lines count as written when nothing of them waits in the output any more. */
static int count_written(struct skep_trace *trace, int ret)
{
	if (!ret && !skep_output_text(trace->output)->len) {
		trace->written += trace->unwritten;
		trace->unwritten = 0;
	}
	return ret;
}

static int write_record(void *ctx, const struct skep_record *record)
{
	struct skep_trace *trace = ctx;

	skep_trace_format_write(trace->format, record->data, record->len,
				skep_output_text(trace->output));
	trace->unwritten++;
	return count_written(trace, skep_output_line_done(trace->output, &trace->failed));
}

static int flush(void *ctx)
{
	struct skep_trace *trace = ctx;

	return count_written(trace, skep_output_flush(trace->output, &trace->failed));
}

/* The command's number is free for others once it has been collected. */
static bool command_ended(struct skep_trace *trace)
{
	trace->command_pid = 0;
	if (skep_command_poll(&trace->command))
		return true;
	trace->command_pid = trace->command.pid;
	return !trace->command.pid;
}

static int check_live(void *ctx)
{
	struct skep_trace *trace = ctx;

	if (!*trace->programs.live || (trace->interrupts && command_ended(trace)))
		skep_loop_stop(trace->loop);
	return 0;
}

static int on_command_end(void *ctx)
{
	struct skep_trace *trace = ctx;

	if (command_ended(trace))
		skep_loop_remove_fd(trace->loop, trace->command.pidfd);
	return check_live(trace);
}

/* What the wall clock is ahead of the clock of the records. */
static int64_t clock_offset(void)
{
	struct timespec wall, mono;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &wall);
	return (wall.tv_sec - mono.tv_sec) * 1000000000ll + wall.tv_nsec - mono.tv_nsec;
}

static int make_loop(struct skep_trace *trace, struct skep_error *err)
{
	trace->loop = skep_loop_new(err);
	if (!trace->loop)
		return -ENOMEM;
	return skep_loop_add_ring(trace->loop, trace->ring, write_record, trace, err) ?:
		       skep_loop_add_idle(trace->loop, flush, trace, err)	      ?:
		       skep_loop_add_timer(trace->loop, LIVE_CHECK_NS, check_live, trace, err);
}

static int prepare_command(struct skep_trace *trace, struct skep_error *err)
{
	int ret = skep_command_prepare(&trace->command, trace->opts.command, err);

	if (ret)
		return ret;
	trace->command_pid = trace->command.pid;
	return skep_trace_mark_command(&trace->programs, trace->command.pidfd, err) ?:
		       skep_loop_add_fd(trace->loop, trace->command.pidfd, on_command_end, trace,
					err);
}

static int mark_all(struct skep_trace *trace, struct skep_error *err)
{
	int ret = trace->opts.command ? prepare_command(trace, err) : 0;

	for (size_t i = 0; !ret && i < trace->opts.n_pids; i++)
		ret = skep_trace_mark_pid(&trace->programs, trace->opts.pids[i], err);
	return ret;
}

static int prepare(struct skep_trace *trace, struct skep_error *err)
{
	const struct skep_ring_opts opts = { .size = sizeof(opts), .merge_by_time = true };
	int ret = skep_trace_programs_load(&trace->programs, err);

	if (ret)
		return ret;
	trace->format = skep_trace_format_new(trace->opts.style, clock_offset(),
					      skep_trace_table_of(TRACE_ABI_NATIVE),
					      skep_trace_table_of(TRACE_ABI_COMPAT), err);
	if (!trace->format)
		return -ENOMEM;
	trace->ring = skep_ring_open(trace->programs.object,
				     skep_trace_programs_ring(&trace->programs), &opts, err);
	if (!trace->ring)
		return -EINVAL;
	ret = make_loop(trace, err) ?: mark_all(trace, err);
	if (ret)
		return ret;
	return skep_trace_programs_attach(&trace->programs, err) ?:
		       skep_trace_mark_family(&trace->programs, err);
}

struct skep_trace *skep_trace_new(struct skep_output *output, const struct skep_trace_opts *opts,
				  struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_trace) struct skep_trace *trace = calloc(1, sizeof(*trace));

	if (!trace) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	trace->output = output;
	trace->opts = *opts;
	trace->command = (struct skep_command){ .pidfd = -1, .go = -1, .failed = -1 };
	return prepare(trace, err) ? NULL : SKEP_TAKE(trace);
}

static int count_unwritten(void *ctx, const struct skep_record *record)
{
	struct skep_trace *trace = ctx;

	(void)record;
	trace->unwritten++;
	return 0;
}

/* Reads what is left; after a write has failed only to count it. */
static int finish_output(struct skep_trace *trace, struct skep_error *err)
{
	if (!trace->failed.code)
		skep_loop_drain(trace->loop);
	if (!trace->failed.code)
		flush(trace);
	if (!trace->failed.code)
		return 0;
	skep_ring_drain(trace->ring, count_unwritten, trace);
	if (err)
		*err = trace->failed;
	return -trace->failed.code;
}

static void wait_for_command(struct skep_trace *trace)
{
	while (trace->command.pid && trace->interrupts < 2 && !command_ended(trace)) {
		siginfo_t info;

		/* Leaves it to be collected by command_ended. A signal ends the wait. */
		waitid(P_PID, (id_t)trace->command.pid, &info, WEXITED | WNOWAIT);
	}
	trace->command_pid = 0;
	if (trace->command.pid && !skep_command_poll(&trace->command))
		trace->command.pid = 0; /* it is left running */
}

static void fill_result(struct skep_trace *trace, struct skep_trace_result *result)
{
	struct skep_ring_stats stats = { 0 };

	skep_ring_stats(trace->ring, &stats);
	*result = (struct skep_trace_result){
		.calls = trace->written,
		.lost = stats.lost + trace->unwritten +
			skep_trace_programs_missed(&trace->programs),
		.unfollowed = *trace->programs.unfollowed,
		.command_ended = trace->command.ended,
	};
	if (trace->command.ended)
		result->command_code = skep_command_code(&trace->command);
}

/*
 * The reader goes before what it reads of: with as many busy tasks as CPUs, half of the calls were
 * lost without it. The command has been forked and stays as it is. Without the right, so be it.
 */
static void go_first(void)
{
	setpriority(PRIO_PROCESS, 0, -20);
}

int skep_trace_run(struct skep_trace *trace, struct skep_trace_result *result,
		   struct skep_error *err)
{
	int ret = 0, stopped, finished;

	go_first();
	if (trace->opts.command)
		ret = skep_command_start(&trace->command, trace->opts.command, err);
	if (!ret) {
		ret = skep_loop_run(trace->loop, -1, err);
		ret = trace->failed.code ? 0 : ret; /* told by finish_output */
	}
	stopped = skep_trace_programs_stop(&trace->programs, ret ? NULL : err);
	ret = ret ?: stopped;
	finished = finish_output(trace, ret ? NULL : err);
	wait_for_command(trace);
	fill_result(trace, result);
	return ret ?: finished;
}

void skep_trace_interrupt(struct skep_trace *trace, int signal)
{
	pid_t pid = trace->command_pid;

	trace->interrupts++;
	if (!pid || trace->interrupts > 1)
		skep_loop_stop(trace->loop);
	else if (signal != SIGINT)
		kill(pid, signal);
}

void skep_trace_free(struct skep_trace *trace)
{
	if (!trace)
		return;
	skep_command_close(&trace->command);
	skep_loop_free(trace->loop);
	skep_ring_close(trace->ring);
	skep_trace_programs_close(&trace->programs);
	skep_trace_format_free(trace->format);
	free(trace);
}
