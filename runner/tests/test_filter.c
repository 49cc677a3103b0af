/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_filter - the generated filters, run by an interpreter of the kernel's BPF: no kernel decides
 * here. filter.tsv says what every call answers on every ABI (its numbers are the kernel headers',
 * not libseccomp's); the tables below say what arguments decide.
 */
#include "runner/base/arena.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/base/tests/each.h"
#include "runner/filter.h"
#include <check.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#define X64      AUDIT_ARCH_X86_64
#define I386     AUDIT_ARCH_I386
#define X32      0x40000000U
#define NUMBERS  1024U
#define ALLOWED  0
#define KILLED   (-1)
#define LIMITED  (-2)
#define HIGH     0xdeadbeef00000000U /* what the kernel ignores above 32 bits */
#define NO_PLACE (-3)

/* --- the interpreter ------------------------------------------------------------------------- */

static uint32_t load_word(const struct seccomp_data *data, uint32_t offset)
{
	uint32_t word;

	check_each(offset % 4 == 0, "offset %u", offset);
	check_each(offset <= sizeof(*data) - sizeof(word), "offset %u", offset);
	memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

static bool test_holds(const struct sock_filter *at, uint32_t accumulator)
{
	switch (BPF_OP(at->code)) {
	case BPF_JEQ:
		return accumulator == at->k;
	case BPF_JGT:
		return accumulator > at->k;
	case BPF_JGE:
		return accumulator >= at->k;
	case BPF_JSET:
		return accumulator & at->k;
	default:
		ck_abort_msg("jump 0x%x", at->code);
	}
}

/* The action; every instruction that the filters do not need is a fault. */
static uint32_t interpret(const struct filter_program *program,
			  const struct seccomp_data *data)
{
	uint32_t accumulator = 0;

	for (size_t pc = 0; pc < program->count; pc++) {
		const struct sock_filter *at = &program->code[pc];

		switch (at->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			accumulator = load_word(data, at->k);
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			accumulator &= at->k;
			break;
		case BPF_JMP | BPF_JA:
			pc += at->k;
			break;
		case BPF_RET | BPF_K:
			return at->k;
		default:
			check_each(BPF_CLASS(at->code) == BPF_JMP, "code %x", at->code);
			check_each(BPF_SRC(at->code) == BPF_K, "code %x", at->code);
			pc += test_holds(at, accumulator) ? at->jt : at->jf;
		}
	}
	ck_abort_msg("%s runs off its end", program->name);
}

/* ALLOWED, KILLED, or the errno. */
static int answer(const struct filter_program *program, uint32_t arch, uint32_t nr,
		  const uint64_t *args)
{
	struct seccomp_data data = { .nr = (int)nr, .arch = arch };
	uint32_t action;

	if (args)
		memcpy(data.args, args, sizeof(data.args));
	action = interpret(program, &data);
	if (action == SECCOMP_RET_ALLOW)
		return ALLOWED;
	if (action == SECCOMP_RET_KILL_PROCESS)
		return KILLED;
	check_each((action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO, "action %x",
		   action);
	return (int)(action & SECCOMP_RET_DATA);
}

/* --- every call ------------------------------------------------------------------------------ */

struct call {
	const char *name;
	long x64, i386, x32; /* NO_PLACE where it has no number */
	int answers[FILTER_COUNT];
};

static struct arena arena;
static struct call *calls;
static size_t call_count;

static long read_number(const char *text)
{
	return strcmp(text, "-") == 0 ? NO_PLACE : strtol(text, NULL, 10);
}

static int read_answer(const char *text)
{
	if (strcmp(text, "passes") == 0)
		return ALLOWED;
	if (strcmp(text, "limited") == 0)
		return LIMITED;
	if (strcmp(text, "EPERM") == 0)
		return EPERM;
	ck_assert_str_eq(text, "ENOSYS");
	return ENOSYS;
}

static void read_table(void)
{
	const char *src = getenv("SRC");
	owned_str struct str path = { 0 };
	owned_file FILE *file = NULL;
	char line[256];

	str_addf(&path, "%s/runner/tests/filter.tsv", src ? src : ".");
	file = fopen(path.text, "re");
	ck_assert_msg(file != NULL, "%s", path.text);
	calls = arena_array(&arena, NUMBERS, sizeof(*calls));
	while (fgets(line, sizeof(line), file)) {
		struct call *call = &calls[call_count];
		char *words[7], *rest = line;

		if (line[0] == '#')
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			ck_assert_ptr_nonnull(words[i] = strsep(&rest, "\t\n"));
		call->name = arena_strdup(&arena, words[0]);
		call->x64 = read_number(words[1]);
		call->i386 = read_number(words[2]);
		call->x32 = read_number(words[3]);
		for (unsigned int i = 0; i < FILTER_COUNT; i++)
			call->answers[i] = read_answer(words[4 + i]);
		call_count++;
		ck_assert_uint_lt(call_count, NUMBERS);
	}
	ck_assert_uint_gt(call_count, 400);
}

static long number_on(const struct call *call, uint32_t arch, bool above)
{
	return arch == I386 ? call->i386 : above ? call->x32 : call->x64;
}

static const struct call *call_at(uint32_t arch, bool above, long nr)
{
	for (size_t i = 0; i < call_count; i++)
		if (number_on(&calls[i], arch, above) == nr)
			return &calls[i];
	return NULL;
}

/* What the table says of a number; strict knows the native ABI only. */
static int wanted(enum filter_profile profile, uint32_t arch, bool twin, uint32_t nr)
{
	const struct call *call = call_at(arch, twin && nr >= 512, nr);

	if (profile == FILTER_STRICT && (arch == I386 || twin))
		return ENOSYS;
	if (!twin && arch == X64 && nr >= 512)
		return ENOSYS;
	return call ? call->answers[profile] : ENOSYS;
}

static void check_number(enum filter_profile profile, uint32_t arch, bool twin,
			 uint32_t nr)
{
	int got = answer(&filter_programs[profile], arch, nr | (twin ? X32 : 0), NULL);
	int want = wanted(profile, arch, twin, nr);

	if (want == LIMITED) /* its arguments are tried below */
		check_each(got == ALLOWED || got == EAFNOSUPPORT, "%s, number %u: %d",
			   filter_programs[profile].name, nr, got);
	else
		check_each(got == want, "%s, arch %x%s, number %u: %d, not %d",
			   filter_programs[profile].name, arch, twin ? " x32" : "", nr,
			   got, want);
}

START_TEST(every_number)
{
	for (uint32_t nr = 0; nr < NUMBERS; nr++) {
		check_number((enum filter_profile)_i, X64, false, nr);
		check_number((enum filter_profile)_i, X64, true, nr);
		check_number((enum filter_profile)_i, I386, false, nr);
	}
}
END_TEST

/* Numbers that no kernel has, ABIs that this machine has not. */
START_TEST(beyond)
{
	static const uint32_t numbers[] = { 1024,       4096,       0x0000ffff,
					    0x3fffffff, 0x7fffffff, 0x80000000,
					    0x80000001, 0xbfffffff, 0xc0000000,
					    0xffffffff, 0xfffffffe };
	static const uint32_t arches[] = {
		0,       AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM, AUDIT_ARCH_RISCV64, X64 | 1,
		I386 ^ 1
	};
	const struct filter_program *program = &filter_programs[_i];

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		ck_assert_msg(answer(program, X64, numbers[i], NULL) == ENOSYS, "%x",
			      numbers[i]);
		ck_assert_msg(answer(program, I386, numbers[i], NULL) == ENOSYS, "%x",
			      numbers[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++)
		for (uint32_t nr = 0; nr < 4; nr++)
			ck_assert_int_eq(answer(program, arches[i], nr, NULL), KILLED);
}
END_TEST

/* --- arguments --------------------------------------------------------------------------------- */

#define D (1U << FILTER_DEFAULT)
#define S (1U << FILTER_STRICT)
#define N (1U << FILTER_NO_NETWORK)

/* Each is tried on every ABI, and again with rubbish in the high half of every argument. */
static const struct argument_case {
	unsigned int profiles;
	const char *call;
	uint64_t args[3];
	int answer;
} cases[] = {
	/* clone: what fork and threads use, then every kind of namespace */
	{ D | S, "clone", { 0x01200011 }, ALLOWED },
	{ D | S, "clone", { 0x003d0f00 }, ALLOWED },
	{ D | S, "clone", { 0x00004111 }, ALLOWED }, /* vfork */
	{ D | S, "clone", { 0x00000080 }, ALLOWED }, /* a signal number there */
	{ D | S, "clone", { 0x10000011 }, EPERM },
	{ D | S, "clone", { 0x00020011 }, EPERM },
	{ D | S, "clone", { 0x02000011 }, EPERM },
	{ D | S, "clone", { 0x04000011 }, EPERM },
	{ D | S, "clone", { 0x08000011 }, EPERM },
	{ D | S, "clone", { 0x20000011 }, EPERM },
	{ D | S, "clone", { 0x40000011 }, EPERM },
	{ D | S, "clone", { 0x7e020000 }, EPERM },
	{ D | S, "clone", { 0xffffffff }, EPERM },
	{ N, "clone", { 0x7e020000 }, ALLOWED },
	{ D | S, "unshare", { 0 }, ALLOWED },
	{ D | S, "unshare", { 0x00000600 }, ALLOWED }, /* files, working directory */
	{ D | S, "unshare", { 0x00000080 }, EPERM },   /* time */
	{ D | S, "unshare", { 0x10000000 }, EPERM },
	{ D | S, "unshare", { 0x00020200 }, EPERM },
	{ D | S, "unshare", { 0x40000000 }, EPERM },
	/* socket */
	{ D | S | N, "socket", { 1, 1, 0 }, ALLOWED },
	{ D | S | N, "socket", { 1, 0x80802, 0 }, ALLOWED },
	{ D | S | N, "socket", { 1, 5, 0 }, ALLOWED },
	{ D | S, "socket", { 2, 1, 0 }, ALLOWED },
	{ D | S, "socket", { 2, 0x80801, 6 }, ALLOWED },
	{ D | S, "socket", { 2, 2, 17 }, ALLOWED },
	{ D | S, "socket", { 2, 2, 1 }, ALLOWED },
	{ D | S, "socket", { 10, 2, 58 }, ALLOWED },
	{ D | S, "socket", { 10, 0x80001, 0 }, ALLOWED },
	{ D | S, "socket", { 2, 3, 1 }, EPERM }, /* raw */
	{ D | S, "socket", { 10, 3, 255 }, EPERM },
	{ D | S, "socket", { 2, 10, 0 }, EPERM }, /* SOCK_PACKET */
	{ D | S, "socket", { 2, 5, 132 }, EPERM },
	{ D | S, "socket", { 2, 6, 33 }, EPERM },
	{ D | S, "socket", { 2, 1, 132 }, EPROTONOSUPPORT },  /* SCTP */
	{ D | S, "socket", { 2, 2, 136 }, EPROTONOSUPPORT },  /* UDP-Lite */
	{ D | S, "socket", { 10, 1, 262 }, EPROTONOSUPPORT }, /* MPTCP */
	{ D | S, "socket", { 2, 2, 0xffffffff }, EPROTONOSUPPORT },
	{ D, "socket", { 16, 3, 0 }, ALLOWED }, /* netlink: route */
	{ D, "socket", { 16, 2, 0 }, ALLOWED },
	{ S, "socket", { 16, 3, 0 }, EAFNOSUPPORT },
	{ D, "socket", { 16, 3, 4 }, EPROTONOSUPPORT },
	{ D, "socket", { 16, 3, 9 }, EPROTONOSUPPORT },
	{ D, "socket", { 16, 3, 12 }, EPROTONOSUPPORT }, /* netfilter */
	{ D, "socket", { 16, 3, 16 }, EPROTONOSUPPORT },
	{ N, "socket", { 2, 1, 0 }, EAFNOSUPPORT },
	{ N, "socket", { 10, 1, 0 }, EAFNOSUPPORT },
	{ N, "socket", { 16, 3, 0 }, EAFNOSUPPORT },
	{ D | S | N, "socket", { 0, 1, 0 }, EAFNOSUPPORT },
	{ D | S | N, "socket", { 3, 1, 0 }, EAFNOSUPPORT },
	{ D | S | N, "socket", { 9, 1, 0 }, EAFNOSUPPORT },
	{ D | S | N, "socket", { 11, 1, 0 }, EAFNOSUPPORT },
	{ D | S | N, "socket", { 15, 1, 0 }, EAFNOSUPPORT },
	{ D | S | N, "socket", { 17, 3, 0 }, EAFNOSUPPORT }, /* packet */
	{ D | S | N, "socket", { 21, 5, 0 }, EAFNOSUPPORT }, /* rds */
	{ D | S | N, "socket", { 29, 3, 1 }, EAFNOSUPPORT }, /* can */
	{ D | S | N, "socket", { 30, 5, 0 }, EAFNOSUPPORT }, /* tipc */
	{ D | S | N, "socket", { 31, 5, 0 }, EAFNOSUPPORT }, /* bluetooth */
	{ D | S | N, "socket", { 38, 5, 0 }, EAFNOSUPPORT }, /* alg */
	{ D | S | N, "socket", { 40, 1, 0 }, EAFNOSUPPORT }, /* vsock */
	{ D | S | N, "socket", { 41, 5, 0 }, EAFNOSUPPORT }, /* kcm */
	{ D | S | N, "socket", { 44, 3, 0 }, EAFNOSUPPORT }, /* xdp */
	{ D | S | N, "socket", { 0xffffffff, 1, 0 }, EAFNOSUPPORT },
	{ D | S | N, "socket", { 0x10001, 1, 0 }, EAFNOSUPPORT },
	{ D | S | N, "socketpair", { 1, 1, 0 }, ALLOWED },
	{ D | S | N, "socketpair", { 2, 1, 0 }, EAFNOSUPPORT },
	{ D | S | N, "socketpair", { 30, 5, 0 }, EAFNOSUPPORT },
	/* ioctl */
	{ D | S, "ioctl", { 0, 0x5401 }, ALLOWED }, /* TCGETS */
	{ D | S, "ioctl", { 0, 0x5413 }, ALLOWED }, /* TIOCGWINSZ */
	{ D | S, "ioctl", { 0, 0x5411 }, ALLOWED },
	{ D | S, "ioctl", { 0, 0x541b }, ALLOWED }, /* FIONREAD */
	{ D | S, "ioctl", { 0, 0x541e }, ALLOWED },
	{ D | S, "ioctl", { 0, 0x5412 }, EPERM }, /* TIOCSTI */
	{ D | S, "ioctl", { 0, 0x541c }, EPERM }, /* TIOCLINUX */
	{ D | S, "ioctl", { 0, 0x541d }, EPERM }, /* TIOCCONS */
	{ D | S, "ioctl", { 0, 0x5423 }, EPERM }, /* TIOCSETD */
	{ N, "ioctl", { 0, 0x5412 }, ALLOWED },
	/* personality */
	{ D | S, "personality", { 0 }, ALLOWED },
	{ D | S, "personality", { 0xffffffff }, ALLOWED },
	{ D, "personality", { 8 }, ALLOWED },
	{ D, "personality", { 0x20008 }, ALLOWED },
	{ S, "personality", { 8 }, EPERM },
	{ D | S, "personality", { 0x0040000 }, EPERM }, /* ADDR_NO_RANDOMIZE */
	{ D | S, "personality", { 0x0400000 }, EPERM }, /* READ_IMPLIES_EXEC */
	{ D | S, "personality", { 0x0100000 }, EPERM }, /* MMAP_PAGE_ZERO */
	{ D | S, "personality", { 0x0400008 }, EPERM },
	/* prctl, setsockopt, device files */
	{ D | S, "prctl", { 15 }, ALLOWED }, /* PR_SET_NAME */
	{ D | S, "prctl", { 38, 1 }, ALLOWED },
	{ D | S, "prctl", { 4, 0 }, ALLOWED },
	{ D, "prctl", { 22, 2 }, ALLOWED },
	{ S, "prctl", { 22, 2 }, EPERM },
	{ D | S, "prctl", { 35, 8 }, EPERM }, /* PR_SET_MM */
	{ D | S, "setsockopt", { 3, 1, 2 }, ALLOWED },
	{ D | S, "setsockopt", { 3, 6, 26 }, ALLOWED }, /* TCP_…, not SOL_SOCKET */
	{ D, "setsockopt", { 3, 1, 26 }, ALLOWED },
	{ S, "setsockopt", { 3, 1, 26 }, EPERM },
	{ S, "setsockopt", { 3, 1, 50 }, EPERM },
	{ S, "setsockopt", { 3, 1, 51 }, EPERM },
	{ S, "setsockopt", { 3, 1, 52 }, EPERM },
	{ D | S, "mknod", { 0, 0100644 }, ALLOWED },
	{ D | S, "mknod", { 0, 0010644 }, ALLOWED },
	{ D | S, "mknod", { 0, 0644 }, ALLOWED },
	{ D | S, "mknod", { 0, 0020666 }, EPERM },
	{ D | S, "mknod", { 0, 0060666 }, EPERM },
	{ D | S, "mknodat", { 0, 0, 0140600 }, ALLOWED },
	{ D | S, "mknodat", { 0, 0, 0020666 }, EPERM },
	{ D | S, "mknodat", { 0, 0, 0060666 }, EPERM },
};

static const struct call *call_named(const char *name)
{
	for (size_t i = 0; i < call_count; i++)
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	ck_abort_msg("%s is not in filter.tsv", name);
}

static void check_case(enum filter_profile profile, uint32_t arch, long nr, bool foreign,
		       const struct argument_case *row)
{
	int want = profile == FILTER_STRICT && foreign ? ENOSYS : row->answer;
	uint64_t args[6] = { row->args[0], row->args[1], row->args[2] };

	if (nr == NO_PLACE)
		return;
	for (unsigned int turn = 0; turn < 2; turn++) {
		int got = answer(&filter_programs[profile], arch, (uint32_t)nr, args);

		ck_assert_msg(got == want,
			      "%s, arch %x, %s(%llx, %llx, %llx): %d, not %d",
			      filter_programs[profile].name, arch, row->call,
			      (unsigned long long)args[0], (unsigned long long)args[1],
			      (unsigned long long)args[2], got, want);
		for (unsigned int i = 0; i < 6; i++)
			args[i] |= HIGH;
	}
}

START_TEST(argument)
{
	const struct argument_case *row = &cases[_i];
	const struct call *call = call_named(row->call);
	long twin = call->x32 != NO_PLACE ? call->x32 : call->x64;

	for (unsigned int profile = 0; profile < FILTER_COUNT; profile++) {
		if (!(row->profiles >> profile & 1))
			continue;
		check_case(profile, X64, call->x64, false, row);
		check_case(profile, X64, twin | X32, true, row);
		check_case(profile, I386, call->i386, true, row);
	}
}
END_TEST

/* No limited call without a case that passes and one that does not. */
START_TEST(every_limit_is_tried)
{
	for (size_t i = 0; i < call_count; i++)
		for (unsigned int profile = 0; profile < FILTER_COUNT; profile++) {
			bool passed = false, refused = false;

			if (calls[i].answers[profile] != LIMITED)
				continue;
			for (size_t k = 0; k < ARRAY_SIZE(cases); k++) {
				if (strcmp(cases[k].call, calls[i].name) != 0 ||
				    !(cases[k].profiles >> profile & 1))
					continue;
				passed |= cases[k].answer == ALLOWED;
				refused |= cases[k].answer != ALLOWED;
			}
			ck_assert_msg(passed && refused, "%s", calls[i].name);
		}
}
END_TEST

/* --- the program as a whole -------------------------------------------------------------------- */

/* What the kernel checks of a filter: every jump goes forward and stays inside, every end returns. */
START_TEST(well_formed)
{
	const struct filter_program *program = &filter_programs[_i];

	ck_assert_uint_gt(program->count, 20);
	ck_assert_uint_le(program->count, BPF_MAXINSNS);
	for (size_t pc = 0; pc < program->count; pc++) {
		const struct sock_filter *at = &program->code[pc];

		if (BPF_CLASS(at->code) != BPF_JMP)
			continue;
		ck_assert_uint_lt(pc + 1 + (at->code == (BPF_JMP | BPF_JA) ? at->k : 0),
				  program->count);
		ck_assert_uint_lt(pc + 1 + at->jt, program->count);
		ck_assert_uint_lt(pc + 1 + at->jf, program->count);
	}
	ck_assert_uint_eq(BPF_CLASS(program->code[program->count - 1].code), BPF_RET);
	ck_assert_uint_eq(program->digest, filter_digest(program->code, program->count));
}
END_TEST

/* What the runner tells a policy about a call is what the filters do. */
START_TEST(names_agree)
{
	ck_assert_uint_ge(filter_call_count, call_count);
	for (size_t i = 0; i < call_count; i++) {
		const struct filter_call *call = filter_call_find(calls[i].name);

		ck_assert_msg(call != NULL, "%s", calls[i].name);
		for (unsigned int profile = 0; profile < FILTER_COUNT; profile++)
			ck_assert_msg(call->touched[profile] ==
					      (calls[i].answers[profile] != ALLOWED),
				      "%s", calls[i].name);
	}
	for (size_t i = 1; i < filter_call_count; i++)
		ck_assert_int_lt(strcmp(filter_calls[i - 1].name, filter_calls[i].name),
				 0);
	ck_assert_str_eq(filter_call_nearest("ptrase"), "ptrace");
	ck_assert_ptr_null(filter_call_find("no_such_call"));
	ck_assert(filter_call_find("execve")->needed);
	ck_assert(!filter_call_find("ptrace")->needed);
	ck_assert_str_eq(filter_call_find("mount")->protects, "SYS-22");
	ck_assert_str_eq(filter_call_find("clone")->protects, "SYS-22");
	ck_assert_str_eq(filter_call_find("bpf")->protects, "SYS-23");
	ck_assert_str_eq(filter_call_find("socket")->protects, "SYS-24");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filter");
	TCase *tcase = tcase_create("filter");
	SRunner *runner = srunner_create(suite);
	int failed;

	if (strcmp(filter_abis, "x86_64, x32, i386") != 0) {
		printf("skipped: the table is for x86_64, not for %s\n", filter_abis);
		printf("100%%: Checks: 1, Failures: 0, Errors: 0\n");
		return 0;
	}
	tcase_add_unchecked_fixture(tcase, read_table, NULL);
	tcase_add_loop_test(tcase, every_number, 0, FILTER_COUNT);
	tcase_add_loop_test(tcase, beyond, 0, FILTER_COUNT);
	tcase_add_loop_test(tcase, argument, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(tcase, every_limit_is_tried);
	tcase_add_loop_test(tcase, well_formed, 0, FILTER_COUNT);
	tcase_add_test(tcase, names_agree);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	arena_done(&arena);
	return failed ? 1 : 0;
}
