/* SPDX-License-Identifier: MIT */
/* -o KIND:TARGET,...: where a command's records go, and what has become of them. */
#ifndef SKEP_CLI_OUTPUTS_H
#define SKEP_CLI_OUTPUTS_H

#include "cli/options.h"
#include "stream/delivery.h"

/* The option's line in a command's table. */
#define OUTPUTS_OPTION(list)                                                                     \
	{                                                                                        \
		OPTION_LIST, 'o', "output", "KIND[:TARGET]",                                     \
			"text (columns), jsonl, csv, ... to stdout or TARGET; may be repeated; " \
			"-o help",                                                               \
			(list)                                                                   \
	}

/* True if help is asked for, which is printed then. */
bool outputs_help(const struct option_list *specs);

/* True if what people read is asked for as JSON, too. */
bool outputs_are_json(const struct option_list *specs);

/* Whether what is written to stdout is to be JSON. */
bool outputs_have_jsonl(const struct option_list *specs);

/*
 * Opens them, text to stdout if there are none. @summary, unless it is NULL, is one more that takes
 * stdout instead of text and jsonl; it becomes the delivery's in any case. NULL: one of them is
 * wrong.
 */
struct skep_delivery *outputs_open(const struct option_list *specs, struct skep_sink *summary,
				   struct skep_error *err);

/* Ends the delivery and tells on stderr what was lost, output by output. False: something was. */
bool outputs_end(struct skep_delivery *delivery);

#endif
