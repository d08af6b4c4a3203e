// SPDX-License-Identifier: MIT
/*
 * systemd's journal, by its native protocol: a datagram of fields to its socket, or, when that is
 * too long for one, an empty datagram with a sealed file that has them.
 */
#include "event/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/error.h"

#define SOCKET "/run/systemd/journal/socket"

void skep_journal_write_field(const char *name, const char *value, size_t len,
			      struct skep_text *out)
{
	if (!len)
		return;
	skep_text_str(out, name);
	if (memchr(value, '\n', len)) {
		skep_text_char(out, '\n');
		for (int i = 0; i < 64; i += 8)
			skep_text_char(out, (char)((uint64_t)len >> i));
	} else {
		skep_text_char(out, '=');
	}
	skep_text_bytes(out, value, len);
	skep_text_char(out, '\n');
}

int skep_journal_open(const char *path, struct skep_error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	SKEP_SCOPED(skep_scoped_fd) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret;

	path = path ?: SOCKET;
	if (strlen(path) >= sizeof(address.sun_path))
		return skep_error_set(err, SKEP_STAGE_DELIVER, ENAMETOOLONG,
				      "the journal's socket has too long a name");
	memcpy(address.sun_path, path, strlen(path));
	if (fd >= 0 && !connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		return SKEP_TAKE_FD(fd);
	ret = skep_error_set_errno(err, SKEP_STAGE_DELIVER, errno,
				   "the journal at %s cannot be reached", path);
	skep_error_add_hint(err, "is systemd-journald running?");
	return ret;
}

/* The file must be sealed: the journal believes nothing that can still change. */
static int send_file(int fd, const struct skep_text *entry)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
	SKEP_SCOPED(skep_scoped_fd)
	int file = memfd_create("skep", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct msghdr message = { .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	size_t written = 0;

	while (file >= 0 && written < entry->len) {
		ssize_t n = write(file, entry->data + written, entry->len - written);

		if (n < 0)
			return -errno;
		written += (size_t)n;
	}
	if (file < 0 || fcntl(file, F_ADD_SEALS, seals))
		return -errno;
	memcpy(CMSG_DATA(&control.header), &file, sizeof(file));
	return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int skep_journal_send(int fd, const struct skep_text *entry, struct skep_error *err)
{
	int ret;

	if (!entry)
		return skep_error_null(err, SKEP_STAGE_DELIVER, "entry");
	if (!entry->len || entry->failed)
		return skep_error_set(err, SKEP_STAGE_DELIVER, EINVAL, "the entry is empty");
	ret = send(fd, entry->data, entry->len, MSG_NOSIGNAL) < 0 ? -errno : 0;
	if (ret == -EMSGSIZE || ret == -ENOBUFS)
		ret = send_file(fd, entry);
	return ret ? skep_error_set_errno(err, SKEP_STAGE_DELIVER, ret,
					  "the journal does not take an entry") :
		     0;
}
