/* SPDX-License-Identifier: MIT */
/* skep/skep.h - all of libskep. Each noun's header is its manual. */
#ifndef SKEP_SKEP_H
#define SKEP_SKEP_H

#include <skep/btf.h>
#include <skep/btf_minimal.h>
#include <skep/doctor.h>
#include <skep/error.h>
#include <skep/explain.h>
#include <skep/filter.h>
#include <skep/histogram.h>
#include <skep/holders.h>
#include <skep/insn.h>
#include <skep/link.h>
#include <skep/link_info.h>
#include <skep/linker.h>
#include <skep/log.h>
#include <skep/map.h>
#include <skep/object.h>
#include <skep/probe.h>
#include <skep/program.h>
#include <skep/record.h>
#include <skep/ring.h>
#include <skep/sample.h>
#include <skep/skeleton.h>
#include <skep/spec.h>
#include <skep/stack.h>
#include <skep/stack_record.h>
#include <skep/symbol.h>
#include <skep/system.h>
#include <skep/tally.h>
#include <skep/text.h>
#include <skep/user.h>
#include <skep/user_ring.h>
#include <skep/version.h>
#include <skep/view.h>

#endif
