/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The BPF helper functions, by number: the first kernel that has one, and what it does.
 * Made by scripts/gen-helpers.py from the kernel's linux/bpf.h: do not edit.
 */
/* clang-format off */
#ifndef SKEP_BPF_HELPERS_GEN_H
#define SKEP_BPF_HELPERS_GEN_H

#include <skep/bpf/types.h>

struct __sk_buff;
struct bpf_dynptr;
struct bpf_fib_lookup;
struct bpf_perf_event_data;
struct bpf_perf_event_value;
struct bpf_pidns_info;
struct bpf_redir_neigh;
struct bpf_sock;
struct bpf_sock_addr;
struct bpf_sock_ops;
struct bpf_sock_tuple;
struct bpf_spin_lock;
struct bpf_sysctl;
struct bpf_tcp_sock;
struct bpf_timer;
struct bpf_tunnel_key;
struct bpf_xfrm_state;
struct btf_ptr;
struct cgroup;
struct file;
struct inode;
struct iphdr;
struct ipv6hdr;
struct linux_binprm;
struct mptcp_sock;
struct path;
struct pt_regs;
struct seq_file;
struct sk_msg_md;
struct sk_reuseport_md;
struct sockaddr;
struct socket;
struct task_struct;
struct tcp6_sock;
struct tcp_request_sock;
struct tcp_sock;
struct tcp_timewait_sock;
struct tcphdr;
struct udp6_sock;
struct unix_sock;
struct xdp_md;

/* From 3.19. Perform a lookup in map for an entry associated to key. */
static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;

/* From 3.19. Add or update the value of the entry associated to key in map with value. */
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value,
	__u64 flags) = (void *)2;

/* From 3.19. Delete entry with key from map. */
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;

/* From 4.1. For tracing programs, safely attempt to read size bytes from kernel space address
 * unsafe_ptr and store the data in dst.
 */
static long (*const bpf_probe_read)(void *dst, __u32 size, const void *unsafe_ptr) = (void *)4;

/* From 4.1. Return the time elapsed since system boot, in nanoseconds. */
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;

/* From 4.1. This helper is a "printk()-like" facility for debugging. */
static long (*const bpf_trace_printk)(const char *fmt, __u32 fmt_size, ...) = (void *)6;

/* From 4.1. Get a pseudo-random number. */
static __u32 (*const bpf_get_prandom_u32)(void) = (void *)7;

/* From 4.1. Get the SMP (symmetric multiprocessing) processor id. */
static __u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;

/* From 4.1. Store len bytes from address from into the packet associated to skb, at offset. */
static long (*const bpf_skb_store_bytes)(struct __sk_buff *skb, __u32 offset,
	const void *from, __u32 len, __u64 flags) = (void *)9;

/* From 4.1. Recompute the layer 3 (e.g. IP) checksum for the packet associated to skb. */
static long (*const bpf_l3_csum_replace)(struct __sk_buff *skb, __u32 offset, __u64 from,
	__u64 to, __u64 size) = (void *)10;

/* From 4.1. Recompute the layer 4 (e.g. TCP, UDP or ICMP) checksum for the packet associated to
 * skb.
 */
static long (*const bpf_l4_csum_replace)(struct __sk_buff *skb, __u32 offset, __u64 from,
	__u64 to, __u64 flags) = (void *)11;

/* From 4.2. This special helper is used to trigger a "tail call", or in other words, to jump
 * into another eBPF program.
 */
static long (*const bpf_tail_call)(void *ctx, void *prog_array_map, __u32 index) = (void *)12;

/* From 4.2. Clone and redirect the packet associated to skb to another net device of index
 * ifindex.
 */
static long (*const bpf_clone_redirect)(struct __sk_buff *skb, __u32 ifindex,
	__u64 flags) = (void *)13;

/* From 4.2. Get the current pid and tgid. */
static __u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;

/* From 4.2. Get the current uid and gid. */
static __u64 (*const bpf_get_current_uid_gid)(void) = (void *)15;

/* From 4.2. Copy the comm attribute of the current task into buf of size_of_buf. */
static long (*const bpf_get_current_comm)(void *buf, __u32 size_of_buf) = (void *)16;

/* From 4.3. Retrieve the classid for the current task, i.e. for the net_cls cgroup to which skb
 * belongs.
 */
static __u32 (*const bpf_get_cgroup_classid)(struct __sk_buff *skb) = (void *)17;

/* From 4.3. Push a vlan_tci (VLAN tag control information) of protocol vlan_proto to the packet
 * associated to skb, then update the checksum.
 */
static long (*const bpf_skb_vlan_push)(struct __sk_buff *skb, __be16 vlan_proto,
	__u16 vlan_tci) = (void *)18;

/* From 4.3. Pop a VLAN header from the packet associated to skb. */
static long (*const bpf_skb_vlan_pop)(struct __sk_buff *skb) = (void *)19;

/* From 4.3. Get tunnel metadata. */
static long (*const bpf_skb_get_tunnel_key)(struct __sk_buff *skb,
	struct bpf_tunnel_key *key, __u32 size, __u64 flags) = (void *)20;

/* From 4.3. Populate tunnel metadata for packet associated to skb. */
static long (*const bpf_skb_set_tunnel_key)(struct __sk_buff *skb,
	struct bpf_tunnel_key *key, __u32 size, __u64 flags) = (void *)21;

/* From 4.3. Read the value of a perf event counter. */
static __u64 (*const bpf_perf_event_read)(void *map, __u64 flags) = (void *)22;

/* From 4.4. Redirect the packet to another net device of index ifindex. */
static long (*const bpf_redirect)(__u32 ifindex, __u64 flags) = (void *)23;

/* From 4.4. Retrieve the realm or the route, that is to say the tclassid field of the
 * destination for the skb.
 */
static __u32 (*const bpf_get_route_realm)(struct __sk_buff *skb) = (void *)24;

/* From 4.4. Write raw data blob into a special BPF perf event held by map of type
 * BPF_MAP_TYPE_PERF_EVENT_ARRAY.
 */
static long (*const bpf_perf_event_output)(void *ctx, void *map, __u64 flags, void *data,
	__u64 size) = (void *)25;

/* From 4.5. This helper was provided as an easy way to load data from a packet. */
static long (*const bpf_skb_load_bytes)(const void *skb, __u32 offset, void *to,
	__u32 len) = (void *)26;

/* From 4.6. Walk a user or a kernel stack and return its id. */
static long (*const bpf_get_stackid)(void *ctx, void *map, __u64 flags) = (void *)27;

/* From 4.6. Compute a checksum difference, from the raw buffer pointed by from, of length
 * from_size (that must be a multiple of 4), towards the raw buffer pointed by to, of size
 * to_size (same remark).
 */
static __s64 (*const bpf_csum_diff)(__be32 *from, __u32 from_size, __be32 *to,
	__u32 to_size, __wsum seed) = (void *)28;

/* From 4.6. Retrieve tunnel options metadata for the packet associated to skb, and store the raw
 * tunnel option data to the buffer opt of size.
 */
static long (*const bpf_skb_get_tunnel_opt)(struct __sk_buff *skb, void *opt,
	__u32 size) = (void *)29;

/* From 4.6. Set tunnel options metadata for the packet associated to skb to the option data
 * contained in the raw buffer opt of size.
 */
static long (*const bpf_skb_set_tunnel_opt)(struct __sk_buff *skb, void *opt,
	__u32 size) = (void *)30;

/* From 4.8. Change the protocol of the skb to proto. */
static long (*const bpf_skb_change_proto)(struct __sk_buff *skb, __be16 proto,
	__u64 flags) = (void *)31;

/* From 4.8. Change the packet type for the packet associated to skb. */
static long (*const bpf_skb_change_type)(struct __sk_buff *skb, __u32 type) = (void *)32;

/* From 4.8. Check whether skb is a descendant of the cgroup2 held by map of type
 * BPF_MAP_TYPE_CGROUP_ARRAY, at index.
 */
static long (*const bpf_skb_under_cgroup)(struct __sk_buff *skb, void *map,
	__u32 index) = (void *)33;

/* From 4.8. Retrieve the hash of the packet, skb->hash. */
static __u32 (*const bpf_get_hash_recalc)(struct __sk_buff *skb) = (void *)34;

/* From 4.8. Get the current task. */
static __u64 (*const bpf_get_current_task)(void) = (void *)35;

/* From 4.8. Attempt in a safe way to write len bytes from the buffer src to dst in memory. */
static long (*const bpf_probe_write_user)(void *dst, const void *src, __u32 len) = (void *)36;

/* From 4.9. Check whether the probe is being run is the context of a given subset of the cgroup2
 * hierarchy.
 */
static long (*const bpf_current_task_under_cgroup)(void *map, __u32 index) = (void *)37;

/* From 4.9. Resize (trim or grow) the packet associated to skb to the new len. */
static long (*const bpf_skb_change_tail)(struct __sk_buff *skb, __u32 len,
	__u64 flags) = (void *)38;

/* From 4.9. Pull in non-linear data in case the skb is non-linear and not all of len are part of
 * the linear section.
 */
static long (*const bpf_skb_pull_data)(struct __sk_buff *skb, __u32 len) = (void *)39;

/* From 4.9. Add the checksum csum into skb->csum in case the driver has supplied a checksum for
 * the entire packet into that field.
 */
static __s64 (*const bpf_csum_update)(struct __sk_buff *skb, __wsum csum) = (void *)40;

/* From 4.9. Invalidate the current skb->hash. */
static void (*const bpf_set_hash_invalid)(struct __sk_buff *skb) = (void *)41;

/* From 4.10. Return the id of the current NUMA node. */
static long (*const bpf_get_numa_node_id)(void) = (void *)42;

/* From 4.10. Grows headroom of packet associated to skb and adjusts the offset of the MAC header
 * accordingly, adding len bytes of space.
 */
static long (*const bpf_skb_change_head)(struct __sk_buff *skb, __u32 len,
	__u64 flags) = (void *)43;

/* From 4.10. Adjust (move) xdp_md->data by delta bytes. */
static long (*const bpf_xdp_adjust_head)(struct xdp_md *xdp_md, int delta) = (void *)44;

/* From 4.11. Copy a NUL terminated string from an unsafe kernel address unsafe_ptr to dst. */
static long (*const bpf_probe_read_str)(void *dst, __u32 size,
	const void *unsafe_ptr) = (void *)45;

/* From 4.12. If the struct sk_buff pointed by skb has a known socket, retrieve the cookie
 * (generated by the kernel) of this socket.
 */
static __u64 (*const bpf_get_socket_cookie)(void *ctx) = (void *)46;

/* From 4.12. Get the owner UID of the socked associated to skb. */
static __u32 (*const bpf_get_socket_uid)(struct __sk_buff *skb) = (void *)47;

/* From 4.13. Set the full hash for skb (set the field skb->hash) to value hash. */
static long (*const bpf_set_hash)(struct __sk_buff *skb, __u32 hash) = (void *)48;

/* From 4.13. Emulate a call to setsockopt() on the socket associated to bpf_socket, which must
 * be a full socket.
 */
static long (*const bpf_setsockopt)(void *bpf_socket, int level, int optname,
	void *optval, int optlen) = (void *)49;

/* From 4.13. Grow or shrink the room for data in the packet associated to skb by len_diff, and
 * according to the selected mode.
 */
static long (*const bpf_skb_adjust_room)(struct __sk_buff *skb, __s32 len_diff,
	__u32 mode, __u64 flags) = (void *)50;

/* From 4.14. Redirect the packet to the endpoint referenced by map at index key. */
static long (*const bpf_redirect_map)(void *map, __u64 key, __u64 flags) = (void *)51;

/* From 4.14. Redirect the packet to the socket referenced by map (of type BPF_MAP_TYPE_SOCKMAP)
 * at index key.
 */
static long (*const bpf_sk_redirect_map)(struct __sk_buff *skb, void *map, __u32 key,
	__u64 flags) = (void *)52;

/* From 4.14. Add an entry to, or update a map referencing sockets. */
static long (*const bpf_sock_map_update)(struct bpf_sock_ops *skops, void *map, void *key,
	__u64 flags) = (void *)53;

/* From 4.15. Adjust the address pointed by xdp_md->data_meta by delta (which can be positive or
 * negative).
 */
static long (*const bpf_xdp_adjust_meta)(struct xdp_md *xdp_md, int delta) = (void *)54;

/* From 4.15. Read the value of a perf event counter, and store it into buf of size buf_size. */
static long (*const bpf_perf_event_read_value)(void *map, __u64 flags,
	struct bpf_perf_event_value *buf, __u32 buf_size) = (void *)55;

/* From 4.15. For an eBPF program attached to a perf event, retrieve the value of the event
 * counter associated to ctx and store it in the structure pointed by buf and of size buf_size.
 */
static long (*const bpf_perf_prog_read_value)(struct bpf_perf_event_data *ctx,
	struct bpf_perf_event_value *buf, __u32 buf_size) = (void *)56;

/* From 4.15. Emulate a call to getsockopt() on the socket associated to bpf_socket, which must
 * be a full socket.
 */
static long (*const bpf_getsockopt)(void *bpf_socket, int level, int optname,
	void *optval, int optlen) = (void *)57;

/* From 4.16. Used for error injection, this helper uses kprobes to override the return value of
 * the probed function, and to set it to rc.
 */
static long (*const bpf_override_return)(struct pt_regs *regs, __u64 rc) = (void *)58;

/* From 4.16. Attempt to set the value of the bpf_sock_ops_cb_flags field for the full TCP socket
 * associated to bpf_sock_ops to argval.
 */
static long (*const bpf_sock_ops_cb_flags_set)(struct bpf_sock_ops *bpf_sock,
	int argval) = (void *)59;

/* From 4.17. This helper is used in programs implementing policies at the socket level. */
static long (*const bpf_msg_redirect_map)(struct sk_msg_md *msg, void *map, __u32 key,
	__u64 flags) = (void *)60;

/* From 4.17. For socket policies, apply the verdict of the eBPF program to the next bytes
 * (number of bytes) of message msg.
 */
static long (*const bpf_msg_apply_bytes)(struct sk_msg_md *msg, __u32 bytes) = (void *)61;

/* From 4.17. For socket policies, prevent the execution of the verdict eBPF program for message
 * msg until bytes (byte number) have been accumulated.
 */
static long (*const bpf_msg_cork_bytes)(struct sk_msg_md *msg, __u32 bytes) = (void *)62;

/* From 4.17. For socket policies, pull in non-linear data from user space for msg and set
 * pointers msg->data and msg->data_end to start and end bytes offsets into msg, respectively.
 */
static long (*const bpf_msg_pull_data)(struct sk_msg_md *msg, __u32 start, __u32 end,
	__u64 flags) = (void *)63;

/* From 4.17. Bind the socket associated to ctx to the address pointed by addr, of length
 * addr_len.
 */
static long (*const bpf_bind)(struct bpf_sock_addr *ctx, struct sockaddr *addr,
	int addr_len) = (void *)64;

/* From 4.18. Adjust (move) xdp_md->data_end by delta bytes. */
static long (*const bpf_xdp_adjust_tail)(struct xdp_md *xdp_md, int delta) = (void *)65;

/* From 4.18. Retrieve the XFRM state (IP transform framework, see also ip-xfrm(8)) at index in
 * XFRM "security path" for skb.
 */
static long (*const bpf_skb_get_xfrm_state)(struct __sk_buff *skb, __u32 index,
	struct bpf_xfrm_state *xfrm_state, __u32 size, __u64 flags) = (void *)66;

/* From 4.18. Return a user or a kernel stack in bpf program provided buffer. */
static long (*const bpf_get_stack)(void *ctx, void *buf, __u32 size, __u64 flags) = (void *)67;

/* From 4.18. This helper is similar to bpf_skb_load_bytes() in that it provides an easy way to
 * load len bytes from offset from the packet associated to skb, into the buffer pointed by to.
 */
static long (*const bpf_skb_load_bytes_relative)(const void *skb, __u32 offset, void *to,
	__u32 len, __u32 start_header) = (void *)68;

/* From 4.18. Do FIB lookup in kernel tables using parameters in params. */
static long (*const bpf_fib_lookup)(void *ctx, struct bpf_fib_lookup *params, int plen,
	__u32 flags) = (void *)69;

/* From 4.18. Add an entry to, or update a sockhash map referencing sockets. */
static long (*const bpf_sock_hash_update)(struct bpf_sock_ops *skops, void *map,
	void *key, __u64 flags) = (void *)70;

/* From 4.18. This helper is used in programs implementing policies at the socket level. */
static long (*const bpf_msg_redirect_hash)(struct sk_msg_md *msg, void *map, void *key,
	__u64 flags) = (void *)71;

/* From 4.18. This helper is used in programs implementing policies at the skb socket level. */
static long (*const bpf_sk_redirect_hash)(struct __sk_buff *skb, void *map, void *key,
	__u64 flags) = (void *)72;

/* From 4.18. Encapsulate the packet associated to skb within a Layer 3 protocol header. */
static long (*const bpf_lwt_push_encap)(struct __sk_buff *skb, __u32 type, void *hdr,
	__u32 len) = (void *)73;

/* From 4.18. Store len bytes from address from into the packet associated to skb, at offset. */
static long (*const bpf_lwt_seg6_store_bytes)(struct __sk_buff *skb, __u32 offset,
	const void *from, __u32 len) = (void *)74;

/* From 4.18. Adjust the size allocated to TLVs in the outermost IPv6 Segment Routing Header
 * contained in the packet associated to skb, at position offset by delta bytes.
 */
static long (*const bpf_lwt_seg6_adjust_srh)(struct __sk_buff *skb, __u32 offset,
	__s32 delta) = (void *)75;

/* From 4.18. Apply an IPv6 Segment Routing action of type action to the packet associated to
 * skb.
 */
static long (*const bpf_lwt_seg6_action)(struct __sk_buff *skb, __u32 action, void *param,
	__u32 param_len) = (void *)76;

/* From 4.18. This helper is used in programs implementing IR decoding, to report a successfully
 * decoded repeat key message.
 */
static long (*const bpf_rc_repeat)(void *ctx) = (void *)77;

/* From 4.18. This helper is used in programs implementing IR decoding, to report a successfully
 * decoded key press with scancode, toggle value in the given protocol.
 */
static long (*const bpf_rc_keydown)(void *ctx, __u32 protocol, __u64 scancode,
	__u32 toggle) = (void *)78;

/* From 4.18. Return the cgroup v2 id of the socket associated with the skb. */
static __u64 (*const bpf_skb_cgroup_id)(struct __sk_buff *skb) = (void *)79;

/* From 4.18. Get the current cgroup id based on the cgroup within which the current task is
 * running.
 */
static __u64 (*const bpf_get_current_cgroup_id)(void) = (void *)80;

/* From 4.19. Get the pointer to the local storage area. */
static void *(*const bpf_get_local_storage)(void *map, __u64 flags) = (void *)81;

/* From 4.19. Select a SO_REUSEPORT socket from a BPF_MAP_TYPE_REUSEPORT_SOCKARRAY map. */
static long (*const bpf_sk_select_reuseport)(struct sk_reuseport_md *reuse, void *map,
	void *key, __u64 flags) = (void *)82;

/* From 4.19. Return id of cgroup v2 that is ancestor of cgroup associated with the skb at the
 * ancestor_level.
 */
static __u64 (*const bpf_skb_ancestor_cgroup_id)(struct __sk_buff *skb,
	int ancestor_level) = (void *)83;

/* From 4.20. Look for TCP socket matching tuple, optionally in a child network namespace netns. */
static struct bpf_sock *(*const bpf_sk_lookup_tcp)(void *ctx,
	struct bpf_sock_tuple *tuple, __u32 tuple_size, __u64 netns, __u64 flags) = (void *)84;

/* From 4.20. Look for UDP socket matching tuple, optionally in a child network namespace netns. */
static struct bpf_sock *(*const bpf_sk_lookup_udp)(void *ctx,
	struct bpf_sock_tuple *tuple, __u32 tuple_size, __u64 netns, __u64 flags) = (void *)85;

/* From 4.20. Release the reference held by sock. sock must be a non-NULL pointer that was
 * returned from bpf_sk_lookup_xxx().
 */
static long (*const bpf_sk_release)(void *sock) = (void *)86;

/* From 4.20. Push an element value in map. */
static long (*const bpf_map_push_elem)(void *map, const void *value, __u64 flags) = (void *)87;

/* From 4.20. Pop an element from map. */
static long (*const bpf_map_pop_elem)(void *map, void *value) = (void *)88;

/* From 4.20. Get an element from map without removing it. */
static long (*const bpf_map_peek_elem)(void *map, void *value) = (void *)89;

/* From 4.20. For socket policies, insert len bytes into msg at offset start. */
static long (*const bpf_msg_push_data)(struct sk_msg_md *msg, __u32 start, __u32 len,
	__u64 flags) = (void *)90;

/* From 5.0. Will remove len bytes from a msg starting at byte start. */
static long (*const bpf_msg_pop_data)(struct sk_msg_md *msg, __u32 start, __u32 len,
	__u64 flags) = (void *)91;

/* From 5.0. This helper is used in programs implementing IR decoding, to report a successfully
 * decoded pointer movement.
 */
static long (*const bpf_rc_pointer_rel)(void *ctx, __s32 rel_x, __s32 rel_y) = (void *)92;

/* From 5.1. Acquire a spinlock represented by the pointer lock, which is stored as part of a
 * value of a map.
 */
static long (*const bpf_spin_lock)(struct bpf_spin_lock *lock) = (void *)93;

/* From 5.1. Release the lock previously locked by a call to bpf_spin_lock(lock). */
static long (*const bpf_spin_unlock)(struct bpf_spin_lock *lock) = (void *)94;

/* From 5.1. This helper gets a struct bpf_sock pointer such that all the fields in this bpf_sock
 * can be accessed.
 */
static struct bpf_sock *(*const bpf_sk_fullsock)(struct bpf_sock *sk) = (void *)95;

/* From 5.1. This helper gets a struct bpf_tcp_sock pointer from a struct bpf_sock pointer. */
static struct bpf_tcp_sock *(*const bpf_tcp_sock)(struct bpf_sock *sk) = (void *)96;

/* From 5.1. Set ECN (Explicit Congestion Notification) field of IP header to CE (Congestion
 * Encountered) if current value is ECT (ECN Capable Transport).
 */
static long (*const bpf_skb_ecn_set_ce)(struct __sk_buff *skb) = (void *)97;

/* From 5.1. Return a struct bpf_sock pointer in TCP_LISTEN state. bpf_sk_release() is
 * unnecessary and not allowed.
 */
static struct bpf_sock *(*const bpf_get_listener_sock)(struct bpf_sock *sk) = (void *)98;

/* From 5.2. Look for TCP socket matching tuple, optionally in a child network namespace netns. */
static struct bpf_sock *(*const bpf_skc_lookup_tcp)(void *ctx,
	struct bpf_sock_tuple *tuple, __u32 tuple_size, __u64 netns, __u64 flags) = (void *)99;

/* From 5.2. Check whether iph and th contain a valid SYN cookie ACK for the listening socket in
 * sk.
 */
static long (*const bpf_tcp_check_syncookie)(void *sk, void *iph, __u32 iph_len,
	struct tcphdr *th, __u32 th_len) = (void *)100;

/* From 5.2. Get name of sysctl in /proc/sys/ and copy it into provided by program buffer buf of
 * size buf_len.
 */
static long (*const bpf_sysctl_get_name)(struct bpf_sysctl *ctx, char *buf,
	unsigned long buf_len, __u64 flags) = (void *)101;

/* From 5.2. Get current value of sysctl as it is presented in /proc/sys (incl. newline, etc),
 * and copy it as a string into provided by program buffer buf of size buf_len.
 */
static long (*const bpf_sysctl_get_current_value)(struct bpf_sysctl *ctx, char *buf,
	unsigned long buf_len) = (void *)102;

/* From 5.2. Get new value being written by user space to sysctl (before the actual write
 * happens) and copy it as a string into provided by program buffer buf of size buf_len.
 */
static long (*const bpf_sysctl_get_new_value)(struct bpf_sysctl *ctx, char *buf,
	unsigned long buf_len) = (void *)103;

/* From 5.2. Override new value being written by user space to sysctl with value provided by
 * program in buffer buf of size buf_len.
 */
static long (*const bpf_sysctl_set_new_value)(struct bpf_sysctl *ctx, const char *buf,
	unsigned long buf_len) = (void *)104;

/* From 5.2. Convert the initial part of the string from buffer buf of size buf_len to a long
 * integer according to the given base and save the result in res.
 */
static long (*const bpf_strtol)(const char *buf, unsigned long buf_len, __u64 flags,
	long *res) = (void *)105;

/* From 5.2. Convert the initial part of the string from buffer buf of size buf_len to an
 * unsigned long integer according to the given base and save the result in res.
 */
static long (*const bpf_strtoul)(const char *buf, unsigned long buf_len, __u64 flags,
	unsigned long *res) = (void *)106;

/* From 5.2. Get a bpf-local-storage from a sk. */
static void *(*const bpf_sk_storage_get)(void *map, void *sk, void *value,
	__u64 flags) = (void *)107;

/* From 5.2. Delete a bpf-local-storage from a sk. */
static long (*const bpf_sk_storage_delete)(void *map, void *sk) = (void *)108;

/* From 5.3. Send signal sig to the process of the current task. */
static long (*const bpf_send_signal)(__u32 sig) = (void *)109;

/* From 5.3. Try to issue a SYN cookie for the packet with corresponding IP/TCP headers, iph and
 * th, on the listening socket in sk.
 */
static __s64 (*const bpf_tcp_gen_syncookie)(void *sk, void *iph, __u32 iph_len,
	struct tcphdr *th, __u32 th_len) = (void *)110;

/* From 5.5. Write raw data blob into a special BPF perf event held by map of type
 * BPF_MAP_TYPE_PERF_EVENT_ARRAY.
 */
static long (*const bpf_skb_output)(void *ctx, void *map, __u64 flags, void *data,
	__u64 size) = (void *)111;

/* From 5.5. Safely attempt to read size bytes from user space address unsafe_ptr and store the
 * data in dst.
 */
static long (*const bpf_probe_read_user)(void *dst, __u32 size,
	const void *unsafe_ptr) = (void *)112;

/* From 5.5. Safely attempt to read size bytes from kernel space address unsafe_ptr and store the
 * data in dst.
 */
static long (*const bpf_probe_read_kernel)(void *dst, __u32 size,
	const void *unsafe_ptr) = (void *)113;

/* From 5.5. Copy a NUL terminated string from an unsafe user address unsafe_ptr to dst. */
static long (*const bpf_probe_read_user_str)(void *dst, __u32 size,
	const void *unsafe_ptr) = (void *)114;

/* From 5.5. Copy a NUL terminated string from an unsafe kernel address unsafe_ptr to dst. */
static long (*const bpf_probe_read_kernel_str)(void *dst, __u32 size,
	const void *unsafe_ptr) = (void *)115;

/* From 5.6. Send out a tcp-ack. tp is the in-kernel struct tcp_sock. rcv_nxt is the ack_seq to
 * be sent out.
 */
static long (*const bpf_tcp_send_ack)(void *tp, __u32 rcv_nxt) = (void *)116;

/* From 5.6. Send signal sig to the thread corresponding to the current task. */
static long (*const bpf_send_signal_thread)(__u32 sig) = (void *)117;

/* From 5.6. Obtain the 64bit jiffies. */
static __u64 (*const bpf_jiffies64)(void) = (void *)118;

/* From 5.7. For an eBPF program attached to a perf event, retrieve the branch records (struct
 * perf_branch_entry) associated to ctx and store it in the buffer pointed by buf up to size size
 * bytes.
 */
static long (*const bpf_read_branch_records)(struct bpf_perf_event_data *ctx, void *buf,
	__u32 size, __u64 flags) = (void *)119;

/* From 5.7. Returns 0 on success, values for pid and tgid as seen from the current namespace
 * will be returned in nsdata.
 */
static long (*const bpf_get_ns_current_pid_tgid)(__u64 dev, __u64 ino,
	struct bpf_pidns_info *nsdata, __u32 size) = (void *)120;

/* From 5.7. Write raw data blob into a special BPF perf event held by map of type
 * BPF_MAP_TYPE_PERF_EVENT_ARRAY.
 */
static long (*const bpf_xdp_output)(void *ctx, void *map, __u64 flags, void *data,
	__u64 size) = (void *)121;

/* From 5.7. Retrieve the cookie (generated by the kernel) of the network namespace the input ctx
 * is associated with.
 */
static __u64 (*const bpf_get_netns_cookie)(void *ctx) = (void *)122;

/* From 5.7. Return id of cgroup v2 that is ancestor of the cgroup associated with the current
 * task at the ancestor_level.
 */
static __u64 (*const bpf_get_current_ancestor_cgroup_id)(int ancestor_level) = (void *)123;

/* From 5.7. Helper is overloaded depending on BPF program type. */
static long (*const bpf_sk_assign)(void *ctx, struct bpf_sock *sk, __u64 flags) = (void *)124;

/* From 5.8. Return the time elapsed since system boot, in nanoseconds. */
static __u64 (*const bpf_ktime_get_boot_ns)(void) = (void *)125;

/* From 5.8. bpf_seq_printf() uses seq_file seq_printf() to print out the format string. */
static long (*const bpf_seq_printf)(struct seq_file *m, const char *fmt, __u32 fmt_size,
	const void *data, __u32 data_len) = (void *)126;

/* From 5.8. bpf_seq_write() uses seq_file seq_write() to write the data. */
static long (*const bpf_seq_write)(struct seq_file *m, const void *data, __u32 len) = (void *)127;

/* From 5.8. Return the cgroup v2 id of the socket sk. */
static __u64 (*const bpf_sk_cgroup_id)(void *sk) = (void *)128;

/* From 5.8. Return id of cgroup v2 that is ancestor of cgroup associated with the sk at the
 * ancestor_level.
 */
static __u64 (*const bpf_sk_ancestor_cgroup_id)(void *sk, int ancestor_level) = (void *)129;

/* From 5.8. Copy size bytes from data into a ring buffer ringbuf. */
static long (*const bpf_ringbuf_output)(void *ringbuf, void *data, __u64 size,
	__u64 flags) = (void *)130;

/* From 5.8. Reserve size bytes of payload in a ring buffer ringbuf. flags must be 0. */
static void *(*const bpf_ringbuf_reserve)(void *ringbuf, __u64 size, __u64 flags) = (void *)131;

/* From 5.8. Submit reserved ring buffer sample, pointed to by data. */
static void (*const bpf_ringbuf_submit)(void *data, __u64 flags) = (void *)132;

/* From 5.8. Discard reserved ring buffer sample, pointed to by data. */
static void (*const bpf_ringbuf_discard)(void *data, __u64 flags) = (void *)133;

/* From 5.8. Query various characteristics of provided ring buffer. */
static __u64 (*const bpf_ringbuf_query)(void *ringbuf, __u64 flags) = (void *)134;

/* From 5.8. Change the skbs checksum level by one layer up or down, or reset it entirely to none
 * in order to have the stack perform checksum validation.
 */
static long (*const bpf_csum_level)(struct __sk_buff *skb, __u64 level) = (void *)135;

/* From 5.9. Dynamically cast a sk pointer to a tcp6_sock pointer. */
static struct tcp6_sock *(*const bpf_skc_to_tcp6_sock)(void *sk) = (void *)136;

/* From 5.9. Dynamically cast a sk pointer to a tcp_sock pointer. */
static struct tcp_sock *(*const bpf_skc_to_tcp_sock)(void *sk) = (void *)137;

/* From 5.9. Dynamically cast a sk pointer to a tcp_timewait_sock pointer. */
static struct tcp_timewait_sock *(*const bpf_skc_to_tcp_timewait_sock)(void *sk) = (void *)138;

/* From 5.9. Dynamically cast a sk pointer to a tcp_request_sock pointer. */
static struct tcp_request_sock *(*const bpf_skc_to_tcp_request_sock)(void *sk) = (void *)139;

/* From 5.9. Dynamically cast a sk pointer to a udp6_sock pointer. */
static struct udp6_sock *(*const bpf_skc_to_udp6_sock)(void *sk) = (void *)140;

/* From 5.9. Return a user or a kernel stack in bpf program provided buffer. */
static long (*const bpf_get_task_stack)(struct task_struct *task, void *buf, __u32 size,
	__u64 flags) = (void *)141;

/* From 5.10. Load header option. */
static long (*const bpf_load_hdr_opt)(struct bpf_sock_ops *skops, void *searchby_res,
	__u32 len, __u64 flags) = (void *)142;

/* From 5.10. Store header option. */
static long (*const bpf_store_hdr_opt)(struct bpf_sock_ops *skops, const void *from,
	__u32 len, __u64 flags) = (void *)143;

/* From 5.10. Reserve len bytes for the bpf header option. */
static long (*const bpf_reserve_hdr_opt)(struct bpf_sock_ops *skops, __u32 len,
	__u64 flags) = (void *)144;

/* From 5.10. Get a bpf_local_storage from an inode. */
static void *(*const bpf_inode_storage_get)(void *map, void *inode, void *value,
	__u64 flags) = (void *)145;

/* From 5.10. Delete a bpf_local_storage from an inode. */
static int (*const bpf_inode_storage_delete)(void *map, void *inode) = (void *)146;

/* From 5.10. Return full path for given struct path object, which needs to be the kernel BTF
 * path object.
 */
static long (*const bpf_d_path)(const struct path *path, char *buf, __u32 sz) = (void *)147;

/* From 5.10. Read size bytes from user space address user_ptr and store the data in dst. */
static long (*const bpf_copy_from_user)(void *dst, __u32 size,
	const void *user_ptr) = (void *)148;

/* From 5.10. Use BTF to store a string representation of ptr->ptr in str, using ptr->type_id. */
static long (*const bpf_snprintf_btf)(char *str, __u32 str_size, struct btf_ptr *ptr,
	__u32 btf_ptr_size, __u64 flags) = (void *)149;

/* From 5.10. Use BTF to write to seq_write a string representation of ptr->ptr, using
 * ptr->type_id as per bpf_snprintf_btf(). flags are identical to those used for
 * bpf_snprintf_btf.
 */
static long (*const bpf_seq_printf_btf)(struct seq_file *m, struct btf_ptr *ptr,
	__u32 ptr_size, __u64 flags) = (void *)150;

/* From 5.10. See bpf_get_cgroup_classid() for the main description. */
static __u64 (*const bpf_skb_cgroup_classid)(struct __sk_buff *skb) = (void *)151;

/* From 5.10. Redirect the packet to another net device of index ifindex and fill in L2 addresses
 * from neighboring subsystem.
 */
static long (*const bpf_redirect_neigh)(__u32 ifindex, struct bpf_redir_neigh *params,
	int plen, __u64 flags) = (void *)152;

/* From 5.10. */
static void *(*const bpf_per_cpu_ptr)(const void *percpu_ptr, __u32 cpu) = (void *)153;

/* From 5.10. Take a pointer to a percpu ksym, percpu_ptr, and return a pointer to the percpu
 * kernel variable on this cpu.
 */
static void *(*const bpf_this_cpu_ptr)(const void *percpu_ptr) = (void *)154;

/* From 5.10. Redirect the packet to another net device of index ifindex. */
static long (*const bpf_redirect_peer)(__u32 ifindex, __u64 flags) = (void *)155;

/* From 5.11. Get a bpf_local_storage from the task. */
static void *(*const bpf_task_storage_get)(void *map, struct task_struct *task,
	void *value, __u64 flags) = (void *)156;

/* From 5.11. Delete a bpf_local_storage from a task. */
static long (*const bpf_task_storage_delete)(void *map, struct task_struct *task) = (void *)157;

/* From 5.11. Return a BTF pointer to the "current" task. */
static struct task_struct *(*const bpf_get_current_task_btf)(void) = (void *)158;

/* From 5.11. Set or clear certain options on bprm. */
static long (*const bpf_bprm_opts_set)(struct linux_binprm *bprm, __u64 flags) = (void *)159;

/* From 5.11. Return a coarse-grained version of the time elapsed since system boot, in
 * nanoseconds.
 */
static __u64 (*const bpf_ktime_get_coarse_ns)(void) = (void *)160;

/* From 5.11. Returns the stored IMA hash of the inode (if it's available). */
static long (*const bpf_ima_inode_hash)(struct inode *inode, void *dst, __u32 size) = (void *)161;

/* From 5.11. If the given file represents a socket, returns the associated socket. */
static struct socket *(*const bpf_sock_from_file)(struct file *file) = (void *)162;

/* From 5.12. Check packet size against exceeding MTU of net device (based on ifindex). */
static long (*const bpf_check_mtu)(void *ctx, __u32 ifindex, __u32 *mtu_len,
	__s32 len_diff, __u64 flags) = (void *)163;

/* From 5.13. For each element in map, call callback_fn function with map, callback_ctx and other
 * map-specific parameters.
 */
static long (*const bpf_for_each_map_elem)(void *map, void *callback_fn,
	void *callback_ctx, __u64 flags) = (void *)164;

/* From 5.13. Outputs a string into the str buffer of size str_size based on a format string
 * stored in a read-only map pointed by fmt.
 */
static long (*const bpf_snprintf)(char *str, __u32 str_size, const char *fmt, __u64 *data,
	__u32 data_len) = (void *)165;

/* From 5.14. Execute bpf syscall with given arguments. */
static long (*const bpf_sys_bpf)(__u32 cmd, void *attr, __u32 attr_size) = (void *)166;

/* From 5.14. Find BTF type with given name and kind in vmlinux BTF or in module's BTFs. */
static long (*const bpf_btf_find_by_name_kind)(char *name, int name_sz, __u32 kind,
	int flags) = (void *)167;

/* From 5.14. Execute close syscall for given FD. */
static long (*const bpf_sys_close)(__u32 fd) = (void *)168;

/* From 5.15. Initialize the timer. */
static long (*const bpf_timer_init)(struct bpf_timer *timer, void *map,
	__u64 flags) = (void *)169;

/* From 5.15. Configure the timer to call callback_fn static function. */
static long (*const bpf_timer_set_callback)(struct bpf_timer *timer,
	void *callback_fn) = (void *)170;

/* From 5.15. Set timer expiration N nanoseconds from the current time. */
static long (*const bpf_timer_start)(struct bpf_timer *timer, __u64 nsecs,
	__u64 flags) = (void *)171;

/* From 5.15. Cancel the timer and wait for callback_fn to finish if it was running. */
static long (*const bpf_timer_cancel)(struct bpf_timer *timer) = (void *)172;

/* From 5.15. Get address of the traced function (for tracing and kprobe programs). */
static __u64 (*const bpf_get_func_ip)(void *ctx) = (void *)173;

/* From 5.15. Get bpf_cookie value provided (optionally) during the program attachment. */
static __u64 (*const bpf_get_attach_cookie)(void *ctx) = (void *)174;

/* From 5.15. Get the struct pt_regs associated with task. */
static long (*const bpf_task_pt_regs)(struct task_struct *task) = (void *)175;

/* From 5.16. Get branch trace from hardware engines like Intel LBR. */
static long (*const bpf_get_branch_snapshot)(void *entries, __u32 size,
	__u64 flags) = (void *)176;

/* From 5.16. Behaves like bpf_trace_printk() helper, but takes an array of u64 to format and can
 * handle more format args as a result.
 */
static long (*const bpf_trace_vprintk)(const char *fmt, __u32 fmt_size, const void *data,
	__u32 data_len) = (void *)177;

/* From 5.16. Dynamically cast a sk pointer to a unix_sock pointer. */
static struct unix_sock *(*const bpf_skc_to_unix_sock)(void *sk) = (void *)178;

/* From 5.16. Get the address of a kernel symbol, returned in res. res is set to 0 if the symbol
 * is not found.
 */
static long (*const bpf_kallsyms_lookup_name)(const char *name, int name_sz, int flags,
	__u64 *res) = (void *)179;

/* From 5.17. Find vma of task that contains addr, call callback_fn function with task, vma, and
 * callback_ctx.
 */
static long (*const bpf_find_vma)(struct task_struct *task, __u64 addr, void *callback_fn,
	void *callback_ctx, __u64 flags) = (void *)180;

/* From 5.17. For nr_loops, call callback_fn function with callback_ctx as the context parameter. */
static long (*const bpf_loop)(__u32 nr_loops, void *callback_fn, void *callback_ctx,
	__u64 flags) = (void *)181;

/* From 5.17. Do strncmp() between s1 and s2. s1 doesn't need to be null-terminated and s1_sz is
 * the maximum storage size of s1. s2 must be a read-only string.
 */
static long (*const bpf_strncmp)(const char *s1, __u32 s1_sz, const char *s2) = (void *)182;

/* From 5.17. Get n-th argument register (zero based) of the traced function (for tracing
 * programs) returned in value.
 */
static long (*const bpf_get_func_arg)(void *ctx, __u32 n, __u64 *value) = (void *)183;

/* From 5.17. Get return value of the traced function (for tracing programs) in value. */
static long (*const bpf_get_func_ret)(void *ctx, __u64 *value) = (void *)184;

/* From 5.17. Get number of registers of the traced function (for tracing programs) where
 * function arguments are stored in these registers.
 */
static long (*const bpf_get_func_arg_cnt)(void *ctx) = (void *)185;

/* From 5.18. Get the BPF program's return value that will be returned to the upper layers. */
static int (*const bpf_get_retval)(void) = (void *)186;

/* From 5.18. Set the BPF program's return value that will be returned to the upper layers. */
static int (*const bpf_set_retval)(int retval) = (void *)187;

/* From 5.18. Get the total size of a given xdp buff (linear and paged area). */
static __u64 (*const bpf_xdp_get_buff_len)(struct xdp_md *xdp_md) = (void *)188;

/* From 5.18. This helper is provided as an easy way to load data from a xdp buffer. */
static long (*const bpf_xdp_load_bytes)(struct xdp_md *xdp_md, __u32 offset, void *buf,
	__u32 len) = (void *)189;

/* From 5.18. Store len bytes from buffer buf into the frame associated to xdp_md, at offset. */
static long (*const bpf_xdp_store_bytes)(struct xdp_md *xdp_md, __u32 offset, void *buf,
	__u32 len) = (void *)190;

/* From 5.18. Read size bytes from user space address user_ptr in tsk's address space, and stores
 * the data in dst. flags is not used yet and is provided for future extensibility.
 */
static long (*const bpf_copy_from_user_task)(void *dst, __u32 size, const void *user_ptr,
	struct task_struct *tsk, __u64 flags) = (void *)191;

/* From 5.18. Change the __sk_buff->tstamp_type to tstamp_type and set tstamp to the
 * __sk_buff->tstamp together.
 */
static long (*const bpf_skb_set_tstamp)(struct __sk_buff *skb, __u64 tstamp,
	__u32 tstamp_type) = (void *)192;

/* From 5.18. Returns a calculated IMA hash of the file. */
static long (*const bpf_ima_file_hash)(struct file *file, void *dst, __u32 size) = (void *)193;

/* From 5.19. Exchange kptr at pointer dst with ptr, and return the old value. dst can be map
 * value or local kptr. ptr can be NULL, otherwise it must be a referenced pointer which will be
 * released when this helper is called.
 */
static void *(*const bpf_kptr_xchg)(void *dst, void *ptr) = (void *)194;

/* From 5.19. Perform a lookup in percpu map for an entry associated to key on cpu. */
static void *(*const bpf_map_lookup_percpu_elem)(void *map, const void *key,
	__u32 cpu) = (void *)195;

/* From 5.19. Dynamically cast a sk pointer to a mptcp_sock pointer. */
static struct mptcp_sock *(*const bpf_skc_to_mptcp_sock)(void *sk) = (void *)196;

/* From 5.19. Get a dynptr to local memory data. */
static long (*const bpf_dynptr_from_mem)(void *data, __u64 size, __u64 flags,
	struct bpf_dynptr *ptr) = (void *)197;

/* From 5.19. Reserve size bytes of payload in a ring buffer ringbuf through the dynptr
 * interface. flags must be 0.
 */
static long (*const bpf_ringbuf_reserve_dynptr)(void *ringbuf, __u32 size, __u64 flags,
	struct bpf_dynptr *ptr) = (void *)198;

/* From 5.19. Submit reserved ring buffer sample, pointed to by data, through the dynptr
 * interface.
 */
static void (*const bpf_ringbuf_submit_dynptr)(struct bpf_dynptr *ptr, __u64 flags) = (void *)199;

/* From 5.19. Discard reserved ring buffer sample through the dynptr interface. */
static void (*const bpf_ringbuf_discard_dynptr)(struct bpf_dynptr *ptr,
	__u64 flags) = (void *)200;

/* From 5.19. Read len bytes from src into dst, starting from offset into src. flags is currently
 * unused.
 */
static long (*const bpf_dynptr_read)(void *dst, __u64 len, const struct bpf_dynptr *src,
	__u64 offset, __u64 flags) = (void *)201;

/* From 5.19. Write len bytes from src into dst, starting from offset into dst. */
static long (*const bpf_dynptr_write)(const struct bpf_dynptr *dst, __u64 offset,
	void *src, __u64 len, __u64 flags) = (void *)202;

/* From 5.19. Get a pointer to the underlying dynptr data. */
static void *(*const bpf_dynptr_data)(const struct bpf_dynptr *ptr, __u64 offset,
	__u64 len) = (void *)203;

/* From 6.0. Try to issue a SYN cookie for the packet with corresponding IPv4/TCP headers, iph
 * and th, without depending on a listening socket.
 */
static __s64 (*const bpf_tcp_raw_gen_syncookie_ipv4)(struct iphdr *iph, struct tcphdr *th,
	__u32 th_len) = (void *)204;

/* From 6.0. Try to issue a SYN cookie for the packet with corresponding IPv6/TCP headers, iph
 * and th, without depending on a listening socket.
 */
static __s64 (*const bpf_tcp_raw_gen_syncookie_ipv6)(struct ipv6hdr *iph,
	struct tcphdr *th, __u32 th_len) = (void *)205;

/* From 6.0. Check whether iph and th contain a valid SYN cookie ACK without depending on a
 * listening socket.
 */
static long (*const bpf_tcp_raw_check_syncookie_ipv4)(struct iphdr *iph,
	struct tcphdr *th) = (void *)206;

/* From 6.0. Check whether iph and th contain a valid SYN cookie ACK without depending on a
 * listening socket.
 */
static long (*const bpf_tcp_raw_check_syncookie_ipv6)(struct ipv6hdr *iph,
	struct tcphdr *th) = (void *)207;

/* From 6.1. A nonsettable system-wide clock derived from wall-clock time but ignoring leap
 * seconds.
 */
static __u64 (*const bpf_ktime_get_tai_ns)(void) = (void *)208;

/* From 6.1. Drain samples from the specified user ring buffer, and invoke the provided callback
 * for each such sample.
 */
static long (*const bpf_user_ringbuf_drain)(void *map, void *callback_fn, void *ctx,
	__u64 flags) = (void *)209;

/* From 6.2. Get a bpf_local_storage from the cgroup. */
static void *(*const bpf_cgrp_storage_get)(void *map, struct cgroup *cgroup, void *value,
	__u64 flags) = (void *)210;

/* From 6.2. Delete a bpf_local_storage from a cgroup. */
static long (*const bpf_cgrp_storage_delete)(void *map, struct cgroup *cgroup) = (void *)211;

#endif
