// SPDX-License-Identifier: MIT
#include "package/vmlinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <skep/btf.h>
#include <skep/version.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/hash.h"
#include "package/dirs.h"
#include "stream/output.h"

/* Another number when the header gets something that headers in caches have not. */
#define FORMAT 2u

/* One folder a kernel build: uname's version has the build's number and time. */
static int kernel_dir(struct skep_text *dir, struct skep_error *err)
{
	struct utsname uts;
	int ret = skep_dir_cache(dir, err);

	if (ret)
		return ret;
	uname(&uts);
	skep_text_printf(dir, "/vmlinux-%s-%08x-%s-%u", uts.release,
			 skep_hash_bytes(uts.version, strlen(uts.version)), SKEP_VERSION, FORMAT);
	return dir->failed ? skep_error_nomem(err, SKEP_STAGE_BUILD) : 0;
}

int skep_vmlinux_dir(struct skep_text *dir, struct skep_error *err)
{
	struct skep_btf_c_opts opts = { .size = sizeof(opts), .bpf = true };
	SKEP_SCOPED(skep_text_free) struct skep_text header = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	const struct skep_btf *btf;
	int ret = kernel_dir(dir, err);

	if (ret)
		return ret;
	skep_text_printf(&path, "%s/vmlinux.h", skep_text_string(dir));
	if (!access(skep_text_string(&path), R_OK))
		return 0;
	btf = skep_btf_kernel(err);
	if (!btf)
		return -ENOENT;
	if (mkdir(dir->data, 0700) && errno != EEXIST)
		return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "%s cannot be made",
					    dir->data);
	opts.machine = skep_btf_machine(btf);
	ret = skep_btf_print_c(btf, &opts, &header, err);
	return ret ?: skep_output_replace(path.data, header.data, header.len, err);
}
