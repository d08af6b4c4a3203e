/* SPDX-License-Identifier: MIT */
/* A tree of named values as JSON on one line, or as YAML. The same calls give the same bytes. */
#ifndef SKEP_PACKAGE_WRITER_H
#define SKEP_PACKAGE_WRITER_H

#include <skep/text.h>

#define SKEP_WRITER_DEEP 16

struct skep_writer {
	struct skep_text *out;
	bool is_yaml;
	unsigned int depth;
	bool has_some[SKEP_WRITER_DEEP]; /* by depth: something was written in it */
	char bracket[SKEP_WRITER_DEEP];
};

/*
 * @key is NULL for the whole, and for what is in a list. Strings and raw JSON that are NULL are
 * left out.
 */
void skep_write_open(struct skep_writer *w, const char *key, char bracket);
void skep_write_close(struct skep_writer *w);
void skep_write_string(struct skep_writer *w, const char *key, const char *value);
void skep_write_number(struct skep_writer *w, const char *key, uint64_t value);
void skep_write_bool(struct skep_writer *w, const char *key, bool value);

/* A value that is JSON already. */
void skep_write_raw(struct skep_writer *w, const char *key, const char *json);

#endif
