// SPDX-License-Identifier: MIT
/* Declarations, as far as comments need them: where they begin and end, and their names. */
#include <ctype.h>
#include <errno.h>

#include "base/error.h"
#include "package/doc_reader.h"

#define MAX_TYPES 4096

bool skep_doc_is_name_character(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

int skep_doc_attach(struct skep_doc_reader *r, const char *name, size_t name_len,
		    struct skep_doc_range doc)
{
	const char *copy = NULL;

	if (!doc.end)
		return 0;
	if (name) {
		copy = skep_arena_string(&r->docs->arena, name, name_len);
		if (!copy)
			return skep_error_nomem(r->err, SKEP_STAGE_BUILD);
	}
	return skep_docs_add(r->docs, copy, doc.at, doc.end, r->err);
}

static int add_type(struct skep_doc_reader *r)
{
	struct skep_doc_type *type;

	if (!r->tag)
		return 0;
	if (r->docs->types.len == MAX_TYPES)
		return skep_error_set(r->err, SKEP_STAGE_BUILD, E2BIG,
				      "the source defines more than %d types", MAX_TYPES);
	type = skep_vec_push(&r->docs->types);
	if (type) {
		type->keyword = r->tag_keyword;
		type->tag = skep_arena_string(&r->docs->arena, r->tag, r->tag_len);
	}
	return type && type->tag ? 0 : skep_error_nomem(r->err, SKEP_STAGE_BUILD);
}

static int end_declaration(struct skep_doc_reader *r)
{
	const char *name = r->name ? r->name : r->tag;
	size_t len = r->name ? r->name_len : r->tag_len;
	int ret = add_type(r) ?: (name ? skep_doc_attach(r, name, len, r->doc) : 0);

	r->last = name;
	r->last_len = len;
	r->any_declared = true;
	r->begun = r->has_value = r->in_tag = r->saw_tag = false;
	r->name = r->tag = NULL;
	r->doc.end = 0;
	r->depth = r->braces = 0;
	return ret;
}

void skep_doc_begin(struct skep_doc_reader *r)
{
	if (r->begun)
		return;
	r->begun = true;
	r->doc = r->pending;
	r->pending.end = 0;
}

static bool is_word(const char *word, size_t len, const char *what)
{
	return strlen(what) == len && !memcmp(word, what, len);
}

static const char *tag_keyword(const char *word, size_t len)
{
	static const char *const keywords[] = { "struct", "union", "enum" };

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (is_word(word, len, keywords[i]))
			return keywords[i];
	return NULL;
}

static char next_character(const struct skep_doc_reader *r)
{
	size_t at = r->at;

	while (at < r->len && isspace((unsigned char)r->text[at]))
		at++;
	return at < r->len ? r->text[at] : '\0';
}

/* Of "struct __attribute__((packed)) event" the tag is `event`. */
static bool take_tag(struct skep_doc_reader *r, const char *word, size_t len)
{
	if (r->saw_tag) {
		r->in_tag = false;
		return false;
	}
	if (next_character(r) == '(')
		return true;
	r->saw_tag = true;
	if (next_character(r) == '{' && !r->tag) {
		r->tag = word;
		r->tag_len = len;
		r->tag_keyword = r->keyword;
	}
	return true;
}

void skep_doc_read_word(struct skep_doc_reader *r)
{
	const char *word = r->text + r->at, *keyword;
	size_t len = 0;

	skep_doc_begin(r);
	while (r->at < r->len && skep_doc_is_name_character(r->text[r->at])) {
		r->at++;
		len++;
	}
	keyword = r->depth ? NULL : tag_keyword(word, len);
	if (keyword) {
		r->keyword = keyword;
		r->in_tag = true;
		r->saw_tag = false;
		return;
	}
	if (r->in_tag && (r->depth || take_tag(r, word, len)))
		return;
	/* In parentheses: SEC("xdp") int BPF_PROG(name, ...), SKEP_MAP(name, ...) */
	if (!r->name && !r->has_value && !r->braces && r->depth <= 1 && r->knows &&
	    r->knows(r->ctx, word, len)) {
		r->name = word;
		r->name_len = len;
	}
}

/* A body that ends a declaration: what is neither a type's members nor a value. */
static int close_bracket(struct skep_doc_reader *r, char c)
{
	/* Brackets that another branch of an #if opened end here. */
	if (c == '}' && r->depth && (r->at == 1 || r->text[r->at - 2] == '\n'))
		r->depth = r->braces = 1;
	if (r->depth)
		r->depth--;
	if (c == '}' && r->braces)
		r->braces--;
	if (r->depth || c != '}' || r->has_value)
		return 0;
	if (!r->in_tag)
		return end_declaration(r);
	r->in_tag = false;
	return 0;
}

int skep_doc_read_punctuation(struct skep_doc_reader *r)
{
	char c = r->text[r->at++];

	if (c == ';' && !r->depth)
		return end_declaration(r);
	skep_doc_begin(r);
	if (c == ')' || c == ']' || c == '}')
		return close_bracket(r, c);
	r->braces += c == '{';
	if (c == '(' || c == '[' || c == '{')
		r->depth++;
	else if (!r->depth)
		r->in_tag = false;
	if (c == '=' && !r->depth)
		r->has_value = true;
	return 0;
}
