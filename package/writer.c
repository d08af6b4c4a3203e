// SPDX-License-Identifier: MIT
#include "package/writer.h"

#include <ctype.h>
#include <strings.h>

/* Words that YAML 1.1 takes for truth values or for nothing. */
static bool is_word(const char *key)
{
	static const char *const words[] = { "y",   "n",    "yes",   "no",   "on",
					     "off", "true", "false", "null", NULL };

	for (const char *const *word = words; *word; word++)
		if (!strcasecmp(key, *word))
			return true;
	return false;
}

/* A key of YAML may go without quotation marks if it can be nothing else. */
static bool is_plain(const char *key)
{
	const char *c = key;

	if (!isalpha((unsigned char)*c) || is_word(key))
		return false;
	while (isalnum((unsigned char)*c) || *c == '_')
		c++;
	return !*c;
}

/* What stands before a value: in YAML "key: " on a line of its own, or "- ". */
static void lead(struct skep_writer *w, const char *key)
{
	struct skep_text *out = w->out;
	bool is_first = w->depth && !w->has_some[w->depth - 1];

	if (!w->depth)
		return;
	w->has_some[w->depth - 1] = true;
	if (!w->is_yaml) {
		if (!is_first)
			skep_text_char(out, ',');
	} else {
		if (is_first && w->depth > 1)
			skep_text_char(out, '\n');
		for (unsigned int i = 1; i < w->depth; i++)
			skep_text_lit(out, "  ");
	}
	if (key) {
		if (w->is_yaml && is_plain(key))
			skep_text_str(out, key);
		else
			skep_text_json_string(out, key, strlen(key));
		skep_text_char(out, ':');
	} else if (w->is_yaml) {
		skep_text_char(out, '-');
	}
}

static void begin(struct skep_writer *w, const char *key)
{
	lead(w, key);
	if (w->is_yaml && w->depth)
		skep_text_char(w->out, ' ');
}

static void end(struct skep_writer *w)
{
	if (w->is_yaml)
		skep_text_char(w->out, '\n');
}

void skep_write_open(struct skep_writer *w, const char *key, char bracket)
{
	lead(w, key);
	if (w->depth == SKEP_WRITER_DEEP) {
		w->out->failed = true;
		return;
	}
	w->has_some[w->depth] = false;
	w->bracket[w->depth++] = bracket;
	if (!w->is_yaml)
		skep_text_char(w->out, bracket);
}

void skep_write_close(struct skep_writer *w)
{
	bool is_list;

	if (!w->depth)
		return;
	is_list = w->bracket[--w->depth] == '[';
	if (!w->is_yaml)
		skep_text_char(w->out, is_list ? ']' : '}');
	else if (!w->has_some[w->depth])
		skep_text_printf(w->out, " %s\n", is_list ? "[]" : "{}");
}

void skep_write_string(struct skep_writer *w, const char *key, const char *value)
{
	if (!value)
		return;
	begin(w, key);
	skep_text_json_string(w->out, value, strlen(value));
	end(w);
}

void skep_write_number(struct skep_writer *w, const char *key, uint64_t value)
{
	begin(w, key);
	skep_text_u64(w->out, value);
	end(w);
}

void skep_write_bool(struct skep_writer *w, const char *key, bool value)
{
	skep_write_raw(w, key, value ? "true" : "false");
}

void skep_write_raw(struct skep_writer *w, const char *key, const char *json)
{
	if (!json)
		return;
	begin(w, key);
	/* Lines mean nothing in JSON, and are none in its strings. */
	for (; *json; json++)
		skep_text_char(w->out, *json == '\n' ? ' ' : *json);
	end(w);
}
