/* SPDX-License-Identifier: MIT */
/*
 * A socket that receives whole frames (AF_XDP): memory that is shared with the kernel, and two
 * rings. By one the kernel is given empty frames, by the other they come back filled.
 */
#ifndef SKEP_EXAMPLES_XSK_H
#define SKEP_EXAMPLES_XSK_H

#include "../../example.h"
#include <linux/if_xdp.h>
#include <net/if.h>
#include <poll.h>
#include <sys/mman.h>

enum { XSK_FRAMES = 16, XSK_FRAME_SIZE = 4096 };

struct xsk {
	int fd;
	char *memory;
	struct xdp_desc *received;
	uint32_t *producer, *consumer; /* of what was received */
};

static inline void *xsk_map(int fd, uint64_t entries, size_t size, off_t ring)
{
	return mmap(NULL, entries + XSK_FRAMES * size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, fd, ring);
}

/* Gives the kernel all frames, which is more than this example receives. */
static inline int xsk_map_rings(struct xsk *xsk)
{
	struct xdp_mmap_offsets at;
	socklen_t len = sizeof(at);
	char *fill, *rx;

	if (getsockopt(xsk->fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &len))
		return -1;
	fill = xsk_map(xsk->fd, at.fr.desc, sizeof(uint64_t), XDP_UMEM_PGOFF_FILL_RING);
	rx = xsk_map(xsk->fd, at.rx.desc, sizeof(struct xdp_desc), XDP_PGOFF_RX_RING);
	if (fill == MAP_FAILED || rx == MAP_FAILED)
		return -1;
	for (uint64_t i = 0; i < XSK_FRAMES; i++)
		((uint64_t *)(void *)(fill + at.fr.desc))[i] = i * XSK_FRAME_SIZE;
	__atomic_store_n((uint32_t *)(void *)(fill + at.fr.producer), XSK_FRAMES, __ATOMIC_RELEASE);
	xsk->received = (void *)(rx + at.rx.desc);
	xsk->producer = (void *)(rx + at.rx.producer);
	xsk->consumer = (void *)(rx + at.rx.consumer);
	return 0;
}

/* For a queue of an interface; it ends with the process. */
static inline int xsk_open(struct xsk *xsk, const char *ifname, uint32_t queue,
			   struct skep_error *err)
{
	const struct sockaddr_xdp address = { .sxdp_family = AF_XDP,
					      .sxdp_ifindex = if_nametoindex(ifname),
					      .sxdp_queue_id = queue,
					      .sxdp_flags = XDP_COPY };
	struct xdp_umem_reg memory = { .len = XSK_FRAMES * XSK_FRAME_SIZE,
				       .chunk_size = XSK_FRAME_SIZE };
	const int n = XSK_FRAMES;

	xsk->memory =
		mmap(NULL, memory.len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memory.addr = (uintptr_t)xsk->memory;
	xsk->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	/* The completion ring is of sending, but there must be one. */
	if (!setsockopt(xsk->fd, SOL_XDP, XDP_UMEM_REG, &memory, sizeof(memory)) &&
	    !setsockopt(xsk->fd, SOL_XDP, XDP_UMEM_FILL_RING, &n, sizeof(n)) &&
	    !setsockopt(xsk->fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &n, sizeof(n)) &&
	    !setsockopt(xsk->fd, SOL_XDP, XDP_RX_RING, &n, sizeof(n)) && !xsk_map_rings(xsk) &&
	    !bind(xsk->fd, (const struct sockaddr *)&address, sizeof(address)))
		return 0;
	return example_errno("no AF_XDP socket can be made", err);
}

/* The next frame that comes within a second, in the shared memory; or NULL. */
static inline const char *xsk_receive(struct xsk *xsk, uint32_t *len)
{
	struct pollfd readable = { .fd = xsk->fd, .events = POLLIN };
	uint32_t next = *xsk->consumer;
	const struct xdp_desc *frame = &xsk->received[next % XSK_FRAMES];

	poll(&readable, 1, 1000);
	if (__atomic_load_n(xsk->producer, __ATOMIC_ACQUIRE) == next)
		return NULL;
	*len = frame->len;
	__atomic_store_n(xsk->consumer, next + 1, __ATOMIC_RELEASE);
	return xsk->memory + frame->addr;
}

#endif
