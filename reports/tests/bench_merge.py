# SPDX-License-Identifier: Apache-2.0
"""bench_merge.py CONFINE DATA [HOSTS...] - `confine report merge` on large fleets, in figures

Hosts of 120 probes each are made in a temporary directory and merged into JUnit, HTML and OSCAL:
processor time and peak memory for each number of hosts. Then python3-junitparser merges the JUnit
files of the same hosts in the same run, in two ways: as its own command does, which looks for suites
that are there already and so is quadratic; and by its append(), which puts suite after suite and looks
at none, as fast as that library can. Processor time, not wall time: others may use the machine.
Exit 1 where a claim does not hold: below 64 MiB, linear in the number of hosts, and five times as fast
as junitparser's merge. Against append() the factor is only told: it looks for no duplicates, and what
we read is the record, four times the bytes of the JUnit files that it reads.
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import fleet_data

PROBES = 120
MEMORY_MIB = 64
FASTER = 5
LINEAR = 1.25  # time for each host, the largest fleet against the smallest
MERGER = """
import sys
from junitparser import JUnitXml
merged = JUnitXml()
with open(sys.argv[1]) as names:
    for name in names:
        %s
merged.update_statistics()
merged.write(sys.argv[2])
"""
MERGE = 'merged += JUnitXml.fromfile(name.rstrip("\\n"))'
APPEND = 'merged.extend(JUnitXml.fromfile(name.rstrip("\\n")))'


def peak_kib(pid):
    """The high-water mark of a process that runs; 0 when it has ended."""
    try:
        with open("/proc/%d/status" % pid, encoding="ascii") as file:
            return max([int(line.split()[1]) for line in file if line.startswith("VmHWM")] + [0])
    except OSError:
        return 0


def run(argv, statuses=(0,)):
    """Processor seconds and peak MiB of a program. Its own figure of the peak would begin with
    ours, which it had between vfork and exec: the kernel's high-water mark is read as it runs."""
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    peak, ended = 0, 0
    while not ended:
        peak = max(peak, peak_kib(process.pid))
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if not ended:
            time.sleep(0.01)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in statuses:
        raise SystemExit("bench-merge: %s: exit %d" % (" ".join(argv[:4]), process.returncode))
    return usage.ru_utime + usage.ru_stime, peak / 1024


def find_junitparser():
    for python in ("/usr/bin/python3", sys.executable):
        if subprocess.run([python, "-c", "import junitparser"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def write_junit(confine, fleet, directory):
    """What `confine report junit` writes for every host: the host's name is all that differs."""
    kinds, names = [], []
    for number in range(len(fleet.texts)):
        source = os.path.join(fleet.directory, fleet_data.host_name(number) + ".results.json")
        text = subprocess.run([confine, "report", "junit", source], stdout=subprocess.PIPE,
                              check=False).stdout.decode()
        kinds.append((fleet_data.host_name(number), text, source))
    os.makedirs(directory)
    run_of = fleet_data.run_id
    for number in range(fleet.count):
        host = fleet_data.host_name(number)
        old, text, _ = kinds[number % len(kinds)]
        names.append(os.path.join(directory, host + ".xml"))
        with open(names[-1], "w", encoding="utf-8") as file:
            file.write(text.replace(old, host).replace(run_of(old), run_of(host)))
    for number in random.Random(7).sample(range(fleet.count), min(20, fleet.count)):
        source = os.path.join(fleet.directory, fleet_data.host_name(number) + ".results.json")
        text = subprocess.run([confine, "report", "junit", source], stdout=subprocess.PIPE,
                              check=False).stdout
        with open(names[number], "rb") as file:
            if file.read() != text:
                raise SystemExit("bench-merge: %s is not what the report writes" % names[number])
    return names


def compare(confine, fleet, scratch, ours, merged, appended):
    """How much faster at each of the numbers of hosts; ours: seconds by the number of hosts."""
    python = find_junitparser()
    if not python:
        print("bench-merge: no comparison: python3-junitparser is missing "
              "(apt-get install python3-junitparser)")
        return True
    names = write_junit(confine, fleet, os.path.join(scratch, "junit"))
    listed, good = os.path.join(scratch, "names"), True
    output = os.path.join(scratch, "theirs.xml")
    for way, name, count in ([(APPEND, "append", n) for n in appended] +
                             [(MERGE, "merge", n) for n in merged]):
        with open(listed, "w", encoding="utf-8") as file:
            file.write("\n".join(names[:count]) + "\n")
        seconds, memory = run([python, "-c", MERGER % way, listed, output])
        os.unlink(output)
        good &= way is APPEND or seconds >= FASTER * ours[count]
        print("junitparser, %-6s %6d hosts: %7.2f s, %7.1f MiB; ours is %.1f times as fast" %
              (name, count, seconds, memory, seconds / ours[count]), flush=True)
    return good


def measure(confine, directory, count, form, output):
    seconds, memory = run([confine, "report", "merge", form, directory, "-o", output], (1,))
    size = os.path.getsize(output)
    os.unlink(output)
    print("%-11s %6d hosts: %7.2f s, %7.1f MiB, %.2f ms a host; writes %d kB" %
          (form, count, seconds, memory, 1000 * seconds / count, size // 1000), flush=True)
    return seconds, memory


def link_first(fleet, count, directory):
    """The smallest fleet again, as it was before it grew."""
    os.makedirs(directory)
    for number in range(count):
        name = fleet_data.host_name(number) + ".results.json"
        os.link(os.path.join(fleet.directory, name), os.path.join(directory, name))
    return directory


def main():
    confine, data = sys.argv[1:3]
    counts = [int(n) for n in sys.argv[3:]] or [1000, 3000, 10000]
    # Its merge compares every suite with all before it: the largest fleet takes it half an hour.
    compared = counts if os.environ.get("BENCH_MERGE_ALL") else counts[:1]
    scratch = tempfile.mkdtemp(prefix="confine-bench-merge.")
    good, took = True, {form: {} for form in ("junit", "html", "oscal")}
    try:
        fleet = fleet_data.Fleet(data, os.path.join(scratch, "fleet"), PROBES)
        for count in counts:
            fleet.add(count)
            for form, seconds in took.items():
                seconds[count], memory = measure(confine, fleet.directory, count, form,
                                                 os.path.join(scratch, "merged"))
                good &= memory < MEMORY_MIB
        first = link_first(fleet, counts[0], os.path.join(scratch, "first"))
        for form, seconds in took.items():
            # A processor that others use, too, is not as fast at the end as at the beginning.
            again, _ = measure(confine, first, counts[0], form, os.path.join(scratch, "merged"))
            small = (seconds[counts[0]] + again) / 2
            ratio = seconds[counts[-1]] / counts[-1] / (small / counts[0])
            good &= ratio <= LINEAR
            print("%-11s a host of the largest fleet takes %.2f of one of the smallest" %
                  (form, ratio))
        good &= compare(confine, fleet, scratch, took["junit"], compared, counts)
    finally:
        shutil.rmtree(scratch)
    print("bench-merge: %s" % ("as promised" if good else "NOT as promised"))
    return 0 if good else 1


sys.exit(main())
