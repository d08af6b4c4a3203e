/* SPDX-License-Identifier: MIT */
#ifndef SKEP_SPEC_VALUE_ORDER_H
#define SKEP_SPEC_VALUE_ORDER_H

#include <skep/btf.h>

/*
 * Turns a value of a BTF type from one byte order to the other, in place. -ENOTSUP for what has no
 * one way to be turned: bitfields, unions, types without a description; -EINVAL for a type that is
 * not laid out inside its @size bytes. The value is then half turned.
 */
int skep_value_turn(const struct skep_btf *btf, uint32_t type_id, uint8_t *value, uint32_t size);

#endif
