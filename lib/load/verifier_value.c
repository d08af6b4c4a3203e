// SPDX-License-Identifier: MIT
/*
 * What the verifier knew of a register where it stopped, in words. Its log tells after each
 * instruction what that changed (5.18 on): "8: (0f) r2 += r1   ; R1=scalar(...) R2=fp(...)".
 */
#include "load/verifier.h"

#include <stdlib.h>
#include <string.h>

/* "map_value(off=8,ks=4,vs=64,umax=7)": a kind, and what is in its parentheses. */
struct value {
	const char *text;
	size_t kind_len, len;
};

static bool is_boundary(char c)
{
	return c == ' ' || c == ';' || c == '\t' || c == '\n';
}

static size_t value_len(const char *text, const char *end)
{
	const char *at = text;
	int depth = 0;

	for (; at < end && *at != '\n' && (depth || *at != ' '); at++) {
		depth += *at == '(';
		depth -= *at == ')';
	}
	return (size_t)(at - text);
}

/* "R2=", "R2_w=", "R2_rw=" as a word; the last one counts. */
static bool find_in_line(struct skep_log_line line, int reg, struct value *value)
{
	const char *end = line.text + line.len;
	char name[8];
	size_t name_len = (size_t)snprintf(name, sizeof(name), "R%d", reg);
	bool found = false;

	for (const char *at = line.text; at + name_len < end; at++) {
		const char *rest = at + name_len;
		const char *paren;

		if ((at > line.text && !is_boundary(at[-1])) || memcmp(at, name, name_len) != 0)
			continue;
		while (rest < end && strchr("_rw", *rest))
			rest++;
		if (rest >= end || *rest != '=')
			continue;
		value->text = rest + 1;
		value->len = value_len(value->text, end);
		paren = memchr(value->text, '(', value->len);
		value->kind_len = paren ? (size_t)(paren - value->text) : value->len;
		found = value->len > 0;
	}
	return found;
}

static bool has_word(const char *text, size_t len, const char *word)
{
	return memmem(text, len, word, strlen(word)) != NULL;
}

/* A line that tells all registers, as at the beginning of a path or of a function. */
static bool tells_all(struct skep_log_line line)
{
	return has_word(line.text, line.len, " R10=fp") && !memchr(line.text, ';', line.len);
}

/*
 * Searches backwards, up to a line that tells all: what stands before it is about another path.
 * Before 5.18 nothing follows an instruction; then such a line holds for the one after it alone.
 */
static bool find_value(const char *log, int reg, struct value *value)
{
	bool tells_changes = strstr(log, "; R") || strstr(log, "; frame");
	const char *end = log + strlen(log);
	int64_t insn;
	int insns = 0;

	while (end > log) {
		struct skep_log_line line = skep_log_line_before(log, &end);
		bool all = tells_all(line);

		if (all && !tells_changes && insns > 1)
			return false;
		if (find_in_line(line, reg, value))
			return true;
		if (all)
			return false;
		insns += skep_log_line_insn(line, &insn) && has_word(line.text, line.len, ": (");
	}
	return false;
}

/*
 * A member's number: "umax=7", "umax_value=7", and "smax=umax=7" where several are the same.
 */
static bool get(const struct value *value, const char *key, int64_t *number)
{
	const char *end = value->text + value->len;
	size_t len = strlen(key);

	for (const char *at = value->text + value->kind_len; at + len < end; at++) {
		const char *rest = at + len;
		char *stop;

		if (!strchr("(,=", at[-1]) || memcmp(at, key, len) != 0)
			continue;
		if ((size_t)(end - rest) > 6 && !memcmp(rest, "_value", 6))
			rest += 6;
		if (*rest != '=')
			continue;
		while (rest < end && *rest == '=') {
			rest++;
			if (strchr("-0123456789", *rest))
				break;
			rest += strcspn(rest, "=,)");
		}
		*number =
			*rest == '-' ? strtoll(rest, &stop, 0) : (int64_t)strtoull(rest, &stop, 0);
		return stop > rest;
	}
	return false;
}

static bool is_kind(const struct value *value, const char *kind)
{
	size_t len = strlen(kind);

	return value->kind_len >= len && !memcmp(value->text, kind, len);
}

/* How far the unknown part of a pointer's offset may go; false if it has no limit. */
static bool offsets(const struct value *value, int64_t *low, int64_t *high)
{
	int64_t off = 0, min = 0, max = 0;
	bool is_variable = get(value, "umax", &max) || get(value, "smax", &max);

	get(value, "off", &off);
	if (is_variable && !get(value, "smin", &min))
		get(value, "umin", &min);
	*low = off + min;
	*high = off + max;
	return has_word(value->text, value->len, "var_off") ? is_variable : true;
}

static void write_offsets(const struct value *value, struct skep_text *out)
{
	int64_t low, high;

	if (!offsets(value, &low, &high))
		skep_text_lit(out, "any offset");
	else if (low == high)
		skep_text_printf(out, "offset %lld", (long long)low);
	else
		skep_text_printf(out, "offsets %lld to %lld", (long long)low, (long long)high);
}

static bool write_constant(const struct value *value, struct skep_text *out)
{
	const char *text = value->text;
	char *stop;
	int64_t number;

	text += is_kind(value, "inv") ? 3 : 0;
	text += *text == 'P';
	number = *text == '-' ? strtoll(text, &stop, 0) : (int64_t)strtoull(text, &stop, 0);
	if (stop == text || stop != value->text + value->len)
		return false;
	skep_text_printf(out, "is %lld", (long long)number);
	return true;
}

/* A number of which nothing is known is not worth a word. */
static bool write_number(const struct value *value, struct skep_text *out)
{
	int64_t umin = 0, umax = -1, smin = INT64_MIN, smax = INT64_MAX;

	get(value, "umin", &umin);
	get(value, "umax", &umax);
	get(value, "smin", &smin);
	get(value, "smax", &smax);
	if (umax >= 0)
		skep_text_printf(out, "is %lld to %lld", (long long)(smin > umin ? smin : umin),
				 (long long)umax);
	else if (smin != INT64_MIN && smax != INT64_MAX)
		skep_text_printf(out, "is %lld to %lld", (long long)smin, (long long)smax);
	else if (smax != INT64_MAX)
		skep_text_printf(out, "is at most %lld and may be negative", (long long)smax);
	else if (smin != INT64_MIN || umin)
		skep_text_printf(out, "is at least %lld",
				 (long long)(smin != INT64_MIN ? smin : umin));
	else
		return false;
	return true;
}

static bool write_stack(const struct value *value, struct skep_text *out)
{
	skep_text_lit(out, "points to ");
	if (value->kind_len == value->len)
		skep_text_printf(out, "offset %.*s", (int)(value->len - 2), value->text + 2);
	else
		write_offsets(value, out);
	skep_text_lit(out, " of the stack");
	return true;
}

static bool write_memory(const struct value *value, const char *size_key, const char *what,
			 struct skep_text *out)
{
	int64_t size;

	if (!get(value, size_key, &size))
		return false;
	skep_text_lit(out, "points to ");
	write_offsets(value, out);
	skep_text_printf(out, " of %lld bytes of %s", (long long)size, what);
	return true;
}

static bool write_packet(const struct value *value, struct skep_text *out)
{
	int64_t range = 0;

	get(value, "r", &range);
	skep_text_lit(out, "points to ");
	write_offsets(value, out);
	skep_text_printf(out, " of the packet, of which %lld bytes have been checked",
			 (long long)range);
	return true;
}

bool skep_verifier_value(const char *log, int reg, struct skep_text *out)
{
	struct value value;

	if (!find_value(log, reg, &value) || has_word(value.text, value.kind_len, "_or_null"))
		return false;
	if (write_constant(&value, out))
		return true;
	if (is_kind(&value, "scalar") || is_kind(&value, "inv") || is_kind(&value, "Pscalar"))
		return write_number(&value, out);
	if (is_kind(&value, "fp"))
		return write_stack(&value, out);
	if (is_kind(&value, "map_value"))
		return write_memory(&value, "vs", "the map's value", out);
	if (is_kind(&value, "pkt") && !is_kind(&value, "pkt_end"))
		return write_packet(&value, out);
	return is_kind(&value, "mem") && write_memory(&value, "sz", "memory", out);
}
