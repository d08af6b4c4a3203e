/* SPDX-License-Identifier: MIT */
/* What entries of systemd's journal are made of; skep/log.h sends them. */
#ifndef SKEP_EVENT_JOURNAL_H
#define SKEP_EVENT_JOURNAL_H

#include <skep/log.h>

/*
 * "NAME=value\n", or, for a value with newlines, the name, its length in 64 bits, and the value. An
 * empty value is left out. Names are of capitals, digits and underscores.
 */
void skep_journal_write_field(const char *name, const char *value, size_t len,
			      struct skep_text *out);

#endif
