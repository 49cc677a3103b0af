# SPDX-License-Identifier: Apache-2.0
"""Hosts that are not like this one, each for the suite alone. See hosts-like.test.sh."""
import json
import os
import re
import shutil
import subprocess

CONFINE = os.environ["CONFINE"]
TEMP = os.environ["TESTTMP"]
TAKE_AWAY = os.path.join(TEMP, "take-away")
ROOT = os.geteuid() == 0
PARTIAL = 4  # a filtered run in which nothing is breached

# Of each kind of act that a shell takes part in: reading, writing, redirecting, forking, waiting.
SHELL = ["environment.dangerous-names", "environment.path-option", "environment.preload-interpreter", "environment.shell-env",
         "output.both", "output.held-pipe", "filesystem.write-outside", "filesystem.hidden-*", "resources.fork-bomb-shell",
         "lifecycle.daemon-after-end", "report.exit-status"]
WRITING = ["filesystem.write-outside", "filesystem.any-right", "filesystem.residue", "filesystem.visible-write", "scratch.gone",
           "scratch.owner", "filesystem.passed-*", "report.exit-status"]
LANDLOCK = ["filesystem.write-outside", "filesystem.any-right", "filesystem.secret-beside", "filesystem.passed-*",
            "filesystem.device-ioctl", "report.exit-status"]
USERS = ["privilege.user-namespace*", "privilege.setuid-helper", "filesystem.write-outside", "report.exit-status"]
# Of IPv4, and of both.
NETWORK = ["network.tcp-v4", "network.udp-v4", "network.metadata", "network.allow-peer", "network.blocked-ranges"]
# Acts that are nothing without IPv6.
OF_IPV6 = {"network." + name for name in (
    "allow-mapped", "allow-peer-v6", "blocked-embedded", "icmp-v6", "metadata-google-v6", "metadata-mapped", "metadata-v6",
    "tcp-v6", "udp-v6")}


def line(ok, text, wrong=""):
    print(("ok" if ok else "not ok") + " - " + text + (f": {wrong}" if wrong and not ok else ""), flush=True)


def skip(text, why):
    print(f"ok - {text} # SKIP {why}", flush=True)


def take(layer, command, **more):
    prefix = [TAKE_AWAY, layer] if layer else []
    return subprocess.run(prefix + command, capture_output=True, text=True, **more)


def check(layer, only, options=()):
    """Exit status, verdict and reason of each probe, the whole record."""
    path = os.path.join(TEMP, "results.json")
    if os.path.exists(path):
        os.unlink(path)
    done = take(layer, [CONFINE, "check", "--json", path, *options] + [word for one in only for word in ("--only", one)])
    try:
        results = json.load(open(path))
    except (OSError, ValueError):
        line(False, f"{layer}: confine check wrote a record", done.stderr[-300:])
        return done.returncode, {}, None
    return done.returncode, {p["id"]: (p["verdict"], p["reason"]) for p in results["probes"]}, results


HERE = {}


def here(only):
    """The verdicts of this host as it is."""
    if tuple(only) not in HERE:
        HERE[tuple(only)] = check(None, only)[:2]
    return HERE[tuple(only)]


def same(layer, only, but=()):
    """Every verdict is that of this host as it is, but for some; returns what was seen."""
    wanted_status, wanted = here(only)
    status, seen, results = check(layer, only)
    other = {id: (wanted[id][0], *seen.get(id, ("missing", ""))) for id in wanted
             if id not in but and seen.get(id, ("missing",))[0] != wanted[id][0]}
    line(not other and len(seen) == len(wanted), f"{layer}: {len(seen) - len(but)} probes have the verdicts of this host", other)
    line(status == wanted_status == PARTIAL, f"{layer}: and the exit status is that of a partial run", (status, wanted_status))
    return seen, results


def size_of_shell(layer):
    """In the sandbox, of what is started as /bin/sh there; evidence that it is the one that is meant."""
    done = take(layer, [CONFINE, "run", "-c", "wc -c </bin/sh"])
    return done.stdout.strip()


def is_static(path):
    return "INTERP" not in subprocess.run(["readelf", "-lW", path], capture_output=True, text=True).stdout


def shells():
    usual = size_of_shell(None)
    for name in ("dash", "bash", "busybox"):
        path = shutil.which(name)
        if not path:
            skip(f"{name} as /bin/sh", f"there is no {name}")
            continue
        seen = size_of_shell(name)
        line(seen == str(os.stat(path).st_size), f"{name} is /bin/sh in the sandbox", (seen, path, usual))
        if seen == usual:
            skip(f"{name}: the suite", "it is /bin/sh here anyway, and so in every other test")
            continue
        # What no loader loads has nothing loaded into it.
        static = {"environment.preload-interpreter"} if name == "busybox" and is_static(path) else set()
        seen, _ = same(name, SHELL, static)
        for id in static:
            line(seen[id][0] == "not-applicable" and "static" in seen[id][1], f"{name}: {id} is closed by a static shell", seen[id])


def read_only():
    done = take("writing", ["/bin/sh", "-c", "! ( : >/usr/new ) 2>/dev/null && ! ( : >/var/tmp/new ) 2>/dev/null"])
    line(done.returncode == 0, "writing: nothing can be written there", done.stderr)
    # An arm's directory is in /tmp there, and what is shown in it lies in what may be written: Landlock is no second wall.
    two_walls = {id for id in here(WRITING)[1] if id.startswith("filesystem.passed-")}
    seen, results = same("writing", WRITING, two_walls)
    for id in sorted(two_walls & set(seen)):
        line(seen[id][0] in ("degraded", here(WRITING)[1][id][0]), f"writing: {id} is no better than what is promised there", seen[id])
    line(results and results["parity"]["ok"], "writing: the shield changes nothing of the target", results and results["parity"])


def without_ipv6():
    done = take("ipv6", ["/usr/bin/python3", "-c", "import socket\nsocket.socket(socket.AF_INET6)"])
    line("Errno 97" in done.stderr, "ipv6: there are no such sockets", done.stderr)
    # udp-any sends to both families, and the first that goes is enough.
    seen, _ = same("ipv6", NETWORK + sorted(OF_IPV6), OF_IPV6)
    for id in sorted(OF_IPV6):
        verdict, reason = seen.get(id, ("missing", ""))
        line(verdict == "not-applicable" and "EAFNOSUPPORT" in reason, f"ipv6: {id} is not applicable, and says why", (verdict, reason))


def without_landlock():
    done = take("landlock", [CONFINE, "host"])
    line("landlock_create_ruleset: ENOSYS" in done.stdout + done.stderr, "landlock: confine host says that it is missing", done.stdout)
    two_walls = {"filesystem.device-ioctl", "filesystem.passed-read", "filesystem.passed-write"}
    seen, results = same("landlock", LANDLOCK, two_walls)
    for id in sorted(two_walls & set(seen)):
        wanted = {"degraded", "untestable"} if id == "filesystem.device-ioctl" else {"degraded"}
        wanted |= {here(LANDLOCK)[1][id][0]} & {"untestable", "not-applicable"}
        line(seen[id][0] in wanted, f"landlock: {id} is no better than what is promised without it", seen[id])
    if results:
        row = next(q for q in results["requirements"] if q["id"] == "FS-21")
        line((row["verdict"], row["promised"]) == ("degraded", "degraded"), "landlock: FS-21 is degraded, by the receipt's own word",
             (row["verdict"], row["promised"], row["reason"]))


def without_user_namespaces():
    done = take("users", ["/usr/bin/unshare", "-U", "true"])
    line(done.returncode != 0, "users: none can be made there", done.stderr)
    if not ROOT:  # then there is no shield either, and nothing is tried
        status, seen, _ = check("users", USERS)
        words = {verdict for verdict, _ in seen.values()}
        line(status == PARTIAL and words <= {"untestable", "not-applicable"}, "users: without a shield nothing is tried, exit 4", (status, words))
        vague = {reason for verdict, reason in seen.values() if verdict == "untestable" and "namespace" not in reason}
        line(not vague, "users: and the reason is named", vague)
        return
    nested = {id for id in here(USERS)[1] if id.startswith("privilege.user-namespace")}
    seen, results = same("users", USERS, nested)
    for id in sorted(nested):
        line(seen[id][0] == "not-applicable" and "ENOSPC" in seen[id][1], f"users: {id} is closed by the host", seen[id])


BARE = {
    "schema": "confine-target/1", "name": "bare", "title": "a root with nothing in it but the helper",
    "argv": ["bwrap", "--unshare-all", "--die-with-parent", "--dev", "/dev", "--proc", "/proc",
             "--ro-bind", "{probes}", "{probes}", "--bind", "{scratch}", "{scratch}", "--chdir", "{scratch}", "--", "{command}"],
    "refusedExits": [1],
}
BARE_PROBES = ["filesystem.write-outside", "filesystem.secret-beside", "network.tcp-v4", "environment.process-environment",
               "resources.open-files", "lifecycle.daemon-after-end", "privilege.capabilities"]


def bare():
    """Another sandbox, without a shell and with nothing but a static one."""
    shell = shutil.which("busybox")
    if not shutil.which("bwrap"):
        skip("a root with nothing but the helper", "there is no bwrap")
        return
    path = os.path.join(TEMP, "bare.json")
    json.dump(BARE, open(path, "w"))
    status, seen, _ = check(None, BARE_PROBES, ["--target", path])
    words = {verdict for verdict, _ in seen.values()}
    line(status == PARTIAL and words <= {"untestable", "not-applicable"} and "untestable" in words,
         "bare: without a shell nothing is tried, exit 4", (status, seen))
    named = [reason for verdict, reason in seen.values() if verdict == "untestable" and not re.search("/bin/sh: No such file", reason)]
    line(not named, "bare: and the reason is that there is no shell", named)
    if not shell or not is_static(shell):
        skip("bare: a shell and the helper", "there is no static busybox")
        return
    with_shell = dict(BARE, argv=BARE["argv"][:-2] + ["--ro-bind", shell, "/bin/sh"] + BARE["argv"][-2:])
    json.dump(with_shell, open(path, "w"))
    status, seen, _ = check(None, BARE_PROBES, ["--target", path])
    bad = {id: row for id, row in seen.items() if row[0] not in ("enforced", "not-applicable", "breached")}
    line(not bad and len(seen) == len(BARE_PROBES), "bare: with a shell of one file every probe comes to a verdict", bad)
    for id in ("filesystem.write-outside", "filesystem.secret-beside", "network.tcp-v4", "lifecycle.daemon-after-end"):
        line(seen.get(id, ("missing",))[0] == "enforced", f"bare: {id} is enforced, for it was tried", seen.get(id))
    # bubblewrap limits nothing: that is found without any program of the host's.
    line(seen.get("resources.open-files", ("missing",))[0] == "breached" and status == 1, "bare: resources.open-files is breached, exit 1",
         (status, seen.get("resources.open-files")))


if __name__ == "__main__":
    shells()
    bare()
    read_only()
    without_ipv6()
    without_landlock()
    without_user_namespaces()
