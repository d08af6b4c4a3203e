// SPDX-License-Identifier: MIT
/* skep new: a project to begin with. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <skep/text.h>

#include "base/error.h"
#include "base/vec.h"
#include "package/template.h"

static const char *template = "tracepoint";
static bool list, json;

static int command_new_main(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_STRING, 't', "template", "TEMPLATE", "what it begins with (default: tracepoint)",
	  &template },
	{ OPTION_FLAG, 'l', "list", NULL, "the templates, and what each does", &list },
	{ OPTION_FLAG, 0, "json", NULL, "the list as one JSON array", &json },
	{ OPTION_END },
};

const struct command command_new = {
	.name = "new",
	.usage = "NAME [--template TEMPLATE] | --list",
	.summary = "make a project that builds, runs and is tested",
	.text = "Makes the folder NAME with a BPF program, its user side, a test and a Makefile:\n"
		"make, make run, make test. NAME is an identifier; nothing that exists is changed.",
	.main = command_new_main,
};

static void put_json(const struct skep_template *item, struct skep_text *out)
{
	skep_text_lit(out, "{\"name\":");
	skep_text_json_string(out, item->name, strlen(item->name));
	skep_text_lit(out, ",\"summary\":");
	skep_text_json_string(out, item->summary, strlen(item->summary));
	skep_text_char(out, '}');
}

static void put_line(const struct skep_template *item, struct skep_text *out)
{
	size_t start = out->len;

	skep_text_escaped(out, item->name, strlen(item->name));
	skep_text_pad(out, start, 13);
	skep_text_escaped(out, item->summary, strlen(item->summary));
	skep_text_char(out, '\n');
}

static int print_list(struct skep_error *err)
{
	struct skep_templates templates = { 0 };
	struct skep_text out = { 0 };
	int ret;

	if (skep_template_list(&templates, err))
		return cli_fail(err);
	skep_vec_for_each(&templates, item) {
		if (json) {
			skep_text_char(&out, out.len ? ',' : '[');
			put_json(item, &out);
		} else {
			put_line(item, &out);
		}
	}
	if (json)
		skep_text_str(&out, out.len ? "]\n" : "[]\n");
	ret = cli_print(&out);
	skep_text_free(&out);
	skep_template_free(&templates);
	return ret;
}

static int make(const char *name, struct skep_error *err)
{
	struct skep_text out = { 0 };
	int ret;

	if (skep_template_make(template, name, err))
		return cli_fail(err);
	skep_text_printf(&out, "%s/ is made: cd %s && make test\n", name, name);
	ret = cli_print(&out);
	skep_text_free(&out);
	return ret;
}

static int command_new_main(int argc, char **argv)
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret;

	if (options_parse(&command_new, options, argc, argv, &args, &err)) {
		ret = cli_fail(&err);
	} else if (args.help) {
		options_help(&command_new, options, stdout);
		ret = EXIT_OK;
	} else if (list && !args.n_words) {
		ret = print_list(&err);
	} else if (args.n_words == 1 && !list && !json && !args.command) {
		ret = make(args.words[0], &err);
	} else {
		skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL,
			       args.n_words > 1	 ? "one project at a time, not also '%s'" :
			       args.n_words == 1 ? "--list, --json and commands make no '%s'" :
						   "how is the project to be called?%s",
			       args.n_words ? args.words[args.n_words > 1] : "");
		skep_error_add_hint(&err, "see 'skep new --help'");
		ret = cli_fail(&err);
	}
	options_free(options, &args);
	return ret;
}
