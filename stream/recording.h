/* SPDX-License-Identifier: MIT */
/*
 * Recordings: records as they came, with all that is needed to read them elsewhere and later.
 *
 *	header	 magic, version, byte order and name of the machine, time
 *	source	 name, kind, clocks, types (BTF with what the records are made of)
 *	records	 each with its time, CPU, source and length
 *	losses	 records of a source that were lost
 *	end	 how many records there are
 *
 * Behind the header stand blocks, each with its kind, length and a sum of its bytes: what is
 *damaged is left out and told, the rest is read. Numbers of the recording itself are little-endian;
 *what is in records and types has the machine's order, and is read on machines of the same order
 *only.
 */
#ifndef SKEP_STREAM_RECORDING_H
#define SKEP_STREAM_RECORDING_H

#include <stdint.h>
#include <sys/types.h>
#include <skep/record.h>

#include "base/vec.h"

#define SKEP_RECORDING_MAGIC   "\x89skr\r\n\x1a\n"
#define SKEP_RECORDING_VERSION 1
#define SKEP_RECORDING_BLOCK   0x314b4c42u /* "BLK1" */

#define SKEP_RECORDING_SOURCES 1024

/* A longer block is taken for damage. */
#define SKEP_RECORDING_MOST (1u << 30)

enum skep_recording_kind {
	SKEP_RECORDING_SOURCE = 1,
	SKEP_RECORDING_RECORDS,
	SKEP_RECORDING_LOSSES,
	SKEP_RECORDING_END,
};

struct skep_recording_header {
	char magic[8];
	uint16_t version;
	uint8_t is_big_endian;
	uint8_t zero[5];
	uint64_t time;	  /* ns since 1970 */
	char machine[16]; /* "x86_64" */
};

struct skep_recording_block {
	uint32_t magic, kind;
	uint64_t len; /* of what follows */
	uint64_t sum; /* of that, begun with kind and len */
};

/* Then the name, clocks of 8 bytes each, and the types. */
struct skep_recording_source_head {
	uint32_t index;
	uint32_t is_text; /* lines for people */
	uint32_t type_id; /* 0: bytes of unknown type */
	uint32_t name_len, n_clocks, types_len;
};

/* Then the record, and zeros up to a multiple of 8 bytes. */
struct skep_recording_head {
	uint32_t len, source;
	uint64_t time;
	int32_t cpu;
	uint32_t zero;
};

struct skep_recording_loss {
	uint32_t source, zero;
	uint64_t n;
};

/* Of whole words; less than one is filled up with zeros. */
uint64_t skep_recording_sum(uint32_t kind, const void *data, uint64_t len);

/* What a recording holds, one after the other. */
struct skep_recording_item {
	enum skep_recording_kind kind;
	uint32_t source;
	/* RECORDS: one of them */
	const void *data; /* aligned to 8 bytes, valid until the next item is read */
	uint32_t len;
	int cpu;
	int64_t time;
	/* LOSSES */
	uint64_t lost;
};

struct skep_recording_source {
	char *name; /* NULL: there is no source of that number */
	bool is_text;
	struct skep_schema *schema; /* NULL: none */
};

struct skep_recording;

/* Reads as @read does: its result is that of read(2). */
struct skep_recording *skep_recording_new(ssize_t (*read)(void *ctx, void *buf, size_t len),
					  void *ctx, const char *name, struct skep_error *err);

/*
 * A file; "-" is stdin. EINVAL: it is no recording; ENOTSUP: of another byte order, or of a newer
 * version.
 */
struct skep_recording *skep_recording_open(const char *path, struct skep_error *err);
void skep_recording_free(struct skep_recording *rec);

/* 1 with the next item, 0 at the end, or a negative errno when it cannot be read. */
int skep_recording_next(struct skep_recording *rec, struct skep_recording_item *item,
			struct skep_error *err);

/* Of an item's number. NULL: it was not told what it is, as that was damaged. */
const struct skep_recording_source *skep_recording_source(const struct skep_recording *rec,
							  uint32_t index);

struct skep_recording_damage {
	uint64_t blocks;      /* that were left out */
	uint64_t bytes;	      /* in them, as far as can be told */
	bool is_cut;	      /* it ends without its end */
	uint64_t records;     /* that were read */
	uint64_t had_records; /* as its end says; 0 when that is not there */
};

void skep_recording_damage(const struct skep_recording *rec, struct skep_recording_damage *damage);

#endif
