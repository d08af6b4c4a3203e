/* SPDX-License-Identifier: MIT */
/*
 * BTF as C. print_c.c decides what comes when, print_body.c writes what is between braces,
 * print_layout.c says how C would lay it out, print_names.c keeps names unique,
 * print_type.c spells declarations, and print_portable.c knows what C++ takes as well; all of them
 * share this printer.
 */
#ifndef SKEP_BTF_PRINT_H
#define SKEP_BTF_PRINT_H

#include <skep/btf.h>

#include "base/arena.h"
#include "base/hash.h"

/* No declaration nests deeper; a circle does. */
#define SKEP_BTF_PRINT_DEPTH 128

/* What is known of a type while a header is written. */
struct skep_btf_entry {
	const struct btf_type *type;
	uint16_t suffix; /* the nth type of its name is printed as name___n; 0 and 1: the name */
	uint8_t align;	 /* of a struct or union as printed; 0: not known yet */
	bool is_packed : 1;
	bool is_declared : 1; /* its name may be used behind a pointer */
	bool is_defined : 1;  /* it may be a member, or is about to be one */
	bool is_printed : 1;  /* its own definition has begun */
};

struct skep_btf_printer {
	const struct skep_btf *btf;
	struct skep_text *out;
	size_t limit;	 /* of out->len, against types that unfold without end */
	const char *why; /* it stopped; NULL while all is well */
	int depth, indent;

	/*
	 * For a program beside others' headers: every tag, typedef and enumerator begins with the
	 * prefix. Portable is what C11 and C++11 read alike, on machines of any size: integers by
	 * their sizes, no qualifiers, no typedefs but those that name what has no other name.
	 */
	const char *prefix;
	bool portable;
	bool may_alias; /* what is defined may lie over what has another type */

	struct skep_btf_entry *entries; /* by id; NULL when only one type is spelled */
	uint32_t n;
	struct skep_hash tags;	 /* of structs, unions and enums: how many have the name */
	struct skep_hash idents; /* of typedefs and enumerators */
	struct skep_arena names; /* that are not spelled as in the BTF */
};

const struct btf_type *skep_btf_printer_type(const struct skep_btf_printer *p, uint32_t id);

/* True, and one level deeper, unless that is too deep or too much: then `why` is set. */
bool skep_btf_printer_enter(struct skep_btf_printer *p);

/* A declaration of @name, or the bare type if that is "". */
void skep_btf_print_declaration(struct skep_btf_printer *p, uint32_t id, const char *name);

/* As skep_btf_print_declaration, of a name in the BTF. */
void skep_btf_print_identified(struct skep_btf_printer *p, uint32_t id, uint32_t name_off,
			       uint16_t suffix);

/* Makes a type known, and what it consists of, so that a pointer or prototype may name it. */
void skep_btf_print_declare(struct skep_btf_printer *p, uint32_t id);

/* The functions that programs may call; of those that are @roots, if there are any. 0 or -ENOMEM.
 */
int skep_btf_print_kfuncs(struct skep_btf_printer *p, const uint32_t *roots, size_t n_roots);

/* A name with what is not allowed in C's identifiers as "_". */
void skep_btf_print_name(struct skep_btf_printer *p, uint32_t name_off, uint16_t suffix);

/* What skep_btf_machine() answers, and NULL. */
extern const char *const skep_btf_machines[];

/* A word that C keeps for itself; no other languages' words. NULL is none. */
bool skep_btf_is_c_word(const char *name);

/* A typedef that compilers bring along, and not all alike: what it stands for is printed. */
bool skep_btf_print_is_builtin(const struct skep_btf_printer *p, const struct btf_type *t);

/* Whether a portable header needs this typedef: it is the name of a struct, union or enum. */
bool skep_btf_print_is_naming(const struct skep_btf_printer *p, const struct btf_type *t);

/* The name of a member or variable; what is a word of C or C++ gets a "_" behind it. */
void skep_btf_print_member_name(struct skep_btf_printer *p, const char *name);

/*
 * For those who put together a header of their own: prepares a printer whose btf and out are set,
 * prints a type and what it needs unless that was done, and frees what the printer has. -ENOMEM.
 */
int skep_btf_printer_begin(struct skep_btf_printer *p);
void skep_btf_printer_define(struct skep_btf_printer *p, uint32_t id);
void skep_btf_printer_end(struct skep_btf_printer *p);

/* What others have defined under their own names is named only, from now on. */
void skep_btf_printer_foreign(struct skep_btf_printer *p);

/* "{ ... }" and attributes, of a struct, union or enum. */
void skep_btf_print_body(struct skep_btf_printer *p, uint32_t id);

/* Alignment and packing as C has them for what is printed. */
uint32_t skep_btf_print_align(struct skep_btf_printer *p, uint32_t id);
bool skep_btf_print_is_packed(struct skep_btf_printer *p, uint32_t id);

/* Where a member begins and its width if it is a bitfield, in bits, old encoding included. */
void skep_btf_print_place(const struct skep_btf_printer *p, const struct btf_type *t,
			  const struct btf_member *m, uint32_t *offset, uint32_t *width);

/* Gives every type its entry and, in the order of ids, its suffix. 0 or -ENOMEM. */
int skep_btf_print_name_all(struct skep_btf_printer *p);

/* The number of this use of an enumerator's name, from 1; 0: no memory. */
uint16_t skep_btf_print_enumerator(struct skep_btf_printer *p, const char *name);

#endif
