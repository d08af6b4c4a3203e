// SPDX-License-Identifier: MIT
/* The keys and values of one comment. */
#include <ctype.h>
#include <errno.h>

#include "base/error.h"
#include "package/doc.h"

#define MAX_ITEMS 4096

/* Keys that may stand anywhere in a line; others begin one, so that "me@example" is text. */
static const char *const known[] = { "brief",	   "details",	    "description", "version",
				     "cmdarg",	   "value",	    "sample",	   "interpreter",
				     "intepreter", "export_config", "ifindex",	   "flags",
				     "xdpopts",	   "tchook",	    "tcopts" };

struct block {
	struct skep_docs *docs;
	const char *name;
	size_t end;
	struct skep_error *err;
	/* The item at work. */
	const char *key;
	size_t at;
	bool is_paragraph; /* ends with an empty line */
};

static bool is_name_character(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

static bool is_known(const char *key, size_t len)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i]) == len && !memcmp(known[i], key, len))
			return true;
	return false;
}

static int end_item(struct block *b, size_t end)
{
	const char *text = b->docs->text;
	struct skep_doc *doc;
	size_t at = b->at;

	while (at < end && isspace((unsigned char)text[at]))
		at++;
	while (end > at && isspace((unsigned char)text[end - 1]))
		end--;
	if (at == end && !b->key)
		return 0;
	if (b->docs->items.len == MAX_ITEMS)
		return skep_error_set(b->err, SKEP_STAGE_BUILD, E2BIG,
				      "comments say more than %d things", MAX_ITEMS);
	doc = skep_vec_push(&b->docs->items);
	if (!doc)
		return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	*doc = (struct skep_doc){
		.name = b->name, .key = b->key ? b->key : "description", .at = at, .len = end - at
	};
	return 0;
}

static bool is_line_start(const char *text, size_t at)
{
	while (at && isblank((unsigned char)text[at - 1]))
		at--;
	return !at || text[at - 1] == '\n';
}

/* The length of the key that begins at @at, behind its mark; 0: there is none. */
static size_t key_at(const struct block *b, size_t at)
{
	const char *text = b->docs->text;
	size_t len = 0;

	if ((text[at] != '@' && text[at] != '\\') || (at && !isspace((unsigned char)text[at - 1])))
		return 0;
	if (at + 1 < b->end && !isalpha((unsigned char)text[at + 1]) && text[at + 1] != '_')
		return 0;
	while (at + 1 + len < b->end && is_name_character(text[at + 1 + len]))
		len++;
	return is_known(text + at + 1, len) || is_line_start(text, at) ? len : 0;
}

static int begin_item(struct block *b, size_t at, size_t key_len)
{
	int ret = end_item(b, at);

	if (ret)
		return ret;
	b->key = skep_arena_string(&b->docs->arena, b->docs->text + at + 1, key_len);
	if (!b->key)
		return skep_error_nomem(b->err, SKEP_STAGE_BUILD);
	b->at = at + 1 + key_len;
	b->is_paragraph = !strcmp(b->key, "brief") || !strcmp(b->key, "version");
	return 0;
}

static bool is_empty_line(const struct block *b, size_t at)
{
	while (at < b->end && isblank((unsigned char)b->docs->text[at]))
		at++;
	return at < b->end && b->docs->text[at] == '\n';
}

/* A string of JSON may have anything in it, "@" too. */
static size_t skip_string(const struct block *b, size_t at)
{
	const char *text = b->docs->text;
	size_t end = at + 1;

	while (end < b->end && text[end] != '"' && text[end] != '\n')
		end += text[end] == '\\' ? 2 : 1;
	return end < b->end && text[end] == '"' ? end : at;
}

int skep_docs_add(struct skep_docs *docs, const char *name, size_t at, size_t end,
		  struct skep_error *err)
{
	struct block b = { .docs = docs, .name = name, .end = end, .err = err, .at = at };
	int ret = 0;

	for (; at < end && !ret; at++) {
		size_t key_len = key_at(&b, at);

		if (key_len) {
			ret = begin_item(&b, at, key_len);
			at += key_len;
		} else if (docs->text[at] == '"') {
			at = skip_string(&b, at);
		} else if (docs->text[at] == '\n' && b.is_paragraph && is_empty_line(&b, at + 1)) {
			ret = end_item(&b, at);
			b.key = NULL;
			b.at = at;
			b.is_paragraph = false;
		}
	}
	return ret ?: end_item(&b, end);
}

void skep_docs_text(const struct skep_docs *docs, const struct skep_doc *doc, struct skep_text *out)
{
	const char *at = docs->text + doc->at, *end = at + doc->len;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *line_end = newline ? newline : end, *last = line_end;

		while (at < last && isspace((unsigned char)*at))
			at++;
		while (last > at && isspace((unsigned char)last[-1]))
			last--;
		skep_text_bytes(out, at, (size_t)(last - at));
		if (newline)
			skep_text_char(out, '\n');
		at = line_end + 1;
	}
}
