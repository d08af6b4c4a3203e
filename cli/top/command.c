// SPDX-License-Identifier: MIT
/* skep top: what the programs of the system cost, what they lose, and how full their maps are. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/cli.h"
#include "cli/top/top.h"
#include "stream/output.h"

static int64_t interval = 1000000000;
static uint64_t rounds;
static uint64_t limit;
static bool plain, json, reverse;
static int order;
static const char *filter;

static const struct option options[] = {
	{ OPTION_DURATION, 'i', "interval", "SECONDS", "time between two looks (1)", &interval },
	{ OPTION_NUMBER, 'n', "rounds", "N", "end after N rounds", &rounds },
	{ OPTION_CHOICE, 's', "sort", "COLUMN",
	  "cpu (default), runs, time, missed, lost, fill, name, id", &order, top_orders },
	{ OPTION_FLAG, 'r', "reverse", NULL, "least first", &reverse },
	{ OPTION_STRING, 'f', "filter", "PATTERN", "only programs of this name, type or id (* ?)",
	  &filter },
	{ OPTION_NUMBER, 0, "limit", "N", "show at most N programs", &limit },
	{ OPTION_FLAG, 'p', "plain", NULL, "a table each round, also on a terminal", &plain },
	{ OPTION_FLAG, 0, "json", NULL, "a JSON object each round, in a line", &json },
	{ OPTION_END },
};

static int command_top_main(int argc, char **argv);

const struct command command_top = {
	.name = "top",
	.usage = "[-i SECONDS] [-n N] [--sort COLUMN] [--filter PATTERN] [--plain|--json]",
	.summary = "what programs cost, lose, and how full their maps are, live",
	.text = "Runs are counted while it watches, which costs each run some ten nanoseconds.\n"
		"CPU% is of one CPU. MISSED/S: not run, since the program was running already.\n"
		"LOST/S: records for which a channel of skep/bpf/emit.h had no room. A map is\n"
		"counted up to 10,000 elements; '>' says that there are more.",
	.main = command_top_main,
};

static volatile sig_atomic_t is_stopped;

static void stop(int signal)
{
	(void)signal;
	is_stopped = 1;
}

bool top_is_stopped(void)
{
	return is_stopped;
}

/* Waits for the next round; a signal ends the wait. */
static void wait_until(uint64_t ns)
{
	struct timespec at = { .tv_sec = (time_t)(ns / 1000000000),
			       .tv_nsec = (long)(ns % 1000000000) };

	while (!is_stopped && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}

static int print_round(struct skep_output *out, struct top *top, const struct top_view *view,
		       struct skep_error *err)
{
	struct skep_text *text = skep_output_text(out);
	int ret = json ? top_write_json(text, top, view) : top_write(text, top, view);

	if (ret)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	if (!json)
		skep_text_char(text, '\n');
	return skep_output_flush(out, err);
}

/* The first look only tells where counting begins. */
static int print_rounds(struct top *top, const struct top_view *view, struct skep_error *err)
{
	struct skep_output out;
	int ret = top_sample(top, err);

	skep_output_fd(&out, STDOUT_FILENO, "stdout");
	for (uint64_t i = 0; !ret && (!rounds || i < rounds); i++) {
		wait_until(top->time_ns + (uint64_t)interval);
		if (is_stopped)
			break;
		ret = top_sample(top, err) ?: print_round(&out, top, view, err);
	}
	skep_output_close(&out);
	return ret;
}

static bool has_screen(void)
{
	return !plain && !json && !rounds && top_has_screen() && isatty(STDIN_FILENO) &&
	       isatty(STDOUT_FILENO);
}

static void handle_signals(void)
{
	struct sigaction action = { .sa_handler = stop };

	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static int watch(struct skep_error *err)
{
	struct top_view view = { order, reverse, filter, limit };
	struct skep_stats *stats = skep_stats_enable(err);
	struct top top = { 0 };
	int ret;

	if (!stats)
		return -EPERM;
	handle_signals();
	ret = has_screen() ? top_screen(&top, &view, interval, err) :
			     print_rounds(&top, &view, err);
	top_free(&top);
	skep_stats_disable(stats);
	return ret;
}

static int check_arguments(const struct option_args *args, struct skep_error *err)
{
	if (args->n_words)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "'%s' is no option: programs are chosen by --filter",
				      args->words[0]);
	if (plain && json)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "--plain and --json exclude each other");
	if (interval < 10000000)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "--interval is at least 10ms");
	return 0;
}

static int command_top_main(int argc, char **argv)
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret = options_parse(&command_top, options, argc, argv, &args, &err);

	if (!ret && args.help)
		options_help(&command_top, options, stdout);
	else if (!ret)
		ret = check_arguments(&args, &err) ?: watch(&err);
	options_free(options, &args);
	return ret ? cli_fail(&err) : EXIT_OK;
}
