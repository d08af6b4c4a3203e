// SPDX-License-Identifier: MIT
/*
 * Constants of headers: clang lists the macros and the enums, says which of them are expressions,
 * and computes them into the data of an object.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/scan.h"
#include "elf/elf.h"
#include "package/clang.h"
#include "package/constants_set.h"
#include "stream/output.h"

#define SECTION "constants"

/* What each line of the source that is compiled says, and how clang's messages name it. */
#define LINES "skep-constants"

struct work {
	const struct skep_constants_opts *opts;
	struct skep_constants set;
	char folder[32];
	char source[48];
	struct skep_error *err;
};

static int nomem(const struct work *w)
{
	return skep_error_nomem(w->err, SKEP_STAGE_BUILD);
}

static bool can_be_included(const char *header)
{
	for (const char *c = header; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f || strchr("\"\\<>", *c))
			return false;
	return true;
}

static int check_headers(const struct work *w)
{
	for (size_t i = 0; i < w->opts->n_headers; i++)
		if (!can_be_included(w->opts->headers[i]))
			return skep_error_set(w->err, SKEP_STAGE_USAGE, EINVAL,
					      "'%s' cannot be the name of a header that C includes",
					      w->opts->headers[i]);
	return 0;
}

/* A path is what is there; all else is looked for in the include folders. */
static void include_all(const struct work *w, struct skep_text *out)
{
	for (size_t i = 0; i < w->opts->n_headers; i++) {
		const char *header = w->opts->headers[i];
		SKEP_SCOPED(skep_scoped_free)
		char *path = access(header, R_OK) ? NULL : realpath(header, NULL);

		if (path && can_be_included(path))
			skep_text_printf(out, "#include \"%s\"\n", path);
		else
			skep_text_printf(out, "#include <%s>\n", header);
	}
}

/* The first message that says what is wrong, "a.h:1:2: error: ...": others say what led there. */
static const char *first_error(const char *messages, int *len)
{
	const char *line = messages, *error = strstr(messages, "error: "), *next;

	while (error && (next = memchr(line, '\n', (size_t)(error - line))))
		line = next + 1;
	*len = (int)strcspn(line, "\n");
	return line;
}

/* @how and the caller's flags. */
static int run(const struct work *w, const char *const *how, bool may_fail, struct skep_text *out,
	       struct skep_text *messages)
{
	struct skep_vec(const char *) flags = { 0 };
	bool ok = true;
	int code;

	for (size_t i = 0; how[i] && ok; i++) {
		const char **slot = skep_vec_push(&flags);

		ok = slot;
		if (slot)
			*slot = how[i];
	}
	for (size_t i = 0; w->opts->flags && w->opts->flags[i] && ok; i++) {
		const char **slot = skep_vec_push(&flags);

		ok = slot;
		if (slot)
			*slot = w->opts->flags[i];
	}
	ok = ok && skep_vec_push(&flags);
	code = ok ? skep_clang_run(flags.items, out, messages, w->err) : nomem(w);
	skep_vec_free(&flags);
	if (code > 0 && !may_fail) {
		int len;
		const char *text = first_error(skep_text_string(messages), &len);

		return skep_error_set(w->err, SKEP_STAGE_BUILD, EINVAL, "clang: %.*s", len, text);
	}
	return code < 0 ? code : 0;
}

/* "#define NAME 0x10": object-like ones have a space behind their names. */
static int take_macro(struct work *w, const char *line, size_t len)
{
	const char *name = line, *end = line + len;
	size_t name_len;
	char copy[128];

	if (!skep_scan_word(&name, "#define "))
		return 0;
	name_len = strcspn(name, " (\n");
	if (name[name_len] != ' ' || name_len >= sizeof(copy))
		return 0;
	snprintf(copy, sizeof(copy), "%.*s", (int)name_len, name);
	if (!skep_constants_match(w->opts, copy))
		return skep_constants_add_other(&w->set, copy);
	return skep_constants_add(
		&w->set, name, name_len,
		memmem(name + name_len, (size_t)(end - name) - name_len, "0x", 2));
}

/* "|-EnumConstantDecl 0x5581 <...> col:2 referenced NAME 'int'": the word before the type. */
static int take_enumerator(struct work *w, const char *line, size_t len)
{
	const char *at = memmem(line, len, "EnumConstantDecl ", 17), *end, *name;
	char copy[128];

	if (!at)
		return 0;
	end = memchr(at, '\'', len - (size_t)(at - line));
	if (!end || end[-1] != ' ')
		return 0;
	end--;
	for (name = end; name > at && name[-1] != ' '; name--)
		;
	if ((size_t)(end - name) >= sizeof(copy))
		return 0;
	snprintf(copy, sizeof(copy), "%.*s", (int)(end - name), name);
	if (!skep_constants_match(w->opts, copy))
		return skep_constants_add_other(&w->set, copy);
	return skep_constants_add(&w->set, name, (size_t)(end - name), false);
}

static int take_lines(struct work *w, struct skep_text *text,
		      int (*take)(struct work *w, const char *line, size_t len))
{
	const char *line = skep_text_string(text), *next;
	int ret = 0;

	for (; *line && !ret; line = next) {
		size_t len = strcspn(line, "\n");

		next = line + len + (line[len] == '\n');
		ret = take(w, line, len);
	}
	return ret ? nomem(w) : 0;
}

static int list_names(struct work *w)
{
	const char *const macros[] = { "-E", "-dM", w->source, NULL };
	const char *const enums[] = { "-fsyntax-only",		"-w",	   "-Xclang", "-ast-dump",
				      "-fno-color-diagnostics", w->source, NULL };
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text messages = { 0 };
	int ret = run(w, macros, false, &out, &messages);

	ret = ret ?: take_lines(w, &out, take_macro);
	skep_text_reset(&out);
	ret = ret ?: run(w, enums, false, &out, &messages);
	return ret ?: take_lines(w, &out, take_enumerator);
}

static const char prologue[] =
	"#define SKEP_KIND(x) _Generic((x), _Bool: 1, char: 1, signed char: 1, unsigned char: 1, "
	"short: 1, unsigned short: 1, int: 1, unsigned int: 2, long: 3, long long: 3, "
	"unsigned long: 4, unsigned long long: 4, default: 0)\n"
	"#line 1 \"" LINES "\"\n";

/* A line for each, so that clang's messages tell which one they are about. */
static int write_values(struct work *w)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	include_all(w, &text);
	skep_text_str(&text, prologue);
	for (size_t i = 0; i < w->set.list.len; i++) {
		const struct skep_constant *c = &w->set.list.items[i];

		if (c->is_refused)
			skep_text_lit(&text, "\n");
		else
			skep_text_printf(
				&text,
				"const long long skep_%zu[3] __attribute__((section(\"" SECTION
				"\"), used)) = { %zu, SKEP_KIND(%s), (long long)(%s) };\n",
				i, i, c->name, c->name);
	}
	return text.failed ? nomem(w) : skep_output_replace(w->source, text.data, text.len, w->err);
}

/* "skep-constants:12:34: error: ..." */
static int take_message(struct work *w, const char *line, size_t len)
{
	uint64_t n;

	if (skep_scan_word(&line, LINES ":") && skep_scan_number(&line, 10, &n) && n &&
	    n <= w->set.list.len && memmem(line, len, " error: ", 8))
		w->set.list.items[n - 1].is_refused = true;
	return 0;
}

/* The values, three words each, as the compiler has laid them out. */
static int take_values(struct work *w, const void *data, size_t len)
{
	const struct skep_elf_section *section;
	struct skep_elf elf;
	int ret = skep_elf_read(&elf, data, len, w->err);

	if (ret)
		return ret;
	section = skep_elf_section(&elf, SECTION);
	for (uint64_t at = 0; section && section->data && at + 24 <= section->size; at += 24) {
		uint64_t index = skep_elf_u64(&elf, section->data + at);

		if (index >= w->set.list.len)
			continue;
		w->set.list.items[index].kind =
			(enum skep_constant_kind)skep_elf_u64(&elf, section->data + at + 8);
		w->set.list.items[index].value = skep_elf_u64(&elf, section->data + at + 16);
	}
	skep_elf_free(&elf);
	return 0;
}

static int compute(struct work *w)
{
	const char *const check[] = { "-fsyntax-only",		"-w",	   "-ferror-limit=0",
				      "-fno-color-diagnostics", w->source, NULL };
	const char *const compile[] = { "-w", "-c", w->source, "-o", "-", NULL };
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text messages = { 0 };
	int ret = write_values(w);

	ret = ret ?: run(w, check, true, &out, &messages);
	ret = ret ?: take_lines(w, &messages, take_message);
	ret = ret ?: write_values(w);
	skep_text_reset(&out);
	skep_text_reset(&messages);
	ret = ret ?: run(w, compile, false, &out, &messages);
	return ret ?: take_values(w, out.data, out.len);
}

static int find(struct work *w, struct skep_text *out)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text origin = { 0 };
	int ret = check_headers(w);

	if (ret)
		return ret;
	include_all(w, &text);
	ret = text.failed ? nomem(w) : skep_output_replace(w->source, text.data, text.len, w->err);
	ret = ret ?: list_names(w);
	ret = ret ?: compute(w);
	for (size_t i = 0; i < w->opts->n_headers; i++)
		skep_text_printf(&origin, "%s%s", i ? ", " : "", w->opts->headers[i]);
	return ret   ?:
		       skep_constants_print(&w->set, w->opts, skep_text_string(&origin), out,
					    w->err);
}

int skep_constants_of_headers(const struct skep_constants_opts *opts, struct skep_text *out,
			      struct skep_error *err)
{
	struct work w = { .opts = opts, .err = err, .folder = "/tmp/skep-constants-XXXXXX" };
	int ret;

	if (!mkdtemp(w.folder))
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno,
					    "no folder can be made in /tmp");
	snprintf(w.source, sizeof(w.source), "%s/values.c", w.folder);
	ret = find(&w, out);
	unlink(w.source);
	rmdir(w.folder);
	skep_constants_free(&w.set);
	return ret;
}
