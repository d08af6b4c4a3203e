/* SPDX-License-Identifier: MIT */
/* What is secret comes from files or the environment: command lines are everyone's to see. */
#ifndef SKEP_STREAM_NET_SECRET_H
#define SKEP_STREAM_NET_SECRET_H

#include "stream/sink.h"

/* The first line of "@FILE", or the word itself. NULL: it cannot be read, or is empty. */
char *skep_secret_or_word(const char *word, struct skep_error *err);

/*
 * The first line of the file that the setting @name gives, or what the environment has in
 * @variable; *secret is NULL if neither is there.
 */
int skep_secret_setting(const struct skep_sink *sink, const char *name, const char *variable,
			char **secret, struct skep_error *err);

#endif
