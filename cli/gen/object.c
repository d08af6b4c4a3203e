// SPDX-License-Identifier: MIT
/* skep gen object: several objects as one. */
#include <errno.h>

#include <skep/linker.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/gen/gen.h"

static const char *out_path;

static int main_(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_STRING, 'o', "output", "FILE", "where the linked object goes", &out_path },
	{ OPTION_END },
};

const struct command verb_gen_object = {
	.name = "gen object",
	.usage = "-o FILE OBJECT...",
	.summary = "several objects linked into one",
	.text = "What one file declares (extern) and another defines becomes one; __weak definitions\n"
		"give way to others. Types, source lines and CO-RE relocations are kept.",
	.main = main_,
};

SKEP_DEFINE_SCOPED(linker, struct skep_linker, skep_linker_free)

static int make(const struct option_args *args)
{
	struct skep_error err = { 0 };
	SKEP_SCOPED(skep_scoped_linker) struct skep_linker *linker = skep_linker_new(&err);
	SKEP_SCOPED(skep_text_free) struct skep_text object = { 0 };
	int ret = linker ? 0 : -ENOMEM;

	if (!args->n_words || !out_path) {
		skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL,
			       args->n_words ? "-o FILE is missing" : "no object is given");
		skep_error_add_hint(&err, "see 'skep gen object --help'");
		return cli_fail(&err);
	}
	for (size_t i = 0; i < args->n_words && !ret; i++)
		ret = skep_linker_add_file(linker, args->words[i], &err);
	ret = ret ?: skep_linker_finish(linker, &object, &err);
	return ret ? cli_fail(&err) : gen_write(out_path, &object);
}

static int main_(int argc, char **argv)
{
	return gen_main(&verb_gen_object, options, argc, argv, make);
}
