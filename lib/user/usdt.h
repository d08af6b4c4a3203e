/* SPDX-License-Identifier: MIT */
/*
 * Statically defined probes: the notes that <sys/sdt.h> leaves in a file, section .note.stapsdt,
 * and the notation in which they say where their arguments are.
 */
#ifndef SKEP_USER_USDT_H
#define SKEP_USER_USDT_H

#include "user/image.h"

struct skep_usdt_note {
	const char *provider, *name, *args;
	uint64_t addr;	    /* of the probe's instruction */
	uint64_t semaphore; /* address of its counter of tracers; 0: it has none */
};

struct skep_usdt_notes {
	const struct skep_image *image;
	struct skep_section section, base;
	size_t at;
};

/* False when the file has no such section. */
bool skep_usdt_notes_open(struct skep_usdt_notes *notes, const struct skep_image *image);

/* The next note that is whole; addresses are as the file's segments have them. */
bool skep_usdt_notes_next(struct skep_usdt_notes *notes, struct skep_usdt_note *note);

#define SKEP_USDT_MAX_ARGS 12 /* of <sys/sdt.h>, and of the maps that hold them */

enum skep_usdt_kind {
	SKEP_USDT_CONSTANT,   /* value */
	SKEP_USDT_REGISTER,   /* reg */
	SKEP_USDT_MEMORY,     /* at reg + value */
	SKEP_USDT_INDEXED,    /* at reg + (index << scale) + value */
	SKEP_USDT_UNREADABLE, /* in a register that the kernel does not keep, or not understood */
	SKEP_USDT_SYMBOL,     /* at symbol + value; reg is the program counter */
};

struct skep_usdt_arg {
	enum skep_usdt_kind kind;
	int64_t value;
	uint16_t reg, index; /* offsets in the kernel's struct pt_regs */
	uint8_t scale;
	uint8_t size; /* bytes: 1, 2, 4, 8 */
	bool is_signed;
	const char *symbol; /* in the text, symbol_len bytes */
	size_t symbol_len;
};

/*
 * Where the file's machine and the kernel's meet: which registers names mean, and where the kernel
 * keeps them. NULL when programs of @machine (EM_*) cannot run on a kernel of @kernel.
 */
struct skep_usdt_notation;
const struct skep_usdt_notation *skep_usdt_notation(uint16_t machine, uint16_t kernel);

/* Of the kernel that this is running on. EM_NONE: skep does not know it. */
uint16_t skep_usdt_kernel_machine(void);

/* The offset in struct pt_regs of a register; false for a name that is none, or not kept. */
bool skep_usdt_register(const struct skep_usdt_notation *notation, const char *name, size_t len,
			uint16_t *offset);

/*
 * A note's arguments, "-4@%edi 8@-16(%rbp)". Returns their number, -E2BIG for more than there may
 * be, -EINVAL for text that is no list of arguments. One that is in order but cannot be read is
 * SKEP_USDT_UNREADABLE.
 */
int skep_usdt_parse(const struct skep_usdt_notation *notation, const char *text,
		    struct skep_usdt_arg args[SKEP_USDT_MAX_ARGS]);

/* user/usdt_regs.c, for usdt_args.c. */
struct skep_usdt_notation {
	uint16_t machine, kernel;
	const char *constant;	 /* what constants begin with: "$", "#", "i"; "": nothing */
	bool number_is_register; /* "3" is the register, as on powerpc */
	bool (*find)(const char *name, size_t len, uint16_t *offset);
};

#endif
