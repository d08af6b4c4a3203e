// SPDX-License-Identifier: MIT
/* Which kinds of BTF, instructions and commands the kernel takes. */
#include <linux/btf.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "load/probe.h"
#include "system/probe.h"

#define LEN(a)	  (sizeof(a) / sizeof((a)[0]))
#define KIND(k)	  (BTF_KIND_##k << 24)
#define KFLAG	  (1u << 31)
#define INT_AT(n) (n), KIND(INT), 4, BTF_INT_SIGNED << 24 | 32

/* The smallest BTF that needs each feature; string offsets: 1 "i", 3 "n", 5 ".d", 8 "?d". */
static const char strings[] = "\0i\0n\0.d\0?d";

static const struct {
	const char *name;
	uint32_t types[24];
	uint32_t n;
} btfs[SKEP_N_BTF_FEATURES] = {
	[SKEP_BTF_ANY] = { "any", { INT_AT(1) }, 4 },
	[SKEP_BTF_FUNC] = { "func",
			    { INT_AT(1), 0, KIND(FUNC_PROTO) | 1, 0, 3, 1, 3, KIND(FUNC), 2 },
			    12 },
	[SKEP_BTF_DATASEC] = { "datasec",
			       { INT_AT(1), 3, KIND(VAR), 1, 0, 5, KIND(DATASEC) | 1, 4, 2, 0, 4 },
			       14 },
	[SKEP_BTF_FUNC_GLOBAL] = { "func_global",
				   { INT_AT(1), 0, KIND(FUNC_PROTO) | 1, 0, 3, 1, 3, KIND(FUNC) | 1,
				     2 },
				   12 },
	[SKEP_BTF_FLOAT] = { "float", { 3, KIND(FLOAT), 4 }, 3 },
	[SKEP_BTF_DECL_TAG] = { "decl_tag",
				{ INT_AT(1), 3, KIND(VAR), 1, 0, 3, KIND(DECL_TAG), 2,
				  (uint32_t)-1 },
				12 },
	[SKEP_BTF_TYPE_TAG] = { "type_tag",
				{ INT_AT(1), 3, KIND(TYPE_TAG), 1, 0, KIND(PTR), 2 },
				10 },
	[SKEP_BTF_ENUM64] = { "enum64", { 0, KIND(ENUM64) | 1, 8, 3, 0, 1 }, 6 },
	[SKEP_BTF_ENUM_SIGNED] = { "enum_signed", { 0, KIND(ENUM) | KFLAG | 1, 4, 3, 1 }, 5 },
	[SKEP_BTF_QUESTION_MARK] = { "question_mark",
				     { INT_AT(1), 3, KIND(VAR), 1, 0, 8, KIND(DATASEC) | 1, 4, 2, 0,
				       4 },
				     14 },
	[SKEP_BTF_TAG_KFLAG] = { "tag_kflag",
				 { INT_AT(1), 3, KIND(TYPE_TAG) | KFLAG, 1, 0, KIND(PTR), 2 },
				 10 },
};

const char *skep_btf_feature_name(enum skep_btf_feature feature)
{
	return (unsigned int)feature < SKEP_N_BTF_FEATURES ? btfs[feature].name : NULL;
}

static enum skep_answer judge_fd(int fd, unsigned int needs, const char *what,
				 struct skep_probe *why)
{
	if (fd >= 0) {
		close(fd);
		return skep_say(why, SKEP_YES, 0, "%s", "");
	}
	if (fd == -EPERM || fd == -EACCES)
		return skep_say_refused(why, fd, needs);
	if (fd == -EINVAL || fd == -E2BIG || fd == -EOPNOTSUPP || fd == -SKEP_ENOTSUPP)
		return skep_say(why, SKEP_NO, fd, "this kernel does not take %s", what);
	return skep_say(why, SKEP_UNKNOWN, fd, "the kernel does not take %s: %s", what,
			strerror(-fd));
}

enum skep_answer skep_probe_btf(enum skep_btf_feature feature, struct skep_probe *why)
{
	char what[40];

	if ((unsigned int)feature >= SKEP_N_BTF_FEATURES)
		return skep_say(why, SKEP_NO, EINVAL, "%d is no feature of BTF", (int)feature);
	snprintf(what, sizeof(what), "BTF with %s", btfs[feature].name);
	return judge_fd(
		skep_try_btf(btfs[feature].types, btfs[feature].n * 4, strings, sizeof(strings)),
		SKEP_RIGHT_BPF, what, why);
}

static const char *const features[SKEP_N_FEATURES] = {
	[SKEP_FEATURE_PROGRAM_NAME] = "program_name",
	[SKEP_FEATURE_LARGE_PROGRAM] = "large_program",
	[SKEP_FEATURE_BOUNDED_LOOP] = "bounded_loop",
	[SKEP_FEATURE_ISA_V2] = "isa_v2",
	[SKEP_FEATURE_ISA_V3] = "isa_v3",
	[SKEP_FEATURE_ISA_V4] = "isa_v4",
	[SKEP_FEATURE_ATOMICS] = "atomics",
	[SKEP_FEATURE_GLOBAL_DATA] = "global_data",
	[SKEP_FEATURE_MMAP] = "mmap",
	[SKEP_FEATURE_BATCH] = "batch",
	[SKEP_FEATURE_TOKEN] = "token",
	[SKEP_FEATURE_TRAMPOLINE] = "trampoline",
};

const char *skep_feature_name(enum skep_feature feature)
{
	return (unsigned int)feature < SKEP_N_FEATURES ? features[feature] : NULL;
}

#define INSN(c, d, s, o, i)                                                         \
	{                                                                           \
		.code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) \
	}
#define SET(d, i) INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define EXIT	  INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

static int load_filter(const struct bpf_insn *insns, uint32_t n, const char *name)
{
	struct skep_attr_prog_load attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
					    .insns = SKEP_PTR(insns),
					    .insn_cnt = n,
					    .license = SKEP_PTR("GPL") };

	skep_bpf_name(attr.prog_name, name);
	return skep_try_program(&attr);
}

/* More instructions than an unprivileged program, and before 5.2 any, may have. */
#define MANY 5000

static int load_many(void)
{
	SKEP_SCOPED(skep_scoped_free) struct bpf_insn *insns = calloc(MANY, sizeof(*insns));

	if (!insns)
		return -ENOMEM;
	for (int i = 0; i < MANY - 1; i++)
		insns[i] = (struct bpf_insn)SET(BPF_REG_0, 1);
	insns[MANY - 1] = (struct bpf_insn)EXIT;
	return load_filter(insns, MANY, "");
}

static int load_isa(enum skep_feature feature)
{
	static const struct bpf_insn loop[] = {
		SET(BPF_REG_0, 10),
		INSN(BPF_ALU64 | BPF_SUB | BPF_K, BPF_REG_0, 0, 0, 1),
		INSN(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_0, 0, -2, 0),
		EXIT,
	};
	static const struct bpf_insn v2[] = {
		SET(BPF_REG_0, 0),
		INSN(BPF_JMP | BPF_JLT | BPF_K, BPF_REG_0, 0, 1, 1),
		SET(BPF_REG_0, 1),
		EXIT,
	};
	static const struct bpf_insn v3[] = {
		SET(BPF_REG_0, 0),
		INSN(BPF_JMP32 | BPF_JLT | BPF_K, BPF_REG_0, 0, 1, 1),
		SET(BPF_REG_0, 1),
		EXIT,
	};
	/* r1 = (s8)r0 */
	static const struct bpf_insn v4[] = {
		SET(BPF_REG_0, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, BPF_REG_0, 8, 0),
		EXIT,
	};
	static const struct bpf_insn atomics[] = {
		SET(BPF_REG_0, 1),
		INSN(BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, -8, 0),
		INSN(BPF_STX | BPF_ATOMIC | BPF_DW, BPF_REG_10, BPF_REG_0, -8, BPF_ADD | BPF_FETCH),
		EXIT,
	};

	switch (feature) {
	case SKEP_FEATURE_BOUNDED_LOOP:
		return load_filter(loop, LEN(loop), "");
	case SKEP_FEATURE_ISA_V2:
		return load_filter(v2, LEN(v2), "");
	case SKEP_FEATURE_ISA_V3:
		return load_filter(v3, LEN(v3), "");
	case SKEP_FEATURE_ISA_V4:
		return load_filter(v4, LEN(v4), "");
	default:
		return load_filter(atomics, LEN(atomics), "");
	}
}

static int make_array(uint32_t flags)
{
	struct skep_attr_map_create attr = { .map_type = BPF_MAP_TYPE_ARRAY,
					     .key_size = 4,
					     .value_size = 8,
					     .max_entries = 1,
					     .map_flags = flags };

	return skep_try_map(&attr);
}

static int load_global_data(void)
{
	SKEP_SCOPED(skep_scoped_fd) int map = make_array(0);
	const struct bpf_insn insns[] = {
		INSN(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_VALUE, 0, map),
		{ 0 },
		SET(BPF_REG_0, 0),
		EXIT,
	};

	return map < 0 ? map : load_filter(insns, LEN(insns), "");
}

/* 0 where the commands for many elements at once are there. */
static int try_batch(void)
{
	SKEP_SCOPED(skep_scoped_fd) int map = make_array(0);
	struct skep_attr_map_batch attr = { .map_fd = (uint32_t)map };

	return map < 0 ? map : skep_bpf_map_batch(BPF_MAP_LOOKUP_BATCH, &attr);
}

/* A bpffs is missing, which a kernel that has tokens tells apart from a command that it lacks. */
static int try_token(void)
{
	int ret = skep_bpf_token_create(-1);

	return ret == -EBADF ? 0 : ret;
}

static int try_feature(enum skep_feature feature)
{
	switch (feature) {
	case SKEP_FEATURE_PROGRAM_NAME:
		return load_filter(skep_return_0, 2, "probe");
	case SKEP_FEATURE_LARGE_PROGRAM:
		return load_many();
	case SKEP_FEATURE_GLOBAL_DATA:
		return load_global_data();
	case SKEP_FEATURE_MMAP:
		return make_array(BPF_F_MMAPABLE);
	default:
		return load_isa(feature);
	}
}

enum skep_answer skep_probe_feature(enum skep_feature feature, struct skep_probe *why)
{
	int ret;

	if ((unsigned int)feature >= SKEP_N_FEATURES)
		return skep_say(why, SKEP_NO, EINVAL, "%d is no feature", (int)feature);
	if (feature == SKEP_FEATURE_TRAMPOLINE)
		return skep_probe_attach_type(BPF_TRACE_FENTRY, why);
	if (feature != SKEP_FEATURE_BATCH && feature != SKEP_FEATURE_TOKEN)
		return judge_fd(try_feature(feature), SKEP_RIGHT_BPF, features[feature], why);
	ret = feature == SKEP_FEATURE_BATCH ? try_batch() : try_token();
	return ret ? judge_fd(ret, SKEP_RIGHT_BPF, features[feature], why) :
		     skep_say(why, SKEP_YES, 0, "%s", "");
}
