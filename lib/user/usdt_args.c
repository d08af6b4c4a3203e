// SPDX-License-Identifier: MIT
/*
 * The notation of arguments: "N@OPERAND", N bytes, negative for a signed value, and an operand as
 * the machine's assembler has it:
 *
 *	x86	$5	%rax	-8(%rbp)	8(%rax,%rbx,4)	name+8(%rip)
 *	arm64	5	x0	[sp, 8]		[x1, x2, lsl 3]
 *	arm	#5	r0	[fp, #-8]	[r1, r2, lsl #2]
 *	s390	5	%r2	160(%r15)	0(%r1,%r2)
 *	riscv	5	a0	-8(s0)
 *	powerpc	i5	3	112(1)		9,10
 *
 * Operands themselves may have spaces, but only inside brackets.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "user/usdt.h"

#define MAX_SCALE 15 /* what the maps can hold */

struct parser {
	const struct skep_usdt_notation *notation;
	const char *at, *end;
	struct skep_usdt_arg *arg;
};

static void skip_spaces(struct parser *p)
{
	while (p->at < p->end && *p->at == ' ')
		p->at++;
}

static bool take(struct parser *p, char c)
{
	skip_spaces(p);
	if (p->at >= p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

/* A number; the text it is in ends with a NUL somewhere. */
static bool take_number(struct parser *p, int64_t *value)
{
	const char *digits;
	char *end;

	skip_spaces(p);
	digits = p->at + (p->at < p->end && (*p->at == '-' || *p->at == '+'));
	if (digits >= p->end || *digits < '0' || *digits > '9')
		return false;
	/* A constant may be unsigned and 64 bits wide. */
	errno = 0;
	*value = *p->at == '-' ? strtoll(p->at, &end, 0) : (int64_t)strtoull(p->at, &end, 0);
	if (errno || end > p->end)
		return false;
	p->at = end;
	return true;
}

static bool take_register(struct parser *p, uint16_t *offset)
{
	size_t len = 0;

	skip_spaces(p);
	while (p->at + len < p->end && !strchr(" ,()[]#", p->at[len]))
		len++;
	if (!skep_usdt_register(p->notation, p->at, len, offset))
		return false;
	p->at += len;
	return true;
}

static bool at_end(struct parser *p)
{
	skip_spaces(p);
	return p->at == p->end;
}

static bool set_scale(struct parser *p, int64_t factor)
{
	if (factor < 1 || factor > 8 || factor & (factor - 1))
		return false;
	p->arg->scale = (uint8_t)__builtin_ctzll((uint64_t)factor);
	return true;
}

/* "BASE)", "BASE,INDEX)", "BASE,INDEX,SCALE)", ",INDEX,SCALE)" does not occur. */
static bool parse_parens(struct parser *p)
{
	int64_t factor;

	p->arg->kind = SKEP_USDT_MEMORY;
	if (!take_register(p, &p->arg->reg))
		return false;
	if (take(p, ',')) {
		p->arg->kind = SKEP_USDT_INDEXED;
		if (!take_register(p, &p->arg->index))
			return false;
		if (take(p, ',') && (!take_number(p, &factor) || !set_scale(p, factor)))
			return false;
	}
	return take(p, ')') && at_end(p);
}

/* ", lsl #3]" or "]" */
static bool parse_shift(struct parser *p)
{
	int64_t shift;

	if (take(p, ',')) {
		skip_spaces(p);
		if (p->end - p->at < 3 || memcmp(p->at, "lsl", 3) != 0)
			return false;
		p->at += 3;
		take(p, '#');
		if (!take_number(p, &shift) || shift < 0 || shift > MAX_SCALE)
			return false;
		p->arg->scale = (uint8_t)shift;
	}
	return take(p, ']') && at_end(p);
}

/* "BASE]", "BASE, #OFFSET]", "BASE, INDEX]", "BASE, INDEX, lsl #SCALE]" */
static bool parse_brackets(struct parser *p)
{
	p->arg->kind = SKEP_USDT_MEMORY;
	if (!take_register(p, &p->arg->reg))
		return false;
	if (!take(p, ','))
		return take(p, ']') && at_end(p);
	take(p, '#');
	if (take_number(p, &p->arg->value))
		return take(p, ']') && at_end(p);
	p->arg->kind = SKEP_USDT_INDEXED;
	return take_register(p, &p->arg->index) && parse_shift(p);
}

/* Register zero counts as the number zero in an address of powerpc. */
static bool parse_pair(struct parser *p)
{
	uint16_t first = p->arg->reg;

	if (!take_register(p, &p->arg->index) || !at_end(p))
		return false;
	p->arg->kind = SKEP_USDT_INDEXED;
	if (!first) {
		p->arg->kind = SKEP_USDT_MEMORY;
		p->arg->reg = p->arg->index;
		p->arg->index = 0;
	}
	return true;
}

static bool parse_constant(struct parser *p)
{
	const char *prefix = p->notation->constant;

	p->arg->kind = SKEP_USDT_CONSTANT;
	return (!*prefix || take(p, *prefix)) && take_number(p, &p->arg->value) && at_end(p);
}

static bool parse_register(struct parser *p)
{
	p->arg->kind = SKEP_USDT_REGISTER;
	if (!take_register(p, &p->arg->reg))
		return false;
	return at_end(p) || (p->notation->number_is_register && take(p, ',') && parse_pair(p));
}

static bool parse_displaced(struct parser *p)
{
	take_number(p, &p->arg->value);
	return take(p, '(') && parse_parens(p);
}

static size_t symbol_length(const struct parser *p)
{
	size_t len = 0;

	if (p->at < p->end && *p->at >= '0' && *p->at <= '9')
		return 0;
	while (p->at + len < p->end && !strchr(" ,()[]%$+-", p->at[len]))
		len++;
	return len;
}

/* "name(%rip)", "name+8(%rip)", "8+name(%rip)": a variable, by its distance from the code. */
static bool parse_symbol(struct parser *p)
{
	int64_t more = 0;
	uint16_t counter;

	if (!skep_usdt_register(p->notation, "%rip", 4, &counter) ||
	    (take_number(p, &p->arg->value) && !take(p, '+')))
		return false;
	p->arg->kind = SKEP_USDT_SYMBOL;
	p->arg->symbol = p->at;
	p->arg->symbol_len = symbol_length(p);
	p->at += p->arg->symbol_len;
	take_number(p, &more);
	p->arg->value = (int64_t)((uint64_t)p->arg->value + (uint64_t)more);
	return p->arg->symbol_len && take(p, '(') && take_register(p, &p->arg->reg) &&
	       p->arg->reg == counter && take(p, ')') && at_end(p);
}

typedef bool (*parse_fn)(struct parser *p);

/* The forms exclude each other, so each is tried from the start. */
static void parse_operand(struct parser *p)
{
	static const parse_fn forms[] = { parse_register, parse_constant, parse_displaced,
					  parse_symbol };
	const struct skep_usdt_arg empty = { .size = p->arg->size, .is_signed = p->arg->is_signed };
	const char *start = p->at;

	if (take(p, '[')) {
		if (parse_brackets(p))
			return;
	} else {
		for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
			p->at = start;
			*p->arg = empty;
			if (forms[i](p))
				return;
		}
	}
	*p->arg = empty;
	p->arg->kind = SKEP_USDT_UNREADABLE;
}

/* "-4@": the size; "8f@" is a floating-point number, in a register that is not kept. */
static bool parse_size(struct parser *p, bool *is_float)
{
	int64_t size;

	if (!take_number(p, &size))
		return false;
	*is_float = p->at < p->end && *p->at == 'f';
	p->at += *is_float;
	p->arg->is_signed = size < 0;
	if (size < 0)
		size = -size;
	p->arg->size = (uint8_t)size;
	return (size == 1 || size == 2 || size == 4 || size == 8) && take(p, '@');
}

/* A space ends an argument, unless it is inside brackets or behind a comma in them. */
static const char *argument_end(const char *text)
{
	int depth = 0;

	for (; *text && (*text != ' ' || depth); text++)
		depth += (*text == '[' || *text == '(') - (*text == ']' || *text == ')');
	return text;
}

int skep_usdt_parse(const struct skep_usdt_notation *notation, const char *text,
		    struct skep_usdt_arg args[SKEP_USDT_MAX_ARGS])
{
	int n = 0;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		struct parser p = { .notation = notation, .at = text, .end = argument_end(text) };
		bool is_float;

		if (n == SKEP_USDT_MAX_ARGS)
			return -E2BIG;
		p.arg = &args[n++];
		*p.arg = (struct skep_usdt_arg){ 0 };
		if (!parse_size(&p, &is_float))
			return -EINVAL;
		parse_operand(&p);
		if (is_float && p.arg->kind == SKEP_USDT_REGISTER)
			p.arg->kind = SKEP_USDT_UNREADABLE;
		text = p.end;
	}
	return n;
}
