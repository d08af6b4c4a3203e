// SPDX-License-Identifier: MIT
#include "relo/kconfig.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/integer.h"

/* What a variable can hold. */
enum holder { HOLDS_NOTHING, HOLDS_BOOL, HOLDS_TRISTATE, HOLDS_CHAR, HOLDS_NUMBER, HOLDS_TEXT };

struct option {
	const struct skep_btf *btf;
	const struct skep_extern_spec *e;
	enum holder holder;
	bool is_signed;
	const char *value;
	size_t len;
	uint8_t *out;
	struct skep_error *err;
};

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len >= n && !strcmp(name + len - n, end);
}

static enum holder holder_of_int(const struct btf_type *t, bool *is_signed)
{
	uint32_t encoding = BTF_INT_ENCODING(skep_btf_int(t));

	*is_signed = encoding & BTF_INT_SIGNED;
	if (encoding & BTF_INT_BOOL)
		return t->size == 1 ? HOLDS_BOOL : HOLDS_NOTHING;
	if (t->size == 1)
		return HOLDS_CHAR;
	return t->size == 2 || t->size == 4 || t->size == 8 ? HOLDS_NUMBER : HOLDS_NOTHING;
}

static enum holder holder_of(const struct skep_btf *btf, uint32_t id, bool *is_signed)
{
	const struct btf_type *t = skep_btf_type(btf, id = skep_btf_resolve(btf, id));
	const struct btf_type *element;

	*is_signed = false;
	if (!id)
		return HOLDS_NOTHING;
	switch (skep_btf_kind(t)) {
	case BTF_KIND_INT:
		return holder_of_int(t, is_signed);
	case BTF_KIND_ENUM:
		return t->size == 4 && ends_with(skep_btf_name(btf, id), "_tristate") ?
			       HOLDS_TRISTATE :
			       HOLDS_NOTHING;
	case BTF_KIND_ARRAY:
		element = skep_btf_type(btf, id = skep_btf_resolve(btf, skep_btf_array(t)->type));
		return id && skep_btf_array(t)->nelems && skep_btf_kind(element) == BTF_KIND_INT &&
				       holder_of_int(element, is_signed) == HOLDS_CHAR ?
			       HOLDS_TEXT :
			       HOLDS_NOTHING;
	default:
		return HOLDS_NOTHING;
	}
}

static int unfit(const struct option *o, int code, const char *why)
{
	SKEP_SCOPED(skep_text_free) struct skep_text type = { 0 };

	skep_btf_print_type(o->btf, o->e->type_id, o->e->name, &type);
	return skep_error_set(o->err, SKEP_STAGE_RESOLVE, code, "%s=%.*s %s '%s'", o->e->name,
			      (int)(o->len < 100 ? o->len : 100), o->value, why,
			      skep_text_string(&type));
}

static int unfit_kind(const struct option *o)
{
	return unfit(o, EINVAL, "is no value for");
}

/* @v in the variable's size and this machine's byte order. */
static void put(const struct option *o, uint64_t v)
{
	skep_int_store(o->out, o->e->size, v);
}

static int put_letter(const struct option *o)
{
	char c = *o->value;

	switch (o->holder) {
	case HOLDS_BOOL:
		if (c == 'm')
			return unfit_kind(o);
		put(o, c == 'y');
		return 0;
	case HOLDS_TRISTATE:
		put(o, c == 'm' ? 2 : c == 'y');
		return 0;
	case HOLDS_CHAR:
		put(o, (uint8_t)c);
		return 0;
	default:
		return unfit_kind(o);
	}
}

static int put_text(const struct option *o)
{
	size_t len = o->len - 2, room = o->e->size - 1;

	if (o->holder != HOLDS_TEXT || o->len < 2 || o->value[o->len - 1] != '"')
		return unfit_kind(o);
	memset(o->out, 0, o->e->size);
	memcpy(o->out, o->value + 1, len < room ? len : room);
	return len > room;
}

static bool fits(const struct option *o, uint64_t v)
{
	unsigned int bits = o->e->size * 8;

	if (o->holder == HOLDS_BOOL)
		return v <= 1;
	if (bits == 64)
		return true;
	/* A negative number is one that wraps around: shifted up by half of the range it fits. */
	if (o->is_signed)
		return v + (1ull << (bits - 1)) < 1ull << bits;
	return v < 1ull << bits;
}

static int put_number(const struct option *o)
{
	char text[32], *end;
	bool negative = *o->value == '-';
	uint64_t v;

	if (o->len >= sizeof(text))
		return unfit_kind(o);
	memcpy(text, o->value, o->len);
	text[o->len] = '\0';
	if (text[negative] < '0' || text[negative] > '9')
		return unfit_kind(o);
	errno = 0;
	v = negative ? (uint64_t)strtoll(text, &end, 0) : strtoull(text, &end, 0);
	if (end != text + o->len ||
	    (o->holder != HOLDS_CHAR && o->holder != HOLDS_NUMBER && o->holder != HOLDS_BOOL))
		return unfit_kind(o);
	if (errno || (negative && !o->is_signed) || !fits(o, v) ||
	    (!negative && o->is_signed && v > INT64_MAX))
		return unfit(o, ERANGE, "does not fit");
	put(o, v);
	return 0;
}

int skep_kconfig_store(const struct skep_btf *btf, const struct skep_extern_spec *e,
		       const char *value, size_t len, uint8_t *out, struct skep_error *err)
{
	struct option o = { .btf = btf, .e = e, .value = value, .len = len, .err = err };

	o.out = out;
	o.holder = holder_of(btf, e->type_id, &o.is_signed);
	if (o.holder == HOLDS_NOTHING || !len)
		return unfit_kind(&o);
	if (len == 1 && *value && strchr("ynm", *value))
		return put_letter(&o);
	if (*value == '"')
		return put_text(&o);
	return put_number(&o);
}
