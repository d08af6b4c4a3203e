// SPDX-License-Identifier: MIT
/* skep gen btf min: of kernels' BTF what some objects need. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <skep/btf_minimal.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/btf_source.h"
#include "cli/gen/gen.h"

static struct option_list sources;
static const char *base_path, *out_path;

static int main_(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_LIST, 'b', "btf", BTF_SOURCE_VALUE, "whose types (default: kernel); repeatable",
	  &sources },
	{ OPTION_STRING, 0, "base", "FILE", "what the BTF of a file continues", &base_path },
	{ OPTION_STRING, 'o', "output", "FILE|FOLDER", "where the BTF goes; a folder for several",
	  &out_path },
	{ OPTION_END },
};

const struct command verb_gen_btf_min = {
	.name = "gen btf min",
	.usage = "-o FILE|FOLDER [-b SOURCE]... OBJECT...",
	.summary = "the types of a kernel that objects need, and no others",
	.text = "For kernels without BTF: their BTF, made elsewhere, shrinks from megabytes to\n"
		"kilobytes that can be shipped with the objects. With several -b, the folder gets a\n"
		"file of the name of each.",
	.main = main_,
};

SKEP_DEFINE_SCOPED(btf, struct skep_btf, skep_btf_free)

struct objects {
	const struct skep_spec **specs;
	size_t n;
};

static int open_objects(struct objects *o, const struct option_args *args, struct skep_error *err)
{
	o->specs = calloc(args->n_words + 1, sizeof(*o->specs));
	if (!o->specs)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	for (; o->n < args->n_words; o->n++) {
		o->specs[o->n] = skep_spec_open(args->words[o->n], NULL, err);
		if (!o->specs[o->n])
			return -EINVAL;
	}
	return 0;
}

static void close_objects(struct objects *o)
{
	while (o->n)
		skep_spec_free((struct skep_spec *)o->specs[--o->n]);
	free(o->specs);
}

static int write_one(const struct objects *o, const char *source_word, const char *path)
{
	SKEP_SCOPED(skep_scoped_btf) struct skep_btf *minimal = NULL;
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	struct skep_error err = { 0 };
	struct btf_source source;

	if (btf_source_open(&source, source_word, base_path, &err))
		return cli_fail(&err);
	minimal = skep_btf_minimal(source.btf, o->specs, o->n, &err);
	btf_source_close(&source);
	if (!minimal)
		return cli_fail(&err);
	if (skep_btf_write(minimal, &text, &err))
		return cli_fail(&err);
	return gen_write(path, &text);
}

static const char *file_name(const char *source)
{
	const char *slash = strrchr(source, '/'), *colon = strchr(source, ':');

	return slash ? slash + 1 : colon ? colon + 1 : source;
}

static int check_names(struct skep_error *err)
{
	for (size_t i = 0; i < sources.len; i++)
		for (size_t k = 0; k < i; k++)
			if (!strcmp(file_name(sources.items[i]), file_name(sources.items[k]))) {
				skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
					       "%s and %s would be the same file in %s",
					       sources.items[k], sources.items[i], out_path);
				return -EINVAL;
			}
	if (mkdir(out_path, 0777) && errno != EEXIST) {
		skep_error_set_errno(err, SKEP_STAGE_DELIVER, errno, "cannot be made");
		skep_error_add_object(err, "%s", out_path);
		return -errno;
	}
	return 0;
}

static int write_several(const struct objects *o)
{
	struct skep_error err = { 0 };
	int ret = EXIT_OK;

	if (check_names(&err))
		return cli_fail(&err);
	for (size_t i = 0; i < sources.len && ret == EXIT_OK; i++) {
		SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };

		skep_text_printf(&path, "%s/%s", out_path, file_name(sources.items[i]));
		ret = write_one(o, sources.items[i], skep_text_string(&path));
	}
	return ret;
}

static int make(const struct option_args *args)
{
	struct objects objects = { 0 };
	struct skep_error err = { 0 };
	int ret;

	if (!args->n_words || !out_path) {
		skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL,
			       args->n_words ? "-o is missing" : "no object is given");
		skep_error_add_hint(&err, "see 'skep gen btf min --help'");
		return cli_fail(&err);
	}
	if (open_objects(&objects, args, &err))
		ret = cli_fail(&err);
	else if (sources.len > 1)
		ret = write_several(&objects);
	else
		ret = write_one(&objects, sources.len ? sources.items[0] : NULL, out_path);
	close_objects(&objects);
	return ret;
}

static int main_(int argc, char **argv)
{
	return gen_main(&verb_gen_btf_min, options, argc, argv, make);
}
