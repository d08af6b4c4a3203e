/* SPDX-License-Identifier: MIT */
/* A network of the test's own: its loopback, and what it adds. All of it ends with the process. */
#ifndef SKEP_TESTS_KERNEL_NET_SUPPORT_H
#define SKEP_TESTS_KERNEL_NET_SUPPORT_H

#include "kernel/fixture.h"

#include <netinet/in.h>

/* Moves the process into a new network namespace, whose loopback is up; false: not allowed. */
bool enter_own_network(void);
bool is_in_own_network(void);

#define NEED_NETWORK()                                                                    \
	do {                                                                              \
		NEED_BPF();                                                               \
		NEED(is_in_own_network(), "no network namespace of its own can be made"); \
	} while (0)

/* Into one more namespace, and back into the test's own. */
bool move_to_other_network(void);
void move_back(void);

bool set_up_interface(const char *name);

/*
 * Two interfaces whose packets come out of the other, of kind "veth" or "netkit", both up; 0 or
 * -errno.
 */
int make_pair(const char *kind, const char *name, const char *peer);

/* Gives an interface an IPv4 address, with its network /24 behind it; 0 or -errno. */
int set_address(const char *name, const char *address);
void get_mac(const char *name, uint8_t mac[6]);

/* Puts a frame, from its Ethernet header on, onto the wire of an interface. */
void send_frame(const char *name, const void *frame, size_t len);

struct sockaddr_in loopback(uint16_t port);
struct sockaddr_in6 loopback6(uint16_t port);

/* 0, or the errno of one datagram to a port of this machine. */
int send_to(uint16_t port);

/* Sends datagrams through the loopback; nobody needs to listen. */
void send_packets(int n);

/* Sockets at a free port of the loopback: SOCK_DGRAM bound, SOCK_STREAM listening. */
int open_at_loopback(int type, uint16_t *port);

/* Two ends of a TCP connection through the loopback. */
void connect_pair(int *client, int *server);

#endif
