// SPDX-License-Identifier: MIT
#include "user/image.h"

#include <string.h>

#include "base/error.h"
#include "base/integer.h"

#define HOST_DATA (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB)

uint64_t skep_image_number(const struct skep_image *image, const uint8_t *p, size_t size)
{
	uint64_t number = skep_int_load(p, size);

	return image->foreign ? __builtin_bswap64(number) >> (64 - 8 * size) : number;
}

static bool inside(const struct skep_image *image, uint64_t offset, uint64_t len)
{
	return offset <= image->len && len <= image->len - offset;
}

static int not_elf(struct skep_error *err, const char *path, const uint8_t *data, size_t len)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOEXEC, "'%s' is no ELF file", path);
	if (len >= 2 && !memcmp(data, "#!", 2))
		skep_error_add_hint(err, "it is a script: probe its interpreter, named in its "
					 "first line");
	else if (len >= 4 && !memcmp(data, "PK\3\4", 4))
		skep_error_add_hint(err,
				    "it is an archive: name the library in it as '%s!/lib/"
				    "NAME.so'",
				    path);
	else
		skep_error_add_hint(err, "give an executable or a shared library");
	return -ENOEXEC;
}

static int damaged(const struct skep_image *image, const char *what, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "'%s' is damaged: %s", image->path,
			      what);
}

/* More segments than fit into e_phnum, or sections into e_shnum: the first section tells. */
static int read_counts(struct skep_image *image, struct skep_error *err)
{
	const uint8_t *h = image->data, *first;

	image->segments = SKEP_IMAGE_FIELD(image, h, Ehdr, e_phoff);
	image->n_segments = SKEP_IMAGE_FIELD(image, h, Ehdr, e_phnum);
	image->sections = SKEP_IMAGE_FIELD(image, h, Ehdr, e_shoff);
	image->n_sections = SKEP_IMAGE_FIELD(image, h, Ehdr, e_shnum);
	image->names = (uint32_t)SKEP_IMAGE_FIELD(image, h, Ehdr, e_shstrndx);
	if (!image->sections) {
		image->n_sections = 0;
		return 0;
	}
	if (!inside(image, image->sections, SKEP_IMAGE_SIZEOF(image, Shdr)))
		return damaged(image, "its sections are beyond its end", err);
	first = image->data + image->sections;
	if (!image->n_sections)
		image->n_sections = SKEP_IMAGE_FIELD(image, first, Shdr, sh_size);
	if (image->n_segments == PN_XNUM)
		image->n_segments = SKEP_IMAGE_FIELD(image, first, Shdr, sh_info);
	if (image->names == SHN_XINDEX)
		image->names = (uint32_t)SKEP_IMAGE_FIELD(image, first, Shdr, sh_link);
	return 0;
}

static int check_tables(const struct skep_image *image, struct skep_error *err)
{
	const uint8_t *h = image->data;
	size_t segment = SKEP_IMAGE_SIZEOF(image, Phdr), section = SKEP_IMAGE_SIZEOF(image, Shdr);

	if (image->n_segments && SKEP_IMAGE_FIELD(image, h, Ehdr, e_phentsize) != segment)
		return damaged(image, "its segments have a wrong size", err);
	if (image->n_sections && SKEP_IMAGE_FIELD(image, h, Ehdr, e_shentsize) != section)
		return damaged(image, "its sections have a wrong size", err);
	if (image->n_segments > image->len / segment ||
	    !inside(image, image->segments, image->n_segments * segment))
		return damaged(image, "its segments are beyond its end", err);
	if (image->n_sections > image->len / section ||
	    !inside(image, image->sections, image->n_sections * section))
		return damaged(image, "its sections are beyond its end", err);
	return 0;
}

int skep_image_read(struct skep_image *image, const void *data, size_t len, const char *path,
		    struct skep_error *err)
{
	const uint8_t *h = data;

	*image = (struct skep_image){ .data = data, .len = len, .path = path };
	if (len < EI_NIDENT || memcmp(h, ELFMAG, SELFMAG))
		return not_elf(err, path, h, len);
	if ((h[EI_CLASS] != ELFCLASS32 && h[EI_CLASS] != ELFCLASS64) ||
	    (h[EI_DATA] != ELFDATA2LSB && h[EI_DATA] != ELFDATA2MSB))
		return damaged(image, "its class or byte order is unknown", err);
	image->is_64 = h[EI_CLASS] == ELFCLASS64;
	image->foreign = h[EI_DATA] != HOST_DATA;
	if (len < SKEP_IMAGE_SIZEOF(image, Ehdr))
		return damaged(image, "its header is cut off", err);
	image->type = (uint16_t)SKEP_IMAGE_FIELD(image, h, Ehdr, e_type);
	image->machine = (uint16_t)SKEP_IMAGE_FIELD(image, h, Ehdr, e_machine);
	return read_counts(image, err) ?: check_tables(image, err);
}

bool skep_image_segment(const struct skep_image *image, size_t i, struct skep_segment *segment)
{
	const uint8_t *p;

	if (i >= image->n_segments)
		return false;
	p = image->data + image->segments + i * SKEP_IMAGE_SIZEOF(image, Phdr);
	segment->type = (uint32_t)SKEP_IMAGE_FIELD(image, p, Phdr, p_type);
	segment->flags = (uint32_t)SKEP_IMAGE_FIELD(image, p, Phdr, p_flags);
	segment->offset = SKEP_IMAGE_FIELD(image, p, Phdr, p_offset);
	segment->addr = SKEP_IMAGE_FIELD(image, p, Phdr, p_vaddr);
	segment->file_size = SKEP_IMAGE_FIELD(image, p, Phdr, p_filesz);
	segment->size = SKEP_IMAGE_FIELD(image, p, Phdr, p_memsz);
	return inside(image, segment->offset, segment->file_size);
}

static void read_section(const struct skep_image *image, size_t i, struct skep_section *section)
{
	const uint8_t *p = image->data + image->sections + i * SKEP_IMAGE_SIZEOF(image, Shdr);
	uint64_t offset = SKEP_IMAGE_FIELD(image, p, Shdr, sh_offset);

	section->name = "";
	section->type = (uint32_t)SKEP_IMAGE_FIELD(image, p, Shdr, sh_type);
	section->link = (uint32_t)SKEP_IMAGE_FIELD(image, p, Shdr, sh_link);
	section->info = (uint32_t)SKEP_IMAGE_FIELD(image, p, Shdr, sh_info);
	section->addr = SKEP_IMAGE_FIELD(image, p, Shdr, sh_addr);
	section->size = SKEP_IMAGE_FIELD(image, p, Shdr, sh_size);
	section->data = NULL;
	if (section->type != SHT_NOBITS && section->type != SHT_NULL &&
	    inside(image, offset, section->size))
		section->data = image->data + offset;
}

bool skep_image_section(const struct skep_image *image, size_t i, struct skep_section *section)
{
	struct skep_section names;
	const uint8_t *p;
	const char *name;

	if (i >= image->n_sections)
		return false;
	read_section(image, i, section);
	if (image->names >= image->n_sections)
		return true;
	p = image->data + image->sections + i * SKEP_IMAGE_SIZEOF(image, Shdr);
	read_section(image, image->names, &names);
	name = skep_image_string(&names, SKEP_IMAGE_FIELD(image, p, Shdr, sh_name));
	if (name)
		section->name = name;
	return true;
}

bool skep_image_section_named(const struct skep_image *image, const char *name,
			      struct skep_section *section)
{
	for (size_t i = 0; skep_image_section(image, i, section); i++)
		if (!strcmp(section->name, name))
			return true;
	return false;
}

bool skep_image_section_of_type(const struct skep_image *image, uint32_t type,
				struct skep_section *section)
{
	for (size_t i = 0; skep_image_section(image, i, section); i++)
		if (section->type == type)
			return true;
	return false;
}

const char *skep_image_string(const struct skep_section *table, uint64_t offset)
{
	if (!table->data || offset >= table->size ||
	    !memchr(table->data + offset, '\0', table->size - offset))
		return NULL;
	return (const char *)table->data + offset;
}
