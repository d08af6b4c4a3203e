// SPDX-License-Identifier: MIT
#include "package/target_btf.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

/* The value of KEY=value or KEY="value" in os-release(5); without escapes, which ids have not. */
static void os_release(const char *text, const char *key, struct skep_text *out)
{
	size_t len = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *value = (line += *line == '\n') + len + 1;
		bool is_quoted;

		if (strncmp(line, key, len) || line[len] != '=')
			continue;
		is_quoted = *value == '"' || *value == '\'';
		value += is_quoted;
		skep_text_bytes(out, value, strcspn(value, is_quoted ? "\"'\n" : "\n"));
		return;
	}
}

int skep_target_btf_path(struct skep_text *path, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open("/etc/os-release", O_RDONLY | O_CLOEXEC);
	struct utsname uts;
	char text[16384];
	ssize_t n;

	if (fd < 0)
		fd = open("/usr/lib/os-release", O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
					    "os-release cannot be read");
	text[n] = '\0';
	uname(&uts);
	os_release(text, "ID", path);
	skep_text_char(path, '/');
	os_release(text, "VERSION_ID", path);
	skep_text_printf(path, "/%s/%s.btf", uts.machine, uts.release);
	return path->failed ? skep_error_nomem(err, SKEP_STAGE_READ) : 0;
}

static int open_given(const char *given, struct skep_btf **btf, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text below = { 0 };
	struct stat st;

	skep_text_str(&path, given);
	if (!stat(given, &st) && S_ISDIR(st.st_mode)) {
		int ret = skep_target_btf_path(&below, err);

		if (ret)
			return ret;
		skep_text_printf(&path, "/%s", skep_text_string(&below));
		if (access(skep_text_string(&path), R_OK))
			return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
						    "there are no types of this kernel at %s",
						    path.data);
	}
	*btf = skep_btf_open(skep_text_string(&path), NULL, err);
	return *btf ? 0 : -EINVAL;
}

static const struct skep_package_btf *find_in(const struct skep_package *package)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };

	if (skep_target_btf_path(&path, NULL))
		return NULL;
	skep_vec_for_each(&package->btfs, btf)
		if (!strcmp(btf->path, skep_text_string(&path)))
			return btf;
	return NULL;
}

int skep_target_btf_find(const struct skep_package *package, const char *given,
			 struct skep_btf **btf, struct skep_error *err)
{
	const struct skep_package_btf *found;
	struct skep_btf_opts opts = { .size = sizeof(opts) };

	*btf = NULL;
	if (given)
		return open_given(given, btf, err);
	/* Where there is a kernel's, it is not even looked at here: most packages bring none. */
	if (!package->btfs.len || skep_btf_kernel(NULL))
		return 0;
	found = find_in(package);
	if (!found)
		return 0;
	opts.name = found->path;
	*btf = skep_btf_new(found->data, found->len, &opts, err);
	return *btf ? 0 : -EINVAL;
}
