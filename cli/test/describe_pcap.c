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
#include "cli/test/pcap.h"

#define MICROSECONDS 0xa1b2c3d4u
#define NANOSECONDS  0xa1b23c4du
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

int pcap_damaged(const struct capture *c, const char *what, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "the capture %s: %s", c->path, what);
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

int pcap_check_link(const struct capture *c, uint32_t link, struct skep_error *err)
{
	static const uint32_t known[] = { 1, 101, 228, 229 };

	link &= 0x0fffffff; /* above is the length of a checksum */
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == link)
			return 0;
	skep_error_set(err, SKEP_STAGE_READ, EINVAL,
		       "the capture %s: its frames are of link type %u, not of Ethernet or IP",
		       c->path, link);
	skep_error_add_hint(err, "capture on one interface of Ethernet, not on all at once");
	return -EINVAL;
}

int pcap_read(const struct capture *c, uint32_t len, uint8_t **bytes, struct skep_error *err)
{
	if (len > MAX_FRAME)
		return pcap_damaged(c, "a frame is longer than 256 KiB", err);
	*bytes = malloc(len + 1ul);
	if (!*bytes)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	return fread(*bytes, 1, len, c->file) == len ? 0 : pcap_damaged(c, "it is cut off", err);
}

/* In the older format: behind the file's header there are frames, each with its own. */
static int older_frame(const struct capture *c, uint64_t number, uint8_t **bytes, uint32_t *len,
		       struct skep_error *err)
{
	struct frame_header frame;

	while (fread(&frame, sizeof(frame), 1, c->file) == 1) {
		*len = pcap_u32(c, frame.captured);
		if (!--number)
			return pcap_read(c, *len, bytes, err);
		if (*len > MAX_FRAME || fseek(c->file, (long)*len, SEEK_CUR))
			return pcap_damaged(c, "a frame is longer than 256 KiB", err);
	}
	return pcap_damaged(c, "it has fewer frames", err);
}

int describe_pcap(const char *path, uint64_t number, uint8_t **bytes, uint32_t *len,
		  struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_file) FILE *file = open_file(path);
	struct capture c = { .file = file, .path = path };
	struct file_header header;

	if (!file)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
					    "the capture %s cannot be read", path);
	if (fread(&header, sizeof(header), 1, file) != 1)
		return pcap_damaged(&c, "it is too short", err);
	if (header.magic == PCAPNG_MAGIC)
		return pcapng_frame(&c, number, bytes, len, err);
	c.is_foreign = header.magic == __builtin_bswap32(MICROSECONDS) ||
		       header.magic == __builtin_bswap32(NANOSECONDS);
	if (!c.is_foreign && header.magic != MICROSECONDS && header.magic != NANOSECONDS)
		return pcap_damaged(&c, "it is no capture file of libpcap", err);
	return pcap_check_link(&c, pcap_u32(&c, header.network), err) ?:
		       older_frame(&c, number, bytes, len, err);
}
