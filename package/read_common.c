// SPDX-License-Identifier: MIT
/* What the readers of all forms share. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "elf/elf.h"
#include "package/read_parts.h"

int skep_package_own(struct skep_package *package, void *bytes, struct skep_error *err)
{
	void **slot = skep_vec_push(&package->blobs);

	if (!slot) {
		free(bytes);
		return skep_error_nomem(err, SKEP_STAGE_READ);
	}
	*slot = bytes;
	return 0;
}

/* Room that grows, since pipes do not tell how much is to come. */
static int grow(uint8_t **bytes, size_t len, size_t *cap, struct skep_error *err)
{
	uint8_t *more;

	if (len < *cap)
		return 0;
	*cap = *cap ? *cap * 2 : 1 << 16;
	more = realloc(*bytes, *cap);
	if (!more)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	*bytes = more;
	return 0;
}

static int64_t load(int fd, const char *path, uint8_t **bytes, struct skep_error *err)
{
	struct stat st;
	size_t len = 0, cap = 0;
	ssize_t n = 1;

	/* One byte more than there is: the read behind the last one says that it was the last. */
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size < SKEP_PACKAGE_MOST)
		cap = (size_t)st.st_size + 1;
	*bytes = cap ? malloc(cap) : NULL;
	if (cap && !*bytes)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	while (n) {
		if (grow(bytes, len, &cap, err))
			return -ENOMEM;
		n = read(fd, *bytes + len, cap - len);
		if (n < 0 && errno != EINTR)
			return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
						    "%s cannot be read", path);
		len += n > 0 ? (size_t)n : 0;
		if (len > SKEP_PACKAGE_MOST)
			return skep_error_set(err, SKEP_STAGE_READ, EFBIG,
					      "%s has more than %u MiB", path,
					      SKEP_PACKAGE_MOST >> 20);
	}
	return (int64_t)len;
}

int skep_package_load(struct skep_package *package, int fd, const char *path, const void **data,
		      size_t *len, struct skep_error *err)
{
	uint8_t *bytes;
	int64_t n = load(fd, path, &bytes, err);

	if (n < 0) {
		free(bytes);
		return (int)n;
	}
	*data = bytes;
	*len = (size_t)n;
	return skep_package_own(package, bytes, err);
}

int skep_package_add_object(struct skep_package *package, const void *data, size_t len,
			    const char *machine, struct skep_error *err)
{
	struct skep_package_object *object;
	const uint8_t *ident = data;

	if (len < EI_NIDENT || memcmp(ident, ELFMAG, SELFMAG))
		return skep_error_set(err, SKEP_STAGE_READ, ENOEXEC, "the object is no ELF file");
	if (package->objects.len >= SKEP_PACKAGE_OBJECTS)
		return skep_error_set(err, SKEP_STAGE_READ, E2BIG, "it has more than %d objects",
				      SKEP_PACKAGE_OBJECTS);
	object = skep_vec_push(&package->objects);
	if (!object)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	object->machine = machine;
	object->is_big_endian = ident[EI_DATA] == ELFDATA2MSB;
	object->data = data;
	object->len = len;
	return 0;
}

int skep_package_annotate(struct skep_package *package, struct skep_tree_reader *r, const char *of,
			  const char *key, const json_t *value)
{
	struct skep_package_text_pair *pair;
	char path[256];

	snprintf(path, sizeof(path), "%s%s%s", of, *of ? "/" : "", key);
	if (package->annotations.len >= SKEP_PACKAGE_LIST)
		return skep_tree_wrong(r, key, "there are more than %u annotations",
				       SKEP_PACKAGE_LIST);
	pair = skep_tree_new(r, &package->annotations);
	if (!pair)
		return r->failed;
	pair->value = skep_tree_text(r, value);
	pair->key = skep_arena_string(r->arena, path, strlen(path));
	if (!pair->key)
		skep_tree_nomem(r);
	return r->failed;
}

static bool is_one_of(const char *key, const char *const *known)
{
	for (; *known; known++)
		if (!strcmp(key, *known))
			return true;
	return false;
}

void skep_package_keep(struct skep_package *package, struct skep_tree_reader *r,
		       const json_t *object, const char *const *known, const char *kind,
		       const char *name)
{
	const char *key;
	json_t *value;
	char of[160];

	snprintf(of, sizeof(of), "%s%s%s", kind, *kind ? " " : "", name);
	json_object_foreach((json_t *)object, key, value)
	{
		if (r->failed)
			return;
		if (!is_one_of(key, known) && !json_is_null(value))
			skep_package_annotate(package, r, of, key, value);
	}
}

/* The elements of a list that may be missing or null, each by @read. */
void skep_package_read_list(struct skep_package *package, struct skep_tree_reader *r,
			    const json_t *object, const char *key,
			    void (*read)(struct skep_package *package, struct skep_tree_reader *r,
					 const json_t *json))
{
	const json_t *list = skep_tree_list(r, object, key), *element;
	char outer[160];
	size_t i;

	json_array_foreach(list, i, element)
	{
		if (r->failed)
			return;
		skep_tree_enter(r, outer, "%s[%zu]", key, i);
		if (!json_is_object(element))
			skep_tree_wrong(r, NULL, "it is no object");
		else
			read(package, r, element);
		skep_tree_leave(r, outer);
	}
}
