// SPDX-License-Identifier: MIT
/* What a header for C11 and C++11 alike needs beside what every header needs. */
#include "btf/print.h"

#define MAX_TYPEDEFS 32

bool skep_btf_print_is_naming(const struct skep_btf_printer *p, const struct btf_type *t)
{
	for (int i = 0; t && i < MAX_TYPEDEFS; i++) {
		t = skep_btf_printer_type(p, t->type);
		switch (t ? skep_btf_kind(t) : BTF_KIND_UNKN) {
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			return !t->name_off;
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			return !t->name_off && skep_btf_vlen(t);
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_TYPE_TAG:
			break;
		default:
			return false;
		}
	}
	return false;
}

/* Of C++23 and C23, those that older standards lack included; and what GNU C defines. */
static const char *const words[] = {
	"alignas",
	"alignof",
	"and",
	"and_eq",
	"asm",
	"auto",
	"bitand",
	"bitor",
	"bool",
	"break",
	"case",
	"catch",
	"char",
	"char16_t",
	"char32_t",
	"char8_t",
	"class",
	"co_await",
	"co_return",
	"co_yield",
	"compl",
	"concept",
	"const",
	"const_cast",
	"consteval",
	"constexpr",
	"constinit",
	"continue",
	"decltype",
	"default",
	"delete",
	"do",
	"double",
	"dynamic_cast",
	"else",
	"enum",
	"explicit",
	"export",
	"extern",
	"false",
	"float",
	"for",
	"friend",
	"goto",
	"if",
	"inline",
	"int",
	"long",
	"mutable",
	"namespace",
	"new",
	"noexcept",
	"not",
	"not_eq",
	"nullptr",
	"operator",
	"or",
	"or_eq",
	"private",
	"protected",
	"public",
	"register",
	"reinterpret_cast",
	"requires",
	"restrict",
	"return",
	"short",
	"signed",
	"sizeof",
	"static",
	"static_assert",
	"static_cast",
	"struct",
	"switch",
	"template",
	"this",
	"thread_local",
	"throw",
	"true",
	"try",
	"typedef",
	"typeid",
	"typename",
	"typeof",
	"typeof_unqual",
	"union",
	"unsigned",
	"using",
	"virtual",
	"void",
	"volatile",
	"wchar_t",
	"while",
	"xor",
	"xor_eq",
	"linux",
	"unix",
};

static bool is_word(const char *name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], name))
			return true;
	return false;
}

void skep_btf_print_member_name(struct skep_btf_printer *p, const char *name)
{
	for (const char *c = name; *c; c++) {
		bool is_digit = *c >= '0' && *c <= '9';
		bool is_letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');

		if (is_digit && c == name)
			skep_text_char(p->out, '_');
		skep_text_char(p->out, is_digit || is_letter ? *c : '_');
	}
	if (is_word(name))
		skep_text_char(p->out, '_');
}
