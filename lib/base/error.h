/* SPDX-License-Identifier: MIT */
/*
 * How libskep fills a skep_error. The innermost function that knows the cause calls
 * skep_error_set(), which starts the message anew; functions further out add what they know with
 * skep_error_add_*(), which only fill what is still empty. All take NULL.
 */
#ifndef SKEP_BASE_ERROR_H
#define SKEP_BASE_ERROR_H

#include <skep/error.h>
#include <errno.h>

#define SKEP_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * Starts a new message with its cause, in words, no newline. @code is an errno of either sign;
 * returns it negative so that "return skep_error_set(...)" reads well. Without "%m": pass
 * strerror text through skep_error_set_errno().
 */
int skep_error_set(struct skep_error *err, enum skep_stage stage, int code, const char *fmt, ...)
	SKEP_PRINTF(4, 5);

/* As skep_error_set, and ends the cause with ": " and the system's text for @code. */
int skep_error_set_errno(struct skep_error *err, enum skep_stage stage, int code, const char *fmt,
			 ...) SKEP_PRINTF(4, 5);

/* The caller gave NULL for what it calls @what, "program". Returns -EINVAL; or NULL. */
int skep_error_null(struct skep_error *err, enum skep_stage stage, const char *what);
void *skep_error_null_ptr(struct skep_error *err, enum skep_stage stage, const char *what);

/* Out of memory in a stage. Returns -ENOMEM. */
int skep_error_nomem(struct skep_error *err, enum skep_stage stage);

void skep_error_add_object(struct skep_error *err, const char *fmt, ...) SKEP_PRINTF(2, 3);
void skep_error_add_subject(struct skep_error *err, const char *fmt, ...) SKEP_PRINTF(2, 3);
void skep_error_add_what(struct skep_error *err, const char *fmt, ...) SKEP_PRINTF(2, 3);
void skep_error_add_source(struct skep_error *err, const char *fmt, ...) SKEP_PRINTF(2, 3);
void skep_error_add_hint(struct skep_error *err, const char *fmt, ...) SKEP_PRINTF(2, 3);

/* Keeps the last lines of @log that fit; a cut is at a line's start. */
void skep_error_add_log(struct skep_error *err, const char *log, size_t len);

#endif
