/* SPDX-License-Identifier: MIT */
/*
 * skep/filter.h - which records are wanted, in words:
 *
 *	pid == 1 && comm ~ ^ba && !error
 *	daddr == 10.0.0.0/8, port in (80, 443), latency > 10ms
 *	state == TCP_ESTABLISHED or (bytes >= 4KiB and not flags.retransmitted)
 *
 * A filter is compiled once, for one schema, into a list of tests that run on a record's bytes and
 * never look at its type again. A filter does not change, and any number of threads may use it;
 * it does not need its schema any longer.
 *
 * A test is a member, a comparison and a value. Members have dotted names (addr.port), elements
 * of arrays their number (list[2]); what is no struct itself is called value. A member alone is
 * true if it is neither zero nor empty.
 *
 *	a == b  a != b  a < b	numbers, and text by its bytes; also <= > >=
 *	a ~ b  a !~ b		text, and names of enums, that have a match of a POSIX extended
 *				regular expression, and that have none
 *	a in (b, c)		is one of these; not in: is none of them
 *	!  &&  ||		in the order in which they bind; also not, and, a comma, or
 *
 * Values are what skep_record_read_json() takes, without quotes where there is no blank, comma,
 * parenthesis, quote, & or |: numbers (0x1f, 0644, -1), names of enums, errors and signals, true
 * and false, text in quotes of either kind with the escapes \" \' \\ \n \t \r \xNN (before which
 * a pattern needs none but those of the quotes), addresses, networks (10.0.0.0/8), MACs, ports,
 * times (2026-01-31T12:30:01Z; 12:30 of today, local), durations (1.5ms; a bare number has the
 * nanoseconds) and sizes (4KiB, 4K). A name of an error is its number with
 * either sign, also for plain integers; with a minus in front it is the negative one.
 *
 * A record that ends before a member makes each comparison with it false: both a == 1 and a != 1;
 * !(a == 1) is true then.
 */
#ifndef SKEP_FILTER_H
#define SKEP_FILTER_H

#include <skep/error.h>
#include <skep/record.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_filter;

/*
 * skep_filter_new - compiles @text for records of @schema.
 *
 * The error's source is "filter:COLUMN", its hint what is allowed there. ENOENT: the type has no
 * such member (nothing behind it was looked at): with several types of records it is the caller
 * who decides whether such a record is wanted. EINVAL: no filter, or the wrong kind of value;
 * ERANGE: a value or index that no record of the type can have; E2BIG: more than 4,096 bytes,
 * 1,000 comparisons, 64 levels of parentheses, or a pattern of more than 256 bytes, or of
 * more than 1,000 places with what is repeated.
 */
struct skep_filter *skep_filter_new(const struct skep_schema *schema, const char *text,
				    struct skep_error *err);

/*
 * skep_filter_matches - whether a record is wanted. It allocates nothing, apart from what
 * regexec(3) does for patterns that are more than text between ^ and $. Without a filter, each is.
 */
bool skep_filter_matches(const struct skep_filter *filter, const void *data, size_t len);

void skep_filter_free(struct skep_filter *filter);

/*
 * skep_filter_point - two lines for people that show where @err, of skep_filter_new(), is in @text:
 * the text, and a caret below. Nothing if the error says no column.
 */
void skep_filter_point(const struct skep_error *err, const char *text, struct skep_text *out);

#ifdef __cplusplus
}
#endif

#endif
