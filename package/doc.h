/* SPDX-License-Identifier: MIT */
/*
 * What the comments of a source say of the things that it declares: "///", "//!",
 * and C comments that begin with two stars or with an exclamation mark, with "@key value" or
 * "\key value" in them.
 *
 * Only the file itself is looked at, not what it includes, and every part of it, whatever the
 * preprocessor leaves out. A comment belongs to the declaration that follows it, or with '<' to
 * the one before; one that a directive follows belongs to the file.
 */
#ifndef SKEP_PACKAGE_DOC_H
#define SKEP_PACKAGE_DOC_H

#include <skep/error.h>
#include <skep/text.h>

#include "base/arena.h"
#include "base/vec.h"

/* "@key value" of one declaration; what stands before any key is its "description". */
struct skep_doc {
	const char *name; /* what is declared; NULL: the file */
	const char *key;
	size_t at, len; /* the value in docs->text, without blanks at its ends */
};

/* A type that the source defines outside of others. */
struct skep_doc_type {
	const char *keyword; /* "struct", "union", "enum" */
	const char *tag;
};

struct skep_docs {
	struct skep_arena arena;
	/*
	 * The source with blanks for all that is no documentation, so that places in it are places
	 * in the source.
	 */
	char *text;
	size_t len;
	struct skep_vec(struct skep_doc) items;
	struct skep_vec(struct skep_doc_type) types;
};

/* Whether a name is one of those that comments are looked for. */
typedef bool (*skep_doc_knows_fn)(void *ctx, const char *name, size_t len);

/*
 * Reads the documentation of all that @knows, and of structs, unions and enums by their tags.
 * @knows may be
 * NULL. E2BIG over 16 MiB, or 4,096 items or types; ENOMEM.
 */
int skep_docs_read(struct skep_docs *docs, const char *text, size_t len, skep_doc_knows_fn knows,
		   void *ctx, struct skep_error *err);
void skep_docs_free(struct skep_docs *docs);

/* A value as text: each line without the blanks around it. */
void skep_docs_text(const struct skep_docs *docs, const struct skep_doc *doc,
		    struct skep_text *out);

/* Takes the keys and values out of the text from @at to @end: one comment, or several in a row. */
int skep_docs_add(struct skep_docs *docs, const char *name, size_t at, size_t end,
		  struct skep_error *err);

#endif
