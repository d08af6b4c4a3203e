/* SPDX-License-Identifier: MIT */
/* Names of images in registries: REGISTRY/REPOSITORY:TAG@DIGEST, as in OCI's distribution. */
#ifndef SKEP_PACKAGE_REFERENCE_H
#define SKEP_PACKAGE_REFERENCE_H

#include <stdbool.h>
#include <skep/error.h>

struct skep_reference {
	char registry[256];   /* "ghcr.io", "localhost:5000"; "": none is named */
	char repository[256]; /* "tools/exec" */
	char tag[129];	      /* "1.2"; "": none */
	char digest[136];     /* "sha256:..."; "": none */
};

/*
 * Reads one. The first part is the registry if it has a dot or a colon in it or is "localhost".
 * EINVAL: it is none; the message says which part is wrong.
 */
int skep_reference_parse(const char *text, struct skep_reference *reference,
			 struct skep_error *err);

#endif
