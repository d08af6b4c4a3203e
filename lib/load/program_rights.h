/* SPDX-License-Identifier: MIT */
/* What loading a program of a type needs: SKEP_RIGHT_* (kernel/rights.h). */
#ifndef SKEP_LOAD_PROGRAM_RIGHTS_H
#define SKEP_LOAD_PROGRAM_RIGHTS_H

#include <stdint.h>

unsigned int skep_program_rights(uint32_t type, uint32_t attach_type);

#endif
