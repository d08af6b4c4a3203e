// SPDX-License-Identifier: MIT
/*
 * The producer's side of a user ring buffer (kernel/bpf/ringbuf.c): a page that the kernel writes,
 * a page that we write, and the data twice in a row, so that no record is cut at the end.
 */
#include <skep/user_ring.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "map/map.h"

#define BUSY	BPF_RINGBUF_BUSY_BIT
#define DISCARD BPF_RINGBUF_DISCARD_BIT
#define HEADER	BPF_RINGBUF_HDR_SZ
#define LOOK_NS 10000000ll /* how often it is looked at while nobody wakes us */

struct skep_user_ring {
	const struct skep_map *map;
	const uint64_t *consumer; /* of the kernel: how far it has read */
	uint64_t *producer;	  /* ours */
	uint8_t *data;
	uint64_t size;
	size_t page;
	int epoll_fd;
};

/* Before each record. */
struct header {
	uint32_t len;
	uint32_t pad;
};

static void *map_part(const struct skep_user_ring *ring, int prot, size_t len, size_t offset)
{
	void *memory = mmap(NULL, len, prot, MAP_SHARED, ring->map->fd, (off_t)offset);

	return memory == MAP_FAILED ? NULL : memory;
}

/* By edges, as the kernel calls the ring writable while any byte is free. */
static int open_epoll(int map_fd)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLOUT | EPOLLET };

	if (fd < 0 || epoll_ctl(fd, EPOLL_CTL_ADD, map_fd, &event))
		return -1;
	return SKEP_TAKE_FD(fd);
}

static bool set_up(struct skep_user_ring *ring)
{
	ring->page = (size_t)sysconf(_SC_PAGESIZE);
	ring->size = ring->map->max_entries;
	ring->consumer = map_part(ring, PROT_READ, ring->page, 0);
	ring->producer =
		map_part(ring, PROT_READ | PROT_WRITE, ring->page + 2 * ring->size, ring->page);
	if (!ring->consumer || !ring->producer)
		return false;
	ring->data = (uint8_t *)ring->producer + ring->page;
	ring->epoll_fd = open_epoll(ring->map->fd);
	return ring->epoll_fd >= 0;
}

static int refuse(const struct skep_map *map, int code, struct skep_error *err)
{
	if (code)
		code = skep_error_set_errno(err, SKEP_STAGE_RECEIVE, code, "it cannot be mapped");
	else
		code = skep_error_set(err, SKEP_STAGE_RECEIVE, EINVAL,
				      "it is no user ring buffer (BPF_MAP_TYPE_USER_RINGBUF)");
	skep_map_add_subject(map, err);
	return code;
}

struct skep_user_ring *skep_user_ring_open(const struct skep_map *map, struct skep_error *err)
{
	struct skep_user_ring *ring;

	if (skep_map_check(map, err))
		return NULL;
	if (map->type != BPF_MAP_TYPE_USER_RINGBUF) {
		refuse(map, 0, err);
		return NULL;
	}
	ring = calloc(1, sizeof(*ring));
	if (!ring) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	ring->map = map;
	ring->epoll_fd = -1;
	if (set_up(ring))
		return ring;
	refuse(map, errno, err);
	skep_user_ring_close(ring);
	return NULL;
}

void skep_user_ring_close(struct skep_user_ring *ring)
{
	if (!ring)
		return;
	if (ring->consumer)
		munmap((void *)ring->consumer, ring->page);
	if (ring->producer)
		munmap(ring->producer, ring->page + 2 * ring->size);
	if (ring->epoll_fd >= 0)
		close(ring->epoll_fd);
	free(ring);
}

static uint64_t room_for(uint32_t size)
{
	return (size + HEADER + 7ull) & ~7ull;
}

/* NULL when there is no room now. The length is there before the kernel may look. */
static void *reserve(struct skep_user_ring *ring, uint32_t size)
{
	uint64_t consumed = __atomic_load_n(ring->consumer, __ATOMIC_ACQUIRE);
	uint64_t produced = __atomic_load_n(ring->producer, __ATOMIC_RELAXED);
	struct header *header = (void *)(ring->data + (produced & (ring->size - 1)));

	if (produced - consumed + room_for(size) > ring->size)
		return NULL;
	header->pad = 0;
	__atomic_store_n(&header->len, size | BUSY, __ATOMIC_RELAXED);
	__atomic_store_n(ring->producer, produced + room_for(size), __ATOMIC_RELEASE);
	return header + 1;
}

static bool can_ever_hold(const struct skep_user_ring *ring, uint32_t size, struct skep_error *err)
{
	if (!ring) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no ring: it is NULL");
		return false;
	}
	if (!(size & (BUSY | DISCARD)) && room_for(size) <= ring->size)
		return true;
	skep_error_set(err, SKEP_STAGE_RECEIVE, E2BIG,
		       "a record of %u bytes is more than its %llu bytes hold", size,
		       (unsigned long long)ring->size);
	skep_map_add_subject(ring->map, err);
	return false;
}

void *skep_user_ring_reserve(struct skep_user_ring *ring, uint32_t size, struct skep_error *err)
{
	void *record;

	if (!can_ever_hold(ring, size, err))
		return NULL;
	record = reserve(ring, size);
	if (record)
		return record;
	skep_error_set(err, SKEP_STAGE_RECEIVE, ENOSPC,
		       "it is full: no program has drained it meanwhile");
	skep_map_add_subject(ring->map, err);
	return NULL;
}

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

void *skep_user_ring_reserve_wait(struct skep_user_ring *ring, uint32_t size, int64_t ns,
				  struct skep_error *err)
{
	int64_t start = now(), waited = 0;

	if (!can_ever_hold(ring, size, err))
		return NULL;
	for (;;) {
		void *record = reserve(ring, size);
		struct epoll_event event;
		int64_t rest;

		if (record)
			return record;
		if (ns >= 0 && waited >= ns)
			break;
		rest = ns < 0 || ns - waited > LOOK_NS ? LOOK_NS : ns - waited;
		epoll_wait(ring->epoll_fd, &event, 1, (int)((rest + 999999) / 1000000));
		waited = now() - start;
	}
	skep_error_set(err, SKEP_STAGE_RECEIVE, ETIMEDOUT,
		       "it stayed full: no program has drained it meanwhile");
	skep_map_add_subject(ring->map, err);
	return NULL;
}

/* The header of a record that is reserved, or NULL for anything else. */
static struct header *header_of(const struct skep_user_ring *ring, void *record)
{
	uintptr_t first = ring ? (uintptr_t)ring->data + HEADER : 0, at = (uintptr_t)record;
	struct header *header = record;

	if (!ring || at < first || at - first >= ring->size || at % 8)
		return NULL;
	header--;
	return __atomic_load_n(&header->len, __ATOMIC_RELAXED) & BUSY ? header : NULL;
}

static int commit(const struct skep_user_ring *ring, void *record, uint32_t flag)
{
	struct header *header = header_of(ring, record);

	if (!header)
		return -EINVAL;
	__atomic_store_n(&header->len, (header->len & ~(uint32_t)BUSY) | flag, __ATOMIC_RELEASE);
	return 0;
}

int skep_user_ring_submit(struct skep_user_ring *ring, void *record)
{
	return commit(ring, record, 0);
}

int skep_user_ring_discard(struct skep_user_ring *ring, void *record)
{
	return commit(ring, record, DISCARD);
}
