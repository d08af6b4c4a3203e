/* SPDX-License-Identifier: MIT */
/*
 * A growing array of one type. A zeroed vector is empty and valid.
 *
 *	struct skep_vec(uint32_t) ids = { 0 };
 *	uint32_t *slot = skep_vec_push(&ids);	NULL: out of memory
 *	skep_vec_free(&ids);
 */
#ifndef SKEP_BASE_VEC_H
#define SKEP_BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>

#define skep_vec(type)           \
	{                        \
		type *items;     \
		size_t len, cap; \
	}

/* Room for @more items beyond @len; 0, or -ENOMEM with the array unchanged. */
int skep_vec_reserve_raw(void **items, size_t len, size_t *cap, size_t more, size_t item_size);

#define skep_vec_reserve(v, more) \
	skep_vec_reserve_raw((void **)&(v)->items, (v)->len, &(v)->cap, (more), sizeof(*(v)->items))

/* A pointer to a new, zeroed last item, or NULL when out of memory. */
#define skep_vec_push(v)                                         \
	({                                                       \
		__typeof__((v)->items) slot_ = NULL;             \
		if (!skep_vec_reserve((v), 1)) {                 \
			slot_ = &(v)->items[(v)->len++];         \
			*slot_ = (__typeof__(*(v)->items)){ 0 }; \
		}                                                \
		slot_;                                           \
	})

#define skep_vec_free(v)                 \
	do {                             \
		free((v)->items);        \
		(v)->items = NULL;       \
		(v)->len = (v)->cap = 0; \
	} while (0)

#define skep_vec_for_each(v, it) \
	for (__typeof__((v)->items + 0) it = (v)->items; it && it < (v)->items + (v)->len; it++)

#endif
