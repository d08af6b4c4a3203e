// SPDX-License-Identifier: MIT
/* One function of a program or library. */
#include "link/uprobe.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"

static const struct skep_link_ops uprobe_ops = { .detach = skep_uprobe_release };

static void name_hook(struct skep_uprobe *uprobe, const struct skep_uprobe_opts *o)
{
	const char *kind = uprobe->is_return ? "uretprobe" : "uprobe";
	const char *path = uprobe->binary->label;
	unsigned long long offset = o->offset;

	if (!o->symbol)
		snprintf(uprobe->hook, sizeof(uprobe->hook), "%s %.60s:0x%llx", kind, path, offset);
	else if (offset)
		snprintf(uprobe->hook, sizeof(uprobe->hook), "%s %.60s:%.60s+0x%llx", kind, path,
			 o->symbol, offset);
	else
		snprintf(uprobe->hook, sizeof(uprobe->hook), "%s %.60s:%.60s", kind, path,
			 o->symbol);
}

static bool is_return(const struct skep_program *program, const struct skep_uprobe_opts *o)
{
	return o->retprobe || skep_link_in_section(program, "uretprobe");
}

static int check(const struct skep_program *program, const char *path,
		 const struct skep_uprobe_opts *o, struct skep_error *err)
{
	int ret = skep_link_check(program, BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_KPROBE,
				  "a function of user space", err);

	if (!ret)
		ret = skep_uprobe_check_pid(o->pid, err);
	if (ret)
		return ret;
	if (!path)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "no file is given");
	if (!is_return(program, o) || !o->symbol || !o->offset)
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
		       "a function's return has no place in it, and so no offset");
	skep_error_add_hint(err, "use a uprobe for an instruction inside the function");
	return -EINVAL;
}

struct skep_link *skep_uprobe_link(const struct skep_uprobe *uprobe, struct skep_error *err)
{
	struct skep_link *link =
		skep_link_hold(&uprobe_ops, uprobe->program, sizeof(struct skep_uprobe_state), err,
			       "%s", uprobe->hook);

	if (link && skep_uprobe_attach(uprobe, link, err)) {
		skep_link_close(link);
		return NULL;
	}
	return link;
}

struct skep_binary *skep_uprobe_binary(struct skep_error *err)
{
	struct skep_binary *binary = calloc(1, sizeof(*binary));

	if (!binary)
		skep_error_nomem(err, SKEP_STAGE_ATTACH);
	return binary;
}

/* Closes @binary. */
static struct skep_link *attach_in(const struct skep_program *program, struct skep_binary *binary,
				   const struct skep_uprobe_opts *o, struct skep_error *err)
{
	struct skep_uprobe_point point = { .ref_ctr = o->ref_ctr_offset, .cookie = o->cookie };
	struct skep_uprobe uprobe = { .program = program,
				      .binary = binary,
				      .points = &point,
				      .n = 1,
				      .pid = o->pid,
				      .is_return = is_return(program, o),
				      .has_cookies = o->cookie };
	int ret;

	ret = skep_uprobe_check_machine(binary, err) ?:
		      skep_uprobe_place(binary, o->symbol, o->offset, &point.offset, err);
	skep_binary_close(binary);
	if (ret)
		return NULL;
	if (point.ref_ctr)
		point.ref_ctr += binary->member;
	name_hook(&uprobe, o);
	return skep_uprobe_link(&uprobe, err);
}

struct skep_link *skep_program_attach_uprobe(const struct skep_program *program, const char *path,
					     const struct skep_uprobe_opts *opts,
					     struct skep_error *err)
{
	const struct skep_uprobe_opts o = SKEP_OPTS(struct skep_uprobe_opts, opts);
	SKEP_SCOPED(skep_scoped_free) struct skep_binary *binary = NULL;
	struct skep_link *link;

	if (check(program, path, &o, err))
		return skep_link_fail(program, err);
	binary = skep_uprobe_binary(err);
	if (!binary || skep_binary_open(binary, path, o.pid, err))
		return skep_link_fail(program, err);
	link = attach_in(program, binary, &o, err);
	return link ? link : skep_link_fail(program, err);
}

/* "FUNCTION", "FUNCTION+OFFSET", or an offset in the file: "0x1234" */
static int parse_place(char *text, struct skep_uprobe_opts *opts, struct skep_error *err)
{
	char *number = text, *plus = strrchr(text, '+'), *end;

	if (*text < '0' || *text > '9') {
		opts->symbol = text;
		if (!plus)
			return 0;
		*plus = '\0';
		number = plus + 1;
	}
	opts->offset = strtoull(number, &end, 0);
	if (end != number && !*end && *text)
		return 0;
	return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			      "'%.80s' is no number of bytes in the section's name", number);
}

/* "PATH:FUNCTION+OFFSET" */
struct skep_link *skep_uprobe_by_section(const struct skep_program *program, struct skep_error *err)
{
	const char *target = skep_program_spec(program)->target;
	const char *colon = skep_uprobe_split(target, "FILE:FUNCTION or FILE:FUNCTION+OFFSET", err);
	SKEP_SCOPED(skep_scoped_free) char *copy = colon ? strdup(target) : NULL;
	struct skep_uprobe_opts opts = { .size = sizeof(opts) };

	if (!colon)
		return skep_link_fail(program, err);
	if (!copy) {
		skep_error_nomem(err, SKEP_STAGE_ATTACH);
		return NULL;
	}
	copy[colon - target] = '\0';
	if (parse_place(copy + (colon - target) + 1, &opts, err))
		return skep_link_fail(program, err);
	return skep_program_attach_uprobe(program, copy, &opts, err);
}
