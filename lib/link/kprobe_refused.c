// SPDX-License-Identifier: MIT
/* Why a kernel function cannot be probed: what the kernel's number means for this name. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/near.h"
#include "kernel/kallsyms.h"
#include "kernel/rights.h"
#include "link/kprobe.h"

/* What the kernel's symbols have to a name. */
struct symbols {
	const char *name;
	size_t len;
	bool are_known; /* there is a list of them */
	size_t n;	/* symbols of this name */
	bool is_data;	/* and one is no function */
	char like[160]; /* " name.isra.0 name.cold": what the compiler made of it */
	char near[64];	/* the function whose name is nearest, or "" */
	unsigned int distance;
};

/* Mistakes are rarely in the first letter, and comparing all names would take a second. */
static void note_near(struct symbols *s, const struct skep_kallsym *symbol)
{
	size_t len = strlen(symbol->name);
	unsigned int distance;

	if (symbol->name[0] != s->name[0] || len > s->len + 2 || len + 2 < s->len ||
	    len >= sizeof(s->near) || !strchr("tTwW", symbol->type))
		return;
	distance = skep_name_distance(s->name, symbol->name);
	if (distance > 2 || (s->near[0] && distance >= s->distance))
		return;
	memcpy(s->near, symbol->name, len + 1);
	s->distance = distance;
}

static int note_symbol(const struct skep_kallsym *symbol, void *context)
{
	struct symbols *s = context;
	size_t used = strlen(s->like);

	s->are_known = true;
	note_near(s, symbol);
	if (strncmp(symbol->name, s->name, s->len))
		return 0;
	if (!symbol->name[s->len]) {
		s->n++;
		s->is_data |= !strchr("tTwW", symbol->type);
	} else if (symbol->name[s->len] == '.') {
		snprintf(s->like + used, sizeof(s->like) - used, " %s", symbol->name);
	}
	return 0;
}

/* As far as they can be read: they only make a message better. */
static void find_symbols(struct symbols *s, const char *function)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_kallsyms_open(NULL);
	const char *colon = strchr(function, ':');

	*s = (struct symbols){ .name = colon ? colon + 1 : function };
	s->len = strlen(s->name);
	if (fd >= 0)
		skep_kallsyms_walk(fd, note_symbol, s, NULL);
}

static int no_function(const struct skep_kprobe *p, const struct symbols *s, struct skep_error *err)
{
	if (s->n && s->is_data)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
				      "'%s' is data of the kernel and no function", p->function);
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "the kernel has no function '%s'",
		       p->function);
	if (s->like[0])
		skep_error_add_hint(err,
				    "the compiler made something else of it, whose name differs "
				    "from build to build:%s",
				    s->like);
	else if (s->near[0])
		skep_error_add_hint(err, "did you mean '%s'?", s->near);
	else
		skep_error_add_hint(err, "it may be inlined, renamed in this version, or in a "
					 "module that is not loaded; /proc/kallsyms lists all");
	return -ENOENT;
}

static int ambiguous(const struct skep_kprobe *p, const struct symbols *s, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTUNIQ, "the kernel has %zu functions '%s'", s->n,
		       p->function);
	skep_error_add_hint(err, "give the address of one: /proc/kallsyms lists them");
	return -ENOTUNIQ;
}

static int not_allowed(const struct skep_kprobe *p, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "the kernel does not allow a %s", p->hook);
	skep_error_add_hint(err, "it forbids to probe what probes themselves need (listed in "
				 "/sys/kernel/debug/kprobes/blacklist), and what is no function");
	return -EINVAL;
}

/* x86 says EILSEQ; others EINVAL, as to all that they do not probe. */
static int no_instruction(const struct skep_kprobe *p, int code, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, -code, "%s is in the middle of an instruction%s",
		       p->hook, code == -EILSEQ ? "" : ", or may not be probed");
	return code;
}

/* tracefs answers EINVAL to whatever it does not like (6.7 on). */
static bool is_missing(const struct symbols *s, int answer)
{
	return answer == -ENOENT || (answer == -EINVAL && s->are_known && !s->n);
}

bool skep_kprobe_is_missing(const struct skep_kprobe *p, int answer)
{
	struct symbols s = { 0 };

	if (answer == -EINVAL)
		find_symbols(&s, p->function);
	return is_missing(&s, answer);
}

static int refused_name(const struct skep_kprobe *p, int answer, struct skep_error *err)
{
	struct symbols s;

	find_symbols(&s, p->function);
	if (is_missing(&s, answer))
		return no_function(p, &s, err);
	if (answer == -EADDRNOTAVAIL)
		return ambiguous(p, &s, err);
	if (p->offset)
		return no_instruction(p, answer, err);
	return not_allowed(p, err);
}

int skep_kprobe_refused(const struct skep_kprobe *p, int answer, struct skep_error *err)
{
	switch (answer) {
	case -ENOENT:
	case -EADDRNOTAVAIL:
	case -EINVAL:
		return p->function ? refused_name(p, answer, err) : not_allowed(p, err);
	case -EILSEQ:
		return no_instruction(p, answer, err);
	default:
		return skep_link_refused(err, answer, SKEP_RIGHT_PERFMON, p->hook);
	}
}
