/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The launcher is a child of this process, which is made the reaper of everything that comes
 * from it, so that what it leaves behind can be found and ended.
 */
#include "conformance/deployed.h"
#include "conformance/evidence.h"
#include "conformance/prepare.h"
#include "conformance/stage.h"
#include "conformance/view.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define PREFIX "confine-parity."

enum {
	RUN_MS = 8000,
	TICK_MS = 2,
	DEPTH_MAX = 256, /* deeper than any witness looks: a descriptor for each */
	END_TURNS = 500, /* how often what was left behind is looked for */
};

/* By descriptors: scratch is writable for all, and a path could lead elsewhere by now. */
static void remove_tree(int parent, const char *name, unsigned int depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	owned_dir DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry;
	     entry = readdir(dir)) {
		if (str_equal(entry->d_name, ".") || str_equal(entry->d_name, ".."))
			continue;
		if (unlinkat(fd, entry->d_name, 0) < 0 && depth < DEPTH_MAX)
			remove_tree(fd, entry->d_name, depth + 1);
	}
	(void)unlinkat(parent, name,
		       AT_REMOVEDIR); /* what is left is found by the next run */
}

/* Directories of runs that were killed: their lock is free. */
static void sweep(const char *place)
{
	owned_dir DIR *dir = opendir(place);

	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry;
	     entry = readdir(dir)) {
		owned_fd int old = -1;
		struct stat about;

		if (!str_has_prefix(entry->d_name, PREFIX))
			continue;
		old = openat(dirfd(dir), entry->d_name,
			     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (old < 0 || fstat(old, &about) < 0 || about.st_uid != geteuid() ||
		    flock(old, LOCK_EX | LOCK_NB) < 0)
			continue;
		remove_tree(dirfd(dir), entry->d_name, 0);
	}
}

__attribute__((noreturn)) static void become_launcher(const struct arm *arm)
{
	owned_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || setsid() < 0 || chdir(arm->cwd) < 0 ||
	    dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(127);
	(void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	(void)execvpe(arm->argv[0], (char *const *)(const void *)arm->argv,
		      (char *const *)(const void *)arm->environment);
	_exit(127);
}

/* Everything that came from the launcher is ours to reap by now. */
static void end_children(pid_t launcher)
{
	for (unsigned int turn = 0; turn < END_TURNS; turn++) {
		char path[64], text[4096], *save = NULL;
		int status;

		while (waitpid(-1, &status, WNOHANG) > 0)
			;
		(void)snprintf(path, sizeof(path), "/proc/self/task/%d/children",
			       getpid());
		if (fd_read_small_at(AT_FDCWD, path, text, sizeof(text)) < 0) {
			(void)kill(launcher, SIGKILL); /* a kernel without that file */
			return;
		}
		if (text[0] == '\0')
			return;
		for (char *word = strtok_r(text, " ", &save); word;
		     word = strtok_r(NULL, " ", &save))
			(void)kill((pid_t)strtol(word, NULL, 10), SIGKILL);
		(void)poll(NULL, 0, TICK_MS);
	}
}

static void look_at(struct watch *watch, const struct arm *arm, pid_t launcher,
		    struct appearance *ret)
{
	pid_t pid = tasks_find_script(watch->shield.proc, arm->script);

	if (pid <= 0)
		return;
	tasks_inspect(watch->shield.proc, pid, launcher, &ret->held);
	for (unsigned int i = 0; i < FACT_NS_COUNT; i++)
		ret->launcher_ns[i] =
			tasks_namespace(watch->shield.proc, launcher, fact_ns_names[i]);
}

/* Waits for proof of life, looks, and lets the script go; no longer than the caller wants to. */
static void attend(struct arm *arm, struct watch *watch, pid_t launcher,
		   struct appearance *ret)
{
	uint64_t start = arm_now();
	struct pollfd stop = { .fd = arm->wants->stop_fd, .events = POLLIN };
	struct stat about;
	bool ended = false;

	while (!ended && !stop.revents && (arm_now() - start) / 1000000U < RUN_MS) {
		if (!ret->held.found &&
		    evidence_stat(watch->shield.root, "scratch/alive", &about))
			look_at(watch, arm, launcher, ret);
		if (ret->held.found || (arm_now() - start) / 1000000U > RUN_MS / 4)
			stage_touch(watch->shield.root, "scratch/stop");
		(void)poll(&stop, 1, TICK_MS);
		ended = waitpid(launcher, &arm->shared->status, WNOHANG) == launcher;
	}
	watch->ended = ended;
	end_children(launcher);
}

static int run_deployed(struct arm *arm, struct watch *watch, struct appearance *ret,
			struct err *err)
{
	pid_t launcher;

	watch->shield.proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	watch->shield.root = open(arm->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (watch->shield.proc < 0 || watch->shield.root < 0 ||
	    flock(watch->shield.root, LOCK_EX | LOCK_NB) < 0)
		return err_sys(err, "parity", "cannot open %s", arm->root);
	evidence_begin(arm, watch);
	launcher = fork();
	if (launcher == 0)
		become_launcher(arm);
	if (launcher < 0)
		return err_sys(err, "parity", "cannot fork");
	attend(arm, watch, launcher, ret);
	evidence_collect(arm, watch);
	ret->alive = watch->alive && ret->held.found;
	ret->facts = watch->facts;
	ret->receipt = watch->receipt;
	watch->receipt = NULL;
	return 0;
}

int deployed_look(const struct session *session, struct arena *arena,
		  struct appearance *ret, struct err *err)
{
	struct watch *watch = watch_new();
	struct arm *arm = arena_alloc(arena, sizeof(*arm));
	const char *place = view_place();
	mode_t before = umask(022);
	char name[NONCE_SIZE];
	int result = -1;

	sweep(place);
	session_arm(session, ARM_HOLD, &session_hold_probe, arena, arm);
	arm->script_text = session_hold_script;
	arm->shared = arena_alloc(arena, sizeof(*arm->shared));
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (arm_random(name, err) == 0) {
		arm->root = arena_printf(arena, "%s/" PREFIX "%s", place, name);
		if (prepare_arm(arm, err) == 0 && stage_make(arm, err) == 0 &&
		    stage_arm_file(arm, err) == 0)
			result = run_deployed(arm, watch, ret, err);
		ret->root = arm->root;
		remove_tree(AT_FDCWD, arm->root, 0);
	}
	(void)umask(before);
	own_close_fd(&watch->opened);
	own_close_fd(&watch->shield.proc);
	own_close_fd(&watch->shield.root);
	watch_done(watch);
	str_done(&arm->variables);
	return result;
}

void appearance_done(struct appearance *appearance)
{
	json_delete(&appearance->receipt);
	tasks_held_done(&appearance->held);
}
