// SPDX-License-Identifier: MIT
/* What is told of links to networks is what they were made with. */
#include "kernel/link_info_support.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <net/if.h>

#include "base/uapi.h"

static void info_of_a_network_namespace(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_lookup");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_NETNS);
	assert_int_equal(info.attach_type, BPF_SK_LOOKUP);
	assert_int_equal(info.netns.inode, inode_of("/proc/self/ns/net"));
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_xdp(void **state)
{
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_xdp");
	rig_attach(&rig);
	info = info_of(&rig, SKEP_LINK_XDP);
	assert_int_equal(info.attach_type, BPF_XDP);
	assert_int_equal(info.xdp.ifindex, if_nametoindex("lo"));
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_tcx(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_tcx");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = SKEP_TCX_INGRESS;
	attr.target_ifindex = if_nametoindex("lo");
	NEED_LINK(&rig, &attr);
	info = info_of(&rig, SKEP_LINK_TCX);
	assert_int_equal(info.attach_type, SKEP_TCX_INGRESS);
	assert_int_equal(info.tcx.ifindex, if_nametoindex("lo"));
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_netfilter(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;

	(void)state;
	NEED_SANDBOX();
	NEED_PROGRAM(&rig, "on_netfilter");
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = SKEP_NETFILTER;
	attr.netfilter.pf = NFPROTO_IPV4;
	attr.netfilter.hooknum = NF_INET_LOCAL_OUT;
	attr.netfilter.priority = -128;
	NEED_LINK(&rig, &attr);
	info = info_of(&rig, SKEP_LINK_NETFILTER);
	assert_int_equal(info.netfilter.family, NFPROTO_IPV4);
	assert_int_equal(info.netfilter.hook, NF_INET_LOCAL_OUT);
	assert_int_equal(info.netfilter.priority, -128);
	assert_int_equal(info.netfilter.flags, 0);
	skep_link_info_free(&info);
	rig_free(&rig);
}

static void info_of_a_sockmap(void **state)
{
	struct skep_attr_link_create attr;
	struct skep_link_info info;
	struct rig rig;
	int map;

	(void)state;
	NEED_PROGRAM(&rig, "on_msg");
	map = skep_map_fd(skep_object_map(rig.object, "sockets"));
	memset(&attr, 0, sizeof(attr));
	attr.attach_type = BPF_SK_MSG_VERDICT;
	attr.target_fd = (uint32_t)map;
	NEED_LINK(&rig, &attr);
	info = info_of(&rig, SKEP_LINK_SOCKMAP);
	assert_int_equal(info.attach_type, BPF_SK_MSG_VERDICT);
	assert_int_equal(info.sockmap.map_id, map_id(map));
	skep_link_info_free(&info);
	rig_free(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(info_of_a_network_namespace),
		cmocka_unit_test(info_of_xdp),
		cmocka_unit_test(info_of_tcx),
		cmocka_unit_test(info_of_netfilter),
		cmocka_unit_test(info_of_a_sockmap),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
