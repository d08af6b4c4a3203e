// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * One line of text by skep_info() and by bpf_printk(), with the same arguments, and the loop alone.
 * Runs by hand, as many times a run as the packet's mark says.
 */
#include <skep/bpf/skep.h>

#define SKEP_LOG_RING (64 << 20)
#include <skep/bpf/log.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("socket")
int none(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("socket")
int printk(struct __sk_buff *skb)
{
	bpf_printk("packet of %u bytes, mark %x, protocol %u", skb->len, skb->mark, skb->protocol);
	return skb->len;
}

SEC("socket")
int logged(struct __sk_buff *skb)
{
	skep_info("packet of %u bytes, mark %x, protocol %u", skb->len, skb->mark, skb->protocol);
	return skb->len;
}

/* Sent over before it is known that nobody wants it. */
SEC("socket")
int disabled(struct __sk_buff *skb)
{
	skep_trace("packet of %u bytes, mark %x, protocol %u", skb->len, skb->mark, skb->protocol);
	return skb->len;
}
