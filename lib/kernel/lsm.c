// SPDX-License-Identifier: MIT
#include "kernel/lsm.h"

#include <string.h>

#include "base/error.h"
#include "kernel/file.h"

bool skep_lsm_lists_bpf(const char *list)
{
	while (*list) {
		size_t len = strcspn(list, ",\n");

		if (len == 3 && !memcmp(list, "bpf", 3))
			return true;
		list += len + (list[len] != '\0');
	}
	return false;
}

int skep_lsm_check(struct skep_error *err)
{
	static const char path[] = "/sys/kernel/security/lsm";
	char list[512];

	if (skep_file_read(path, list, sizeof(list)) <= 0 || skep_lsm_lists_bpf(list))
		return 0;
	list[strcspn(list, "\n")] = '\0';
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
		       "this kernel does not call the LSM hooks of BPF, so it would never run: its "
		       "security modules are %s",
		       list);
	skep_error_add_hint(err, "boot with lsm=%s,bpf (%s)", list, path);
	return -ENOTSUP;
}
