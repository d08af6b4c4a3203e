// SPDX-License-Identifier: MIT
/* The live screen: a round each interval, and keys that change what is shown. */
#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/cli.h"
#include "cli/top/top.h"

#define HEAD_LINES  3
#define FIXED_WIDTH 100 /* of all columns but the name */

struct screen {
	struct top *top;
	struct top_view *view;
	char filter[64];
	bool is_typing; /* a filter */
	bool is_paused;
	int64_t first; /* row on top */
	int64_t n_rows;
};

static const struct {
	char key;
	enum top_order order;
} order_keys[] = {
	{ 'c', TOP_BY_CPU },  { 'r', TOP_BY_RUNS }, { 't', TOP_BY_TIME }, { 'm', TOP_BY_MISSED },
	{ 'l', TOP_BY_LOST }, { 'f', TOP_BY_FILL }, { 'n', TOP_BY_NAME }, { 'i', TOP_BY_ID },
};

bool top_has_screen(void)
{
	return true;
}

static void put(int line, struct skep_text *text, int attributes)
{
	attrset(attributes);
	mvaddnstr(line, 0, skep_text_string(text), COLS);
	clrtoeol();
	attrset(A_NORMAL);
	skep_text_reset(text);
}

static void draw_head(const struct screen *s, struct skep_text *line, int width)
{
	top_write_summary(line, s->top);
	put(0, line, A_BOLD);
	if (s->is_typing)
		skep_text_printf(line, "filter: %s_", s->filter);
	else
		skep_text_printf(
			line,
			"by %s%s%s%s%s   q quit  c r t m l f n i sort  R reverse  / filter"
			"  space pause",
			top_orders[s->view->order], s->view->is_reversed ? ", reversed" : "",
			*s->filter ? ", only " : "", s->filter, s->is_paused ? ", paused" : "");
	put(1, line, A_NORMAL);
	top_write_header(line, width);
	put(2, line, A_REVERSE);
}

static int draw(struct screen *s)
{
	SKEP_SCOPED(skep_scoped_free) struct top_program **rows = NULL;
	SKEP_SCOPED(skep_text_free) struct skep_text line = { 0 };
	int width = COLS - FIXED_WIDTH < 16 ? 16 : COLS - FIXED_WIDTH;
	int64_t room = LINES - HEAD_LINES, last;

	width = width > 40 ? 40 : width;
	s->n_rows = top_select(s->top, s->view, &rows);
	if (s->n_rows < 0)
		return (int)s->n_rows;
	last = s->n_rows > room ? s->n_rows - room : 0;
	s->first = s->first > last ? last : s->first;
	draw_head(s, &line, width);
	for (int64_t i = 0; i < room; i++) {
		if (s->first + i < s->n_rows)
			top_write_row(&line, s->top, rows[s->first + i], width);
		put((int)i + HEAD_LINES, &line, A_NORMAL);
	}
	refresh();
	return 0;
}

/* Each key that makes a filter shows at once what it leaves. */
static void type_filter(struct screen *s, int key)
{
	size_t len = strlen(s->filter);

	if (key == '\n' || key == KEY_ENTER || key == 27)
		s->is_typing = false;
	if (key == 27)
		*s->filter = '\0';
	else if ((key == KEY_BACKSPACE || key == 127 || key == '\b') && len)
		s->filter[len - 1] = '\0';
	else if (key < 128 && isprint(key) && len + 1 < sizeof(s->filter))
		s->filter[len] = (char)key;
}

static void scroll_by(struct screen *s, int64_t lines)
{
	s->first += lines;
	if (s->first < 0)
		s->first = 0;
}

/* False when the user wants to leave. */
static bool take_key(struct screen *s, int key)
{
	for (size_t i = 0; i < sizeof(order_keys) / sizeof(order_keys[0]); i++)
		if (order_keys[i].key == key)
			s->view->order = order_keys[i].order;
	switch (key) {
	case 'q':
		return false;
	case 'R':
		s->view->is_reversed = !s->view->is_reversed;
		break;
	case ' ':
		s->is_paused = !s->is_paused;
		break;
	case '/':
		s->is_typing = true;
		memset(s->filter, 0, sizeof(s->filter));
		break;
	case KEY_UP:
	case KEY_DOWN:
		scroll_by(s, key == KEY_DOWN ? 1 : -1);
		break;
	case KEY_NPAGE:
	case KEY_PPAGE:
		scroll_by(s, key == KEY_NPAGE ? LINES - HEAD_LINES : HEAD_LINES - LINES);
		break;
	case KEY_HOME:
		s->first = 0;
		break;
	default:
		break;
	}
	return true;
}

/* Until the next round is due, keys are answered at once. False: the user leaves. */
static bool serve_keys(struct screen *s, uint64_t due)
{
	while (!top_is_stopped()) {
		uint64_t now = top_now_ns();
		int key;

		if (now >= due)
			return true;
		timeout((int)((due - now) / 1000000) + 1);
		key = getch();
		if (key == ERR)
			continue;
		if (s->is_typing)
			type_filter(s, key);
		else if (!take_key(s, key))
			return false;
		if (draw(s))
			return false;
	}
	return false;
}

static int run(struct screen *s, int64_t interval_ns, struct skep_error *err)
{
	int ret = 0;

	while (!ret) {
		uint64_t due = top_now_ns() + (uint64_t)interval_ns;

		/* A pause makes the next round a longer one. */
		if (!s->is_paused)
			ret = top_sample(s->top, err);
		if (!ret && draw(s))
			ret = skep_error_nomem(err, SKEP_STAGE_READ);
		if (!ret && !serve_keys(s, due))
			return 0;
	}
	return ret;
}

int top_screen(struct top *top, struct top_view *view, int64_t interval_ns, struct skep_error *err)
{
	struct screen s = { .top = top, .view = view };
	SCREEN *terminal;
	int ret;

	snprintf(s.filter, sizeof(s.filter), "%s", view->filter ?: "");
	view->filter = s.filter;
	setlocale(LC_CTYPE, "");
	terminal = newterm(NULL, stdout, stdin);
	if (!terminal)
		return skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
				      "this terminal has no screen; take --plain");
	set_term(terminal);
	cbreak();
	noecho();
	keypad(stdscr, true);
	curs_set(0);
	ret = run(&s, interval_ns, err);
	endwin();
	delscreen(terminal);
	view->filter = NULL;
	return ret;
}
