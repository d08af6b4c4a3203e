// SPDX-License-Identifier: MIT
#include "package/tar.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

#define BLOCK 512

/* POSIX.1-1988's block, with what GNU has put behind. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100];
	char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};

/* What a pax header, or GNU's, says of the entry behind it. */
struct said {
	char path[SKEP_TAR_PATH + 1];
	bool has_size;
	uint64_t size;
};

static int refuse(struct skep_error *err, const char *path, const char *why)
{
	skep_error_set(err, SKEP_STAGE_READ, EINVAL, "%s", why);
	skep_error_add_subject(err, "entry '%s' of the tar", path);
	return -EINVAL;
}

static int damaged(struct skep_error *err, const struct skep_tar *tar, const char *what)
{
	return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "the tar is damaged at byte %zu: %s",
			      tar->at, what);
}

/* Octal digits with spaces around them. False: there is something else. */
static bool read_octal(const char *text, size_t len, uint64_t *value)
{
	size_t i = 0;

	*value = 0;
	while (i < len && text[i] == ' ')
		i++;
	for (; i < len && text[i] >= '0' && text[i] <= '7'; i++)
		*value = *value << 3 | (uint64_t)(text[i] - '0');
	return i == len || text[i] == ' ' || !text[i];
}

static bool has_right_sum(const uint8_t *block)
{
	const struct header *h = (const void *)block;
	size_t from = offsetof(struct header, sum), to = from + sizeof(h->sum);
	uint64_t said, sum = 0;

	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= from && i < to ? ' ' : block[i];
	return read_octal(h->sum, sizeof(h->sum), &said) && said == sum;
}

bool skep_tar_is(const void *data, size_t len)
{
	return len >= BLOCK && *(const char *)data && has_right_sum(data);
}

static bool is_zero(const uint8_t *block)
{
	for (size_t i = 0; i < BLOCK; i++)
		if (block[i])
			return false;
	return true;
}

/* "./a//b/" becomes "a/b". What cannot be a path in a folder is refused as it is. */
static int set_path(char path[SKEP_TAR_PATH + 1], const char *name, size_t len,
		    struct skep_error *err)
{
	size_t n = 0;

	path[0] = '\0';
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
			return refuse(err, "", "its path has control characters");
	if (len > SKEP_TAR_PATH)
		return refuse(err, "", "its path has more than 255 bytes");
	snprintf(path, SKEP_TAR_PATH + 1, "%.*s", (int)len, name);
	if (len && name[0] == '/')
		return refuse(err, path, "its path begins at the root");
	for (size_t at = 0, part; at < len; at += part + 1) {
		const char *slash = memchr(name + at, '/', len - at);

		part = slash ? (size_t)(slash - name) - at : len - at;
		if (part == 2 && !memcmp(name + at, "..", 2))
			return refuse(err, path, "its path leads out of the folder");
		if (!part || (part == 1 && name[at] == '.'))
			continue;
		n += (size_t)snprintf(path + n, SKEP_TAR_PATH + 1 - n, "%s%.*s", n ? "/" : "",
				      (int)part, name + at);
	}
	path[n] = '\0';
	return 0;
}

/* "27 path=some/long/name\n", each line with its own length before it. */
static int read_pax(const struct skep_tar *tar, const char *data, size_t len, struct said *said,
		    struct skep_error *err)
{
	while (len) {
		size_t line = 0, i = 0;
		const char *key, *equals, *end;

		for (; i < len && data[i] >= '0' && data[i] <= '9' && line <= len; i++)
			line = line * 10 + (size_t)(data[i] - '0');
		if (!i || i >= len || data[i] != ' ' || line <= i + 1 || line > len ||
		    data[line - 1] != '\n')
			return damaged(err, tar, "a pax header is no list of lines");
		key = data + i + 1;
		end = data + line - 1;
		equals = memchr(key, '=', (size_t)(end - key));
		if (!equals)
			return damaged(err, tar, "a line of a pax header has no value");
		if (equals - key >= 10 && !memcmp(key, "GNU.sparse", 10))
			return refuse(err, said->path, "sparse files are not taken");
		if (equals - key == 4 && !memcmp(key, "path", 4) &&
		    set_path(said->path, equals + 1, (size_t)(end - equals - 1), err))
			return -EINVAL;
		if (equals - key == 4 && !memcmp(key, "size", 4)) {
			said->has_size = true;
			said->size = 0;
			for (const char *c = equals + 1; c < end; c++) {
				if (*c < '0' || *c > '9' || said->size > tar->len)
					return damaged(err, tar, "a size is no number");
				said->size = said->size * 10 + (uint64_t)(*c - '0');
			}
		}
		data += line;
		len -= line;
	}
	return 0;
}

static int header_path(const struct header *h, const struct said *said,
		       struct skep_tar_entry *entry, struct skep_error *err)
{
	/* Only POSIX has a prefix; GNU has times there. */
	bool has_prefix = !memcmp(h->magic, "ustar\0", 6) && h->prefix[0];
	char name[sizeof(h->prefix) + 1 + sizeof(h->name) + 1];
	int len;

	if (said->path[0]) {
		memcpy(entry->path, said->path, sizeof(entry->path));
		return 0;
	}
	len = snprintf(name, sizeof(name), "%.*s%s%.*s", has_prefix ? (int)sizeof(h->prefix) : 0,
		       h->prefix, has_prefix ? "/" : "", (int)sizeof(h->name), h->name);
	return set_path(entry->path, name, (size_t)len, err);
}

/* One header and what belongs to it. 1: an entry, 2: it only says something of the next one. */
static int read_header(struct skep_tar *tar, struct said *said, struct skep_tar_entry *entry,
		       struct skep_error *err)
{
	const struct header *h = (const void *)(tar->data + tar->at);
	const uint8_t *data = tar->data + tar->at + BLOCK;
	size_t left = tar->len - tar->at - BLOCK, name_len;
	uint64_t size;

	if (!has_right_sum(tar->data + tar->at))
		return damaged(err, tar, "the sum of a header is wrong");
	if (!read_octal(h->size, sizeof(h->size), &size))
		return damaged(err, tar, "a size is no octal number");
	if (h->type != 'x' && h->type != 'g' && h->type != 'L' && said->has_size)
		size = said->size;
	if (size > left)
		return damaged(err, tar, "it is cut off");
	tar->at +=
		BLOCK + (size < left / BLOCK * BLOCK ? (size + BLOCK - 1) / BLOCK * BLOCK : left);
	switch (h->type) {
	case 'g':
		return 2;
	case 'x':
		return read_pax(tar, (const char *)data, size, said, err) ?: 2;
	case 'L':
		return set_path(said->path, (const char *)data, strnlen((const char *)data, size), err) ?:
			       2;
	}
	if (header_path(h, said, entry, err))
		return -EINVAL;
	name_len = strnlen(h->name, sizeof(h->name));
	entry->is_folder = h->type == '5' || (name_len && h->name[name_len - 1] == '/');
	entry->data = data;
	entry->len = size;
	if (h->type == '1' || h->type == '2')
		return refuse(err, entry->path, "links are not taken");
	if (h->type == '3' || h->type == '4' || h->type == '6')
		return refuse(err, entry->path, "devices and pipes are not taken");
	if (h->type && !strchr("057", h->type))
		return refuse(err, entry->path, "it is of a type that is not taken");
	return 1;
}

int skep_tar_next(struct skep_tar *tar, struct skep_tar_entry *entry, struct skep_error *err)
{
	struct said said = { 0 };
	int ret;

	do {
		/* Two blocks of zeros should be the end; some writers leave them out. */
		if (tar->at == tar->len)
			return 0;
		if (tar->len - tar->at < BLOCK)
			return damaged(err, tar, "it is cut off");
		if (is_zero(tar->data + tar->at))
			return 0;
		if (tar->n_entries++ >= SKEP_TAR_ENTRIES)
			return skep_error_set(err, SKEP_STAGE_READ, E2BIG,
					      "the tar has more than %d entries", SKEP_TAR_ENTRIES);
		ret = read_header(tar, &said, entry, err);
		/* The tar's own folder, "./". */
		if (ret == 1 && !entry->path[0])
			ret = entry->is_folder ? 2 : refuse(err, "", "a file has no name");
	} while (ret == 2);
	return ret;
}
