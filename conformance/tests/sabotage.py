# SPDX-License-Identifier: Apache-2.0
"""Mutants of the runner against the suite: each has to be killed by a probe, by name.

The mutants are those that the runner's test build reads off its own plan (`run --sabotage list`): a
step that is left out, or one value of a step that is weaker than what is claimed. A mutant is killed
by a probe when the requirement that it belongs to is breached as a false claim, and nobody else is
accused. Where a second wall hides the effect, the run is repeated with that wall out of the way: by
policy, or by leaving it out too (contexts of sabotage.json); then only what was not breached without
the mutant counts. What no probe can see is killed by the runner's own verification, with the
read-back intact: the run ends in 125; sabotage.json says which wall hides it from the probes.
"""
import argparse
import collections
import concurrent.futures
import ctypes
import errno
import fnmatch
import glob
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile

CONFINE = os.environ["CONFINE"]
MUTANT = os.path.join(os.environ["SABOTAGE"], "bin", "confine")
HERE = os.path.dirname(os.path.abspath(__file__))
SRC = os.environ.get("SRC", os.path.dirname(os.path.dirname(HERE)))
TARGET = os.path.join(SRC, "conformance", "targets", "confine.json")
DATA = json.load(open(os.path.join(HERE, "sabotage.json")))
ALWAYS = DATA["rpt"]  # one false claim makes the receipt untrue as a whole
REFUSED = 125
MARKER = "<!-- written by make sabotage -->"

Mutant = collections.namedtuple("Mutant", "name ids layer")
# how: probe, verification or nothing; context: its name; probes: ids of the killers
Death = collections.namedtuple("Death", "how context probes problems")


def family(name):
    """STEP of a step, STEP:FIELD of a value."""
    return ":".join(name.split(":")[:2])


def bare_answer(call):
    """What this kernel says to nobody in particular who makes the call without a filter, where that tells
    why no probe can: every argument is -1, which no call takes."""
    library = ctypes.CDLL("libseccomp.so.2")
    number = library.seccomp_syscall_resolve_name(call.encode())
    if number < 0:
        return "this kind of machine has no such call"
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
        libc = ctypes.CDLL(None, use_errno=True)
        os._exit(ctypes.get_errno() if libc.syscall(*[ctypes.c_long(number)] + [ctypes.c_long(-1)] * 6) < 0 else 0)
    error = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {errno.EPERM: "the kernel asks for a capability before anything else",
            errno.ENOSYS: "this kernel has no such call"}.get(error)


def reason(name):
    if name.startswith("syscalls.filter:call:"):
        return bare_answer(name.split(":")[-1])
    for pattern, text in DATA["walls"].items():
        if fnmatch.fnmatchcase(name, pattern):
            return text
    return None


class Matrix:
    def __init__(self, folder):
        self.folder = folder
        self.rests = self.resting()
        self.requirement_of = {}
        self.known = {}  # context name: its mutants by name
        self.baselines = {}
        self.served = 0
        self.killed_by = {}  # (context, family): a probe that killed a member, asked first

    @staticmethod
    def resting():
        """Requirement ids that each probe says it rests on (`rests-on:` of its head)."""
        rests = {}
        for path in glob.glob(os.path.join(SRC, "probes", "*", "*.sh")):
            head = open(path).read().split("\n. ")[0]
            probe = re.search(r"^# id: (\S+)", head, re.M)
            if probe:
                rests[probe.group(1)] = re.findall(r"[A-Z]+-\d+", " ".join(re.findall(r"^# rests-on: (.*)", head, re.M)))
        return rests

    @staticmethod
    def words(context, extra=()):
        down = [word for name in context.get("down", []) for word in ("--sabotage", name)]
        sets = [word for pair in context.get("set", []) for word in ("--set", pair)]
        return down + list(extra) + sets

    def mutants(self, context):
        """Those of the plan that this context's policy has, by name."""
        if context["name"] not in self.known:
            sets = self.words({"set": context.get("set", [])})
            text = subprocess.run([MUTANT, "run"] + sets + ["--sabotage", "list"], capture_output=True, text=True).stdout
            rows = [line.split("\t") for line in text.splitlines()]
            self.known[context["name"]] = {
                name: Mutant(name, [] if ids == "-" else ids.split(","), layer) for name, ids, layer in rows}
        return self.known[context["name"]]

    def contexts(self, name):
        for context in DATA["contexts"]:
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in context["mutants"]):
                if name in self.mutants(context):
                    yield context

    def all(self):
        found = {}
        for context in DATA["contexts"]:
            for name, mutant in self.mutants(context).items():
                if any(fnmatch.fnmatchcase(name, pattern) for pattern in context["mutants"]):
                    found.setdefault(name, mutant)
        return found

    def ids_of(self, names):
        plain = {}
        for context in DATA["contexts"]:
            plain.update(self.mutants(context))
        return sorted({i for name in names for i in (plain[name].ids if name in plain else [])})

    def check(self, context, mutant, only):
        """Requirements and probes of one run of the suite against the weakened runner."""
        self.served += 1
        place = tempfile.mkdtemp(dir=self.folder)
        target = json.load(open(TARGET))
        at = target["argv"].index("run")
        lie = ["--sabotage", mutant] if mutant else []
        target["argv"] = [MUTANT, "run"] + self.words(context, lie) + target["argv"][at + 1:]
        target["policyCheck"][0] = MUTANT
        target["name"] = "sabotaged"
        with open(os.path.join(place, "target.json"), "w") as out:
            json.dump(target, out)
        path = os.path.join(place, "results.json")
        command = [CONFINE, "check", "--jobs", "2", "--target", os.path.join(place, "target.json"), "--json", path]
        for one in only:
            command += ["--only", one]
        # What the weakened runner starts lies beside it, maybe below /tmp: the shield shows what is in PATH.
        search = os.environ["PATH"] + ":" + os.path.join(os.environ["SABOTAGE"], "libexec", "confine")
        done = subprocess.run(command, env={**os.environ, "PATH": search}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            return done.returncode, json.load(open(path)), done.stderr
        except (OSError, ValueError):
            return done.returncode, None, done.stderr

    def baseline(self, context, only):
        """What is breached before the mutant: nothing, unless a wall was taken down."""
        key = (context["name"], tuple(only))
        if not context.get("down"):
            return set()
        if key not in self.baselines:
            _, results, _ = self.check(context, None, only)
            self.baselines[key] = {p["id"] for p in results["probes"] if p["verdict"] == "breached"} if results else set()
        return self.baselines[key]

    def ids_under_fire(self, context, mutant):
        return sorted(set(self.mutants(context)[mutant.name].ids) | set(self.ids_of(context.get("down", []))))

    def strike_as_before(self, context, mutant):
        """(killers, problems) by the probe that killed one of the family in this context."""
        known = self.killed_by.get((context["name"], family(mutant.name)))
        if not known or not mutant.ids:
            return [], []
        return self.strike_with(context, mutant, self.ids_under_fire(context, mutant), [known])

    def strike(self, context, mutant):
        """(killers, problems) by all probes of its requirements, and of what was taken down."""
        ids = self.ids_under_fire(context, mutant)
        if not mutant.ids:
            return [], []
        killers, problems = self.strike_with(context, mutant, ids, ids)
        if killers:
            self.killed_by[context["name"], family(mutant.name)] = killers[0]
        return killers, problems

    def strike_with(self, context, mutant, ids, only):
        before = self.baseline(context, only)
        status, results, said = self.check(context, mutant.name, only)
        if results and any(p["verdict"] == "error" for p in results["probes"]):  # of a busy machine: once more
            status, results, said = self.check(context, mutant.name, only)
        if results is None:
            return [], [f"no results, exit {status}: {said.strip()[:200]}"]
        allowed = set(ids) | set(ALWAYS)
        false = {q["id"] for q in results["requirements"] if q["verdict"] == "breached" and q["falseClaim"]}
        killers, problems = [], []
        for probe in results["probes"]:
            if probe["verdict"] != "breached" or probe["id"] in before:
                continue
            if probe["requirement"] in ids and probe["requirement"] in false:
                killers.append(probe["id"])
            elif probe["requirement"] not in allowed and not set(self.rests.get(probe["id"], [])) & allowed:
                problems.append(f"{probe['id']} accuses {probe['requirement']}")
        if killers and status != 1:
            problems.append(f"exit {status}, not 1")
        return killers, problems

    def read_back(self, context, mutant):
        """Exit status of a run that is weakened and still looks: something must be there to be seen."""
        command = [MUTANT, "run"] + self.words({"set": context.get("set", [])}) + \
            ["--sabotage-keep-readback", mutant.name, "--env", "LD_AUDIT=/nonexistent/audit.so"]
        if any(name in " ".join(context.get("set", [])) for name in ("degrade",)):
            command += ["--set", '/onUnavailable="fail"']
        if mutant.name == "mount.recursive":
            if os.getuid() != 0:
                return None
            shown = os.path.join(self.folder, "shown")
            os.makedirs(shown + "/sub", exist_ok=True)
            command = ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs none {shown}/sub && exec "$@"', "sh"] + \
                command + ["--set", "/filesystem/readOnly=" + json.dumps([shown])]
        if mutant.name == "privilege.groups":
            command = ["setpriv", "--groups=4,24"] + command
        variable = re.match(r"environment\.guard:variable:(.*)", mutant.name)
        if variable:
            command += ["--env", variable.group(1) + "=x"]
        leak = os.open("/", os.O_RDONLY)  # above what the runner opens for itself before it looks
        try:
            high = 50 + os.getpid() % 7
            os.dup2(leak, high)
            return subprocess.run(command + ["-c", ":"], capture_output=True, pass_fds=[high]).returncode
        finally:
            os.close(leak)

    def kill(self, mutant):
        """First what killed another of the family, wherever that was; then everything, context by context."""
        contexts = list(self.contexts(mutant.name))
        for strike in (self.strike_as_before, self.strike):
            for context in contexts:
                killers, found = strike(context, mutant)
                if killers or found:
                    return Death("probe" if killers else "nothing", context["name"], killers, found)
        status = self.read_back(contexts[0], mutant)
        if status == REFUSED:
            return Death("verification", contexts[0]["name"], [], [])
        return Death("nothing", "", [], [f"with its read-back intact it ends in {status}"])


def line(ok, text):
    print(("ok" if ok else "not ok") + " - " + text, flush=True)


def tell(mutant, death):
    ids = " ".join(mutant.ids) or "no requirement"
    what = f"{mutant.name} ({ids})"
    if death.how == "probe":
        where = "" if death.context == "as shipped" else f", {death.context}"
        line(not death.problems, f"{what}: killed by {' '.join(death.probes[:3])}{where}"
             f"{': ' + '; '.join(death.problems) if death.problems else ''}")
    elif death.how == "verification":
        wall = reason(mutant.name)
        line(wall is not None and not death.problems,
             f"{what}: killed by the runner's own verification: {wall or 'no wall is named in sabotage.json'}"
             f"{'; ' + '; '.join(death.problems) if death.problems else ''}")
    else:
        line(False, f"{what}: survived: {'; '.join(death.problems)}")


def table(deaths, mutants):
    """The rows of SABOTAGE.md: one for each family, layer by layer."""
    rows = collections.OrderedDict()
    for name, death in deaths.items():
        rows.setdefault((mutants[name].layer, family(name)), []).append((name, death))
    text = ["| layer | mutants | killed by a probe | by verification alone | survived |", "|---|---|---|---|---|"]
    layers = collections.OrderedDict()
    for (layer, _), members in sorted(rows.items()):
        counts = layers.setdefault(layer, collections.Counter())
        counts.update(death.how for _, death in members)
    for layer, counts in layers.items():
        text.append(f"| {layer} | {sum(counts.values())} | {counts['probe']} | {counts['verification']} | {counts['nothing']} |")
    total = sum(layers.values(), collections.Counter())
    text.append(f"| all | {sum(total.values())} | {total['probe']} | {total['verification']} | {total['nothing']} |")
    text += ["", "| family | layer | requirement | mutants | killed by | hidden from probes by |", "|---|---|---|---|---|---|"]
    for (layer, kind), members in sorted(rows.items()):
        killers = collections.Counter()
        walls = []
        for name, death in members:
            if death.how == "probe":
                context = "" if death.context == "as shipped" else f" ({death.context})"
                killers[f"`{death.probes[0]}`{context}"] += 1
            elif death.how == "verification":
                killers["verification"] += 1
                wall = reason(name)
                if wall and wall not in walls:
                    walls.append(wall)
            else:
                killers["nothing"] += 1
        ids = sorted({i for name, _ in members for i in mutants[name].ids})
        shown = ids if len(ids) <= 4 else ids[:3] + ["…"]
        said = ", ".join(f"{who} {count}" if len(members) > 1 else who for who, count in killers.most_common())
        text.append(f"| `{kind}` | {layer} | {' '.join(shown) or '-'} | {len(members)} | {said} | {'; '.join(walls)} |")
    return "\n".join(text) + "\n"


def write_text(path, rows):
    head = open(path).read().split(MARKER)[0]
    with open(path + ".new", "w") as out:
        out.write(head + MARKER + "\n" + rows)
    os.rename(path + ".new", path)


def steps_are_read_back(matrix, mutants):
    """Each whole step, left out with its read-back intact, is refused: nothing of the script runs."""
    unseen = []
    for name in sorted(n for n in mutants if ":" not in n):
        status = matrix.read_back(next(iter(matrix.contexts(name))), mutants[name])
        if status not in (None, REFUSED):
            unseen.append(f"{name}: {status}")
    line(not unseen, f"every step left out with its read-back intact ends in {REFUSED} {unseen or ''}")


def choose(mutants, options):
    names = sorted(mutants)
    if options.only:
        names = [n for n in names if any(fnmatch.fnmatchcase(n, pattern) for pattern in options.only)]
    if options.sample:
        rng = random.Random(options.seed)
        of = collections.defaultdict(list)
        for name in names:
            of[family(name)].append(name)
        families = rng.sample(sorted(of), min(options.sample, len(of)))
        names = sorted(rng.choice(of[kind]) for kind in families)
    return names


def part_of(names, text):
    """The K-th of N pieces, members of a family beside each other."""
    piece, pieces = (int(word) for word in text.split("/"))
    if not 1 <= piece <= pieces:
        raise SystemExit(f"sabotage.py: there is no part {text}")
    return names[len(names) * (piece - 1) // pieces:len(names) * piece // pieces]


def build():
    """The programs that were tried against each other: parts of one sweep have the same."""
    digest = hashlib.sha256()
    helpers = os.path.join(os.path.dirname(os.path.dirname(CONFINE)), "libexec", "confine")
    for path in [MUTANT] + [os.path.join(helpers, name) for name in ("confine-check", "confine-attack")]:
        digest.update(open(path, "rb").read())
    return digest.hexdigest()


def save(path, deaths, mutants):
    rows = {name: {**death._asdict(), "ids": mutants[name].ids, "layer": mutants[name].layer} for name, death in deaths.items()}
    with open(path, "w") as out:
        json.dump({"build": build(), "uid": os.getuid(), "of": sorted(mutants), "deaths": rows}, out, indent="\t")


def merge(paths):
    """Deaths and mutants of the parts of one sweep, all of it; what was tried again counts as it was last."""
    deaths, mutants, whole, builds = {}, {}, set(), set()
    for path in paths:
        part = json.load(open(path))
        whole |= set(part["of"])
        builds.add((part["build"], part["uid"]))
        for name, row in part["deaths"].items():
            deaths[name] = Death(row["how"], row["context"], row["probes"], row["problems"])
            mutants[name] = Mutant(name, row["ids"], row["layer"])
    if len(builds) != 1:
        raise SystemExit("sabotage.py: these are parts of different sweeps")
    if whole - set(deaths):
        raise SystemExit(f"sabotage.py: the parts lack {len(whole - set(deaths))} mutants: {sorted(whole - set(deaths))[:5]}")
    return deaths, mutants


def check_shape(mutants, path):
    """Does the text have a row for each family, and none for what is not there any more?"""
    text = open(path).read().split(MARKER)[-1]
    if "|" not in text:
        print("ok - the table is as it should be # SKIP it is not written yet")
        return
    written = set(re.findall(r"^\| `([a-z.:-]+)` \|", text, re.M))
    here = {family(name) for name in mutants}
    if os.getuid() != 0:  # whose plan has steps in the place of those that only root's has
        print(f"ok - {os.path.basename(path)} has a row for each family # SKIP it is of a root caller; "
              f"only this caller has {sorted(here - written)}")
    else:
        line(written >= here, f"{os.path.basename(path)} has a row for each of {len(here)} families {sorted(here - written) or ''}")
        line(not written - here, f"and none for what is no mutant any more {sorted(written - here) or ''}")


def finish(deaths, mutants, options):
    counts = collections.Counter(death.how for death in deaths.values())
    print(f"# {len(deaths)} mutants: {counts['probe']} killed by a probe, {counts['verification']} by verification, "
          f"{counts['nothing']} survived")
    if options.save:
        save(options.save, deaths, mutants)
    if options.text:
        write_text(options.text, table(collections.OrderedDict(sorted(deaths.items())), mutants))
    return 1 if counts["nothing"] else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=0, help="so many families, one mutant of each")
    parser.add_argument("--seed", default=os.environ.get("CONFINE_SEED", "1"))
    parser.add_argument("--only", action="append", help="pattern of names")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--text", help="put the table behind the marker of this text")
    parser.add_argument("--shape", help="text to compare the families with")
    parser.add_argument("--part", metavar="K/N", help="only the K-th of N pieces of the list")
    parser.add_argument("--save", metavar="FILE", help="what became of them, to be merged")
    parser.add_argument("--merge", nargs="+", metavar="FILE", help="try nothing: one table of all parts of a sweep")
    options = parser.parse_args()
    if options.merge:
        return finish(*merge(options.merge), options)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TESTTMP")) as folder:
        os.chmod(folder, 0o755)
        matrix = Matrix(folder)
        mutants = matrix.all()
        line(len(mutants) > 200, f"{len(mutants)} mutants of {len({family(n) for n in mutants})} families")
        if options.shape:
            check_shape(mutants, options.shape)
        if options.sample:
            steps_are_read_back(matrix, mutants)
        names = choose(mutants, options)
        if options.part:
            names = part_of(names, options.part)
        deaths = {}
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            waiting = {pool.submit(matrix.kill, mutants[name]): name for name in names}
            for future in concurrent.futures.as_completed(waiting):
                name = waiting[future]
                deaths[name] = future.result()
                tell(mutants[name], deaths[name])
        print(f"# {matrix.served} runs of the suite, uid {os.getuid()}")
        return finish(deaths, mutants, options)


if __name__ == "__main__":
    sys.exit(main())
