/* SPDX-License-Identifier: MIT */
/*
 * What this machine calls its numbers: users, groups, network interfaces, cgroups. Names are kept
 * for a while, a bounded number of them. For use by several threads.
 */
#ifndef SKEP_RECORD_LOOKUP_H
#define SKEP_RECORD_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/meaning.h"

struct skep_lookup;

#define SKEP_LOOKUP_NAME 4096 /* bytes, as a path has at most */

/* Whether a meaning's names are looked up, and its names. NULL: no memory. */
bool skep_lookup_has(enum skep_meaning meaning);
struct skep_lookup *skep_lookup_new(enum skep_meaning meaning);
void skep_lookup_free(struct skep_lookup *lookup);

/* The name of @number, with a NUL; its length, 0: it has none that can be seen from here. */
size_t skep_lookup_name(struct skep_lookup *lookup, uint64_t number, char name[SKEP_LOOKUP_NAME]);

/* The number of a name. */
bool skep_lookup_number(struct skep_lookup *lookup, const char *name, uint64_t *number);

/*
 * Users or groups of a file as /etc/passwd and /etc/group are, of which the first 4 MiB are read;
 * anew when it has changed. Without NSS, whose modules a library must not load into its caller.
 */
struct skep_accounts;

struct skep_accounts *skep_accounts_new(const char *path);
void skep_accounts_free(struct skep_accounts *accounts);

/* The name in the file's text, which is valid until the next call; NULL: there is none. */
const char *skep_accounts_name(struct skep_accounts *accounts, uint64_t id);
bool skep_accounts_number(struct skep_accounts *accounts, const char *name, uint64_t *id);

#endif
