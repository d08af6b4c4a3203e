// SPDX-License-Identifier: MIT
#include "user/binary.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "user/zip.h"

static int map_file(struct skep_binary *binary, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd)
	int fd = open(binary->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno, "cannot open '%s'",
					    binary->label);
	if (!S_ISREG(st.st_mode))
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "'%s' is no file of bytes",
				      binary->label);
	if (!st.st_size)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOEXEC, "'%s' is empty",
				      binary->label);
	binary->map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (binary->map == MAP_FAILED) {
		binary->map = NULL;
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno, "cannot map '%s'",
					    binary->label);
	}
	binary->map_len = (size_t)st.st_size;
	return 0;
}

static int read_image(struct skep_binary *binary, const char *member, struct skep_error *err)
{
	const uint8_t *data = binary->map;
	size_t len = binary->map_len, offset = 0;
	int ret = 0;

	if (member)
		ret = skep_zip_find(data, len, binary->path, member, &offset, &len, err);
	binary->member = offset;
	return ret ?: skep_image_read(&binary->image, data + offset, len, binary->label, err);
}

int skep_binary_open(struct skep_binary *binary, const char *name, int pid, struct skep_error *err)
{
	const char *member = strstr(name, "!/");
	char file[PATH_MAX];
	int ret;

	binary->map = NULL;
	if (snprintf(binary->label, sizeof(binary->label), "%s", name) >=
	    (int)sizeof(binary->label))
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENAMETOOLONG,
				      "the path has more than %d bytes", PATH_MAX - 1);
	snprintf(file, sizeof(file), "%.*s", member ? (int)(member - name) : PATH_MAX, name);
	ret = skep_binary_find(file, pid, binary->path, err) ?: map_file(binary, err);
	if (!ret)
		ret = read_image(binary, member ? member + 2 : NULL, err);
	if (ret)
		skep_binary_close(binary);
	return ret;
}

void skep_binary_close(struct skep_binary *binary)
{
	if (binary->map)
		munmap(binary->map, binary->map_len);
	binary->map = NULL;
}
