/* SPDX-License-Identifier: MIT */
/*
 * Events made by a line in tracefs's kprobe_events or uprobe_events: the way of kernels without
 * the event sources kprobe and uprobe (before 4.17). Such an event belongs to nobody: one whose
 * process was killed stays, without effect, until it is removed by hand or the machine reboots.
 */
#ifndef SKEP_KERNEL_PROBE_EVENT_H
#define SKEP_KERNEL_PROBE_EVENT_H

#include <stdbool.h>
#include <skep/error.h>

struct skep_probe_event {
	int tracefs;	  /* its root, owned */
	const char *file; /* "kprobe_events" */
	char name[32];	  /* in the group skep; "" until the kernel was asked */
	int id;		  /* for perf_event_attr.config */
};

/*
 * Makes an event for @place ("vfs_read+0x10", "/bin/sh:0x1000"). When there is no tracefs or no
 * @file in it, event->name stays empty and the message says so; otherwise the error is the kernel's
 * answer to the line, whose meaning the caller knows.
 */
int skep_probe_event_add(struct skep_probe_event *event, const char *file, bool is_return,
			 const char *place, struct skep_error *err);

/* Removes it; nothing may be attached to it any more. */
void skep_probe_event_remove(struct skep_probe_event *event);

#endif
