/* SPDX-License-Identifier: MIT */
/*
 * Libraries of one sink are loaded when it is opened: they bring dozens of others along, which
 * would cost every command its start.
 */
#ifndef SKEP_STREAM_NET_LIBRARY_H
#define SKEP_STREAM_NET_LIBRARY_H

#include <skep/error.h>

/*
 * Loads @soname and writes the addresses of its functions @names, which end with NULL, to the table
 * of function pointers at @table. It stays loaded. ENOENT: it is not there, or is another version;
 * the hint names Debian's @package.
 */
int skep_library_load(const char *soname, const char *package, const char *const *names,
		      void *table, struct skep_error *err);

#endif
