// SPDX-License-Identifier: MIT
/* The user side of devmap_hash.bpf.c. */
#include "../../tap.h"
#include "devmap_hash.skel.h"
#include <skep/net.h>

static const char *const names[] = { "trunk", "blue", "red" };
static const unsigned int vlans[] = { 7, 100, 4000 };

static void send_to_vlan(int trunk, unsigned int vlan)
{
	struct example_frame frame = { .eth.h_proto = htons(ETH_P_8021Q),
				       .data = { (unsigned char)(vlan >> 8), (unsigned char)vlan,
						 EXAMPLE_TYPE >> 8, EXAMPLE_TYPE & 0xff } };

	if (write(trunk, &frame, sizeof(frame)) < 0)
		perror("write");
}

static int watch(struct devmap_hash_bpf *skel, const int *taps, struct skep_error *err)
{
	struct skep_link *link;

	for (int i = 1; i < 3; i++) {
		devmap_hash_bpf_by_vlan_value interface = if_nametoindex(names[i]);

		if (devmap_hash_bpf_by_vlan_update(skel, &vlans[i], &interface, 0, err))
			return -1;
	}
	link = skep_program_attach_xdp(skel->programs.distribute, "trunk", NULL, err);
	if (!link)
		return -1;
	for (int i = 0; i < 3; i++)
		send_to_vlan(taps[0], vlans[i]);
	for (int i = 1; i < 3; i++) {
		struct example_frame frame = { 0 };

		example_tap_receive(taps[i], ETH_P_8021Q, &frame);
		printf("VLAN %d left by %s\n", frame.data[0] << 8 | frame.data[1], names[i]);
	}
	printf("%llu dropped\n", skel->bss->strangers);
	skep_link_close(link);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct devmap_hash_bpf *skel;
	int ret = -1, taps[3];

	if (example_network())
		return 3;
	skel = devmap_hash_bpf_open(NULL, &err);
	if (skel)
		ret = devmap_hash_bpf_load(skel, NULL, &err);
	for (int i = 0; !ret && i < 3; i++)
		ret = (taps[i] = example_tap(names[i], &err)) < 0 ? -1 : 0;
	if (!ret)
		ret = watch(skel, taps, &err);
	devmap_hash_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
