// SPDX-License-Identifier: MIT
/* Iterators over every kind of object that the kernel has, whole and limited. */
#include "kernel/net_support.h"
#include "kernel/sandbox.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* False when the kernel has no such iterator, and only then. */
static bool load(const char *target)
{
	struct skep_error err = { 0 };
	char name[64];

	snprintf(name, sizeof(name), "on_%s", target);
	only_program(fixture_open("link_iter"), name);
	if (fixture_try_to_load(NULL, &err))
		return true;
	assert_error_says(&err, "the kernel has no iterator");
	return false;
}

#define NEED_ITERATOR(target)                                              \
	do {                                                               \
		NEED_BPF();                                                \
		NEED(load(target), "this kernel has no iterator " target); \
	} while (0)

static struct skep_link *attach(const char *target, const struct skep_iter_opts *opts,
				struct skep_error *err)
{
	char name[64];

	snprintf(name, sizeof(name), "on_%s", target);
	return skep_program_attach_iter(fixture_program(name), opts, err);
}

/* What one reading shows. */
static uint64_t read_all(const struct skep_link *link)
{
	uint64_t before = fixture_value("hits");
	struct skep_error err = { 0 };
	int fd = skep_link_iter_open(link, &err);
	char text[64];

	assert_ok(fd >= 0, &err);
	while (read(fd, text, sizeof(text)) > 0)
		continue;
	close(fd);
	return fixture_value("hits") - before;
}

static uint64_t shown(const char *target, const struct skep_iter_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_link *link = attach(target, opts, &err);
	uint64_t n;

	assert_ok(link, &err);
	n = read_all(link);
	skep_link_close(link);
	return n;
}

#define ITERATOR(name, target, least)                        \
	static void name(void **state)                       \
	{                                                    \
		(void)state;                                 \
		NEED_ITERATOR(target);                       \
		assert_true(shown(target, NULL) >= (least)); \
		fixture_leave();                             \
	}

ITERATOR(iterator_shows_maps, "bpf_map", 1)
ITERATOR(iterator_shows_programs, "bpf_prog", 1)
ITERATOR(iterator_shows_links, "bpf_link", 1)
ITERATOR(iterator_shows_tasks, "task", 2)
ITERATOR(iterator_shows_open_files, "task_file", 3)
ITERATOR(iterator_shows_areas_of_memory, "task_vma", 3)
ITERATOR(iterator_shows_kernel_symbols, "ksym", 1000)
ITERATOR(iterator_shows_caches, "kmem_cache", 10)

/* There may be none: what is seen is that the program is taken and the reading ends. */
static void iterator_shows_buffers_of_devices(void **state)
{
	(void)state;
	NEED_ITERATOR("dmabuf");
	shown("dmabuf", NULL);
	fixture_leave();
}

static int bind_netlink(int fd)
{
	const struct sockaddr_nl at = { .nl_family = AF_NETLINK };

	return bind(fd, (const void *)&at, sizeof(at));
}

#define SOCKETS(name, target, domain, type)                                     \
	static void name(void **state)                                          \
	{                                                                       \
		int fd = socket(domain, (type) | SOCK_CLOEXEC, 0);              \
		struct sockaddr_in at = loopback(0);                            \
                                                                                \
		(void)state;                                                    \
		NEED_NETWORK();                                                 \
		NEED_ITERATOR(target);                                          \
		assert_true(fd >= 0);                                           \
		if ((domain) == AF_INET)                                        \
			assert_int_equal(bind(fd, (void *)&at, sizeof(at)), 0); \
		if ((domain) == AF_INET && (type) == SOCK_STREAM)               \
			assert_int_equal(listen(fd, 1), 0);                     \
		if ((domain) == AF_NETLINK)                                     \
			assert_int_equal(bind_netlink(fd), 0);                  \
		assert_true(shown(target, NULL) >= 1);                          \
		close(fd);                                                      \
		fixture_leave();                                                \
	}

SOCKETS(iterator_shows_tcp_sockets, "tcp", AF_INET, SOCK_STREAM)
SOCKETS(iterator_shows_udp_sockets, "udp", AF_INET, SOCK_DGRAM)
SOCKETS(iterator_shows_unix_sockets, "unix", AF_UNIX, SOCK_STREAM)
SOCKETS(iterator_shows_netlink_sockets, "netlink", AF_NETLINK, SOCK_RAW)

static void iterator_shows_ipv6_routes(void **state)
{
	(void)state;
	NEED_NETWORK();
	NEED_ITERATOR("ipv6_route");
	assert_true(shown("ipv6_route", NULL) >= 1);
	fixture_leave();
}

static void iterator_shows_a_map_s_elements(void **state)
{
	struct skep_iter_opts opts = { .size = sizeof(opts) };
	struct skep_error err = { 0 };

	(void)state;
	NEED_ITERATOR("bpf_map_elem");
	opts.map = fixture_map("elements");
	for (uint32_t key = 0; key < 5; key++)
		assert_int_equal(skep_map_update(opts.map, &key, &(uint64_t){ key }, 0, &err), 0);
	assert_int_equal(shown("bpf_map_elem", &opts), 5);
	fixture_leave();
}

static void iterator_shows_sockets_of_a_map(void **state)
{
	struct skep_iter_opts opts = { .size = sizeof(opts) };
	struct skep_error err = { 0 };
	int client, server;
	uint64_t value;

	(void)state;
	NEED_NETWORK();
	NEED_ITERATOR("sockmap");
	connect_pair(&client, &server);
	value = (uint64_t)client;
	opts.map = fixture_map("sockets");
	assert_ok(!skep_map_update(opts.map, &(uint32_t){ 1 }, &value, 0, &err), &err);
	assert_int_equal(shown("sockmap", &opts), 1);
	close(client);
	close(server);
	fixture_leave();
}

static void iterator_shows_storage_of_sockets(void **state)
{
	struct skep_iter_opts opts = { .size = sizeof(opts) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct skep_error err = { 0 };

	(void)state;
	NEED_ITERATOR("bpf_sk_storage_map");
	assert_true(fd >= 0);
	opts.map = fixture_map("storage");
	assert_ok(!skep_map_update(opts.map, &fd, &(uint64_t){ 7 }, 0, &err), &err);
	assert_int_equal(shown("bpf_sk_storage_map", &opts), 1);
	close(fd);
	fixture_leave();
}

/* Skips where the kernel cannot limit iterators to that; fails for any other reason. */
#define NEED_SCOPE(target, opts)                                                    \
	do {                                                                        \
		struct skep_error err = { 0 };                                      \
		struct skep_link *link = attach(target, opts, &err);                \
                                                                                    \
		if (!link && err.code == ENOTSUP) {                                 \
			fixture_leave();                                            \
			SKIP_TEST("this kernel cannot limit the iterator " target); \
		}                                                                   \
		assert_ok(link, &err);                                              \
		skep_link_close(link);                                              \
	} while (0)

static void iterator_of_a_thread_shows_it_alone(void **state)
{
	struct skep_iter_opts opts = { .size = sizeof(opts), .tid = (int)syscall(SYS_gettid) };

	(void)state;
	NEED_ITERATOR("task");
	NEED_SCOPE("task", &opts);
	assert_int_equal(shown("task", &opts), 1);
	fixture_leave();
}

static void iterator_of_a_process_shows_its_files(void **state)
{
	struct skep_iter_opts opts = { .size = sizeof(opts), .pid = getpid() };
	uint64_t before;
	int fd;

	(void)state;
	NEED_ITERATOR("task_file");
	NEED_SCOPE("task_file", &opts);
	before = shown("task_file", &opts);
	fd = dup(0);
	assert_int_equal(shown("task_file", &opts), before + (fd >= 0));
	close(fd);
	assert_true(before < shown("task_file", NULL) + 1);
	fixture_leave();
}

static void iterator_of_a_missing_process_is_refused(void **state)
{
	struct skep_iter_opts opts = { .size = sizeof(opts), .pid = getpid() };
	struct skep_error err = { 0 };

	(void)state;
	NEED_ITERATOR("task");
	NEED_SCOPE("task", &opts);
	opts.pid = 0x3fffffff;
	assert_null(attach("task", &opts, &err));
	assert_int_equal(err.code, ESRCH);
	assert_error_says(&err, "there is no thread or process 1073741823");
	fixture_leave();
}

static void iterator_goes_over_cgroups_in_an_order(void **state)
{
	struct skep_iter_opts opts = { .size = sizeof(opts), .order = SKEP_ITER_SELF };
	char below[512];

	(void)state;
	NEED_SANDBOX();
	NEED_ITERATOR("cgroup");
	opts.cgroup = sandbox_cgroup();
	NEED_SCOPE("cgroup", &opts);
	assert_int_equal(shown("cgroup", &opts), 1);
	snprintf(below, sizeof(below), "%s/below", sandbox_cgroup());
	assert_int_equal(mkdir(below, 0755), 0);
	opts.order = 0;
	assert_int_equal(shown("cgroup", &opts), 2);
	opts.order = SKEP_ITER_ANCESTORS;
	assert_true(shown("cgroup", &opts) >= 2);
	rmdir(below);
	fixture_leave();
}

static void iterator_that_cannot_be_limited_so_says_it(void **state)
{
	struct skep_iter_opts opts = { .size = sizeof(opts) };
	struct skep_error err = { 0 };

	(void)state;
	NEED_ITERATOR("bpf_map_elem");
	assert_null(attach("bpf_map_elem", &opts, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "goes over the elements of a map, and none was given");
	opts.map = fixture_map("elements");
	opts.pid = 1;
	assert_null(attach("bpf_map_elem", &opts, &err));
	assert_error_says(&err, "one of a map, a cgroup, a thread and a process");
	opts = (struct skep_iter_opts){ .size = sizeof(opts), .map = fixture_map("sockets") };
	assert_null(attach("bpf_map_elem", &opts, &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "cannot be limited to that map");
	fixture_leave();
	NEED_ITERATOR("cgroup");
	opts = (struct skep_iter_opts){ .size = sizeof(opts), .cgroup = "/no/such/cgroup" };
	assert_null(attach("cgroup", &opts, &err));
	assert_int_equal(err.code, ENOENT);
	fixture_leave();
}

static int setup(void **state)
{
	enter_own_network();
	return sandbox_setup(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iterator_shows_maps),
		cmocka_unit_test(iterator_shows_programs),
		cmocka_unit_test(iterator_shows_links),
		cmocka_unit_test(iterator_shows_tasks),
		cmocka_unit_test(iterator_shows_open_files),
		cmocka_unit_test(iterator_shows_areas_of_memory),
		cmocka_unit_test(iterator_shows_kernel_symbols),
		cmocka_unit_test(iterator_shows_caches),
		cmocka_unit_test(iterator_shows_buffers_of_devices),
		cmocka_unit_test(iterator_shows_tcp_sockets),
		cmocka_unit_test(iterator_shows_udp_sockets),
		cmocka_unit_test(iterator_shows_unix_sockets),
		cmocka_unit_test(iterator_shows_netlink_sockets),
		cmocka_unit_test(iterator_shows_ipv6_routes),
		cmocka_unit_test(iterator_shows_a_map_s_elements),
		cmocka_unit_test(iterator_shows_sockets_of_a_map),
		cmocka_unit_test(iterator_shows_storage_of_sockets),
		cmocka_unit_test(iterator_of_a_thread_shows_it_alone),
		cmocka_unit_test(iterator_of_a_process_shows_its_files),
		cmocka_unit_test(iterator_of_a_missing_process_is_refused),
		cmocka_unit_test(iterator_goes_over_cgroups_in_an_order),
		cmocka_unit_test(iterator_that_cannot_be_limited_so_says_it),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, sandbox_teardown);
}
