// SPDX-License-Identifier: MIT
#include "kernel/run_support.h"

const uint8_t run_packet[RUN_PACKET_LEN] = {
	[12] = 0x08, [14] = 0x45, [17] = 50, [22] = 64, [23] = 17
};

struct rig load_all(void)
{
	struct rig rig = { .spec = open_fixture("run_types") };
	struct skep_error err = { 0 };

	rig.object = skep_object_load(rig.spec, NULL, &err);
	assert_ok(rig.object, &err);
	return rig;
}

void close_all(struct rig *rig)
{
	skep_object_close(rig->object);
	skep_spec_free(rig->spec);
}

const struct skep_program *loaded(const struct rig *rig, const char *name)
{
	const struct skep_program *program = skep_object_program(rig->object, name);

	assert_non_null(program);
	return skep_program_fd(program) < 0 ? NULL : program;
}

struct skep_program_run input(enum input kind)
{
	static const struct bpf_sk_lookup lookup = { .family = 2,
						     .protocol = 6,
						     .local_port = 4660 };
	static const uint64_t args[12] = { 40, 2 };
	struct skep_program_run run = { .size = sizeof(run) };

	switch (kind) {
	case PACKET:
		run.data_in = run_packet;
		run.data_in_len = RUN_PACKET_LEN;
		break;
	case LOOKUP:
		run.ctx_in = &lookup;
		run.ctx_in_len = sizeof(lookup);
		break;
	case ARGS:
		run.ctx_in = args;
		run.ctx_in_len = sizeof(args);
		break;
	case SYSCALL:
		run.ctx_in = args;
		run.ctx_in_len = 16;
		break;
	case NOTHING:
		break;
	}
	return run;
}
