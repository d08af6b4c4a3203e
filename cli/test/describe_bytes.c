// SPDX-License-Identifier: MIT
/* Packets and contexts in a description: digits, zeros, or a frame of a capture. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/describe.h"

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

static int read_hex(const struct description *d, const struct slice *slice, uint8_t **bytes,
		    uint32_t *len, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *text = NULL;
	uint32_t n = 0;

	if (describe_string(d, slice, &text, err) || !text)
		return -EINVAL;
	*bytes = calloc(1, strlen(text) / 2 + 1);
	if (!*bytes)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	for (const char *c = text; *c; c++) {
		if (strchr(" :\n", *c))
			continue;
		if (hex_digit(*c) < 0)
			return describe_refuse(d, slice, "give hexadecimal digits, two a byte", err,
					       "'%c' is no hexadecimal digit", *c);
		(*bytes)[n / 2] = (uint8_t)((*bytes)[n / 2] << 4 | hex_digit(*c));
		n++;
	}
	*len = n / 2;
	return n % 2 ? describe_refuse(d, slice, NULL, err, "half a byte is left over") : 0;
}

static int read_count(const struct description *d, const struct slice *slice, int64_t least,
		      int64_t most, int64_t *number, struct skep_error *err)
{
	int ret = describe_number(d, slice, NULL, number, err);

	if (ret || (*number >= least && *number <= most))
		return ret;
	return describe_refuse(d, slice, NULL, err, "it is from %lld to %lld", (long long)least,
			       (long long)most);
}

/* A path in the description is one from its own folder. */
static char *path_from(const struct description *d, const char *name)
{
	const char *slash = strrchr(d->path, '/');
	char *path;

	if (*name == '/' || !slash)
		return strdup(name);
	if (asprintf(&path, "%.*s/%s", (int)(slash - d->path), d->path, name) < 0)
		return NULL;
	return path;
}

struct bytes_from {
	struct slice pcap, frame, zeros;
};

static int read_source(const struct description *d, const struct slice *slice,
		       struct bytes_from *from, struct skep_error *err)
{
	const struct describe_field fields[] = { { "pcap", &from->pcap, false },
						 { "frame", &from->frame, false },
						 { "zeros", &from->zeros, false } };

	return describe_fields(d, slice, fields, 3, err);
}

int describe_capture(const struct description *d, const struct slice *slice, char **path,
		     struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *name = NULL;
	struct bytes_from from = { 0 };

	*path = NULL;
	if (!slice->at || *slice->at != '{')
		return 0;
	if (read_source(d, slice, &from, err))
		return -EINVAL;
	if (!from.pcap.at)
		return 0;
	if (describe_string(d, &from.pcap, &name, err) || !name)
		return -EINVAL;
	*path = path_from(d, name);
	return *path ? 0 : skep_error_nomem(err, SKEP_STAGE_READ);
}

int describe_bytes(const struct description *d, const struct slice *slice, uint8_t **bytes,
		   uint32_t *len, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *path = NULL;
	struct bytes_from from = { 0 };
	int64_t n = 1;

	if (*slice->at != '{')
		return read_hex(d, slice, bytes, len, err);
	if (read_source(d, slice, &from, err) || describe_capture(d, slice, &path, err) ||
	    (from.frame.at && read_count(d, &from.frame, 1, INT32_MAX, &n, err)))
		return -EINVAL;
	if (path)
		return describe_pcap(path, (uint64_t)n, bytes, len, err);
	if (!from.zeros.at)
		return describe_refuse(d, slice, "allowed: \"hex\", pcap and frame, zeros", err,
				       "it says no bytes");
	if (read_count(d, &from.zeros, 1, 65535, &n, err))
		return -EINVAL;
	*bytes = calloc(1, (size_t)n);
	*len = (uint32_t)n;
	return *bytes ? 0 : skep_error_nomem(err, SKEP_STAGE_READ);
}
