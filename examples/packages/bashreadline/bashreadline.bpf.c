// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

/**
 * @brief What is typed into every bash.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct line {
	__u32 pid;
	char comm[16];
	char text[80];
};

SKEP_EMIT_RING(lines, struct line, 64 * 1024);

SEC("uretprobe//bin/bash:readline")
int BPF_URETPROBE(on_readline, const char *text)
{
	struct line *line;

	if (!text)
		return 0;
	line = SKEP_RESERVE(lines);
	if (!line)
		return 0;
	__builtin_memset(line, 0, sizeof(*line));
	line->pid = skep_pid();
	bpf_get_current_comm(line->comm, sizeof(line->comm));
	bpf_probe_read_user_str(line->text, sizeof(line->text), text);
	SKEP_SUBMIT(lines, line);
	return 0;
}
