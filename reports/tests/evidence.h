/* SPDX-License-Identifier: Apache-2.0 */
/* evidence - a small installation, records of runs in it, keys: what the tests of bundles share */
#ifndef REPORTS_TESTS_EVIDENCE_H
#define REPORTS_TESTS_EVIDENCE_H

#include "reports/evidence/chain.h"
#include "reports/evidence/sign.h"
#include "reports/evidence/verify.h"
#include "reports/tests/sample.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

static char root[PATH_MAX];

/* A path below the test's own directory; good until 256 more were asked for. */
static UNUSED const char *at(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
static UNUSED const char *at(const char *format, ...)
{
	static char paths[256][PATH_MAX];
	static unsigned int next;
	char *path = paths[next++ % 256];
	va_list arguments;
	int used = snprintf(path, PATH_MAX, "%.2000s/", root);

	va_start(arguments, format);
	(void)vsnprintf(path + used, (size_t)(PATH_MAX - used), format, arguments);
	va_end(arguments);
	return path;
}

static UNUSED void put(const char *path, const char *text)
{
	struct err err = { 0 };

	ck_assert_msg(fd_replace_file(path, text, strlen(text), &err) == 0, "%s",
		      err.msg);
}

static UNUSED void get(const char *path, struct str *ret)
{
	struct err err = { 0 };

	ck_assert_msg(fd_read_file(path, 1U << 24, ret, &err) == 0, "%s", err.msg);
}

static int remove_one(const char *path, const struct stat *about, int kind,
		      struct FTW *where)
{
	(void)about;
	(void)kind;
	(void)where;
	return remove(path);
}

static UNUSED void remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static UNUSED void write_keys(const char *name)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	const char *path = at("%s.pem", name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	FILE *private = fdopen(fd, "w"), *public = fopen(at("%s.pub", name), "we");

	ck_assert(key && private && public);
	ck_assert_int_eq(PEM_write_PrivateKey(private, key, NULL, NULL, 0, NULL, NULL),
			 1);
	ck_assert_int_eq(PEM_write_PUBKEY(public, key), 1);
	(void)fclose(private);
	(void)fclose(public);
	EVP_PKEY_free(key);
}

static UNUSED void evidence_setup(void)
{
	static const char *const folders[] = { "share", "share/probes",
					       "share/probes/filesystem",
					       "share/controls" };
	static const char *const files[] = {
		"share/CONFORMANCE.md",       "share/probes/README.md",
		"share/probes/lib.sh",        "share/probes/mark.sh",
		"share/probes/gconv-modules", "share/probes/filesystem/a.sh",
		"share/controls/NOTICE",      "share/controls/frameworks.tsv",
		"share/controls/ids.tsv",     "share/controls/requirements.tsv",
	};
	const char *temporary = getenv("TMPDIR");

	(void)snprintf(root, sizeof(root), "%s/evidence.XXXXXX",
		       temporary && temporary[0] ? temporary : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(root));
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		ck_assert_int_eq(mkdir(at("%s", folders[i]), 0755), 0);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		put(at("%s", files[i]), files[i]);
	write_keys("a");
	write_keys("b");
	ck_assert_int_eq(setenv("CONFINE_SHARE", at("share"), 1), 0);
}

static UNUSED void evidence_teardown(void)
{
	remove_tree(root);
}

/* What a test wants to be different from the usual. */
struct wanted {
	const char *run;      /* 8 hexadecimal digits, four times */
	const char *identity; /* 1 digit, 64 times */
	const char *hostname, *challenge, *policy;
	bool leaky; /* FS-01 is breached */
};

static UNUSED void write_record(const char *path, const struct wanted *wanted)
{
	static const struct sample_probe probes[] = {
		{ 0, SEEN_HELD, PROMISE_ENFORCED }, { 1, SEEN_LEAKED, PROMISE_NOTHING },
		{ 2, SEEN_HELD, PROMISE_ENFORCED }, { 3, SEEN_HELD, PROMISE_ENFORCED },
		{ 4, SEEN_HELD, PROMISE_ENFORCED },
	};
	struct sample sample = sample_good();
	owned_members struct members share = { 0 };
	owned_json struct json *document = NULL;
	struct json *object, *inner;
	char text[DIGEST_HEX] = "", id[36];
	struct err err = { 0 };
	owned_fd int fd = open(at("share"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (wanted->leaky)
		sample.probes = probes;
	document = sample_document(&sample);
	(void)snprintf(id, sizeof(id), "\"%s%s%s%s\"", wanted->run, wanted->run,
		       wanted->run, wanted->run);
	sample_put(document, "run/id", id);
	if (wanted->hostname)
		sample_put_text(document, "host/hostname", wanted->hostname);
	object = json_add_object(document, "attestation");
	json_add_text(object, "label",
		      wanted->challenge ? "collector-witnessed" : "self-attested");
	if (wanted->challenge)
		json_add_text(object, "challenge", wanted->challenge);
	object = json_add_object(document, "conditions");
	inner = json_add_object(object, "host");
	memset(text, wanted->identity ? wanted->identity[0] : '1', DIGEST_HEX - 1);
	json_add_text(inner, "identity", text);
	inner = json_add_object(object, "digests");
	ck_assert_msg(members_read(fd, "share", 100, &share, &err) == 0, "%s", err.msg);
	members_catalogue(&share, text);
	json_add_text(inner, "catalogue", text);
	json_add_text(inner, "text", members_find(&share, "CONFORMANCE.md")->sha256);
	json_remove(json_member(document, "policy"), "sha256");
	if (wanted->policy) {
		digest_sha256(wanted->policy, strlen(wanted->policy), text);
		json_add_text(inner, "policy", text);
		json_add_text(json_member(document, "policy"), "sha256", text);
	}
	ck_assert_msg(json_write_file(path, document, false, &err) == 0, "%s", err.msg);
}

/* --- the two commands --- */

static UNUSED int sign(const char *key_name, struct sign_of of, struct err *err)
{
	owned_key struct key *key = NULL;
	owned_str struct str said = { 0 };
	struct err key_err = { 0 };

	ck_assert_msg(key_read_private(at("%s.pem", key_name), &key, &key_err) == 0, "%s",
		      key_err.msg);
	of.key = key;
	*err = (struct err){ 0 };
	return sign_run(&of, &said, err);
}

static UNUSED int verify(const char *key_name, struct verify_of of, struct err *err)
{
	owned_key struct key *key = NULL;
	owned_str struct str said = { 0 };
	struct err key_err = { 0 };
	owned_fd int directory = -1;

	ck_assert_msg(key_read_public(at("%s.pub", key_name), &key, &key_err) == 0, "%s",
		      key_err.msg);
	of.key = key;
	if (!of.as_of)
		of.as_of = "2026-01-05";
	if (of.bundle)
		directory = open(of.bundle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	of.directory = directory;
	*err = (struct err){ 0 };
	return verify_run(&of, &said, err);
}

/* A run signed into the chain `chain`, or none. */
static UNUSED int sign_one(const char *key_name, const char *chain,
			   const struct wanted *wanted, struct err *err)
{
	write_record(at("results.json"), wanted);
	return sign(key_name,
		    (struct sign_of){ .results = at("results.json"),
				      .output = at("bundle-%s", wanted->run),
				      .chain = chain },
		    err);
}

#define accepted(result, err) ck_assert_msg((result) == 0, "%s", (err).msg)
#define refused_with(result, err, wanted)                                                \
	do {                                                                             \
		ck_assert_int_eq((result), -1);                                          \
		ck_assert_msg(strstr((err).msg, (wanted)) != NULL, "%s", (err).msg);     \
	} while (0)

#endif
