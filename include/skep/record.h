/* SPDX-License-Identifier: MIT */
/*
 * skep/record.h - records as text, and text as records.
 *
 * A record is bytes plus a schema. The schema is compiled once from BTF into a plan, a flat list
 * of steps; writing a record runs the plan and never looks at BTF. A schema does not change and
 * may be used by any number of threads; it does not need its BTF any longer.
 *
 * Integers, enums by name (unknown values as numbers), bool, char, char arrays as strings, arrays,
 * nested and anonymous structs and unions, bitfields, pointers, floats, 128-bit integers. Members
 * that say what they stand for (skep/bpf/record.h) are addresses, times, sizes and the like; times
 * are those of the day in text and RFC 3339 in JSON, where durations and sizes stay numbers.
 *
 * A record shorter than its type (a variable-length one) is written as far as it goes; members
 * that are not there are null in JSON and "-" in text. Longer ones are fine too.
 */
#ifndef SKEP_RECORD_H
#define SKEP_RECORD_H

#include <skep/btf.h>
#include <skep/text.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_schema;
struct skep_symbolizer;
struct skep_map;

struct skep_schema_opts {
	size_t size; /* sizeof(struct skep_schema_opts) */
	/*
	 * Names members that are stacks (SKEP_AS(kernel_stack), SKEP_AS(user_stack)); NULL: they
	 * are the numbers that their types say. It must outlive the schema; threads may share both,
	 * but then nothing else uses the symbolizer.
	 */
	struct skep_symbolizer *symbolizer;
	const struct skep_map *const
		*stacks; /* that keep stacks, for members that are ids of them */
	size_t n_stacks;
	bool keep_types; /* for skep_schema_types() */
	/*
	 * For records of another boot or time: what skep_schema_clocks() told then, instead of what
	 * clocks are apart now.
	 */
	const int64_t *clocks;
	size_t n_clocks;
};

/*
 * skep_schema_new - compiles a type. ENOTSUP for a type that has no size (the message names the
 * member), E2BIG for more than 4,096 members in all or a name of more than 511 bytes, EINVAL for
 * damaged BTF.
 */
struct skep_schema *skep_schema_new(const struct skep_btf *btf, uint32_t type_id,
				    const struct skep_schema_opts *opts, struct skep_error *err);
void skep_schema_free(struct skep_schema *schema);

const char *skep_schema_name(const struct skep_schema *schema); /* "event" */
size_t skep_schema_size(const struct skep_schema *schema);	/* bytes of a full record */

/*
 * The types that records are made of, as BTF of their own, in which the record's is *@type_id. NULL
 * unless they were to be kept. They are the schema's.
 */
const void *skep_schema_types(const struct skep_schema *schema, size_t *len, uint32_t *type_id);

/*
 * What is added to each time of a record to have nanoseconds since 1970, in the order of the
 * members. Writes at most @room of them and returns how many there are.
 */
size_t skep_schema_clocks(const struct skep_schema *schema, int64_t *clocks, size_t room);

/*
 * Columns of the text form: nested members have dotted names ("addr.port"). Those of hidden members
 * stand behind them: skep_schema_n_all_columns() counts both. NULL: there is no such column.
 */
size_t skep_schema_n_columns(const struct skep_schema *schema);
size_t skep_schema_n_all_columns(const struct skep_schema *schema);
const char *skep_schema_column(const struct skep_schema *schema, size_t i);

/* The column of this name, hidden ones too; else one that differs in case only; -1: none. */
int skep_schema_find_column(const struct skep_schema *schema, const char *name);

/* A column's SKEP_AS() word, "time"; "" if it has none, NULL if there is no such column. */
const char *skep_schema_column_meaning(const struct skep_schema *schema, size_t i);

/* Values of columns, for those that neither write lines nor JSON: filters, tables. */
enum skep_value_kind {
	SKEP_VALUE_NONE, /* not there: the record is shorter, or there is no such column */
	SKEP_VALUE_UNSIGNED,
	SKEP_VALUE_SIGNED,
	SKEP_VALUE_DOUBLE,
	SKEP_VALUE_BOOL,
	SKEP_VALUE_TEXT,
};

struct skep_value {
	enum skep_value_kind kind;
	union {
		uint64_t u;
		int64_t i;
		double d; /* may be NaN or infinite */
		bool b;
		struct {
			const char *data; /* without NUL at its end */
			size_t len;
		} text;
	};
};

/*
 * What the values of a column are. A single one may be another: the number of what has no name
 * (TEXT), and the digits of a 128-bit number that does not fit into 64 (UNSIGNED, SIGNED).
 */
enum skep_value_kind skep_schema_column_kind(const struct skep_schema *schema, size_t i);

/*
 * Bytes that a column's member has in a record: of an unsigned one of 8, numbers may be above what
 * signed ones of 64 bits take. 0: there is no such column.
 */
size_t skep_schema_column_size(const struct skep_schema *schema, size_t i);

/*
 * skep_record_value - the value of one column. Numbers are numbers, also pointers, sizes,
 * durations, and times, which are nanoseconds since 1970; char arrays are text as it is, unescaped
 * and up to its first NUL; addresses and names (of enums, errors, signals) are text; arrays are
 * JSON. Text is in the record or is appended to @scratch, and is valid until either changes: the
 * caller resets @scratch between records. NONE as well when memory for text ran out
 * (scratch->failed).
 */
void skep_record_value(const struct skep_schema *schema, size_t column, const void *data,
		       size_t len, struct skep_text *scratch, struct skep_value *value);

/* The number that stands behind a name (an enum's, an error's, a signal's). False: there is none.
 */
bool skep_record_number(const struct skep_schema *schema, size_t column, const void *data,
			size_t len, struct skep_value *value);

/* The header line for skep_record_text(), in capitals, with newline. */
void skep_schema_write_header(const struct skep_schema *schema, struct skep_text *out);

/* One record as a line of aligned columns, with newline; numbers to the right, text to the left. */
void skep_record_write_text(const struct skep_schema *schema, const void *data, size_t len,
			    struct skep_text *out);

/*
 * One record as a line of JSON, with newline: an object with the members' names. 64-bit integers
 * are written as numbers, exactly; char arrays as strings; NaN and infinities as null.
 */
void skep_record_write_json(const struct skep_schema *schema, const void *data, size_t len,
			    struct skep_text *out);

/*
 * The same as a value inside other JSON: without newline, and what is no struct stands for itself
 * ("5" instead of {"value":5}).
 */
void skep_record_write_value(const struct skep_schema *schema, const void *data, size_t len,
			     struct skep_text *out);

/*
 * skep_record_read_json - writes the record that @len bytes of JSON @text describe into the @size
 * bytes at @out, which are at least skep_schema_size(). It takes what the writers above give:
 * integers of all sizes as numbers or in strings ("0x1f"), checked against the type's range; enums
 * by name or number; bools; char arrays as strings or arrays of numbers; arrays; objects with the
 * members of structs and unions; bitfields; pointers; floats.
 *
 * Members and elements that are not given, and those that are null, keep the bytes that are there:
 * zero them before, or change a record in part.
 *
 * The error's source is "SOURCE:LINE:COLUMN", @source being what the text is called (NULL: "JSON"),
 * its subject the member, its hint what is allowed. EINVAL: no JSON, or the wrong kind of value;
 * ERANGE: too large, too long; ENOENT: there is no such member. Then @out is half written.
 */
int skep_record_read_json(const struct skep_schema *schema, const char *text, size_t len,
			  const char *source, void *out, size_t size, struct skep_error *err);

/*
 * skep_record_resolve - names the stacks of processes that a record has, for when it is written
 * later, perhaps by another thread: the process may have ended then. Costs nothing where there are
 * none.
 */
void skep_record_resolve(const struct skep_schema *schema, const void *data, size_t len);

/* A record of unknown type: {"bytes":"0a1b..."} in JSON, hex in text. */
void skep_record_write_hex(const void *data, size_t len, bool json, struct skep_text *out);

#ifdef __cplusplus
}
#endif

#endif
