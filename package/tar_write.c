// SPDX-License-Identifier: MIT
#include "package/tar_write.h"

#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/scan.h"

#define BLOCK 512u

/* POSIX.1-1988, ustar. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100],
		magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], pad[12];
};

_Static_assert(sizeof(struct header) == BLOCK, "a header is a block");

uint64_t skep_source_date(void)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	uint64_t date = 0;

	/* What a header has room for is 11 octal digits. */
	if (!text || !skep_scan_number(&text, 10, &date) || *text || date >= 1ull << 33)
		return 0;
	return date;
}

static void put_octal(char *field, size_t size, uint64_t value)
{
	/* The last byte stays NUL. */
	for (size_t i = size - 1; i-- > 0; value >>= 3)
		field[i] = (char)('0' + (value & 7));
}

/* A long path is cut at a slash into two fields. */
static int put_path(struct header *h, const char *path)
{
	size_t len = strlen(path);

	if (len <= sizeof(h->name)) {
		memcpy(h->name, path, len);
		return 0;
	}
	for (size_t cut = 1; cut < len && cut <= sizeof(h->prefix); cut++) {
		if (path[cut] != '/' || len - cut - 1 > sizeof(h->name))
			continue;
		memcpy(h->prefix, path, cut);
		memcpy(h->name, path + cut + 1, len - cut - 1);
		return 0;
	}
	return -ENAMETOOLONG;
}

static void pad(struct skep_text *tar, size_t len)
{
	static const char zeros[BLOCK];

	skep_text_bytes(tar, zeros, (BLOCK - len % BLOCK) % BLOCK);
}

int skep_tar_write(struct skep_text *tar, const char *path, const void *data, size_t len,
		   struct skep_error *err)
{
	struct header h = { .type = '0', .magic = "ustar", .version = { '0', '0' } };
	unsigned int sum = 0;

	if (put_path(&h, path))
		return skep_error_set(err, SKEP_STAGE_DELIVER, ENAMETOOLONG,
				      "'%s' is too long a path for a tar", path);
	put_octal(h.mode, sizeof(h.mode), 0644);
	put_octal(h.uid, sizeof(h.uid), 0);
	put_octal(h.gid, sizeof(h.gid), 0);
	put_octal(h.size, sizeof(h.size), len);
	put_octal(h.mtime, sizeof(h.mtime), skep_source_date());
	/* The sum is that of a header whose sum is blanks; six digits, a NUL and a blank. */
	memset(h.checksum, ' ', sizeof(h.checksum));
	for (size_t i = 0; i < BLOCK; i++)
		sum += ((const unsigned char *)&h)[i];
	h.checksum[6] = '\0';
	put_octal(h.checksum, 7, sum);
	skep_text_bytes(tar, &h, sizeof(h));
	skep_text_bytes(tar, data, len);
	pad(tar, len);
	return tar->failed ? skep_error_nomem(err, SKEP_STAGE_DELIVER) : 0;
}

void skep_tar_finish(struct skep_text *tar)
{
	static const char zeros[2 * BLOCK];

	skep_text_bytes(tar, zeros, sizeof(zeros));
}
