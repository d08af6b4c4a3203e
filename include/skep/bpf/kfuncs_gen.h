/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The functions of the kernel and its modules for BPF programs (kfuncs), by name.
 * Made by scripts/gen-kfuncs.py from BTF: do not edit.
 */
/* clang-format off */
#ifndef SKEP_BPF_KFUNCS_GEN_H
#define SKEP_BPF_KFUNCS_GEN_H

struct Qdisc;
struct __sk_buff;
struct bpf_cpumask;
struct bpf_crypto_ctx;
struct bpf_crypto_params;
struct bpf_ct_opts;
struct bpf_dynptr;
struct bpf_fib_lookup;
struct bpf_flowtable_opts;
struct bpf_fou_encap;
struct bpf_iter_bits;
struct bpf_iter_css;
struct bpf_iter_css_task;
struct bpf_iter_dmabuf;
struct bpf_iter_kmem_cache;
struct bpf_iter_num;
struct bpf_iter_scx_dsq;
struct bpf_iter_task;
struct bpf_iter_task_vma;
struct bpf_key;
struct bpf_list_head;
struct bpf_list_node;
struct bpf_map;
struct bpf_rb_node;
struct bpf_rb_root;
struct bpf_res_spin_lock;
struct bpf_sk_buff_ptr;
struct bpf_sock_addr_kern;
struct bpf_sock_ops_kern;
struct bpf_sock_tuple;
struct bpf_task_work;
struct bpf_tcp_req_attrs;
struct bpf_timer;
struct bpf_wq;
struct bpf_ws_lock;
struct bpf_xfrm_info;
struct bpf_xfrm_state_opts;
struct cgroup;
struct cgroup_subsys_state;
struct cpumask;
struct dentry;
struct dma_buf;
struct file;
struct flow_offload_tuple_rhash;
struct inode;
struct iou_ctx;
struct kmem_cache;
struct mem_cgroup;
struct nf_conn;
struct nf_conn___init;
struct path;
struct rq;
struct scx_cid_topo;
struct scx_event_stats;
struct sk_buff;
struct sock;
struct sock_common;
struct task_struct;
struct vm_area_struct;
struct xdp_md;
struct xfrm_state;
union nf_inet_addr;

#ifndef __VMLINUX_H__
struct bpf_crypto_params {
	char type[14];
	__u8 reserved[2];
	char algo[128];
	__u8 key[256];
	__u32 key_len;
	__u32 authsize;
};
struct bpf_ct_opts {
	int netns_id;
	int error;
	__u8 l4proto;
	__u8 dir;
	__u16 ct_zone_id;
	__u8 ct_zone_dir;
	__u8 reserved[3];
};
struct bpf_flowtable_opts {
	int error;
};
struct bpf_fou_encap {
	__u16 sport;
	__u16 dport;
};
struct bpf_iter_bits {
	__u64 __opaque[2];
};
struct bpf_iter_css {
	__u64 __opaque[3];
};
struct bpf_iter_css_task {
	__u64 __opaque[1];
};
struct bpf_iter_dmabuf {
	__u64 __opaque[1];
};
struct bpf_iter_kmem_cache {
	__u64 __opaque[1];
};
struct bpf_iter_scx_dsq {
	__u64 __opaque[6];
};
struct bpf_iter_task {
	__u64 __opaque[3];
};
struct bpf_iter_task_vma {
	__u64 __opaque[1];
};
struct bpf_xfrm_info {
	__u32 if_id;
	int link;
};
struct bpf_xfrm_state_opts {
	int error;
	int netns_id;
	__u32 mark;
	__u32 daddr[4];
	__u32 spi;
	__u8 proto;
	__u16 family;
};
enum {
	BPF_TASK_ITER_ALL_PROCS = 0,
	BPF_TASK_ITER_ALL_THREADS = 1,
	BPF_TASK_ITER_PROC_THREADS = 2,
};
#endif

extern void *bpf_arena_alloc_pages(void *p__map, void *addr__ign, __u32 page_cnt,
	int node_id, __u64 flags) __ksym __weak;
extern void bpf_arena_free_pages(void *p__map, void *ptr__ign, __u32 page_cnt) __ksym __weak;
extern int bpf_arena_reserve_pages(void *p__map, void *ptr__ign, __u32 page_cnt) __ksym __weak;
extern void *bpf_cast_to_kern_ctx(void *obj) __ksym __weak;
extern struct cgroup *bpf_cgroup_acquire(struct cgroup *cgrp) __ksym __weak;
extern struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgrp, int level) __ksym __weak;
extern struct cgroup *bpf_cgroup_from_id(__u64 cgid) __ksym __weak;
extern int bpf_cgroup_read_xattr(struct cgroup *cgroup, const char *name__str,
	struct bpf_dynptr *value_p) __ksym __weak;
extern void bpf_cgroup_release(struct cgroup *cgrp) __ksym __weak;
extern int bpf_copy_from_user_dynptr(const struct bpf_dynptr *dptr, __u64 off, __u64 size,
	const void *unsafe_ptr__ign) __ksym __weak;
extern int bpf_copy_from_user_str(void *dst, __u32 dst__sz, const void *unsafe_ptr__ign,
	__u64 flags) __ksym __weak;
extern int bpf_copy_from_user_str_dynptr(const struct bpf_dynptr *dptr, __u64 off,
	__u64 size, const void *unsafe_ptr__ign) __ksym __weak;
extern int bpf_copy_from_user_task_dynptr(const struct bpf_dynptr *dptr, __u64 off,
	__u64 size, const void *unsafe_ptr__ign, struct task_struct *tsk) __ksym __weak;
extern int bpf_copy_from_user_task_str(void *dst, __u32 dst__sz,
	const void *unsafe_ptr__ign, struct task_struct *tsk, __u64 flags) __ksym __weak;
extern int bpf_copy_from_user_task_str_dynptr(const struct bpf_dynptr *dptr, __u64 off,
	__u64 size, const void *unsafe_ptr__ign, struct task_struct *tsk) __ksym __weak;
extern struct bpf_cpumask *bpf_cpumask_acquire(struct bpf_cpumask *cpumask) __ksym __weak;
extern _Bool bpf_cpumask_and(struct bpf_cpumask *dst, const struct cpumask *src1,
	const struct cpumask *src2) __ksym __weak;
extern __u32 bpf_cpumask_any_and_distribute(const struct cpumask *src1,
	const struct cpumask *src2) __ksym __weak;
extern __u32 bpf_cpumask_any_distribute(const struct cpumask *cpumask) __ksym __weak;
extern void bpf_cpumask_clear(struct bpf_cpumask *cpumask) __ksym __weak;
extern void bpf_cpumask_clear_cpu(__u32 cpu, struct bpf_cpumask *cpumask) __ksym __weak;
extern void bpf_cpumask_copy(struct bpf_cpumask *dst, const struct cpumask *src) __ksym __weak;
extern struct bpf_cpumask *bpf_cpumask_create(void) __ksym __weak;
extern _Bool bpf_cpumask_empty(const struct cpumask *cpumask) __ksym __weak;
extern _Bool bpf_cpumask_equal(const struct cpumask *src1,
	const struct cpumask *src2) __ksym __weak;
extern __u32 bpf_cpumask_first(const struct cpumask *cpumask) __ksym __weak;
extern __u32 bpf_cpumask_first_and(const struct cpumask *src1,
	const struct cpumask *src2) __ksym __weak;
extern __u32 bpf_cpumask_first_zero(const struct cpumask *cpumask) __ksym __weak;
extern _Bool bpf_cpumask_full(const struct cpumask *cpumask) __ksym __weak;
extern _Bool bpf_cpumask_intersects(const struct cpumask *src1,
	const struct cpumask *src2) __ksym __weak;
extern void bpf_cpumask_or(struct bpf_cpumask *dst, const struct cpumask *src1,
	const struct cpumask *src2) __ksym __weak;
extern int bpf_cpumask_populate(struct bpf_cpumask *cpumask, void *src,
	unsigned long src__sz) __ksym __weak;
extern void bpf_cpumask_release(struct bpf_cpumask *cpumask) __ksym __weak;
extern void bpf_cpumask_set_cpu(__u32 cpu, struct bpf_cpumask *cpumask) __ksym __weak;
extern void bpf_cpumask_setall(struct bpf_cpumask *cpumask) __ksym __weak;
extern _Bool bpf_cpumask_subset(const struct cpumask *src1,
	const struct cpumask *src2) __ksym __weak;
extern _Bool bpf_cpumask_test_and_clear_cpu(__u32 cpu, struct bpf_cpumask *cpumask) __ksym __weak;
extern _Bool bpf_cpumask_test_and_set_cpu(__u32 cpu, struct bpf_cpumask *cpumask) __ksym __weak;
extern _Bool bpf_cpumask_test_cpu(__u32 cpu, const struct cpumask *cpumask) __ksym __weak;
extern __u32 bpf_cpumask_weight(const struct cpumask *cpumask) __ksym __weak;
extern void bpf_cpumask_xor(struct bpf_cpumask *dst, const struct cpumask *src1,
	const struct cpumask *src2) __ksym __weak;
extern struct bpf_crypto_ctx *bpf_crypto_ctx_acquire(struct bpf_crypto_ctx *ctx) __ksym __weak;
extern struct bpf_crypto_ctx *bpf_crypto_ctx_create(
	const struct bpf_crypto_params *params, __u32 params__sz, int *err) __ksym __weak;
extern void bpf_crypto_ctx_release(struct bpf_crypto_ctx *ctx) __ksym __weak;
extern int bpf_crypto_decrypt(struct bpf_crypto_ctx *ctx, const struct bpf_dynptr *src,
	const struct bpf_dynptr *dst, const struct bpf_dynptr *siv__nullable) __ksym __weak;
extern int bpf_crypto_encrypt(struct bpf_crypto_ctx *ctx, const struct bpf_dynptr *src,
	const struct bpf_dynptr *dst, const struct bpf_dynptr *siv__nullable) __ksym __weak;
extern int bpf_ct_change_status(struct nf_conn *nfct, __u32 status) __ksym __weak;
extern int bpf_ct_change_timeout(struct nf_conn *nfct, __u32 timeout) __ksym __weak;
extern struct nf_conn *bpf_ct_insert_entry(struct nf_conn___init *nfct_i) __ksym __weak;
extern void bpf_ct_release(struct nf_conn *nfct) __ksym __weak;
extern int bpf_ct_set_nat_info(struct nf_conn___init *nfct, union nf_inet_addr *addr,
	int port, __u32 manip) __ksym __weak;
extern int bpf_ct_set_status(const struct nf_conn___init *nfct, __u32 status) __ksym __weak;
extern void bpf_ct_set_timeout(struct nf_conn___init *nfct, __u32 timeout) __ksym __weak;
extern int bpf_dynptr_adjust(struct bpf_dynptr *p, __u64 start, __u64 end) __ksym __weak;
extern int bpf_dynptr_clone(const struct bpf_dynptr *p,
	struct bpf_dynptr *clone__uninit) __ksym __weak;
extern int bpf_dynptr_copy(const struct bpf_dynptr *dst_ptr, __u64 dst_off,
	const struct bpf_dynptr *src_ptr, __u64 src_off, __u64 size) __ksym __weak;
extern int bpf_dynptr_file_discard(struct bpf_dynptr *dynptr) __ksym __weak;
extern int bpf_dynptr_from_file(struct file *file, __u32 flags,
	struct bpf_dynptr *ptr__uninit) __ksym __weak;
extern int bpf_dynptr_from_skb(struct __sk_buff *s, __u64 flags,
	struct bpf_dynptr *ptr__uninit) __ksym __weak;
extern int bpf_dynptr_from_skb_meta(struct __sk_buff *skb_, __u64 flags,
	struct bpf_dynptr *ptr__uninit) __ksym __weak;
extern int bpf_dynptr_from_xdp(struct xdp_md *x, __u64 flags,
	struct bpf_dynptr *ptr__uninit) __ksym __weak;
extern _Bool bpf_dynptr_is_null(const struct bpf_dynptr *p) __ksym __weak;
extern _Bool bpf_dynptr_is_rdonly(const struct bpf_dynptr *p) __ksym __weak;
extern int bpf_dynptr_memset(const struct bpf_dynptr *p, __u64 offset, __u64 size,
	__u8 val) __ksym __weak;
extern __u64 bpf_dynptr_size(const struct bpf_dynptr *p) __ksym __weak;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u64 offset,
	void *buffer__nullable, __u64 buffer__szk) __ksym __weak;
extern void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *p, __u64 offset,
	void *buffer__nullable, __u64 buffer__szk) __ksym __weak;
extern int bpf_get_dentry_xattr(struct dentry *dentry, const char *name__str,
	struct bpf_dynptr *value_p) __ksym __weak;
extern int bpf_get_file_xattr(struct file *file, const char *name__str,
	struct bpf_dynptr *value_p) __ksym __weak;
extern int bpf_get_fsverity_digest(struct file *file,
	const struct bpf_dynptr *digest_p) __ksym __weak;
extern struct kmem_cache *bpf_get_kmem_cache(__u64 addr) __ksym __weak;
extern struct mem_cgroup *bpf_get_mem_cgroup(struct cgroup_subsys_state *css) __ksym __weak;
extern struct mem_cgroup *bpf_get_root_mem_cgroup(void) __ksym __weak;
extern struct file *bpf_get_task_exe_file(struct task_struct *task) __ksym __weak;
extern __u8 *bpf_io_uring_get_region(struct iou_ctx *loop_ctx, __u32 region_id,
	const unsigned long rdwr_buf_size) __ksym __weak;
extern int bpf_io_uring_submit_sqes(struct iou_ctx *loop_ctx, __u32 nr) __ksym __weak;
extern void bpf_iter_bits_destroy(struct bpf_iter_bits *it) __ksym __weak;
extern int bpf_iter_bits_new(struct bpf_iter_bits *it, const __u64 *unsafe_ptr__ign,
	__u32 nr_words) __ksym __weak;
extern int *bpf_iter_bits_next(struct bpf_iter_bits *it) __ksym __weak;
extern void bpf_iter_css_destroy(struct bpf_iter_css *it) __ksym __weak;
extern int bpf_iter_css_new(struct bpf_iter_css *it, struct cgroup_subsys_state *start,
	__u32 flags) __ksym __weak;
extern struct cgroup_subsys_state *bpf_iter_css_next(struct bpf_iter_css *it) __ksym __weak;
extern void bpf_iter_css_task_destroy(struct bpf_iter_css_task *it) __ksym __weak;
extern int bpf_iter_css_task_new(struct bpf_iter_css_task *it,
	struct cgroup_subsys_state *css, __u32 flags) __ksym __weak;
extern struct task_struct *bpf_iter_css_task_next(struct bpf_iter_css_task *it) __ksym __weak;
extern void bpf_iter_dmabuf_destroy(struct bpf_iter_dmabuf *it) __ksym __weak;
extern int bpf_iter_dmabuf_new(struct bpf_iter_dmabuf *it) __ksym __weak;
extern struct dma_buf *bpf_iter_dmabuf_next(struct bpf_iter_dmabuf *it) __ksym __weak;
extern void bpf_iter_kmem_cache_destroy(struct bpf_iter_kmem_cache *it) __ksym __weak;
extern int bpf_iter_kmem_cache_new(struct bpf_iter_kmem_cache *it) __ksym __weak;
extern struct kmem_cache *bpf_iter_kmem_cache_next(struct bpf_iter_kmem_cache *it) __ksym __weak;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym __weak;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym __weak;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym __weak;
extern void bpf_iter_scx_dsq_destroy(struct bpf_iter_scx_dsq *it) __ksym __weak;
extern int bpf_iter_scx_dsq_new(struct bpf_iter_scx_dsq *it, __u64 dsq_id,
	__u64 flags) __ksym __weak;
extern struct task_struct *bpf_iter_scx_dsq_next(struct bpf_iter_scx_dsq *it) __ksym __weak;
extern void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym __weak;
extern int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task__nullable,
	__u32 flags) __ksym __weak;
extern struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym __weak;
extern void bpf_iter_task_vma_destroy(struct bpf_iter_task_vma *it) __ksym __weak;
extern int bpf_iter_task_vma_new(struct bpf_iter_task_vma *it, struct task_struct *task,
	__u64 addr) __ksym __weak;
extern struct vm_area_struct *bpf_iter_task_vma_next(struct bpf_iter_task_vma *it) __ksym __weak;
extern void bpf_key_put(struct bpf_key *bkey) __ksym __weak;
extern void bpf_kfree_skb(struct sk_buff *skb) __ksym __weak;
extern int bpf_list_add(struct bpf_list_head *head, struct bpf_list_node *new,
	struct bpf_list_node *prev__nonown_allowed) __ksym __weak;
extern struct bpf_list_node *bpf_list_back(struct bpf_list_head *head) __ksym __weak;
extern struct bpf_list_node *bpf_list_del(struct bpf_list_head *head,
	struct bpf_list_node *node__nonown_allowed) __ksym __weak;
extern _Bool bpf_list_empty(struct bpf_list_head *head) __ksym __weak;
extern struct bpf_list_node *bpf_list_front(struct bpf_list_head *head) __ksym __weak;
extern _Bool bpf_list_is_first(struct bpf_list_head *head,
	struct bpf_list_node *node__nonown_allowed) __ksym __weak;
extern _Bool bpf_list_is_last(struct bpf_list_head *head,
	struct bpf_list_node *node__nonown_allowed) __ksym __weak;
extern struct bpf_list_node *bpf_list_pop_back(struct bpf_list_head *head) __ksym __weak;
extern struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *head) __ksym __weak;
extern int bpf_list_push_back(struct bpf_list_head *head,
	struct bpf_list_node *node) __ksym __weak;
extern int bpf_list_push_back_impl(struct bpf_list_head *head, struct bpf_list_node *node,
	void *meta__ign, __u64 off) __ksym __weak;
extern int bpf_list_push_front(struct bpf_list_head *head,
	struct bpf_list_node *node) __ksym __weak;
extern int bpf_list_push_front_impl(struct bpf_list_head *head,
	struct bpf_list_node *node, void *meta__ign, __u64 off) __ksym __weak;
extern void bpf_local_irq_restore(unsigned long *flags__irq_flag) __ksym __weak;
extern void bpf_local_irq_save(unsigned long *flags__irq_flag) __ksym __weak;
extern struct bpf_key *bpf_lookup_system_key(__u64 id) __ksym __weak;
extern struct bpf_key *bpf_lookup_user_key(int serial, __u64 flags) __ksym __weak;
extern __s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym __weak;
extern void bpf_mem_cgroup_flush_stats(struct mem_cgroup *memcg) __ksym __weak;
extern unsigned long bpf_mem_cgroup_memory_events(struct mem_cgroup *memcg,
	__u32 event) __ksym __weak;
extern unsigned long bpf_mem_cgroup_page_state(struct mem_cgroup *memcg, int idx) __ksym __weak;
extern unsigned long bpf_mem_cgroup_usage(struct mem_cgroup *memcg) __ksym __weak;
extern unsigned long bpf_mem_cgroup_vm_events(struct mem_cgroup *memcg,
	__u32 event) __ksym __weak;
extern void bpf_obj_drop(void *p__alloc) __ksym __weak;
extern void bpf_obj_drop_impl(void *p__alloc, void *meta__ign) __ksym __weak;
extern void *bpf_obj_new(__u64 local_type_id__k) __ksym __weak;
extern void *bpf_obj_new_impl(__u64 local_type_id__k, void *meta__ign) __ksym __weak;
extern int bpf_path_d_path(const struct path *path, char *buf,
	unsigned long buf__sz) __ksym __weak;
extern void bpf_percpu_obj_drop(void *p__alloc) __ksym __weak;
extern void bpf_percpu_obj_drop_impl(void *p__alloc, void *meta__ign) __ksym __weak;
extern void *bpf_percpu_obj_new(__u64 local_type_id__k) __ksym __weak;
extern void *bpf_percpu_obj_new_impl(__u64 local_type_id__k, void *meta__ign) __ksym __weak;
extern void bpf_preempt_disable(void) __ksym __weak;
extern void bpf_preempt_enable(void) __ksym __weak;
extern int bpf_probe_read_kernel_dynptr(const struct bpf_dynptr *dptr, __u64 off,
	__u64 size, const void *unsafe_ptr__ign) __ksym __weak;
extern int bpf_probe_read_kernel_str_dynptr(const struct bpf_dynptr *dptr, __u64 off,
	__u64 size, const void *unsafe_ptr__ign) __ksym __weak;
extern int bpf_probe_read_user_dynptr(const struct bpf_dynptr *dptr, __u64 off,
	__u64 size, const void *unsafe_ptr__ign) __ksym __weak;
extern int bpf_probe_read_user_str_dynptr(const struct bpf_dynptr *dptr, __u64 off,
	__u64 size, const void *unsafe_ptr__ign) __ksym __weak;
extern void bpf_put_file(struct file *file) __ksym __weak;
extern void bpf_put_mem_cgroup(struct mem_cgroup *memcg) __ksym __weak;
extern void bpf_qdisc_bstats_update(struct Qdisc *sch, const struct sk_buff *skb) __ksym __weak;
extern void bpf_qdisc_skb_drop(struct sk_buff *skb,
	struct bpf_sk_buff_ptr *to_free_list) __ksym __weak;
extern void bpf_qdisc_watchdog_schedule(struct Qdisc *sch, __u64 expire,
	__u64 delta_ns) __ksym __weak;
extern int bpf_rbtree_add(struct bpf_rb_root *root, struct bpf_rb_node *node,
	_Bool (*less)(struct bpf_rb_node *, const struct bpf_rb_node *)) __ksym __weak;
extern int bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node,
	_Bool (*less)(struct bpf_rb_node *, const struct bpf_rb_node *), void *meta__ign,
	__u64 off) __ksym __weak;
extern struct bpf_rb_node *bpf_rbtree_first(struct bpf_rb_root *root) __ksym __weak;
extern struct bpf_rb_node *bpf_rbtree_left(struct bpf_rb_root *root,
	struct bpf_rb_node *node) __ksym __weak;
extern struct bpf_rb_node *bpf_rbtree_remove(struct bpf_rb_root *root,
	struct bpf_rb_node *node) __ksym __weak;
extern struct bpf_rb_node *bpf_rbtree_right(struct bpf_rb_root *root,
	struct bpf_rb_node *node) __ksym __weak;
extern struct bpf_rb_node *bpf_rbtree_root(struct bpf_rb_root *root) __ksym __weak;
extern void bpf_rcu_read_lock(void) __ksym __weak;
extern void bpf_rcu_read_unlock(void) __ksym __weak;
extern void *bpf_rdonly_cast(const void *obj__ign, __u32 btf_id__k) __ksym __weak;
extern struct inode *bpf_real_data_inode(struct file *file) __ksym __weak;
extern void *bpf_refcount_acquire(void *p__refcounted_kptr) __ksym __weak;
extern void *bpf_refcount_acquire_impl(void *p__refcounted_kptr, void *meta__ign) __ksym __weak;
extern int bpf_remove_dentry_xattr(struct dentry *dentry, const char *name__str) __ksym __weak;
extern int bpf_res_spin_lock(struct bpf_res_spin_lock *lock) __ksym __weak;
extern int bpf_res_spin_lock_irqsave(struct bpf_res_spin_lock *lock,
	unsigned long *flags__irq_flag) __ksym __weak;
extern void bpf_res_spin_unlock(struct bpf_res_spin_lock *lock) __ksym __weak;
extern void bpf_res_spin_unlock_irqrestore(struct bpf_res_spin_lock *lock,
	unsigned long *flags__irq_flag) __ksym __weak;
extern int bpf_send_signal_task(struct task_struct *task, int sig, __u32 type,
	__u64 value) __ksym __weak;
extern __u64 *bpf_session_cookie(void *ctx) __ksym __weak;
extern _Bool bpf_session_is_return(void *ctx) __ksym __weak;
extern int bpf_set_dentry_xattr(struct dentry *dentry, const char *name__str,
	const struct bpf_dynptr *value_p, int flags) __ksym __weak;
extern int bpf_sk_assign_tcp_reqsk(struct __sk_buff *s, struct sock *sk,
	struct bpf_tcp_req_attrs *attrs, int attrs__sz) __ksym __weak;
extern struct nf_conn___init *bpf_skb_ct_alloc(struct __sk_buff *skb_ctx,
	struct bpf_sock_tuple *bpf_tuple, __u32 tuple__sz, struct bpf_ct_opts *opts,
	__u32 opts__sz) __ksym __weak;
extern struct nf_conn *bpf_skb_ct_lookup(struct __sk_buff *skb_ctx,
	struct bpf_sock_tuple *bpf_tuple, __u32 tuple__sz, struct bpf_ct_opts *opts,
	__u32 opts__sz) __ksym __weak;
extern int bpf_skb_get_fou_encap(struct __sk_buff *skb_ctx,
	struct bpf_fou_encap *encap) __ksym __weak;
extern __u32 bpf_skb_get_hash(struct sk_buff *skb) __ksym __weak;
extern int bpf_skb_get_xfrm_info(struct __sk_buff *skb_ctx,
	struct bpf_xfrm_info *to) __ksym __weak;
extern int bpf_skb_set_fou_encap(struct __sk_buff *skb_ctx, struct bpf_fou_encap *encap,
	int type) __ksym __weak;
extern int bpf_skb_set_xfrm_info(struct __sk_buff *skb_ctx,
	const struct bpf_xfrm_info *from) __ksym __weak;
extern int bpf_sock_addr_set_sun_path(struct bpf_sock_addr_kern *sa_kern,
	const __u8 *sun_path, __u32 sun_path__sz) __ksym __weak;
extern int bpf_sock_destroy(struct sock_common *sock) __ksym __weak;
extern int bpf_sock_ops_enable_tx_tstamp(struct bpf_sock_ops_kern *skops,
	__u64 flags) __ksym __weak;
extern int bpf_strcasecmp(const char *s1__ign, const char *s2__ign) __ksym __weak;
extern int bpf_strcasestr(const char *s1__ign, const char *s2__ign) __ksym __weak;
extern int bpf_strchr(const char *s__ign, char c) __ksym __weak;
extern int bpf_strchrnul(const char *s__ign, char c) __ksym __weak;
extern int bpf_strcmp(const char *s1__ign, const char *s2__ign) __ksym __weak;
extern int bpf_strcspn(const char *s__ign, const char *reject__ign) __ksym __weak;
extern int bpf_stream_print_stack(int stream_id) __ksym __weak;
extern int bpf_stream_vprintk(int stream_id, const char *fmt__str, const void *args,
	__u32 len__sz) __ksym __weak;
extern int bpf_strlen(const char *s__ign) __ksym __weak;
extern int bpf_strncasecmp(const char *s1__ign, const char *s2__ign,
	unsigned long len) __ksym __weak;
extern int bpf_strncasestr(const char *s1__ign, const char *s2__ign,
	unsigned long len) __ksym __weak;
extern int bpf_strnchr(const char *s__ign, unsigned long count, char c) __ksym __weak;
extern int bpf_strnlen(const char *s__ign, unsigned long count) __ksym __weak;
extern int bpf_strnstr(const char *s1__ign, const char *s2__ign, unsigned long len) __ksym __weak;
extern int bpf_strrchr(const char *s__ign, int c) __ksym __weak;
extern int bpf_strspn(const char *s__ign, const char *accept__ign) __ksym __weak;
extern int bpf_strstr(const char *s1__ign, const char *s2__ign) __ksym __weak;
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym __weak;
extern struct task_struct *bpf_task_from_pid(int pid) __ksym __weak;
extern struct task_struct *bpf_task_from_vpid(int vpid) __ksym __weak;
extern struct cgroup *bpf_task_get_cgroup1(struct task_struct *task,
	int hierarchy_id) __ksym __weak;
extern void bpf_task_release(struct task_struct *p) __ksym __weak;
extern long bpf_task_under_cgroup(struct task_struct *task,
	struct cgroup *ancestor) __ksym __weak;
extern int bpf_task_work_schedule_resume(struct task_struct *task,
	struct bpf_task_work *tw, void *map__map, int (*callback)(struct bpf_map *, void *,
	void *)) __ksym __weak;
extern int bpf_task_work_schedule_signal(struct task_struct *task,
	struct bpf_task_work *tw, void *map__map, int (*callback)(struct bpf_map *, void *,
	void *)) __ksym __weak;
extern void bpf_throw(__u64 cookie) __ksym __weak;
extern int bpf_timer_cancel_async(struct bpf_timer *timer) __ksym __weak;
extern int bpf_verify_pkcs7_signature(const struct bpf_dynptr *data_p,
	const struct bpf_dynptr *sig_p, struct bpf_key *trusted_keyring) __ksym __weak;
extern void *bpf_wakeup_sources_get_head(void) __ksym __weak;
extern struct bpf_ws_lock *bpf_wakeup_sources_read_lock(void) __ksym __weak;
extern void bpf_wakeup_sources_read_unlock(struct bpf_ws_lock *lock) __ksym __weak;
extern int bpf_wq_init(struct bpf_wq *wq, void *p__map, __u32 flags) __ksym __weak;
extern int bpf_wq_set_callback(struct bpf_wq *wq, int (*callback_fn)(void *, int *,
	void *), __u32 flags) __ksym __weak;
extern int bpf_wq_start(struct bpf_wq *wq, __u32 flags) __ksym __weak;
extern struct nf_conn___init *bpf_xdp_ct_alloc(struct xdp_md *xdp_ctx,
	struct bpf_sock_tuple *bpf_tuple, __u32 tuple__sz, struct bpf_ct_opts *opts,
	__u32 opts__sz) __ksym __weak;
extern struct nf_conn *bpf_xdp_ct_lookup(struct xdp_md *xdp_ctx,
	struct bpf_sock_tuple *bpf_tuple, __u32 tuple__sz, struct bpf_ct_opts *opts,
	__u32 opts__sz) __ksym __weak;
extern struct flow_offload_tuple_rhash *bpf_xdp_flow_lookup(struct xdp_md *ctx,
	struct bpf_fib_lookup *fib_tuple, struct bpf_flowtable_opts *opts,
	__u32 opts_len) __ksym __weak;
extern struct xfrm_state *bpf_xdp_get_xfrm_state(struct xdp_md *ctx,
	struct bpf_xfrm_state_opts *opts, __u32 opts__sz) __ksym __weak;
extern int bpf_xdp_metadata_rx_hash(const struct xdp_md *ctx, __u32 *hash,
	__u32 *rss_type) __ksym __weak;
extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx,
	__u64 *timestamp) __ksym __weak;
extern int bpf_xdp_metadata_rx_vlan_tag(const struct xdp_md *ctx, __u16 *vlan_proto,
	__u16 *vlan_tci) __ksym __weak;
extern int bpf_xdp_pull_data(struct xdp_md *x, __u32 len) __ksym __weak;
extern void bpf_xdp_xfrm_state_release(struct xfrm_state *x) __ksym __weak;
extern struct task_struct *scx_bpf_cid_curr(int cid) __ksym __weak;
extern void scx_bpf_cid_override(const int *cpu_to_cid, __u32 cpu_to_cid__sz) __ksym __weak;
extern int scx_bpf_cid_to_cpu(int cid) __ksym __weak;
extern void scx_bpf_cid_topo(int cid, struct scx_cid_topo *out,
	unsigned long out__sz) __ksym __weak;
extern __u32 scx_bpf_cidperf_cap(int cid) __ksym __weak;
extern __u32 scx_bpf_cidperf_cur(int cid) __ksym __weak;
extern void scx_bpf_cidperf_set(int cid, __u32 perf) __ksym __weak;
extern struct task_struct *scx_bpf_cpu_curr(int cpu) __ksym __weak;
extern int scx_bpf_cpu_node(int cpu) __ksym __weak;
extern struct rq *scx_bpf_cpu_rq(int cpu) __ksym __weak;
extern int scx_bpf_cpu_to_cid(int cpu) __ksym __weak;
extern __u32 scx_bpf_cpuperf_cap(int cpu) __ksym __weak;
extern __u32 scx_bpf_cpuperf_cur(int cpu) __ksym __weak;
extern void scx_bpf_cpuperf_set(int cpu, __u32 perf) __ksym __weak;
extern int scx_bpf_create_dsq(__u64 dsq_id, int node) __ksym __weak;
extern void scx_bpf_destroy_dsq(__u64 dsq_id) __ksym __weak;
extern void scx_bpf_dispatch_cancel(void) __ksym __weak;
extern __u32 scx_bpf_dispatch_nr_slots(void) __ksym __weak;
extern void scx_bpf_dsq_insert(struct task_struct *p, __u64 dsq_id, __u64 slice,
	__u64 enq_flags) __ksym __weak;
extern _Bool scx_bpf_dsq_insert___v2(struct task_struct *p, __u64 dsq_id, __u64 slice,
	__u64 enq_flags) __ksym __weak;
extern void scx_bpf_dsq_insert_vtime(struct task_struct *p, __u64 dsq_id, __u64 slice,
	__u64 vtime, __u64 enq_flags) __ksym __weak;
extern _Bool scx_bpf_dsq_move(struct bpf_iter_scx_dsq *it__iter, struct task_struct *p,
	__u64 dsq_id, __u64 enq_flags) __ksym __weak;
extern void scx_bpf_dsq_move_set_slice(struct bpf_iter_scx_dsq *it__iter,
	__u64 slice) __ksym __weak;
extern void scx_bpf_dsq_move_set_vtime(struct bpf_iter_scx_dsq *it__iter,
	__u64 vtime) __ksym __weak;
extern _Bool scx_bpf_dsq_move_to_local(__u64 dsq_id) __ksym __weak;
extern _Bool scx_bpf_dsq_move_to_local___v2(__u64 dsq_id, __u64 enq_flags) __ksym __weak;
extern _Bool scx_bpf_dsq_move_vtime(struct bpf_iter_scx_dsq *it__iter,
	struct task_struct *p, __u64 dsq_id, __u64 enq_flags) __ksym __weak;
extern int scx_bpf_dsq_nr_queued(__u64 dsq_id) __ksym __weak;
extern struct task_struct *scx_bpf_dsq_peek(__u64 dsq_id) __ksym __weak;
extern void scx_bpf_dsq_reenq(__u64 dsq_id, __u64 reenq_flags) __ksym __weak;
extern void scx_bpf_dump_bstr(char *fmt, __u64 *data, __u32 data__sz) __ksym __weak;
extern void scx_bpf_error_bstr(char *fmt, __u64 *data, __u32 data__sz) __ksym __weak;
extern void scx_bpf_events(struct scx_event_stats *events,
	unsigned long events__sz) __ksym __weak;
extern void scx_bpf_exit_bstr(__s64 exit_code, char *fmt, __u64 *data,
	__u32 data__sz) __ksym __weak;
extern const struct cpumask *scx_bpf_get_idle_cpumask(void) __ksym __weak;
extern const struct cpumask *scx_bpf_get_idle_cpumask_node(int node) __ksym __weak;
extern const struct cpumask *scx_bpf_get_idle_smtmask(void) __ksym __weak;
extern const struct cpumask *scx_bpf_get_idle_smtmask_node(int node) __ksym __weak;
extern const struct cpumask *scx_bpf_get_online_cpumask(void) __ksym __weak;
extern const struct cpumask *scx_bpf_get_possible_cpumask(void) __ksym __weak;
extern void scx_bpf_kick_cid(int cid, __u64 flags) __ksym __weak;
extern void scx_bpf_kick_cpu(int cpu, __u64 flags) __ksym __weak;
extern struct rq *scx_bpf_locked_rq(void) __ksym __weak;
extern __u64 scx_bpf_now(void) __ksym __weak;
extern __u32 scx_bpf_nr_cids(void) __ksym __weak;
extern __u32 scx_bpf_nr_cpu_ids(void) __ksym __weak;
extern __u32 scx_bpf_nr_node_ids(void) __ksym __weak;
extern __u32 scx_bpf_nr_online_cids(void) __ksym __weak;
extern int scx_bpf_pick_any_cpu(const struct cpumask *cpus_allowed, __u64 flags) __ksym __weak;
extern int scx_bpf_pick_any_cpu_node(const struct cpumask *cpus_allowed, int node,
	__u64 flags) __ksym __weak;
extern int scx_bpf_pick_idle_cpu(const struct cpumask *cpus_allowed, __u64 flags) __ksym __weak;
extern int scx_bpf_pick_idle_cpu_node(const struct cpumask *cpus_allowed, int node,
	__u64 flags) __ksym __weak;
extern void scx_bpf_put_cpumask(const struct cpumask *cpumask) __ksym __weak;
extern void scx_bpf_put_idle_cpumask(const struct cpumask *idle_mask) __ksym __weak;
extern __u32 scx_bpf_reenqueue_local(void) __ksym __weak;
extern void scx_bpf_reenqueue_local___v2(void) __ksym __weak;
extern int scx_bpf_select_cpu_and(struct task_struct *p, int prev_cpu, __u64 wake_flags,
	const struct cpumask *cpus_allowed, __u64 flags) __ksym __weak;
extern int scx_bpf_select_cpu_dfl(struct task_struct *p, int prev_cpu, __u64 wake_flags,
	_Bool *is_idle) __ksym __weak;
extern _Bool scx_bpf_sub_dispatch(__u64 cgroup_id) __ksym __weak;
extern struct cgroup *scx_bpf_task_cgroup(struct task_struct *p) __ksym __weak;
extern int scx_bpf_task_cid(const struct task_struct *p) __ksym __weak;
extern int scx_bpf_task_cpu(const struct task_struct *p) __ksym __weak;
extern _Bool scx_bpf_task_running(const struct task_struct *p) __ksym __weak;
extern _Bool scx_bpf_task_set_dsq_vtime(struct task_struct *p, __u64 vtime) __ksym __weak;
extern _Bool scx_bpf_task_set_slice(struct task_struct *p, __u64 slice) __ksym __weak;
extern _Bool scx_bpf_test_and_clear_cpu_idle(int cpu) __ksym __weak;
extern int scx_bpf_this_cid(void) __ksym __weak;
extern struct task_struct *scx_bpf_tid_to_task(__u64 tid) __ksym __weak;

#endif
