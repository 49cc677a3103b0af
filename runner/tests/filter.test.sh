#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# filter.test.sh - the system call filter against the real kernel: what it refuses, on which tasks
# and ABIs it is, what a policy can change of it, what is said where it cannot be had.
set -u
: "${CONFINE:?}" "${TESTTMP:?}" "${BUILD:?}"
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
has() { # words, text that has them, text
	case $2 in
	*"$1"*) echo "ok - $3" ;;
	*) printf 'not ok - %s\n# no %s in %s\n' "$3" "$1" "$2" | head -c 600 ;;
	esac
}

run() { timeout -k 5 60 "$CONFINE" run "$@"; }
mode() { echo "/syscalls/mode=\"$1\""; }

field() { python3 -c 'import json,sys
receipt = json.load(open(sys.argv[1]))
def at(path):
    value = receipt
    for key in path.split("/"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else json.dumps(value)
print(*[at(path) for path in sys.argv[2:]])' "$@"; }
notes() { python3 -c 'import json,sys
print(*[n["note"] for n in json.load(open(sys.argv[1]))["notes"] if n["layer"] == sys.argv[2]])' "$@"; }

mkdir shown
"${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -static -o shown/filtered "$SRC/runner/tests/filtered.c" || {
	echo "not ok - the helper cannot be built"
	exit 0
}
cp "$SRC/runner/tests/filter.tsv" "$BUILD/libexec/confine/confine-attack" shown/
show="/filesystem/readOnly=[\"$PWD/shown\"]"
helper=$PWD/shown/filtered

# --- every refusal of the table, made ------------------------------------------------------------------
for profile in default strict; do
	is 'made 0' "$(run --set "$show" --set "$(mode $profile)" -c "$helper sweep $profile <$PWD/shown/filter.tsv" 2>&1)" \
		"$profile: every call that is refused is refused, on x86_64 and i386"
done
"$helper" has-i386 || echo 'ok - the same on i386 # SKIP this kernel runs no 32-bit programs'
is '2 0' "$(run -c 'unshare -U true 2>/dev/null && echo made; mkdir m; mount -t tmpfs none m 2>/dev/null && echo mounted
	grep Seccomp: /proc/self/status | tr -dc 0-9; echo " $(ls m | wc -l)"')" 'nothing is mounted, nothing is made'

# --- where it is ------------------------------------------------------------------------------------------
own=$(sed -n 's/^Seccomp_filters:\t*//p' /proc/self/status)
run --report r.json -c 'true'
is "2 $((own + 1)) true enforced enforced enforced enforced enforced" \
	"$(field r.json evidence/seccomp evidence/seccompFilters enforced/syscalls promises/SYS-21 promises/SYS-22 promises/SYS-23 promises/SYS-24 promises/PRV-12)" \
	'the receipt claims it, and shows what was seen from outside'
digest=$("$BUILD/libexec/confine/confine-filter" --profile default | python3 -c 'import sys
h = 0xcbf29ce484222325
for b in sys.stdin.buffer.read(): h = ((h ^ b) * 0x100000001b3) % 2**64
print("%016x" % h)')
has "profile default: 74 calls refused, 9 by their arguments, 299 instructions, digest $digest" \
	"$(field r.json mechanism/syscalls)" '… names profile, size and digest of what confine-filter compiles'
is '2 2 2 2' "$(run -- python3 -c 'import os, subprocess, threading
def mode(path): return [l.split()[1] for l in open(path) if l.startswith("Seccomp:")][0]
out = [mode("/proc/self/status"), subprocess.check_output(["sed", "-n", "s/^Seccomp:.//p", "/proc/self/status"], text=True).strip()]
t = threading.Thread(target=lambda: out.append(mode("/proc/thread-self/status"))); t.start(); t.join()
if os.fork() == 0:
    os.setsid(); print(*out, mode("/proc/self/status"), flush=True); os._exit(0)
os.wait()')" 'on threads, children, what they exec'
"$helper" none "$CONFINE" run --report r.json -- /bin/true
is "0 true $((own + 2))" "$? $(field r.json enforced/syscalls evidence/seccompFilters)" "… on top of the caller's own"
run --set "$(mode off)" --report r.json -c 'true'
is '0 false null' "$? $(field r.json enforced/syscalls promises/SYS-21)" 'off promises nothing'
run --profile permissive --set /network/denyLinkLocalAndMetadata=false --set /privilege/mode='"drop-to-uid"' --report r.json -c 'true' 2>err
is '0 true 2 enforced' "$? $(field r.json enforced/syscalls evidence/seccomp promises/SYS-22)" 'auto adds it'
run --set "$(mode strict)" --report r.json -- /bin/true
has 'profile strict' "$(field r.json mechanism/syscalls)" 'strict is named'

# --- arguments ------------------------------------------------------------------------------------------------
is 'EAFNOSUPPORT EAFNOSUPPORT EPROTONOSUPPORT EPROTONOSUPPORT EPERM made made made made' "$(run -- python3 -c 'import errno, socket
def word(*a):
    try: socket.socket(*a).close(); return "made"
    except OSError as e: return errno.errorcode[e.errno]
print(word(17, 3, 0), word(38, 5, 0), word(16, 3, 12), word(2, 1, 132), word(2, 3, 1),
      word(1, 1, 0), word(2, 1, 0), word(10, 2, 0), word(16, 3, 0))')" 'sockets of the families of the policy, and no others'
is '1 1 1 1' "$(run -- python3 -c 'import ctypes, errno
c = ctypes.CDLL(None, use_errno=True)
def call(*a):
    r = c.syscall(*[ctypes.c_long(x) for x in a]); return ctypes.get_errno() if r < 0 else 0
high = 0x1234567800000000
print(call(16, 0, 0x5412, 0), call(16, 0, high | 0x5412, 0), call(272, high | 0x10000000), call(135, high | 0x400000))')" \
	'TIOCSTI, namespaces, personality: rubbish in the high half of an argument changes nothing'

# --- what a policy changes ----------------------------------------------------------------------------------------
attack=$PWD/shown/confine-attack
run --set '/syscalls/allow=["keyctl","uname"]' --report r.json -- "$attack" call keyctl >out
is '0 reached - enforced degraded enforced true' "$? $(cat out) $(field r.json promises/SYS-22 promises/SYS-23 promises/SYS-24 enforced/syscalls)" \
	'allow lets one call through, and the promise that it breaks'
is 'syscalls.allow lets keyctl through, which the profile default refuses (keyring, SYS-23)' "$(notes r.json syscalls)" '… which a note says'
has '2 calls allowed and 0 refused by the policy' "$(field r.json mechanism/syscalls)" '… and the mechanism counts'
run --set '/syscalls/refuse=["uname"]' --report r.json -- uname 2>/dev/null
is '1 enforced enforced' "$? $(field r.json promises/SYS-21 promises/SYS-23)" 'refuse refuses one call more'
run --set '/syscalls/allow=["clone3"]' --report r.json -- /bin/true
none_below=enforced
[ -w /proc/sys/user/max_user_namespaces ] || unshare -U true 2>/dev/null || none_below=degraded
is "degraded $none_below" "$(field r.json promises/SYS-22 promises/PRV-12)" 'namespaces are then refused by one wall'
if command -v strace >/dev/null; then
	run --set '/syscalls/allow=["ptrace"]' -c 'strace -o t true && grep -q exit_group t' >/dev/null 2>&1
	is 0 $? 'with ptrace allowed, a tracer works'
else
	echo 'ok - with ptrace allowed, a tracer works # SKIP strace is not installed'
fi
run --set '/syscalls/refuse=["execve"]' -- true 2>err
is '125 confine run: policy: /syscalls/refuse/0: no script can be started without execve' "$? $(cat err)" 'what starts the script cannot be refused'
bad=
for call in read write openat mmap brk close futex clone newfstatat set_tid_address munmap fcntl wait4; do
	run --set "/syscalls/refuse=[\"$call\"]" --report r.json -c 'exit 3' >/dev/null 2>&1
	case $(field r.json outcome enforced/syscalls) in
	'exited true' | 'signaled true' | 'cannot-execute true') ;;
	*) bad="$bad $call:$(field r.json outcome)" ;;
	esac
	rm -f r.json
done
is '' "$bad" 'whatever else is refused, the run ends as what it is'

# --- where it cannot be had -----------------------------------------------------------------------------------------
mkdir -p alone/bin && cp "$CONFINE" alone/bin/
alone=$PWD/alone/bin/confine
"$alone" run -- /bin/true 2>err
is '0 ' "$? $(cat err)" 'the profiles need no other program'
"$alone" run --set '/syscalls/allow=["ptrace"]' --report r.json -- echo ran >out 2>err
is '125 refused' "$? $(cat out)$(field r.json outcome)" 'without confine-filter a filter of the policy'"'"'s own is refused'
has 'syscalls: no system call filter: confine-filter is not installed beside this program' "$(cat err)" '… in words'
"$alone" run --set '/onUnavailable="degrade"' --set '/syscalls/allow=["ptrace"]' --report r.json -c 'sed -n "s/^Seccomp:.//p" /proc/self/status' >out 2>/dev/null
is "0 $([ "$own" -eq 0 ] && echo 0 || echo 2) false degraded" "$? $(cat out) $(field r.json enforced/syscalls promises/SYS-21)" '… or lost, and said so'
mkdir -p alone/libexec/confine && : >alone/libexec/confine/confine-filter && chmod 644 alone/libexec/confine/confine-filter
"$alone" run --set '/syscalls/allow=["ptrace"]' -- echo ran >out 2>err
is '125  1' "$? $(cat out) $(grep -c 'confine-filter cannot be executed' err)" 'one that may not be executed is said to be that'
printf '#!/bin/sh\nexec >&- sleep 1235%s\n' $$ >alone/libexec/confine/confine-filter
chmod 755 alone/libexec/confine/confine-filter
timeout -k 5 60 "$alone" run --set '/syscalls/allow=["ptrace"]' -- echo ran >out 2>err
is '125  1 0' "$? $(cat out) $(grep -c 'syscalls: no system call filter: confine-filter' err) $(pgrep -fc "^sleep 1235$$\$")" 'one that stays without a word is ended'
for answer in 'exit 1' 'printf abc' 'exit 0' 'kill -9 $$' 'head -c 40000 /dev/zero'; do
	printf '#!/bin/sh\n%s\n' "$answer" >alone/libexec/confine/confine-filter
	"$alone" run --set '/syscalls/allow=["ptrace"]' -- echo ran >out 2>err
	is '125  1' "$? $(cat out) $(grep -c 'syscalls: no system call filter: confine-filter' err)" "a confine-filter that does '$answer' is not believed"
done
printf '#!/bin/sh\nprintf "\\006\\0\\0\\0\\0\\0\\377\\177"\n' >alone/libexec/confine/confine-filter # one RET ALLOW
PATH=/nonexistent CONFINE_LIBEXEC=/nonexistent LD_PRELOAD=/nonexistent.so "$alone" run --set '/syscalls/allow=["ptrace"]' --report r.json -- /bin/true 2>/dev/null
is '0 1' "$? $(field r.json mechanism/syscalls | grep -c ' 1 instructions')" 'it is found beside the runner, whatever the environment says'

"$helper" no-filters "$CONFINE" run --report r.json -- echo ran >out 2>err
is '125 refused 1' "$? $(cat out)$(field r.json outcome) $(grep -c 'syscalls: no system call filter: ' err)" 'a host without filters: the default refuses'
"$helper" no-filters "$CONFINE" run --set "$(mode auto)" --report r.json -- echo ran >out 2>err
is '0 ran false degraded 1' "$? $(cat out) $(field r.json enforced/syscalls promises/SYS-21) $(notes r.json syscalls | grep -c 'no system call filter')" \
	'… auto runs, and notes it'

# --- no network namespace: no sockets ----------------------------------------------------------------------------------
"$helper" no-network "$CONFINE" run --set "$show" --report r.json -- python3 -c 'import errno, socket
def word(*a):
    try: socket.socket(*a).close(); return "made"
    except OSError as e: return errno.errorcode[e.errno]
a, b = socket.socketpair(); a.send(b"x")
print(word(1, 1, 0), word(2, 1, 0), word(10, 2, 0), word(16, 3, 0), b.recv(1).decode())' >out 2>err
is '0 made EAFNOSUPPORT EAFNOSUPPORT EAFNOSUPPORT x' "$? $(cat out)$(cat err)" 'without a network namespace: unix sockets alone'
is "true enforced enforced degraded $((own + 3)) null" \
	"$(field r.json enforced/network promises/NET-01 promises/NET-13 promises/NET-11 evidence/seccompFilters degraded/network)" '… claimed as what it is'
has 'seccomp filter: no sockets but unix ones' "$(field r.json mechanism/network)" '… by its name'
"$helper" no-network "$CONFINE" run --set "$show" --set "$(mode off)" -c "$helper sweep no-network <$PWD/shown/filter.tsv; $attack call io-uring; $attack call netlink-diag" >out 2>&1
is 'few 0 denied ENOSYS denied EAFNOSUPPORT' "$(tr '\n' ' ' <out | sed 's/ $//')" '… also with no other filter; io_uring is refused, too'
"$helper" no-network "$helper" no-filters "$CONFINE" run --report r.json -- /bin/true 2>err
is '125 1 1' "$? $(grep -c 'network: ' err) $(grep -c 'syscalls: ' err)" 'with neither, the network is refused'

# --- the program itself ----------------------------------------------------------------------------------------------------
filter=$BUILD/libexec/confine/confine-filter
is '2 2 2 2' "$("$filter" >/dev/null 2>&1; printf '%s ' $?; "$filter" --profile none 2>/dev/null; printf '%s ' $?
	"$filter" --profile default --allow no_such_call 2>/dev/null; printf '%s ' $?; "$filter" --allow 2>/dev/null; echo $?)" 'confine-filter: bad use is 2'
"$filter" --list >list
awk '{ print $1, $3, $4, $5 }' list >listed
awk -F '\t' '!/^#/ { print $1, $5, $6, $7 }' shown/filter.tsv | cmp -s - listed
is 0 $? 'confine-filter --list is the table'
"$filter" --profile default >/dev/full 2>/dev/null
is 1 $? 'an output that cannot be written is said'
