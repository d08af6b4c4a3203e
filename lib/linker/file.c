// SPDX-License-Identifier: MIT
/*
 * The bytes of an object: a file is mapped, so that what nobody looks at, debug information above
 * all, takes no memory.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linker/linker.h"
#include "spec/file.h"

void skep_ld_bytes_free(struct skep_ld_bytes *bytes)
{
	if (bytes->mapped)
		munmap(bytes->memory, bytes->mapped);
	else
		free(bytes->memory);
	*bytes = (struct skep_ld_bytes){ 0 };
}

static void forget(const uint8_t *from, const uint8_t *to)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t first = ((uintptr_t)from + page - 1) / page * page,
		  end = (uintptr_t)to / page * page;

	if (first < end)
		madvise((void *)first, end - first, MADV_DONTNEED);
}

void skep_ld_bytes_forget(const struct skep_ld_bytes *bytes, uint64_t keep_from, uint64_t keep_to)
{
	if (!bytes->mapped)
		return;
	forget(bytes->data, bytes->data + (keep_from < bytes->len ? keep_from : bytes->len));
	if (keep_to < bytes->len)
		forget(bytes->data + keep_to, bytes->data + bytes->len);
}

static int map(struct skep_ld_bytes *bytes, int fd, size_t offset, size_t len, int protection)
{
	size_t before = offset % (size_t)sysconf(_SC_PAGESIZE);
	void *memory =
		mmap(NULL, before + len, protection, MAP_PRIVATE, fd, (off_t)(offset - before));

	if (memory == MAP_FAILED)
		return -errno;
	*bytes = (struct skep_ld_bytes){ .data = (uint8_t *)memory + before,
					 .len = len,
					 .memory = memory,
					 .mapped = before + len };
	return 0;
}

/* To map a file of few pages takes longer than to read it. */
#define SMALL (64 << 10)

/* Devices, pipes and what is too large are left to who reads files, and says what is wrong. */
int skep_ld_file_open(struct skep_ld_file *file, const char *path, struct skep_error *err)
{
	struct stat st;
	size_t len;
	int ret;

	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd >= 0 && !fstat(file->fd, &st) && S_ISREG(st.st_mode) && st.st_size > SMALL &&
	    st.st_size <= SKEP_LD_MAX_FILE &&
	    !map(&file->bytes, file->fd, 0, (size_t)st.st_size, PROT_READ))
		return 0;
	skep_ld_file_close(file);
	ret = skep_spec_read_file(path, &file->bytes.memory, &len, err);
	file->bytes.data = file->bytes.memory;
	file->bytes.len = len;
	return ret;
}

int skep_ld_file_copy(struct skep_ld_file *file, const void *data, size_t len)
{
	*file = (struct skep_ld_file){ .fd = -1, .bytes = { .len = len } };
	file->bytes.data = file->bytes.memory = malloc(len + 1);
	if (!file->bytes.memory)
		return -ENOMEM;
	if (len)
		memcpy(file->bytes.data, data, len);
	return 0;
}

void skep_ld_file_close(struct skep_ld_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
	skep_ld_bytes_free(&file->bytes);
}

/* A mapping of its own: what is written there changes no other section that lies over this one. */
int skep_ld_file_part(const struct skep_ld_file *file, const uint8_t *from, size_t len,
		      struct skep_ld_bytes *out)
{
	if (file->fd >= 0 &&
	    !map(out, file->fd, (size_t)(from - file->bytes.data), len, PROT_READ | PROT_WRITE))
		return 0;
	*out = (struct skep_ld_bytes){ .len = len, .memory = malloc(len + 1) };
	out->data = out->memory;
	if (!out->data)
		return -ENOMEM;
	memcpy(out->data, from, len);
	return 0;
}
