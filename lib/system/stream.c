// SPDX-License-Identifier: MIT
/* What programs print: a stream of text for each, in the kernel until it is read. */
#include "base/error.h"
#include "kernel/rights.h"
#include "system/system.h"

#include <errno.h>
#include <limits.h>

/* The fd and the stream are right: the kernel has no such command, or keeps it from us. */
static int refused(int fd, int code, struct skep_error *err)
{
	if (code == -EINVAL) {
		code = skep_error_set(err, SKEP_STAGE_READ, ENOTSUP,
				      "programs of this kernel have no streams");
		skep_error_add_hint(err, "Linux has them from 6.17 on; bpf_printk() works before");
	} else if (code == -EPERM || code == -EACCES) {
		skep_rights_explain(err, SKEP_STAGE_READ, code, SKEP_RIGHT_BPF,
				    "its stream may not be read");
	} else {
		skep_error_set_errno(err, SKEP_STAGE_READ, code, "its stream cannot be read");
	}
	skep_error_add_subject(err, "program by fd %d", fd);
	return code;
}

int64_t skep_system_stream_read(int fd, enum skep_stream stream, void *buffer, size_t size,
				struct skep_error *err)
{
	struct bpf_prog_info info = { 0 };
	int ret;

	if (!buffer)
		return skep_error_null(err, SKEP_STAGE_READ, "buffer");
	if (stream != SKEP_STREAM_OUT && stream != SKEP_STREAM_ERR)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%d is no stream of a program",
				      (int)stream);
	if (size > INT_MAX)
		size = INT_MAX;
	ret = fd < 0 ? -EBADF : skep_bpf_stream_read(fd, stream, buffer, (uint32_t)size);
	if (ret >= 0)
		return ret;
	if (skep_system_info(fd, SKEP_SYSTEM_PROGRAMS, &info, sizeof(info), err))
		return ret;
	return refused(fd, ret, err);
}
