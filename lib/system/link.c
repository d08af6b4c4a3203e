// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "base/error.h"
#include "system/system.h"

struct skep_system_link *skep_system_link_read(int fd, struct skep_error *err)
{
	struct bpf_link_info info = { 0 };
	struct skep_system_link *link;

	if (skep_system_info(fd, SKEP_SYSTEM_LINKS, &info, sizeof(info), err))
		return NULL;
	link = malloc(sizeof(*link));
	if (!link) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	*link = (struct skep_system_link){
		.size = sizeof(*link), .id = info.id, .type = info.type, .prog_id = info.prog_id
	};
	return link;
}

void skep_system_link_free(struct skep_system_link *link)
{
	free(link);
}
