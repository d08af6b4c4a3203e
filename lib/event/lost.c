// SPDX-License-Identifier: MIT
/* Losses of a channel, read by somebody who is not its reader. */
#include <errno.h>
#include <skep/system.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "event/emit.h"
#include "event/ring.h"
#include "map/map.h"

SKEP_DEFINE_SCOPED(btf, struct skep_btf, skep_btf_free)

/* 1 if the map's value begins with a channel's counters, 0 if not, or -errno. */
static int counts(const struct skep_map *map, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_btf) struct skep_btf *btf = NULL;
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	struct skep_map_info info = { .size = sizeof(info) };
	int ret = skep_map_info(map, &info, err);

	if (ret || info.type != BPF_MAP_TYPE_ARRAY || !info.btf_id ||
	    info.value_size < sizeof(struct skep_emit_cpu))
		return ret;
	fd = skep_system_open(SKEP_SYSTEM_BTFS, info.btf_id, err);
	if (fd < 0)
		return fd;
	btf = skep_system_btf_open(fd, err);
	return btf ? skep_emit_is_value(btf, info.value_type_id) : -EINVAL;
}

int skep_channel_lost(struct skep_map *counters, uint64_t *lost, struct skep_error *err)
{
	uint64_t full = 0, busy = 0;
	int ret = skep_map_check(counters, err);
	const void *memory;

	if (ret)
		return ret;
	if (!lost)
		return skep_error_null(err, SKEP_STAGE_USAGE, "lost");
	ret = counters->counts_losses ? 1 : counts(counters, err);
	if (ret < 0)
		return ret;
	if (!ret) {
		skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
			       "it has no counters of a channel of skep/bpf/emit.h");
		skep_map_add_subject(counters, err);
		return -ENOTSUP;
	}
	counters->counts_losses = true;
	memory = skep_map_memory(counters, NULL, NULL, err);
	if (!memory)
		return -ENOTSUP;
	skep_emit_add_lost(memory, skep_map_stride(counters), counters->max_entries, &full, &busy);
	*lost = full + busy;
	return 0;
}
