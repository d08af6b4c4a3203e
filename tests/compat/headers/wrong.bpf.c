// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* With one of the macros below, something that must not compile. */
#include <skep/bpf/skep.h>

SKEP_MAP(counts, HASH, __u32, __u64, 10);
SKEP_MAP_OF_VALUES(waiting, QUEUE, struct skep_eth, 10);
SKEP_MAP(of_tasks, TASK_STORAGE, int, __u64, 0);

static long each(void *map, __u32 *key, __u32 *value, int *context)
{
	return map && *key && *value && *context;
}

int wrong(void *ctx, struct skep_eth *eth, int *context)
{
	__u32 right_key = 0;
	__u64 right_value = 0, wrong_key = 0;

	(void)eth, (void)context, (void)wrong_key, (void)right_key, (void)right_value, (void)each;
#ifdef KEY_OF_LOOKUP
	skep_map_lookup(&counts, &wrong_key);
#endif
#ifdef KEY_OF_DELETE
	skep_map_delete(&counts, &wrong_key);
#endif
#ifdef KEY_OF_UPDATE
	skep_map_update(&counts, &wrong_key, &right_value, BPF_ANY);
#endif
#ifdef VALUE_OF_UPDATE
	skep_map_update(&counts, &right_key, &right_key, BPF_ANY);
#endif
#ifdef VALUE_OF_LOOKUP
	struct skep_eth *value = skep_map_lookup(&counts, &right_key);

	return value->type;
#endif
#ifdef VALUE_OF_PUSH
	skep_map_push(&waiting, &right_value, 0);
#endif
#ifdef VALUE_OF_POP
	skep_map_pop(&waiting, &right_value);
#endif
#ifdef VALUE_OF_PEEK
	skep_map_peek(&waiting, &right_value);
#endif
#ifdef VALUE_OF_STORAGE
	skep_task_storage(&of_tasks, bpf_get_current_task_btf(), &right_key, 0);
#endif
#ifdef KEY_OF_ANOTHER_CPU
	skep_map_lookup_percpu(&counts, &wrong_key, 1);
#endif
#ifdef KEY_OF_LOOKUP_OR_INIT
	skep_map_lookup_or_init(&counts, &wrong_key, &right_value);
#endif
#ifdef CALLBACK_OF_MAP
	skep_map_for_each(&counts, each, context, 0);
#endif
#ifdef CALLBACK_OF_LOOP
	skep_loop(10, each, context);
#endif
#ifdef SLOT_OF_TAIL_CALL
	bpf_tail_call_static(ctx, &counts, right_key + (__u32)(unsigned long)ctx);
#endif
#ifdef REGISTER_OF_NO_MACHINE
	return PT_REGS_PARM1(ctx);
#endif
#ifdef FORMAT_OF_A_VARIABLE
	const char *format = "%d";

	bpf_printk(format, 1);
#endif
	return ctx ? 1 : 0;
}
