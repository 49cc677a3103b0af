/* SPDX-License-Identifier: Apache-2.0 */
/* Chains: what was taken out, moved, exchanged, cut off or written anew is found. */
#include "reports/tests/evidence.h"
#include <sys/wait.h>

#define ENTRY(n) "chain/0000000" #n ".dsse.json"

static const char *const runs[] = { "00000001", "00000002", "00000003", "00000004" };

/* Four runs of one host. */
static void make_chain(void)
{
	struct err err;

	evidence_setup();
	for (size_t i = 0; i < ARRAY_SIZE(runs); i++)
		accepted(sign_one("a", at("chain"), &(struct wanted){ .run = runs[i] },
				  &err),
			 err);
}

static int verify_chain(const char *anchor, struct err *err)
{
	struct chain_head head = { .sequence = 0 };
	struct err head_err = { 0 };

	if (anchor)
		accepted(chain_parse_head(anchor, &head, &head_err), head_err);
	return verify("a",
		      (struct verify_of){ .chain = at("chain"),
					  .anchor = anchor ? &head : NULL },
		      err);
}

static void move(const char *from, const char *to)
{
	ck_assert_int_eq(rename(at("%s", from), at("%s", to)), 0);
}

static void copy(const char *from, const char *to)
{
	owned_str struct str text = { 0 };

	get(at("%s", from), &text);
	put(at("%s", to), text.text);
}

/* "4:…" of the whole chain. */
static const char *head_text(void)
{
	static char text[100];
	owned_str struct str read = { 0 };

	get(at("chain/head"), &read);
	(void)snprintf(text, sizeof(text), "%s", read.text);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static void put_head(unsigned int number, const char *entry)
{
	owned_str struct str text = { 0 }, head = { 0 };
	char sha256[DIGEST_HEX];

	get(at("%s", entry), &text);
	digest_sha256(text.text, text.length, sha256);
	str_addf(&head, "%u:%s\n", number, sha256);
	put(at("chain/head"), head.text);
}

START_TEST(test_whole)
{
	const struct wanted more = { .run = "00000005" };
	char anchor[100];
	struct err err;

	(void)snprintf(anchor, sizeof(anchor), "%s", head_text());
	accepted(verify_chain(NULL, &err), err);
	accepted(verify_chain(anchor, &err), err);
	accepted(verify("a",
			(struct verify_of){ .bundle = at("bundle-00000002"),
					    .chain = at("chain") },
			&err),
		 err);
	accepted(sign_one("a", at("chain"), &more, &err), err);
	accepted(verify_chain(anchor, &err), err); /* it has grown since */
	refused_with(verify("b", (struct verify_of){ .chain = at("chain") }, &err), err,
		     "the signature is not of the key");
}
END_TEST

/* --- what happens to a chain, and what is said of it --- */

static void take_out(void)
{
	ck_assert_int_eq(unlink(at(ENTRY(2))), 0);
}
static void cut_off(void)
{
	ck_assert_int_eq(unlink(at(ENTRY(4))), 0);
}
static void lose_head(void)
{
	ck_assert_int_eq(unlink(at("chain/head")), 0);
}
static void close_gap(void)
{
	move(ENTRY(3), ENTRY(2));
	move(ENTRY(4), ENTRY(3));
	put_head(3, ENTRY(3));
}
static void reorder(void)
{
	move(ENTRY(2), "two");
	move(ENTRY(3), ENTRY(2));
	move("two", ENTRY(3));
}
static void add_junk(void)
{
	put(at("chain/notes.txt"), "");
}
static void tear_head(void)
{
	put(at("chain/head"), "4:abc");
}
static void no_envelope(void)
{
	put(at(ENTRY(3)), "{}\n");
}

/* Another third run, signed by the right key after the same second one. */
static void fork_third(void)
{
	struct err err;

	ck_assert_int_eq(mkdir(at("other"), 0755), 0);
	copy(ENTRY(1), "other/00000001.dsse.json");
	copy(ENTRY(2), "other/00000002.dsse.json");
	put_head(2, ENTRY(2));
	copy("chain/head", "other/head");
	put_head(4, ENTRY(4));
	accepted(sign_one("a", at("other"), &(struct wanted){ .run = "00000009" }, &err),
		 err);
	copy("other/00000003.dsse.json", ENTRY(3));
}
static void fork_last(void)
{
	fork_third();
	ck_assert_int_eq(unlink(at(ENTRY(4))), 0);
	put_head(3, "other/00000003.dsse.json");
	put_head(3, ENTRY(3));
}
static void unchained(void)
{
	struct err err;

	accepted(sign_one("a", NULL, &(struct wanted){ .run = "00000009" }, &err), err);
	copy("bundle-00000009/" ENVELOPE_NAME, ENTRY(3));
}

static const struct {
	void (*happens)(void);
	const char *wanted; /* NULL: nothing in the files shows it */
	const char *anchored, *append;
} cases[] = {
	{ take_out, "entry 2 is missing, of 4", "entry 2 is missing", "is missing" },
	{ cut_off, "ends at entry 3, and its head is at 4", "its head is at 4",
	  "its head is at 4" },
	{ lose_head, "has no head", "has no head", "has no head" },
	{ close_gap, "00000002.dsse.json: was signed as entry 3", "ends at entry 3",
	  "was signed as entry 4" },
	{ reorder, "was signed as entry 3", "was signed as entry 3", NULL },
	{ add_junk, "a file that is no entry", "is no entry", "is no entry" },
	{ tear_head, "head: is not whole", "is not whole", "is not whole" },
	{ no_envelope, "/payloadType: must be", "/payloadType: must be", NULL },
	{ fork_third, "entry 4 was signed after another entry 3 than the one here",
	  "after another entry 3", NULL },
	{ fork_last, NULL, "ends at entry 3, and the anchored head is at 4", NULL },
	{ unchained, "was signed for no chain", "was signed for no chain", NULL },
};

START_TEST(test_tampered)
{
	const struct wanted next = { .run = "0000000a" };
	char anchor[100];
	struct err err;

	(void)snprintf(anchor, sizeof(anchor), "%s", head_text());
	cases[_i].happens();
	if (cases[_i].wanted)
		refused_with(verify_chain(NULL, &err), err, cases[_i].wanted);
	else
		accepted(verify_chain(NULL, &err), err);
	refused_with(verify_chain(anchor, &err), err, cases[_i].anchored);
	/* A chain whose end is not whole is not continued; nothing is left of the try. */
	if (cases[_i].append) {
		refused_with(sign_one("a", at("chain"), &next, &err), err,
			     cases[_i].append);
		ck_assert_int_ne(access(at("bundle-0000000a"), F_OK), 0);
	}
}
END_TEST

/* Written anew as far as the anchor says, by one who has the key. */
START_TEST(test_written_anew)
{
	char anchor[100], place[100];
	struct err err;

	(void)snprintf(anchor, sizeof(anchor), "%s", head_text());
	remove_tree(at("chain"));
	for (unsigned int i = 0; i < 5; i++) {
		(void)snprintf(place, sizeof(place), "0000001%u", i);
		accepted(sign_one("a", at("chain"), &(struct wanted){ .run = place },
				  &err),
			 err);
	}
	accepted(verify_chain(NULL, &err), err);
	refused_with(verify_chain(anchor, &err), err,
		     "entry 4 is not the one of the anchored head");
	refused_with(verify("a",
			    (struct verify_of){ .bundle = at("bundle-00000002"),
						.chain = at("chain") },
			    &err),
		     err, "entry 2 is not the one of the bundle");
}
END_TEST

START_TEST(test_other_host)
{
	const struct wanted other = { .run = "00000005", .identity = "2" };
	struct err err;

	refused_with(sign_one("a", at("chain"), &other, &err), err,
		     "entry 4 is of another host");
	accepted(sign_one("a", at("chain2"), &other, &err), err);
	refused_with(verify("a",
			    (struct verify_of){ .bundle = at("bundle-00000005"),
						.chain = at("chain") },
			    &err),
		     err, "entry 1 is of another host");
	refused_with(
		sign_one("b", at("chain"), &(struct wanted){ .run = "00000006" }, &err),
		err, "the signature is not of the key");
}
END_TEST

START_TEST(test_twice)
{
	struct err err;

	remove_tree(at("bundle-00000002"));
	accepted(sign_one("a", at("chain"), &(struct wanted){ .run = "00000002" }, &err),
		 err);
	refused_with(verify_chain(NULL, &err), err, "is in it twice");
}
END_TEST

/* A writer that died: before the link, between the entry and the head, before the very first head. */
START_TEST(test_died)
{
	struct err err;

	put(at("chain/.new"), "half an env");
	put_head(3, ENTRY(3));
	accepted(verify_chain(NULL, &err), err);
	accepted(sign_one("a", at("chain"), &(struct wanted){ .run = "00000005" }, &err),
		 err);
	accepted(verify_chain(NULL, &err), err);
	ck_assert_int_ne(access(at("chain/.new"), F_OK), 0);

	accepted(sign_one("a", at("chain2"), &(struct wanted){ .run = "00000006" }, &err),
		 err);
	ck_assert_int_eq(unlink(at("chain2/head")), 0);
	accepted(sign_one("a", at("chain2"), &(struct wanted){ .run = "00000007" }, &err),
		 err);
	accepted(verify("a", (struct verify_of){ .chain = at("chain2") }, &err), err);
}
END_TEST

/* Whoever comes at the same time waits: no number twice, none left out. */
START_TEST(test_at_the_same_time)
{
	enum {
		WRITERS = 4,
		RUNS = 6
	};
	struct err err;

	for (unsigned int writer = 0; writer < WRITERS; writer++) {
		if (fork() != 0)
			continue;
		for (unsigned int i = 0; i < RUNS; i++) {
			char run[9];

			(void)snprintf(run, sizeof(run), "%04x%04x", writer + 16, i);
			write_record(at("%s.json", run), &(struct wanted){ .run = run });
			if (sign("a",
				 (struct sign_of){ .results = at("%s.json", run),
						   .output = at("bundle-%s", run),
						   .chain = at("chain") },
				 &err) < 0)
				_exit(1);
		}
		_exit(0);
	}
	for (unsigned int writer = 0; writer < WRITERS; writer++) {
		int status = 1;

		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	accepted(verify_chain(NULL, &err), err);
	ck_assert_int_eq(strncmp(head_text(), "28:", 3), 0);
}
END_TEST

static const char *const heads[] = {
	"",
	"4",
	"4:",
	":",
	"0:",
	"x:y",
	"-1:",
	"4:ABC",
	"99999999999999:0000000000000000000000000000000000000000000000000000000000000000",
	"0:0000000000000000000000000000000000000000000000000000000000000000",
	"4:00000000000000000000000000000000000000000000000000000000000000000",
	"4:g000000000000000000000000000000000000000000000000000000000000000",
};

START_TEST(test_heads)
{
	struct chain_head head = { .sequence = 7 };
	struct err err = { 0 };

	refused_with(chain_parse_head(heads[_i], &head, &err), err, "a head is");
	ck_assert_uint_eq(head.sequence, 7);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chain");
	TCase *tcase = tcase_create("chain"), *forks = tcase_create("forks");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_set_timeout(forks, 120);
	tcase_set_tags(forks, "fork");
	tcase_add_checked_fixture(tcase, make_chain, evidence_teardown);
	tcase_add_checked_fixture(forks, make_chain, evidence_teardown);
	tcase_add_test(tcase, test_whole);
	tcase_add_loop_test(tcase, test_tampered, 0, ARRAY_SIZE(cases));
	tcase_add_test(tcase, test_written_anew);
	tcase_add_test(tcase, test_other_host);
	tcase_add_test(tcase, test_twice);
	tcase_add_test(tcase, test_died);
	tcase_add_loop_test(tcase, test_heads, 0, ARRAY_SIZE(heads));
	tcase_add_test(forks, test_at_the_same_time);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, forks);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
