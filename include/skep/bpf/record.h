/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/record.h - what the members of a record, key or value stand for, so that they are shown
 * and read as that:
 *
 *	struct connection {
 *		__u64 began SKEP_AS(time);
 *		__u32 from SKEP_AS(ipv4);
 *		__u32 to SKEP_AS(ipv4);
 *		__u16 port SKEP_AS(port);
 *		int error SKEP_AS(errno);
 *		char command[16] SKEP_WIDTH(8);
 *		__u64 cookie SKEP_HIDDEN;
 *	};
 *
 * Each stands behind its one member, or behind the name of a typedef, which hands it on to all
 * members of that type; an array has it for its elements. It is a note in the object's BTF that
 * costs nothing in the kernel, and nothing at all where a compiler is none of BPF programs, so that
 * both sides may include the same header.
 */
#ifndef SKEP_BPF_RECORD_H
#define SKEP_BPF_RECORD_H

#ifdef __bpf__
#define SKEP_RECORD_TAG(text) __attribute__((btf_decl_tag(text)))
#else
#define SKEP_RECORD_TAG(text)
#endif

/* A word that is none of those below is an error of the compiler. */
#define SKEP_AS(what) SKEP_RECORD_TAG(SKEP_AS_##what)

/* In the order of the network: 4, 16, 4 or 16, 6 or 8, and 2 bytes of any type. */
#define SKEP_AS_ipv4 "skep:ipv4"
#define SKEP_AS_ipv6 "skep:ipv6"
#define SKEP_AS_ip   "skep:ip"
#define SKEP_AS_mac  "skep:mac"
#define SKEP_AS_port "skep:port"

/* Nanoseconds of bpf_ktime_get_ns(), of bpf_ktime_get_boot_ns(), and since 1970. */
#define SKEP_AS_time	  "skep:time"
#define SKEP_AS_boot_time "skep:boot_time"
#define SKEP_AS_wall_time "skep:wall_time"

#define SKEP_AS_duration "skep:duration" /* nanoseconds */
#define SKEP_AS_bytes	 "skep:bytes"	 /* a number of them: "4.0 KiB" */
#define SKEP_AS_errno	 "skep:errno"	 /* of either sign, by its name */
#define SKEP_AS_signal	 "skep:signal"	 /* by its name */
#define SKEP_AS_hex	 "skep:hex"
#define SKEP_AS_octal	 "skep:octal"

/*
 * By names that this machine's settings have, from /etc/passwd, /etc/group and the network
 * namespace of the reader: "root", "eth0". JSON has the numbers.
 */
#define SKEP_AS_uid	"skep:uid"
#define SKEP_AS_gid	"skep:gid"
#define SKEP_AS_ifindex "skep:ifindex"

/*
 * The id of a cgroup of version 2, as bpf_get_current_cgroup_id() gives it: its path below the root
 * of the cgroups, "/system.slice/cron.service", and the id of the container that it belongs to: the
 * first 12 digits in text, "-" outside of containers. Whoever reads needs CAP_DAC_READ_SEARCH.
 */
#define SKEP_AS_cgroup	  "skep:cgroup"
#define SKEP_AS_container "skep:container"

#define SKEP_AS_device	   "skep:device"     /* as the kernel has it, 20 bits of minor: "8:1" */
#define SKEP_AS_syscall	   "skep:syscall"    /* this machine's own numbers, not of 32 bits */
#define SKEP_AS_mode	   "skep:mode"	     /* of a file: "-rw-r--r--" */
#define SKEP_AS_open_flags "skep:open_flags" /* "O_WRONLY|O_CREAT" */
#define SKEP_AS_flags	   "skep:flags"	     /* an enum whose values are bits: "READ|WRITE" */

/*
 * A stack: the id of bpf_get_stackid() in an integer of 32 or 64 bits, or what bpf_get_stack() has
 * written into an array of __u64, or (BPF_F_USER_BUILD_ID) of struct bpf_stack_build_id. Whose it
 * is, the member `tgid` or else `pid` of the same struct says; how many bytes of an array are
 * filled, that of the same name with _sz or _size behind it, and without one the first zero.
 */
#define SKEP_AS_kernel_stack "skep:kernel_stack"
#define SKEP_AS_user_stack   "skep:user_stack"

/* Beside it: the map that the id is of, where an object has several. */
#define SKEP_STACKS(map) SKEP_RECORD_TAG("skep:stacks=" #map)

/* Columns that it takes in text, and none: it is in JSON only. */
#define SKEP_WIDTH(n) SKEP_RECORD_TAG("skep:width=" #n)
#define SKEP_HIDDEN   SKEP_RECORD_TAG("skep:hidden")

/* The side of its column on which it stands: without, numbers stand to the right. */
#define SKEP_LEFT  SKEP_RECORD_TAG("skep:left")
#define SKEP_RIGHT SKEP_RECORD_TAG("skep:right")

#endif
