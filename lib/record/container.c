// SPDX-License-Identifier: MIT
#include "record/container.h"

#include <string.h>

/* "ID", "docker-ID.scope", "crio-ID", "kubepods-pod1.slice:cri-containerd:ID". */
static const char *find_id(const char *name, size_t len)
{
	const char *id;

	if (len > strlen(".scope") && !memcmp(name + len - strlen(".scope"), ".scope", 6))
		len -= strlen(".scope");
	if (len < SKEP_CONTAINER_ID)
		return NULL;
	id = name + len - SKEP_CONTAINER_ID;
	if (strspn(id, "0123456789abcdef") < SKEP_CONTAINER_ID)
		return NULL;
	if (id == name)
		return id;
	if (id[-1] != '-' && id[-1] != ':')
		return NULL;
	len = (size_t)(id - name) - 1;
	return len >= 6 && !memcmp(name + len - 6, "conmon", 6) ? NULL : id;
}

const char *skep_container_of(const char *cgroup)
{
	const char *found = NULL;

	while (*cgroup) {
		size_t len = strcspn(cgroup, "/");
		const char *id = find_id(cgroup, len);

		found = id ? id : found;
		cgroup += len + (cgroup[len] == '/');
	}
	return found;
}
