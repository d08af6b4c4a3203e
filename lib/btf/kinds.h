/* SPDX-License-Identifier: MIT */
/* Questions about a type that more than one reader of BTF asks. */
#ifndef SKEP_BTF_KINDS_H
#define SKEP_BTF_KINDS_H

#include <skep/btf.h>

static inline bool skep_btf_is_composite(const struct btf_type *t)
{
	return skep_btf_kind(t) == BTF_KIND_STRUCT || skep_btf_kind(t) == BTF_KIND_UNION;
}

static inline bool skep_btf_is_enum(const struct btf_type *t)
{
	return skep_btf_kind(t) == BTF_KIND_ENUM || skep_btf_kind(t) == BTF_KIND_ENUM64;
}

static inline uint32_t skep_btf_enumerator_name_off(const struct btf_type *t, uint32_t i)
{
	return skep_btf_kind(t) == BTF_KIND_ENUM64 ? skep_btf_enums64(t)[i].name_off :
						     skep_btf_enums(t)[i].name_off;
}

/* The name of the enumerator @i of an enum; "" for an offset that is not in the strings. */
static inline const char *skep_btf_enumerator(const struct skep_btf *btf, const struct btf_type *t,
					      uint32_t i)
{
	return skep_btf_string(btf, skep_btf_enumerator_name_off(t, i)) ?: "";
}

/* The value of the enumerator @i; a negative one is extended to 64 bits. */
static inline uint64_t skep_btf_enumerator_value(const struct btf_type *t, uint32_t i)
{
	const struct btf_enum64 *wide = skep_btf_enums64(t);

	if (skep_btf_kind(t) == BTF_KIND_ENUM64)
		return (uint64_t)wide[i].val_hi32 << 32 | wide[i].val_lo32;
	return BTF_INFO_KFLAG(t->info) ? (uint64_t)(int64_t)skep_btf_enums(t)[i].val :
					 (uint32_t)skep_btf_enums(t)[i].val;
}

#endif
