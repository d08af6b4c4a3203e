// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "btf/raw.h"
#include "system/system.h"

/* The longest name of a module is 55 bytes (MODULE_NAME_LEN in include/linux/moduleparam.h). */
struct btf_memory {
	struct skep_system_btf btf;
	char name[64];
};

#define MAX_BYTES (1u << 30)

/* Names are told from 5.11 on; before, being asked for one is E2BIG. */
static int read_info(int fd, struct bpf_btf_info *info, struct btf_memory *m,
		     struct skep_error *err)
{
	*info = (struct bpf_btf_info){ .name = SKEP_PTR(m->name), .name_len = sizeof(m->name) };
	if (!skep_system_info(fd, SKEP_SYSTEM_BTFS, info, sizeof(*info), NULL))
		return 0;
	*info = (struct bpf_btf_info){ 0 };
	return skep_system_info(fd, SKEP_SYSTEM_BTFS, info, sizeof(*info), err);
}

struct skep_system_btf *skep_system_btf_read(int fd, struct skep_error *err)
{
	struct btf_memory *m = calloc(1, sizeof(*m));
	struct bpf_btf_info info;

	if (!m) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	if (read_info(fd, &info, m, err)) {
		free(m);
		return NULL;
	}
	m->name[sizeof(m->name) - 1] = '\0';
	m->btf = (struct skep_system_btf){ .size = sizeof(m->btf),
					   .id = info.id,
					   .bytes = info.btf_size,
					   .name = m->name,
					   .kernel = info.kernel_btf };
	return &m->btf;
}

void skep_system_btf_free(struct skep_system_btf *btf)
{
	free(btf);
}

static struct skep_btf *read_types(int fd, const struct skep_system_btf *known,
				   struct skep_error *err)
{
	struct skep_btf_opts opts = { .size = sizeof(opts),
				      .name = *known->name ? known->name : "program's BTF" };
	struct bpf_btf_info info = { .btf_size = known->bytes };
	void *data;
	int ret;

	if (known->kernel && strcmp(known->name, "vmlinux")) {
		opts.base = skep_btf_kernel(err);
		if (!opts.base)
			return NULL;
	}
	data = known->bytes <= MAX_BYTES ? calloc(1, known->bytes) : NULL;
	if (!data) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	info.btf = SKEP_PTR(data);
	ret = skep_bpf_info(fd, &info, sizeof(info));
	if (ret) {
		skep_system_no_info(fd, SKEP_SYSTEM_BTFS, ret, err);
		free(data);
		return NULL;
	}
	return skep_btf_adopt(data, known->bytes, &opts, err);
}

struct skep_btf *skep_system_btf_open(int fd, struct skep_error *err)
{
	struct skep_system_btf *known = skep_system_btf_read(fd, err);
	struct skep_btf *btf = known ? read_types(fd, known, err) : NULL;

	skep_system_btf_free(known);
	return btf;
}
