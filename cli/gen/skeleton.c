// SPDX-License-Identifier: MIT
/* skep gen skeleton: an object as a header for the program that loads it. */
#include <errno.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/gen/gen.h"
#include "elf/elf.h"
#include "package/skeleton.h"
#include "package/source.h"

static const char *out_path, *name, *types, *depfile;
static bool view;

static int main_(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_STRING, 'o', "output", "FILE", "where the header goes (default: stdout)",
	  &out_path },
	{ OPTION_STRING, 'n', "name", "NAME", "of the struct (default: exec_bpf of exec.bpf.c)",
	  &name },
	{ OPTION_FLAG, 0, "view", NULL, "a library's view of an application's object", &view },
	{ OPTION_STRING, 't', "types", "HEADER", "include the types' own header", &types },
	{ OPTION_STRING, 0, "depfile", "FILE", "what the source includes, for make and ninja",
	  &depfile },
	{ OPTION_END },
};

const struct command verb_gen_skeleton = {
	.name = "gen skeleton",
	.usage = "FILE.bpf.c|FILE.o [-o FILE] [--name NAME] [-- CLANG-OPTIONS]",
	.summary = "a typed C and C++ header of an object, which it contains",
	.text = "The header has struct NAME with the object's maps, programs, links and variables,\n"
		"and NAME_open, NAME_load, NAME_attach, NAME_close; skep/skeleton.h explains them.\n"
		"It compiles as C11 and C++11, and needs libskep and nothing else. A C source is\n"
		"compiled first; what follows -- is for clang. Debug information (DWARF) is left\n"
		"out; types (BTF) and source lines are not.",
	.main = main_,
};

SKEP_DEFINE_SCOPED(spec, struct skep_spec, skep_spec_free)

static int write_header(const char *path, struct skep_text *object, struct skep_text *header,
			struct skep_error *err)
{
	struct skep_spec_opts opts = { .size = sizeof(opts), .path = path };
	SKEP_SCOPED(skep_scoped_spec) struct skep_spec *spec = NULL;
	SKEP_SCOPED(skep_text_free) struct skep_text bare = { 0 };
	const struct skep_skeleton_opts gen = {
		.name = name, .file = path, .view = view, .types = types
	};
	char own_name[128];

	skep_source_name(path, own_name, sizeof(own_name));
	opts.name = own_name;
	/* What is left out is not looked at, so that what is read here is what will be loaded. */
	if (skep_elf_strip(object->data, object->len, &bare, err)) {
		skep_error_add_object(err, "%s", path);
		return -EINVAL;
	}
	spec = skep_spec_read(bare.data, bare.len, &opts, err);
	if (!spec)
		return -EINVAL;
	return skep_skeleton_write(spec, bare.data, bare.len, &gen, header, err);
}

static int make(const char *path, char *const *flags, struct skep_error *err)
{
	const struct skep_clang_opts clang = { .flags = flags,
					       .depfile = depfile,
					       .produces = out_path };
	SKEP_SCOPED(skep_text_free) struct skep_text object = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text header = { 0 };
	int ret;

	if (depfile && !out_path) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "--depfile needs to know what is made: -o");
		return cli_fail(err);
	}
	ret = skep_source_read(path, &clang, &object, err) ?:
		      write_header(path, &object, &header, err);
	return ret ? cli_fail(err) : gen_write(out_path, &header);
}

static int main_(int argc, char **argv)
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret;

	if (options_parse(&verb_gen_skeleton, options, argc, argv, &args, &err)) {
		ret = cli_fail(&err);
	} else if (args.help) {
		options_help(&verb_gen_skeleton, options, stdout);
		ret = EXIT_OK;
	} else if (args.n_words != 1) {
		skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL,
			       args.n_words ? "one file at a time" : "which file?");
		skep_error_add_hint(&err, "see 'skep gen skeleton --help'");
		ret = cli_fail(&err);
	} else {
		ret = make(args.words[0], args.command, &err);
	}
	options_free(options, &args);
	return ret;
}
