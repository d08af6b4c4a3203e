// SPDX-License-Identifier: MIT
/* Probes of the kernel and of programs, and what they have in common with other places. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/glob.h"
#include "package/attach_place.h"

struct skep_link *skep_place_wrong(struct skep_error *err, const struct skep_placement *place,
				   const char *allowed)
{
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s cannot be '%s'", place->kind->name,
		       place->value ? place->value : "");
	skep_error_add_hint(err, "%s", allowed);
	return NULL;
}

bool skep_place_cut(const char *value, char word[SKEP_PLACE_WORD], const char **rest)
{
	const char *colon = strrchr(value, ':');
	size_t len = colon ? (size_t)(colon - value) : strlen(value);

	if (!len || len >= SKEP_PLACE_WORD)
		return false;
	memcpy(word, value, len);
	word[len] = '\0';
	*rest = colon ? colon + 1 : NULL;
	return true;
}

/* "FILE:SYMBOL", "FILE:SYMBOL+0x10", "FILE:0x1234", "FILE:mal*". */
struct skep_link *skep_attach_uprobe(const struct skep_program *program,
				     const struct skep_placement *place, struct skep_object *object,
				     struct skep_error *err)
{
	const char *section = skep_program_spec(program)->section;
	struct skep_uprobe_opts opts = { .size = sizeof(opts), .pid = place->pid };
	struct skep_uprobe_multi_opts many = { .size = sizeof(many), .pid = place->pid };
	const char *value = place->value ? place->value : skep_program_spec(program)->target;
	char path[SKEP_PLACE_WORD], symbol[256];
	const char *rest;
	char *end = NULL;

	(void)object;
	opts.retprobe = many.retprobe = strstr(section, "uretprobe") != NULL;
	if (!value || !skep_place_cut(value, path, &rest) || !rest || !*rest)
		return skep_place_wrong(
			err, place, "give FILE:FUNCTION, FILE:FUNCTION+OFFSET or FILE:0xOFFSET");
	if (skep_glob_is_pattern(rest))
		return skep_program_attach_uprobe_multi(program, path, rest, &many, err);
	snprintf(symbol, sizeof(symbol), "%.*s", (int)strcspn(rest, "+"), rest);
	opts.symbol = symbol;
	if (*rest >= '0' && *rest <= '9') {
		opts.symbol = NULL;
		opts.offset = strtoull(rest, &end, 0);
	} else if (rest[strlen(symbol)] == '+') {
		opts.offset = strtoull(rest + strlen(symbol) + 1, &end, 0);
	}
	if (end && *end)
		return skep_place_wrong(err, place, "the offset is a number, 16 or 0x10");
	return skep_program_attach_uprobe(program, path, &opts, err);
}

/* "FILE:PROVIDER:NAME" */
struct skep_link *skep_attach_usdt(const struct skep_program *program,
				   const struct skep_placement *place, struct skep_object *object,
				   struct skep_error *err)
{
	const struct skep_usdt_opts opts = { .size = sizeof(opts), .pid = place->pid };
	const char *value = place->value ? place->value : skep_program_spec(program)->target;
	char before[SKEP_PLACE_WORD], path[SKEP_PLACE_WORD];
	const char *name, *provider;

	(void)object;
	if (!value || !skep_place_cut(value, before, &name) || !name ||
	    !skep_place_cut(before, path, &provider) || !provider)
		return skep_place_wrong(err, place, "give FILE:PROVIDER:NAME");
	return skep_program_attach_usdt(program, path, *provider ? provider : NULL, name, &opts,
					err);
}

struct skep_link *skep_attach_kprobe(const struct skep_program *program,
				     const struct skep_placement *place, struct skep_object *object,
				     struct skep_error *err)
{
	struct skep_kprobe_opts opts = { .size = sizeof(opts) };
	struct skep_kprobe_multi_opts many = { .size = sizeof(many) };

	(void)object;
	opts.retprobe = many.retprobe =
		strstr(skep_program_spec(program)->section, "kretprobe") != NULL;
	if (skep_glob_is_pattern(place->value))
		return skep_program_attach_kprobe_multi(program, place->value, &many, err);
	return skep_program_attach_kprobe(program, place->value, &opts, err);
}

/* "CATEGORY:NAME" or "CATEGORY/NAME" */
struct skep_link *skep_attach_tracepoint(const struct skep_program *program,
					 const struct skep_placement *place,
					 struct skep_object *object, struct skep_error *err)
{
	size_t len = strcspn(place->value, ":/");
	char category[256];

	(void)object;
	if (!len || !place->value[len] || len >= sizeof(category))
		return skep_place_wrong(err, place, "give CATEGORY:NAME");
	snprintf(category, sizeof(category), "%.*s", (int)len, place->value);
	return skep_program_attach_tracepoint(program, category, place->value + len + 1, NULL, err);
}

struct skep_link *skep_attach_raw(const struct skep_program *program,
				  const struct skep_placement *place, struct skep_object *object,
				  struct skep_error *err)
{
	(void)object;
	return skep_program_attach_raw_tracepoint(program, place->value, NULL, err);
}
