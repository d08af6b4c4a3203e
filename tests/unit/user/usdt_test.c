// SPDX-License-Identifier: MIT
#include <errno.h>

#include "builder.h"
#include "user/usdt.h"

#define EM_RISCV_ 243

static struct skep_usdt_arg args[SKEP_USDT_MAX_ARGS];

static int parse_for(uint16_t machine, uint16_t kernel, const char *text)
{
	const struct skep_usdt_notation *notation = skep_usdt_notation(machine, kernel);

	assert_non_null(notation);
	memset(args, 0xee, sizeof(args));
	return skep_usdt_parse(notation, text, args);
}

static void expect(uint16_t machine, const char *text, const struct skep_usdt_arg *want)
{
	if (parse_for(machine, machine, text) != 1)
		fail_msg("'%s' is not taken as one argument", text);
	if (args[0].kind != want->kind || args[0].value != want->value ||
	    args[0].reg != want->reg || args[0].index != want->index ||
	    args[0].scale != want->scale || args[0].size != want->size ||
	    args[0].is_signed != want->is_signed)
		fail_msg("'%s': kind %d value %lld reg %u index %u scale %u size %u signed %d",
			 text, args[0].kind, (long long)args[0].value, args[0].reg, args[0].index,
			 args[0].scale, args[0].size, args[0].is_signed);
}

#define CONSTANT(size_, signed_, value_)                      \
	(&(struct skep_usdt_arg){ .kind = SKEP_USDT_CONSTANT, \
				  .value = (value_),          \
				  .size = (size_),            \
				  .is_signed = (signed_) })
#define REGISTER(size_, signed_, reg_)                        \
	(&(struct skep_usdt_arg){ .kind = SKEP_USDT_REGISTER, \
				  .reg = (reg_),              \
				  .size = (size_),            \
				  .is_signed = (signed_) })
#define MEMORY(size_, signed_, reg_, value_)                \
	(&(struct skep_usdt_arg){ .kind = SKEP_USDT_MEMORY, \
				  .reg = (reg_),            \
				  .value = (value_),        \
				  .size = (size_),          \
				  .is_signed = (signed_) })
#define INDEXED(size_, signed_, reg_, index_, scale_, value_) \
	(&(struct skep_usdt_arg){ .kind = SKEP_USDT_INDEXED,  \
				  .reg = (reg_),              \
				  .index = (index_),          \
				  .scale = (scale_),          \
				  .value = (value_),          \
				  .size = (size_),            \
				  .is_signed = (signed_) })
#define UNREADABLE(size_, signed_) \
	(&(struct skep_usdt_arg){  \
		.kind = SKEP_USDT_UNREADABLE, .size = (size_), .is_signed = (signed_) })

static void arguments_of_x86_64(void **state)
{
	(void)state;
	expect(EM_X86_64, "-4@$-5", CONSTANT(4, true, -5));
	expect(EM_X86_64, "8@$18446744073709551615", CONSTANT(8, false, -1));
	expect(EM_X86_64, "8@%rax", REGISTER(8, false, 80));
	expect(EM_X86_64, "-4@%edi", REGISTER(4, true, 112));
	expect(EM_X86_64, "2@%r12w", REGISTER(2, false, 24));
	expect(EM_X86_64, "-1@%sil", REGISTER(1, true, 104));
	expect(EM_X86_64, "8@%rsp", REGISTER(8, false, 152));
	expect(EM_X86_64, "-4@-1204(%rbp)", MEMORY(4, true, 32, -1204));
	expect(EM_X86_64, "8@(%rdx)", MEMORY(8, false, 96, 0));
	expect(EM_X86_64, "8@0x10(%rip)", MEMORY(8, false, 128, 16));
	expect(EM_X86_64, "-4@8(%rax,%rbx,4)", INDEXED(4, true, 80, 40, 2, 8));
	expect(EM_X86_64, "1@(%r8,%r9)", INDEXED(1, false, 72, 64, 0, 0));
	expect(EM_X86_64, "8f@%xmm0", UNREADABLE(8, false));
	expect(EM_X86_64, "-4@counter(%rax)", UNREADABLE(4, true));
	expect(EM_X86_64, "-4@(%rip", UNREADABLE(4, true));
	expect(EM_X86_64, "1@%ah", UNREADABLE(1, false));
	expect(EM_X86_64, "8@(%rax,%rbx,3)", UNREADABLE(8, false));
}

static void variables_are_named_on_x86_64(void **state)
{
	static const char *const texts[] = { "-4@counter.0(%rip)", "-4@counter.0+8(%rip)",
					     "-4@counter.0-8(%rip)", "-4@16+counter.0(%rip)" };
	static const int64_t values[] = { 0, 8, -8, 16 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(parse_for(EM_X86_64, EM_X86_64, texts[i]), 1);
		assert_int_equal(args[0].kind, SKEP_USDT_SYMBOL);
		assert_int_equal(args[0].symbol_len, 9);
		assert_memory_equal(args[0].symbol, "counter.0", 9);
		assert_int_equal(args[0].value, values[i]);
		assert_int_equal(args[0].reg, 128);
	}
}

static void arguments_of_i386(void **state)
{
	(void)state;
	expect(EM_386, "-4@%eax", REGISTER(4, true, 24));
	expect(EM_386, "4@8(%ebp)", MEMORY(4, false, 20, 8));
	expect(EM_386, "-4@%rax", UNREADABLE(4, true));
	/* Under a 64-bit kernel the same registers are elsewhere. */
	assert_int_equal(parse_for(EM_386, EM_X86_64, "-4@%eax 4@8(%esp)"), 2);
	assert_int_equal(args[0].reg, 80);
	assert_int_equal(args[1].reg, 152);
}

static void arguments_of_arm64(void **state)
{
	(void)state;
	expect(EM_AARCH64, "-4@5", CONSTANT(4, true, 5));
	expect(EM_AARCH64, "8@x0", REGISTER(8, false, 0));
	expect(EM_AARCH64, "-4@w30", REGISTER(4, true, 240));
	expect(EM_AARCH64, "8@sp", REGISTER(8, false, 248));
	expect(EM_AARCH64, "-4@[sp, 12]", MEMORY(4, true, 248, 12));
	expect(EM_AARCH64, "-4@[sp, #-16]", MEMORY(4, true, 248, -16));
	expect(EM_AARCH64, "8@[x19]", MEMORY(8, false, 152, 0));
	expect(EM_AARCH64, "8@[x1, x2]", INDEXED(8, false, 8, 16, 0, 0));
	expect(EM_AARCH64, "4@[x1, x2, lsl 2]", INDEXED(4, false, 8, 16, 2, 0));
	expect(EM_AARCH64, "4@[x1, w2, sxtw 2]", UNREADABLE(4, false));
	expect(EM_AARCH64, "8@x31", UNREADABLE(8, false));
	assert_int_equal(parse_for(EM_AARCH64, EM_AARCH64, "-4@[sp, 12] 8@x1 -8@[x2, x3, lsl 3]"),
			 3);
	assert_int_equal(args[2].scale, 3);
}

static void arguments_of_arm(void **state)
{
	(void)state;
	expect(EM_ARM, "-4@#-5", CONSTANT(4, true, -5));
	expect(EM_ARM, "4@r7", REGISTER(4, false, 28));
	expect(EM_ARM, "4@fp", REGISTER(4, false, 44));
	expect(EM_ARM, "-4@[fp, #-8]", MEMORY(4, true, 44, -8));
	expect(EM_ARM, "4@[r1, r2, lsl #2]", INDEXED(4, false, 4, 8, 2, 0));
	expect(EM_ARM, "4@-", UNREADABLE(4, false));
	assert_int_equal(parse_for(EM_ARM, EM_AARCH64, "4@lr 4@pc"), 2);
	assert_int_equal(args[0].reg, 14 * 8);
	assert_int_equal(args[1].reg, 256);
}

static void arguments_of_s390(void **state)
{
	(void)state;
	expect(EM_S390, "-4@5", CONSTANT(4, true, 5));
	expect(EM_S390, "-4@%r2", REGISTER(4, true, 40));
	expect(EM_S390, "8@160(%r15)", MEMORY(8, false, 144, 160));
	expect(EM_S390, "8@8(%r1,%r15)", INDEXED(8, false, 32, 144, 0, 8));
	expect(EM_S390, "8@%f0", UNREADABLE(8, false));
}

static void arguments_of_riscv(void **state)
{
	(void)state;
	expect(EM_RISCV_, "-4@5", CONSTANT(4, true, 5));
	expect(EM_RISCV_, "8@a0", REGISTER(8, false, 80));
	expect(EM_RISCV_, "-4@s11", REGISTER(4, true, 216));
	expect(EM_RISCV_, "-4@-20(s0)", MEMORY(4, true, 64, -20));
	expect(EM_RISCV_, "8@t6", REGISTER(8, false, 248));
}

static void arguments_of_powerpc(void **state)
{
	(void)state;
	expect(EM_PPC64, "-4@i5", CONSTANT(4, true, 5));
	expect(EM_PPC64, "-4@3", REGISTER(4, true, 24));
	expect(EM_PPC64, "8@%r31", REGISTER(8, false, 248));
	expect(EM_PPC64, "8@112(1)", MEMORY(8, false, 8, 112));
	expect(EM_PPC64, "8@9,10", INDEXED(8, false, 72, 80, 0, 0));
	expect(EM_PPC64, "8@0,10", MEMORY(8, false, 80, 0));
	expect(EM_PPC64, "8@32", UNREADABLE(8, false));
}

static void lists_that_make_no_sense_are_refused(void **state)
{
	static const char *const wrong[] = { "%rax",   "3@%rax",   "@%rax",  "-@%rax",	"8",
					     "8 %rax", "16@%xmm0", "x@%rax", "8@%rax )" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(parse_for(EM_X86_64, EM_X86_64, wrong[i]), -EINVAL);
	assert_int_equal(parse_for(EM_X86_64, EM_X86_64, ""), 0);
	assert_int_equal(parse_for(EM_X86_64, EM_X86_64, "  "), 0);
	assert_int_equal(parse_for(EM_X86_64, EM_X86_64,
				   "1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1"),
			 12);
	assert_int_equal(parse_for(EM_X86_64, EM_X86_64,
				   "1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 "
				   "1@$1"),
			 -E2BIG);
	assert_null(skep_usdt_notation(EM_AARCH64, EM_X86_64));
}

static void notes_are_read_in_all_classes_and_orders(void **state)
{
	static struct builder b;
	struct skep_error err = { 0 };

	(void)state;
	for (unsigned int i = 0; i < N_VARIANTS; i++) {
		struct skep_usdt_notes notes;
		struct skep_usdt_note note;
		struct skep_image image;
		uint8_t bytes[512] = { 0 };
		size_t len;

		build_start(&b, i, EM_X86_64);
		len = build_usdt_note(&b, bytes, 0x400500, 0x500000, 0x600000, "app", "start",
				      "-4@%edi");
		len += build_usdt_note(&b, bytes + len, 0x400600, 0x500000, 0, "app", "stop", "");
		build_section(&b, ".note.stapsdt", SHT_NOTE, 0, bytes, len);
		/* Moved by 0x1000 since it was linked. */
		build_section(&b, ".stapsdt.base", SHT_PROGBITS, 0x501000, "", 1);
		build_finish(&b);
		assert_ok(!skep_image_read(&image, b.data, b.len, "made", &err), &err);
		assert_true(skep_usdt_notes_open(&notes, &image));
		assert_true(skep_usdt_notes_next(&notes, &note));
		assert_string_equal(note.provider, "app");
		assert_string_equal(note.name, "start");
		assert_string_equal(note.args, "-4@%edi");
		assert_int_equal(note.addr, 0x401500);
		assert_int_equal(note.semaphore, 0x601000);
		assert_true(skep_usdt_notes_next(&notes, &note));
		assert_string_equal(note.name, "stop");
		assert_int_equal(note.addr, 0x401600);
		assert_int_equal(note.semaphore, 0);
		assert_false(skep_usdt_notes_next(&notes, &note));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_of_x86_64),
		cmocka_unit_test(variables_are_named_on_x86_64),
		cmocka_unit_test(arguments_of_i386),
		cmocka_unit_test(arguments_of_arm64),
		cmocka_unit_test(arguments_of_arm),
		cmocka_unit_test(arguments_of_s390),
		cmocka_unit_test(arguments_of_riscv),
		cmocka_unit_test(arguments_of_powerpc),
		cmocka_unit_test(lists_that_make_no_sense_are_refused),
		cmocka_unit_test(notes_are_read_in_all_classes_and_orders),
	};

	return cmocka_run_group_tests_name("user_usdt", tests, NULL, NULL);
}
