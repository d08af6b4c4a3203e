/* SPDX-License-Identifier: MIT */
/* BTF written for the other byte order. */
#ifndef SKEP_BTF_SWAP_H
#define SKEP_BTF_SWAP_H

#include <stdint.h>

/* Whole BTF of this machine's order, in place; it must be right and aligned to 4. */
void skep_btf_turn_round(uint8_t *raw);

#endif
