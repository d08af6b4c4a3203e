// SPDX-License-Identifier: MIT
/* Which names there are, and the header that is made of those that are wanted. */
#include "package/constants.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/glob.h"
#include "base/near.h"
#include "btf/print.h"
#include "package/constants_set.h"

int skep_constants_add(struct skep_constants *set, const char *name, size_t len, bool is_hex)
{
	struct skep_constant *constant;
	uintptr_t *place;
	bool is_new;
	char *copy;

	if (skep_hash_get(&set->by_name, name, len))
		return 0;
	copy = skep_arena_string(&set->names, name, len);
	constant = copy ? skep_vec_push(&set->list) : NULL;
	place = constant ? skep_hash_put(&set->by_name, copy, len, &is_new) : NULL;
	if (!place)
		return -ENOMEM;
	constant->name = copy;
	constant->is_hex = is_hex;
	return 0;
}

int skep_constants_add_other(struct skep_constants *set, const char *name)
{
	const char *copy = skep_arena_string(&set->names, name, strlen(name)), **slot;

	slot = copy ? skep_vec_push(&set->others) : NULL;
	if (!slot)
		return -ENOMEM;
	*slot = copy;
	return 0;
}

void skep_constants_free(struct skep_constants *set)
{
	skep_vec_free(&set->others);
	skep_vec_free(&set->list);
	skep_hash_free(&set->by_name);
	skep_arena_free(&set->names);
}

/* What begins with an underscore is a header's own business, unless it is asked for so. */
bool skep_constants_match(const struct skep_constants_opts *opts, const char *name)
{
	for (size_t i = 0; i < opts->n_names; i++)
		if ((*name != '_' || *opts->names[i] == '_') &&
		    skep_glob_matches(opts->names[i], name))
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	const struct skep_constant *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void print_value(const struct skep_constant *c, struct skep_text *out)
{
	bool is_unsigned = c->kind == SKEP_CONSTANT_UINT || c->kind == SKEP_CONSTANT_ULONG;
	bool is_wide = c->kind == SKEP_CONSTANT_LONG || c->kind == SKEP_CONSTANT_ULONG;
	int64_t value = (int64_t)c->value;

	if (c->is_hex && (is_unsigned || value >= 0))
		skep_text_hex(out, c->value);
	else if (is_unsigned)
		skep_text_u64(out, c->value);
	else if (value == INT64_MIN)
		skep_text_lit(out, "(-9223372036854775807LL - 1");
	else
		skep_text_printf(out, value < 0 ? "(%lld" : "%lld", (long long)value);
	if (is_unsigned)
		skep_text_char(out, 'U');
	if (is_wide && value != INT64_MIN)
		skep_text_lit(out, "LL");
	if (!is_unsigned && value < 0)
		skep_text_char(out, ')');
}

static int none_found(const struct skep_constants *set, const char *pattern, struct skep_error *err)
{
	unsigned int least = (unsigned int)strlen(pattern) / 3 + 1;
	const char *near = NULL;

	for (size_t i = 0; i < set->others.len; i++) {
		unsigned int distance = skep_name_distance(pattern, set->others.items[i]);

		if (distance < least) {
			least = distance;
			near = set->others.items[i];
		}
	}
	skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "there is no integer constant '%s'", pattern);
	if (near)
		skep_error_add_hint(err, "did you mean '%s'?", near);
	return -ENOENT;
}

static int check_all_found(const struct skep_constants *set, const struct skep_constants_opts *opts,
			   struct skep_error *err)
{
	for (size_t n = 0; n < opts->n_names; n++) {
		bool found = false;

		for (size_t i = 0; i < set->list.len && !found; i++)
			found = set->list.items[i].kind != SKEP_CONSTANT_NONE &&
				skep_glob_matches(opts->names[n], set->list.items[i].name);
		if (!found)
			return none_found(set, opts->names[n], err);
	}
	return 0;
}

/* The name of a file may end a comment, or be several lines. */
static void print_origin(const char *origin, struct skep_text *out)
{
	struct skep_text plain = { 0 };

	skep_text_escaped(&plain, origin, strlen(origin));
	for (const char *c = skep_text_string(&plain); *c; c++)
		skep_text_char(out, *c == '*' ? '?' : *c);
	skep_text_free(&plain);
}

int skep_constants_print(struct skep_constants *set, const struct skep_constants_opts *opts,
			 const char *origin, struct skep_text *out, struct skep_error *err)
{
	int ret = check_all_found(set, opts, err);

	if (ret)
		return ret;
	if (set->list.len)
		qsort(set->list.items, set->list.len, sizeof(*set->list.items), by_name);
	skep_text_lit(out, "/* Constants of ");
	print_origin(origin, out);
	skep_text_lit(out, ". Include it after vmlinux.h. */\n\n");
	skep_vec_for_each(&set->list, c) {
		if (c->kind == SKEP_CONSTANT_NONE)
			continue;
		skep_text_printf(out, "#ifndef %s\n#define %s ", c->name, c->name);
		print_value(c, out);
		skep_text_lit(out, "\n#endif\n");
	}
	return out->failed ? skep_error_nomem(err, SKEP_STAGE_BUILD) : 0;
}

static bool is_enum(const struct btf_type *t)
{
	return skep_btf_kind(t) == BTF_KIND_ENUM || skep_btf_kind(t) == BTF_KIND_ENUM64;
}

/* Other languages' names, and damaged ones, cannot be macros. */
static bool is_identifier(const char *name)
{
	bool is_digit = *name >= '0' && *name <= '9';

	return *name && !is_digit && !skep_btf_is_c_word(name) &&
	       !name[strspn(name,
			    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")];
}

/* One enumerator; a name that several enums have keeps its first value. */
static int add_value(const struct skep_btf *btf, const struct btf_type *t, uint16_t i,
		     const struct skep_constants_opts *opts, struct skep_constants *set)
{
	bool is_wide = skep_btf_kind(t) == BTF_KIND_ENUM64, is_signed = BTF_INFO_KFLAG(t->info);
	const struct btf_enum64 *wide = &skep_btf_enums64(t)[i];
	const struct btf_enum *narrow = &skep_btf_enums(t)[i];
	const char *name = skep_btf_string(btf, is_wide ? wide->name_off : narrow->name_off);
	size_t before = set->list.len;
	int ret;

	if (!name || !is_identifier(name))
		return 0;
	if (!skep_constants_match(opts, name))
		return skep_constants_add_other(set, name);
	ret = skep_constants_add(set, name, strlen(name), false);
	if (ret || set->list.len == before)
		return ret;
	set->list.items[before].value = is_wide ? (uint64_t)wide->val_hi32 << 32 | wide->val_lo32 :
					is_signed ? (uint64_t)(int64_t)narrow->val :
						    (uint32_t)narrow->val;
	set->list.items[before].kind =
		is_wide ? (is_signed ? SKEP_CONSTANT_LONG : SKEP_CONSTANT_ULONG) :
			  (!is_signed && narrow->val < 0 ? SKEP_CONSTANT_UINT : SKEP_CONSTANT_INT);
	return 0;
}

int skep_constants_of_btf(const struct skep_btf *btf, const struct skep_constants_opts *opts,
			  struct skep_text *out, struct skep_error *err)
{
	struct skep_constants set = { 0 };
	int ret = 0;

	for (uint32_t id = 1; id < skep_btf_count(btf) && !ret; id++) {
		const struct btf_type *t = skep_btf_type(btf, id);

		for (uint16_t i = 0; is_enum(t) && i < skep_btf_vlen(t) && !ret; i++)
			ret = add_value(btf, t, i, opts, &set);
	}
	if (ret)
		skep_error_nomem(err, SKEP_STAGE_BUILD);
	else
		ret = skep_constants_print(&set, opts, skep_btf_label(btf), out, err);
	skep_constants_free(&set);
	return ret;
}
