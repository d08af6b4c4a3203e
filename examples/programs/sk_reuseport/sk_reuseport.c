// SPDX-License-Identifier: MIT
/* The user side of sk_reuseport.bpf.c. */
#include "../../tcp.h"
#include "sk_reuseport.skel.h"
#include <skep/net.h>

/* A server at a port, which the first one chooses and the next one shares. */
static int start_server(struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
	socklen_t len = sizeof(*address);

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)address, len) || listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)address, &len))
		perror("loopback");
	return fd;
}

/* A client that the server has not looked at yet, but which has said something already. */
static int connect_client(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) ||
	    send(fd, "hello", 5, 0) != 5)
		perror("client");
	return fd;
}

static int watch(struct sk_reuseport_bpf *skel, struct skep_error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int old = start_server(&address), client = connect_client(&address);
	int new = start_server(&address), accepted;
	sk_reuseport_bpf_server_value value = (unsigned int)new;
	struct skep_link *link;
	unsigned int key = 0;
	char text[16];

	if (sk_reuseport_bpf_server_update(skel, &key, &value, 0, err))
		return -1;
	link = skep_program_attach_reuseport(skel->programs.choose, new, err);
	if (!link)
		return -1;
	close(old);
	accepted = accept4(new, NULL, NULL, SOCK_CLOEXEC);
	printf("the new server got %s by %llu connection of the old one\n",
	       example_receive(accepted, text, sizeof(text)), skel->bss->moved);
	skep_link_close(link);
	close(accepted);
	close(client);
	close(new);
	return 0;
}

/* A kernel that moves no connections has no name for the one that would move, either. */
static int load(struct sk_reuseport_bpf *skel, struct skep_error *err)
{
	struct skep_probe why = { .size = sizeof(why) };
	int ret = sk_reuseport_bpf_load(skel, NULL, err);

	if (ret && skep_probe_attach_type(BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, &why) == SKEP_NO) {
		*err = (struct skep_error){ .code = EOPNOTSUPP, .stage = SKEP_STAGE_LOAD };
		snprintf(err->cause, sizeof(err->cause), "%s", why.reason);
	}
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct sk_reuseport_bpf *skel = sk_reuseport_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = load(skel, &err);
	if (!ret)
		ret = watch(skel, &err);
	sk_reuseport_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
