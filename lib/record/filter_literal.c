// SPDX-License-Identifier: MIT
/*
 * Values in a filter. What JSON may have for a member is read by what reads JSON into records, into
 * bytes of which the number is loaded as from a record; what people write besides is turned into a
 * number before.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/quantity.h"
#include "record/filter_compile.h"
#include "record/number.h"
#include "record/store.h"

#define MOST_NUMBER 32

int skep_filter_read_bytes(const struct skep_filter_compiler *c,
			   const struct skep_filter_member *member, const char *at,
			   const struct skep_text *value, bool is_bare, uint8_t *bytes, size_t size)
{
	SKEP_SCOPED(skep_text_free) struct skep_text json = { 0 };
	struct skep_error why = { 0 };
	struct skep_json_scan s = { .source = "filter", .err = &why };
	int ret;

	if (is_bare)
		skep_text_bytes(&json, value->data, value->len);
	else
		skep_text_json_string(&json, value->data ?: "", value->len);
	s.begin = s.at = skep_text_string(&json);
	s.end = s.at + json.len;
	if (json.failed)
		return skep_error_nomem(c->err, SKEP_STAGE_USAGE);
	memset(bytes, 0, size);
	ret = skep_node_read(&member->node, &s, bytes, size);
	if (!ret && (skep_json_peek(&s) != SKEP_JSON_END || !strcmp(s.begin, "null")))
		ret = skep_json_refuse(&s, s.at, EINVAL, skep_node_wanted(&member->node),
				       "'%.*s' is not its value", 48, s.begin);
	if (!ret)
		return 0;
	skep_filter_refuse(c, at, why.code, *why.hint ? why.hint : NULL, "%s", why.cause);
	skep_error_add_subject(c->err, "member '%.*s'", (int)(member->len < 96 ? member->len : 96),
			       member->at);
	return ret;
}

static bool is_whole(const struct skep_node *node)
{
	return node->kind == SKEP_NODE_UNSIGNED || node->kind == SKEP_NODE_SIGNED;
}

/* "0644", as C has it. */
static bool read_octal(const struct skep_node *node, const char *text, uint64_t *number)
{
	char *end;

	if (!is_whole(node) || node->meaning == SKEP_MEANING_OCTAL ||
	    node->meaning == SKEP_MEANING_PORT || *text != '0' || !text[1])
		return false;
	errno = 0;
	*number = strtoull(text, &end, 8);
	return !*end && !errno;
}

/* "12:30", "12:30:01.5": a time of today, where the clock on the wall is. */
static bool read_clock(const struct skep_node *node, const char *text, uint64_t *number)
{
	time_t now = time(NULL);
	struct tm tm = { 0 };
	uint64_t ns = 0, unit = 100000000;
	const char *rest;

	if (!skep_meaning_is_time(node->meaning) || !localtime_r(&now, &tm))
		return false;
	tm.tm_sec = 0;
	tm.tm_isdst = -1;
	rest = strptime(text, "%H:%M:%S", &tm) ?: strptime(text, "%H:%M", &tm);
	if (rest && *rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9' && unit; unit /= 10)
			ns += (uint64_t)(*rest++ - '0') * unit;
	if (!rest || *rest)
		return false;
	*number = (uint64_t)mktime(&tm) * 1000000000 + ns - skep_node_clock(node);
	return true;
}

static bool read_duration(const struct skep_node *node, const char *text, uint64_t *number)
{
	int64_t ns;

	if (node->meaning != SKEP_MEANING_DURATION || !skep_read_duration(text, &ns))
		return false;
	*number = (uint64_t)ns;
	return true;
}

static bool read_size(const struct skep_node *node, const char *text, uint64_t *number)
{
	bool may_be = node->meaning == SKEP_MEANING_BYTES || (is_whole(node) && !node->meaning);

	return may_be && skep_read_size(text, number);
}

/* What only filters take, as the number that it is. False: it is nothing of that. */
static bool rewrite(const struct skep_node *node, const char *text, char number[MOST_NUMBER])
{
	bool is_negative = *text == '-';
	uint64_t magnitude;

	text += is_negative;
	if (!read_octal(node, text, &magnitude) &&
	    (skep_number_is_one(text, strlen(text)) ||
	     (!read_clock(node, text, &magnitude) && !read_duration(node, text, &magnitude) &&
	      !read_size(node, text, &magnitude))))
		return false;
	snprintf(number, MOST_NUMBER, "%s%llu", is_negative ? "-" : "",
		 (unsigned long long)magnitude);
	return true;
}

/* The meaning whose name a text could be, behind a minus. */
static enum skep_meaning meaning_of_name(const struct skep_node *node, const char *text)
{
	bool is_plain = is_whole(node) && !node->meaning && node->size <= 8;

	if (!is_plain && node->meaning != SKEP_MEANING_ERRNO)
		return SKEP_MEANING_NONE;
	text += *text == '-';
	if (*text == 'E' && text[1] >= '2' && text[1] <= 'Z')
		return SKEP_MEANING_ERRNO;
	return is_plain && !strncmp(text, "SIG", 3) ? SKEP_MEANING_SIGNAL : SKEP_MEANING_NONE;
}

static skep_u128 load(const struct skep_filter_member *member, const uint8_t *bytes)
{
	uint64_t number;

	if (member->test.op == SKEP_FILTER_128 || member->test.op == SKEP_FILTER_BE128)
		return skep_filter_load_wide(&member->test, bytes);
	number = skep_filter_load(&member->test, bytes);
	return number;
}

/* A negative error's name is that error; without a minus it is either sign's. */
static int read_name(const struct skep_filter_compiler *c, const struct skep_filter_member *member,
		     enum skep_meaning meaning, const char *at, const struct skep_text *value,
		     struct skep_filter_range ranges[SKEP_FILTER_MOST_RANGES])
{
	bool is_negative = value->len && *value->data == '-';
	const struct skep_text name = { .data = value->data + is_negative,
					.len = value->len - is_negative };
	struct skep_filter_member as = *member;
	uint8_t bytes[16];
	uint64_t number;
	int ret;

	as.node.meaning = (uint8_t)meaning;
	ret = skep_filter_read_bytes(c, &as, at, &name, false, bytes, sizeof(bytes));
	if (ret)
		return ret;
	number = (uint64_t)load(member, bytes);
	if (is_negative)
		number = 0 - number;
	ranges[0] = (struct skep_filter_range){ number, number };
	ranges[1] = (struct skep_filter_range){ 0 - number, 0 - number };
	return meaning == SKEP_MEANING_ERRNO && !is_negative && number ? 2 : 1;
}

/* Characters may be given as such or by their numbers; quotes tell "5" from 5. */
static bool is_bare(const struct skep_node *node, const struct skep_text *value, bool is_quoted)
{
	if (node->kind == SKEP_NODE_CHAR)
		return !is_quoted && skep_number_is_one(value->data, value->len);
	return node->kind == SKEP_NODE_BOOL || node->kind == SKEP_NODE_FLOAT;
}

int skep_filter_read_number(const struct skep_filter_compiler *c,
			    const struct skep_filter_member *member, const char *at,
			    const struct skep_text *value, bool is_quoted,
			    struct skep_filter_range ranges[SKEP_FILTER_MOST_RANGES])
{
	SKEP_SCOPED(skep_text_free) struct skep_text copy = { 0 };
	const struct skep_node *node = &member->node;
	char number[MOST_NUMBER];
	enum skep_meaning name;
	uint8_t bytes[16];
	int ret;

	skep_text_bytes(&copy, value->data, value->len);
	ret = skep_filter_read_network(c, member, at, &copy, &ranges[0]);
	if (ret <= 0)
		return ret ?: 1;
	name = meaning_of_name(node, skep_text_string(&copy));
	if (name)
		return read_name(c, member, name, at, value, ranges);
	if (rewrite(node, skep_text_string(&copy), number)) {
		skep_text_reset(&copy);
		skep_text_str(&copy, number);
	}
	ret = skep_filter_read_bytes(c, member, at, &copy, is_bare(node, value, is_quoted), bytes,
				     sizeof(bytes));
	if (ret)
		return ret;
	ranges[0].low = ranges[0].high = load(member, bytes);
	/* All that is not zero is true. */
	if (node->kind == SKEP_NODE_BOOL && ranges[0].low)
		ranges[0].high = UINT64_MAX;
	return 1;
}
