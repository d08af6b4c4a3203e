// SPDX-License-Identifier: MIT
/*
 * Names are unique in C and not in BTF: of several types with one name the first keeps it, the
 * nth becomes name___n, which CO-RE takes for a flavor of it.
 */
#include <errno.h>
#include <stdlib.h>

#include "btf/btf.h"
#include "btf/print.h"

const struct btf_type *skep_btf_printer_type(const struct skep_btf_printer *p, uint32_t id)
{
	if (!p->entries)
		return skep_btf_type(p->btf, id);
	return id < p->n ? p->entries[id].type : NULL;
}

bool skep_btf_printer_enter(struct skep_btf_printer *p)
{
	if (p->depth >= SKEP_BTF_PRINT_DEPTH)
		p->why = "its types refer to each other in a circle";
	else if (p->out->len > p->limit)
		p->why = "its types unfold to more text than any header has";
	if (p->why)
		return false;
	p->depth++;
	return true;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

void skep_btf_print_name(struct skep_btf_printer *p, uint32_t name_off, uint16_t suffix)
{
	const char *name = skep_btf_string(p->btf, name_off) ?: "", *end = name;

	if (p->prefix)
		skep_text_str(p->out, p->prefix);
	else if (*name >= '0' && *name <= '9')
		skep_text_char(p->out, '_');
	/* All in one go, but for what is no C. */
	while (*name) {
		while (is_word(*end))
			end++;
		skep_text_bytes(p->out, name, (size_t)(end - name));
		if (*end++)
			skep_text_char(p->out, '_');
		else
			break;
		name = end;
	}
	if (!p->prefix && p->entries && skep_btf_is_c_word(skep_btf_string(p->btf, name_off)))
		skep_text_char(p->out, '_');
	if (suffix > 1)
		skep_text_printf(p->out, "___%u", suffix);
}

/* What is printed for a name, but for what all have in common: names that differ may be one in C.
 */
static const char *printed(struct skep_btf_printer *p, const char *name)
{
	const char *end = name;
	bool is_digit = *name >= '0' && *name <= '9';
	size_t len;
	char *copy;

	while (is_word(*end))
		end++;
	if (!*end && !is_digit && !skep_btf_is_c_word(name))
		return name;
	len = strlen(name);
	copy = skep_arena_alloc(&p->names, len + 3, 1);
	if (!copy)
		return NULL;
	if (is_digit)
		copy[0] = '_';
	memcpy(copy + is_digit, name, len);
	for (char *c = copy; *c; c++)
		*c = is_word(*c) ? *c : '_';
	if (skep_btf_is_c_word(copy))
		copy[len] = '_';
	return copy;
}

/* The number of this use of a name, from 1; 0: no memory. */
static uint16_t count_name(struct skep_btf_printer *p, struct skep_hash *names, const char *name)
{
	const char *key = printed(p, name);
	uintptr_t *uses;
	bool is_new;

	uses = key ? skep_hash_put(names, key, strlen(key), &is_new) : NULL;
	return uses ? (uint16_t)++ * uses : 0;
}

uint16_t skep_btf_print_enumerator(struct skep_btf_printer *p, const char *name)
{
	return count_name(p, &p->idents, name);
}

/* Forward declarations share the name of the type that they announce. */
static int name_type(struct skep_btf_printer *p, struct skep_btf_entry *entry)
{
	const char *name = skep_btf_string(p->btf, entry->type->name_off) ?: "";

	if (!*name)
		return 0;
	switch (skep_btf_kind(entry->type)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		entry->suffix = count_name(p, &p->tags, name);
		return entry->suffix ? 0 : -ENOMEM;
	case BTF_KIND_TYPEDEF:
		/* In C++ a tag is a name of its type. */
		entry->suffix = count_name(p, p->portable ? &p->tags : &p->idents, name);
		return entry->suffix ? 0 : -ENOMEM;
	}
	return 0;
}

static int name_own(struct skep_btf_printer *p, const struct skep_btf *btf)
{
	const struct btf_type *t = (const void *)btf->types;
	int ret = btf->base ? name_own(p, btf->base) : 0;

	for (uint32_t id = btf->first_id; id < btf->count && !ret; id++) {
		p->entries[id].type = t;
		ret = name_type(p, &p->entries[id]);
		t = (const void *)((const uint8_t *)t + skep_btf_type_len(t, UINT32_MAX));
	}
	return ret;
}

int skep_btf_print_name_all(struct skep_btf_printer *p)
{
	skep_btf_note_every(p->btf);
	p->n = skep_btf_count(p->btf);
	p->entries = calloc(p->n + 1ul, sizeof(*p->entries));
	if (!p->entries)
		return -ENOMEM;
	p->entries[0].type = skep_btf_type(p->btf, 0);
	return p->n ? name_own(p, p->btf) : 0;
}
