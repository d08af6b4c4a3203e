// SPDX-License-Identifier: MIT
#include "kernel/map_elements.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_xdp.h>
#include <linux/perf_event.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/net_support.h"
#include "kernel/sandbox.h"

static int keep_open(struct element *e, int fd)
{
	if (fd < 0)
		e->skip = strerror(errno);
	else
		e->fds[e->n_fds++] = fd;
	return fd;
}

/* Key 1, and different bytes for each CPU. */
/* Sockets stand in maps by 64-bit numbers. */
static void put_socket(uint8_t *to, int fd)
{
	uint64_t value = (uint32_t)fd;

	memcpy(to, &value, sizeof(value));
}

void make_bytes(struct element *e)
{
	put_u32(e->key, 1);
	for (size_t i = 0; i < sizeof(e->value); i++)
		e->value[i] = (uint8_t)(i / 8 + 1);
}

void make_prefix(struct element *e)
{
	put_u32(e->key, 24);
	put_u32(e->key + 4, 0x0a0b0c00);
	put_u32(e->value, 99);
}

void make_program(struct element *e)
{
	e->spec = open_fixture("load_minimal");
	e->object = load_spec(e->spec);
	put_u32(e->value, (uint32_t)skep_program_fd(skep_object_program_at(e->object, 0)));
}

void make_perf_event(struct element *e)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.size = sizeof(attr),
					.config = PERF_COUNT_SW_BPF_OUTPUT,
					.sample_type = PERF_SAMPLE_RAW };

	put_u32(e->value, (uint32_t)keep_open(e, (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1,
							      PERF_FLAG_FD_CLOEXEC)));
}

static int open_cgroup(struct element *e)
{
	return keep_open(e, sandbox_cgroup() ? open(sandbox_cgroup(), O_RDONLY | O_CLOEXEC) : -1);
}

void make_cgroup(struct element *e)
{
	put_u32(e->value, (uint32_t)open_cgroup(e));
}

void make_map(struct element *e)
{
	e->map = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 2, 0);
	put_u32(e->value, (uint32_t)skep_map_fd(e->map));
}

void make_interface(struct element *e)
{
	put_u32(e->value, 1);
	if (!sandbox_has_network())
		e->skip = "no network namespace can be made here";
}

void make_queue_size(struct element *e)
{
	put_u32(e->value, 64);
}

void make_connection(struct element *e)
{
	int client, server;

	if (!sandbox_has_network()) {
		e->skip = "no network namespace can be made here";
		return;
	}
	connect_pair(&client, &server);
	keep_open(e, server);
	put_socket(e->value, keep_open(e, client));
}

void make_xdp_socket(struct element *e)
{
	int fd = keep_open(e, socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));

	/* Newer kernels want a socket that can receive. */
	setsockopt(fd, SOL_XDP, XDP_RX_RING, &(int){ 64 }, sizeof(int));
	put_u32(e->value, (uint32_t)fd);
}

void make_reuseport(struct element *e)
{
	struct sockaddr_in at = loopback(0);
	int fd = keep_open(e, socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	if (!sandbox_has_network())
		e->skip = "no network namespace can be made here";
	else if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &(int){ 1 }, sizeof(int)) ||
		 bind(fd, (struct sockaddr *)&at, sizeof(at)))
		e->skip = strerror(errno);
	put_socket(e->value, fd);
}

void make_socket(struct element *e)
{
	put_u32(e->key, (uint32_t)keep_open(e, socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
	put_u32(e->value, 5);
}

void make_inode(struct element *e)
{
	put_u32(e->key, (uint32_t)keep_open(e, open("/proc/self/exe", O_RDONLY | O_CLOEXEC)));
	put_u32(e->value, 6);
}

void make_task(struct element *e)
{
	put_u32(e->key, (uint32_t)keep_open(e, (int)syscall(SYS_pidfd_open, getpid(), 0)));
	put_u32(e->value, 7);
}

void make_cgroup_key(struct element *e)
{
	put_u32(e->key, (uint32_t)open_cgroup(e));
	put_u32(e->value, 8);
}

void release_element(struct element *e)
{
	for (int i = 0; i < e->n_fds; i++)
		close(e->fds[i]);
	skep_map_close(e->map);
	skep_object_close(e->object);
	skep_spec_free(e->spec);
	free(e);
}
