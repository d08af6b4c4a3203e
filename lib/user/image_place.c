// SPDX-License-Identifier: MIT
/* Where things of an image are: addresses and file offsets, notes, the build id. */
#include "user/image.h"

#include <string.h>

static bool loads(const struct skep_segment *segment, uint32_t flags)
{
	return segment->type == PT_LOAD && (segment->flags & flags) == flags;
}

bool skep_image_offset(const struct skep_image *image, uint64_t addr, uint32_t flags,
		       uint64_t *offset)
{
	for (size_t i = 0; i < image->n_segments; i++) {
		struct skep_segment s;

		if (!skep_image_segment(image, i, &s) || !loads(&s, flags) || addr < s.addr ||
		    addr - s.addr >= s.file_size)
			continue;
		*offset = s.offset + (addr - s.addr);
		return true;
	}
	return false;
}

bool skep_image_address(const struct skep_image *image, uint64_t offset, uint32_t flags,
			uint64_t *addr)
{
	for (size_t i = 0; i < image->n_segments; i++) {
		struct skep_segment s;

		if (!skep_image_segment(image, i, &s) || !loads(&s, flags) || offset < s.offset ||
		    offset - s.offset >= s.file_size)
			continue;
		*addr = s.addr + (offset - s.offset);
		return true;
	}
	return false;
}

static uint64_t padded(uint32_t len)
{
	return ((uint64_t)len + 3) & ~3ull;
}

bool skep_image_note(const struct skep_image *image, const uint8_t *data, size_t len, size_t *at,
		     struct skep_note *note)
{
	const uint8_t *p = data + *at;
	size_t left = len - *at;

	/* The header has the same layout in both classes. */
	if (left < sizeof(Elf64_Nhdr))
		return false;
	note->name_len = (uint32_t)SKEP_IMAGE_FIELD(image, p, Nhdr, n_namesz);
	note->desc_len = (uint32_t)SKEP_IMAGE_FIELD(image, p, Nhdr, n_descsz);
	note->type = (uint32_t)SKEP_IMAGE_FIELD(image, p, Nhdr, n_type);
	p += sizeof(Elf64_Nhdr);
	left -= sizeof(Elf64_Nhdr);
	if (padded(note->name_len) > left || note->desc_len > left - padded(note->name_len))
		return false;
	note->name = (const char *)p;
	note->desc = p + padded(note->name_len);
	left -= padded(note->name_len);
	/* The last one may lack its padding. */
	left -= padded(note->desc_len) < left ? padded(note->desc_len) : left;
	*at = len - left;
	return true;
}

static size_t find_build_id(const struct skep_image *image, const uint8_t *data, size_t len,
			    const uint8_t **id)
{
	struct skep_note note;
	size_t at = 0;

	while (skep_image_note(image, data, len, &at, &note))
		if (note.type == NT_GNU_BUILD_ID && note.name_len == 4 &&
		    !memcmp(note.name, "GNU", 4) && note.desc_len) {
			*id = note.desc;
			return note.desc_len;
		}
	return 0;
}

/* By a segment in what is run, by a section in what keeps its symbols. */
size_t skep_image_build_id(const struct skep_image *image, const uint8_t **id)
{
	struct skep_section section;
	struct skep_segment s;
	size_t len = 0;

	for (size_t i = 0; i < image->n_segments && !len; i++)
		if (skep_image_segment(image, i, &s) && s.type == PT_NOTE)
			len = find_build_id(image, image->data + s.offset, s.file_size, id);
	if (!len && skep_image_section_named(image, ".note.gnu.build-id", &section) && section.data)
		len = find_build_id(image, section.data, section.size, id);
	return len;
}
