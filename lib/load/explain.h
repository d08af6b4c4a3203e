/* SPDX-License-Identifier: MIT */
/* Lines of verifier logs among what programs and people print around them. */
#ifndef SKEP_LOAD_EXPLAIN_H
#define SKEP_LOAD_EXPLAIN_H

#include <skep/text.h>

#include "load/verifier.h"

enum skep_log_part {
	SKEP_PART_OTHER, /* anything else */
	SKEP_PART_LOG,	 /* of the log */
	SKEP_PART_BEGIN, /* what stands before a log */
	SKEP_PART_END,	 /* what stands behind one */
	SKEP_PART_COUNT, /* "processed N insns", which ends a log */
};

/* The line without what was put before it by who printed it. */
struct skep_log_line skep_log_line_bare(struct skep_log_line line);

/* Whether the line says that a log begins behind it. */
bool skep_log_line_is_mark(struct skep_log_line line);

/* What a bare line is. Reasons may be anything: within a log OTHER is of the log. */
enum skep_log_part skep_log_line_part(struct skep_log_line line);

/* The program that the line names, "prog 'NAME':"; false if it names none. */
bool skep_log_line_program(struct skep_log_line line, char *name, size_t size);

/*
 * @text as it was before somebody wrote it, or some of its lines, as a string on one line: "\n" and
 * "\t" as two characters become one; colours are left out.
 */
void skep_log_unescape(const char *text, size_t len, struct skep_text *out);

/* Takes away what a logger has put before each line, if lines with instructions tell what it is. */
void skep_log_strip(struct skep_text *text);

#endif
