// SPDX-License-Identifier: MIT
/* The executable that runs a package alone. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/dirs.h"
#include "package/source.h"
#include "package/standalone.h"
#include "package/write.h"

int skep_package_write_standalone(const struct skep_package *package, struct skep_text *out,
				  struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text runner = { 0 };
	size_t start = out->len, at, len;
	int ret = skep_dir_runner(&runner, err);

	ret = ret ?: skep_source_read_file(skep_text_string(&runner), out, err);
	if (ret)
		return ret;
	/* A runner that has one already would be found to have two. */
	if (skep_standalone_find(out->data + start, out->len - start, &at, &len))
		return skep_error_set(err, SKEP_STAGE_BUILD, EINVAL,
				      "%s is no runner: it has a package", runner.data);
	at = out->len;
	ret = skep_package_write(package, out, err);
	len = out->len - at;
	for (int i = 0; i < 8; i++)
		skep_text_char(out, (char)(len >> 8 * i));
	skep_text_lit(out, SKEP_STANDALONE_MARK);
	return ret ?: out->failed ? skep_error_nomem(err, SKEP_STAGE_BUILD) : 0;
}

static int save(const char *path, const char *beside, int fd, const struct skep_text *bytes,
		struct skep_error *err)
{
	mode_t mask = umask(0);

	umask(mask);
	for (size_t done = 0; done < bytes->len;) {
		ssize_t n = write(fd, bytes->data + done, bytes->len - done);

		if (n < 0 && errno != EINTR)
			return skep_error_set_errno(err, SKEP_STAGE_DELIVER, errno,
						    "%s cannot be written", path);
		done += n > 0 ? (size_t)n : 0;
	}
	if (fchmod(fd, 0777 & ~mask) || rename(beside, path))
		return skep_error_set_errno(err, SKEP_STAGE_DELIVER, errno, "%s cannot be made",
					    path);
	return 0;
}

int skep_standalone_save(const char *path, const struct skep_text *bytes, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text beside = { 0 };
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	int ret;

	skep_text_printf(&beside, "%s.XXXXXX", path);
	skep_text_string(&beside);
	if (beside.failed)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	fd = mkostemp(beside.data, O_CLOEXEC);
	if (fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_DELIVER, errno, "%s cannot be made",
					    path);
	ret = save(path, beside.data, fd, bytes, err);
	if (ret)
		unlink(beside.data);
	return ret;
}
