// SPDX-License-Identifier: MIT
/* skep inspect map update, delete, push, freeze, create: changes of maps. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/inspect/values.h"

static const char *const conditions[] = { "any", "new", "exists", NULL };
static const uint64_t condition_flags[] = { BPF_ANY, BPF_NOEXIST, BPF_EXIST };

static int condition;

static const struct option update_options[] = {
	{ OPTION_CHOICE, 0, "if", "any|new|exists", "only if the key is new, or exists", &condition,
	  conditions },
	{ OPTION_END },
};
static const struct option no_options[] = { { OPTION_END } };

static int run_update(const struct option_args *args, struct skep_error *err)
{
	struct map_values v;
	SKEP_SCOPED(skep_scoped_fd) int key_fd = -1;
	SKEP_SCOPED(skep_scoped_fd) int value_fd = -1;
	int ret = map_values_open(&v, args->words[0], err);
	SKEP_SCOPED(skep_scoped_free)
	void *key = ret ? NULL : calloc(1, skep_map_key_size(v.map) + 1);
	SKEP_SCOPED(skep_scoped_free) void *value = ret ? NULL : calloc(1, v.value_bytes + 1);

	if (!ret && (!key || !value))
		ret = skep_error_nomem(err, SKEP_STAGE_LOAD);
	ret = ret ?: map_read_key(&v, args->words[1], key, &key_fd, err);
	ret = ret ?: map_read_value(&v, args->words[2], value, &value_fd, err);
	ret = ret ?: skep_map_update(v.map, key, value, condition_flags[condition], err);
	map_values_close(&v);
	return ret;
}

static int run_delete(const struct option_args *args, struct skep_error *err)
{
	struct map_values v;
	SKEP_SCOPED(skep_scoped_fd) int key_fd = -1;
	int ret = map_values_open(&v, args->words[0], err);
	SKEP_SCOPED(skep_scoped_free)
	void *key = ret ? NULL : calloc(1, skep_map_key_size(v.map) + 1);

	if (!ret && !key)
		ret = skep_error_nomem(err, SKEP_STAGE_LOAD);
	ret = ret ?: map_read_key(&v, args->words[1], key, &key_fd, err);
	ret = ret ?: skep_map_delete(v.map, key, err);
	map_values_close(&v);
	return ret;
}

static int run_push(const struct option_args *args, struct skep_error *err)
{
	struct map_values v;
	SKEP_SCOPED(skep_scoped_fd) int value_fd = -1;
	int ret = map_values_open(&v, args->words[0], err);
	SKEP_SCOPED(skep_scoped_free) void *value = ret ? NULL : calloc(1, v.value_bytes + 1);

	if (!ret && !value)
		ret = skep_error_nomem(err, SKEP_STAGE_LOAD);
	ret = ret ?: map_read_value(&v, args->words[1], value, &value_fd, err);
	ret = ret ?: skep_map_update(v.map, NULL, value, BPF_ANY, err);
	map_values_close(&v);
	return ret;
}

static int run_freeze(const struct option_args *args, struct skep_error *err)
{
	struct map_values v;
	int ret = map_values_open(&v, args->words[0], err);

	ret = ret ?: skep_map_freeze(v.map, err);
	map_values_close(&v);
	return ret;
}

static const char *type_word, *name_word, *key_word = "4", *value_word = "8", *entries_word = "1",
					  *flags_word = "0", *extra_word = "0", *inner_word;

static const struct option create_options[] = {
	{ OPTION_STRING, 't', "type", "TYPE", "hash, array, lru_hash, ringbuf, ...", &type_word },
	{ OPTION_STRING, 'n', "name", "NAME", "at most 15 characters", &name_word },
	{ OPTION_STRING, 'k', "key", "BYTES", "the size of a key (4)", &key_word },
	{ OPTION_STRING, 'v', "value", "BYTES", "the size of a value (8)", &value_word },
	{ OPTION_STRING, 'e', "entries", "N", "the most elements (1)", &entries_word },
	{ OPTION_STRING, 0, "flags", "N", "BPF_F_* as a number", &flags_word },
	{ OPTION_STRING, 0, "extra", "N", "map_extra", &extra_word },
	{ OPTION_STRING, 0, "inner", "MAP", "what the maps in it are like", &inner_word },
	{ OPTION_END },
};

#define MAX_TYPES 128 /* numbers that are tried */

static int find_type(uint32_t *type, struct skep_error *err)
{
	if (!type_word) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "the map needs a type");
		skep_error_add_hint(err, "give --type hash, array, ...");
		return -EINVAL;
	}
	for (*type = 1; *type < MAX_TYPES; ++*type) {
		const char *name = skep_map_type_name(*type);

		if (name && !strcmp(name, type_word))
			return 0;
	}
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no type of maps called '%s'",
		       type_word);
	skep_error_add_hint(err, "'skep inspect feature' lists them");
	return -EINVAL;
}

static int find_number(const char *option, const char *word, uint64_t most, uint64_t *number,
		       struct skep_error *err)
{
	char *end;

	errno = 0;
	*number = strtoull(word, &end, 0);
	if (!errno && *word >= '0' && *word <= '9' && !*end && *number <= most)
		return 0;
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "--%s cannot be '%s'", option, word);
	skep_error_add_hint(err, "give a number up to %llu", (unsigned long long)most);
	return -EINVAL;
}

static int fill_opts(struct skep_map_opts *opts, struct skep_error *err)
{
	uint64_t key, value, entries, flags;
	int ret = find_type(&opts->type, err);

	ret = ret ?: find_number("key", key_word, UINT32_MAX, &key, err);
	ret = ret ?: find_number("value", value_word, UINT32_MAX, &value, err);
	ret = ret ?: find_number("entries", entries_word, UINT32_MAX, &entries, err);
	ret = ret ?: find_number("flags", flags_word, UINT32_MAX, &flags, err);
	ret = ret ?: find_number("extra", extra_word, UINT64_MAX, &opts->extra, err);
	if (ret)
		return ret;
	opts->name = name_word;
	opts->key_size = (uint32_t)key;
	opts->value_size = (uint32_t)value;
	opts->max_entries = (uint32_t)entries;
	opts->flags = (uint32_t)flags;
	return 0;
}

static int run_create(const struct option_args *args, struct skep_error *err)
{
	struct skep_map_opts opts = { .size = sizeof(opts) };
	struct map_values inner = { 0 };
	struct skep_map *map = NULL;
	int ret = fill_opts(&opts, err);

	if (!ret && inner_word)
		ret = map_values_open(&inner, inner_word, err);
	opts.inner = inner.map;
	if (!ret) {
		map = skep_map_create(&opts, err);
		ret = map ? skep_map_pin(map, args->words[0], err) : -EINVAL;
	}
	skep_map_close(map);
	map_values_close(&inner);
	return ret;
}

#define VERB(verb, options_, usage_, summary_, text_, n)                                          \
	static int main_##verb(int argc, char **argv);                                            \
	const struct command inspect_map_##verb = { .name = "inspect map " #verb,                 \
						    .usage = usage_,                              \
						    .summary = summary_,                          \
						    .text = text_,                                \
						    .main = main_##verb };                        \
	static int main_##verb(int argc, char **argv)                                             \
	{                                                                                         \
		return inspect_verb(&inspect_map_##verb, options_, argc, argv, n, n, run_##verb); \
	}

VERB(update, update_options, "MAP KEY VALUE [--if any|new|exists]", "sets the value of a key",
     "KEY and VALUE are JSON by the map's types: 5, '\"eth0\"', '{\"port\":80}'; members that are\n"
     "not given are zero. Bytes are hex:0a000000, and @FILE has either. Values that are programs\n"
     "or maps are named by id, name or pin, tasks by number, cgroups by path. One value goes to\n"
     "all CPUs of a per-CPU map, an array [1,2] to each its own.",
     3)
VERB(delete, no_options, "MAP KEY", "takes an element away", NULL, 2)
VERB(push, no_options, "MAP VALUE", "puts a value into a queue, stack or bloom filter", NULL, 2)
VERB(freeze, no_options, "MAP", "lets no process change the map any more", NULL, 1)
VERB(create, create_options, "PATH --type TYPE [OPTIONS]", "makes a map and pins it", NULL, 1)
