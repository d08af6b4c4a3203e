// SPDX-License-Identifier: MIT
#include "cli/gen/gen.h"

#include <string.h>
#include <unistd.h>

#include "cli/verbs.h"
#include "stream/output.h"

static int command_gen_main(int argc, char **argv);

static const struct command *const verbs[] = {
	&verb_gen_skeleton, &verb_gen_vmlinux,	 &verb_gen_object,
	&verb_gen_btf_min,  &verb_gen_constants, NULL,
};

const struct command command_gen = {
	.name = "gen",
	.usage = "VERB [OPTIONS]",
	.summary = "make headers, objects and types for programs",
	.main = command_gen_main,
};

static int command_gen_main(int argc, char **argv)
{
	return verbs_main(&command_gen, verbs, argc, argv);
}

static int write_stdout(const struct skep_text *text, struct skep_error *err)
{
	struct skep_output out;
	int ret;

	skep_output_fd(&out, STDOUT_FILENO, "stdout");
	skep_text_bytes(skep_output_text(&out), text->data, text->len);
	ret = skep_output_flush(&out, err);
	skep_output_close(&out);
	return ret;
}

int gen_write(const char *path, const struct skep_text *text)
{
	struct skep_error err = { 0 };
	int ret;

	if (path && strcmp(path, "-") != 0)
		ret = skep_output_replace(path, text->data, text->len, &err);
	else
		ret = write_stdout(text, &err);
	return ret ? cli_fail(&err) : EXIT_OK;
}

int gen_main(const struct command *verb, const struct option *options, int argc, char **argv,
	     int (*make)(const struct option_args *args))
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret = EXIT_OK;

	if (options_parse(verb, options, argc, argv, &args, &err))
		ret = cli_fail(&err);
	else if (args.help)
		options_help(verb, options, stdout);
	else
		ret = make(&args);
	options_free(options, &args);
	return ret;
}
