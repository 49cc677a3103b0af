/* SPDX-License-Identifier: Apache-2.0 */
/* The pure parts of what runs a probe: transcript, facts, capture. */
#include "conformance/capture.h"
#include "conformance/progress.h"
#include "conformance/transcript.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define NONCE "00112233445566778899aabbccddeeff"

START_TEST(test_progress)
{
	static const struct {
		size_t width, done;
		double seconds;
		const char *line;
	} rows[] = {
		{ 0, 0, 3, "[------------------------] 0/130 x" },
		{ 0, 4, 9, "[------------------------] 4/130 x" },
		{ 80, 65, 70, "[############------------] 65/130 1:10 left x" },
		{ 80, 130, 99, "[########################] 130/130 x" },
		{ 50, 65, 4, "65/130 0:04 left x" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct progress progress = { .style = { .width = rows[i].width },
					     .done = rows[i].done,
					     .total = 130 };
		owned_str struct str line = { 0 };

		progress_add_line(&line, &progress, rows[i].seconds, "x");
		ck_assert_str_eq(str_text(&line), rows[i].line);
	}
}
END_TEST

/* Published vectors of 64-bit FNV-1a begin at the offset basis; ours end in "confine". */
START_TEST(test_answer)
{
	ck_assert_uint_eq(transcript_answer(""), 0x92fbb2208a4d895bU);
	ck_assert_uint_ne(transcript_answer("a"), transcript_answer("b"));
}
END_TEST

static const struct {
	const char *line;
	bool ours;
	enum said said;
	const char *word;
} lines[] = {
	{ "confine-probe " NONCE " reached -", true, SAID_REACHED, "-" },
	{ "confine-probe " NONCE " denied EROFS", true, SAID_DENIED, "EROFS" },
	{ "confine-probe " NONCE " cannot-tell no-lab", true, SAID_CANNOT_TELL,
	  "no-lab" },
	{ "confine-probe " NONCE " denied", false, SAID_NOTHING, "" },
	{ "confine-probe " NONCE " denied ", false, SAID_NOTHING, "" },
	{ "confine-probe " NONCE " denied EROFS ", false, SAID_NOTHING, "" },
	{ "confine-probe " NONCE " denied E ROFS", false, SAID_NOTHING, "" },
	{ "confine-probe " NONCE " nothing -", false, SAID_NOTHING, "" },
	{ "confine-probe " NONCE "0 reached -", false, SAID_NOTHING, "" },
	{ "confine-probe 00112233445566778899aabbccddee00 reached -", false, SAID_NOTHING,
	  "" },
	{ " confine-probe " NONCE " reached -", false, SAID_NOTHING, "" },
	{ "confine-probe  " NONCE " reached -", false, SAID_NOTHING, "" },
	{ "confine-probe " NONCE " denied 0123456789012345678901234567890123456789", true,
	  SAID_DENIED, "0123456789012345678901234567890123456789" },
	{ "confine-probe " NONCE " denied 01234567890123456789012345678901234567890",
	  false, SAID_NOTHING, "" },
	{ "confine-probe " NONCE " reached \033[31m", false, SAID_NOTHING, "" },
};

START_TEST(test_line)
{
	struct transcript transcript = { .said = SAID_NOTHING };
	const char *line = lines[_i].line;

	ck_assert_int_eq(transcript_line(NONCE, line, strlen(line), &transcript),
			 lines[_i].ours);
	ck_assert_int_eq(transcript.said, lines[_i].said);
	ck_assert_str_eq(transcript.word, lines[_i].word);
	ck_assert(!transcript.attempted && !transcript.has_facts);
}
END_TEST

START_TEST(test_first_line_counts)
{
	static const char text[] = "confine-attempt " NONCE "\n"
				   "noise confine-probe " NONCE " reached -\n"
				   "confine-probe " NONCE " denied EPERM\n"
				   "confine-probe " NONCE " reached -\n";
	struct transcript transcript = { .said = SAID_NOTHING };
	static struct capture capture; /* larger than a frame may be */

	capture.nonce = NONCE;
	capture.transcript = &transcript;

	capture_add(&capture, text, strlen(text));
	capture_end(&capture);
	ck_assert(transcript.attempted);
	ck_assert_int_eq(transcript.said, SAID_DENIED);
	ck_assert_str_eq(transcript.word, "EPERM");
	ck_assert_uint_eq(capture.bytes, strlen(text));
}
END_TEST

static const char good_facts[] =
	"\"pid\":7,\"ppid\":1,\"sid\":1,\"uid\":1000,\"euid\":1000,\"gid\":100,"
	"\"egid\":100,\"groups\":[4,24],\"capEff\":\"0000000000000000\","
	"\"capPrm\":\"0000000000000000\",\"capInh\":\"0000000000000000\","
	"\"capBnd\":\"000001ffffffffff\",\"capAmb\":\"0000000000000000\","
	"\"noNewPrivs\":1,\"seccomp\":-1,\"dumpable\":1,\"ns\":{\"user\":4026531837,"
	"\"pid\":1,\"mnt\":2,\"net\":3,\"ipc\":4,\"uts\":5,\"cgroup\":0},"
	"\"rlimits\":{\"cpu\":[-1,-1],\"data\":[1,2],\"fsize\":[-1,-1],"
	"\"nofile\":[1024,4096],\"nproc\":[5,6],\"core\":[0,0],\"as\":[-1,-1],"
	"\"stack\":[8388608,-1]},\"cwd\":\"/\",\"fds\":[0,1,2],\"forked\":true,"
	"\"wrote\":true}";

/* The line with the answer to `answered`, said for `said`. */
static void facts_line(struct str *ret, const char *said, const char *answered,
		       const char *rest)
{
	str_addf(ret, "{\"nonce\":\"%s\",\"answer\":\"%016llx\",%s", said,
		 (unsigned long long)transcript_answer(answered), rest);
}

START_TEST(test_facts)
{
	owned_str struct str text = { 0 };
	struct facts facts;
	struct err err;

	facts_line(&text, NONCE, NONCE, good_facts);
	ck_assert_int_eq(transcript_facts(NONCE, text.text, text.length, &facts, &err),
			 0);
	ck_assert_uint_eq(facts.uid, 1000);
	ck_assert_uint_eq(facts.group_count, 2);
	ck_assert_uint_eq(facts.groups[1], 24);
	ck_assert_uint_eq(facts.caps[CAPS_BOUNDING], 0x1ffffffffffU);
	ck_assert_int_eq(facts.seccomp, -1);
	ck_assert_uint_eq(facts.ns[FACT_NS_USER], 4026531837U);
	ck_assert_int_eq(facts.limits[FACT_NOFILE][1], 4096);
	ck_assert_int_eq(facts.limits[FACT_STACK][1], FACT_RLIM_UNLIMITED);
	ck_assert(facts.forked && facts.wrote);
}
END_TEST

/* Each is the good line with one thing changed: what, and into what. */
static const struct {
	const char *from, *to;
} spoilt[] = {
	{ "\"uid\":1000", "\"uid\":-1" },
	{ "\"uid\":1000", "\"uid\":\"0\"" },
	{ "\"uid\":1000", "\"uid\":1.5" },
	{ "\"uid\":1000", "\"UID\":1000" },
	{ "\"groups\":[4,24]", "\"groups\":[\"4\"]" },
	{ "\"capBnd\":\"000001ffffffffff\"", "\"capBnd\":\"1ffffffffff\"" },
	{ "\"capBnd\":\"000001ffffffffff\"", "\"capBnd\":\"000001FFFFFFFFFF\"" },
	{ "\"user\":4026531837", "\"user\":null" },
	{ "\"nofile\":[1024,4096]", "\"nofile\":[1024]" },
	{ "\"forked\":true", "\"forked\":1" },
	{ "\"wrote\":true}", "\"wrote\":true}}" },
	{ "\"wrote\":true}", "\"wrote\":true,\"uid\":0}" },
};

START_TEST(test_facts_spoilt)
{
	owned_str struct str text = { 0 }, rest = { 0 };
	const char *at = strstr(good_facts, spoilt[_i].from);
	struct facts facts = { .uid = 77 };
	struct err err;

	ck_assert_ptr_nonnull(at);
	str_add_bytes(&rest, good_facts, (size_t)(at - good_facts));
	str_add(&rest, spoilt[_i].to);
	str_add(&rest, at + strlen(spoilt[_i].from));
	facts_line(&text, NONCE, NONCE, rest.text);
	ck_assert_int_eq(transcript_facts(NONCE, text.text, text.length, &facts, &err),
			 -1);
	ck_assert_uint_eq(facts.uid, 77);
}
END_TEST

START_TEST(test_facts_of_another)
{
	owned_str struct str other = { 0 }, wrong = { 0 };
	struct facts facts;
	struct err err;

	facts_line(&other, "ff", "ff", good_facts);
	ck_assert_int_eq(transcript_facts(NONCE, other.text, other.length, &facts, &err),
			 -1);
	facts_line(&wrong, NONCE, "ff", good_facts);
	ck_assert_int_eq(transcript_facts(NONCE, wrong.text, wrong.length, &facts, &err),
			 -1);
	ck_assert_int_eq(transcript_facts(NONCE, "", 0, &facts, &err), -1);
}
END_TEST

/* The needle is found wherever a chunk may end, and nothing else is taken for it. */
START_TEST(test_needle)
{
	static const char secret[] = "0123456789abcdef0123456789abcdef";
	static const char text[] = "xx0123456789abcde_0123456789abcdef0123456789abcdefyy";

	for (size_t chunk = 1; chunk <= sizeof(text); chunk++) {
		static struct capture capture; /* larger than a frame may be */
		static const struct capture fresh = { .nonce = NONCE, .needle = secret };
		size_t length = strlen(text);

		capture = fresh;
		for (size_t at = 0; at < length; at += chunk)
			capture_add(&capture, text + at,
				    length - at < chunk ? length - at : chunk);
		ck_assert_msg(capture.needle_seen, "chunks of %zu", chunk);
		capture = fresh;
		for (size_t at = 0; at + 3 < length; at += chunk)
			capture_add(&capture, text + at,
				    length - 3 - at < chunk ? length - 3 - at : chunk);
		ck_assert_msg(!capture.needle_seen, "chunks of %zu", chunk);
	}
}
END_TEST

/* 20 MiB without a newline, then a line of ours: bounded, counted, and the line is found. */
START_TEST(test_flood)
{
	static char noise[65536];
	static const char line[] = "\nconfine-probe " NONCE " reached -";
	struct transcript transcript = { .said = SAID_NOTHING };
	static struct capture capture; /* larger than a frame may be */

	capture.nonce = NONCE;
	capture.transcript = &transcript;

	memset(noise, 0xff, sizeof(noise));
	for (int i = 0; i < 320; i++)
		capture_add(&capture, noise, sizeof(noise));
	capture_add(&capture, line, strlen(line));
	ck_assert_int_eq(transcript.said, SAID_NOTHING);
	capture_end(&capture);
	ck_assert_int_eq(transcript.said, SAID_REACHED);
	ck_assert_uint_eq(capture.bytes, 320 * sizeof(noise) + strlen(line));
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("transcript");
	Suite *suite = suite_create("run");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, cases);
	tcase_add_test(cases, test_answer);
	tcase_add_test(cases, test_progress);
	tcase_add_loop_test(cases, test_line, 0, (int)ARRAY_SIZE(lines));
	tcase_add_test(cases, test_first_line_counts);
	tcase_add_test(cases, test_facts);
	tcase_add_loop_test(cases, test_facts_spoilt, 0, (int)ARRAY_SIZE(spoilt));
	tcase_add_test(cases, test_facts_of_another);
	tcase_add_test(cases, test_needle);
	tcase_add_test(cases, test_flood);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
