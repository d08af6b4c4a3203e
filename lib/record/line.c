// SPDX-License-Identifier: MIT
/* A record as a line: one pass over its cells. */
#include "record/line.h"

#include "base/digits.h"
#include "base/integer.h"
#include "record/plain.h"

/* What is at work: @at is where out's next byte goes, with room for the rest of the line. */
struct writer {
	const struct skep_node *nodes;
	const uint8_t *data;
	size_t len;
	enum skep_form form;
	struct skep_text *out;
	size_t room;
	char *at;
};

/* A record of no bytes. */
static const uint8_t nothing;

static bool begin(struct writer *w)
{
	if (!skep_text_room(w->out, w->room))
		return false;
	w->at = w->out->data + w->out->len;
	return true;
}

static void commit(struct writer *w)
{
	w->out->len = (size_t)(w->at - w->out->data);
}

static char *put_number(char *at, uint64_t magnitude, bool is_negative, uint32_t width)
{
	uint32_t n = skep_digits_count(magnitude), len = n + is_negative;

	if (len < width)
		at = skep_put_blanks(at, width - len);
	*at = '-';
	return skep_put_digits(at + is_negative, magnitude, n);
}

/* In front of numbers, behind all else. */
static char *align(char *start, char *end, const struct skep_cell *cell)
{
	size_t len = (size_t)(end - start);

	if (len >= cell->width)
		return end;
	if (!cell->is_right)
		return skep_put_blanks(end, cell->width - len);
	memmove(start + cell->width - len, start, len);
	memset(start, ' ', cell->width - len);
	return start + cell->width;
}

/* Room for @more beside the rest of the line. */
static bool reserve(struct writer *w, size_t more)
{
	commit(w);
	if (!skep_text_room(w->out, w->room + more))
		return false;
	w->at = w->out->data + w->out->len;
	return true;
}

/* False: memory ran out. */
static bool write_general(struct writer *w, const struct skep_cell *cell, size_t string_len)
{
	const struct skep_node *node = &w->nodes[cell->node];
	size_t start;

	commit(w);
	start = w->out->len;
	if (cell->way == SKEP_CELL_STRING)
		skep_cell_string((const char *)w->data + node->offset, string_len, w->form, w->out);
	else
		skep_cell_write(w->nodes, cell->node, w->data, w->len, w->form, w->out);
	w->at = w->out->data + w->out->len;
	if (!reserve(w, cell->width))
		return false;
	if (w->form == SKEP_FORM_TEXT)
		w->at = align(w->out->data + start, w->at, cell);
	return true;
}

/* All that is plain is copied as it is; what is not sends the whole string the general way. */
static bool write_string(struct writer *w, const struct skep_cell *cell)
{
	const struct skep_node *node = &w->nodes[cell->node];
	size_t len = node->is_open ? w->len - node->offset : node->size;
	bool is_quoted = w->form == SKEP_FORM_JSON;
	char *start, *end;

	if (len > SKEP_SHORT_STRING && !reserve(w, len))
		return false;
	start = w->at;
	*start = '"';
	end = skep_put_plain(start + is_quoted, w->data + node->offset, len,
			     &skep_plain_of[w->form]);
	/* An empty string is told from one that is not there. */
	if (!end || (end == start && w->form != SKEP_FORM_TEXT))
		return write_general(w, cell, len);
	if (is_quoted)
		*end++ = '"';
	w->at = w->form == SKEP_FORM_TEXT ? align(start, end, cell) : end;
	return true;
}

static bool write_value(struct writer *w, const struct skep_cell *cell)
{
	const struct skep_node *node = &w->nodes[cell->node];
	uint32_t width = w->form == SKEP_FORM_TEXT ? cell->width : 0;
	uint64_t number;

	switch ((enum skep_cell_way)cell->way) {
	case SKEP_CELL_UNSIGNED:
		number = skep_int_load(w->data + node->offset, node->size);
		w->at = put_number(w->at, number, false, width);
		return true;
	case SKEP_CELL_SIGNED:
		number = skep_int_load(w->data + node->offset, node->size);
		number = (uint64_t)skep_int_signed(number, node->size);
		w->at = (int64_t)number < 0 ? put_number(w->at, 0 - number, true, width) :
					      put_number(w->at, number, false, width);
		return true;
	case SKEP_CELL_STRING:
		return write_string(w, cell);
	case SKEP_CELL_GENERAL:
		break;
	}
	return write_general(w, cell, 0);
}

static void write_absent(struct writer *w, const struct skep_cell *cell)
{
	char *start = w->at;

	if (w->form == SKEP_FORM_TEXT) {
		*w->at++ = '-';
		w->at = align(start, w->at, cell);
	} else if (w->form == SKEP_FORM_JSON) {
		memcpy(w->at, "null", 4);
		w->at += 4;
	}
}

static void write_prefix(struct writer *w, const struct skep_cell *cell, bool is_first)
{
	if (w->form == SKEP_FORM_JSON)
		w->at = skep_put_padded(w->at, cell->prefix, cell->prefix_len);
	else if (w->form == SKEP_FORM_LOGFMT)
		w->at = skep_put_padded(w->at, cell->prefix + is_first,
					cell->prefix_len - is_first);
	else if (!is_first)
		*w->at++ = w->form == SKEP_FORM_CSV ? ',' : ' ';
}

static bool write_cells(struct writer *w, const struct skep_line *line)
{
	bool is_first = true;

	for (size_t i = 0; i < line->cells.len; i++) {
		const struct skep_cell *cell = &line->cells.items[i];
		bool is_there = skep_node_is_there(&w->nodes[cell->node], w->len);

		if (!is_there && w->form == SKEP_FORM_LOGFMT)
			continue;
		write_prefix(w, cell, is_first);
		is_first = false;
		if (!is_there)
			write_absent(w, cell);
		else if (!write_value(w, cell))
			return false;
	}
	return true;
}

void skep_line_write_json(const struct skep_view *view, const void *data, size_t len, bool with_end,
			  struct skep_text *out)
{
	const struct skep_cell *end = &view->json.end;
	struct writer w = { .nodes = view->schema->nodes.items,
			    .data = data ?: &nothing,
			    .len = data ? len : 0,
			    .form = SKEP_FORM_JSON,
			    .out = out,
			    .room = view->json.room };

	if (!begin(&w) || !write_cells(&w, &view->json))
		return;
	w.at = skep_put_padded(w.at, end->prefix, end->prefix_len - !with_end);
	commit(&w);
}

void skep_view_write(const struct skep_view *view, enum skep_form form, const void *data,
		     size_t len, struct skep_text *out)
{
	struct writer w = {
		.data = data ?: &nothing, .len = data ? len : 0, .form = form, .out = out
	};

	if (!view || !out || (unsigned int)form >= SKEP_N_FORMS)
		return;
	if (form == SKEP_FORM_JSON || form == SKEP_FORM_JSON_LINES)
		return skep_line_write_json(view, data, len, true, out);
	w.nodes = view->schema->nodes.items;
	w.room = view->flat.room;
	if (!begin(&w) || !write_cells(&w, &view->flat))
		return;
	*w.at = '\r';
	w.at += form == SKEP_FORM_CSV;
	*w.at++ = '\n';
	commit(&w);
}
