// SPDX-License-Identifier: MIT
/* Which types of programs and maps the kernel has. */
#include <string.h>
#include <unistd.h>

#include "base/uapi.h"
#include "kernel/file.h"
#include "load/probe.h"
#include "map/type.h"
#include "system/probe.h"

/* LSM programs load, but run only if the kernel was booted with "bpf" among its LSMs. */
static enum skep_answer add_lsm_state(struct skep_probe *why)
{
	char text[256];

	if (skep_file_read("/sys/kernel/security/lsm", text, sizeof(text)) > 0 &&
	    !strstr(text, "bpf"))
		return skep_say(
			why, SKEP_YES, 0,
			"they load, but do not run: bpf is not among the active LSMs (%.*s)",
			(int)strcspn(text, "\n"), text);
	return SKEP_YES;
}

enum skep_answer skep_probe_program_type(uint32_t type, struct skep_probe *why)
{
	char log[SKEP_PROBE_LOG];
	enum skep_answer answer;
	struct skep_host host;

	if (type == BPF_PROG_TYPE_UNSPEC)
		return skep_say(why, SKEP_NO, EINVAL, "0 is no program type");
	answer = skep_host_open(&host, type, SKEP_ANY_ATTACH, 0, why);
	if (answer == SKEP_YES)
		answer = skep_judge(&host, skep_host_try(&host, skep_return_0, 2, log), log, why);
	skep_host_close(&host);
	if (answer == SKEP_YES && type == BPF_PROG_TYPE_LSM)
		return add_lsm_state(why);
	return answer;
}

enum skep_answer skep_probe_map_type(uint32_t type, struct skep_probe *why)
{
	char name[32];
	int fd;

	if (type == BPF_MAP_TYPE_UNSPEC)
		return skep_say(why, SKEP_NO, EINVAL, "0 is no map type");
	skep_map_type_describe(type, name, sizeof(name));
	fd = skep_try_map_type(type);
	if (fd >= 0)
		close(fd);
	/* A map of struct_ops says which struct it is: there are such maps, but not of this one. */
	if (fd >= 0 || (type == BPF_MAP_TYPE_STRUCT_OPS && fd == -SKEP_ENOTSUPP))
		return skep_say(why, SKEP_YES, 0, "%s", "");
	if (fd == -EPERM || fd == -EACCES)
		return skep_say_refused(why, fd, SKEP_RIGHT_BPF | skep_map_type_rights(type));
	if (fd == -EINVAL || fd == -E2BIG || fd == -EOPNOTSUPP)
		return skep_say(why, SKEP_NO, fd, "this kernel does not create maps of type %s",
				name);
	return skep_say(why, SKEP_UNKNOWN, fd, "the kernel does not create a map of type %s: %s",
			name, strerror(-fd));
}
