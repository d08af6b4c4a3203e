// SPDX-License-Identifier: MIT
/* Stacks as text. */
#include <skep/stack.h>

#include <stdio.h>

static void write_name(const struct skep_frame *frame, struct skep_text *out)
{
	if (!frame->symbol) {
		if (frame->address)
			skep_text_hex(out, frame->address);
		else
			skep_text_lit(out, "[unknown]");
		return;
	}
	skep_text_escaped(out, frame->symbol, strlen(frame->symbol));
	skep_text_lit(out, "+");
	skep_text_hex(out, frame->offset);
}

/* "    7f1c2a3b4c5d main+0x1a (/usr/bin/x)", of the kernel "[module]". */
static void write_line(const struct skep_frame *frame, struct skep_text *out)
{
	char address[24];

	snprintf(address, sizeof(address), "%20llx ",
		 (unsigned long long)(frame->address ?: frame->file_offset));
	skep_text_str(out, address);
	if (frame->symbol)
		write_name(frame, out);
	else
		skep_text_lit(out, "[unknown]");
	if (frame->file) {
		skep_text_str(out, frame->is_kernel ? " [" : " (");
		skep_text_escaped(out, frame->file, strlen(frame->file));
		skep_text_char(out, frame->is_kernel ? ']' : ')');
	}
	skep_text_char(out, '\n');
}

/* What separates frames may stand in the name of a function that was compiled from a template. */
static void write_folded_name(const struct skep_frame *frame, struct skep_text *out)
{
	size_t start = out->len;

	if (frame->symbol)
		skep_text_escaped(out, frame->symbol, strlen(frame->symbol));
	else
		skep_text_lit(out, "[unknown]");
	for (size_t i = start; i < out->len; i++)
		if (out->data[i] == ';')
			out->data[i] = ':';
}

static void write_json(const struct skep_frame *frame, struct skep_text *out)
{
	const char *comma = "";

	skep_text_char(out, '{');
	if (frame->address || !frame->file) {
		skep_text_lit(out, "\"address\":\"");
		skep_text_hex(out, frame->address);
		skep_text_char(out, '"');
		comma = ",";
	}
	if (frame->symbol) {
		skep_text_str(out, comma);
		skep_text_lit(out, "\"symbol\":");
		skep_text_json_string(out, frame->symbol, strlen(frame->symbol));
		skep_text_lit(out, ",\"offset\":");
		skep_text_u64(out, frame->offset);
		comma = ",";
	}
	if (frame->file) {
		skep_text_str(out, comma);
		skep_text_str(out, frame->is_kernel ? "\"module\":" : "\"file\":");
		skep_text_json_string(out, frame->file, strlen(frame->file));
		if (!frame->is_kernel) {
			skep_text_lit(out, ",\"file_offset\":");
			skep_text_u64(out, frame->file_offset);
		}
	}
	skep_text_char(out, '}');
}

void skep_stack_write(const struct skep_frame *frames, size_t n, enum skep_stack_form form,
		      struct skep_text *out)
{
	if (!out || (n && !frames))
		return;
	if (form == SKEP_STACK_JSON)
		skep_text_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		switch (form) {
		case SKEP_STACK_LINES:
			write_line(&frames[i], out);
			break;
		case SKEP_STACK_LINE:
			skep_text_str(out, i ? " < " : "");
			write_name(&frames[i], out);
			break;
		case SKEP_STACK_FOLDED:
			skep_text_str(out, i ? ";" : "");
			write_folded_name(&frames[n - 1 - i], out);
			break;
		case SKEP_STACK_JSON:
			skep_text_str(out, i ? "," : "");
			write_json(&frames[i], out);
			break;
		}
	}
	if (form == SKEP_STACK_JSON)
		skep_text_char(out, ']');
}

static void write_folded(const struct skep_frame *frames, size_t n, const char *suffix,
			 struct skep_text *out)
{
	for (size_t i = n; frames && i--;) {
		skep_text_char(out, ';');
		write_folded_name(&frames[i], out);
		skep_text_str(out, suffix);
	}
}

void skep_stack_write_folded(const char *comm, const struct skep_frame *user, size_t n_user,
			     const struct skep_frame *kernel, size_t n_kernel, uint64_t count,
			     struct skep_text *out)
{
	size_t start;

	if (!out)
		return;
	start = out->len;
	if (comm && *comm) {
		struct skep_frame name = { .symbol = comm };

		skep_text_char(out, ';');
		write_folded_name(&name, out);
	}
	write_folded(user, n_user, "", out);
	write_folded(kernel, n_kernel, "_[k]", out);
	/* What is first has nothing before it. */
	if (out->len > start && !out->failed) {
		memmove(out->data + start, out->data + start + 1, out->len - start - 1);
		out->len--;
	}
	skep_text_char(out, ' ');
	skep_text_u64(out, count);
	skep_text_char(out, '\n');
}
