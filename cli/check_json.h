/* SPDX-License-Identifier: MIT */
#ifndef SKEP_CLI_CHECK_JSON_H
#define SKEP_CLI_CHECK_JSON_H

#include <skep/text.h>

#include "package/read.h"

/* What is in a package as a JSON object on one line; @spec is of its first object. */
void check_write_json(struct skep_text *out, const struct skep_package *package,
		      const struct skep_spec *spec);

#endif
