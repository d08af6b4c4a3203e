// SPDX-License-Identifier: MIT
#include "symbol/parts.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#define MAX_FILE     (64ull << 30)
#define MAX_READ     (1ull << 30)
#define HEAD	     (64u << 10) /* has the header and the segments of every linker */
#define MAX_NAME     (64u << 10)
#define MAX_SECTIONS 65536

/* Brings @len bytes of the file at @offset to where they belong; less at its end. */
static int bring(const struct skep_parts *parts, int fd, uint64_t offset, uint64_t len,
		 uint64_t *left)
{
	uint8_t *to = parts->memory;

	if (offset >= parts->len)
		return 0;
	len = len < parts->len - offset ? len : parts->len - offset;
	if (len > *left)
		return -EFBIG;
	*left -= len;
	while (len) {
		ssize_t n = pread(fd, to + offset, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return 0;
		offset += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return 0;
}

static uint64_t place_of(const struct skep_parts *parts, size_t section)
{
	const uint8_t *p = parts->image.data + parts->image.sections +
			   section * SKEP_IMAGE_SIZEOF(&parts->image, Shdr);

	return SKEP_IMAGE_FIELD(&parts->image, p, Shdr, sh_offset);
}

static int bring_section(const struct skep_parts *parts, int fd, size_t i, uint64_t *left)
{
	struct skep_section section;

	if (!skep_image_section(&parts->image, i, &section) || !section.data)
		return 0;
	return bring(parts, fd, place_of(parts, i), section.size, left);
}

/*
 * Names that never end would be looked through to the end of the table, for each of millions of
 * symbols. In this copy every name ends after so many bytes, and the last one at the table's end.
 */
static void end_names(const struct skep_parts *parts, size_t i)
{
	struct skep_section section;
	uint8_t *at, *end;

	if (!skep_image_section(&parts->image, i, &section) || !section.data || !section.size)
		return;
	at = (uint8_t *)parts->memory + place_of(parts, i);
	end = at + section.size - 1;
	*end = '\0';
	while (at < end) {
		size_t left = (size_t)(end - at) + 1, most = left < MAX_NAME ? left : MAX_NAME;
		uint8_t *nul = memchr(at, '\0', most);

		if (!nul)
			at[most - 1] = '\0';
		at = nul ? nul + 1 : at + most;
	}
}

static int bring_names(const struct skep_parts *parts, int fd, size_t i, uint64_t *left)
{
	int ret = bring_section(parts, fd, i, left);

	end_names(parts, i);
	return ret;
}

/* Compilers put the names of everything into few sections, whatever else there is. */
static int bring_sections(const struct skep_parts *parts, int fd, uint64_t *left)
{
	const struct skep_image *image = &parts->image;
	size_t n = image->n_sections < MAX_SECTIONS ? image->n_sections : MAX_SECTIONS;
	int ret = bring_names(parts, fd, image->names, left);

	for (size_t i = 0; i < n && !ret; i++) {
		struct skep_section section;

		if (!skep_image_section(image, i, &section))
			break;
		if (section.type == SHT_SYMTAB || section.type == SHT_DYNSYM) {
			ret = bring_section(parts, fd, i, left) ?:
				      bring_names(parts, fd, section.link, left);
		} else if (section.type == SHT_NOTE || !strcmp(section.name, ".gnu_debuglink")) {
			ret = bring_section(parts, fd, i, left);
		}
	}
	return ret;
}

static int bring_notes(const struct skep_parts *parts, int fd, uint64_t *left)
{
	struct skep_segment segment;
	int ret = 0;

	for (size_t i = 0; i < parts->image.n_segments && !ret; i++)
		if (skep_image_segment(&parts->image, i, &segment) && segment.type == PT_NOTE)
			ret = bring(parts, fd, segment.offset, segment.file_size, left);
	return ret;
}

/* Where the tables are is known after the header, what they hold after the tables. */
static int read_parts(struct skep_parts *parts, int fd, const char *name, uint64_t *left,
		      struct skep_error *err)
{
	struct skep_image *image = &parts->image;
	size_t segments, sections;
	int ret = bring(parts, fd, 0, HEAD, left);

	if (ret)
		return ret;
	/* The number of sections may stand in the first of them. */
	ret = skep_image_read(image, parts->memory, parts->len, name, err);
	if (ret && !image->sections)
		return ret;
	sections = SKEP_IMAGE_SIZEOF(image, Shdr);
	ret = bring(parts, fd, image->sections, sections, left) ?:
		      skep_image_read(image, parts->memory, parts->len, name, err);
	if (ret)
		return ret;
	segments = SKEP_IMAGE_SIZEOF(image, Phdr) * image->n_segments;
	sections *= image->n_sections < MAX_SECTIONS ? image->n_sections : MAX_SECTIONS;
	return bring(parts, fd, image->segments, segments, left)	 ?:
		       bring(parts, fd, image->sections, sections, left) ?:
		       bring_notes(parts, fd, left)			 ?:
		       bring_sections(parts, fd, left);
}

int skep_parts_read(struct skep_parts *parts, int fd, const char *name, struct skep_error *err)
{
	uint64_t left = MAX_READ;
	struct stat st;
	int ret;

	*parts = (struct skep_parts){ 0 };
	if (fstat(fd, &st))
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "cannot read '%s'", name);
	if (!S_ISREG(st.st_mode) || st.st_size <= 0)
		return skep_error_set(err, SKEP_STAGE_READ, ENOEXEC, "'%s' is no ELF file", name);
	if ((uint64_t)st.st_size > MAX_FILE)
		return skep_error_set(err, SKEP_STAGE_READ, EFBIG, "'%s' is too large", name);
	parts->len = (size_t)st.st_size;
	parts->memory = mmap(NULL, parts->len, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (parts->memory == MAP_FAILED) {
		parts->memory = NULL;
		return skep_error_nomem(err, SKEP_STAGE_READ);
	}
	ret = read_parts(parts, fd, name, &left, err);
	if (ret == -EFBIG || ret == -EIO)
		skep_error_set_errno(err, SKEP_STAGE_READ, ret, "cannot read '%s'", name);
	if (ret)
		skep_parts_free(parts);
	return ret;
}

void skep_parts_free(struct skep_parts *parts)
{
	if (parts->memory)
		munmap(parts->memory, parts->len);
	*parts = (struct skep_parts){ 0 };
}
