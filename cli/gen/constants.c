// SPDX-License-Identifier: MIT
/* skep gen constants: macros and enumerators as a small header. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/btf_source.h"
#include "cli/gen/gen.h"
#include "package/constants.h"

static const char *source_word, *base_path, *out_path;
static struct option_list folders, macros;

static int main_(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_STRING, 'b', "btf", BTF_SOURCE_VALUE, "enums of this BTF, in place of headers",
	  &source_word },
	{ OPTION_STRING, 0, "base", "FILE", "what the BTF of a file continues", &base_path },
	{ OPTION_LIST, 'I', "include", "FOLDER", "where headers are looked for; repeatable",
	  &folders },
	{ OPTION_LIST, 'D', "define", "NAME[=VALUE]", "as for clang; repeatable", &macros },
	{ OPTION_STRING, 'o', "output", "FILE", "where the header goes (default: stdout)",
	  &out_path },
	{ OPTION_END },
};

const struct command verb_gen_constants = {
	.name = "gen constants",
	.usage = "HEADER.h...|-b SOURCE NAME... [-o FILE]",
	.summary = "macros and enumerators of headers, for use beside vmlinux.h",
	.text = "vmlinux.h has types and no macros. This makes a header of those that are integer\n"
		"constants, with the values that clang computes: skep gen constants\n"
		"linux/if_ether.h 'ETH_P_*'. Quote patterns (* and ?).",
	.main = main_,
};

static bool is_header(const char *word)
{
	size_t len = strlen(word);

	return len > 2 && !strcmp(word + len - 2, ".h");
}

static int usage(struct skep_error *err, const char *what)
{
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s", what);
	skep_error_add_hint(err, "see 'skep gen constants --help'");
	return -EINVAL;
}

/* "-I", "FOLDER", ... as clang takes them. */
static const char **clang_flags(void)
{
	const char **flags = calloc(2 * (folders.len + macros.len) + 1, sizeof(*flags));
	size_t n = 0;

	for (size_t i = 0; flags && i < folders.len; i++) {
		flags[n++] = "-I";
		flags[n++] = folders.items[i];
	}
	for (size_t i = 0; flags && i < macros.len; i++) {
		flags[n++] = "-D";
		flags[n++] = macros.items[i];
	}
	return flags;
}

static int find(const struct skep_constants_opts *opts, struct skep_text *text,
		struct skep_error *err)
{
	struct btf_source source;
	int ret;

	if (!opts->n_names)
		return usage(err, "no name of a constant is given");
	if (!source_word && !opts->n_headers)
		return usage(err, "neither a header nor -b is given");
	if (source_word && opts->n_headers)
		return usage(err, "constants are taken from headers or from -b, not from both");
	if (!source_word)
		return skep_constants_of_headers(opts, text, err);
	ret = btf_source_open(&source, source_word, base_path, err);
	ret = ret ?: skep_constants_of_btf(source.btf, opts, text, err);
	btf_source_close(&source);
	return ret;
}

/* Headers come first. */
static int make(const struct option_args *args)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	SKEP_SCOPED(skep_scoped_free) const char **flags = clang_flags();
	struct skep_constants_opts opts = { .headers = args->words, .flags = flags };
	struct skep_error err = { 0 };

	while (opts.n_headers < args->n_words && is_header(args->words[opts.n_headers]))
		opts.n_headers++;
	opts.names = args->words + opts.n_headers;
	opts.n_names = args->n_words - opts.n_headers;
	if (!flags)
		skep_error_nomem(&err, SKEP_STAGE_USAGE);
	if (!flags || find(&opts, &text, &err))
		return cli_fail(&err);
	return gen_write(out_path, &text);
}

static int main_(int argc, char **argv)
{
	return gen_main(&verb_gen_constants, options, argc, argv, make);
}
