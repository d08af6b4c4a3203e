// SPDX-License-Identifier: MIT
/* Files with each byte changed and cut at any length: what is read must be inside them. */
#include "builder.h"
#include "user/symbols.h"
#include "user/usdt.h"

static struct builder b;

/* All that is asked about a file, from bytes that end where their memory ends. */
static void ask_all(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	struct skep_usdt_notes notes;
	struct skep_usdt_note note;
	struct skep_image image;
	uint64_t *offsets, value;
	const uint8_t *id;

	assert_non_null(copy);
	memcpy(copy, data, len);
	if (!skep_image_read(&image, copy, len, "/bin/made", NULL)) {
		skep_image_function(&image, "copy@LIB_1.0", &value, NULL);
		skep_image_function(&image, "none", &value, NULL);
		if (skep_image_match(&image, "*", &offsets, NULL) > 0)
			free(offsets);
		if (skep_image_build_id(&image, &id))
			assert_true(id > copy && id < copy + len);
		if (skep_image_offset(&image, IN_TEXT, PF_X, &value))
			assert_true(value < len);
		if (skep_usdt_notes_open(&notes, &image))
			while (skep_usdt_notes_next(&notes, &note))
				assert_true(strlen(note.args) < len);
	}
	free(copy);
}

static void any_byte_of_an_image_may_be_wrong(void **state)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };

	(void)state;
	for (unsigned int variant = 0; variant < N_VARIANTS; variant++) {
		build_example(&b, variant, false);
		for (size_t at = 0; at < b.len; at++) {
			uint8_t good;

			/* The code and the data between are read by nobody. */
			if (at == 0x200)
				at = DATA_OFFSET + PART_SIZE;
			for (size_t v = 0; v < sizeof(values); v++) {
				good = b.data[at];
				b.data[at] = values[v];
				ask_all(b.data, b.len);
				b.data[at] = good;
			}
		}
	}
}

static void image_may_be_cut_at_any_length(void **state)
{
	(void)state;
	for (unsigned int variant = 0; variant < N_VARIANTS; variant++) {
		build_example(&b, variant, false);
		for (size_t len = 0; len < b.len; len += len < 0x200 ? 1 : 13)
			ask_all(b.data, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_byte_of_an_image_may_be_wrong),
		cmocka_unit_test(image_may_be_cut_at_any_length),
	};

	return cmocka_run_group_tests_name("user_damage", tests, NULL, NULL);
}
