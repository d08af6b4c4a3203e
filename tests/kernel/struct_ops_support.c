// SPDX-License-Identifier: MIT
#include "kernel/struct_ops_support.h"

#include <errno.h>
#include <netinet/tcp.h>

#include "kernel/net_support.h"
#include "kernel/uapi.h"

struct skep_spec *ops_spec(const char *first, const char *second)
{
	struct skep_spec *spec = open_fixture("struct_ops");

	for (size_t i = 0; i < spec->n_maps; i++)
		if (spec->maps[i]->kind == SKEP_MAP_STRUCT_OPS)
			spec->maps[i]->create = !strcmp(spec->maps[i]->name, first) ||
						!strcmp(spec->maps[i]->name, second);
	skep_spec_program(spec, "on_unnamed")->load = false;
	return spec;
}

bool ops_load_spec(struct ops *ops, struct skep_spec *spec, const char *first,
		   struct skep_error *err)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_error why = { 0 };

	*ops = (struct ops){ .spec = spec, .object = skep_object_load(spec, &opts, &why) };
	if (!ops->object)
		skep_spec_free(spec);
	/* Of code that is made at run time: forbidden here, or unknown to this architecture. */
	if (!ops->object && why.code != EPERM && why.code != ENOTSUP && why.code != SKEP_ENOTSUPP)
		assert_ok(false, &why);
	if (err)
		*err = why;
	ops->map = ops->object ? skep_object_map(ops->object, first) : NULL;
	return ops->object;
}

void ops_register(struct ops *ops)
{
	struct skep_error err = { 0 };

	ops->link = skep_map_attach_struct_ops(ops->map, &err);
	assert_ok(ops->link, &err);
}

void ops_unregister(struct ops *ops)
{
	skep_link_close(ops->link);
	ops->link = NULL;
}

void ops_free(struct ops *ops)
{
	skep_link_close(ops->link);
	skep_object_close(ops->object);
	skep_spec_free(ops->spec);
}

/* 0, or the errno of asking for a congestion control. */
static int choose(int fd, const char *name)
{
	return setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, (socklen_t)strlen(name)) ? errno :
											    0;
}

bool ops_registered(const char *name)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int code = choose(fd, name);

	close(fd);
	return !code;
}

bool ops_go_away(const char *name)
{
	for (int i = 0; i < 500 && ops_registered(name); i++)
		usleep(10000);
	return !ops_registered(name);
}

void ops_use(const char *name)
{
	uint16_t port = 0;
	int listener = open_at_loopback(SOCK_STREAM, &port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), peer;
	struct sockaddr_in at = loopback(port);
	static char data[16384];

	assert_int_equal(choose(fd, name), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	for (int i = 0; i < 4; i++) {
		size_t got = 0;

		assert_int_equal(write(fd, data, sizeof(data)), sizeof(data));
		while (got < sizeof(data)) {
			ssize_t n = read(peer, data, sizeof(data) - got);

			assert_true(n > 0);
			got += (size_t)n;
		}
	}
	close(fd);
	close(peer);
	close(listener);
}
