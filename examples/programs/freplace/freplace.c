// SPDX-License-Identifier: MIT
/* The user side of freplace.bpf.c. */
#include "../../example.h"
#include "freplace.skel.h"
#include <skep/net.h>

/* Of five packets those that came. */
static int send_five(int from, int to)
{
	int n = 0;

	example_send(from, 5);
	while (example_receives(to))
		n++;
	return n;
}

/* A second object with the program that is switched off in the first one, for judge() there. */
static struct freplace_bpf *load_other(const struct freplace_bpf *skel, struct skep_error *err)
{
	struct freplace_bpf *other = freplace_bpf_open(NULL, err);
	struct skep_program_spec *program;

	if (!other)
		return NULL;
	skep_spec_program(other->spec, "dispatch")->load = false;
	program = skep_spec_program(other->spec, "drop_port");
	program->load = true;
	skep_program_spec_target_program(other->spec, program,
					 skep_program_fd(skel->programs.dispatch), "judge");
	if (!freplace_bpf_load(other, NULL, err))
		return other;
	freplace_bpf_close(other);
	return NULL;
}

static int watch(struct freplace_bpf *skel, struct skep_error *err)
{
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);
	struct freplace_bpf *other = load_other(skel, err);
	int ret = -1;

	if (other)
		skel->links.dispatch =
			skep_program_attach_xdp(skel->programs.dispatch, "lo", NULL, err);
	if (skel->links.dispatch) {
		other->bss->port = ntohs(address.sin_port);
		printf("%d packets came, ", send_five(from, to));
		ret = freplace_bpf_attach(other, err) < 0 ? -1 : 0;
	}
	if (!ret) {
		printf("then %d, ", send_five(from, to));
		freplace_bpf_detach(other);
		printf("then %d\n", send_five(from, to));
	}
	freplace_bpf_close(other);
	close(from);
	close(to);
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct freplace_bpf *skel = freplace_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = freplace_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	freplace_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
