// SPDX-License-Identifier: MIT
#include "kernel/uapi_fields.h"

/* The member @name of a composite, also one in an anonymous member; its offset is added up. */
static uint32_t find_member(const struct skep_btf *btf, uint32_t id, const char *name, size_t len,
			    uint32_t *bits)
{
	const struct btf_type *t = skep_btf_type(btf, skep_btf_resolve(btf, id));
	const struct btf_member *m;

	if (!t || (skep_btf_kind(t) != BTF_KIND_STRUCT && skep_btf_kind(t) != BTF_KIND_UNION))
		return 0;
	m = skep_btf_members(t);
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const char *own = skep_btf_string(btf, m[i].name_off);
		uint32_t offset = skep_btf_member_offset(t, &m[i]);

		if (strlen(own) == len && !memcmp(own, name, len)) {
			*bits += offset;
			return m[i].type;
		}
		if (!*own) {
			uint32_t inner = offset;
			uint32_t type = find_member(btf, m[i].type, name, len, &inner);

			if (type) {
				*bits += inner;
				return type;
			}
		}
	}
	return 0;
}

/* Follows "link_create.tcx.relative_fd"; 0 when this kernel does not have it. */
static uint32_t find_path(const struct skep_btf *btf, uint32_t id, const char *path, uint32_t *bits)
{
	*bits = 0;
	while (id) {
		size_t len = strcspn(path, ".");

		id = find_member(btf, id, path, len, bits);
		if (!path[len])
			break;
		path += len + 1;
	}
	return id;
}

size_t compare_fields(const struct skep_btf *btf, uint32_t root, const struct field *list, size_t n)
{
	size_t known = 0;
	uint32_t bits;

	assert_true(root != 0);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &list[i];
		uint32_t type = find_path(btf, root, f->path, &bits);

		if (!type)
			continue;
		known++;
		if (bits != f->offset * 8)
			fail_msg("%s is at bit %u, not at %zu", f->path, bits, f->offset * 8);
		if (skep_btf_sizeof(btf, type) != (int64_t)f->size)
			fail_msg("%s has %d bytes, not %zu", f->path,
				 (int)skep_btf_sizeof(btf, type), f->size);
	}
	return known;
}
