/* SPDX-License-Identifier: MIT */
/*
 * Encodes BTF: types are appended in order and get ids from 1 (or from the base's count) on;
 * strings are kept once. Used to mend an object's BTF before it is loaded, and in tests.
 */
#ifndef SKEP_BTF_BUILDER_H
#define SKEP_BTF_BUILDER_H

#include <skep/btf.h>

struct skep_btf_builder;

struct skep_btf_builder *skep_btf_builder_new(void);

/* A split BTF: its ids and strings go on where those of @base, which must outlive it, end. */
struct skep_btf_builder *skep_btf_builder_new_split(const struct skep_btf *base);

void skep_btf_builder_free(struct skep_btf_builder *b);

/* One more than the id of the last type. */
uint32_t skep_btf_builder_count(const struct skep_btf_builder *b);

/* Offset of a string, added if new; 0 for "" . Negative errno when memory runs out. */
int64_t skep_btf_builder_string(struct skep_btf_builder *b, const char *s);

/*
 * Appends a type: the fixed part and @extra_len bytes (members, array, ...) after it, name offsets
 * already in this builder's strings. Returns its id, or -EINVAL when these are not the bytes that
 * its kind and number of members take, -E2BIG, -ENOMEM.
 */
int64_t skep_btf_builder_add(struct skep_btf_builder *b, const struct btf_type *type,
			     const void *extra, size_t extra_len);

/*
 * Appends a copy of a whole type, whose references are to be rewritten where it lies now, until the
 * next type is added. Shorten: it has fewer members than it had. 0, -E2BIG, -ENOMEM.
 */
int skep_btf_builder_copy(struct skep_btf_builder *b, const struct btf_type *type,
			  struct btf_type **copy);
void skep_btf_builder_shorten(struct skep_btf_builder *b);

/*
 * Leaves each type in once, in the order in which they first came; ids[], of as many entries as
 * there are types, tells what each is called now. What is only declared becomes what is defined if
 * all that there will be @is_complete, as classes.h says. The types must be whole, and no others'.
 */
int skep_btf_builder_dedup(struct skep_btf_builder *b, bool is_complete, uint32_t *ids,
			   struct skep_error *err);

/* Shorthands for the kinds that tests and fix-ups make; each returns the new id. */
int64_t skep_btf_builder_int(struct skep_btf_builder *b, const char *name, uint32_t size,
			     uint32_t encoding);
int64_t skep_btf_builder_ref(struct skep_btf_builder *b, uint32_t kind, const char *name,
			     uint32_t type);
int64_t skep_btf_builder_array(struct skep_btf_builder *b, uint32_t elem, uint32_t index,
			       uint32_t n);

/*
 * A struct or union, then its members one by one (offset in bits; width 0: no bitfield). A member
 * or value answers -EINVAL when the last type takes none, -E2BIG after 65,535 of them, and -ERANGE
 * for what the format cannot hold.
 */
int64_t skep_btf_builder_composite(struct skep_btf_builder *b, uint32_t kind, const char *name,
				   uint32_t size);
int skep_btf_builder_member(struct skep_btf_builder *b, const char *name, uint32_t type,
			    uint32_t bit_offset, uint32_t bit_width);

/* An enum (size 4) or enum64 (size 8), then its values. */
int64_t skep_btf_builder_enum(struct skep_btf_builder *b, const char *name, uint32_t size,
			      bool is_signed);
int skep_btf_builder_value(struct skep_btf_builder *b, const char *name, int64_t value);

/* Appends what has been built, header and all, to @out, in this or the other byte order. */
int skep_btf_builder_write(struct skep_btf_builder *b, bool is_foreign, struct skep_text *out);

/* The finished BTF, header and all, malloc'ed: the caller frees it. NULL when memory ran out. */
void *skep_btf_builder_finish(struct skep_btf_builder *b, size_t *len);

#endif
