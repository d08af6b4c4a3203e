/* SPDX-License-Identifier: MIT */
#ifndef SKEP_RECORD_CONTAINER_H
#define SKEP_RECORD_CONTAINER_H

#include <stddef.h>

#define SKEP_CONTAINER_ID    64 /* hexadecimal digits */
#define SKEP_CONTAINER_SHORT 12 /* of them, as commands of containers print */

/*
 * The container that a cgroup is of: where its id begins in the path, or NULL. Docker, containerd,
 * CRI-O and Podman name cgroups by the ids, with their own name in front and ".scope" behind under
 * systemd. Of containers inside each other it is the inner one; a helper beside a container
 * (conmon) is in none.
 */
const char *skep_container_of(const char *cgroup);

#endif
