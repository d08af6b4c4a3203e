/* SPDX-License-Identifier: MIT */
/* What the records of a map are, as a package and its object tell. */
#ifndef SKEP_PACKAGE_RECORD_TYPE_H
#define SKEP_PACKAGE_RECORD_TYPE_H

#include <skep/record.h>

#include "package/package.h"

/* What the package says of the map @name; NULL: nothing. */
const struct skep_package_map *skep_package_map(const struct skep_package *package,
						const char *name);

/* False: the package keeps the map's records to itself. */
bool skep_package_publishes(const struct skep_package *package, const char *name);

/*
 * How the records of the map @name read: by what the package says of it, else by @own, the type
 * that the object gives them, else by the package's first export. *@schema is NULL if nobody says.
 */
int skep_package_schema(const struct skep_package *package, const char *name,
			const struct skep_btf *btf, uint32_t own,
			const struct skep_schema_opts *opts, struct skep_schema **schema,
			struct skep_error *err);

/* The type that these records have, unless the package puts them together itself; 0: unknown. */
uint32_t skep_package_record_type(const struct skep_package *package, const char *name,
				  uint32_t own);

#endif
