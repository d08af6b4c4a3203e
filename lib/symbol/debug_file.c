// SPDX-License-Identifier: MIT
/*
 * Symbols that were put into a file of their own: by build id below /usr/lib/debug, or by the name
 * in .gnu_debuglink beside the file (GDB's manual, "Separate Debug Files"). That it is the right
 * one, its build id proves, and of those without one the checksum that the link has.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "symbol/file.h"
#include "symbol/parts.h"
#include "user/symbols.h"

#define MAX_CHECKED (64ll << 20) /* bytes that a checksum is computed of */

static int open_file(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

int skep_file_of_id(const struct skep_build_id *id, const char *prefix, const char *root,
		    const char *suffix)
{
	char path[PATH_MAX];
	int at;

	if (!*root || id->len < 2)
		return -1;
	at = snprintf(path, sizeof(path), "%s%s/.build-id/%02x/", prefix, root, id->bytes[0]);
	for (size_t i = 1; i < id->len && at < PATH_MAX; i++)
		at += snprintf(path + at, (size_t)(PATH_MAX - at), "%02x", id->bytes[i]);
	if (at >= PATH_MAX ||
	    snprintf(path + at, (size_t)(PATH_MAX - at), "%s", suffix) >= PATH_MAX - at)
		return -1;
	return open_file(path);
}

/* In the process's container, then where this process is. */
static int debug_file_of_id(const struct skep_build_id *id, const struct skep_debug_place *debug)
{
	int fd = *debug->prefix ? skep_file_of_id(id, debug->prefix, debug->root, ".debug") : -1;

	return fd < 0 ? skep_file_of_id(id, "", debug->root, ".debug") : fd;
}

/* The CRC of gzip and of the section .gnu_debuglink. */
static uint32_t checksum_step(uint32_t crc, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return crc;
}

static bool has_checksum(int fd, uint32_t wanted)
{
	SKEP_SCOPED(skep_scoped_free) uint8_t *buf = malloc(1 << 16);
	uint32_t crc = ~0u;
	int64_t total = 0;
	ssize_t n;

	while (buf && (n = pread(fd, buf, 1 << 16, total)) > 0 && total < MAX_CHECKED) {
		crc = checksum_step(crc, buf, (size_t)n);
		total += n;
	}
	return buf && total && ~crc == wanted;
}

static bool is_right(const struct skep_symbol_file *file, const struct skep_image *image, int fd,
		     const uint32_t *checksum)
{
	struct skep_build_id id = { .len = 0 };
	const uint8_t *bytes;
	size_t len = skep_image_build_id(image, &bytes);

	if (file->id.len || len) {
		if (len > sizeof(id.bytes) || !len)
			return false;
		memcpy(id.bytes, bytes, len);
		id.len = len;
		return skep_build_id_equal(&file->id, &id);
	}
	return checksum && has_checksum(fd, *checksum);
}

/* True if the open file was the right one. */
static bool add_file(struct skep_symbol_file *file, int fd, const uint32_t *checksum)
{
	struct skep_parts parts;
	bool right;

	if (fd < 0)
		return false;
	if (skep_parts_read(&parts, fd, "debug file", NULL)) {
		close(fd);
		return false;
	}
	right = is_right(file, &parts.image, fd, checksum);
	/* What does not fit leaves the names that are there already. */
	if (right)
		skep_symbol_file_add(&file->names, &parts.image);
	skep_parts_free(&parts);
	close(fd);
	return right;
}

static bool add_linked(struct skep_symbol_file *file, const struct skep_debug_place *debug,
		       const char *name, const uint32_t *checksum)
{
	const char *slash = strrchr(file->path, '/');
	int dir = slash ? (int)(slash - file->path) : 0;
	char path[3][PATH_MAX];

	if (!slash || strchr(name, '/'))
		return false;
	snprintf(path[0], PATH_MAX, "%s%.*s/%s", debug->prefix, dir, file->path, name);
	snprintf(path[1], PATH_MAX, "%s%.*s/.debug/%s", debug->prefix, dir, file->path, name);
	snprintf(path[2], PATH_MAX, "%s%s%.*s/%s", debug->prefix, debug->root, dir, file->path,
		 name);
	for (int i = 0; i < 3; i++)
		if (add_file(file, open_file(path[i]), checksum))
			return true;
	return false;
}

void skep_symbol_file_add_debug(struct skep_symbol_file *file, const struct skep_image *image,
				const struct skep_debug_place *debug)
{
	struct skep_section link;
	uint64_t at;

	if (!*debug->root || add_file(file, debug_file_of_id(&file->id, debug), NULL))
		return;
	if (!skep_image_section_named(image, ".gnu_debuglink", &link) || !link.data)
		return;
	if (!skep_image_string(&link, 0))
		return;
	/* The name, zeros up to a multiple of four, and the checksum in the file's order. */
	at = (strlen((const char *)link.data) + 4) & ~3ull;
	if (at <= link.size && link.size - at >= 4) {
		uint32_t checksum = (uint32_t)skep_image_number(image, link.data + at, 4);

		add_linked(file, debug, (const char *)link.data, &checksum);
	}
}
