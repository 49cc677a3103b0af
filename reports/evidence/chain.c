/* SPDX-License-Identifier: Apache-2.0 */
/* chain - see chain.h. One entry is in memory at a time. */
#include "reports/evidence/chain.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define SUFFIX        ".dsse.json"
#define DIGITS        8
#define ENTRIES_MAX   99999999
#define HEAD_NAME     "head"
#define LOCK_NAME     "lock"
#define NEW_NAME      ".new"
#define LOCK_SECONDS  60
#define HEAD_TEXT_MAX 128

/* --- names and heads --- */

static void add_name(struct str *str, uint64_t sequence)
{
	str_addf(str, "%0*llu" SUFFIX, DIGITS, (unsigned long long)sequence);
}

int chain_parse_head(const char *text, struct chain_head *ret, struct err *err)
{
	const char *colon = strchr(text, ':');
	struct chain_head head = { .sequence = 0 };
	owned_str struct str number = { 0 };

	if (colon)
		str_add_bytes(&number, text, (size_t)(colon - text));
	if (!colon || strlen(colon + 1) != DIGEST_HEX - 1 ||
	    strspn(colon + 1, "0123456789abcdef") != DIGEST_HEX - 1 ||
	    parse_u64(str_text(&number), 1, ENTRIES_MAX, &head.sequence, err) < 0)
		return err_policy(err, "report",
				  "a head is NUMBER:SHA-256, as sign prints it");
	memcpy(head.sha256, colon + 1, DIGEST_HEX);
	*ret = head;
	return 0;
}

static int read_head(int directory, const char *path, struct chain_head *ret,
		     struct err *err)
{
	char text[HEAD_TEXT_MAX];
	ssize_t count = fd_read_small_at(directory, HEAD_NAME, text, sizeof(text));

	if (count < 0)
		return errno == ENOENT
			       ? err_policy(err, "report", "%s: has no head", path)
			       : err_sys(err, "report", "cannot read %s/" HEAD_NAME,
					 path);
	if (count == 0 || text[count - 1] != '\n')
		return err_policy(err, "report", "%s/" HEAD_NAME ": is not whole", path);
	text[count - 1] = '\0';
	return chain_parse_head(text, ret, err) < 0
		       ? err_within(err, "%s/" HEAD_NAME, path)
		       : 0;
}

/* Which numbers are there: all from 1 to *ret, and nothing else but head and lock. */
static int count_entries(int directory, const char *path, uint64_t *ret, struct err *err)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	owned_dir DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	uint64_t count = 0, last = 0;
	const struct dirent *entry;

	if (!stream)
		return err_sys(err, "report", "cannot list %s", path);
	while ((entry = readdir(stream)) != NULL) {
		const char *name = entry->d_name;
		uint64_t number = 0;

		if (name[0] == '.' || strcmp(name, HEAD_NAME) == 0 ||
		    strcmp(name, LOCK_NAME) == 0)
			continue;
		if (strspn(name, "0123456789") != DIGITS ||
		    strcmp(name + DIGITS, SUFFIX) != 0 || !strtoull(name, NULL, 10))
			return err_policy(err, "report",
					  "%s: has a file that is no entry of a chain",
					  path);
		number = strtoull(name, NULL, 10);
		last = number > last ? number : last;
		count++;
	}
	for (uint64_t number = 1; count < last && number <= last; number++) {
		owned_str struct str name = { 0 };

		add_name(&name, number);
		if (faccessat(directory, name.text, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return err_policy(
				err, "report", "%s: entry %llu is missing, of %llu", path,
				(unsigned long long)number, (unsigned long long)last);
	}
	*ret = last;
	return 0;
}

/* --- entries --- */

struct entry {
	struct statement statement;
	char sha256[DIGEST_HEX];
};

static void entry_done(struct entry *entry)
{
	statement_done(&entry->statement);
}
#define owned_entry __attribute__((cleanup(entry_done)))

static int read_entry(int directory, const char *path, uint64_t number,
		      const struct key *key, struct entry *ret, struct err *err)
{
	owned_envelope struct envelope envelope = { 0 };
	owned_str struct str name = { 0 }, text = { 0 }, what = { 0 };

	add_name(&name, number);
	str_addf(&what, "%s/%s", path, name.text);
	if (members_load(directory, path, name.text, ENVELOPE_MAX, &text, err) < 0 ||
	    envelope_verify(what.text, str_text(&text), text.length, key, &envelope,
			    err) < 0 ||
	    statement_read(what.text, &envelope.payload, &ret->statement, err) < 0)
		return -1;
	digest_sha256(str_text(&text), text.length, ret->sha256);
	if (ret->statement.link.sequence == number)
		return 0;
	if (!ret->statement.link.sequence)
		return err_policy(err, "report", "%s: was signed for no chain",
				  what.text);
	return err_policy(err, "report", "%s: was signed as entry %llu", what.text,
			  (unsigned long long)ret->statement.link.sequence);
}

/* The keyed digest of the machine's id where it has one; else its name. */
static int check_host(const char *path, uint64_t number,
		      const struct statement *statement, const char *hostname,
		      const char *identity, struct err *err)
{
	if (str_equal(statement->identity, identity) &&
	    (identity || str_equal(statement->hostname, hostname)))
		return 0;
	return err_policy(err, "report", "%s: entry %llu is of another host", path,
			  (unsigned long long)number);
}

/* --- appending --- */

void chain_close(struct chain *chain)
{
	if (chain->path) {
		own_close_fd(&chain->directory);
		own_close_fd(&chain->lock); /* and so gives up the lock */
	}
	memset(chain, 0, sizeof(*chain));
}

/* Whoever holds it signs and writes, which takes milliseconds. */
static int take_lock(int lock, int kind, const char *path, struct err *err)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	struct timespec now, start;

	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	while (flock(lock, kind | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_sys(err, "report", "cannot lock %s", path);
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - start.tv_sec >= LOCK_SECONDS)
			return err_set(err, ERR_SYSTEM, "report",
				       "%s: somebody else holds the lock for more than "
				       "%d s",
				       path, LOCK_SECONDS);
		(void)nanosleep(&pause, NULL);
	}
	return 0;
}

/* The end of what is there. A writer that died between an entry and the head left the head one behind. */
static int check_end(struct chain *chain, const struct key *key, const char *hostname,
		     const char *identity, struct err *err)
{
	struct chain_head head = { .sequence = 0 };
	owned_entry struct entry last = { .sha256 = "" };
	uint64_t count = 0;

	if (count_entries(chain->directory, chain->path, &count, err) < 0)
		return -1;
	/* Without entries there is no head; the first writer may have died before it wrote one. */
	if ((count > 1 || faccessat(chain->directory, HEAD_NAME, F_OK, 0) == 0) &&
	    read_head(chain->directory, chain->path, &head, err) < 0)
		return -1;
	if (head.sequence > count)
		return err_policy(err, "report",
				  "%s: ends at entry %llu, and its head is at %llu",
				  chain->path, (unsigned long long)count,
				  (unsigned long long)head.sequence);
	if (!count)
		return 0;
	if (read_entry(chain->directory, chain->path, count, key, &last, err) < 0 ||
	    check_host(chain->path, count, &last.statement, hostname, identity, err) < 0)
		return -1;
	if ((head.sequence == count && strcmp(head.sha256, last.sha256) != 0) ||
	    (head.sequence + 1 == count && head.sequence &&
	     !str_equal(last.statement.link.previous, head.sha256)) ||
	    head.sequence + 1 < count)
		return err_policy(err, "report", "%s: its head is not of its end",
				  chain->path);
	chain->last.sequence = count;
	memcpy(chain->last.sha256, last.sha256, DIGEST_HEX);
	return 0;
}

int chain_open(const char *path, const struct key *key, const char *hostname,
	       const char *identity, struct chain *ret, struct err *err)
{
	owned_chain struct chain chain = { .path = path, .directory = -1, .lock = -1 };

	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return err_sys(err, "report", "cannot make %s", path);
	chain.directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (chain.directory < 0)
		return err_sys(err, "report", "cannot open %s", path);
	chain.lock = openat(chain.directory, LOCK_NAME,
			    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (chain.lock < 0)
		return err_sys(err, "report", "cannot open %s/" LOCK_NAME, path);
	if (take_lock(chain.lock, LOCK_EX, path, err) < 0 ||
	    check_end(&chain, key, hostname, identity, err) < 0)
		return -1;
	*ret = chain;
	memset(&chain, 0, sizeof(chain));
	return 0;
}

/* Whole and on the disk under a name that nobody reads. */
static int write_new(const struct chain *chain, const void *bytes, size_t count,
		     struct err *err)
{
	owned_fd int fd =
		openat(chain->directory, NEW_NAME,
		       O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0 || fd_write_all(fd, bytes, count) < 0 || fsync(fd) < 0)
		return err_sys(err, "report", "cannot write %s/" NEW_NAME, chain->path);
	return 0;
}

static int move_head(struct chain *chain, struct err *err)
{
	owned_str struct str text = { 0 };

	str_addf(&text, "%llu:%s\n", (unsigned long long)chain->last.sequence,
		 chain->last.sha256);
	if (write_new(chain, text.text, text.length, err) < 0)
		return -1;
	if (renameat(chain->directory, NEW_NAME, chain->directory, HEAD_NAME) < 0 ||
	    fsync(chain->directory) < 0)
		return err_sys(err, "report", "cannot write %s/" HEAD_NAME, chain->path);
	return 0;
}

int chain_append(struct chain *chain, const struct str *envelope, struct err *err)
{
	owned_str struct str name = { 0 };

	if (chain->last.sequence >= ENTRIES_MAX)
		return err_policy(err, "report", "%s: is full", chain->path);
	add_name(&name, chain->last.sequence + 1);
	if (write_new(chain, envelope->text, envelope->length, err) < 0)
		return -1;
	/* A link, not a rename: it never takes the place of an entry. */
	if (linkat(chain->directory, NEW_NAME, chain->directory, name.text, 0) < 0)
		return err_sys(err, "report", "cannot make %s/%s", chain->path,
			       name.text);
	(void)unlinkat(chain->directory, NEW_NAME, 0); /* the next writer's otherwise */
	chain->last.sequence++;
	digest_sha256(envelope->text, envelope->length, chain->last.sha256);
	return move_head(chain, err);
}

/* --- verifying --- */

/* A head says which entry stood at its place. */
static int check_head(const char *path, const char *whose, const struct chain_head *head,
		      uint64_t number, const char *sha256, struct err *err)
{
	if (!head || head->sequence != number || strcmp(head->sha256, sha256) == 0)
		return 0;
	return err_policy(err, "report",
			  "%s: entry %llu is not the one of %s: the chain was written "
			  "anew or forked",
			  path, (unsigned long long)number, whose);
}

struct walk {
	const struct chain_of *of;
	int directory;
	struct chain_head head;   /* the chain's own */
	struct chain_head before; /* the entry that was read last */
	struct statement first;   /* whose host all are of */
	struct members runs;      /* their ids */
};

static void walk_done(struct walk *walk)
{
	own_close_fd(&walk->directory);
	statement_done(&walk->first);
	members_done(&walk->runs);
}

static int check_entry(struct walk *walk, uint64_t number, struct err *err)
{
	const struct chain_of *of = walk->of;
	owned_entry struct entry entry = { .sha256 = "" };
	const struct statement *statement = &entry.statement;

	if (read_entry(walk->directory, of->path, number, of->key, &entry, err) < 0)
		return -1;
	if (number > 1 && !str_equal(statement->link.previous, walk->before.sha256))
		return err_policy(err, "report",
				  "%s: entry %llu was signed after another entry %llu "
				  "than the one here",
				  of->path, (unsigned long long)number,
				  (unsigned long long)number - 1);
	if ((of->hostname || number > 1) &&
	    check_host(of->path, number, statement,
		       of->hostname ? of->hostname : walk->first.hostname,
		       of->hostname ? of->identity : walk->first.identity, err) < 0)
		return -1;
	if (check_head(of->path, "its head", &walk->head, number, entry.sha256, err) <
		    0 ||
	    check_head(of->path, "the anchored head", of->anchor, number, entry.sha256,
		       err) < 0 ||
	    check_head(of->path, "the bundle", of->has, number, entry.sha256, err) < 0)
		return -1;
	members_add(&walk->runs, statement->run, entry.sha256);
	walk->before.sequence = number;
	memcpy(walk->before.sha256, entry.sha256, DIGEST_HEX);
	if (number == 1) {
		walk->first = entry.statement;
		memset(&entry.statement, 0, sizeof(entry.statement));
	}
	return 0;
}

/* The same run signed twice would count twice. */
static int check_runs(struct walk *walk, struct err *err)
{
	members_sort(&walk->runs);
	for (size_t i = 1; i < walk->runs.count; i++)
		if (strcmp(walk->runs.rows[i - 1].name, walk->runs.rows[i].name) == 0)
			return err_policy(err, "report", "%s: run %s is in it twice",
					  walk->of->path, walk->runs.rows[i].name);
	return 0;
}

/* Does the chain reach as far as somebody saw it? */
static int check_reach(const char *path, const char *whose, const struct chain_head *head,
		       uint64_t count, struct err *err)
{
	if (!head || head->sequence <= count)
		return 0;
	return err_policy(err, "report", "%s: ends at entry %llu, and %s is at %llu",
			  path, (unsigned long long)count, whose,
			  (unsigned long long)head->sequence);
}

static int verify_all(struct walk *walk, struct err *err)
{
	const struct chain_of *of = walk->of;
	uint64_t count = 0;

	if (count_entries(walk->directory, of->path, &count, err) < 0 ||
	    read_head(walk->directory, of->path, &walk->head, err) < 0 ||
	    check_reach(of->path, "its head", &walk->head, count, err) < 0 ||
	    check_reach(of->path, "the anchored head", of->anchor, count, err) < 0 ||
	    check_reach(of->path, "the bundle", of->has, count, err) < 0)
		return -1;
	for (uint64_t number = 1; number <= count; number++)
		if (check_entry(walk, number, err) < 0)
			return -1;
	return check_runs(walk, err);
}

int chain_verify(const struct chain_of *of, struct chain_head *ret, struct err *err)
{
	struct walk walk = { .of = of, .directory = -1 };
	owned_fd int lock = -1;
	int result;

	walk.directory = open(of->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (walk.directory < 0)
		return err_sys(err, "report", "cannot open %s", of->path);
	/* A copy has no lock, or one that may not be opened; nobody appends to it. */
	lock = openat(walk.directory, LOCK_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	result = lock >= 0 ? take_lock(lock, LOCK_SH, of->path, err) : 0;
	if (result == 0)
		result = verify_all(&walk, err);
	if (result == 0)
		*ret = walk.before;
	walk_done(&walk);
	return result;
}
