// SPDX-License-Identifier: MIT
#include "kernel/net_support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if.h> /* behind net/if.h, which has a part of it */

#include "kernel/netlink.h"

static bool in_own_network;

bool set_up_interface(const char *name)
{
	struct ifreq request = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	ret = ioctl(fd, SIOCGIFFLAGS, &request);
	/* Besides what its kind has: without IFF_NOARP netkit would wait for answers. */
	request.ifr_flags |= IFF_UP;
	ret = ret ?: ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	return !ret;
}

bool enter_own_network(void)
{
	in_own_network = !unshare(CLONE_NEWNET) && set_up_interface("lo");
	return in_own_network;
}

static int own_network = -1;

bool move_to_other_network(void)
{
	own_network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	return own_network >= 0 && !unshare(CLONE_NEWNET);
}

void move_back(void)
{
	assert_int_equal(setns(own_network, CLONE_NEWNET), 0);
	close(own_network);
}

bool is_in_own_network(void)
{
	return in_own_network;
}

static int read_state(const struct nlmsghdr *header, void *state)
{
	const struct rtattr *attr =
		skep_netlink_find(header, sizeof(struct ifinfomsg), IFLA_OPERSTATE);

	if (attr && RTA_PAYLOAD(attr) >= 1)
		*(uint8_t *)state = *(const uint8_t *)RTA_DATA(attr);
	return 0;
}

/* A worker of the kernel opens the queue of a device that was set up; it drops packets until then.
 */
static bool is_soon_open(const char *name)
{
	const struct ifinfomsg device = { .ifi_index = (int)if_nametoindex(name) };
	struct skep_netlink_request req;
	uint8_t state = IF_OPER_UNKNOWN;
	struct skep_netlink nl;

	assert_int_equal(skep_netlink_open(&nl), 0);
	for (int i = 0; i < 3000 && state != IF_OPER_UP; i++) {
		skep_netlink_begin(&req, RTM_GETLINK, 0, &device, sizeof(device));
		if (skep_netlink_ask(&nl, &req, read_state, &state))
			break;
		if (state != IF_OPER_UP)
			usleep(1000);
	}
	skep_netlink_close(&nl);
	return state == IF_OPER_UP;
}

int make_pair(const char *kind, const char *name, const char *peer)
{
	/* netkit has its own number for the peer (IFLA_NETKIT_PEER_INFO), which is veth's too. */
	const uint16_t peer_info = VETH_INFO_PEER;
	const struct ifinfomsg none = { 0 };
	struct skep_netlink_request req;
	size_t info, data, other;
	struct skep_netlink nl;
	int ret;

	skep_netlink_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &none, sizeof(none));
	skep_netlink_add_string(&req, IFLA_IFNAME, name);
	info = skep_netlink_nest(&req, IFLA_LINKINFO);
	skep_netlink_add_string(&req, IFLA_INFO_KIND, kind);
	data = skep_netlink_nest(&req, IFLA_INFO_DATA);
	other = skep_netlink_nest(&req, peer_info);
	skep_netlink_add_raw(&req, &none, sizeof(none));
	skep_netlink_add_string(&req, IFLA_IFNAME, peer);
	skep_netlink_end(&req, other);
	skep_netlink_end(&req, data);
	skep_netlink_end(&req, info);
	assert_int_equal(skep_netlink_open(&nl), 0);
	ret = skep_netlink_ask(&nl, &req, NULL, NULL);
	skep_netlink_close(&nl);
	if (ret)
		return ret;
	return set_up_interface(name) && set_up_interface(peer) && is_soon_open(name) &&
			       is_soon_open(peer) ?
		       0 :
		       -EIO;
}

static int ask_interface(const char *name, unsigned long what, struct ifreq *request)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret;

	snprintf(request->ifr_name, sizeof(request->ifr_name), "%s", name);
	ret = ioctl(fd, what, request) ? -errno : 0;
	close(fd);
	return ret;
}

int set_address(const char *name, const char *address)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	struct ifreq request = { 0 };
	int ret;

	inet_pton(AF_INET, address, &at.sin_addr);
	memcpy(&request.ifr_addr, &at, sizeof(at));
	ret = ask_interface(name, SIOCSIFADDR, &request);
	at.sin_addr.s_addr = htonl(0xffffff00);
	memcpy(&request.ifr_netmask, &at, sizeof(at));
	return ret ? ret : ask_interface(name, SIOCSIFNETMASK, &request);
}

void get_mac(const char *name, uint8_t mac[6])
{
	struct ifreq request = { 0 };

	assert_int_equal(ask_interface(name, SIOCGIFHWADDR, &request), 0);
	memcpy(mac, request.ifr_hwaddr.sa_data, 6);
}

void send_frame(const char *name, const void *frame, size_t len)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_ifindex = (int)if_nametoindex(name) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(sendto(fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to)), len);
	close(fd);
	usleep(20000);
}

struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

struct sockaddr_in6 loopback6(uint16_t port)
{
	return (struct sockaddr_in6){ .sin6_family = AF_INET6,
				      .sin6_port = htons(port),
				      .sin6_addr = IN6ADDR_LOOPBACK_INIT };
}

int send_to(uint16_t port)
{
	struct sockaddr_in to = loopback(port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int code = connect(fd, (struct sockaddr *)&to, sizeof(to)) || write(fd, "x", 1) != 1 ?
			   errno :
			   0;

	close(fd);
	return code;
}

void send_packets(int n)
{
	struct sockaddr_in to = loopback(9);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (int i = 0; i < n; i++)
		sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
	usleep(20000);
}

int open_at_loopback(int type, uint16_t *port)
{
	struct sockaddr_in at = loopback(*port);
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

void connect_pair(int *client, int *server)
{
	uint16_t port = 0;
	int listener = open_at_loopback(SOCK_STREAM, &port);
	struct sockaddr_in to = loopback(port);

	*client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(*client, (struct sockaddr *)&to, sizeof(to)), 0);
	*server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(*server >= 0);
	close(listener);
}
