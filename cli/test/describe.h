/* SPDX-License-Identifier: MIT */
/*
 * Tests that are described in JSON: which program, with which variables, maps and packet, and what
 * is to come of it. Values are typed by the object's BTF. skep-test(1) has the whole format.
 */
#ifndef SKEP_CLI_TEST_DESCRIBE_H
#define SKEP_CLI_TEST_DESCRIBE_H

#include <skep/skep.h>

#include "base/vec.h"
#include "cli/test/test.h"

/* A value as it stands in the file; at NULL: it is not given. */
struct slice {
	const char *at;
	size_t len;
};

struct described_test {
	char *name, *program;
	struct slice program_at;
	struct slice globals, maps, packet, context;
	struct slice result, packet_out, globals_out, maps_out, records, log; /* what is expected */
};

struct description {
	char *path, *text;
	size_t len;
	char *object; /* the file that it tests, from where the description is */
	struct skep_vec(struct described_test) tests;
};

/* True for a file that is one, by its name: "drop.test.json". */
bool description_is(const char *path);

int description_open(struct description *d, const char *path, struct skep_error *err);
void description_close(struct description *d);

/* The description and the captures that it names, NULL-terminated; to be freed with all in it. */
char **description_files(const struct description *d, struct skep_error *err);
void description_files_free(char **files);

/* Runs one; as test_execute(). */
int description_execute(const struct description *d, const struct described_test *test,
			struct skep_spec *spec, struct coverage *coverage,
			struct test_result *result, struct skep_error *err);

/* describe_value.c: reads and compares single values. */

/* Reads @slice, of the type @type_id, over the @size bytes at @out. */
int describe_read(const struct description *d, const struct slice *slice,
		  const struct skep_btf *btf, uint32_t type_id, void *out, size_t size,
		  struct skep_error *err);

/* describe_bytes.c: bytes from hex digits (blanks between them are fine), {"zeros": N}, or {"pcap":
 * F, "frame": N} */
int describe_bytes(const struct description *d, const struct slice *slice, uint8_t **bytes,
		   uint32_t *len, struct skep_error *err);

/* A number or the name of an enumerator of the object or the kernel. */
int describe_number(const struct description *d, const struct slice *slice,
		    const struct skep_btf *btf, int64_t *number, struct skep_error *err);

/*
 * Calls @fn for each member of the object @slice, with its name and value; non-zero ends it.
 * describe_elements() for each element of an array.
 */
typedef int (*describe_member_fn)(void *ctx, const char *name, const struct slice *value,
				  struct skep_error *err);
int describe_members(const struct description *d, const struct slice *slice, describe_member_fn fn,
		     void *ctx, struct skep_error *err);
typedef int (*describe_element_fn)(void *ctx, size_t i, const struct slice *value,
				   struct skep_error *err);
int describe_elements(const struct description *d, const struct slice *slice,
		      describe_element_fn fn, void *ctx, struct skep_error *err);

/* An error at @slice, "FILE:LINE:COLUMN: ..." */
int describe_refuse(const struct description *d, const struct slice *slice, const char *hint,
		    struct skep_error *err, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* A string's content, to be freed. */
int describe_string(const struct description *d, const struct slice *slice, char **string,
		    struct skep_error *err);

/* The members of an object that have a meaning. */
struct describe_field {
	const char *name;
	struct slice *slice;
	bool is_needed;
};

int describe_fields(const struct description *d, const struct slice *slice,
		    const struct describe_field *fields, size_t n, struct skep_error *err);

/* The path of a capture that @slice, a packet, names: 0 and NULL when it names none. */
int describe_capture(const struct description *d, const struct slice *slice, char **path,
		     struct skep_error *err);

/* describe_pcap.c: frame @number, from 1, of a capture file of libpcap, of either format. */
int describe_pcap(const char *path, uint64_t number, uint8_t **bytes, uint32_t *len,
		  struct skep_error *err);

#endif
