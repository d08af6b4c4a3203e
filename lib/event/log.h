/* SPDX-License-Identifier: MIT */
/*
 * The user side of skep/bpf/log.h: the same layouts, read. Table and records are untrusted, and
 * all that is read of them is bounds-checked here.
 */
#ifndef SKEP_EVENT_LOG_H
#define SKEP_EVENT_LOG_H

#include <linux/bpf.h>
#include <skep/log.h>

#include "base/vec.h"

#define SKEP_LOG_MAGIC	  0x6c70656b
#define SKEP_LOG_MAX_ARGS 8

/* As in skep/bpf/log_format.h. */
enum skep_log_kind {
	SKEP_LOG_WRONG,
	SKEP_LOG_WRONG_HINT,
	SKEP_LOG_INT,
	SKEP_LOG_LEN,
	SKEP_LOG_ADDRESS,
	SKEP_LOG_MEMORY,
	SKEP_LOG_BYTES,
	SKEP_LOG_STRING_READ,
	SKEP_LOG_STRING_USER,
	SKEP_LOG_BYTES_READ,
};

struct skep_log_arg {
	uint8_t kind, unused;
	uint16_t size;
};

/* How a description in the table begins; arguments, function and texts follow. */
struct skep_log_site_head {
	uint32_t magic;
	uint16_t size;
	uint8_t level, n_args;
	uint64_t id;
	uint32_t line;
	uint32_t bytes;
};

#define SKEP_LOG_FUNCTION 32

struct skep_log_header {
	uint64_t time;
	uint64_t site;
	uint64_t pid; /* the thread in the low half */
	uint32_t cpu;
	uint32_t bytes;
};

/* One line of the source that logs. Its texts are in the table's memory. */
struct skep_log_site {
	uint64_t id;
	uint32_t offset, size; /* in the table */
	uint32_t line, bytes;
	enum skep_log_level level;
	const struct skep_log_arg *args;
	size_t n_args;
	char function[SKEP_LOG_FUNCTION];
	const char *format, *file, *program;
	bool is_shared; /* by several programs */
};

struct skep_log_table {
	uint8_t *data;
	struct skep_vec(struct skep_log_site) sites;   /* in the table's order */
	struct skep_vec(struct skep_log_site *) by_id; /* ascending */
	struct skep_vec(char *) names;
};

/* event/log_table.c: reads a copy of @data. EINVAL: what is in it are no descriptions. */
int skep_log_table_read(struct skep_log_table *table, const void *data, size_t len,
			struct skep_error *err);
void skep_log_table_free(struct skep_log_table *table);

/* The line with this number, or NULL. */
const struct skep_log_site *skep_log_table_find(const struct skep_log_table *table, uint64_t id);

/*
 * Notes of all lines that these instructions refer to that they are program @name's; @map is what
 * the instructions call the table: its fd, or its id.
 */
int skep_log_table_note(struct skep_log_table *table, const struct bpf_insn *insns, size_t n,
			uint32_t map, const char *name);

/* The values of a record whose length is right; at most SKEP_LOG_MAX_ARGS. */
void skep_log_read_values(const struct skep_log_site *site, const uint8_t *record,
			  struct skep_log_value *values);

/* What a line's text depends on that is not in the record. */
struct skep_log_env {
	int64_t realtime; /* CLOCK_REALTIME - CLOCK_MONOTONIC, ns */
	/* Writes the name of a kernel address, false when it is not known. */
	bool (*symbol)(void *ctx, uint64_t address, bool with_offset, struct skep_text *out);
	void *ctx;
};

/* event/log_message.c: the format with its values. */
void skep_log_write_message(const char *format, const struct skep_log_value *values, size_t n,
			    const struct skep_log_env *env, struct skep_text *out);

/*
 * event/log_hint.c: a value as the letters at *hint (behind "%p") say, and *hint behind them. @len
 * is the int of "%*ph", or -1.
 */
void skep_log_write_hint(const char **hint, const struct skep_log_value *value, int64_t len,
			 const struct skep_log_env *env, struct skep_text *out);

/* A string of @value, up to its end, or why there is none: "<EFAULT>". */
void skep_log_write_string(const struct skep_log_value *value, int precision,
			   struct skep_text *out);

#endif
