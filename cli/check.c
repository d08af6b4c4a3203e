// SPDX-License-Identifier: MIT
/* skep check: what is in a package, and whether it agrees with itself. */
#include "cli/cli.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/readable.h"
#include "base/sha256.h"
#include "cli/check_json.h"
#include "cli/run/run.h"
#include "package/options.h"

static int form = -1;
static bool json;

static int command_check_main(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_CHOICE, 0, "type", "FORM",
	  "what FILE is, whatever it looks like: object, source, json, yaml, tar, folder", &form,
	  skep_package_forms },
	{ OPTION_FLAG, 'j', "json", NULL, "one JSON object", &json },
	{ OPTION_END },
};

const struct command command_check = {
	.name = "check",
	.usage = "FILE|FOLDER|URL|-",
	.summary = "say what is in a package, and check it",
	.text = "All forms that skep run takes are read. Each object is held against what the\n"
		"package says of it: variables, maps, programs, types. Nothing is loaded.",
	.main = command_check_main,
};

SKEP_DEFINE_SCOPED(spec, struct skep_spec, skep_spec_free)

static void write_field(struct skep_text *out, const char *name, const char *text)
{
	if (!text)
		return;
	skep_text_printf(out, "%-12s ", name);
	skep_text_escaped(out, text, strlen(text));
	skep_text_char(out, '\n');
}

static void write_name(struct skep_text *out, const char *kind, const char *name, size_t column)
{
	size_t start = out->len;

	skep_text_printf(out, "%-12s ", kind);
	skep_text_escaped(out, name, strlen(name));
	skep_text_pad(out, start, column);
}

static void write_map(struct skep_text *out, const struct skep_package_map *map)
{
	static const char *const samples[] = { "", "key-value", "log2", "linear" };
	static const char *const exports[] = { "", "no records", "records of its value type",
					       "records of a type", "records of members" };

	write_name(out, "map", map->name, 38);
	if (map->sample.kind)
		skep_text_printf(out, "  read each %u ms as %s%s", map->sample.interval_ms,
				 samples[map->sample.kind], map->sample.clears ? ", cleared" : "");
	if (map->export_kind)
		skep_text_printf(out, "  %s", exports[map->export_kind]);
	if (map->type_id)
		skep_text_printf(out, " %u", map->type_id);
	if (map->is_stack)
		skep_text_lit(out, "  stacks");
	skep_text_char(out, '\n');
}

static void write_program(struct skep_text *out, const struct skep_program_spec *program)
{
	write_name(out, "program", program->name, 38);
	skep_text_lit(out, "  ");
	skep_text_escaped(out, program->section, strlen(program->section));
	skep_text_char(out, '\n');
}

static void write_object(struct skep_text *out, const struct skep_package_object *object)
{
	uint8_t digest[SKEP_SHA256_LEN];

	skep_sha256(object->data, object->len, digest);
	write_name(out, "object", object->machine ? object->machine : "any machine", 0);
	skep_text_printf(out, ", %s-endian, ", object->is_big_endian ? "big" : "little");
	skep_write_size(object->len, out);
	skep_text_lit(out, ", sha256:");
	skep_write_octets(digest, sizeof(digest), '\0', out);
	skep_text_char(out, '\n');
}

static bool nothing_is_taken(const char *name, char letter)
{
	(void)name;
	(void)letter;
	return false;
}

static void write_package(struct skep_text *out, const struct skep_package *package,
			  const struct skep_spec *spec)
{
	write_field(out, "name", package->name);
	write_field(out, "version", package->version);
	write_field(out, "brief", package->brief);
	write_field(out, "description", package->description);
	write_field(out, "details", package->details);
	write_field(out, "licence", package->licence ? package->licence : spec->license);
	write_field(out, "kernel", package->min_kernel);
	skep_vec_for_each(&package->features, feature)
		write_field(out, "needs", *feature);
	skep_vec_for_each(&package->objects, object)
		write_object(out, object);
	for (size_t i = 0; i < spec->n_programs; i++)
		write_program(out, spec->programs[i]);
	skep_vec_for_each(&package->maps, map)
		write_map(out, map);
	skep_vec_for_each(&package->exports, export) {
		write_name(out, "type", export->name, 38);
		skep_text_printf(out, "  type %u\n", export->type_id);
	}
	skep_vec_for_each(&package->btfs, btf)
		write_field(out, "kernel types", btf->path);
	if (package->wasm_len)
		write_field(out, "module", "WASM");
	skep_vec_for_each(&package->annotations, pair) {
		write_name(out, "said", pair->key, 38);
		skep_text_lit(out, "  ");
		skep_text_escaped(out, pair->value, strlen(pair->value));
		skep_text_char(out, '\n');
	}
	skep_package_write_options(package, spec, nothing_is_taken, out);
}

/* Reads one of its objects and holds the package against it. */
static struct skep_spec *check_object(struct skep_package *package, const char *path,
				      const struct skep_package_object *object,
				      struct skep_error *err)
{
	struct skep_spec_opts opts = { .size = sizeof(opts), .name = package->name, .path = path };
	struct skep_spec *spec = skep_spec_read(object->data, object->len, &opts, err);

	if (spec && !skep_package_verify(package, spec, err) &&
	    !skep_package_set_values(package, spec, err))
		return spec;
	skep_spec_free(spec);
	return NULL;
}

static int check(const char *path)
{
	const struct run_source source = { .form = (enum skep_package_form)(form + 1) };
	SKEP_SCOPED(skep_package_clear) struct skep_package package = { 0 };
	SKEP_SCOPED(skep_scoped_spec) struct skep_spec *spec = NULL;
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	struct skep_error err = { 0 };

	if (run_read(&package, path, &source, &err))
		return cli_fail(&err);
	skep_vec_for_each(&package.objects, object) {
		struct skep_spec *one = check_object(&package, path, object, &err);

		if (!one)
			return cli_fail(&err);
		if (spec)
			skep_spec_free(one);
		else
			spec = one;
	}
	if (!spec)
		return EXIT_FAILED;
	if (json)
		check_write_json(&text, &package, spec);
	else
		write_package(&text, &package, spec);
	return cli_print(&text);
}

static int command_check_main(int argc, char **argv)
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret;

	if (options_parse(&command_check, options, argc, argv, &args, &err)) {
		ret = cli_fail(&err);
	} else if (args.help) {
		options_help(&command_check, options, stdout);
		ret = EXIT_OK;
	} else if (args.n_words != 1) {
		skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL, "one file is to be given");
		skep_error_add_hint(&err, "see 'skep check --help'");
		ret = cli_fail(&err);
	} else {
		ret = check(args.words[0]);
	}
	options_free(options, &args);
	return ret;
}
