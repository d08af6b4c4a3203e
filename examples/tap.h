/* SPDX-License-Identifier: MIT */
/* Network interfaces whose cable ends in this process: they come and go with a descriptor. */
#ifndef SKEP_EXAMPLES_TAP_H
#define SKEP_EXAMPLES_TAP_H

#include "example.h"
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <poll.h>

/* Of the type that is kept for experiments, so that nobody takes it for anything. */
#define EXAMPLE_TYPE 0x88b5

struct example_frame {
	struct ethhdr eth;
	unsigned char data[46];
};

/* A new interface that is up, or -1: what is written to the descriptor is what it receives. */
static inline int example_tap(const char *name, struct skep_error *err)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) || example_up(name))
		return example_errno("no interface can be made by /dev/net/tun", err);
	return fd;
}

/*
 * The next frame of a type that leaves by the interface; 0 if none does within a second. Frames of
 * other types are the kernel's own, which looks for neighbours.
 */
static inline int example_tap_receive(int tap, uint16_t type, struct example_frame *frame)
{
	struct pollfd readable = { .fd = tap, .events = POLLIN };

	while (poll(&readable, 1, 1000) == 1)
		if (read(tap, frame, sizeof(*frame)) >= (ssize_t)sizeof(frame->eth) &&
		    frame->eth.h_proto == htons(type))
			return 1;
	return 0;
}

#endif
