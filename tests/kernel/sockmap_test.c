// SPDX-License-Identifier: MIT
/* Maps of sockets: what is written to one connection comes out of another. */
#include "kernel/net_support.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Two connections: what goes from `a` to `a_end` is sent on as if `b` had sent it to `b_end`. */
static int a, a_end, b, b_end;

static int setup(void **state)
{
	(void)state;
	if (bpf_is_allowed())
		enter_own_network();
	return 0;
}

/* Loads the program, and one more if there is one. */
static void begin(const char *program, const char *other)
{
	only_programs(fixture_open("link_sockets"), program, other);
	fixture_load();
	connect_pair(&a, &a_end);
	connect_pair(&b, &b_end);
}

static void end(void)
{
	close(a);
	close(a_end);
	close(b);
	close(b_end);
	fixture_leave();
}

static struct skep_link *attach(const char *program, const char *map)
{
	struct skep_error err = { 0 };
	struct skep_link *link =
		skep_program_attach_sockmap(fixture_program(program), fixture_map(map), &err);

	assert_ok(link, &err);
	return link;
}

static void put(const char *map, uint32_t key, int fd)
{
	struct skep_error err = { 0 };
	uint64_t value = (uint64_t)fd;

	assert_ok(!skep_map_update(fixture_map(map), &key, &value, 0, &err), &err);
}

static void take(const char *map, uint32_t key)
{
	skep_map_delete(fixture_map(map), &key, NULL);
}

/* Writes to `a`; the one of the other ends that gets it, or -1. */
static int where_it_comes_out(void)
{
	struct pollfd ends[] = { { .fd = a_end, .events = POLLIN },
				 { .fd = b_end, .events = POLLIN } };
	char bytes[8];
	int fd;

	assert_int_equal(send(a, "hello", 5, 0), 5);
	if (poll(ends, 2, 2000) <= 0)
		return -1;
	fd = ends[0].revents & POLLIN ? a_end : b_end;
	assert_int_equal(recv(fd, bytes, sizeof(bytes), 0), 5);
	assert_memory_equal(bytes, "hello", 5);
	return fd;
}

static void redirects_messages(const char *program, const char *map)
{
	struct skep_link *link;
	size_t n_fds;
	char label[64];

	begin(program, NULL);
	n_fds = count_fds();
	link = attach(program, map);
	snprintf(label, sizeof(label), "sockmap %s", map);
	assert_string_equal(skep_link_label(link), label);
	put(map, 0, a);
	put(map, 1, b);
	assert_int_equal(where_it_comes_out(), b_end);
	assert_true(fixture_value("msg_hits") >= 1);
	/* What is in the map has taken the program along; what is put in afterwards has none. */
	skep_link_close(link);
	assert_int_equal(count_fds(), n_fds);
	take(map, 0);
	put(map, 0, a);
	assert_int_equal(where_it_comes_out(), a_end);
	end();
}

static void sockmap_message_comes_out_of_another_connection(void **state)
{
	(void)state;
	NEED_NETWORK();
	redirects_messages("on_msg", "socks");
}

static void sockhash_message_comes_out_of_another_connection(void **state)
{
	(void)state;
	NEED_NETWORK();
	redirects_messages("on_hashed_msg", "hashed");
}

static void sockmap_stream_is_parsed_and_sent_on(void **state)
{
	struct skep_link *parser, *verdict;

	(void)state;
	NEED_NETWORK();
	begin("on_parse", "on_stream");
	parser = attach("on_parse", "socks");
	verdict = attach("on_stream", "socks");
	put("socks", 0, a_end);
	put("socks", 1, b);
	assert_int_equal(where_it_comes_out(), b_end);
	assert_true(fixture_value("parser_hits") >= 1);
	assert_true(fixture_value("verdict_hits") >= 1);
	take("socks", 0);
	skep_link_close(verdict);
	skep_link_close(parser);
	put("socks", 0, a_end);
	assert_int_equal(where_it_comes_out(), a_end);
	end();
}

static void sockmap_verdict_sends_on_without_a_parser(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_NETWORK();
	begin("on_verdict", NULL);
	link = skep_program_attach_sockmap(fixture_program("on_verdict"), fixture_map("socks"),
					   &err);
	if (!link && err.code == ENOTSUP) {
		end();
		SKIP_TEST("%s", err.cause);
	}
	assert_ok(link, &err);
	put("socks", 0, a_end);
	put("socks", 1, b);
	assert_int_equal(where_it_comes_out(), b_end);
	assert_true(fixture_value("verdict_hits") >= 1);
	take("socks", 0);
	skep_link_close(link);
	put("socks", 0, a_end);
	assert_int_equal(where_it_comes_out(), a_end);
	end();
}

static void sockmap_tells_what_is_attached(void **state)
{
	struct skep_attached *attached;
	struct skep_error err = { 0 };
	struct skep_link *link;
	const struct skep_map *map;

	(void)state;
	NEED_NETWORK();
	begin("on_msg", NULL);
	map = fixture_map("socks");
	link = attach("on_msg", "socks");
	attached = skep_attached_to_sockmap(map, BPF_SK_MSG_VERDICT, &err);
	if (!attached && err.code == ENOTSUP) {
		skep_link_close(link);
		end();
		SKIP_TEST("this kernel does not tell what is attached to a sockmap");
	}
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 1);
	assert_int_equal(attached->programs[0].program_id,
			 program_id(skep_program_fd(fixture_program("on_msg"))));
	skep_attached_free(attached);
	assert_null(skep_program_attach_sockmap(fixture_program("on_msg"), map, &err));
	assert_int_equal(err.code, EBUSY);
	assert_error_says(&err, "map 'socks' has");
	skep_link_close(link);
	attached = skep_attached_to_sockmap(map, BPF_SK_MSG_VERDICT, &err);
	assert_ok(attached, &err);
	assert_int_equal(attached->n, 0);
	skep_attached_free(attached);
	assert_null(skep_attached_to_sockmap(NULL, BPF_SK_MSG_VERDICT, &err));
	assert_int_equal(err.code, EBADF);
	end();
}

static void sockmap_that_cannot_be_is_told(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_NETWORK();
	begin("on_undecided", "on_filter");
	assert_null(skep_program_attach_sockmap(fixture_program("on_undecided"),
						fixture_map("socks"), &err));
	assert_error_says(&err, "sk_skb/stream_verdict");
	assert_null(skep_program_attach_sockmap(fixture_program("on_filter"), fixture_map("socks"),
						&err));
	assert_error_says(&err, "cannot be attached to a map of sockets");
	assert_null(skep_program_attach_sockmap(fixture_program("on_undecided"),
						fixture_map("members"), &err));
	assert_error_says(&err, "neither a sockmap nor a sockhash");
	assert_null(skep_program_attach_sockmap(fixture_program("on_undecided"), NULL, &err));
	assert_int_equal(err.code, EBADF);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockmap_message_comes_out_of_another_connection),
		cmocka_unit_test(sockhash_message_comes_out_of_another_connection),
		cmocka_unit_test(sockmap_stream_is_parsed_and_sent_on),
		cmocka_unit_test(sockmap_verdict_sends_on_without_a_parser),
		cmocka_unit_test(sockmap_tells_what_is_attached),
		cmocka_unit_test(sockmap_that_cannot_be_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, NULL);
}
