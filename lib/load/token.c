// SPDX-License-Identifier: MIT
/* Rights that root of the machine has delegated to a user namespace (kernel/bpf/token.c). */
#include "load/object.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"

static const char how[] = "from outside, mount a BPF file system for this user namespace with "
			  "delegate_cmds=any,delegate_maps=any,delegate_progs=any,"
			  "delegate_attachs=any, or less";

static int refused(int code, struct skep_error *err)
{
	switch (code) {
	case -EOPNOTSUPP:
		skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
			       "tokens are for user namespaces, and this process is in none");
		skep_error_add_hint(err, "leave the token out: capabilities count here");
		return -ENOTSUP;
	case -ENOENT:
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "the BPF file system was mounted without anything delegated");
		skep_error_add_hint(err, "%s", how);
		return code;
	case -EPERM:
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "it is another user namespace's, or CAP_BPF is missing in this one");
		skep_error_add_hint(err, "%s", how);
		return code;
	case -EINVAL:
		skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP, "this kernel has no BPF tokens");
		skep_error_add_hint(err, "Linux has them from 6.9 on; without, programs are loaded "
					 "by root of the machine");
		return -ENOTSUP;
	default:
		return skep_error_set_errno(err, SKEP_STAGE_LOAD, code,
					    "the kernel makes no token of it");
	}
}

static int create(const char *path, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd)
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;
	int fd;

	if (folder < 0)
		return skep_error_set_errno(err, SKEP_STAGE_LOAD, errno, "it cannot be opened");
	if (fstatfs(folder, &fs) || (unsigned long)fs.f_type != BPF_FS_MAGIC)
		return skep_error_set(err, SKEP_STAGE_LOAD, EINVAL, "it is no BPF file system");
	fd = skep_bpf_token_create(folder);
	return fd < 0 ? refused(fd, err) : fd;
}

int skep_token_create(const char *path, struct skep_error *err)
{
	int fd;

	if (!path)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "a token needs a path");
	fd = create(path, err);
	if (fd < 0)
		skep_error_add_subject(err, "token of '%s'", path);
	return fd;
}

int skep_token_refused(const char *path, int code, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_LOAD, code, "the token of '%s' does not allow it", path);
	skep_error_add_hint(err, "%s", how);
	return code;
}
