// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What the headers offer, used once each, to be compiled for every machine, by each clang, alone or
 * beside other headers. It is not run: tests/fixtures/bpf_*.bpf.c are.
 */
#ifdef BEFORE
#include BEFORE
#endif
#include <skep/bpf/skep.h>
#include <skep/bpf/usdt.h>
#ifdef AFTER
#include AFTER
#endif

char LICENSE[] SEC("license") = "GPL";

__u64 sum;

struct pair {
	int a;
	long b;
};

SKEP_MAP(counts, HASH, __u32, struct pair, 10, __uint(map_flags, BPF_F_NO_PREALLOC));
SKEP_MAP(of_tasks, TASK_STORAGE, int, __u64, 0, __uint(map_flags, BPF_F_NO_PREALLOC));
SKEP_RINGBUF(ring, 4096);

SEC("kprobe/x")
int BPF_KPROBE(probed, int a, char *b, long c, short d, __u64 e, void *f, int g, bool h)
{
	sum += a + (long)b + c + d + e + (long)f + g + h;
	return 0;
}

SEC("kretprobe/x")
int BPF_KRETPROBE(returned, int result)
{
	sum += result;
	return 0;
}

SEC("uprobe")
int BPF_UPROBE(probed_user, int a, char *b, long c, short d, __u64 e, void *f, int g, int h)
{
	sum += a + (long)b + c + d + e + (long)f + g + h;
	return 0;
}

SEC("uretprobe")
int BPF_URETPROBE(returned_user)
{
	return 0;
}

SEC("ksyscall/x")
int BPF_KSYSCALL(called, int a, const char *b, int c, unsigned long d, int e, int f)
{
	sum += a + (long)b + c + d + e + f;
	return 0;
}

SEC("usdt")
int BPF_USDT(marked, int a, char *b)
{
	sum += a + (long)b;
	return 0;
}

SEC("kprobe/x")
int registers(struct pt_regs *ctx)
{
	__u64 ip;

	BPF_KPROBE_READ_RET_IP(ip, ctx);
	sum += ip + PT_REGS_FP(ctx) + PT_REGS_SP(ctx) + PT_REGS_PARM1_SYSCALL(ctx);
	BPF_KRETPROBE_READ_RET_IP(ip, ctx);
	sum += ip + PT_REGS_RC_CORE(ctx) + PT_REGS_IP_CORE(ctx) + PT_REGS_PARM6_SYSCALL(ctx);
	sum += PT_REGS_PARM8(ctx) + PT_REGS_PARM8_CORE(ctx) + PT_REGS_PARM1_CORE_SYSCALL(ctx);
	return 0;
}

SEC("perf_event")
int sampled(struct bpf_perf_event_data *ctx)
{
	sum += PT_REGS_IP(&ctx->regs) + ctx->sample_period;
	return 0;
}

SEC("fentry/x")
int BPF_PROG(twelve, int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k,
	     int l)
{
	sum += a + b + c + d + e + f + g + h + i + j + k + l;
	return 0;
}

SEC("fentry/x")
int BPF_PROG2(by_value, struct pair, a, int, b, char, c)
{
	sum += a.a + a.b + b + c;
	return 0;
}

static long add(void *map, __u32 *key, struct pair *value, __u64 *total)
{
	(void)map;
	*total += *key + value->a;
	return 0;
}

static long count(__u32 i, __u64 *total)
{
	*total += i;
	return 0;
}

SEC("raw_tp/sys_enter")
int loops(void *ctx)
{
	__u64 total = 0;
	int i;

	(void)ctx;
	bpf_for(i, 0, 10) total += i;
	bpf_repeat(3) total++;
	skep_loop(10, count, &total);
	skep_map_for_each(&counts, add, &total, 0);
	for (i = 0; can_loop; i++)
		total += i;
	while (total) {
		total &= total - 1;
		cond_break;
	}
	sum += total + skep_log2(total);
	return 0;
}

SEC("raw_tp/sys_enter")
int maps(void *ctx)
{
	struct pair one = { 1, 1 }, *value;
	const __u64 first = 1;
	__u32 key = 1;
	__u64 *own;

	(void)ctx;
	value = skep_map_lookup_or_init(&counts, &key, &one);
	if (value)
		value->a++;
	skep_map_update(&counts, &key, &one, BPF_ANY);
	skep_map_delete(&counts, &key);
	own = skep_task_storage(&of_tasks, bpf_get_current_task_btf(), NULL,
				BPF_LOCAL_STORAGE_GET_F_CREATE);
	skep_task_storage(&of_tasks, bpf_get_current_task_btf(), &first, 0);
	if (own)
		++*own;
	return 0;
}

SEC("raw_tp/sys_enter")
int prints(void *ctx)
{
	static char text[32];

	bpf_printk("nothing");
	bpf_printk("%d %s %llx", 1, text, sum);
	bpf_printk("%d %d %d %p", 1, 2, 3, ctx);
	BPF_SNPRINTF(text, sizeof(text), "%d %s", 1, "one");
	BPF_SNPRINTF(text, sizeof(text), "none");
	bpf_stream_printk(SKEP_STDERR, "%d\n", 1);
	return 0;
}

SEC("xdp")
int packets(struct xdp_md *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct skep_packet outer, inner;
	struct skep_tunnel tunnel;

	if (skep_parse(&c, &outer) == SKEP_PARSED)
		sum += skep_tcp_option(&c, &outer, SKEP_TCP_MSS, 4) ? 1 : 0;
	if (skep_enter_tunnel(&c, &outer, &tunnel) == SKEP_PARSED)
		sum += skep_parse_inner(&c, &tunnel, &inner);
	bpf_tail_call_static(ctx, &counts, 3);
	return XDP_PASS;
}

SEC("socket")
int copied(struct __sk_buff *skb)
{
	struct skep_cursor c = SKEP_CURSOR_OF_SKB(skb);
	struct skep_packet p;
	__u8 mss[4];

	skep_parse_ip(&c, bpf_ntohs(skb->protocol), &p);
	sum += skep_view_tcp_option(&c, &p, SKEP_TCP_MSS, mss, sizeof(mss)) ? mss[2] : 0;
	return p.dst_port;
}

SEC("xdp.frags")
int in_pieces(struct xdp_md *ctx)
{
	struct skep_cursor c = SKEP_CURSOR_OF_XDP(ctx);
	struct skep_packet p;

	return skep_parse(&c, &p) == SKEP_PARSED ? XDP_PASS : XDP_DROP;
}

/* The structs that modules take are not in a vmlinux.h. */
#ifndef __VMLINUX_H__
SEC("tc")
int tracked(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = { .ipv4 = { .dport = bpf_htons(80) } };
	struct bpf_ct_opts opts = { .netns_id = BPF_F_CURRENT_NETNS, .l4proto = SKEP_TCP };
	struct nf_conn *connection;

	connection = bpf_skb_ct_lookup(skb, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));
	if (!connection)
		return TC_ACT_OK;
	bpf_ct_release(connection);
	return TC_ACT_SHOT;
}
#endif

struct skep_compiled {
	int exists;
	unsigned int bits : 3;
	struct skep_compiled *next;
	char name[8];
} __core;

SEC("raw_tp/sys_enter")
int core(struct bpf_raw_tracepoint_args *ctx)
{
	struct skep_compiled *s = (void *)ctx->args[0];
	char name[8];

	if (bpf_core_field_exists(struct skep_compiled, next) && bpf_core_field_exists(s->exists))
		sum += BPF_CORE_READ(s, next, next, next, next, next, next, next, next, exists);
	BPF_CORE_READ_STR_INTO(&name, s, next, name);
	sum += BPF_CORE_READ_USER(s, next, exists) + BPF_PROBE_READ(s, next, exists);
	sum += BPF_PROBE_READ_USER(s, next, exists) + BPF_CORE_READ_BITFIELD_PROBED(s, bits);
	sum += bpf_core_cast(s, struct skep_compiled)->exists + name[0];
	return 0;
}
