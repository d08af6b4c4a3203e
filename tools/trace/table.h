/* SPDX-License-Identifier: MIT */
/* What is known of each system call: its name and its arguments' names and kinds. */
#ifndef SKEP_TRACE_TABLE_H
#define SKEP_TRACE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/trace/event.h"

enum skep_trace_arg_kind {
	TRACE_ARG_INT,	   /* 32 bits, signed */
	TRACE_ARG_UINT,	   /* 32 bits, unsigned */
	TRACE_ARG_LONG,	   /* a word of the ABI, signed */
	TRACE_ARG_ULONG,   /* a word of the ABI, unsigned: sizes, counts, offsets */
	TRACE_ARG_HEX,	   /* a word that is an address or has no meaning of its own */
	TRACE_ARG_FLAGS,   /* bits, or the number of a command */
	TRACE_ARG_MODE,	   /* permissions */
	TRACE_ARG_ID,	   /* a user or group; -1 is none */
	TRACE_ARG_FD,	   /* a descriptor */
	TRACE_ARG_DIRFD,   /* a descriptor that paths begin at, or AT_FDCWD */
	TRACE_ARG_POINTER, /* to something that is not decoded */
	TRACE_ARG_PATH,
	TRACE_ARG_STRING, /* with a NUL at its end, and no path */
};

/* Without pointers, which the loader would have to set at every start of the command. */
struct skep_trace_arg {
	char name[19];
	uint8_t kind; /* enum skep_trace_arg_kind */
};

/* A call of the past, which the kernel refuses: nobody knows its arguments. */
#define TRACE_ARGS_UNKNOWN 0xff

struct skep_trace_syscall {
	char name[30];	      /* "": there is no call of this number */
	uint8_t n_args;	      /* or TRACE_ARGS_UNKNOWN */
	bool returns_address; /* mmap, brk, ... */
	struct skep_trace_arg args[TRACE_N_ARGS];
};

struct skep_trace_table {
	const char *abi; /* "i386" */
	const struct skep_trace_syscall *calls;
	size_t n_calls;
	int bits; /* of a word */
};

extern const struct skep_trace_table skep_trace_table_x86_64, skep_trace_table_i386,
	skep_trace_table_arm64;

/* The table of this machine's native and x32 calls, or of its compat calls; NULL: not known. */
const struct skep_trace_table *skep_trace_table_of(enum skep_trace_abi abi);

/* NULL when the table has no call of that number. */
const struct skep_trace_syscall *skep_trace_table_find(const struct skep_trace_table *table,
						       int32_t nr);

/* What the programs are told: TRACE_RULE_EXEC and which arguments are strings. */
void skep_trace_table_rules(uint8_t rules[2][TRACE_N_RULES]);

#endif
