/* SPDX-License-Identifier: MIT */
/* What a member's value stands for, as SKEP_AS() of skep/bpf/record.h says it. */
#ifndef SKEP_RECORD_MEANING_H
#define SKEP_RECORD_MEANING_H

#include <skep/btf.h>
#include <skep/text.h>

enum skep_meaning {
	SKEP_MEANING_NONE,
	SKEP_MEANING_IPV4,
	SKEP_MEANING_IPV6,
	SKEP_MEANING_IP,
	SKEP_MEANING_MAC,
	SKEP_MEANING_PORT,
	SKEP_MEANING_TIME,
	SKEP_MEANING_BOOT_TIME,
	SKEP_MEANING_WALL_TIME,
	SKEP_MEANING_DURATION,
	SKEP_MEANING_ERRNO,
	SKEP_MEANING_SIGNAL,
	SKEP_MEANING_BYTES,
	SKEP_MEANING_HEX,
	SKEP_MEANING_OCTAL,
	SKEP_MEANING_KERNEL_STACK,
	SKEP_MEANING_USER_STACK,
	SKEP_MEANING_UID,
	SKEP_MEANING_GID,
	SKEP_MEANING_IFINDEX,
	SKEP_MEANING_CGROUP,
	SKEP_MEANING_CONTAINER,
	SKEP_MEANING_DEVICE,
	SKEP_MEANING_SYSCALL,
	SKEP_MEANING_MODE,
	SKEP_MEANING_OPEN_FLAGS,
	SKEP_MEANING_FLAGS,
	SKEP_N_MEANINGS
};

struct skep_node;

#define SKEP_WIDTH_MOST 1000 /* of a column */

enum skep_side { SKEP_SIDE_ANY, SKEP_SIDE_LEFT, SKEP_SIDE_RIGHT };

/* What the tags of one member say. */
struct skep_tags {
	enum skep_meaning meaning;
	uint16_t width; /* of the column; 0: as the type needs it */
	bool is_hidden;
	uint8_t side;	    /* enum skep_side */
	const char *stacks; /* the map that keeps them, of ids; or NULL */
};

/* One more tag. Words that are not known come from a newer skep, and are left alone. */
void skep_tags_add(struct skep_tags *tags, const char *tag);

/* Whether it is bytes in the order of the network, whatever the type, and @size of them. */
bool skep_meaning_has_size(enum skep_meaning meaning, uint32_t size);

/* Whether it is a stack (record/stack.h), which no leaf is. */
bool skep_meaning_is_stack(enum skep_meaning meaning);

/* Whether a leaf can have the meaning. */
bool skep_meaning_fits(enum skep_meaning meaning, const struct skep_node *node);

/* Why a type cannot have it. */
const char *skep_meaning_refusal(enum skep_meaning meaning);

/* The word of SKEP_AS(); "" for none. */
const char *skep_meaning_word(enum skep_meaning meaning);

bool skep_meaning_is_time(enum skep_meaning meaning);

/* Whether values are names, also in JSON, with a number behind them. */
bool skep_meaning_is_name(enum skep_meaning meaning);

/* Appends a leaf's name as it is, unescaped. False, and nothing appended: its number has none. */
bool skep_meaning_name(const struct skep_node *node, const uint8_t *at, struct skep_text *out);

/* The number that a name stands for. False: it is none of those. */
bool skep_meaning_number(const struct skep_node *node, const char *name, uint64_t *number);

/* Whether it is bytes in the order of the network which stand as text. */
bool skep_meaning_is_address(enum skep_meaning meaning);

/* Whether text and JSON have a number, which stands to the right. */
bool skep_meaning_is_number(enum skep_meaning meaning);

/* True for times whose beginning depends on the boot. */
bool skep_meaning_has_clock(enum skep_meaning meaning);

/* What is added to a time to have nanoseconds since 1970; else 0. */
int64_t skep_meaning_clock(enum skep_meaning meaning);

/* Columns that the text takes. */
uint32_t skep_meaning_width(enum skep_meaning meaning);

/* The value of a leaf with a meaning; @quoted: as JSON has it. */
void skep_meaning_write(const struct skep_node *node, const uint8_t *at, bool quoted,
			struct skep_text *out);

#endif
