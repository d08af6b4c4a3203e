// SPDX-License-Identifier: MIT
/* The user side of netkit.bpf.c. */
#include "../../example.h"
#include "netkit.skel.h"
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <skep/net.h>

#define PRIMARY "box"
#define PEER	"nk0" /* the kernel's name for the first one that nobody named */

/* As `ip link add box type netkit` does; 0 or a negative errno. */
static int make_pair(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
		struct rtattr name;
		char name_text[4];
		struct rtattr link_info, kind;
		char kind_text[8];
	} request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = RTM_NEWLINK,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL },
		.name = { .rta_type = IFLA_IFNAME, .rta_len = RTA_LENGTH(sizeof(PRIMARY)) },
		.name_text = PRIMARY,
		.link_info = { .rta_type = IFLA_LINKINFO,
			       .rta_len = RTA_LENGTH(sizeof(struct rtattr) + 8) },
		.kind = { .rta_type = IFLA_INFO_KIND, .rta_len = RTA_LENGTH(sizeof("netkit")) },
		.kind_text = "netkit",
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[sizeof(request)];
	} answer = { .error.error = -EIO };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (send(fd, &request, sizeof(request), 0) == sizeof(request))
		recv(fd, &answer, sizeof(answer), 0);
	close(fd);
	return answer.error.error;
}

/* The other end's door: IPv4 packets as they come out there. */
static int open_peer(void)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_IP),
				  .sll_ifindex = (int)if_nametoindex(PEER) };
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, at.sll_protocol);

	if (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		perror(PEER);
	return fd;
}

/* The peer first: an interface sends at once when its other end is there already. */
static int open_primary(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct ifreq request = { .ifr_name = PRIMARY };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, "10.9.8.1", &address.sin_addr);
	memcpy(&request.ifr_addr, &address, sizeof(address));
	inet_pton(AF_INET, "10.9.8.2", &address.sin_addr);
	address.sin_port = htons(9);
	if (example_up(PEER) || ioctl(fd, SIOCSIFADDR, &request) || example_up(PRIMARY) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)))
		perror(PRIMARY);
	return fd;
}

static int watch(struct netkit_bpf *skel, struct skep_error *err)
{
	int from = open_primary(), to = open_peer();

	skel->bss->port = 9;
	skel->links.drop_port =
		skep_program_attach_netkit(skel->programs.drop_port, PRIMARY, NULL, err);
	if (!skel->links.drop_port)
		return -1;
	example_send(from, 5);
	printf("%llu packets dropped, %s\n", skel->bss->dropped,
	       example_receives(to) ? "one came" : "none came");
	netkit_bpf_detach(skel);
	example_send(from, 1);
	printf("then %s\n", example_receives(to) ? "one came" : "none came");
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct netkit_bpf *skel;
	int ret = -1, made;

	if (example_network())
		return 3;
	made = make_pair();
	if (made) {
		fprintf(stderr, "no netkit devices can be made: %s\n", skep_errno_name(made));
		return made == -EOPNOTSUPP ? 3 : 1;
	}
	skel = netkit_bpf_open(NULL, &err);
	if (skel)
		ret = netkit_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	netkit_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
