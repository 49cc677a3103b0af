/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: what is signed is accepted, and nothing else is, down to every bit of it. */
#include "reports/tests/evidence.h"

static const struct wanted plain = { .run = "00000001" };

/* --- every bit --- */

static struct {
	struct key *key;
	struct verify_of of;
	unsigned long count;
} flips;

static void flip(int fd, off_t place, int bit, const char *path)
{
	owned_str struct str said = { 0 };
	struct err err = { 0 };
	unsigned char was, is;

	ck_assert_int_eq(pread(fd, &was, 1, place), 1);
	is = (unsigned char)(was ^ (1U << bit));
	ck_assert_int_eq(pwrite(fd, &is, 1, place), 1);
	ck_assert_msg(verify_run(&flips.of, &said, &err) < 0,
		      "%s: byte %ld: %02x for %02x", path, (long)place, is, was);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_uint_eq(said.length, 0);
	ck_assert_int_eq(pwrite(fd, &was, 1, place), 1);
	flips.count++;
}

/* One bit of each byte, another one each time; all of them in a soak. */
static int flip_file(const char *path, const struct stat *about, int kind,
		     struct FTW *where)
{
	bool all = getenv("CONFINE_SOAK") && getenv("CONFINE_SOAK")[0];
	owned_fd int fd = open(path, O_RDWR | O_CLOEXEC);

	(void)where;
	for (off_t i = 0; kind == FTW_F && i < about->st_size; i++)
		for (int bit = 0; bit < (all ? 8 : 1); bit++)
			flip(fd, i, all ? bit : (int)(i % 8), path);
	return 0;
}

START_TEST(test_every_bit)
{
	const char *bundle = at("bundle-00000001");
	owned_fd int directory = -1;
	struct err err;

	accepted(sign_one("a", NULL, &plain, &err), err);
	accepted(key_read_public(at("a.pub"), &flips.key, &err), err);
	directory = open(bundle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	flips.of = (struct verify_of){ .bundle = bundle,
				       .directory = directory,
				       .key = flips.key,
				       .as_of = "2026-01-05" };
	ck_assert_int_eq(nftw(bundle, flip_file, 16, FTW_PHYS), 0);
	ck_assert_int_gt((int)flips.count, 5000);
	accepted(verify("a", flips.of, &err), err);
	key_free(&flips.key);
}
END_TEST

/* --- members --- */

START_TEST(test_members)
{
	const struct verify_of of = { .bundle = at("bundle-00000001") };
	owned_str struct str text = { 0 };
	struct err err;

	accepted(sign_one("a", NULL, &plain, &err), err);
	put(at("bundle-00000001/probes/filesystem/b.sh"), "x");
	refused_with(verify("a", of, &err), err,
		     "probes/filesystem/b.sh: was not signed");
	ck_assert_int_eq(unlink(at("bundle-00000001/probes/filesystem/b.sh")), 0);

	get(at("bundle-00000001/controls/ids.tsv"), &text);
	ck_assert_int_eq(unlink(at("bundle-00000001/controls/ids.tsv")), 0);
	refused_with(verify("a", of, &err), err, "controls/ids.tsv: was signed, and is");
	ck_assert_int_eq(symlink(at("share/controls/ids.tsv"),
				 at("bundle-00000001/controls/ids.tsv")),
			 0);
	refused_with(verify("a", of, &err), err, "is neither a file nor a directory");
	ck_assert_int_eq(unlink(at("bundle-00000001/controls/ids.tsv")), 0);
	ck_assert_int_eq(mkfifo(at("bundle-00000001/controls/ids.tsv"), 0600), 0);
	refused_with(verify("a", of, &err), err, "is neither a file nor a directory");
	ck_assert_int_eq(unlink(at("bundle-00000001/controls/ids.tsv")), 0);
	put(at("bundle-00000001/controls/ids.tsv"), str_text(&text));
	accepted(verify("a", of, &err), err);

	ck_assert_int_eq(mkdir(at("bundle-00000001/empty"), 0755), 0);
	refused_with(verify("a", of, &err), err, "empty is empty");
	ck_assert_int_eq(rmdir(at("bundle-00000001/empty")), 0);
	put(at("bundle-00000001/.hidden"), "");
	refused_with(verify("a", of, &err), err, "is no name of a member");
	ck_assert_int_eq(unlink(at("bundle-00000001/.hidden")), 0);
	ck_assert_int_eq(unlink(at("bundle-00000001/" ENVELOPE_NAME)), 0);
	refused_with(verify("a", of, &err), err, "cannot open");
}
END_TEST

START_TEST(test_other_key)
{
	struct err err;

	accepted(sign_one("a", NULL, &plain, &err), err);
	refused_with(
		verify("b", (struct verify_of){ .bundle = at("bundle-00000001") }, &err),
		err, "the signature is not of the key");
}
END_TEST

/* --- what sign refuses --- */

static size_t count_entries(const char *path)
{
	DIR *stream = opendir(path);
	size_t count = 0;

	while (stream && readdir(stream))
		count++;
	(void)closedir(stream);
	return count;
}

START_TEST(test_sign_refuses)
{
	struct sign_of of = { .results = at("results.json"), .output = at("out") };
	size_t before;
	struct err err;

	write_record(at("results.json"), &plain);
	before = count_entries(root);
	put(at("share/probes/filesystem/a.sh"), "another version");
	refused_with(sign("a", of, &err), err, "are not those of the run");
	put(at("share/probes/filesystem/a.sh"), "share/probes/filesystem/a.sh");
	put(at("share/CONFORMANCE.md"), "another text");
	refused_with(sign("a", of, &err), err, "CONFORMANCE.md of this installation");
	put(at("share/CONFORMANCE.md"), "share/CONFORMANCE.md");
	of.policy = at("share/CONFORMANCE.md");
	refused_with(sign("a", of, &err), err, "the run had no policy file");
	of.policy = NULL;
	of.receipts = at("missing");
	refused_with(sign("a", of, &err), err, "cannot open");
	of.receipts = NULL;
	ck_assert_uint_eq(count_entries(root), before);
	accepted(sign("a", of, &err), err);
	refused_with(sign("a", of, &err), err, "evidence is never overwritten");
	ck_assert_uint_eq(count_entries(root), before + 1);
}
END_TEST

START_TEST(test_policy)
{
	const struct wanted wanted = { .run = "00000002", .policy = "{}\n" };
	struct sign_of of = { .results = at("results.json"),
			      .output = at("out"),
			      .policy = at("policy.json") };
	struct err err;

	write_record(at("results.json"), &wanted);
	put(at("policy.json"), "{} \n");
	refused_with(sign("a", of, &err), err, "is not the policy of the run");
	put(at("policy.json"), "{}\n");
	accepted(sign("a", of, &err), err);
	accepted(verify("a", (struct verify_of){ .bundle = at("out") }, &err), err);
}
END_TEST

START_TEST(test_receipts)
{
	struct sign_of of = { .results = at("results.json"),
			      .output = at("out"),
			      .receipts = at("receipts") };
	owned_str struct str list = { 0 };
	struct err err;

	write_record(at("results.json"), &plain);
	ck_assert_int_eq(mkdir(at("receipts"), 0755), 0);
	refused_with(sign("a", of, &err), err, "holds no receipt");
	put(at("receipts/1.json"), "a\n");
	accepted(sign("a", of, &err), err);
	get(at("out/receipts.sha256"), &list);
	ck_assert_str_eq(
		list.text,
		"87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7"
		"  1.json\n");
	accepted(verify("a", (struct verify_of){ .bundle = at("out") }, &err), err);
}
END_TEST

/* --- what the caller asks --- */

START_TEST(test_challenge)
{
	const struct wanted asked = { .run = "00000003", .challenge = "nonce-17" };
	struct verify_of of = { .bundle = at("bundle-00000003"),
				.challenge = "nonce-17" };
	struct err err;

	accepted(sign_one("a", NULL, &asked, &err), err);
	accepted(verify("a", of, &err), err);
	of.challenge = "nonce-18";
	refused_with(verify("a", of, &err), err, "answers the challenge nonce-17, not");
	of.challenge = NULL;
	accepted(verify("a", of, &err), err);
	accepted(sign_one("a", NULL, &plain, &err), err);
	of = (struct verify_of){ .bundle = at("bundle-00000001"),
				 .challenge = "nonce-17" };
	refused_with(verify("a", of, &err), err, "answers no challenge");
}
END_TEST

START_TEST(test_host_and_age)
{
	const struct wanted wanted = { .run = "00000004", .hostname = "h4" };
	struct verify_of of = { .bundle = at("bundle-00000004"), .hostname = "h4" };
	struct err err;

	accepted(sign_one("a", NULL, &wanted, &err), err);
	accepted(verify("a", of, &err), err);
	of.hostname = "h5";
	refused_with(verify("a", of, &err), err, "is of the host h4, not of h5");
	of.hostname = NULL;
	of.max_age_ms = 1000;
	refused_with(verify("a", of, &err), err, "too long ago");
}
END_TEST

/* --- waivers --- */

#define WAIVERS(expires)                                                                 \
	"{\"schema\":\"confine-waivers/1\",\"waivers\":[{\"id\":\"FS-01\",\"reason\":"   \
	"\"t\",\"owner\":\"a\",\"approver\":\"b\",\"expires\":\"" expires "\"}]}"

static const char *result_of(const char *bundle)
{
	static char result[16];
	owned_envelope struct envelope envelope = { 0 };
	owned_statement struct statement statement = { 0 };
	owned_str struct str text = { 0 };
	struct err err = { 0 };

	get(at("%s/" ENVELOPE_NAME, bundle), &text);
	accepted(envelope_read("e", text.text, text.length, &envelope, &err), err);
	accepted(statement_read("s", &envelope.payload, &statement, &err), err);
	(void)snprintf(result, sizeof(result), "%s", statement.result);
	return result;
}

/* The record says breached either way; what is signed is what the waivers make of it. */
START_TEST(test_waivers)
{
	const struct wanted leaky = { .run = "00000005", .leaky = true };
	struct sign_of of = { .results = at("results.json"), .output = at("bare") };
	struct verify_of asked = { .bundle = at("waived"), .as_of = "2026-02-01" };
	struct err err;

	write_record(at("results.json"), &leaky);
	accepted(sign("a", of, &err), err);
	ck_assert_str_eq(result_of("bare"), "FAILED");
	put(at("w.json"), WAIVERS("2026-02-01"));
	of.waivers = at("w.json");
	of.output = at("waived");
	accepted(sign("a", of, &err), err);
	ck_assert_str_eq(result_of("waived"), "PASSED");
	accepted(verify("a", asked, &err), err);
	asked.as_of = "2026-02-02";
	refused_with(verify("a", asked, &err), err,
		     "rests on the waiver of FS-01, which expired on 2026-02-01");
	put(at("w.json"), WAIVERS("2025-01-01"));
	of.output = at("expired");
	accepted(sign("a", of, &err), err);
	ck_assert_str_eq(result_of("expired"), "FAILED");
	asked.bundle = at("expired");
	accepted(verify("a", asked, &err), err);
}
END_TEST

/* --- a statement that lies, signed by the right key --- */

static void sign_payload(const char *bundle, const char *payload)
{
	owned_key struct key *key = NULL;
	owned_str struct str text = { 0 }, envelope = { 0 };
	struct err err = { 0 };

	accepted(key_read_private(at("a.pem"), &key, &err), err);
	str_add(&text, payload);
	accepted(envelope_write(key, &text, &envelope, &err), err);
	put(at("%s/" ENVELOPE_NAME, bundle), envelope.text);
}

static const struct {
	const char *old, *new, *wanted;
} lies[] = {
	{ "\"result\":\"PASSED\"", "\"result\":\"FAILED\"",
	  "states what does not follow" },
	{ "\"exit\":0", "\"exit\":1", "states what does not follow" },
	{ "\"level\":", "\"level\":1", "states what does not follow" },
	{ "self-attested", "collector-witnessed", "states what does not follow" },
	{ "\"breached\":0", "\"breached\":1", "states what does not follow" },
	{ "\"complete\":true", "\"complete\":true,\"more\":1", "states what does not" },
	{ "in-toto.io/Statement/v1", "in-toto.io/Statement/v2", "/_type: must be" },
	{ "test-result/v0.1", "test-result/v0.2", "/predicateType: must be" },
	{ "confine-evidence/1", "confine-evidence/2", "/schema: must be" },
	{ "\"name\":\"CONFORMANCE.md\"", "\"name\":\"../x\"", "the name of a member" },
	{ "\"name\":\"results.json\"", "\"name\":\"CONFORMANCE.md\"", "must be after" },
	{ "\"signed\":\"", "\"signed\":\"x", "/signed: must be" },
	{ "\"chain\":null", "\"chain\":{\"sequence\":0}", "/chain/sequence: must be" },
	{ "\"chain\":null", "\"chain\":{\"sequence\":2}", "/previous: must be there" },
	{ "\"chain\":null", "\"chain\":{\"sequence\":1,\"previous\":null}", NULL },
	{ "{\"_type\"", "{{\"_type\"", "line 1" },
};

START_TEST(test_lies)
{
	const struct verify_of of = { .bundle = at("bundle-00000001") };
	owned_str struct str text = { 0 }, changed = { 0 };
	owned_envelope struct envelope envelope = { 0 };
	const char *found;
	struct err err = { 0 };

	accepted(sign_one("a", NULL, &plain, &err), err);
	get(at("bundle-00000001/" ENVELOPE_NAME), &text);
	accepted(envelope_read("e", text.text, text.length, &envelope, &err), err);
	found = strstr(envelope.payload.text, lies[_i].old);
	ck_assert_msg(found != NULL, "%s", lies[_i].old);
	str_add_bytes(&changed, envelope.payload.text,
		      (size_t)(found - envelope.payload.text));
	str_addf(&changed, "%s%s", lies[_i].new, found + strlen(lies[_i].old));
	sign_payload("bundle-00000001", changed.text);
	if (lies[_i].wanted)
		refused_with(verify("a", of, &err), err, lies[_i].wanted);
	else
		accepted(verify("a", of, &err), err);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bundle");
	TCase *tcase = tcase_create("bundle"), *bits = tcase_create("bits");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_set_timeout(bits, 1800);
	tcase_set_tags(bits, "fork"); /* thousands of signatures: not under valgrind */
	tcase_add_checked_fixture(tcase, evidence_setup, evidence_teardown);
	tcase_add_checked_fixture(bits, evidence_setup, evidence_teardown);
	tcase_add_test(tcase, test_members);
	tcase_add_test(tcase, test_other_key);
	tcase_add_test(tcase, test_sign_refuses);
	tcase_add_test(tcase, test_policy);
	tcase_add_test(tcase, test_receipts);
	tcase_add_test(tcase, test_challenge);
	tcase_add_test(tcase, test_host_and_age);
	tcase_add_test(tcase, test_waivers);
	tcase_add_loop_test(tcase, test_lies, 0, ARRAY_SIZE(lies));
	tcase_add_test(bits, test_every_bit);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, bits);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
