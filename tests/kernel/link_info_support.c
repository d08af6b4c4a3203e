// SPDX-License-Identifier: MIT
#include "kernel/link_info_support.h"

#include <sys/stat.h>

struct skep_link_info info_of(const struct rig *rig, uint32_t type)
{
	struct skep_link_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };

	assert_ok(!skep_link_info(rig->link, &info, &err), &err);
	assert_string_equal(skep_link_type_name(info.type), skep_link_type_name(type));
	assert_int_equal(info.id, link_id(skep_link_fd(rig->link)));
	assert_int_equal(info.prog_id, program_id(skep_program_fd(rig->program)));
	return info;
}

uint64_t inode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

int64_t kernel_tells(const char *member)
{
	const struct skep_btf *btf = skep_btf_kernel(NULL);
	const struct btf_type *t, *all;

	if (!btf)
		return 0;
	t = skep_btf_type(btf, skep_btf_find(btf, "bpf_link_info", BTF_KIND_STRUCT));
	all = skep_btf_type(btf, skep_btf_members(t)[3].type);
	for (uint16_t i = 0; i < skep_btf_vlen(all); i++)
		if (!strcmp(skep_btf_string(btf, skep_btf_members(all)[i].name_off), member))
			return skep_btf_sizeof(btf, skep_btf_members(all)[i].type);
	return 0;
}
