// SPDX-License-Identifier: MIT
#include "symbol/file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "symbol/parts.h"
#include "user/symbols.h"

static enum skep_name_rank rank_of(const struct skep_symbol *symbol)
{
	if (symbol->type == STT_NOTYPE)
		return SKEP_NAME_LABEL;
	return symbol->bind == STB_LOCAL ? SKEP_NAME_LOCAL :
	       symbol->bind == STB_WEAK	 ? SKEP_NAME_WEAK :
					   SKEP_NAME_GLOBAL;
}

/* Mapping symbols of assemblers ("$x", "$d.1") stand where code and data meet. */
static bool is_mapping_symbol(const struct skep_symbol *symbol)
{
	return symbol->type == STT_NOTYPE && symbol->name[0] == '$';
}

int skep_symbol_file_add(struct skep_names *names, const struct skep_image *image)
{
	static const uint32_t tables[] = { SHT_SYMTAB, SHT_DYNSYM };
	int ret = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && !ret; i++) {
		struct skep_symbols symbols;
		struct skep_symbol symbol;

		if (!skep_symbols_open(&symbols, image, tables[i]))
			continue;
		while (!ret && skep_symbols_next(&symbols, &symbol)) {
			/* The lowest bit of a function of Arm says how its code is written. */
			if (image->machine == EM_ARM)
				symbol.addr &= ~1ull;
			if (symbol.addr && !is_mapping_symbol(&symbol))
				ret = skep_names_add(names, symbol.addr, symbol.size,
						     rank_of(&symbol), symbol.name, symbol.name_len,
						     NULL);
		}
	}
	return ret;
}

static void keep_id(struct skep_symbol_file *file, const struct skep_image *image)
{
	const uint8_t *id;
	size_t len = skep_image_build_id(image, &id);

	if (!len || len > sizeof(file->id.bytes))
		return;
	memcpy(file->id.bytes, id, len);
	file->id.len = len;
}

static int keep_runs(struct skep_symbol_file *file, const struct skep_image *image)
{
	struct skep_segment s;

	for (size_t i = 0; i < image->n_segments && file->runs.len < 64; i++) {
		struct skep_run *run;

		if (!skep_image_segment(image, i, &s) || s.type != PT_LOAD || !(s.flags & PF_X) ||
		    !s.file_size)
			continue;
		run = skep_vec_push(&file->runs);
		if (!run)
			return -ENOMEM;
		*run = (struct skep_run){ s.offset, s.addr, s.file_size };
	}
	return 0;
}

static bool has_symtab(const struct skep_image *image)
{
	struct skep_section section;

	return skep_image_section_of_type(image, SHT_SYMTAB, &section);
}

/* What there is no memory or room for stays unnamed. */
static void take(struct skep_symbol_file *file, const struct skep_image *image,
		 const struct skep_debug_place *debug)
{
	keep_id(file, image);
	if (keep_runs(file, image) || skep_symbol_file_add(&file->names, image)) {
		file->is_unusable = true;
		skep_names_free(&file->names);
		return;
	}
	if (debug && !has_symtab(image))
		skep_symbol_file_add_debug(file, image, debug);
	skep_names_finish(&file->names);
}

static struct skep_symbol_file *new_file(const char *path)
{
	struct skep_symbol_file *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	file->path = strdup(path);
	if (file->path)
		return file;
	free(file);
	return NULL;
}

struct skep_symbol_file *skep_symbol_file_read(int fd, const char *path,
					       const struct skep_debug_place *debug)
{
	struct skep_symbol_file *file = new_file(path);
	struct skep_parts parts;
	struct stat st;

	if (!file)
		return NULL;
	if (!fstat(fd, &st)) {
		file->dev = st.st_dev;
		file->ino = st.st_ino;
		file->size = st.st_size;
		file->changed = st.st_mtim;
	}
	file->is_unusable = skep_parts_read(&parts, fd, file->path, NULL);
	if (!file->is_unusable) {
		take(file, &parts.image, debug);
		skep_parts_free(&parts);
	}
	return file;
}

struct skep_symbol_file *skep_symbol_file_of_bytes(const void *data, size_t len, const char *path)
{
	struct skep_symbol_file *file = new_file(path);
	struct skep_image image;

	if (!file)
		return NULL;
	file->is_unusable = skep_image_read(&image, data, len, path, NULL);
	if (!file->is_unusable)
		take(file, &image, NULL);
	return file;
}

struct skep_symbol_file *skep_symbol_file_of_id(const struct skep_build_id *id,
						const struct skep_debug_place *debug)
{
	const struct {
		const char *root, *suffix;
	} places[] = { { "/usr/lib", "" }, { debug->root, "" }, { debug->root, ".debug" } };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int fd = skep_file_of_id(id, debug->prefix, places[i].root, places[i].suffix);
		struct skep_symbol_file *file;

		if (fd < 0)
			continue;
		file = skep_symbol_file_read(fd, "", debug);
		close(fd);
		/* A debug file that does not say where its code lay is of no use for offsets. */
		if (file && skep_build_id_equal(&file->id, id) && file->runs.len)
			return file;
		skep_symbol_file_free(file);
	}
	return NULL;
}

bool skep_symbol_file_address(const struct skep_symbol_file *file, uint64_t offset,
			      uint64_t *address)
{
	for (size_t i = 0; i < file->runs.len; i++) {
		const struct skep_run *run = &file->runs.items[i];

		if (offset < run->offset || offset - run->offset >= run->size)
			continue;
		*address = run->address + (offset - run->offset);
		return true;
	}
	return false;
}

bool skep_build_id_equal(const struct skep_build_id *a, const struct skep_build_id *b)
{
	return a->len && a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

size_t skep_symbol_file_bytes(const struct skep_symbol_file *file)
{
	return sizeof(*file) + skep_names_bytes(&file->names);
}

void skep_symbol_file_free(struct skep_symbol_file *file)
{
	if (!file)
		return;
	skep_vec_free(&file->runs);
	skep_names_free(&file->names);
	free(file->path);
	free(file);
}
