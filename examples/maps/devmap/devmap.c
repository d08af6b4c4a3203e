// SPDX-License-Identifier: MIT
/* The user side of devmap.bpf.c. */
#include "../../tap.h"
#include "devmap.skel.h"
#include <skep/net.h>

static const char *const names[] = { "left", "right" };

static int plug_in(struct devmap_bpf *skel, unsigned int port, struct skep_error *err)
{
	devmap_bpf_ports_value interface = if_nametoindex(names[port]);

	return devmap_bpf_ports_update(skel, &port, &interface, 0, err);
}

static void send_over(int from, int to, const char *text)
{
	struct example_frame frame = { .eth.h_proto = htons(EXAMPLE_TYPE) };

	snprintf((char *)frame.data, sizeof(frame.data), "%s", text);
	if (write(from, &frame, sizeof(frame)) < 0)
		perror("write");
	printf("%s\n",
	       example_tap_receive(to, EXAMPLE_TYPE, &frame) ? (char *)frame.data : "nothing came");
}

static int watch(struct devmap_bpf *skel, const int *taps, struct skep_error *err)
{
	struct skep_link *left, *right;

	if (plug_in(skel, 0, err) || plug_in(skel, 1, err))
		return -1;
	left = skep_program_attach_xdp(skel->programs.from_left, "left", NULL, err);
	right = skep_program_attach_xdp(skel->programs.from_right, "right", NULL, err);
	if (left && right) {
		send_over(taps[0], taps[1], "from left to right");
		send_over(taps[1], taps[0], "from right to left");
	}
	skep_link_close(left);
	skep_link_close(right);
	return left && right ? 0 : -1;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct devmap_bpf *skel;
	int ret = -1, taps[2];

	if (example_network())
		return 3;
	skel = devmap_bpf_open(NULL, &err);
	if (skel)
		ret = devmap_bpf_load(skel, NULL, &err);
	for (int i = 0; !ret && i < 2; i++)
		ret = (taps[i] = example_tap(names[i], &err)) < 0 ? -1 : 0;
	if (!ret)
		ret = watch(skel, taps, &err);
	devmap_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
