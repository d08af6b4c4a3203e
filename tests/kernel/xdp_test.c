// SPDX-License-Identifier: MIT
/* XDP in a network namespace of the test's own: its loopback, and a veth pair.
 */
#include "kernel/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/bpf.h"
#include "kernel/netlink.h"

static struct skep_spec *spec;
static struct skep_object *object;
static bool in_namespace;

static int set_up_interface(const char *name)
{
	struct ifreq request = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	request.ifr_flags = IFF_UP;
	ret = ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	return ret;
}

static int setup(void **state)
{
	(void)state;
	if (!bpf_is_allowed())
		return 0;
	in_namespace = !unshare(CLONE_NEWNET) && !set_up_interface("lo");
	spec = open_fixture("load_links");
	only_this_process(spec);
	only_program(spec, "on_xdp");
	object = load_spec(spec);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	skep_object_close(object);
	skep_spec_free(spec);
	return 0;
}

/* A request to rtnetlink that grows by attributes; a nested one ends where the next begins. */
struct request {
	struct nlmsghdr header;
	struct ifinfomsg info;
	char attrs[256];
};

static struct rtattr *add(struct request *r, uint16_t type, const void *data, size_t len)
{
	struct rtattr *attr = (void *)((char *)r + NLMSG_ALIGN(r->header.nlmsg_len));

	attr->rta_type = type;
	attr->rta_len = (uint16_t)RTA_LENGTH(len);
	memcpy(RTA_DATA(attr), data, len);
	r->header.nlmsg_len = NLMSG_ALIGN(r->header.nlmsg_len) + RTA_ALIGN(attr->rta_len);
	return attr;
}

static void end_nested(struct request *r, struct rtattr *attr)
{
	attr->rta_len = (uint16_t)((char *)r + r->header.nlmsg_len - (char *)attr);
}

/* As "ip link add NAME type veth peer name PEER", which a small machine does not have. */
static int make_veth(const char *name, const char *peer)
{
	struct request r = { .header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
					 .nlmsg_type = RTM_NEWLINK,
					 .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL |
							NLM_F_ACK } };
	const struct ifinfomsg none = { 0 };
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[1024];
	} answer = { 0 };
	struct rtattr *info, *data, *other;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ssize_t n;

	add(&r, IFLA_IFNAME, name, strlen(name) + 1);
	info = add(&r, IFLA_LINKINFO, "", 0);
	add(&r, IFLA_INFO_KIND, "veth", 4);
	data = add(&r, IFLA_INFO_DATA, "", 0);
	other = add(&r, VETH_INFO_PEER, &none, sizeof(none));
	add(&r, IFLA_IFNAME, peer, strlen(peer) + 1);
	end_nested(&r, other);
	end_nested(&r, data);
	end_nested(&r, info);
	send(fd, &r, r.header.nlmsg_len, 0);
	n = recv(fd, &answer, sizeof(answer), 0);
	close(fd);
	return n > 0 && answer.header.nlmsg_type == NLMSG_ERROR ? answer.error.error : -1;
}

#define NEED_NAMESPACE()                                                          \
	do {                                                                      \
		NEED_BPF();                                                       \
		if (!in_namespace)                                                \
			SKIP_TEST("no network namespace of its own can be made"); \
	} while (0)

static struct skep_program *program(void)
{
	return skep_object_program(object, "on_xdp");
}

static uint64_t hits(void)
{
	return global_value(object, "xdp_hits");
}

/* A datagram through the loopback; nobody needs to listen. */
static void send_packets(int n)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(9),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (int i = 0; i < n; i++)
		sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
	usleep(20000);
}

/* What runs on the loopback: a program's id, or 0. */
static uint32_t on_loopback(void)
{
	struct skep_xdp_state state;

	assert_int_equal(skep_netlink_xdp_query(if_nametoindex("lo"), &state), 0);
	return state.prog_id;
}

static void xdp_sees_packets_until_it_is_closed(void **state)
{
	const struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_GENERIC };
	struct skep_error err = { 0 };
	struct skep_link *link;
	uint64_t before;

	(void)state;
	NEED_NAMESPACE();
	link = skep_program_attach_xdp(program(), "lo", &opts, &err);
	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), "xdp lo");
	assert_int_equal(on_loopback(), program_id(skep_program_fd(program())));
	before = hits();
	send_packets(10);
	assert_true(hits() >= before + 10);
	skep_link_close(link);
	assert_int_equal(on_loopback(), 0);
	before = hits();
	send_packets(10);
	assert_int_equal(hits(), before);
}

static void xdp_on_an_unknown_interface_names_it(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	assert_null(skep_program_attach_xdp(program(), "no_such_if0", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no interface 'no_such_if0'");
}

static void xdp_on_a_busy_interface_names_who_holds_it(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	char holder[64];

	(void)state;
	NEED_NAMESPACE();
	link = skep_program_attach_xdp(program(), "lo", NULL, &err);
	assert_ok(link, &err);
	assert_null(skep_program_attach_xdp(program(), "lo", NULL, &err));
	assert_int_equal(err.code, EBUSY);
	snprintf(holder, sizeof(holder), "XDP program %u 'on_xdp'",
		 program_id(skep_program_fd(program())));
	assert_error_says(&err, holder);
	skep_link_close(link);
}

static void xdp_takes_the_place_of_a_program_on_request_only(void **state)
{
	struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_GENERIC };
	struct skep_error err = { 0 };
	struct skep_object *other;
	struct skep_link *link;
	uint32_t lo = if_nametoindex("lo");

	(void)state;
	NEED_NAMESPACE();
	other = load_spec(spec);
	assert_int_equal(skep_netlink_xdp_set(lo,
					      skep_program_fd(skep_object_program(other, "on_xdp")),
					      -1, XDP_FLAGS_SKB_MODE, NULL, 0),
			 0);
	assert_null(skep_program_attach_xdp(program(), "lo", &opts, &err));
	assert_int_equal(err.code, EBUSY);
	opts.replace = true;
	link = skep_program_attach_xdp(program(), "lo", &opts, &err);
	assert_ok(link, &err);
	assert_int_equal(on_loopback(), program_id(skep_program_fd(program())));
	skep_link_close(link);
	assert_int_equal(on_loopback(), 0);
	skep_object_close(other);
}

static void xdp_mode_that_a_driver_lacks_is_told(void **state)
{
	const struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_NATIVE };
	struct skep_error err = { 0 };

	(void)state;
	NEED_NAMESPACE();
	assert_null(skep_program_attach_xdp(program(), "lo", &opts, &err));
	assert_error_says(&err, "lo");
	assert_error_says(&err, "ask for generic");
	assert_int_equal(on_loopback(), 0);
}

static void xdp_runs_in_the_driver_of_a_veth(void **state)
{
	const struct skep_xdp_opts opts = { .size = sizeof(opts), .mode = SKEP_XDP_NATIVE };
	struct skep_error err = { 0 };
	struct skep_link *link;
	uint64_t before;

	(void)state;
	NEED_NAMESPACE();
	if (make_veth("skepa", "skepb") || set_up_interface("skepa") || set_up_interface("skepb"))
		SKIP_TEST("no veth pair can be made here");
	link = skep_program_attach_xdp(program(), "skepb", &opts, &err);
	assert_ok(link, &err);
	before = hits();
	/* The first packets are the kernel's own: each interface announces its address. */
	for (int i = 0; i < 300 && hits() == before; i++)
		usleep(10000);
	assert_true(hits() > before);
	skep_link_close(link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xdp_sees_packets_until_it_is_closed),
		cmocka_unit_test(xdp_on_an_unknown_interface_names_it),
		cmocka_unit_test(xdp_on_a_busy_interface_names_who_holds_it),
		cmocka_unit_test(xdp_takes_the_place_of_a_program_on_request_only),
		cmocka_unit_test(xdp_mode_that_a_driver_lacks_is_told),
		cmocka_unit_test(xdp_runs_in_the_driver_of_a_veth),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, teardown);
}
