// SPDX-License-Identifier: MIT
/* The global variables of the program as options of the command. */
#include "cli/run/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"

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

int run_set_variable(void *ctx, const char *option, const char *value, struct skep_error *err)
{
	struct run *run = ctx;
	char name[128];
	int ret = run_open(run, err);

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
		ret = skep_spec_parse_global(run->spec, name, equals + 1, err);
		if (ret)
			return ret;
	}
	return 0;
}

/* The variables that a user would set: constants that are not static. */
void run_print_variables(const struct skep_spec *spec)
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
