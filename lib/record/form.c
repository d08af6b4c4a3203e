// SPDX-License-Identifier: MIT
/* What the forms have around records, and what they do with a value that is not plain. */
#include <string.h>

#include "base/cleanup.h"
#include "base/readable.h"
#include "base/utf8.h"
#include "record/line.h"
#include "record/plain.h"
#include "record/scan.h"

#define EACH(c)	 (0x0101010101010101ull * (uint8_t)(c))
#define BELOW(c) EACH(0x80 - (c))

const struct skep_plain skep_plain_of[SKEP_N_FORMS] = {
	[SKEP_FORM_TEXT] = { BELOW(' '), { EACH('\\'), EACH('\\'), EACH('\\') } },
	[SKEP_FORM_JSON_LINES] = { BELOW(' '), { EACH('\\'), EACH('"'), EACH('"') } },
	[SKEP_FORM_JSON] = { BELOW(' '), { EACH('\\'), EACH('"'), EACH('"') } },
	[SKEP_FORM_CSV] = { BELOW(' '), { EACH(','), EACH('"'), EACH('"') } },
	[SKEP_FORM_LOGFMT] = { BELOW('!'), { EACH('\\'), EACH('"'), EACH('=') } },
};

static const char *const names[SKEP_N_FORMS] = { "text", "jsonl", "json", "csv", "logfmt" };

const char *skep_form_name(enum skep_form form)
{
	return (unsigned int)form < SKEP_N_FORMS ? names[form] : NULL;
}

int skep_form_find(const char *name)
{
	for (int i = 0; name && i < SKEP_N_FORMS; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

bool skep_is_plain(const char *s, size_t len, enum skep_form form)
{
	for (size_t i = 0; i < len; i += 8) {
		uint64_t word = EACH('x');

		memcpy(&word, s + i, len - i < 8 ? len - i : 8);
		if (skep_plain_check(word, &skep_plain_of[form]))
			return false;
	}
	return len;
}

/* Characters that steer a terminal or end a text; tab and line ends may stand between quotes. */
static bool is_control(const uint8_t *s, size_t n)
{
	if (n == 1)
		return (*s < ' ' && *s != '\t' && *s != '\n' && *s != '\r') || *s == 0x7f;
	return n == 2 && s[0] == 0xc2 && s[1] < 0xa0;
}

static void write_csv(const char *str, size_t len, struct skep_text *out)
{
	const uint8_t *s = (const uint8_t *)str;
	size_t n;

	len = strnlen(str, len);
	skep_text_char(out, '"');
	for (size_t i = 0; i < len; i += n) {
		n = s[i] < 0x80 ? 1 : skep_utf8_len(s + i, len - i);
		if (s[i] == '"')
			skep_text_char(out, '"');
		if (n && !is_control(s + i, n))
			skep_text_bytes(out, s + i, n);
		else
			skep_text_lit(out, "\xef\xbf\xbd"); /* U+FFFD */
		n += !n;
	}
	skep_text_char(out, '"');
}

void skep_cell_string(const char *s, size_t len, enum skep_form form, struct skep_text *out)
{
	switch (form) {
	case SKEP_FORM_TEXT:
		return skep_text_escaped(out, s, len);
	case SKEP_FORM_CSV:
		return write_csv(s, len, out);
	default:
		return skep_text_json_string(out, s, len);
	}
}

/* JSON's escapes are none of CSV's. */
static void unescape(size_t start, struct skep_text *out)
{
	SKEP_SCOPED(skep_text_free) struct skep_text string = { 0 };
	struct skep_json_scan scan = { .begin = out->data + start,
				       .at = out->data + start,
				       .end = out->data + out->len };

	if (!memchr(scan.at, '\\', out->len - start) || skep_json_string(&scan, &string))
		return;
	out->len = start;
	out->failed |= string.failed;
	write_csv(string.data ?: "", string.len, out);
}

/* Quotes what was written from @start, which has no control characters, with @mark as escape. */
static void enclose(size_t start, char mark, struct skep_text *out)
{
	size_t len = out->len - start, more = 2;
	char *s = out->data + start;

	for (size_t i = 0; i < len; i++)
		more += s[i] == '"' || s[i] == mark;
	if (!skep_text_room(out, more))
		return;
	s = out->data + start;
	out->len += more;
	s[len + --more] = '"';
	for (size_t i = len; i--;) {
		char c = s[i];

		s[i + more] = c;
		if (c == '"' || c == mark)
			s[i + --more] = mark;
	}
	*s = '"';
}

/*
 * JSON that was written from @start as CSV or logfmt has it: a string loses its quotes where it is
 * plain, all else gets quotes where it is not.
 */
static void requote(size_t start, enum skep_form form, struct skep_text *out)
{
	char *s = out->data + start;
	size_t len = out->len - start;

	if (*s != '"') {
		if (!skep_is_plain(s, len, form))
			enclose(start, form == SKEP_FORM_CSV ? '"' : '\\', out);
	} else if (skep_is_plain(s + 1, len - 2, form)) {
		memmove(s, s + 1, len - 2);
		out->len -= 2;
	} else if (form == SKEP_FORM_CSV) {
		unescape(start, out);
	}
}

void skep_cell_write(const struct skep_node *nodes, uint32_t i, const uint8_t *data, size_t len,
		     enum skep_form form, struct skep_text *out)
{
	const struct skep_node *node = &nodes[i];
	size_t start = out->len;

	if (form != SKEP_FORM_TEXT && form != SKEP_FORM_JSON && skep_meaning_is_time(node->meaning))
		return skep_write_instant(
			skep_node_number(node, data + node->offset) + skep_node_clock(node), out);
	if (form == SKEP_FORM_TEXT && node->kind != SKEP_NODE_ARRAY)
		skep_node_write(node, data + node->offset, len - node->offset, false, out);
	else
		skep_node_write_json(nodes, i, data, len, out);
	if ((form == SKEP_FORM_CSV || form == SKEP_FORM_LOGFMT) && !out->failed)
		requote(start, form, out);
}

static void write_heading(const struct skep_view *view, size_t k, struct skep_text *out)
{
	const struct skep_cell *cell = &view->flat.cells.items[k];
	const char *name = view->schema->columns.items[view->columns.items[k].column].name;
	size_t len = strlen(name), gap = len < cell->width ? cell->width - len : 0;

	for (size_t i = 0; i < gap && cell->is_right; i++)
		skep_text_char(out, ' ');
	for (; *name; name++)
		skep_text_char(out, *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
	for (size_t i = 0; i < gap && !cell->is_right; i++)
		skep_text_char(out, ' ');
}

void skep_view_begin(const struct skep_view *view, enum skep_form form, struct skep_text *out)
{
	if (!view || !out)
		return;
	if (form == SKEP_FORM_JSON)
		skep_text_lit(out, "[\n");
	if (form != SKEP_FORM_TEXT && form != SKEP_FORM_CSV)
		return;
	for (size_t k = 0; k < view->columns.len; k++) {
		const char *name = view->schema->columns.items[view->columns.items[k].column].name;

		if (k)
			skep_text_char(out, form == SKEP_FORM_CSV ? ',' : ' ');
		if (form == SKEP_FORM_TEXT)
			write_heading(view, k, out);
		else if (skep_is_plain(name, strlen(name), form))
			skep_text_str(out, name);
		else
			write_csv(name, strlen(name), out);
	}
	skep_text_str(out, form == SKEP_FORM_CSV ? "\r\n" : "\n");
}

void skep_form_between(enum skep_form form, struct skep_text *out)
{
	if (out && form == SKEP_FORM_JSON)
		skep_text_char(out, ',');
}

void skep_form_end(enum skep_form form, struct skep_text *out)
{
	if (out && form == SKEP_FORM_JSON)
		skep_text_lit(out, "]\n");
}
