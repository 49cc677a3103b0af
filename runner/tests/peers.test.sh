#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# peers.test.sh - the holes that were measured in other launchers: for each, what shows that this one
# does not have it. Where there is a probe for it, three arms are behind the line: the act works
# outside, is stopped inside, and the script was alive.
set -u
: "${CONFINE:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 600
		echo
	fi
}

ok() { # condition's status, text
	if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi
}

skip() { # text, reason
	echo "ok - $1 # SKIP $2"
}

run() { timeout -k 5 60 "$CONFINE" run "$@"; }

# Members of a receipt, by their keys.
field() { python3 -c 'import json,sys
receipt = json.load(open(sys.argv[1]))
def at(path):
    value = receipt
    for key in path.split("/"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else json.dumps(value)
print(*[at(path) for path in sys.argv[2:]])' "$@"; }

# --- holes that a probe tries ----------------------------------------------------------------------------
cat >holes <<'EOF_HOLES'
privilege.core-pattern		bwrap, unshare, srt, codex as root: the host's kernel.core_pattern can be written
environment.process-environment	bwrap, codex: the caller's environment in /proc/1/environ
environment.caller-variable	unshare, firejail, srt, codex: a secret of the caller's in the script's environment
environment.preload-caller	landrun, srt: the caller's LD_PRELOAD
privilege.inherited-file	bwrap, minijail, landrun, unshare, codex: an inherited descriptor
privilege.inherited-directory	bwrap, unshare, codex: files of the host through an inherited directory
privilege.inherited-socket	bwrap, landrun: an inherited socket
privilege.terminal-push		unshare, plain bwrap, isolate, firejail, landrun: TIOCSTI on a shared terminal
ipc.system-v-memory		srt, unshare, landrun, firejail: shared memory of the host
ipc.message-queue		srt, unshare, firejail: message queues of the host
ipc.session-keyring		bwrap, nsjail, unshare, landrun, srt, codex: the caller's session keyring
ipc.shared-memory-file		nsjail, unshare, minijail, firejail, landrun: files in the host's /dev/shm
privilege.hostname		srt: the host's name
filesystem.submount		nsjail, firejail, unshare: what is mounted below a read-only tree stays writable
filesystem.host-tmp		unshare, plain bwrap, minijail, srt, codex, landrun: the host's /tmp
filesystem.secret-home		bwrap, nsjail, minijail, firejail, srt, codex, landrun: a secret in the caller's home
network.loopback-tcp		a listener of the host's on 127.0.0.1
network.metadata-udp		landrun: a route to the metadata address for UDP
network.uring			bwrap, nsjail, minijail, firejail, crun, landrun, systemd: sockets by io_uring
network.abstract-socket		plain bwrap: abstract sockets of the host
network.path-socket		unshare, bwrap, nsjail, minijail, firejail, landrun, systemd: a socket of the host beside scratch
privilege.setuid-helper		a setuid helper that gains euid 0
privilege.capabilities		bwrap without --cap-drop, srt, landrun, firejail as root: capabilities
resources.fork-bomb		all but isolate, systemd without its controllers: 400 forks
resources.memory-private	systemd without its controllers: memory far beyond MemoryMax, and nothing said
lifecycle.daemon-after-end	plain bwrap, landrun: an orphan survives the end
lifecycle.launcher-killed	minijail, isolate, srt, codex, crun, landrun: the tree survives a killed launcher
lifecycle.launcher-terminated	unshare, minijail, crun, codex, landrun: the tree survives a terminated launcher
output.stdout			all: 64 MiB to standard output
output.held-pipe		a background child that holds the output delays the end
output.log-cut			bwrap: the caller's log file cut through /proc/self/fd/2
output.pipe-flags		all: flags of the caller's pipe
report.without-namespaces	firejail, srt, minijail: a layer that is missing is left out without a word
report.without-mounts		codex, crun: the same without mounts
report.self-kill		unshare, nsjail, minijail, crun: the script is process 1, and kills itself in vain
report.receipt-true		all: no statement of what was in force
EOF_HOLES
set --
while read -r probe _; do set -- "$@" --only "$probe"; done <holes
timeout -k 5 300 "$CONFINE" check "$@" --json results.json >check.txt 2>&1
status=$?
case $status in 0 | 4) ;; *) tail -n 20 check.txt ;; esac
python3 - <<'EOF_TABLE'
import json
try:
    probes = {p["id"]: p for p in json.load(open("results.json"))["probes"]}
except OSError:
    probes = {}
for line in open("holes"):
    probe, hole = line.rstrip("\n").split("\t", 1)
    hole = hole.strip()
    found = probes.get(probe, {"verdict": "not tried", "reason": "no result", "promised": None})
    text = f"not ours: {hole} ({probe})"
    verdict, promised = found["verdict"], found["promised"]
    if verdict == "enforced":
        print(f"ok - {text}")
    elif verdict == "not-applicable" and found.get("seen") in ("held", "closed-by-host"):
        print(f"ok - {text} # not applicable: {found['reason']}")
    elif verdict in ("degraded", "untestable"):
        print(f"ok - {text} # SKIP {verdict} on this host, and the receipt says so: {found['reason']}")
    else:
        print(f"not ok - {text}\n# {verdict}: {found['reason']}")
EOF_TABLE

# --- links that one run plants for the next (CVE-2026-87766 in bwrap 0.8 and 0.11) -------------------------
mkdir scratch host && chmod 777 scratch
here=$(pwd -P)
run --scratch "$here/scratch" -c "ln -s $here/host link; ln -s $here/host tmp; ln -s $here/host run; ln -s $here/host .shm"
run --scratch "$here/scratch" --cwd "$here/scratch" -- /bin/true
run --scratch "$here/scratch" --set "/filesystem/hide=[\"$here/scratch/link/made\"]" -c true >/dev/null 2>&1
run --scratch "$here/scratch" --set "/filesystem/readOnly=[\"$here/scratch/link/made\"]" -c true >/dev/null 2>&1
is '' "$(ls -A host)" 'not ours: bwrap 0.8, 0.11: a link that one run left in scratch makes the next one create on the host'
rm -rf scratch host

# --- more than one launcher leaves open ----------------------------------------------------------------------
is '42' "$(run -c 'exit 42'; echo $?)" 'not ours: isolate: exit status 42 arrives as 1'
run -c 'kill -KILL $$'
is 137 $? 'not ours: unshare, nsjail, minijail, crun: a script that kills itself with KILL ends with 0'
run -c 'kill -SEGV $$' 2>/dev/null
is 139 $? 'not ours: unshare, nsjail, minijail, crun, systemd: a script that dies of SEGV ends with 0 or 255'
is '/dev/full /dev/null /dev/urandom /dev/zero' \
	"$(run -c 'set -- /dev/*; for i; do [ -L $i ] || [ -d $i ] || set -- "$@" $i; shift; done; echo $*')" \
	'not ours: nsjail, minijail, isolate, firejail, unshare, landrun: the devices of the host'
is '' "$(run -c 'ls /sys/class/net /sys/fs/cgroup' 2>/dev/null)" \
	"not ours: most: the host's interfaces and cgroups in /sys, a release_agent to be written"
is lo "$(run -c 'sed "1,2d;s/^ *//;s/:.*//" /proc/net/dev' | grep -v 'tunl\|sit\|gre\|vti\|ip6' | tr '\n' ' ' | sed 's/ $//')" \
	'not ours: landrun: interfaces of the host'
run --report r.json -- python3 -c 'import socket
for kind, protocol in ((socket.SOCK_STREAM, 0), (socket.SOCK_STREAM, 262), (socket.SOCK_DGRAM, 0), (socket.SOCK_DGRAM, 136)):
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            made = socket.socket(family, kind, protocol)
            made.setblocking(False)
            made.connect((address, 9))
            print("route", family, kind, protocol)
        except BlockingIOError:
            print("route", family, kind, protocol)
        except OSError:
            pass' >out
is ' enforced' "$(cat out) $(field r.json promises/NET-01)" \
	'not ours: landrun: MPTCP, UDP and UDP-Lite sockets with a route outside'
if unshare -Ur true 2>/dev/null; then
	run --report r.json -c 'unshare -Urm true' 2>/dev/null
	status=$?
	case $(field r.json promises/PRV-12) in
	enforced) is 1 $status 'not ours: nsjail, minijail, crun, landrun, codex, plain bwrap: user namespaces below' ;;
	*) skip 'not ours: nsjail, minijail, crun, landrun, codex, plain bwrap: user namespaces below' 'not promised here' ;;
	esac
	# Over a file of the host's /proc another lies: the kernel may then refuse a clean one.
	unshare -Urm --propagation private sh -c 'mount --bind /dev/null /proc/uptime && exec "$@"' sh \
		"$CONFINE" run --report r.json --set '/onUnavailable="degrade"' -c 'ls -d /proc/[0-9]*' >out 2>/dev/null
	ok $(($(wc -l <out) > 4)) 'not ours: codex: a run again without a /proc of its own, and nothing said'
	unshare -Urpf --mount-proc "$CONFINE" run --set '/onUnavailable="degrade"' --report r.json \
		-c 'touch /usr/x 2>/dev/null || ls -d /root /home 2>/dev/null' >out
	is 'true 0' "$(field r.json enforced/filesystem) $(wc -l <out)" \
		'not ours: firejail: started in a pid namespace, it confines nothing'
else
	skip 'not ours: holes that show in namespaces of a caller' 'no user namespaces here'
fi

# --- what a system call filter is for ---------------------------------------------------------------------------
run --report r.json -- /bin/true
if [ "$(field r.json enforced/syscalls)" = true ]; then
	is refused "$(run -- python3 -c 'import socket
try: socket.socket(40, socket.SOCK_STREAM); print("made")
except OSError: print("refused")')" 'not ours: all but isolate, srt, codex, systemd: AF_VSOCK sockets'
	is '1 1 1' "$(run -- python3 -c 'import ctypes
call = ctypes.CDLL(None, use_errno=True).syscall
def refused(*arguments):
    return int(call(*arguments) < 0 and ctypes.get_errno() in (1, 13, 38))
print(refused(425, 1, 0), refused(323, 1), refused(250, 0, -3, 0))')" \
		'not ours: most: io_uring_setup, userfaultfd and keyctl can be called'
	# unshare, keyctl, userfaultfd and io_uring_setup by the numbers and the gate of i386
	run --timeout 20s -- python3 -c 'import ctypes, mmap, struct
def call(number):
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\x53\xbb\0\0\0\x10\xb8" + struct.pack("<I", number) + b"\xcd\x80\x5b\xc3")
    got = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
    return "refused" if got in (-1, -13, -38) else f"got {got}"
print(*map(call, (310, 288, 374, 425)))' >i386 2>/dev/null
	if [ $? -eq 139 ]; then # SIGSEGV: a kernel without them
		skip 'not ours: bwrap, nsjail, minijail, firejail, crun, landrun: calls of i386' 'this kernel runs no 32-bit programs'
	else
		is 'refused refused refused refused' "$(cat i386)" \
			'not ours: bwrap, nsjail, minijail, firejail, crun, landrun: calls of i386'
	fi
else
	for hole in 'AF_VSOCK sockets' 'io_uring_setup, userfaultfd and keyctl' 'calls of i386'; do
		skip "not ours: most: $hole" 'no system call filter is claimed on this host'
	done
fi

# --- what is shared by design --------------------------------------------------------------------------------------
# A lock is taken on a file by whoever may open it for reading; refusing flock would break git, apt and sqlite.
mkdir shown && echo seen >shown/file
exec 8<shown/file
flock -x 8
run --set "/filesystem/readOnly=[\"$here/shown\"]" -- flock -n "$here/shown/file" true 2>/dev/null
status=$?
flock -u 8
exec 8<&-
if [ $status -eq 0 ]; then
	ok 0 'not ours: most: a lock on a file that both see'
else
	skip 'not ours: most: a lock on a file that both see' 'ours too, said in CONFORMANCE.md: where readOnly shows a file, its locks are shared'
fi
