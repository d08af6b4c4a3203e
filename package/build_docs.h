/* SPDX-License-Identifier: MIT */
/* One "@key value" on its way into a package. What is wrong is warned of, and left out. */
#ifndef SKEP_PACKAGE_BUILD_DOCS_H
#define SKEP_PACKAGE_BUILD_DOCS_H

#include <jansson.h>

#include "package/building.h"

struct skep_said {
	struct skep_building *b;
	const struct skep_doc *doc;
};

void skep_said_warn(const struct skep_said *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The value as JSON, of any kind or an object; NULL: it was warned. json_decref() it. */
json_t *skep_said_json(const struct skep_said *w, bool is_object);

/* The value as text, and a part of it: strings as they are, else as JSON. NULL: no memory. */
const char *skep_said_string(const struct skep_said *w);
const char *skep_said_scalar(const struct skep_said *w, const json_t *value);

void skep_said_number(const struct skep_said *w, const char *name, const json_t *value,
		      uint32_t *number);

/* Keeps a key that means nothing here, under "KIND NAME/KEY"; kind NULL: of the file. */
int skep_said_annotate(const struct skep_said *w, const char *kind);

int skep_said_apply_global(const struct skep_said *w, const struct skep_global_spec *global);
int skep_said_apply_map(const struct skep_said *w);
int skep_said_apply_program(const struct skep_said *w);

#endif
