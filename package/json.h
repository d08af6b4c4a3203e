/* SPDX-License-Identifier: MIT */
/*
 * JSON from outside, bounded in size and depth, and its members by their types. A wrong one is
 * an error that says where it stands.
 */
#ifndef SKEP_PACKAGE_JSON_H
#define SKEP_PACKAGE_JSON_H

#include <jansson.h>
#include <skep/error.h>
#include <skep/text.h>

#include "base/arena.h"
#include "base/vec.h"

#define SKEP_TREE_DEPTH	 64
#define SKEP_TREE_VALUES 500000u
#define SKEP_TREE_LIST	 4096u /* elements of a list, members of an object */

/* EINVAL, with the line and column; E2BIG, ENOMEM. The caller calls json_decref(). */
int skep_tree_parse(const char *text, size_t len, json_t **json, struct skep_error *err);

/* What reads a document: where texts are copied to, and where in it the reader is. */
struct skep_tree_reader {
	struct skep_arena *arena;
	struct skep_error *err;
	char where[160]; /* "maps[2].sample"; "": the document */
	int failed;	 /* the first error; then all below do nothing and say so */
};

/* Says what is wrong at the member @key, or where the reader is if it is NULL. Returns -EINVAL. */
int skep_tree_wrong(struct skep_tree_reader *r, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The reader goes to a part, and back.
 *
 *	char outer[160];
 *	skep_tree_enter(r, outer, "maps[%zu]", i);
 *	...
 *	skep_tree_leave(r, outer);
 */
void skep_tree_enter(struct skep_tree_reader *r, char outer[160], const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void skep_tree_leave(struct skep_tree_reader *r, const char outer[160]);

/*
 * Members of @object. One that is missing or null leaves *@value as it is; one of another type, or
 * out of range, is an error.
 */
void skep_tree_string(struct skep_tree_reader *r, const json_t *object, const char *key,
		      const char **value);
void skep_tree_number(struct skep_tree_reader *r, const json_t *object, const char *key,
		      uint32_t min, uint32_t max, uint32_t *value);
/* One letter or digit; of an empty text none. */
void skep_tree_letter(struct skep_tree_reader *r, const json_t *object, const char *key,
		      char *letter);
void skep_tree_flag(struct skep_tree_reader *r, const json_t *object, const char *key, bool *value);

/* The member "name", which must be there and not empty. */
void skep_tree_name(struct skep_tree_reader *r, const json_t *object, const char **name);

/* NULL: it is missing, null, or wrong. */
json_t *skep_tree_object(struct skep_tree_reader *r, const json_t *object, const char *key);
json_t *skep_tree_list(struct skep_tree_reader *r, const json_t *object, const char *key);

/* A new last item of a vector; NULL: the reader has failed. */
#define skep_tree_new(r, v)                                     \
	({                                                      \
		__typeof__((v)->items) new_ = skep_vec_push(v); \
		if (!new_)                                      \
			skep_tree_nomem(r);                     \
		(r)->failed ? NULL : new_;                      \
	})
void skep_tree_nomem(struct skep_tree_reader *r);

/* A value as text: strings as they are, lists with commas between, else as JSON. */
const char *skep_tree_text(struct skep_tree_reader *r, const json_t *value);

#endif
