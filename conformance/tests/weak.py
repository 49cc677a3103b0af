# SPDX-License-Identifier: Apache-2.0
"""Weakened command lines of another sandbox, each against its sound base line. See weak.test.sh."""
import json
import os
import random
import shlex
import subprocess

CONFINE = os.environ["CONFINE"]
DATA = os.path.join(os.environ["SRC"], "fixtures", "weak", "bubblewrap.json")
SWEEP = os.environ.get("CONFINE_SOAK", "") != ""
SAMPLE = 3
STOPPED = ("enforced", "not-applicable")


def line(ok, text):
    print(("ok" if ok else "not ok") + " - " + text, flush=True)


def weaken(base, row):
    """The base line without the runs of words in `drop`, and with those of `add` before the places that
    the suite binds."""
    words = list(base)
    for group in row.get("drop", []):
        at = next(i for i in range(len(words)) if words[i:i + len(group)] == group)
        del words[at:at + len(group)]
    at = min(words.index(place) for place in ("{probes}", "{scratch}") if place in words) - 1
    return words[:at] + row.get("add", []) + words[at:]


def check(name, words, only):
    path = f"{name}.json"
    command = [CONFINE, "check", "--target-command", shlex.join(words), "--jobs", "2", "--json", path]
    for requirement in only:
        command += ["--only", requirement]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=open("stderr", "w"))
    try:
        return {p["id"]: p for p in json.load(open(path))["probes"]}
    except (OSError, ValueError):
        line(False, f"{name}: no results: {open('stderr').read().strip()[:200]}")
        return {}


def turned(before, after):
    """Requirements whose probes were stopped before and are not now; and what else became unclear."""
    lost = sorted({p["requirement"] for p in after.values()
                   if before[p["id"]]["verdict"] in STOPPED and p["verdict"] in ("breached", "open")})
    unclear = sorted(p["id"] for p in after.values()
                     if p["verdict"] in ("error", "untestable") and before[p["id"]]["verdict"] not in ("error", "untestable"))
    return lost, unclear


def main():
    data = json.load(open(DATA))
    rows = data["weak"]
    line(len(rows) >= 20, f"{len(rows)} weakened command lines")
    seed = int(os.environ.get("CONFINE_SEED", "1"))
    chosen = rows if SWEEP else random.Random(seed).sample(rows, SAMPLE)
    only = [] if SWEEP else sorted({i for row in chosen for i in row["turns"]})
    before = check("base", data["base"], only)
    for row in chosen:
        after = check(row["name"], weaken(data["base"], row), only)
        if not before or not after:
            continue
        lost, unclear = turned(before, after)
        unclear = [i for i in unclear if i not in row.get("blind", [])]
        line(lost == sorted(row["turns"]), f"{row['name']}: turned {' '.join(lost) or 'nothing'}" +
             ("" if lost == sorted(row["turns"]) else f", wanted {' '.join(row['turns'])}"))
        line(not unclear, f"{row['name']}: every other verdict stays clear {' '.join(unclear)}")


main()
