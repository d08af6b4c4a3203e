// SPDX-License-Identifier: MIT
/* skep inspect map dump, lookup, next, peek, pop: elements as JSON. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/inspect/values.h"
#include "stream/output.h"

static bool json;

static const struct option options[] = {
	{ OPTION_FLAG, 'j', "json", NULL, "an array of objects with key and value", &json },
	{ OPTION_END },
};

/* What these verbs have in hand. */
struct element {
	struct map_values v;
	void *key, *next, *value;
	int key_fd, value_fd;
};

static int open_element(struct element *e, const char *word, struct skep_error *err)
{
	int ret = map_values_open(&e->v, word, err);

	e->key_fd = e->value_fd = -1;
	if (ret)
		return ret;
	e->key = calloc(2, skep_map_key_size(e->v.map) + 1);
	e->value = calloc(1, e->v.value_bytes + 1);
	if (!e->key || !e->value)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	e->next = (char *)e->key + skep_map_key_size(e->v.map) + 1;
	return 0;
}

static void close_element(struct element *e)
{
	if (e->key_fd >= 0)
		close(e->key_fd);
	if (e->value_fd >= 0)
		close(e->value_fd);
	free(e->key);
	free(e->value);
	map_values_close(&e->v);
}

/* The two forms: "KEY: VALUE", and an object. */
static void write_element(const struct map_values *v, const void *key, void *value,
			  struct skep_text *out)
{
	if (json)
		skep_text_lit(out, "{\"key\":");
	map_write_key(v, key, out);
	if (value) {
		skep_text_str(out, !json ? ": " : v->is_percpu ? ",\"values\":" : ",\"value\":");
		map_write_value(v, value, out);
	}
	if (json)
		skep_text_char(out, '}');
}

/* Types whose elements a process can find but not look at. */
static bool is_opaque(uint32_t type)
{
	return type == BPF_MAP_TYPE_PERF_EVENT_ARRAY || type == BPF_MAP_TYPE_CGROUP_ARRAY ||
	       type == BPF_MAP_TYPE_SOCKHASH || type == BPF_MAP_TYPE_SOCKMAP;
}

static int dump_all(struct map_values *v, struct skep_output *out, struct skep_error *err)
{
	const struct skep_map_iter_opts opts = { .size = sizeof(opts),
						 .keys_only = is_opaque(v->type) };
	struct skep_map_iter *iter = skep_map_iter_new(v->map, &opts, err);
	struct skep_text *text = skep_output_text(out);
	const void *key;
	void *value;
	size_t n = 0;
	int ret = iter ? 1 : -EINVAL;

	if (json)
		skep_text_char(text, '[');
	while (ret > 0 && (ret = skep_map_iter_next(iter, &key, &value, err)) > 0) {
		int failed;

		if (json && n++)
			skep_text_lit(text, ",\n");
		write_element(v, key, value, text);
		if (!json)
			skep_text_char(text, '\n');
		failed = skep_output_line_done(out, err);
		ret = failed ?: ret;
	}
	skep_map_iter_free(iter);
	if (json && !ret)
		skep_text_lit(text, "]\n");
	return ret ?: skep_output_flush(out, err);
}

static int run_dump(const struct option_args *args, struct skep_error *err)
{
	struct skep_output out;
	struct map_values v;
	int ret = map_values_open(&v, args->words[0], err);

	skep_output_fd(&out, STDOUT_FILENO, "stdout");
	ret = ret ?: dump_all(&v, &out, err);
	skep_output_close(&out);
	map_values_close(&v);
	return ret;
}

static int print_element(const struct element *e, const void *key, void *value,
			 struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };

	if (key)
		write_element(&e->v, key, value, &out);
	else
		map_write_value(&e->v, value, &out);
	skep_text_char(&out, '\n');
	return cli_print(&out) ?
		       skep_error_set(err, SKEP_STAGE_DELIVER, EIO, "it was not printed") :
		       0;
}

static int run_lookup(const struct option_args *args, struct skep_error *err)
{
	struct element e = { 0 };
	int ret = open_element(&e, args->words[0], err);

	ret = ret ?: map_read_key(&e.v, args->words[1], e.key, &e.key_fd, err);
	ret = ret ?: skep_map_lookup(e.v.map, e.key, e.value, err);
	/* A key that is a file descriptor means nothing to the reader. */
	ret = ret ?: print_element(&e, e.key_fd >= 0 ? NULL : e.key, e.value, err);
	close_element(&e);
	return ret;
}

static int run_next(const struct option_args *args, struct skep_error *err)
{
	struct element e = { 0 };
	int ret = open_element(&e, args->words[0], err);

	if (!ret && args->n_words > 1)
		ret = map_read_key(&e.v, args->words[1], e.key, &e.key_fd, err);
	ret = ret ?: skep_map_next_key(e.v.map, args->n_words > 1 ? e.key : NULL, e.next, err);
	ret = ret ?: print_element(&e, e.next, NULL, err);
	close_element(&e);
	return ret;
}

static int run_peek(const struct option_args *args, struct skep_error *err)
{
	struct element e = { 0 };
	int ret = open_element(&e, args->words[0], err);

	ret = ret ?: skep_map_lookup(e.v.map, NULL, e.value, err);
	ret = ret ?: print_element(&e, NULL, e.value, err);
	close_element(&e);
	return ret;
}

static int run_pop(const struct option_args *args, struct skep_error *err)
{
	struct element e = { 0 };
	int ret = open_element(&e, args->words[0], err);

	ret = ret ?: skep_map_take(e.v.map, NULL, 0, e.value, e.v.value_bytes, 0, err);
	ret = ret < 0 ? ret : print_element(&e, NULL, e.value, err);
	close_element(&e);
	return ret;
}

#define VERB(verb, usage_, summary_, least, most)                                          \
	static int main_##verb(int argc, char **argv);                                     \
	const struct command inspect_map_##verb = { .name = "inspect map " #verb,          \
						    .usage = usage_,                       \
						    .summary = summary_,                   \
						    .main = main_##verb };                 \
	static int main_##verb(int argc, char **argv)                                      \
	{                                                                                  \
		return inspect_verb(&inspect_map_##verb, options, argc, argv, least, most, \
				    run_##verb);                                           \
	}

VERB(dump, "MAP [--json]", "all elements of a map, by its types", 1, 1)
VERB(lookup, "MAP KEY [--json]", "the value of a key", 2, 2)
VERB(next, "MAP [KEY] [--json]", "the key behind another one, or the first", 1, 2)
VERB(peek, "MAP", "the element that a queue or stack would give next", 1, 1)
VERB(pop, "MAP", "takes an element out of a queue or stack", 1, 1)
