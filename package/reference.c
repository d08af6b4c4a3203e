// SPDX-License-Identifier: MIT
#include "package/reference.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz" DIGITS
#define WORD   LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static int wrong(struct skep_error *err, const char *text, const char *what)
{
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' names no image: %s", text, what);
	skep_error_add_hint(err, "registry.example/name:tag or name@sha256:... does");
	return -EINVAL;
}

/* Copies @len bytes; false: they do not fit. */
static bool copy(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size)
		return false;
	snprintf(to, size, "%.*s", (int)len, from);
	return true;
}

/* "host.name", "localhost:5000", "[::1]:5000" */
static bool is_registry(const char *text)
{
	size_t host = text[0] == '[' ? 1 + strspn(text + 1, "0123456789abcdefABCDEF:.") :
				       strspn(text, WORD ".-");
	const char *port;

	if (text[0] == '[' && text[host++] != ']')
		return false;
	if (!host || text[0] == '-' || text[0] == '.')
		return false;
	port = text + host;
	if (!*port)
		return true;
	return port[0] == ':' && port[1] && strlen(port + 1) <= 5 &&
	       strspn(port + 1, DIGITS) == strlen(port + 1);
}

/* Small letters and digits; between them a dot, one or two underscores, or dashes. */
static bool is_component(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t word = strspn(text + at, LOWER), between;

		at += word;
		if (!word || at > len)
			return false;
		if (at == len)
			return true;
		between = text[at] == '.' ? 1 :
			  text[at] == '_' ? strspn(text + at, "_") :
					    strspn(text + at, "-");
		if (!between || (text[at] == '_' && between > 2))
			return false;
		at += between;
	}
	return false;
}

static bool is_repository(const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "/");

		if (!is_component(text, len))
			return false;
		if (!text[len])
			return true;
		text += len + 1;
	}
}

static bool is_tag(const char *tag)
{
	return strspn(tag, WORD "_.-") == strlen(tag) && tag[0] != '.' && tag[0] != '-';
}

static bool is_digest(const char *digest)
{
	size_t hex = !strncmp(digest, "sha256:", 7) ? 64 : !strncmp(digest, "sha512:", 7) ? 128 : 0;

	return hex && strlen(digest) == 7 + hex && strspn(digest + 7, DIGITS "abcdef") == hex;
}

int skep_reference_parse(const char *text, struct skep_reference *reference, struct skep_error *err)
{
	const char *at = strchr(text, '@'), *name = text, *end, *slash, *colon;
	struct skep_reference *r = reference;
	size_t first;

	*r = (struct skep_reference){ 0 };
	end = at ? at : text + strlen(text);
	if (at &&
	    (!copy(r->digest, sizeof(r->digest), at + 1, strlen(at + 1)) || !is_digest(r->digest)))
		return wrong(err, text, "its digest is not sha256:, or sha512:, and hex digits");
	slash = memchr(text, '/', (size_t)(end - text));
	first = slash ? (size_t)(slash - text) : 0;
	if (slash && (memchr(text, '.', first) || memchr(text, ':', first) ||
		      (first == 9 && !memcmp(text, "localhost", 9)))) {
		if (!copy(r->registry, sizeof(r->registry), text, first) ||
		    !is_registry(r->registry))
			return wrong(err, text, "its registry is no host");
		name = slash + 1;
	}
	colon = memchr(name, ':', (size_t)(end - name));
	if (colon && (!copy(r->tag, sizeof(r->tag), colon + 1, (size_t)(end - colon - 1)) ||
		      !r->tag[0] || !is_tag(r->tag)))
		return wrong(err, text, "its tag is not up to 128 letters, digits, _ . and -");
	end = colon ? colon : end;
	if (!copy(r->repository, sizeof(r->repository), name, (size_t)(end - name)) ||
	    !is_repository(r->repository))
		return wrong(err, text, "its name is not of small letters, digits and . _ - /");
	return 0;
}
