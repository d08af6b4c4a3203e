// SPDX-License-Identifier: MIT
/* skep log: what a program that runs already logs. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/log_sink.h"

static const char *const formats[] = { "text", "jsonl", NULL };
static const char *const levels[] = { "off", "error", "warn", "info", "debug", "trace", NULL };

static int format;
static int level = -1;
static int64_t duration = -1;
static const char *to;

static int command_log_main(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_CHOICE, 'o', "output", "text|jsonl", "lines, or a JSON object each", &format,
	  formats },
	{ OPTION_CHOICE, 'l', "level", "LEVEL",
	  "from now on, up to off, error, warn, info, debug or trace", &level, levels },
	{ OPTION_STRING, 0, "to", "syslog|journald", "where lines go, instead of stdout", &to },
	{ OPTION_DURATION, 'd', "duration", "SECONDS", "stop after this time (0.5, 500ms, 2m)",
	  &duration },
	{ OPTION_END },
};

const struct command command_log = {
	.name = "log",
	.usage = "PROGRAM-ID|PIN [-l LEVEL] [-o text|jsonl] [--to syslog|journald] [-d SECONDS]",
	.summary = "print what a loaded program logs",
	.text = "The program is named by its id or by its file in a BPF file system. Each line is read\n"
		"once: if somebody else reads this log too, each of you gets some. --level stays as it\n"
		"is set, and cannot bring back levels that the program was loaded without.",
	.main = command_log_main,
};

SKEP_DEFINE_SCOPED(log, struct skep_log, skep_log_close)
SKEP_DEFINE_SCOPED(loop, struct skep_loop, skep_loop_free)

static struct skep_loop *volatile running;

static void on_signal(int signal)
{
	(void)signal;
	skep_loop_stop(running);
}

static void handle_signals(struct skep_loop *loop)
{
	struct sigaction stop = { .sa_handler = on_signal };

	running = loop;
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* A number is an id; a file of that name is ./NUMBER. */
static struct skep_log *open_log(const char *word, struct skep_error *err)
{
	size_t digits = strspn(word, "0123456789");

	if (!digits || word[digits])
		return skep_log_open_pinned(word, err);
	if (digits > 10 || strtoull(word, NULL, 10) > UINT32_MAX) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%.32s' is no program's id", word);
		return NULL;
	}
	return skep_log_open_id((uint32_t)strtoull(word, NULL, 10), err);
}

static int read_log(struct skep_log *log, struct log_sink *sink, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_loop) struct skep_loop *loop = skep_loop_new(err);
	int ret;

	if (!loop)
		return EXIT_FAILED;
	if (level >= 0 && skep_log_set_level(log, (enum skep_log_level)level, err))
		return cli_exit_code(err);
	if (skep_loop_add_log(loop, log, log_sink_write, sink, err))
		return EXIT_FAILED;
	handle_signals(loop);
	ret = skep_loop_run(loop, duration, err);
	if (!ret)
		skep_loop_drain(loop);
	if (!err->code)
		*err = sink->failed;
	log_sink_count(log);
	return err->code ? cli_exit_code(err) : EXIT_OK;
}

static int serve(const char *word, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_log) struct skep_log *log = open_log(word, err);
	struct log_sink sink;
	int ret;

	if (!log)
		return cli_fail(err);
	if (log_sink_open(&sink, to, STDOUT_FILENO, format == 1, err))
		return cli_fail(err);
	sink.log = log;
	ret = read_log(log, &sink, err);
	log_sink_close(&sink);
	if (err->code)
		skep_error_print(err, stderr);
	return ret;
}

static int command_log_main(int argc, char **argv)
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret;

	if (options_parse(&command_log, options, argc, argv, &args, &err)) {
		ret = cli_fail(&err);
	} else if (args.help) {
		options_help(&command_log, options, stdout);
		ret = EXIT_OK;
	} else if (args.n_words != 1) {
		skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL, "%s",
			       args.n_words ? "one program at a time" : "no program is given");
		skep_error_add_hint(&err,
				    "give its id, which 'skep inspect prog' lists, or its pin");
		ret = cli_fail(&err);
	} else {
		ret = serve(args.words[0], &err);
	}
	options_free(options, &args);
	return ret;
}
