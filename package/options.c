// SPDX-License-Identifier: MIT
#include "package/options.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/near.h"

#define MAX_NAME 128

/* "min-us" and "min_us" are the same. */
static bool is_same(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
			return false;
	return *a == *b;
}

static const char *name_of(const struct skep_package_option *option)
{
	return option->long_name && *option->long_name ? option->long_name : option->variable;
}

static const struct skep_package_option *find(const struct skep_package *package, const char *name)
{
	skep_vec_for_each(&package->options, option)
		if (is_same(name, name_of(option)))
			return option;
	skep_vec_for_each(&package->options, option)
		if (is_same(name, option->variable))
			return option;
	return NULL;
}

static const struct btf_type *type_of(const struct skep_spec *spec, const char *variable)
{
	const struct skep_global_spec *global = skep_spec_global(spec, variable);

	if (!global || !spec->btf)
		return NULL;
	return skep_btf_type(spec->btf, skep_btf_resolve(spec->btf, global->type_id));
}

static bool is_bool(const struct skep_spec *spec, const char *variable)
{
	const struct btf_type *type = type_of(spec, variable);

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

int skep_package_set_values(const struct skep_package *package, struct skep_spec *spec,
			    struct skep_error *err)
{
	skep_vec_for_each(&package->options, option) {
		const char *value = option->value ? option->value : option->default_value;
		int ret = value ? skep_spec_parse_global(spec, option->variable, value, err) : 0;

		if (!ret)
			continue;
		/* It is the package's mistake, not the user's. */
		if (err)
			err->stage = SKEP_STAGE_READ;
		skep_error_add_object(err, "%s", package->name);
		skep_error_add_what(err, "is set wrongly by the package itself");
		return ret;
	}
	return 0;
}

const char *skep_package_option_of_letter(const struct skep_package *package, char letter)
{
	skep_vec_for_each(&package->options, option)
		if (letter && option->short_name == letter)
			return name_of(option);
	return NULL;
}

/* "enable-NAME" sets a truth value, "disable-NAME" takes it away. NULL: it is neither. */
static const char *switched(const struct skep_package *package, const struct skep_spec *spec,
			    const char *name, bool *on)
{
	const struct skep_package_option *option;
	const char *rest, *variable;

	*on = !strncmp(name, "enable", 6);
	rest = name + (*on ? 6 : !strncmp(name, "disable", 7) ? 7 : 0);
	if (rest == name || (*rest != '-' && *rest != '_'))
		return NULL;
	option = find(package, rest + 1);
	variable = option ? option->variable : rest + 1;
	return is_bool(spec, variable) ? variable : NULL;
}

/* The option's own name nearest to @name, if one is near. */
static void hint_near(const struct skep_package *package, const char *name, struct skep_error *err)
{
	const char *best = NULL;
	unsigned int distance = 3;

	skep_vec_for_each(&package->options, option) {
		unsigned int d = skep_name_distance(name, name_of(option));

		if (d < distance) {
			distance = d;
			best = name_of(option);
		}
	}
	if (!best)
		return;
	skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "there is no option --%s", name);
	skep_error_add_hint(err, "did you mean --%s?", best);
}

int skep_package_set_option(const struct skep_package *package, struct skep_spec *spec,
			    const char *name, const char *value, struct skep_error *err)
{
	const struct skep_package_option *option = find(package, name);
	const char *variable, *other;
	char copy[MAX_NAME];
	bool on;
	int ret;

	snprintf(copy, sizeof(copy), "%s", name);
	for (char *c = copy; *c; c++)
		*c = *c == '-' ? '_' : *c;
	variable = option ? option->variable : copy;
	if (!skep_spec_global(spec, variable)) {
		other = switched(package, spec, name, &on);
		if (other)
			return skep_spec_parse_global(spec, other, on ? "true" : "false", err) ?: 1;
		ret = skep_spec_parse_global(spec, variable, "", err);
		hint_near(package, name, err);
		return ret ? ret : -ENOENT;
	}
	if (is_bool(spec, variable) && !is_truth(value))
		return skep_spec_parse_global(spec, variable, "true", err) ?: 1;
	if (value)
		return skep_spec_parse_global(spec, variable, value, err) ?: 2;
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "--%s needs a value", name);
	return -EINVAL;
}
