/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/cursor.h - walking through a packet so that the verifier sees each access inside it.
 *
 *	struct skep_cursor c = SKEP_CURSOR(ctx);	xdp, tc, cgroup_skb, lwt, sk_skb, sk_msg ...
 *	struct skep_eth *eth = skep_take(&c, struct skep_eth);
 *	if (!eth)
 *		return XDP_PASS;			too short
 *
 * What is taken lies in the packet itself, and can be written where the program type allows it.
 * Pointers end with what moves the packet (bpf_xdp_adjust_head(), bpf_skb_store_bytes(), ...): make
 * a new cursor. Of a packet that is not in one piece, only the first is seen: bpf_skb_pull_data().
 *
 * Socket filters cannot look at the packet, but may have parts of it copied. So may others, to see
 * all of a packet that is in several pieces:
 *
 *	struct skep_cursor c = SKEP_CURSOR_OF_SKB(skb);		bpf_skb_load_bytes()
 *	struct skep_cursor c = SKEP_CURSOR_OF_XDP(ctx);		bpf_xdp_load_bytes(), 5.18
 *	struct skep_udp copy, *udp = skep_view(&c, &copy);
 *
 * skep_parse() and all else that reads packets take such a cursor as well; skep_take() has nothing
 * to point to and gives NULL.
 */
#ifndef SKEP_BPF_CURSOR_H
#define SKEP_BPF_CURSOR_H

#include <skep/bpf/helpers.h>

/* Of a cursor that copies, the first three are offsets. */
struct skep_cursor {
	void *begin, *at, *end;
	void *skb, *xdp; /* where it copies from */
};

#define SKEP_CURSOR(ctx)                                       \
	{                                                      \
		.begin = (void *)(unsigned long)(ctx)->data,   \
		.at = (void *)(unsigned long)(ctx)->data,      \
		.end = (void *)(unsigned long)(ctx)->data_end, \
	}
#define SKEP_CURSOR_OF_SKB(context)                                             \
	{                                                                       \
		.end = (void *)(unsigned long)(context)->len, .skb = (context), \
	}
#define SKEP_CURSOR_OF_XDP(context)                                             \
	{                                                                       \
		.end = (void *)bpf_xdp_get_buff_len(context), .xdp = (context), \
	}

#define SKEP_PACKET_FN static __always_inline __attribute__((unused))

SKEP_PACKET_FN bool skep_copies(const struct skep_cursor *c)
{
	return c->skb || c->xdp;
}

SKEP_PACKET_FN void *skep_copy_bytes(const struct skep_cursor *c, void *copy, __u64 len)
{
	__u64 from = (unsigned long)c->at;

	if (!copy || from + len > (unsigned long)c->end)
		return NULL;
	if (c->skb ? bpf_skb_load_bytes(c->skb, from, copy, len) :
		     bpf_xdp_load_bytes(c->xdp, from, copy, len))
		return NULL;
	return copy;
}

/*
 * The next @len bytes, a constant: where they are in the packet or, copied, in @copy; NULL if there
 * are fewer. The cursor stays.
 */
SKEP_PACKET_FN void *skep_peek_bytes(const struct skep_cursor *c, void *copy, __u64 len)
{
	if (skep_copies(c))
		return skep_copy_bytes(c, copy, len);
	return c->at + len > c->end ? NULL : c->at;
}

/*
 * The same, and the cursor goes behind them; on NULL it stays. Nothing asks whether a pointer is
 * NULL that is known to be none: the verifier does not know it.
 */
SKEP_PACKET_FN void *skep_view_bytes(struct skep_cursor *c, void *copy, __u64 len)
{
	void *from = c->at;

	if (skep_copies(c)) {
		if (!skep_copy_bytes(c, copy, len))
			return NULL;
		c->at = from + len;
		return copy;
	}
	if (from + len > c->end)
		return NULL;
	c->at = from + len;
	return from;
}

/* @copy is the address of a variable, whose type and size count. */
#define skep_peek(c, copy) ((__typeof__(copy))skep_peek_bytes(c, copy, sizeof(*(copy))))
#define skep_view(c, copy) ((__typeof__(copy))skep_view_bytes(c, copy, sizeof(*(copy))))

/* In the packet itself. */
SKEP_PACKET_FN void *skep_take_bytes(struct skep_cursor *c, __u64 len)
{
	return skep_view_bytes(c, NULL, len);
}

#define skep_take(c, type) ((type *)skep_take_bytes(c, sizeof(type)))

/*
 * Passes over @len bytes, which need not be known: fewer than @limit, a constant power of two.
 * False if there are fewer left. The verifier adds limits up, and lets nobody read beyond 65535 of
 * them.
 */
SKEP_PACKET_FN bool skep_skip_below(struct skep_cursor *c, __u64 len, __u64 limit)
{
	void *to;

	barrier_var(len);
	to = c->at + (len & (limit - 1));
	if (to > c->end)
		return false;
	c->at = to;
	return true;
}

#define skep_skip(c, len) skep_skip_below(c, len, 4096)

/* Goes to an offset from the beginning; false if the packet ends before. */
SKEP_PACKET_FN bool skep_seek(struct skep_cursor *c, __u64 offset)
{
	void *to;

	barrier_var(offset);
	to = c->begin + (offset & 0x7fff);
	if (to > c->end)
		return false;
	c->at = to;
	return true;
}

/* Where the cursor is, from the beginning. */
SKEP_PACKET_FN __u64 skep_offset(const struct skep_cursor *c)
{
	return (__u64)(c->at - c->begin);
}

/*
 * Stays where it is, but makes the verifier forget on which of several ways the cursor came here:
 * it follows what is behind once, and not once a way.
 */
SKEP_PACKET_FN bool skep_settle(struct skep_cursor *c)
{
	return skep_seek(c, skep_offset(c));
}

/*
 * Decisions without a branch. The verifier follows each branch by itself: what is decided in a loop
 * by branches takes it twice as long with each round.
 */
SKEP_PACKET_FN __u64 skep_is(__u64 a, __u64 b)
{
	a ^= b;
	barrier_var(a);
	a = (a - 1) >> 63;
	barrier_var(a);
	return a;
}

/* @a if @condition is 1, @b if it is 0. */
SKEP_PACKET_FN __u64 skep_pick(__u64 condition, __u64 a, __u64 b)
{
	return b ^ ((a ^ b) & -condition);
}

#endif
