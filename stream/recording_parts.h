/* SPDX-License-Identifier: MIT */
/* For the files that read recordings. */
#ifndef SKEP_STREAM_RECORDING_PARTS_H
#define SKEP_STREAM_RECORDING_PARTS_H

#include "stream/recording.h"

/*
 * Takes the source that a block tells of into its place of @sources. One that is known is told
 * again at the start of each file, and must be the same. False: the block is damaged.
 */
bool skep_recording_take_source(struct skep_recording_source *sources, const uint8_t *data,
				size_t len, uint32_t *index);

#endif
