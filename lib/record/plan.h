/* SPDX-License-Identifier: MIT */
/*
 * What a schema is compiled to: nodes in the order of the members. A node's subtree stands right
 * behind it, up to `next`, so that writing a record is one pass over an array.
 */
#ifndef SKEP_RECORD_PLAN_H
#define SKEP_RECORD_PLAN_H

#include <skep/record.h>

#include "base/arena.h"
#include "base/vec.h"
#include "record/meaning.h"

enum skep_node_kind {
	SKEP_NODE_STRUCT, /* struct or union; members follow */
	SKEP_NODE_ARRAY,  /* one node follows: the element */
	SKEP_NODE_STRING, /* char[] */
	SKEP_NODE_CHAR,
	SKEP_NODE_BOOL,
	SKEP_NODE_UNSIGNED,
	SKEP_NODE_SIGNED,
	SKEP_NODE_ENUM,
	SKEP_NODE_POINTER,
	SKEP_NODE_FLOAT,
	SKEP_NODE_BYTES, /* scalars of odd sizes, as hex */
	SKEP_NODE_STACK, /* named by the schema's symbolizer */
};

struct skep_enum_value {
	uint64_t value;
	const char *name;
	uint32_t len;
};

/* An enum's values, ascending; of several names for one value only the first. */
struct skep_enum {
	const struct skep_enum_value *values;
	size_t len;
	bool is_signed;
};

struct skep_node {
	uint8_t kind;  /* enum skep_node_kind */
	bool is_open;  /* the last array of a record whose length BTF gives as 0: takes the rest */
	uint8_t shift; /* of a bitfield, from the first bit in memory order of the byte at offset */
	uint8_t width; /* of a bitfield in bits; 0 for others */
	uint32_t offset; /* from the record's start, or the element's within an array */
	uint32_t size;	 /* bytes of the whole */
	uint32_t next;	 /* the index behind the subtree */
	uint32_t count;	 /* of an array's elements */
	const char *key; /* "\"name\":", NULL for elements and the record itself */
	uint32_t key_len;
	uint8_t meaning;       /* enum skep_meaning */
	uint8_t side;	       /* of its column: enum skep_side */
	bool is_hidden;	       /* no column */
	uint16_t column_width; /* 0: as the type needs it */
	union {
		const struct skep_enum *names;
		int64_t clock; /* of a time */
		const struct skep_stack_node *stack;
		struct skep_lookup *lookup; /* of what the machine has names for */
	};
};

struct skep_column {
	const char *name; /* dotted */
	uint32_t node;
	uint32_t width;
	bool is_right;
	enum skep_value_kind kind;
};

struct skep_schema_enum {
	uint32_t type_id;
	const struct skep_enum *names;
};

struct skep_schema {
	struct skep_arena arena; /* names and enums */
	struct skep_vec(struct skep_node) nodes;
	struct skep_vec(struct skep_column) columns; /* those of hidden members last */
	size_t n_shown;
	struct skep_vec(struct skep_schema_enum) enums;
	const char *name;
	size_t size;
	struct skep_view *view; /* of all columns */
	struct skep_schema_opts opts;
	bool has_stacks; /* of processes, which may end before they are written */
	struct skep_lookup *lookups[SKEP_N_MEANINGS];
	struct skep_text types; /* BTF, if it was to be kept */
	uint32_t type_id;	/* in it */
};

/* A leaf's number; a negative one is extended to 64 bits, a longer one cut to its lower 64. */
uint64_t skep_node_number(const struct skep_node *node, const uint8_t *at);

/* Whether it does not fit into those 64. */
bool skep_node_is_long(const struct skep_node *node, const uint8_t *at);

/* What its values are, as filters and tables see them. */
enum skep_value_kind skep_node_value_kind(const struct skep_node *node);

/* The name of an enum's value; NULL: it has none. */
const struct skep_enum_value *skep_enum_find(const struct skep_enum *names, uint64_t value);

/* Fills the schema's nodes from BTF. */
int skep_schema_compile(struct skep_schema *schema, const struct skep_btf *btf, uint32_t type_id,
			struct skep_error *err);

/* types.c: keeps what the type is made of. */
int skep_schema_keep_types(struct skep_schema *schema, const struct skep_btf *btf, uint32_t type_id,
			   struct skep_error *err);

/* Its columns from its nodes. 0 or -ENOMEM. */
int skep_schema_find_columns(struct skep_schema *schema);

/* What the leaf of @type_id is; 0, or -EINVAL for a type without a value. */
int skep_schema_leaf(struct skep_schema *schema, const struct skep_btf *btf, uint32_t type_id,
		     struct skep_node *node);

/*
 * A leaf's value from the bytes at @at, of which @left are there. @quoted: as JSON has it;
 * otherwise bare, as in a column.
 */
void skep_node_write(const struct skep_node *node, const uint8_t *at, size_t left, bool quoted,
		     struct skep_text *out);

/* A node with all that is in it as JSON, from a record or element of @len bytes at @base. */
void skep_node_write_json(const struct skep_node *nodes, uint32_t i, const uint8_t *base,
			  size_t len, struct skep_text *out);

/* What is added to a time to have nanoseconds since 1970. An enum is a time of any clock's 0. */
static inline uint64_t skep_node_clock(const struct skep_node *node)
{
	return node->kind == SKEP_NODE_ENUM ? 0 : (uint64_t)node->clock;
}

/* True if the node's bytes are there in full; an open array's are what is there. */
static inline bool skep_node_is_there(const struct skep_node *node, size_t len)
{
	return node->offset <= len && node->size <= len - node->offset;
}

#endif
