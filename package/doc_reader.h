/* SPDX-License-Identifier: MIT */
/* What doc.c, which reads comments, and doc_code.c, which reads what they belong to, share. */
#ifndef SKEP_PACKAGE_DOC_READER_H
#define SKEP_PACKAGE_DOC_READER_H

#include "package/doc.h"

struct skep_doc_range {
	size_t at, end; /* end 0: none */
};

struct skep_doc_reader {
	struct skep_docs *docs;
	const char *text;
	size_t len, at;
	skep_doc_knows_fn knows;
	void *ctx;
	struct skep_error *err;
	struct skep_doc_range pending; /* documentation that waits for what it belongs to */
	/* The declaration at work. */
	struct skep_doc_range doc;
	const char *keyword, *tag_keyword;
	const char *name, *tag; /* of those that are known: the first; of a type that is defined */
	size_t name_len, tag_len;
	unsigned int depth;  /* of brackets of any kind */
	unsigned int braces; /* of them */
	bool begun, has_value, in_tag, saw_tag;
	/* The last declaration that ended, for comments behind it. */
	const char *last;
	size_t last_len;
	bool any_declared;
};

bool skep_doc_is_name_character(char c);

/* The key and values of a comment, for a declaration, or for the file (NULL). */
int skep_doc_attach(struct skep_doc_reader *r, const char *name, size_t name_len,
		    struct skep_doc_range doc);

/* A declaration begins, unless one is at work; the comment that waits is its. */
void skep_doc_begin(struct skep_doc_reader *r);

void skep_doc_read_word(struct skep_doc_reader *r);
int skep_doc_read_punctuation(struct skep_doc_reader *r);

#endif
