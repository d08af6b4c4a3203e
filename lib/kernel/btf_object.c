// SPDX-License-Identifier: MIT
#include "kernel/btf_object.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"

#define MAX_SIZE (64u << 20)

SKEP_DEFINE_SCOPED(btf, struct skep_btf, skep_btf_free)

void *skep_btf_object_read(int fd, uint32_t *len)
{
	struct bpf_btf_info info = { 0 };
	void *data;

	if (skep_bpf_info(fd, &info, sizeof(info)) || info.btf_size > MAX_SIZE)
		return NULL;
	*len = info.btf_size;
	data = malloc(*len ? *len : 1);
	if (!data)
		return NULL;
	info = (struct bpf_btf_info){ .btf = SKEP_PTR(data), .btf_size = *len };
	if (!skep_bpf_info(fd, &info, sizeof(info)) && info.btf_size == *len)
		return data;
	free(data);
	return NULL;
}

static int64_t find(const void *data, uint32_t len, const char *program, const char *name,
		    struct skep_error *err)
{
	const struct skep_btf_opts opts = { .size = sizeof(opts), .name = program };
	SKEP_SCOPED(skep_scoped_btf) struct skep_btf *btf = skep_btf_new(data, len, &opts, err);
	uint32_t id;

	if (!btf)
		return err ? -err->code : -EINVAL;
	id = skep_btf_find(btf, name, BTF_KIND_FUNC);
	if (id)
		return id;
	skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "the program '%s' has no function '%s'",
		       program, name);
	skep_error_add_hint(err, "only functions that the compiler did not inline are there: "
				 "those marked __noinline, and the program itself");
	return -ENOENT;
}

int64_t skep_btf_function_of(int prog_fd, const char *name, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	SKEP_SCOPED(skep_scoped_free) void *data = NULL;
	struct bpf_prog_info info = { 0 };
	uint32_t len;
	int ret = skep_bpf_info(prog_fd, &info, sizeof(info));

	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_LOAD, ret,
					    "its target, file descriptor %d, is no loaded program",
					    prog_fd);
	/* What is no program has nothing there. */
	if (!info.btf_id) {
		skep_error_set(err, SKEP_STAGE_LOAD, ENOENT,
			       "its target, file descriptor %d, is no program with BTF", prog_fd);
		skep_error_add_hint(err, "compile the target with -g");
		return -ENOENT;
	}
	fd = skep_bpf_fd_by_id(BPF_BTF_GET_FD_BY_ID, info.btf_id);
	if (fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_LOAD, fd,
					    "the BTF of the program '%s' cannot be opened",
					    info.name);
	data = skep_btf_object_read(fd, &len);
	if (!data)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	return find(data, len, info.name, name, err);
}
