// SPDX-License-Identifier: MIT
#include "load/storage_btf.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "btf/builder.h"
#include "kernel/bpf.h"
#include "load/object.h"

SKEP_DEFINE_SCOPED(builder, struct skep_btf_builder, skep_btf_builder_free)

/* An int for the fd, and a value that has a size. */
static void *describe(uint32_t value_size, struct skep_attr_map_create *attr, size_t *len)
{
	SKEP_SCOPED(skep_scoped_builder) struct skep_btf_builder *b = skep_btf_builder_new();
	int64_t fd, byte, value;

	if (!b)
		return NULL;
	fd = skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	byte = skep_btf_builder_int(b, "unsigned char", 1, 0);
	if (fd < 0 || byte < 0)
		return NULL;
	value = skep_btf_builder_array(b, (uint32_t)byte, (uint32_t)fd, value_size);
	if (value < 0)
		return NULL;
	attr->btf_key_type_id = (uint32_t)fd;
	attr->btf_value_type_id = (uint32_t)value;
	return skep_btf_builder_finish(b, len);
}

int skep_storage_btf_load(uint32_t value_size, int token_fd, struct skep_attr_map_create *attr)
{
	SKEP_SCOPED(skep_scoped_free) void *data = NULL;
	struct skep_attr_btf_load load = { 0 };
	size_t len = 0;

	data = describe(value_size, attr, &len);
	if (!data)
		return -ENOMEM;
	load.btf = SKEP_PTR(data);
	load.btf_size = (uint32_t)len;
	skep_btf_give_token(&load, token_fd);
	return skep_bpf_btf_load(&load);
}
