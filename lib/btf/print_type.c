// SPDX-License-Identifier: MIT
/* C's spelling of a type: what stands left of the declared name, and what stands right of it. */
#include <errno.h>

#include "btf/kinds.h"
#include "btf/print.h"

static void right(struct skep_btf_printer *p, uint32_t id);

/* A space, unless the declaration's last character needs none before a name. */
static void space(struct skep_btf_printer *p)
{
	char last = p->out->len ? p->out->data[p->out->len - 1] : ' ';

	if (last != '*' && last != '(' && last != ' ' && last != '\t' && last != '\n')
		skep_text_char(p->out, ' ');
}

bool skep_btf_print_is_builtin(const struct skep_btf_printer *p, const struct btf_type *t)
{
	if (skep_btf_kind(t) != BTF_KIND_TYPEDEF)
		return false;
	if (p->portable)
		return !skep_btf_print_is_naming(p, t);
	return !strcmp(skep_btf_string(p->btf, t->name_off) ?: "", "__builtin_va_list");
}

static bool is_qualifier(uint16_t kind)
{
	return kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE || kind == BTF_KIND_RESTRICT;
}

/* The kind behind qualifiers and tags. */
static uint16_t bare_kind(const struct skep_btf_printer *p, uint32_t id)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);

	for (int i = 0; t && i < SKEP_BTF_PRINT_DEPTH; i++) {
		uint16_t kind = skep_btf_kind(t);

		if (!is_qualifier(kind) && kind != BTF_KIND_TYPE_TAG &&
		    !skep_btf_print_is_builtin(p, t))
			return kind;
		t = skep_btf_printer_type(p, t->type);
	}
	return BTF_KIND_UNKN;
}

static bool binds_right(const struct skep_btf_printer *p, uint32_t id)
{
	uint16_t kind = bare_kind(p, id);

	return kind == BTF_KIND_ARRAY || kind == BTF_KIND_FUNC_PROTO;
}

static bool is_c_word(const char *word, size_t len)
{
	static const char *const words[] = { "char",   "short",	   "int",   "long",
					     "signed", "unsigned", "_Bool", "__int128" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i]) == len && !memcmp(words[i], word, len))
			return true;
	}
	return false;
}

/* True if a compiler knows the integer by its name: other languages have their own. */
static bool is_c_integer(const char *name)
{
	if (!*name)
		return false;
	while (*name) {
		size_t len = strcspn(name, " ");

		if (!is_c_word(name, len))
			return false;
		name += len + (name[len] == ' ');
	}
	return true;
}

static void integer_of_size(struct skep_btf_printer *p, uint32_t size, bool is_signed)
{
	static const char *const names[] = { "char", "short", "int", "long long", "__int128" };
	int i = size == 1 ? 0 : size == 2 ? 1 : size == 8 ? 3 : size == 16 ? 4 : 2;

	if (!is_signed || !i)
		skep_text_str(p->out, is_signed ? "signed " : "unsigned ");
	skep_text_str(p->out, names[i]);
}

static void integer(struct skep_btf_printer *p, const struct btf_type *t)
{
	const char *name = skep_btf_string(p->btf, t->name_off) ?: "";
	uint32_t encoding = BTF_INT_ENCODING(skep_btf_int(t));

	if (p->portable && encoding & BTF_INT_BOOL)
		skep_text_lit(p->out, "bool");
	else if (p->portable ? !strcmp(name, "char") : is_c_integer(name))
		skep_text_str(p->out, name);
	else if (encoding & BTF_INT_BOOL)
		skep_text_lit(p->out, "_Bool");
	else
		integer_of_size(p, t->size, encoding & BTF_INT_SIGNED);
}

/* Floats that not every target has are integers of their size. */
static void floating(struct skep_btf_printer *p, const struct btf_type *t)
{
	if (t->size == 4)
		skep_text_lit(p->out, "float");
	else if (t->size == 8)
		skep_text_lit(p->out, "double");
	else
		integer_of_size(p, t->size, false);
}

static const char *keyword(const struct btf_type *t)
{
	switch (skep_btf_kind(t)) {
	case BTF_KIND_STRUCT:
		return "struct";
	case BTF_KIND_UNION:
		return "union";
	case BTF_KIND_FWD:
		return BTF_INFO_KFLAG(t->info) ? "union" : "struct";
	default:
		return "enum";
	}
}

/* An enum whose values are not known, or stand elsewhere already, is the integer that it is. */
static bool is_plain_enum(const struct skep_btf_printer *p, uint32_t id, const struct btf_type *t)
{
	if (!skep_btf_is_enum(t))
		return false;
	return !skep_btf_vlen(t) || (!t->name_off && p->entries && p->entries[id].is_defined);
}

static void tagged(struct skep_btf_printer *p, uint32_t id, const struct btf_type *t)
{
	if (is_plain_enum(p, id, t)) {
		integer_of_size(p, t->size, BTF_INFO_KFLAG(t->info));
		return;
	}
	skep_text_str(p->out, keyword(t));
	if (t->name_off) {
		skep_text_char(p->out, ' ');
		skep_btf_print_name(p, t->name_off, p->entries ? p->entries[id].suffix : 0);
	} else if (p->entries) {
		if (skep_btf_is_enum(t))
			p->entries[id].is_defined = true;
		skep_text_char(p->out, ' ');
		skep_btf_print_body(p, id);
	} else {
		skep_text_lit(p->out, " {...}");
	}
}

static void left(struct skep_btf_printer *p, uint32_t id);

static void pointer_left(struct skep_btf_printer *p, const struct btf_type *t)
{
	left(p, t->type);
	space(p);
	if (binds_right(p, t->type))
		skep_text_char(p->out, '(');
	skep_text_char(p->out, '*');
}

/* An array is as constant as its elements are. */
static bool has_elements_of_kind(const struct skep_btf_printer *p, uint32_t id, uint16_t kind)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);

	if (!t || skep_btf_kind(t) != BTF_KIND_ARRAY)
		return false;
	t = skep_btf_printer_type(p, skep_btf_array(t)->type);
	return t && skep_btf_kind(t) == kind;
}

/* Behind the star of a pointer, in front of everything else. */
static void qualified_left(struct skep_btf_printer *p, const struct btf_type *t, const char *word)
{
	uint16_t kind = bare_kind(p, t->type);

	if (p->portable || kind == BTF_KIND_FUNC_PROTO ||
	    has_elements_of_kind(p, t->type, skep_btf_kind(t))) {
		left(p, t->type);
	} else if (kind == BTF_KIND_PTR) {
		left(p, t->type);
		space(p);
		skep_text_str(p->out, word);
	} else {
		skep_text_str(p->out, word);
		skep_text_char(p->out, ' ');
		left(p, t->type);
	}
}

static void left_of(struct skep_btf_printer *p, uint32_t id, const struct btf_type *t)
{
	switch (skep_btf_kind(t)) {
	case BTF_KIND_INT:
		return integer(p, t);
	case BTF_KIND_FLOAT:
		return floating(p, t);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FWD:
		return tagged(p, id, t);
	case BTF_KIND_TYPEDEF:
		return skep_btf_print_name(p, t->name_off, p->entries ? p->entries[id].suffix : 0);
	case BTF_KIND_PTR:
		return pointer_left(p, t);
	case BTF_KIND_CONST:
		return qualified_left(p, t, "const");
	case BTF_KIND_VOLATILE:
		return qualified_left(p, t, "volatile");
	case BTF_KIND_RESTRICT:
		return qualified_left(p, t, "restrict");
	case BTF_KIND_ARRAY:
		return left(p, skep_btf_array(t)->type);
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_FUNC_PROTO:
	case BTF_KIND_TYPE_TAG:
		return left(p, t->type);
	default:
		skep_text_lit(p->out, "void");
	}
}

static void left(struct skep_btf_printer *p, uint32_t id)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);

	if (!skep_btf_printer_enter(p))
		return;
	if (t && skep_btf_print_is_builtin(p, t))
		left(p, t->type);
	else if (t)
		left_of(p, id, t);
	else
		p->why = "a type refers to one that does not exist";
	p->depth--;
}

static void parameters(struct skep_btf_printer *p, const struct btf_type *t)
{
	const struct btf_param *params = skep_btf_params(t);
	uint16_t n = skep_btf_vlen(t);

	skep_text_char(p->out, '(');
	for (uint16_t i = 0; i < n && !p->why; i++) {
		if (i)
			skep_text_lit(p->out, ", ");
		if (i && i == n - 1 && !params[i].type)
			skep_text_lit(p->out, "...");
		else
			skep_btf_print_declaration(p, params[i].type, "");
	}
	skep_text_str(p->out, n ? ")" : "void)");
}

static void right_of(struct skep_btf_printer *p, const struct btf_type *t)
{
	switch (skep_btf_kind(t)) {
	case BTF_KIND_PTR:
		if (binds_right(p, t->type))
			skep_text_char(p->out, ')');
		return right(p, t->type);
	case BTF_KIND_ARRAY:
		skep_text_char(p->out, '[');
		skep_text_u64(p->out, skep_btf_array(t)->nelems);
		skep_text_char(p->out, ']');
		return right(p, skep_btf_array(t)->type);
	case BTF_KIND_FUNC_PROTO:
		parameters(p, t);
		return right(p, t->type);
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
		return right(p, t->type);
	}
}

static void right(struct skep_btf_printer *p, uint32_t id)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);

	if (!t || !skep_btf_printer_enter(p))
		return;
	if (skep_btf_print_is_builtin(p, t))
		right(p, t->type);
	else
		right_of(p, t);
	p->depth--;
}

void skep_btf_print_declaration(struct skep_btf_printer *p, uint32_t id, const char *name)
{
	left(p, id);
	if (*name) {
		space(p);
		skep_text_str(p->out, name);
	}
	right(p, id);
}

void skep_btf_print_identified(struct skep_btf_printer *p, uint32_t id, uint32_t name_off,
			       uint16_t suffix)
{
	left(p, id);
	space(p);
	skep_btf_print_name(p, name_off, suffix);
	right(p, id);
}

void skep_btf_print_type(const struct skep_btf *btf, uint32_t id, const char *name,
			 struct skep_text *out)
{
	struct skep_btf_printer p = { .btf = btf, .out = out };

	if (!btf || !name || !out)
		return;
	p.limit = out->len + (64 << 10);
	skep_btf_print_declaration(&p, id, name);
}
