// SPDX-License-Identifier: MIT
/* skep run: a C file or an object becomes live records. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <skep/skep.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/runner.h"
#include "package/source.h"
#include "cli/log_sink.h"

static const char *const formats[] = { "text", "jsonl", NULL };
static const char *const levels[] = { "off", "error", "warn", "info", "debug", "trace", NULL };

static int format;
static int log_level = -1;
static const char *log_to;
static int64_t duration = -1;
static bool strict;
static struct option_list settings;

static int command_run_main(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_CHOICE, 'o', "output", "text|jsonl", "aligned columns, or a JSON object a line",
	  &format, formats },
	{ OPTION_DURATION, 'd', "duration", "SECONDS", "stop after this time (0.5, 500ms, 2m)",
	  &duration },
	{ OPTION_LIST, 0, "set", "NAME=VALUE", "set a global variable, as --NAME VALUE does",
	  &settings },
	{ OPTION_FLAG, 0, "strict", NULL, "fail if any program cannot be loaded or attached",
	  &strict },
	{ OPTION_CHOICE, 0, "log", "LEVEL",
	  "lines that programs log, up to off, error, warn, info, debug or trace", &log_level,
	  levels },
	{ OPTION_STRING, 0, "log-to", "syslog|journald", "where they go, instead of stderr",
	  &log_to },
	{ OPTION_END },
};

const struct command command_run = {
	.name = "run",
	.usage = "FILE.bpf.c|FILE.o [--NAME VALUE]... [-o text|jsonl] [-d SECONDS] [-- COMMAND]",
	.summary = "build, load and attach a program and print its records",
	.text = "FILE's global variables are options: --min_us 100 sets `const volatile int min_us`.\n"
		"skep run FILE --help lists them. COMMAND starts when everything is attached, and\n"
		"its end ends the run. What programs log is printed on stderr, and the last line there\n"
		"counts the records and the losses.",
	.main = command_run_main,
};

SKEP_DEFINE_SCOPED(spec, struct skep_spec, skep_spec_free)
SKEP_DEFINE_SCOPED(object, struct skep_object, skep_object_close)
SKEP_DEFINE_SCOPED(runner, struct skep_runner, skep_runner_free)

/* What the command line says about one file. */
struct run {
	struct option_args args;
	struct skep_spec *spec;
	struct skep_error err;
};

static struct skep_runner *volatile running;

static void on_signal(int signal)
{
	(void)signal;
	if (running)
		skep_runner_stop(running);
}

static int open_file(struct run *run, struct skep_error *err)
{
	if (run->spec)
		return 0;
	if (!run->args.n_words) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "no file is given");
		skep_error_add_hint(err, "see 'skep run --help'");
		return -EINVAL;
	}
	run->spec = skep_source_open(run->args.words[0], err);
	return run->spec ? 0 : -EINVAL;
}

/* "--min-us" and "--min_us" both mean min_us. */
static void variable_name(char *name, size_t size, const char *option)
{
	snprintf(name, size, "%s", option);
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
}

static bool is_bool(const struct skep_spec *spec, const struct skep_global_spec *global)
{
	uint32_t id = global ? skep_btf_resolve(spec->btf, global->type_id) : 0;
	const struct btf_type *type = skep_btf_type(spec->btf, id);

	return type && skep_btf_kind(type) == BTF_KIND_INT &&
	       BTF_INT_ENCODING(skep_btf_int(type)) & BTF_INT_BOOL;
}

/* A flag may stand alone: what follows it belongs to it only if it is a truth value. */
static bool is_truth(const char *value)
{
	static const char *const words[] = { "true", "false", "yes", "no", "1", "0" };

	for (size_t i = 0; value && i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(value, words[i]))
			return true;
	return false;
}

static int set_variable(void *ctx, const char *option, const char *value, struct skep_error *err)
{
	struct run *run = ctx;
	char name[128];
	int ret = open_file(run, err);

	if (ret)
		return ret;
	variable_name(name, sizeof(name), option);
	if (is_bool(run->spec, skep_spec_global(run->spec, name)) && !is_truth(value))
		return skep_spec_parse_global(run->spec, name, "true", err) ?: 1;
	if (value)
		return skep_spec_parse_global(run->spec, name, value, err) ?: 2;
	if (!skep_spec_global(run->spec, name))
		return skep_spec_parse_global(run->spec, name, "", err);
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "--%s needs a value", option);
	return -EINVAL;
}

static int apply_settings(struct run *run, struct skep_error *err)
{
	for (size_t i = 0; i < settings.len; i++) {
		const char *equals = strchr(settings.items[i], '=');
		char name[128];
		int ret;

		if (!equals)
			return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
					      "--set needs NAME=VALUE, not '%s'",
					      settings.items[i]);
		snprintf(name, sizeof(name), "%.*s", (int)(equals - settings.items[i]),
			 settings.items[i]);
		ret = skep_spec_parse_global(run->spec, name, equals + 1, err);
		if (ret)
			return ret;
	}
	return 0;
}

/* The variables that a user would set: constants that are not static. */
static void print_variables(const struct skep_spec *spec)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	for (size_t i = 0; i < spec->n_globals; i++) {
		const struct skep_global_spec *g = spec->globals[i];

		if (!g->is_const || g->is_static || !g->type_id ||
		    !strncmp(g->name, "skep_log_", strlen("skep_log_")))
			continue;
		if (!text.len)
			skep_text_lit(&text, "\noptions of the program:\n");
		skep_text_printf(&text, "      --%-22s ", g->name);
		skep_btf_print_type(spec->btf, g->type_id, "", &text);
		skep_text_char(&text, '\n');
	}
	if (text.len)
		fwrite(text.data, 1, text.len, stdout);
}

static int print_help(struct run *run)
{
	struct skep_error err = { 0 };

	options_help(&command_run, options, stdout);
	if (!run->args.n_words)
		return EXIT_OK;
	if (open_file(run, &err))
		return cli_fail(&err);
	print_variables(run->spec);
	return EXIT_OK;
}

/* Programs that were left out are named, each in a line, and the others go on. */
static void report_left_out(const struct skep_object *object, bool at_attach)
{
	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		const struct skep_error *err =
			skep_program_error(skep_object_program_at(object, i));

		if (err && (err->stage == SKEP_STAGE_ATTACH) == at_attach)
			skep_error_print(err, stderr);
	}
}

/* Programs that are loaded and wait for somebody to attach them: nobody will. */
static bool is_attached(const struct skep_object *object)
{
	size_t attached = 0, waiting = 0;

	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		const struct skep_program *program = skep_object_program_at(object, i);
		struct skep_error err = { 0 };

		attached += skep_program_link(program) != NULL;
		if (skep_program_link(program) || skep_program_fd(program) < 0 ||
		    !skep_program_spec(program)->attach || skep_program_error(program))
			continue;
		waiting++;
		skep_link_close(skep_program_attach(program, &err));
		skep_error_print(&err, stderr);
	}
	return attached || !waiting;
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

static int run_object(struct run *run, struct skep_object *object, struct log_sink *sink)
{
	struct skep_runner_opts opts = { .json = format == 1,
					 .duration_ns = duration,
					 .command = run->args.command,
					 .log = log_sink_write,
					 .log_ctx = sink };
	struct skep_runner_result result = { 0 };
	struct skep_output output;
	int ret;

	skep_output_fd(&output, STDOUT_FILENO, "stdout");
	running = skep_runner_new(object, &output, &opts, &run->err);
	if (!running) {
		skep_output_close(&output);
		return cli_fail(&run->err);
	}
	sink->log = skep_runner_log(running);
	handle_signals();
	report_left_out(object, true);
	if (!is_attached(object)) {
		ret = EXIT_FAILED;
	} else {
		ret = skep_runner_run(running, &result, &run->err) ? cli_exit_code(&run->err) :
								     EXIT_OK;
		if (skep_runner_log(running))
			log_sink_count(skep_runner_log(running));
		print_count(&result);
	}
	if (!run->err.code)
		run->err = sink->failed;
	if (run->err.code)
		skep_error_print(&run->err, stderr);
	skep_runner_free(running);
	running = NULL;
	skep_output_close(&output);
	return ret;
}

static int load_and_run(struct run *run)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = strict };
	SKEP_SCOPED(skep_scoped_object) struct skep_object *object = NULL;
	struct log_sink sink;
	int ret = open_file(run, &run->err) ?: apply_settings(run, &run->err);

	if (ret)
		return cli_fail(&run->err);
	if (run->args.command && !run->args.command[0]) {
		skep_error_set(&run->err, SKEP_STAGE_USAGE, EINVAL, "no command follows --");
		return cli_fail(&run->err);
	}
	if (log_level >= 0 &&
	    skep_spec_set_log_level(run->spec, (enum skep_log_level)log_level, &run->err))
		return cli_fail(&run->err);
	object = skep_object_load(run->spec, &opts, &run->err);
	if (!object)
		return cli_fail(&run->err);
	report_left_out(object, false);
	ret = log_sink_open(&sink, log_to, STDERR_FILENO, format == 1, &run->err);
	ret = ret ? cli_fail(&run->err) : run_object(run, object, &sink);
	log_sink_close(&sink);
	return ret;
}

static int command_run_main(int argc, char **argv)
{
	struct run run = { .args = { .unknown = set_variable } };
	int ret;

	run.args.unknown_ctx = &run;
	signal(SIGPIPE, SIG_IGN);
	if (options_parse(&command_run, options, argc, argv, &run.args, &run.err)) {
		ret = cli_fail(&run.err);
	} else if (run.args.help) {
		ret = print_help(&run);
	} else if (run.args.n_words > 1) {
		skep_error_set(&run.err, SKEP_STAGE_USAGE, EINVAL,
			       "one file at a time, not also '%s'", run.args.words[1]);
		skep_error_add_hint(&run.err, "a command comes after --");
		ret = cli_fail(&run.err);
	} else {
		ret = load_and_run(&run);
	}
	skep_spec_free(run.spec);
	options_free(options, &run.args);
	return ret;
}
