// SPDX-License-Identifier: MIT
/* From bytes or a file to a skep_btf. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "btf/btf.h"
#include "btf/raw.h"
#include "elf/elf.h"

#define MAX_BTF (1u << 30)

SKEP_DEFINE_SCOPED(btf, struct skep_btf, skep_btf_free)

static int copy_raw(struct skep_btf *btf, struct skep_error *err)
{
	void *copy = malloc(btf->raw_len ? btf->raw_len : 1);

	if (!copy)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	memcpy(copy, btf->raw, btf->raw_len);
	free(btf->owned);
	btf->raw = btf->owned = copy;
	return 0;
}

static int set_raw(struct skep_btf *btf, const void *data, size_t len, struct skep_error *err)
{
	uint16_t magic = 0;
	int ret = 0;

	btf->raw = data;
	btf->raw_len = len;
	if (len >= sizeof(magic))
		memcpy(&magic, data, sizeof(magic));
	btf->is_foreign = magic == __builtin_bswap16(BTF_MAGIC);
	if (magic != BTF_MAGIC && !btf->is_foreign)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "this is no BTF");
	if (len > MAX_BTF)
		return skep_error_set(err, SKEP_STAGE_READ, E2BIG, "%zu bytes of BTF are too many",
				      len);
	if (btf->is_foreign || (uintptr_t)data % 4)
		ret = copy_raw(btf, err);
	if (!ret && btf->is_foreign)
		skep_btf_swap_header(btf->owned, len);
	ret = ret ?: skep_btf_read_header(btf, err);
	if (!ret && btf->is_foreign)
		ret = skep_btf_swap_types((uint8_t *)btf->owned + (btf->types - btf->raw),
					  btf->types_len, err);
	return ret;
}

static struct skep_btf *new_btf(const struct skep_btf_opts *opts, struct skep_error *err)
{
	const struct skep_btf_opts o = SKEP_OPTS(struct skep_btf_opts, opts);
	struct skep_btf *btf = calloc(1, sizeof(*btf));

	if (!btf) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	pthread_mutex_init(&btf->lock, NULL);
	btf->label = strdup(o.name ?: "BTF");
	btf->base = o.base;
	btf->first_id = btf->base ? skep_btf_count(btf->base) : 1;
	btf->first_string = btf->base ? btf->base->first_string + btf->base->strings_len : 0;
	return btf;
}

/* Small BTF is checked when it is opened; a kernel's at its first use. */
#define CHECK_AT_OPEN (1u << 20)

static int finish(struct skep_btf *btf, const void *data, size_t len, struct skep_error *err)
{
	int ret = btf->label ? 0 : skep_error_nomem(err, SKEP_STAGE_READ);

	/* The base's ids are counted by its first walk, which finds damage that opening did not. */
	if (!ret && btf->base)
		ret = skep_btf_ensure_index(btf->base, err);
	ret = ret ?: set_raw(btf, data, len, err);
	if (!ret && btf->types_len <= CHECK_AT_OPEN)
		ret = skep_btf_ensure_index(btf, err);
	if (ret)
		skep_error_add_object(err, "%s", btf->label ? btf->label : "BTF");
	return ret;
}

struct skep_btf *skep_btf_new(const void *data, size_t len, const struct skep_btf_opts *opts,
			      struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_btf) struct skep_btf *btf = new_btf(opts, err);

	if (!btf || finish(btf, data, len, err))
		return NULL;
	return SKEP_TAKE(btf);
}

struct skep_btf *skep_btf_adopt(void *data, size_t len, const struct skep_btf_opts *opts,
				struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_btf) struct skep_btf *btf = new_btf(opts, err);

	if (!btf) {
		free(data);
		return NULL;
	}
	btf->owned = data;
	if (finish(btf, data, len, err))
		return NULL;
	return SKEP_TAKE(btf);
}

/* sysfs cannot always be mapped (before 6.16), nor tell its size before. */
static int read_all(struct skep_btf *btf, int fd, size_t size, struct skep_error *err)
{
	size_t len = 0, cap = size ? size : 1 << 16;
	ssize_t n;

	btf->owned = malloc(cap);
	while (btf->owned && (n = read(fd, (char *)btf->owned + len, cap - len)) != 0) {
		if (n < 0)
			return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "cannot be read");
		len += (size_t)n;
		if (len == cap) {
			void *more;

			if (cap >= MAX_BTF)
				return skep_error_set(err, SKEP_STAGE_READ, E2BIG,
						      "the file is larger than 1 GiB");
			more = realloc(btf->owned, cap *= 2);
			if (!more)
				return skep_error_nomem(err, SKEP_STAGE_READ);
			btf->owned = more;
		}
	}
	btf->map_len = len;
	return btf->owned ? 0 : skep_error_nomem(err, SKEP_STAGE_READ);
}

static int map_file(struct skep_btf *btf, int fd, struct skep_error *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "cannot be read");
	btf->map_len = (size_t)st.st_size;
	if (btf->map_len) {
		btf->map = mmap(NULL, btf->map_len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
		if (btf->map != MAP_FAILED)
			return 0;
	}
	btf->map = NULL;
	return read_all(btf, fd, (size_t)st.st_size + 1, err);
}

static int finish_elf(struct skep_btf *btf, const void *data, struct skep_error *err)
{
	const struct skep_elf_section *section;
	struct skep_elf elf;
	int ret = skep_elf_read(&elf, data, btf->map_len, err);

	if (ret)
		return ret;
	section = skep_elf_section(&elf, ".BTF");
	if (section && section->data)
		ret = finish(btf, section->data, section->size, err);
	else
		ret = skep_error_set(err, SKEP_STAGE_READ, ENOENT,
				     "the ELF file has no .BTF section");
	skep_elf_free(&elf);
	return ret;
}

static int open_file(struct skep_btf *btf, const char *path, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	const void *data;
	int ret;

	if (fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "cannot be opened");
	ret = map_file(btf, fd, err);
	if (ret)
		return ret;
	data = btf->map ? btf->map : btf->owned;
	if (btf->map_len > SELFMAG && !memcmp(data, ELFMAG, SELFMAG))
		return finish_elf(btf, data, err);
	return finish(btf, data, btf->map_len, err);
}

struct skep_btf *skep_btf_open(const char *path, const struct skep_btf_opts *opts,
			       struct skep_error *err)
{
	struct skep_btf_opts named = SKEP_OPTS(struct skep_btf_opts, opts);
	SKEP_SCOPED(skep_scoped_btf) struct skep_btf *btf = NULL;

	named.name = named.name ? named.name : path;
	btf = new_btf(&named, err);
	if (!btf)
		return NULL;
	if (open_file(btf, path, err)) {
		skep_error_add_object(err, "%s", path);
		return NULL;
	}
	return SKEP_TAKE(btf);
}

void skep_btf_free(struct skep_btf *btf)
{
	if (!btf)
		return;
	skep_btf_free_names(btf);
	pthread_mutex_destroy(&btf->lock);
	if (btf->map)
		munmap(btf->map, btf->map_len);
	free(btf->owned);
	free(btf->index.offsets);
	free(btf->every);
	free(btf->label);
	free(btf);
}

const void *skep_btf_data(const struct skep_btf *btf, size_t *len)
{
	if (len)
		*len = btf ? btf->raw_len : 0;
	return btf ? btf->raw : NULL;
}
