// SPDX-License-Identifier: MIT
/* Verifier logs of any origin: found in a text one by one, and explained. */
#include "load/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <skep/explain.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"

struct skep_explain {
	struct skep_explain_opts opts;
	struct skep_text text;
	const char *at; /* in the text */
	struct skep_text log;
	char program[128];
	bool has_count;
	bool is_marked;	       /* what began it said that all that follows is of it */
	bool is_sure;	       /* something in it is the verifier's and nobody else's */
	struct skep_code code; /* of the program that was explained last */
};

SKEP_DEFINE_SCOPED(explain, struct skep_explain, skep_explain_free)

static int check_program(const struct skep_explain_opts *o, struct skep_error *err)
{
	if (!o->program || !o->spec || skep_spec_program(o->spec, o->program))
		return 0;
	return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s has no program '%s'",
			      o->spec->name, o->program);
}

struct skep_explain *skep_explain_new(const char *text, size_t len,
				      const struct skep_explain_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_explain) struct skep_explain *e = NULL;

	if (!text)
		return skep_error_null_ptr(err, SKEP_STAGE_USAGE, "text");
	e = calloc(1, sizeof(*e));
	if (!e) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	e->opts = SKEP_OPTS(struct skep_explain_opts, opts);
	if (check_program(&e->opts, err))
		return NULL;
	skep_log_unescape(text, len, &e->text);
	skep_log_strip(&e->text);
	e->at = skep_text_string(&e->text);
	if (!e->text.failed)
		return SKEP_TAKE(e);
	skep_error_nomem(err, SKEP_STAGE_READ);
	return NULL;
}

void skep_explain_free(struct skep_explain *e)
{
	if (!e)
		return;
	skep_text_free(&e->text);
	skep_text_free(&e->log);
	skep_code_free(&e->code);
	free(e);
}

static void add_line(struct skep_explain *e, struct skep_log_line line)
{
	skep_text_bytes(&e->log, line.text, line.len);
	skep_text_char(&e->log, '\n');
}

/*
 * cilium/ebpf's errors in one line: "load program: permission denied: 12: (79) r1 = ...: R1 invalid
 * mem access 'inv' (14 line(s) omitted)". What stands there of a log begins and ends at ": ". Of
 * programs that are too large it has no more of the reason than the error.
 */
static void add_joined(struct skep_explain *e, struct skep_log_line line)
{
	const char *end = line.text + line.len;
	const char *omitted = memmem(line.text, line.len, "omitted)", strlen("omitted)"));
	static const char too_long[] = "argument list too long";
	struct skep_log_line piece = { 0 };

	for (; omitted && omitted > line.text; omitted--)
		if (!memcmp(omitted, " (", 2)) {
			end = omitted;
			break;
		}
	for (const char *at = line.text; at && at < end;
	     at = memmem(at, (size_t)(end - at), ": ", 2)) {
		struct skep_log_line rest;

		at += at == line.text ? 0 : 2;
		rest = (struct skep_log_line){ at, (size_t)(end - at) };
		if (skep_log_line_part(rest) != SKEP_PART_LOG)
			continue;
		if (piece.text)
			add_line(e, (struct skep_log_line){ piece.text,
							    (size_t)(at - 2 - piece.text) });
		piece = rest;
	}
	if (piece.text)
		add_line(e, (struct skep_log_line){ piece.text, (size_t)(end - piece.text) });
	if (piece.text && memmem(line.text, line.len, too_long, strlen(too_long)))
		add_line(e, (struct skep_log_line){ too_long, strlen(too_long) });
}

/* Takes the line if it belongs to the log that is being read; false: it is what follows. */
static bool take_line(struct skep_explain *e, struct skep_log_line line)
{
	bool is_within = e->log.len > 0;

	if (e->has_count && !skep_log_line_is_statistics(line))
		return false;
	switch (skep_log_line_part(line)) {
	case SKEP_PART_COUNT:
		e->has_count = e->is_sure = true;
		add_line(e, line);
		return true;
	case SKEP_PART_BEGIN:
	case SKEP_PART_END:
		if (is_within)
			return false;
		/* What is told behind a log is about the program of that one. */
		e->is_marked = skep_log_line_is_mark(line);
		if (skep_log_line_part(line) == SKEP_PART_BEGIN)
			skep_log_line_program(line, e->program, sizeof(e->program));
		add_joined(e, line);
		e->is_sure |= e->log.len > 0 || e->is_marked;
		return true;
	case SKEP_PART_LOG:
		/* Lines of source begin as comments of other files do. */
		e->is_sure |= *line.text != ';';
		add_line(e, line);
		return true;
	default:
		if ((is_within || e->is_marked) && line.len)
			add_line(e, line);
		else
			skep_log_line_program(line, e->program, sizeof(e->program));
		return true;
	}
}

/* "libbpf: failed to load program 'NAME'", which older ones say behind the log alone. */
static void read_name_behind(struct skep_explain *e)
{
	const char *at = e->at;
	int others = 0; /* what loggers make of empty lines */

	while (*at && !e->program[0] && others < 3) {
		size_t len = strcspn(at, "\n");
		struct skep_log_line line = skep_log_line_bare((struct skep_log_line){ at, len });

		if (line.len && skep_log_line_part(line) == SKEP_PART_END)
			skep_log_line_program(line, e->program, sizeof(e->program));
		else if (line.len && skep_log_line_part(line) != SKEP_PART_OTHER)
			return;
		else
			others++;
		at += len + (at[len] == '\n');
	}
}

/* The next log of the text into e->log; false: there is none. */
static bool read_log(struct skep_explain *e)
{
	skep_text_reset(&e->log);
	e->has_count = e->is_marked = e->is_sure = false;
	while (*e->at) {
		size_t len = strcspn(e->at, "\n");
		struct skep_log_line line = { e->at, len };

		if (!take_line(e, skep_log_line_bare(line)))
			break;
		e->at += len + (e->at[len] == '\n');
	}
	if (e->log.len)
		read_name_behind(e);
	return e->log.len > 0;
}

/* "; if (!p) @ open.bpf.c:41" before the refused instruction; kernels before 6.8 name no file. */
static void find_source(const char *log, const struct skep_refusal *r, struct skep_explanation *why)
{
	const char *end = r->insn_line.len ? r->insn_line.text : log;
	struct skep_log_line line = { 0 };
	const char *at;

	while (end > log && (!line.len || *line.text != ';'))
		line = skep_log_line_before(log, &end);
	if (!line.len || *line.text != ';')
		return;
	while (line.len && strchr("; \t", *line.text))
		line.text++, line.len--;
	at = memmem(line.text, line.len, " @ ", 3);
	snprintf(why->quote, sizeof(why->quote), "%.*s",
		 (int)(at ? at - line.text : (ptrdiff_t)line.len), line.text);
	if (at && !why->error.source[0])
		skep_error_add_source(&why->error, "%.*s", (int)(line.text + line.len - at - 3),
				      at + 3);
}

static const struct skep_program_spec *find_program(const struct skep_explain *e)
{
	const struct skep_spec *spec = e->opts.spec;
	const struct skep_program_spec *program = NULL;

	if (!spec)
		return NULL;
	if (e->program[0])
		program = skep_spec_program(spec, e->program);
	if (!program && e->opts.program)
		program = skep_spec_program(spec, e->opts.program);
	return program ?: spec->n_programs == 1 ? spec->programs[0] : NULL;
}

static void explain(struct skep_explain *e, const struct skep_refusal *r,
		    struct skep_explanation *why)
{
	const struct skep_program_spec *program = find_program(e);

	skep_code_free(&e->code);
	e->code = (struct skep_code){ 0 };
	if (program && skep_code_link(&e->code, e->opts.spec, program, NULL))
		e->code = (struct skep_code){ 0 };
	skep_verifier_explain(&why->error, EACCES, &e->code, e->opts.spec,
			      skep_text_string(&e->log));
	find_source(e->log.data, r, why);
	if (why->program[0])
		skep_error_add_subject(&why->error, "program '%s'", why->program);
}

static uint64_t count_of(const char *log)
{
	const char *at = strstr(log, "processed ");

	return at ? strtoull(at + strlen("processed "), NULL, 10) : 0;
}

static void describe(struct skep_explain *e, struct skep_explanation *why)
{
	const struct skep_program_spec *program = find_program(e);
	const char *log = skep_text_string(&e->log);
	struct skep_refusal r;

	skep_refusal_read(&r, log);
	why->insn = r.insn;
	why->looked_at = count_of(log);
	why->is_accepted = !r.n_reasons && e->has_count;
	snprintf(why->program, sizeof(why->program), "%s",
		 e->program[0] ? e->program :
		 program       ? program->name :
				 "");
	if (r.insn_line.len)
		snprintf(
			why->code, sizeof(why->code), "%.*s",
			(int)(memchr(r.insn_line.text, ';', r.insn_line.len) ?
				      (const char *)memchr(r.insn_line.text, ';', r.insn_line.len) -
					      r.insn_line.text :
				      (ptrdiff_t)r.insn_line.len),
			r.insn_line.text);
	for (size_t n = strlen(why->code); n && why->code[n - 1] == ' '; n--)
		why->code[n - 1] = '\0';
	if (!why->is_accepted)
		explain(e, &r, why);
}

int skep_explain_next(struct skep_explain *e, struct skep_explanation *why, struct skep_error *err)
{
	struct skep_explanation found = { .size = sizeof(found) };
	size_t size;

	if (!e || !why || why->size < sizeof(why->size))
		return skep_error_null(err, SKEP_STAGE_USAGE, e ? "explanation" : "explain");
	size = why->size < sizeof(found) ? why->size : sizeof(found);
	while (read_log(e)) {
		const char *log = skep_text_string(&e->log);

		if (e->log.failed)
			return skep_error_nomem(err, SKEP_STAGE_READ);
		/* A name holds for one log. */
		if (e->is_sure && skep_verifier_has_looked(log)) {
			describe(e, &found);
			found.size = size;
			memcpy(why, &found, size);
			e->program[0] = '\0';
			return 1;
		}
	}
	return 0;
}
