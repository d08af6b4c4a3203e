// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/error.h"
#include "map/map.h"
#include "system/system.h"

int skep_system_map_read(int fd, struct skep_map_info *info, struct skep_error *err)
{
	struct skep_map_info full;
	int ret;

	if (!info || info->size < sizeof(info->size))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "a map is told into a struct whose member size is set");
	ret = fd < 0 ? -EBADF : skep_map_describe(fd, &full);
	if (!ret && !skep_system_may_be(fd, SKEP_SYSTEM_MAPS))
		ret = -EINVAL;
	if (ret)
		return skep_system_no_info(fd, SKEP_SYSTEM_MAPS, ret, err);
	full.size = info->size < sizeof(full) ? info->size : sizeof(full);
	memcpy(info, &full, full.size);
	return 0;
}
