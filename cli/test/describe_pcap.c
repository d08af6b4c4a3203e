// SPDX-License-Identifier: MIT
/* A frame of a capture file (pcap-savefile(5)): a header, and a header before each frame. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/describe.h"

#define MICROSECONDS 0xa1b2c3d4u
#define NANOSECONDS  0xa1b23c4du
#define PCAPNG	     0x0a0d0d0au
#define MAX_FRAME    262144

struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, sigfigs, snaplen, network;
};

struct frame_header {
	uint32_t seconds, fraction, captured, len;
};

SKEP_DEFINE_SCOPED(file, FILE, fclose)

static int damaged(const char *path, const char *what, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "the capture %s: %s", path, what);
}

/* A pipe would have to be waited for. */
static FILE *open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
		return fdopen(fd, "r");
	if (fd >= 0) {
		close(fd);
		errno = EINVAL;
	}
	return NULL;
}

static int check_magic(const char *path, uint32_t magic, bool *is_foreign, struct skep_error *err)
{
	*is_foreign =
		magic == __builtin_bswap32(MICROSECONDS) || magic == __builtin_bswap32(NANOSECONDS);
	if (*is_foreign || magic == MICROSECONDS || magic == NANOSECONDS)
		return 0;
	if (magic != PCAPNG)
		return damaged(path, "it is no capture file of libpcap", err);
	damaged(path, "it has the newer format pcapng", err);
	skep_error_add_hint(err, "turn it into the older one: editcap -F pcap IN OUT");
	return -EINVAL;
}

/* Programs are given frames of Ethernet, and those of netfilter packets of IP. */
static int check_link(const char *path, uint32_t link, struct skep_error *err)
{
	static const uint32_t known[] = { 1, 101, 228, 229 };

	link &= 0x0fffffff; /* above is the length of a checksum */
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == link)
			return 0;
	skep_error_set(err, SKEP_STAGE_READ, EINVAL,
		       "the capture %s: its frames are of link type %u, not of Ethernet or IP",
		       path, link);
	skep_error_add_hint(err, "capture on one interface of Ethernet, not on all at once");
	return -EINVAL;
}

int describe_pcap(const char *path, uint64_t number, uint8_t **bytes, uint32_t *len,
		  struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_file) FILE *file = open_file(path);
	struct file_header header;
	struct frame_header frame;
	bool is_foreign;

	if (!file)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
					    "the capture %s cannot be read", path);
	if (fread(&header, sizeof(header), 1, file) != 1)
		return damaged(path, "it is too short", err);
	if (check_magic(path, header.magic, &is_foreign, err) ||
	    check_link(path, is_foreign ? __builtin_bswap32(header.network) : header.network, err))
		return -EINVAL;
	for (uint64_t i = 1;; i++) {
		if (fread(&frame, sizeof(frame), 1, file) != 1)
			return damaged(path, "it has fewer frames", err);
		*len = is_foreign ? __builtin_bswap32(frame.captured) : frame.captured;
		if (*len > MAX_FRAME)
			return damaged(path, "a frame is longer than 256 KiB", err);
		if (i == number)
			break;
		if (fseek(file, (long)*len, SEEK_CUR))
			return damaged(path, "it has fewer frames", err);
	}
	*bytes = malloc(*len + 1ul);
	if (!*bytes)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	return fread(*bytes, 1, *len, file) == *len ? 0 : damaged(path, "it is cut off", err);
}
