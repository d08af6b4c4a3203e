// SPDX-License-Identifier: MIT
/* Each example is started, and what it prints is what its README says. */
#include "kernel/sandbox.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

struct output {
	char text[8192];
	int code;
};

enum place {
	ANYWHERE,
	IN_A_NETWORK, /* of its own, with a loopback interface */
	IN_A_CGROUP,  /* of its own, by its path as argument */
	IN_A_VM,      /* it concerns functions that every process calls */
};

/* Runs @argv, whose first word is an example's name; both its outputs together. */
static void run_example(struct output *out, const char *const *argv)
{
	char path[512];
	size_t len = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/%s", getenv("SKEP_EXAMPLES"), argv[0]);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		execv(path, (char *const *)argv);
		_exit(127);
	}
	close(fds[1]);
	while (len + 1 < sizeof(out->text) &&
	       (n = read(fds[0], out->text + len, sizeof(out->text) - 1 - len)) > 0)
		len += (size_t)n;
	out->text[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	out->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Code 3: the kernel or the rights do not allow it, and the example says what is missing. */
static void expect(enum place place, const char *expected, const char *name)
{
	const char *argv[] = { name, place == IN_A_CGROUP ? sandbox_cgroup() : NULL, NULL };
	struct output out;

	NEED_BPF();
	if (place == IN_A_VM)
		NEED_VM();
	if (place == IN_A_NETWORK)
		NEED(sandbox_has_network(), "no network namespace can be made here");
	if (place == IN_A_CGROUP)
		NEED(sandbox_cgroup(), "no cgroup can be made here");
	run_example(&out, argv);
	if (out.code == 3)
		SKIP_TEST("%s: %.200s", argv[0], out.text);
	if (out.code || !strstr(out.text, expected))
		fail_msg("%s ended with %d and printed: %s", argv[0], out.code, out.text);
}

/* kind, name, where it may run, what it prints */
#define EXAMPLES(X)                                                                                \
	X(maps, arena, ANYWHERE, "getgid after getppid after getuid\n")                            \
	X(maps, array, ANYWHERE, "3 writes of 2 to 3 bytes\n2 writes of 64 to 127 bytes\n")        \
	X(maps, array_of_maps, ANYWHERE, "3 calls before, 4 after\n")                              \
	X(maps, bloom_filter, ANYWHERE, "0 unknown calls, then 5\n")                               \
	X(maps, cgroup_array, IN_A_CGROUP, "7 calls, 2 of them in the group below\n")              \
	X(maps, cgroup_storage, IN_A_CGROUP, "5 packets, 2 of them from the group below\n")        \
	X(maps, cgrp_storage, IN_A_CGROUP, "made at least 500 calls\n")                            \
	X(maps, cpumap, ANYWHERE, "20 frames, 20 of them on the CPU of their flow\n")              \
	X(maps, devmap, ANYWHERE, "from left to right\nfrom right to left\n")                      \
	X(maps, devmap_hash, ANYWHERE,                                                             \
	  "VLAN 100 left by blue\nVLAN 4000 left by red\n1 dropped\n")                             \
	X(maps, hash, ANYWHERE, "getppid was called 5 times\n")                                    \
	X(maps, hash_of_maps, ANYWHERE, "5 calls of getppid here, 3 in the child\n")               \
	X(maps, inode_storage, IN_A_VM, "opened 3 times\n")                                        \
	X(maps, insn_array, ANYWHERE,                                                              \
	  "6 + 7 = 13\n6 - 7 = -1\n6 * 7 = 42\nby 3 places in its code\n")                         \
	X(maps, lpm_trie, ANYWHERE,                                                                \
	  "10.1.2.1 is in network 3\n10.1.3.1 is in network 2\n10.2.2.1 is in network 1\n")        \
	X(maps, lru_hash, ANYWHERE,                                                                \
	  "at most 256 of 1001 hosts are known: "                                                  \
	  "the busy one with 1000 packets, the last one with 1\n")                                 \
	X(maps, lru_percpu_hash, ANYWHERE,                                                         \
	  "at most 256 of 1001 flows are known: the busy one with 1000 packets, 50000 bytes\n")    \
	X(maps, percpu_array, ANYWHERE, "at least 1000 calls on all CPUs\n")                       \
	X(maps, percpu_cgroup_storage, IN_A_CGROUP,                                                \
	  "in: 3 packets of 99 bytes\nout: 3 packets of 99 bytes\n")                               \
	X(maps, percpu_hash, ANYWHERE, ": 3 calls of getppid\n")                                   \
	X(maps, perf_event_array, ANYWHERE, "100 bytes from 10.1.2.3\n3 packets, 0 lost\n")        \
	X(maps, prog_array, ANYWHERE, "4 calls, all of one parity\n")                              \
	X(maps, queue, ANYWHERE, "getppid\ngetuid\n")                                              \
	X(maps, reuseport_sockarray, IN_A_NETWORK,                                                 \
	  "customers 0 to 7 came to workers 0 1 2 0 1 2 0 1\n")                                    \
	X(maps, rhash, IN_A_NETWORK, "500 customers, and the map has grown\n")                     \
	X(maps, ringbuf, ANYWHERE, "7 records of getppid, 0 lost\n")                               \
	X(maps, sk_storage, IN_A_CGROUP,                                                           \
	  "sent 3 packets, 99 bytes\nthis socket sent 5 packets, 165 bytes\n")                     \
	X(maps, sockhash, IN_A_NETWORK, "hello, ping, pong, 5 bytes of them by TCP\n")             \
	X(maps, sockmap, IN_A_NETWORK,                                                             \
	  "the server got ping\nthe client got pong!\n9 bytes by a proxy that slept\n")            \
	X(maps, stack, ANYWHERE, "getuid\ngetppid\n")                                              \
	X(maps, stack_trace, ANYWHERE, "\thrtimer_nanosleep\n")                                    \
	X(maps, task_storage, ANYWHERE, "a sleep, and took at least 20 ms\n")                      \
	X(maps, user_ringbuf, ANYWHERE, "5 calls of getppid, then 3 of getuid\n")                  \
	X(maps, xskmap, ANYWHERE, "a frame of 47 bytes: hello\nthe UDP socket got none\n")         \
	X(programs, cgroup_device, IN_A_CGROUP, "full no, null yes, 1 refused\n")                  \
	X(programs, cgroup_skb, IN_A_CGROUP, "3 packets of 87 bytes\n")                            \
	X(programs, cgroup_sock, IN_A_CGROUP, "raw no, plain yes, 1 refused\n")                    \
	X(programs, cgroup_sock_addr, IN_A_CGROUP, "1 connection redirected, and it came there\n") \
	X(programs, cgroup_sockopt, IN_A_CGROUP, "asked for cubic, got reno, 1 changed\n")         \
	X(programs, cgroup_sysctl, IN_A_CGROUP, "it was read, 0 writes\n")                         \
	X(programs, lsm, IN_A_VM, "yes, yes, no\n")                                                \
	X(programs, netfilter, IN_A_NETWORK, "2 packets, the first came, the second did not\n")    \
	X(programs, sk_lookup, IN_A_NETWORK, "one socket, 10 ports\n")                             \
	X(programs, sk_msg, IN_A_NETWORK,                                                          \
	  "GET /a came\nGET /b came\nDELETE /a: EACCES\n1 refused\n")                              \
	X(programs, sk_reuseport, IN_A_NETWORK,                                                    \
	  "the new server got hello by 1 connection of the old one\n")                             \
	X(programs, sk_skb, IN_A_NETWORK, "hello, world, 1 of 3 messages dropped\n")               \
	X(programs, fentry, IN_A_VM, "2 opens, the last one gave -2\n")                            \
	X(programs, flow_dissector, ANYWHERE, "1 of 4 workers, then 4, then 1\n")                  \
	X(programs, fmod_ret, IN_A_VM, "to read: yes, to write: no, 1 refused\n")                  \
	X(programs, freplace, IN_A_NETWORK, "5 packets came, then 0, then 5\n")                    \
	X(programs, iter, ANYWHERE, "this process is among them\n")                                \
	X(programs, kprobe, IN_A_VM, "2 opens\n")                                                  \
	X(programs, ksyscall, IN_A_VM, "openat of /nowhere gave -2\n")                             \
	X(programs, lwt_in, ANYWHERE, "4 packets, 1 came\n")                                       \
	X(programs, lwt_out, ANYWHERE, "3 packets went, then: EPERM\n")                            \
	X(programs, lwt_seg6local, ANYWHERE, "3 packets, tag 42, 0 segments left\n")               \
	X(programs, lwt_xmit, ANYWHERE, "to 127.0.0.1, and inside it one to 10.9.8.7\n")           \
	X(programs, netkit, ANYWHERE, "5 packets dropped, none came\nthen one came\n")             \
	X(programs, perf_event, ANYWHERE, "at least 10 samples\n")                                 \
	X(programs, raw_tracepoint, ANYWHERE, "5 calls of getppid\n")                              \
	X(programs, raw_tracepoint_writable, ANYWHERE, "ECANCELED, ENOMEM\n")                      \
	X(programs, sched_act, IN_A_NETWORK, "0 2 4 of 6 packets\n")                               \
	X(programs, socket_filter, ANYWHERE, "0 2 4 of 6 packets\n")                               \
	X(programs, sockops, IN_A_CGROUP, "3 connections, then 0\n")                               \
	X(programs, struct_ops, ANYWHERE,                                                          \
	  "65536 bytes by a window of 4 segments, which was kept\n")                               \
	X(programs, syscall, ANYWHERE, "6 times 7 is 42\n")                                        \
	X(programs, tc, IN_A_NETWORK, "5 packets dropped, none came\nthen one came\n")             \
	X(programs, tp_btf, ANYWHERE, "3 children\n")                                              \
	X(programs, tracepoint, ANYWHERE, "5 calls of getppid\n")                                  \
	X(programs, uprobe, ANYWHERE, "92, and it is 92\n")                                        \
	X(programs, uretprobe, ANYWHERE, "25 is the largest product\n")                            \
	X(programs, usdt, ANYWHERE, "10 turns, in all 55\n")                                       \
	X(programs, xdp, IN_A_NETWORK, "5 packets dropped, none came\nthen one came\n")

#define DEFINE(kind, name, place, expected)               \
	static void example_##kind##_##name(void **state) \
	{                                                 \
		(void)state;                              \
		expect(place, expected, #kind "-" #name); \
	}

#define LISTED(kind, name, place, expected) cmocka_unit_test(example_##kind##_##name),

EXAMPLES(DEFINE)

int main(void)
{
	const struct CMUnitTest tests[] = { EXAMPLES(LISTED) };

	return cmocka_run_group_tests(tests, sandbox_setup, sandbox_teardown);
}
