// SPDX-License-Identifier: MIT
/* skep trace: the system calls of processes and of all that they start. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "tools/trace/trace.h"

static const char *where = "text";
static struct option_list pid_words;

static int command_trace_main(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_LIST, 'p', "pid", "PID", "trace a process that runs; may be repeated",
	  &pid_words },
	{ OPTION_STRING, 'o', "output", "text|jsonl[:FILE]",
	  "lines as strace's (to stderr), or JSON objects (to stdout)", &where },
	{ OPTION_END },
};

const struct command command_trace = {
	.name = "trace",
	.usage = "[-p PID]... [-o text|jsonl[:FILE]] [-- COMMAND [ARGS]]",
	.summary = "print every system call of processes and of all that they start",
	.text = "COMMAND is traced from its execve on, and its exit code is skep's (128 + N after\n"
		"signal N). A process given by -p is left running when the trace ends, which it does\n"
		"when all traced tasks have ended, or at Ctrl-C; COMMAND gets that Ctrl-C, too, and is\n"
		"traced to its end. The last line, on stderr, counts the calls and the losses.",
	.main = command_trace_main,
};

static struct skep_trace *volatile running;

static void on_signal(int signal)
{
	if (running)
		skep_trace_interrupt(running, signal);
}

/* While there is nothing to interrupt, signals end skep as they end any program. */
static void handle_signals(void)
{
	struct sigaction stop = { .sa_handler = on_signal }, old;

	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &stop, &old);
	if (old.sa_handler == SIG_IGN) /* by nohup */
		sigaction(SIGHUP, &old, NULL);
}

static int usage(struct skep_error *err, const char *hint, const char *fmt, const char *word)
{
	char text[256];

	snprintf(text, sizeof(text), fmt, word);
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s", text);
	skep_error_add_hint(err, "%s", hint);
	return -EINVAL;
}

/* NULL on a word that is no process number. */
static pid_t *parse_pids(struct skep_error *err)
{
	pid_t *pids = calloc(pid_words.len + 1, sizeof(*pids));

	if (!pids)
		skep_error_nomem(err, SKEP_STAGE_USAGE);
	for (size_t i = 0; pids && i < pid_words.len; i++) {
		const char *word = pid_words.items[i];
		size_t digits = strspn(word, "0123456789");

		if (!digits || digits > 9 || word[digits] || !atoi(word)) {
			usage(err, "give a process's number", "--pid cannot be '%s'", word);
			free(pids);
			return NULL;
		}
		pids[i] = atoi(word);
	}
	return pids;
}

/* "text", "jsonl", or either with ":FILE". */
static int open_output(struct skep_output *output, enum skep_trace_style *style,
		       struct skep_error *err)
{
	size_t len = strcspn(where, ":");
	const char *file = where[len] ? where + len + 1 : NULL;

	if (len == 5 && !memcmp(where, "jsonl", len))
		*style = TRACE_JSON;
	else if (len == 4 && !memcmp(where, "text", len))
		*style = TRACE_TEXT;
	else
		return usage(err, "allowed: text jsonl text:FILE jsonl:FILE",
			     "--output does not know '%s'", where);
	if (file && !*file)
		return usage(err, "allowed: text jsonl text:FILE jsonl:FILE",
			     "--output '%s' names no file", where);
	if (file)
		return skep_output_open(output, file, err);
	if (*style == TRACE_JSON)
		skep_output_fd(output, STDOUT_FILENO, "stdout");
	else
		skep_output_fd(output, STDERR_FILENO, "stderr");
	return 0;
}

static void print_count(const struct skep_trace_result *result)
{
	fprintf(stderr, "%llu calls, %llu lost\n", (unsigned long long)result->calls,
		(unsigned long long)result->lost);
	if (result->unfollowed)
		fprintf(stderr, "%llu tasks were not followed: out of memory\n",
			(unsigned long long)result->unfollowed);
}

static int trace(struct skep_output *output, const struct skep_trace_opts *opts)
{
	struct skep_trace_result result = { 0 };
	struct skep_error err = { 0 };
	int ret;

	running = skep_trace_new(output, opts, &err);
	if (!running)
		return cli_fail(&err);
	handle_signals();
	ret = skep_trace_run(running, &result, &err);
	print_count(&result);
	ret = ret ? cli_fail(&err) : result.command_ended ? result.command_code : EXIT_OK;
	skep_trace_free(running);
	running = NULL;
	return ret;
}

static int prepare_and_trace(const struct option_args *args, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) pid_t *pids = parse_pids(err);
	struct skep_trace_opts opts = { .pids = pids,
					.n_pids = pid_words.len,
					.command = args->command };
	struct skep_output output;
	int ret;

	if (!pids)
		return cli_fail(err);
	if (args->command && !args->command[0]) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "no command follows --");
		return cli_fail(err);
	}
	if (!args->command && !opts.n_pids) {
		usage(err, "give a command after --, or a process by -p", "there is nothing to %s",
		      "trace");
		return cli_fail(err);
	}
	if (open_output(&output, &opts.style, err))
		return cli_fail(err);
	ret = trace(&output, &opts);
	skep_output_close(&output);
	return ret;
}

static int command_trace_main(int argc, char **argv)
{
	struct option_args args = { .command_at_first_word = true };
	struct skep_error err = { 0 };
	int ret = EXIT_OK;

	signal(SIGPIPE, SIG_IGN);
	if (options_parse(&command_trace, options, argc, argv, &args, &err))
		ret = cli_fail(&err);
	else if (args.help)
		options_help(&command_trace, options, stdout);
	else
		ret = prepare_and_trace(&args, &err);
	options_free(options, &args);
	return ret;
}
