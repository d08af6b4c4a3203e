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

/* Every name of a kernel's types is asked about: few have more than three words to be unlike. */
bool skep_btf_is_c_word(const char *name)
{
	static const char *const words[][7] = {
		{ "asm", "auto" },
		{ "break" },
		{ "case", "char", "const", "continue" },
		{ "default", "do", "double" },
		{ "else", "enum", "extern" },
		{ "float", "for" },
		{ "goto" },
		{ NULL },
		{ "if", "inline", "int" },
		{ NULL },
		{ NULL },
		{ "long" },
		{ NULL },
		{ NULL },
		{ NULL },
		{ NULL },
		{ NULL },
		{ "register", "restrict", "return" },
		{ "short", "signed", "sizeof", "static", "struct", "switch" },
		{ "typedef", "typeof" },
		{ "union", "unsigned" },
		{ "void", "volatile" },
		{ "while" },
	};

	if (!name || *name < 'a' || *name > 'w')
		return false;
	for (const char *const *word = words[*name - 'a']; *word; word++)
		if (!strcmp(*word, name))
			return true;
	return false;
}

/* Of C++23 and C23, those that older standards lack included; and what GNU C defines. */
static const char *const words[] = {
	"alignas",   "alignof",	      "and",	     "and_eq",	  "bitand",   "bitor",
	"bool",	     "catch",	      "char16_t",    "char32_t",  "char8_t",  "class",
	"co_await",  "co_return",     "co_yield",    "compl",	  "concept",  "const_cast",
	"consteval", "constexpr",     "constinit",   "decltype",  "delete",   "dynamic_cast",
	"explicit",  "export",	      "false",	     "friend",	  "mutable",  "namespace",
	"new",	     "noexcept",      "not",	     "not_eq",	  "nullptr",  "operator",
	"or",	     "or_eq",	      "private",     "protected", "public",   "reinterpret_cast",
	"requires",  "static_assert", "static_cast", "template",  "this",     "thread_local",
	"throw",     "true",	      "try",	     "typeid",	  "typename", "typeof_unqual",
	"using",     "virtual",	      "wchar_t",     "xor",	  "xor_eq",   "linux",
	"unix",
};

static bool is_word(const char *name)
{
	if (skep_btf_is_c_word(name))
		return true;
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
