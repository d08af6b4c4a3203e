// SPDX-License-Identifier: MIT
/* What is to be run, and what it has of its own: options, help, version. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/run/run.h"
#include "package/options.h"

int run_open(struct run *run, struct skep_error *err)
{
	const struct skep_package_object *object;
	struct skep_spec_opts opts = { .size = sizeof(opts) };
	const char *ref = run->own;
	int ret;

	if (run->spec)
		return 0;
	if (!ref && run->args.n_words)
		ref = run->args.words[0];
	if (!ref) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "no file is given");
		skep_error_add_hint(err, "see 'skep run --help'");
		return -EINVAL;
	}
	ret = run_read(&run->package, ref, &run->source, err);
	if (ret)
		return ret;
	object = skep_package_object_for(&run->package, NULL, err);
	if (!object)
		return -ENOENT;
	opts.name = run->package.name;
	opts.path = run->own ? run->package.name : ref;
	run->spec = skep_spec_read(object->data, object->len, &opts, err);
	if (!run->spec)
		return -EINVAL;
	return skep_package_verify(&run->package, run->spec, err) ?:
		       skep_package_set_values(&run->package, run->spec, err);
}

int run_set_variable(void *ctx, const char *option, const char *value, struct skep_error *err)
{
	struct run *run = ctx;

	return run_open(run, err) ?:
		       skep_package_set_option(&run->package, run->spec, option, value, err);
}

const char *run_option_of_letter(void *ctx, char letter)
{
	struct run *run = ctx;

	/* An error is told when what is to be run is opened once more. */
	return run_open(run, NULL) ? NULL : skep_package_option_of_letter(&run->package, letter);
}

int run_apply_settings(struct run *run, const struct option_list *settings, struct skep_error *err)
{
	for (size_t i = 0; i < settings->len; i++) {
		const char *equals = strchr(settings->items[i], '=');
		char name[128];
		int ret;

		if (!equals)
			return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
					      "--set needs NAME=VALUE, not '%s'",
					      settings->items[i]);
		snprintf(name, sizeof(name), "%.*s", (int)(equals - settings->items[i]),
			 settings->items[i]);
		ret = skep_package_set_option(&run->package, run->spec, name, equals + 1, err);
		if (ret < 0)
			return ret;
		if (ret == 1)
			return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
					      "'%s' cannot be '%s': true or false", name,
					      equals + 1);
	}
	return 0;
}

static void write_text(struct skep_text *out, const char *text)
{
	for (const char *line = text; line && *line;) {
		size_t len = strcspn(line, "\n");

		skep_text_escaped(out, line, len);
		skep_text_char(out, '\n');
		line += len + (line[len] == '\n');
	}
}

static void write_title(const struct skep_package *package, struct skep_text *out)
{
	skep_text_escaped(out, package->name, strlen(package->name));
	if (package->version) {
		skep_text_char(out, ' ');
		skep_text_escaped(out, package->version, strlen(package->version));
	}
}

void run_write_help(const struct run *run, bool (*is_taken)(const char *name, char letter),
		    struct skep_text *out)
{
	const struct skep_package *package = &run->package;
	SKEP_SCOPED(skep_text_free) struct skep_text options = { 0 };

	write_title(package, out);
	if (package->brief) {
		skep_text_lit(out, ": ");
		skep_text_escaped(out, package->brief, strlen(package->brief));
	}
	skep_text_char(out, '\n');
	write_text(out, package->description);
	skep_package_write_options(package, run->spec, is_taken, &options);
	if (options.len) {
		skep_text_lit(out, "\noptions of the program:\n");
		skep_text_bytes(out, options.data, options.len);
	}
	if (package->details)
		skep_text_char(out, '\n');
	write_text(out, package->details);
}

int run_print_version(struct run *run)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	if (run_open(run, &run->err))
		return cli_fail(&run->err);
	write_title(&run->package, &text);
	if (!run->package.version)
		skep_text_lit(&text, " (no version is said)");
	skep_text_char(&text, '\n');
	return cli_print(&text);
}
