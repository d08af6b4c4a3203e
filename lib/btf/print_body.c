// SPDX-License-Identifier: MIT
/* What is between the braces of structs, unions and enums. */
#include <errno.h>

#include "btf/kinds.h"
#include "btf/print.h"

static void indent(struct skep_btf_printer *p)
{
	for (int i = 0; i < p->indent; i++)
		skep_text_char(p->out, '\t');
}

static void unnamed_bits(struct skep_btf_printer *p, const char *type, uint32_t bits)
{
	indent(p);
	skep_text_str(p->out, type);
	skep_text_lit(p->out, " : ");
	skep_text_u64(p->out, bits);
	skep_text_lit(p->out, ";\n");
}

/* Unnamed bitfields from bit @from to bit @to, of the largest units that begin where they stand. */
static void pad(struct skep_btf_printer *p, uint64_t from, uint64_t to)
{
	static const struct {
		uint32_t bits;
		const char *type;
	} units[] = { { 64, "long long" }, { 32, "int" }, { 16, "short" }, { 8, "char" } };
	size_t i = 0;

	while (from < to && p->out->len <= p->limit) {
		for (i = 0; i < 3 && (from % units[i].bits || to - from < units[i].bits); i++)
			;
		if (from % units[i].bits || to - from < units[i].bits) {
			uint32_t rest = 8 - from % 8;

			rest = rest < to - from ? rest : (uint32_t)(to - from);
			unnamed_bits(p, "char", rest);
			from += rest;
		} else {
			unnamed_bits(p, units[i].type, units[i].bits);
			from += units[i].bits;
		}
	}
}

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return to ? (value + to - 1) / to * to : value;
}

/* Where C puts a member of this type after @cursor bits. */
static uint64_t natural_place(struct skep_btf_printer *p, uint32_t type, uint32_t width,
			      uint64_t cursor, bool is_packed)
{
	int64_t size = skep_btf_sizeof(p->btf, type) * 8;

	if (is_packed)
		return width ? cursor : round_up(cursor, 8);
	if (!width)
		return round_up(cursor, skep_btf_print_align(p, type) * 8);
	return size > 0 && cursor % size + width > (uint64_t)size ? round_up(cursor, size) : cursor;
}

/*
 * A struct with a tag as a member without a name is C only for who compiles with -fms-extensions,
 * as Linux does from 7.0 on. For all others its members stand in its place.
 */
static bool declare_tagged(struct skep_btf_printer *p, const struct btf_member *m)
{
	uint32_t id = skep_btf_resolve(p->btf, m->type);
	const struct btf_type *t = id ? skep_btf_printer_type(p, id) : NULL;
	uint16_t kind = t ? skep_btf_kind(t) : BTF_KIND_UNKN;

	if ((kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION) || !t->name_off ||
	    !skep_btf_printer_enter(p))
		return false;
	skep_text_str(p->out, kind == BTF_KIND_UNION ? "union " : "struct ");
	skep_btf_print_body(p, id);
	p->depth--;
	return true;
}

static void declare_member(struct skep_btf_printer *p, const struct btf_member *m)
{
	const char *name = skep_btf_string(p->btf, m->name_off) ?: "";
	struct skep_text plain = { 0 }, *out = p->out;

	if (!*name && declare_tagged(p, m))
		return;
	if (!p->portable && *name)
		skep_btf_print_identified(p, m->type, m->name_off, 0);
	else if (!p->portable)
		skep_btf_print_declaration(p, m->type, "");
	if (!p->portable)
		return;
	p->out = &plain;
	skep_btf_print_member_name(p, name);
	p->out = out;
	skep_btf_print_declaration(p, m->type, skep_text_string(&plain));
	skep_text_free(&plain);
}

/* One member; returns the bit behind it. */
static uint64_t member(struct skep_btf_printer *p, const struct btf_type *t,
		       const struct btf_member *m, uint64_t cursor, bool is_packed)
{
	int64_t size = skep_btf_sizeof(p->btf, m->type);
	uint32_t offset, width;

	skep_btf_print_place(p, t, m, &offset, &width);
	if (skep_btf_kind(t) == BTF_KIND_STRUCT && offset > cursor &&
	    natural_place(p, m->type, width, cursor, is_packed) != offset)
		pad(p, cursor, offset);
	indent(p);
	declare_member(p, m);
	if (width) {
		skep_text_lit(p->out, " : ");
		skep_text_u64(p->out, width);
	}
	skep_text_lit(p->out, ";\n");
	return offset + (width ? width : size > 0 ? (uint64_t)size * 8 : 0);
}

/* A union's bitfields cannot make it longer than their type is: bytes can. */
static void fill_up(struct skep_btf_printer *p, uint32_t id, uint64_t end, bool is_packed)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);
	uint64_t size = round_up(round_up(end, 8) / 8, is_packed ? 1 : skep_btf_print_align(p, id));

	if (size >= t->size)
		return;
	if (skep_btf_kind(t) == BTF_KIND_STRUCT) {
		pad(p, end, t->size * 8ull);
		return;
	}
	indent(p);
	skep_text_printf(p->out, "unsigned char __size[%u];\n", t->size);
}

static void may_alias(struct skep_btf_printer *p)
{
	if (p->may_alias)
		skep_text_lit(p->out, " __attribute__((may_alias))");
}

static void composite_body(struct skep_btf_printer *p, uint32_t id)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);
	bool is_packed = skep_btf_print_is_packed(p, id);
	bool is_union = skep_btf_kind(t) == BTF_KIND_UNION;
	uint64_t cursor = 0, end = 0;

	for (uint16_t i = 0; i < skep_btf_vlen(t) && !p->why; i++) {
		cursor = member(p, t, &skep_btf_members(t)[i], is_union ? 0 : cursor, is_packed);
		end = cursor > end ? cursor : end;
	}
	fill_up(p, id, end, is_packed);
	p->indent--;
	indent(p);
	skep_text_char(p->out, '}');
	p->indent++;
	if (is_packed)
		skep_text_lit(p->out, " __attribute__((packed))");
	may_alias(p);
}

static void enum_value(struct skep_btf_printer *p, bool is_wide, bool is_signed, int64_t value)
{
	if (is_signed && value == INT64_MIN)
		skep_text_lit(p->out, "-9223372036854775807LL - 1");
	else if (is_signed)
		skep_text_i64(p->out, value);
	else
		skep_text_u64(p->out, is_wide ? (uint64_t)value : (uint32_t)value);
	if (is_wide && !(is_signed && value == INT64_MIN))
		skep_text_str(p->out, is_signed ? "LL" : "ULL");
	else if (!is_signed && value > INT32_MAX)
		skep_text_char(p->out, 'U');
}

/* Enums have four bytes, or eight if a value needs them, unless they are told otherwise. */
static void enum_mode(struct skep_btf_printer *p, const struct btf_type *t)
{
	if (t->size == 1)
		skep_text_lit(p->out, " __attribute__((mode(QI)))");
	else if (t->size == 2)
		skep_text_lit(p->out, " __attribute__((mode(HI)))");
	else if (t->size == 8)
		skep_text_lit(p->out, " __attribute__((mode(DI)))");
}

static void enum_body(struct skep_btf_printer *p, const struct btf_type *t)
{
	bool is_signed = BTF_INFO_KFLAG(t->info), is_wide = skep_btf_kind(t) == BTF_KIND_ENUM64;

	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		uint32_t name_off = skep_btf_enumerator_name_off(t, i);
		const char *name = skep_btf_string(p->btf, name_off) ?: "";

		indent(p);
		skep_btf_print_name(p, name_off, skep_btf_print_enumerator(p, name));
		skep_text_lit(p->out, " = ");
		enum_value(p, is_wide, is_signed, (int64_t)skep_btf_enumerator_value(t, i));
		skep_text_lit(p->out, ",\n");
	}
	p->indent--;
	indent(p);
	skep_text_char(p->out, '}');
	p->indent++;
	enum_mode(p, t);
	may_alias(p);
}

void skep_btf_print_body(struct skep_btf_printer *p, uint32_t id)
{
	const struct btf_type *t = skep_btf_printer_type(p, id);
	uint16_t kind = skep_btf_kind(t);

	skep_text_lit(p->out, "{\n");
	p->indent++;
	if (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION)
		composite_body(p, id);
	else
		enum_body(p, t);
	p->indent--;
}
