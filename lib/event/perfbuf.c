// SPDX-License-Identifier: MIT
/* Perf event arrays: a perf ring for each CPU, of which the program writes into its own. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "event/perfbuf_read.h"
#include "event/ring.h"
#include "kernel/bpf.h"
#include "kernel/perf.h"

#define DEFAULT_PAGES 64

struct cpu_ring {
	int fd;				   /* -1: the CPU is not there */
	struct perf_event_mmap_page *meta; /* and the data behind it */
};

struct perfbuf {
	struct skep_ring ring;
	size_t page, len; /* bytes of a page and of a mapping */
	uint64_t size;	  /* of the data */
	uint64_t lost;
	uint8_t *scratch;
	uint32_t n;
	struct cpu_ring cpus[];
};

static int consume_cpu(struct perfbuf *p, uint32_t cpu, size_t max, skep_record_fn fn, void *ctx,
		       size_t *count)
{
	struct perf_event_mmap_page *meta = p->cpus[cpu].meta;
	const struct skep_perfbuf_memory m = { (uint8_t *)meta + p->page, p->size, p->scratch };
	uint64_t tail, head, taken;
	struct skep_perfbuf_entry entry;
	int ret = 0;

	if (!meta)
		return 0;
	tail = meta->data_tail;
	head = __atomic_load_n(&meta->data_head, __ATOMIC_ACQUIRE);
	while (!ret && (!max || *count < max) &&
	       (taken = skep_perfbuf_entry(&m, tail, head, &entry))) {
		p->lost += entry.lost;
		if (entry.data) {
			ret = skep_ring_deliver(&p->ring, entry.data, entry.len, (int)cpu, fn, ctx);
			++*count;
		}
		tail += taken;
	}
	__atomic_store_n(&meta->data_tail, tail, __ATOMIC_RELEASE);
	return ret;
}

static int consume(struct skep_ring *ring, size_t max, bool drain, skep_record_fn fn, void *ctx)
{
	struct perfbuf *p = (struct perfbuf *)ring;
	size_t count = 0;
	int ret = 0;

	(void)drain;
	for (uint32_t cpu = 0; cpu < p->n && !ret; cpu++)
		ret = consume_cpu(p, cpu, max, fn, ctx, &count);
	return ret ?: (int)count;
}

static void count(struct skep_ring *ring)
{
	ring->stats.counts_lost = true;
	ring->stats.lost = ((struct perfbuf *)ring)->lost;
}

static void close_perfbuf(struct skep_ring *ring)
{
	struct perfbuf *p = (struct perfbuf *)ring;

	for (uint32_t i = 0; i < p->n; i++) {
		if (p->cpus[i].meta)
			munmap(p->cpus[i].meta, p->len);
		if (p->cpus[i].fd >= 0)
			close(p->cpus[i].fd);
	}
	if (p->ring.fd >= 0)
		close(p->ring.fd);
	free(p->scratch);
	free(p);
}

static const struct skep_ring_ops ops = { .consume = consume,
					  .count = count,
					  .close = close_perfbuf };

/* Woken when a quarter is full, not for each record: the loop's timer does the rest. */
static int open_cpu(struct perfbuf *p, const struct skep_map *map, uint32_t cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_RAW,
		.watermark = 1,
		.wakeup_watermark = (uint32_t)(p->size / 4),
	};
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = cpu };
	void *memory;
	int ret;

	p->cpus[cpu].fd = skep_perf_open(&attr, -1, (int)cpu);
	if (p->cpus[cpu].fd < 0)
		return p->cpus[cpu].fd == -ENODEV ? 0 : p->cpus[cpu].fd;
	memory = mmap(NULL, p->len, PROT_READ | PROT_WRITE, MAP_SHARED, p->cpus[cpu].fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	p->cpus[cpu].meta = memory;
	ret = skep_bpf_map_update(map->fd, &cpu, &p->cpus[cpu].fd, BPF_ANY);
	if (!ret)
		ret = skep_perf_enable(p->cpus[cpu].fd);
	if (!ret && epoll_ctl(p->ring.fd, EPOLL_CTL_ADD, p->cpus[cpu].fd, &event))
		ret = -errno;
	return ret;
}

static int open_cpus(struct perfbuf *p, const struct skep_map *map, struct skep_error *err)
{
	for (uint32_t cpu = 0; cpu < p->n; cpu++) {
		int ret = open_cpu(p, map, cpu);

		if (!ret)
			continue;
		skep_error_set_errno(err, SKEP_STAGE_RECEIVE, ret,
				     "the perf buffer of CPU %u cannot be opened", cpu);
		skep_map_add_subject(map, err);
		if (ret == -EPERM || ret == -ENOMEM)
			skep_error_add_hint(err, "mapped buffers count against RLIMIT_MEMLOCK and "
						 "kernel.perf_event_mlock_kb without CAP_IPC_LOCK");
		return ret;
	}
	return 0;
}

struct skep_ring *skep_perfbuf_open(const struct skep_object *object, const struct skep_map *map,
				    uint32_t pages, struct skep_error *err)
{
	struct perfbuf *p = calloc(1, sizeof(*p) + map->max_entries * sizeof(p->cpus[0]));

	(void)object;
	pages = pages ? pages : DEFAULT_PAGES;
	if (!p) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	if (pages & (pages - 1)) {
		free(p);
		skep_error_set(err, SKEP_STAGE_RECEIVE, EINVAL,
			       "a perf buffer has a power of two pages, not %u", pages);
		return NULL;
	}
	p->ring.ops = &ops;
	p->ring.needs_timer = true;
	p->page = (size_t)sysconf(_SC_PAGESIZE);
	p->size = pages * p->page;
	p->len = p->size + p->page;
	p->n = map->max_entries;
	for (uint32_t i = 0; i < p->n; i++)
		p->cpus[i].fd = -1;
	p->scratch = malloc(SKEP_PERFBUF_SCRATCH);
	p->ring.fd = epoll_create1(EPOLL_CLOEXEC);
	if (!p->scratch || p->ring.fd < 0 || open_cpus(p, map, err)) {
		if (!p->scratch || p->ring.fd < 0)
			skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		close_perfbuf(&p->ring);
		return NULL;
	}
	return &p->ring;
}
