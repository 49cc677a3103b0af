# SPDX-License-Identifier: Apache-2.0
"""Runs of a fleet, made up: every host with a run of its own, of as many probes as asked for.

The documents of reports/tests/data are the templates. A probe is repeated under further names
until there are enough of them, with sentences as long as those of the catalogue, so that a file
has the size and the shape of a real one. Every tenth host fails.
"""
import hashlib
import json
import os

PROSE = {
    "what": "A child of the script opens the file by its path and by a descriptor that it got "
            "before, and writes eight bytes through each.",
    "why": "A script that changes files outside its scratch directory changes what other programs "
           "of the host do next. It is the first thing that an installer gone wrong does.",
    "remedy": "`mount -o remount,ro,bind` on every mount point below. Impact: programs that log "
              "there need a tmpfs of their own.",
}


def template(path, probes):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    pattern = document["probes"]
    made = []
    for i in range(probes):
        probe = dict(pattern[i % len(pattern)], **PROSE)
        if i >= len(pattern):
            probe["id"] += "-%d" % (i // len(pattern))
        probe["title"] = "Write to a file outside scratch, in the way number %d" % i
        made.append(probe)
    # Documents of one outcome each: a probe that is not green is not repeated.
    bad = [p for p in made[len(pattern):] if p["verdict"] != "enforced"]
    for probe in bad:
        probe.update({k: v for k, v in pattern[0].items() if k != "id"}, **PROSE)
    document["probes"] = made
    layer_of = {row["id"]: row["layer"] for row in document["requirements"]}
    for row in document["layers"]:
        row["probes"] = sum(layer_of[p["requirement"]] == row["layer"] for p in made)
    for row in document["requirements"]:
        row["probes"] = [p["id"] for p in made if p["requirement"] == row["id"]]
    return document


def host_name(number):
    return "host-%05d.example" % number


def run_id(host):
    return hashlib.sha256(host.encode()).hexdigest()[:32]


class Fleet:
    """Writes DIRECTORY/HOST.results.json; add() continues where it stopped."""

    def __init__(self, data, directory, probes):
        self.directory, self.count = directory, 0
        self.texts = []
        for name in ["exit-1"] + ["exit-0"] * 9:
            document = template(os.path.join(data, name + ".json"), probes)
            document["run"]["id"], document["host"]["hostname"] = "@run@", "@host@"
            self.texts.append(json.dumps(document, indent="\t"))
        os.makedirs(directory, exist_ok=True)

    def add(self, until):
        while self.count < until:
            name = host_name(self.count)
            text = self.texts[self.count % len(self.texts)]
            text = text.replace("@run@", run_id(name))
            path = os.path.join(self.directory, name + ".results.json")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace("@host@", name))
            self.count += 1
