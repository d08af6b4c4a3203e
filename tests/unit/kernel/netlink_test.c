// SPDX-License-Identifier: MIT
#include "test.h"

#include <errno.h>

#include "kernel/netlink.h"

/* What the kernel could send. */
static struct skep_netlink_request answer;

static size_t one_message(uint16_t type, uint32_t seq, const void *family, size_t len)
{
	memset(&answer, 0, sizeof(answer));
	answer.header.nlmsg_type = type;
	answer.header.nlmsg_seq = seq;
	answer.header.nlmsg_len = (uint32_t)NLMSG_LENGTH(len);
	memcpy(answer.bytes + NLMSG_LENGTH(0), family, len);
	return answer.header.nlmsg_len;
}

/* As read by a socket whose last request had number 7: exactly @len bytes, so that more is seen. */
static int read_answer(struct skep_netlink *nl, size_t len, skep_netlink_answer_fn fn, void *ctx)
{
	char *copy = malloc(len ? len : 1);
	int ret;

	*nl = (struct skep_netlink){ .fd = -1, .seq = 7 };
	memcpy(copy, answer.bytes, len);
	ret = skep_netlink_read(nl, copy, len, fn, ctx);
	free(copy);
	return ret;
}

static int count(const struct nlmsghdr *header, void *ctx)
{
	unsigned int *n = ctx;

	(void)header;
	return ++*n == 3 ? -ECANCELED : 0;
}

static void netlink_answers_are_handed_on_until_the_end(void **state)
{
	const struct nlmsgerr ack = { 0 };
	const struct ifinfomsg info = { 0 };
	struct skep_netlink nl;
	unsigned int n = 0;
	char both[256];
	size_t len, more;

	(void)state;
	len = one_message(RTM_NEWLINK, 7, &info, sizeof(info));
	assert_int_equal(read_answer(&nl, len, count, &n), 1);
	assert_int_equal(n, 1);
	assert_int_equal(read_answer(&nl, len, NULL, NULL), 1);
	memcpy(both, answer.bytes, len);
	more = one_message(NLMSG_ERROR, 7, &ack, sizeof(ack));
	memcpy(both + len, answer.bytes, more);
	memcpy(answer.bytes, both, len + more);
	assert_int_equal(read_answer(&nl, len + more, count, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(read_answer(&nl, len + more, count, &n), -ECANCELED);
	len = one_message(NLMSG_DONE, 7, "", 0);
	assert_int_equal(read_answer(&nl, len, count, &n), 0);
}

static void netlink_messages_for_others_are_passed_over(void **state)
{
	const struct nlmsgerr error = { .error = -EPERM };
	struct skep_netlink nl;
	size_t len;

	(void)state;
	len = one_message(NLMSG_ERROR, 6, &error, sizeof(error));
	assert_int_equal(read_answer(&nl, len, NULL, NULL), 1);
}

/* A refusal as the kernel makes one: the request's header, then the attributes. */
static size_t refusal(const char *words, uint16_t flags)
{
	const struct nlmsgerr error = { .error = -EBUSY, .msg.nlmsg_len = sizeof(struct nlmsghdr) };
	size_t len = one_message(NLMSG_ERROR, 7, &error, sizeof(error));

	skep_netlink_add(&answer, NLMSGERR_ATTR_MSG, words, strlen(words) + 1);
	answer.header.nlmsg_flags = flags;
	assert_true(answer.header.nlmsg_len > len);
	return answer.header.nlmsg_len;
}

static void netlink_refusal_has_the_kernels_words(void **state)
{
	struct skep_netlink nl;
	char many[300];
	size_t len;

	(void)state;
	len = refusal("The card is on fire", NLM_F_CAPPED | NLM_F_ACK_TLVS);
	assert_int_equal(read_answer(&nl, len, NULL, NULL), -EBUSY);
	assert_string_equal(nl.words, "The card is on fire");
	len = refusal("The card is on fire", NLM_F_ACK_TLVS);
	assert_int_equal(read_answer(&nl, len, NULL, NULL), -EBUSY);
	assert_string_equal(nl.words, "The card is on fire");
	len = refusal("Nobody hears this", 0);
	assert_int_equal(read_answer(&nl, len, NULL, NULL), -EBUSY);
	assert_string_equal(nl.words, "");
	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	len = refusal(many, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	assert_int_equal(read_answer(&nl, len, NULL, NULL), -EBUSY);
	assert_int_equal(strlen(nl.words), sizeof(nl.words) - 1);
}

static void netlink_answers_cut_anywhere_are_refused_or_go_on(void **state)
{
	struct skep_netlink nl;
	size_t len;
	int ret;

	(void)state;
	len = refusal("words", NLM_F_CAPPED | NLM_F_ACK_TLVS);
	for (size_t cut = 1; cut < len; cut++) {
		assert_int_equal(read_answer(&nl, cut, NULL, NULL), -EBADMSG);
		/* Also when the header says that this is all. */
		if (cut < sizeof(struct nlmsghdr))
			continue;
		answer.header.nlmsg_len = (uint32_t)cut;
		ret = read_answer(&nl, cut, NULL, NULL);
		assert_true(ret == -EBADMSG || ret == -EBUSY);
		answer.header.nlmsg_len = (uint32_t)len;
	}
	answer.header.nlmsg_len = 3;
	assert_int_equal(read_answer(&nl, len, NULL, NULL), -EBADMSG);
	answer.header.nlmsg_len = UINT32_MAX;
	assert_int_equal(read_answer(&nl, len, NULL, NULL), -EBADMSG);
}

static void netlink_requests_nest_what_they_say(void **state)
{
	const struct ifinfomsg info = { .ifi_index = 5 };
	struct skep_netlink_request req;
	const struct rtattr *outer;
	char text[8] = "";
	size_t nest;

	(void)state;
	skep_netlink_begin(&req, RTM_SETLINK, NLM_F_EXCL, &info, sizeof(info));
	skep_netlink_add_string(&req, 1, "abc");
	nest = skep_netlink_nest(&req, 2);
	skep_netlink_add_u32(&req, 1, 0x12345678);
	skep_netlink_end(&req, nest);
	skep_netlink_add_u32(&req, 3, 9);
	assert_int_equal(req.header.nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK | NLM_F_EXCL);
	skep_netlink_string(skep_netlink_find(&req.header, sizeof(info), 1), text, sizeof(text));
	assert_string_equal(text, "abc");
	outer = skep_netlink_find(&req.header, sizeof(info), 2);
	assert_int_equal(skep_netlink_u32(skep_netlink_find_in(outer, 1)), 0x12345678);
	assert_null(skep_netlink_find_in(outer, 3));
	assert_null(skep_netlink_find_in(NULL, 1));
	assert_int_equal(skep_netlink_u32(skep_netlink_find(&req.header, sizeof(info), 3)), 9);
	assert_int_equal(skep_netlink_u32(NULL), 0);
	assert_null(skep_netlink_find(&req.header, sizeof(info), 4));
	assert_false(req.is_too_long);
}

static void netlink_request_that_is_too_long_is_known(void **state)
{
	const struct ifinfomsg info = { 0 };
	struct skep_netlink nl = { .fd = -1 };
	struct skep_netlink_request req;
	char name[2000];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	skep_netlink_begin(&req, RTM_SETLINK, 0, &info, sizeof(info));
	skep_netlink_add_name(&req, 1, name);
	assert_false(req.is_too_long);
	skep_netlink_add_string(&req, 1, name);
	assert_true(req.is_too_long);
	assert_true(req.header.nlmsg_len <= sizeof(req.bytes));
	assert_int_equal(skep_netlink_ask(&nl, &req, NULL, NULL), -EMSGSIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(netlink_answers_are_handed_on_until_the_end),
		cmocka_unit_test(netlink_messages_for_others_are_passed_over),
		cmocka_unit_test(netlink_refusal_has_the_kernels_words),
		cmocka_unit_test(netlink_answers_cut_anywhere_are_refused_or_go_on),
		cmocka_unit_test(netlink_requests_nest_what_they_say),
		cmocka_unit_test(netlink_request_that_is_too_long_is_known),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
