// SPDX-License-Identifier: MIT
/* Modes of files as ls shows them. */
#include <sys/stat.h>

#include "record/flags.h"

static const struct {
	uint64_t type;
	char letter;
} types[] = {
	{ S_IFREG, '-' }, { S_IFDIR, 'd' }, { S_IFLNK, 'l' },  { S_IFCHR, 'c' },
	{ S_IFBLK, 'b' }, { S_IFIFO, 'p' }, { S_IFSOCK, 's' },
};

#define N_TYPES (sizeof(types) / sizeof(types[0]))

/* Bits that take the place of an x: the one that is set with it is small, without it large. */
static const struct {
	size_t place;
	uint64_t bit;
	char with, without;
} specials[] = { { 2, S_ISUID, 's', 'S' }, { 5, S_ISGID, 's', 'S' }, { 8, S_ISVTX, 't', 'T' } };

bool skep_write_mode(uint64_t mode, struct skep_text *out)
{
	char letters[] = "rwxrwxrwx";
	size_t type = 0;

	while (type < N_TYPES && types[type].type != (mode & S_IFMT))
		type++;
	if (mode >> 16 || (mode & S_IFMT && type == N_TYPES))
		return false;
	for (size_t i = 0; i < 9; i++)
		if (!(mode >> (8 - i) & 1))
			letters[i] = '-';
	for (size_t i = 0; i < 3; i++)
		if (mode & specials[i].bit)
			letters[specials[i].place] = letters[specials[i].place] == 'x' ?
							     specials[i].with :
							     specials[i].without;
	if (mode & S_IFMT)
		skep_text_char(out, types[type].letter);
	skep_text_bytes(out, letters, 9);
	return true;
}

bool skep_read_mode(const char *text, uint64_t *mode)
{
	size_t len = strlen(text), type = N_TYPES;
	uint64_t bits = 0;

	if (len == 10) {
		for (type = 0; type < N_TYPES && types[type].letter != *text; type++)
			;
		if (type == N_TYPES)
			return false;
		bits = types[type].type;
		text++;
		len--;
	}
	if (len != 9)
		return false;
	for (size_t i = 0; i < 9; i++) {
		size_t k = i / 3;

		if (text[i] == "rwxrwxrwx"[i])
			bits |= 1ull << (8 - i);
		else if (i == specials[k].place && text[i] == specials[k].with)
			bits |= 1ull << (8 - i) | specials[k].bit;
		else if (i == specials[k].place && text[i] == specials[k].without)
			bits |= specials[k].bit;
		else if (text[i] != '-')
			return false;
	}
	*mode = bits;
	return true;
}
