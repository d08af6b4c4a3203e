// SPDX-License-Identifier: MIT
/* skep run: a C file or an object becomes live records. */
#include "cli/run/run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <skep/skep.h>
#include <skep/system.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/quantity.h"
#include "package/runner.h"
#include "package/target_btf.h"
#include "cli/log_sink.h"
#include "cli/outputs.h"
#include "cli/record_options.h"

static const char *const levels[] = { "off", "error", "warn", "info", "debug", "trace", NULL };

static struct option_list outputs;
static const char *columns;
static struct record_options records;
static int log_level = -1;
static const char *log_to;
static int64_t duration = -1;
static int form = -1; /* read ahead, as is the timeout: find_source() */
static int64_t timeout;
static bool version;
static bool strict;
static bool stats;
static bool verbose;
static const char *btf_path;
static struct option_list settings;
static struct option_list places;

static int command_run_main(int argc, char **argv);

static const struct option options[] = {
	OUTPUTS_OPTION(&outputs),
	{ OPTION_STRING, 0, "columns", "LIST", "show these (time,comm:12,-cookie), in this order",
	  &columns },
	RECORD_OPTIONS(&records),
	{ OPTION_DURATION, 'd', "duration", "SECONDS", "stop after this time (0.5, 500ms, 2m)",
	  &duration },
	{ OPTION_CHOICE, 0, "type", "FORM",
	  "what FILE is, whatever it looks like: object, source, json, yaml, tar, folder", &form,
	  skep_package_forms },
	{ OPTION_DURATION, 0, "timeout", "SECONDS", "give up fetching a URL (300)", &timeout },
	{ OPTION_LIST, 0, "attach", "[PROGRAM:]KIND=VALUE",
	  "where programs go: xdp=eth0, tc=eth0:ingress, cgroup=/path, uprobe=FILE:NAME, pid=123",
	  &places },
	{ OPTION_LIST, 0, "set", "NAME=VALUE", "set a global variable, as --NAME VALUE does",
	  &settings },
	{ OPTION_FLAG, 0, "version", NULL, "the program's name and version", &version },
	{ OPTION_FLAG, 0, "strict", NULL, "fail if any program cannot be loaded or attached",
	  &strict },
	{ OPTION_CHOICE, 0, "log", "LEVEL",
	  "lines that programs log, up to off, error, warn, info, debug or trace", &log_level,
	  levels },
	{ OPTION_FLAG, 0, "stats", NULL, "at the end, how often and how long each program ran",
	  &stats },
	{ OPTION_FLAG, 'v', "verbose", NULL, "say what was loaded, and what it is attached to",
	  &verbose },
	{ OPTION_STRING, 0, "btf", "FILE|FOLDER",
	  "the kernel's types, also laid out as BTFHub's; instead of the running kernel's",
	  &btf_path },
	{ OPTION_STRING, 0, "log-to", "syslog|journald", "where they go, instead of stderr",
	  &log_to },
	{ OPTION_END },
};

const struct command command_run = {
	.name = "run",
	.usage =
		"FILE|FOLDER|URL|- [--NAME VALUE]... [-o KIND[:TARGET]]... [-d SECONDS] [-- COMMAND]",
	.summary = "build, load and attach a program and print its records",
	.text = "FILE is a package (.skep, package.json, package.yaml, x.skel.json beside x.bpf.o, a\n"
		"tar or folder of them), an object, or a C source. Its global variables are options:\n"
		"--min_us 100 sets `const volatile int min_us`; skep run FILE --help lists them. COMMAND\n"
		"starts when everything is attached, and its end ends the run. What programs log is\n"
		"printed on stderr, and the last line there counts the records and the losses.",
	.main = command_run_main,
};

SKEP_DEFINE_SCOPED(spec, struct skep_spec, skep_spec_free)
SKEP_DEFINE_SCOPED(object, struct skep_object, skep_object_close)
SKEP_DEFINE_SCOPED(stats, struct skep_stats, skep_stats_disable)
SKEP_DEFINE_SCOPED(runner, struct skep_runner, skep_runner_free)

static struct skep_runner *volatile running;
static struct skep_delivery *volatile delivering;

static void on_signal(int signal)
{
	if (running && signal != SIGHUP)
		skep_runner_stop(running);
	if (delivering && signal == SIGHUP)
		skep_delivery_reopen(delivering);
}

static bool is_taken(const char *name, char letter)
{
	for (const struct option *o = options; o->kind != OPTION_END; o++)
		if (name ? !strcmp(o->name, name) : o->letter == letter)
			return true;
	return name ? !strcmp(name, "help") : letter == 'h';
}

/* What the program is and takes comes first, then what all of them take. */
static int print_help(struct run *run)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	struct skep_error err = { 0 };

	if (run->own || run->args.n_words) {
		if (run_open(run, &err))
			return cli_fail(&err);
		run_write_help(run, is_taken, &text);
		skep_text_char(&text, '\n');
		if (cli_print(&text) != EXIT_OK)
			return EXIT_FAILED;
	}
	options_help(run->command, options, stdout);
	return EXIT_OK;
}

static void print_count(const struct skep_runner_result *result)
{
	fprintf(stderr, "%llu records, %llu lost%s\n", (unsigned long long)result->records,
		(unsigned long long)result->lost,
		result->some_uncounted ? " (a plain ring buffer does not count its losses)" : "");
	if (result->command_ended && result->command_code)
		fprintf(stderr, "the command ended with %d\n", result->command_code);
}

/* Until there is a run to end, a signal ends skep itself. */
static void handle_signals(void)
{
	struct sigaction stop = { .sa_handler = on_signal };

	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
}

static int run_to_end(struct run *run, struct skep_object *object)
{
	struct skep_runner_result result = { 0 };
	int ret;

	SKEP_SCOPED(skep_scoped_stats) struct skep_stats *counting = NULL;

	if (stats) {
		counting = skep_stats_enable(&run->err);
		if (!counting)
			return cli_exit_code(&run->err);
	}
	handle_signals();
	run_report_left_out(object, true);
	if (!run_is_attached(object, run->plan))
		return EXIT_FAILED;
	if (verbose)
		run_print_objects(run, object);
	ret = skep_runner_run(running, &result, &run->err) ? cli_exit_code(&run->err) : EXIT_OK;
	if (skep_runner_log(running))
		log_sink_count(skep_runner_log(running));
	if (!outputs_end(delivering) && ret == EXIT_OK)
		ret = EXIT_FAILED;
	print_count(&result);
	if (stats)
		run_print_stats(object);
	record_options_report(&records, delivering);
	return ret;
}

static int run_object(struct run *run, struct skep_object *object, struct skep_delivery *delivery,
		      struct log_sink *sink)
{
	struct skep_runner_opts opts = { .duration_ns = duration,
					 .command = run->args.command,
					 .log = log_sink_write,
					 .log_ctx = sink,
					 .columns = columns,
					 .package = &run->package,
					 .plan = run->plan };
	struct skep_runner *runner = skep_runner_new(object, delivery, &opts, &run->err);
	int ret;

	if (!runner || record_options_check(&records, &run->err)) {
		ret = cli_exit_code(&run->err);
	} else {
		sink->log = skep_runner_log(runner);
		delivering = delivery;
		running = runner;
		ret = run_to_end(run, object);
		delivering = NULL;
		running = NULL;
	}
	if (!run->err.code)
		run->err = sink->failed;
	if (run->err.code)
		skep_error_print(&run->err, stderr);
	if (skep_delivery_free(delivery))
		skep_runner_free(runner);
	return ret;
}

static int prepare(struct run *run)
{
	int ret = run_open(run, &run->err) ?: run_apply_settings(run, &settings, &run->err);

	if (!ret && run->args.command && !run->args.command[0])
		ret = skep_error_set(&run->err, SKEP_STAGE_USAGE, EINVAL, "no command follows --");
	if (!ret && log_level >= 0)
		ret = skep_spec_set_log_level(run->spec, (enum skep_log_level)log_level, &run->err);
	if (ret)
		return ret;
	ret = skep_target_btf_find(&run->package, btf_path ? btf_path : getenv("BTF_FILE_PATH"),
				   &run->btf, &run->err);
	if (ret)
		return ret;
	run->plan =
		skep_attach_plan_new(&run->package, run->spec, places.items, places.len, &run->err);
	return run->plan ? 0 : -EINVAL;
}

/* Takes the delivery over. */
static int load_and_run(struct run *run, struct skep_delivery *delivery)
{
	struct skep_object_opts opts = { .size = sizeof(opts), .strict = strict };
	SKEP_SCOPED(skep_scoped_object) struct skep_object *object = NULL;
	struct log_sink sink;
	int ret;

	if (!prepare(run)) {
		opts.target_btf = run->btf;
		object = skep_object_load(run->spec, &opts, &run->err);
		if (!object)
			run_report_missing(&run->package);
	}
	if (!object) {
		skep_delivery_free(delivery);
		return cli_fail(&run->err);
	}
	run_report_left_out(object, false);
	ret = log_sink_open(&sink, log_to, STDERR_FILENO, outputs_are_json(&outputs), &run->err);
	if (ret) {
		skep_delivery_free(delivery);
		ret = cli_fail(&run->err);
	} else {
		ret = run_object(run, object, delivery, &sink);
	}
	log_sink_close(&sink);
	return ret;
}

/* The value of the option @name at @i of the arguments; NULL: it is another. */
static const char *value_at(char **argv, int i, int argc, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(argv[i], name, len))
		return NULL;
	if (argv[i][len] == '=')
		return argv[i] + len + 1;
	return !argv[i][len] && i + 1 < argc ? argv[i + 1] : NULL;
}

/* The program's own options are known by how it is read, which may be said behind them. */
static void find_source(int argc, char **argv, struct run_source *source)
{
	for (int i = 1; i < argc && argv[i] && strcmp(argv[i], "--"); i++) {
		const char *type = value_at(argv, i, argc, "--type");
		const char *time = value_at(argv, i, argc, "--timeout");

		for (int j = 0; type && skep_package_forms[j]; j++)
			if (!strcmp(type, skep_package_forms[j]))
				source->form = (enum skep_package_form)(j + 1);
		/* A wrong one is told when all options are parsed. */
		if (time && !skep_read_duration(time, &source->timeout_ns))
			source->timeout_ns = 0;
	}
}

static int run_parsed(struct run *run)
{
	struct skep_delivery *delivery;

	if (run->args.help)
		return print_help(run);
	if (outputs_help(&outputs))
		return EXIT_OK;
	if (version)
		return run_print_version(run);
	if (run->args.n_words > !run->own) {
		skep_error_set(&run->err, SKEP_STAGE_USAGE, EINVAL,
			       run->own ? "'%s' is no option" : "one file at a time, not also '%s'",
			       run->args.words[!run->own]);
		skep_error_add_hint(&run->err, "a command comes after --");
		return cli_fail(&run->err);
	}
	/* First, so that a wrong word is told before anything is loaded. */
	delivery = record_options_open(&records, &outputs, &run->err);
	return delivery ? load_and_run(run, delivery) : cli_fail(&run->err);
}

int run_main(const struct command *command, const char *own, int argc, char **argv)
{
	struct run run = { .command = command,
			   .own = own,
			   .args = { .unknown = run_set_variable,
				     .unknown_letter = run_option_of_letter } };
	int ret;

	run.args.unknown_ctx = &run;
	signal(SIGPIPE, SIG_IGN);
	argc = record_options_join(argc, argv);
	find_source(argc, argv, &run.source);
	if (options_parse(command, options, argc, argv, &run.args, &run.err))
		ret = cli_fail(&run.err);
	else
		ret = run_parsed(&run);
	skep_attach_plan_free(run.plan);
	skep_spec_free(run.spec);
	skep_btf_free(run.btf);
	skep_package_clear(&run.package);
	record_options_free(&records);
	options_free(options, &run.args);
	return ret;
}

static int command_run_main(int argc, char **argv)
{
	return run_main(&command_run, NULL, argc, argv);
}
