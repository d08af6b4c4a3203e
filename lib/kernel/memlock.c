// SPDX-License-Identifier: MIT
#include "kernel/memlock.h"

#include <errno.h>
#include <linux/bpf.h>

bool skep_memlock_may_be_short(int code, uint32_t map_type)
{
	return code == -EPERM || (code == -EINVAL && (map_type == BPF_MAP_TYPE_DEVMAP ||
						      map_type == BPF_MAP_TYPE_DEVMAP_HASH));
}

bool skep_memlock_raise(struct rlimit *old)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	if (getrlimit(RLIMIT_MEMLOCK, old) || old->rlim_cur == RLIM_INFINITY)
		return false;
	if (!setrlimit(RLIMIT_MEMLOCK, &all))
		return true;
	all = (struct rlimit){ old->rlim_max, old->rlim_max };
	return old->rlim_cur < old->rlim_max && !setrlimit(RLIMIT_MEMLOCK, &all);
}

void skep_memlock_restore(const struct rlimit *old)
{
	setrlimit(RLIMIT_MEMLOCK, old);
}
