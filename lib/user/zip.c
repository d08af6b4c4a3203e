// SPDX-License-Identifier: MIT
/* The format is PKWARE's APPNOTE.TXT, 4.3: little-endian, its directory at the end. */
#include "user/zip.h"

#include <string.h>

#include "base/error.h"

#define END_SIZE     22
#define ENTRY_SIZE   46
#define LOCAL_SIZE   30
#define MAX_COMMENT  0xffff
#define IS_ENCRYPTED 1

struct zip {
	const uint8_t *data;
	size_t len;
	const char *path;
	uint32_t directory; /* offset of the central directory */
	uint16_t count;
};

static uint16_t u16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t u32(const uint8_t *p)
{
	return u16(p) | (uint32_t)u16(p + 2) << 16;
}

static int damaged(const struct zip *zip, const char *what, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "the archive '%s' %s", zip->path,
			      what);
}

/* The end record stands before a comment of unknown length, whose size it has. */
static const uint8_t *find_end(const struct zip *zip)
{
	size_t most = zip->len < END_SIZE + MAX_COMMENT ? zip->len : END_SIZE + MAX_COMMENT;

	for (size_t back = END_SIZE; back <= most; back++) {
		const uint8_t *p = zip->data + zip->len - back;

		if (!memcmp(p, "PK\5\6", 4) && u16(p + 20) == back - END_SIZE)
			return p;
	}
	return NULL;
}

static int read_end(struct zip *zip, struct skep_error *err)
{
	const uint8_t *end = find_end(zip);

	if (!end)
		return damaged(zip, "is no zip archive, or cut off", err);
	zip->count = u16(end + 10);
	zip->directory = u32(end + 16);
	if (zip->count == UINT16_MAX || zip->directory == UINT32_MAX)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
				      "the archive '%s' is a zip64, which skep does not read",
				      zip->path);
	return 0;
}

static int check_method(const struct zip *zip, const uint8_t *entry, const char *name,
			struct skep_error *err)
{
	if (!u16(entry + 10) && !(u16(entry + 8) & IS_ENCRYPTED) &&
	    u32(entry + 20) == u32(entry + 24))
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP, "'%s' is compressed in the archive '%s'",
		       name, zip->path);
	skep_error_add_hint(err, "nothing can run from there: probe the file that it is unpacked "
				 "to, or have it stored uncompressed");
	return -ENOTSUP;
}

static int place(const struct zip *zip, const uint8_t *entry, size_t *offset, size_t *size,
		 struct skep_error *err)
{
	uint64_t at = u32(entry + 42);
	const uint8_t *local = zip->data + at;

	if (at > zip->len || zip->len - at < LOCAL_SIZE || memcmp(local, "PK\3\4", 4) != 0)
		return damaged(zip, "has a member whose header is missing", err);
	at += LOCAL_SIZE + u16(local + 26) + u16(local + 28);
	if (at > zip->len || u32(entry + 20) > zip->len - at)
		return damaged(zip, "has a member that is cut off", err);
	*offset = at;
	*size = u32(entry + 20);
	return 0;
}

int skep_zip_find(const uint8_t *data, size_t len, const char *path, const char *name,
		  size_t *offset, size_t *size, struct skep_error *err)
{
	struct zip zip = { .data = data, .len = len, .path = path };
	int ret = len < END_SIZE ? damaged(&zip, "is too short for one", err) : read_end(&zip, err);
	uint64_t at = zip.directory;

	if (ret)
		return ret;
	for (unsigned int i = 0; i < zip.count; i++) {
		const uint8_t *entry = data + at;
		unsigned int name_len;

		if (at > len || len - at < ENTRY_SIZE || memcmp(entry, "PK\1\2", 4) != 0)
			return damaged(&zip, "has a damaged directory", err);
		name_len = u16(entry + 28);
		if (name_len > len - at - ENTRY_SIZE)
			return damaged(&zip, "has a damaged directory", err);
		if (strlen(name) == name_len && !memcmp(entry + ENTRY_SIZE, name, name_len))
			return check_method(&zip, entry, name, err) ?:
				       place(&zip, entry, offset, size, err);
		at += ENTRY_SIZE + name_len + u16(entry + 30) + u16(entry + 32);
	}
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "the archive '%s' has no member '%s'", path,
		       name);
	skep_error_add_hint(err, "unzip -l '%s' lists its members", path);
	return -ENOENT;
}
