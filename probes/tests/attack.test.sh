#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# as: root user
# Each verb of confine-attack bare, where it must reach, and where something known must stop it.
set -u
attack=$BUILD/libexec/confine/confine-attack
cd "$TESTTMP" || exit 1
root=$(id -u)

# says TEXT EXPECTED COMMAND...: what the verb printed, as a shell pattern.
says() {
	text=$1 expected=$2
	shift 2
	said=$("$@" 2>/dev/null)
	# shellcheck disable=SC2254 # a pattern is what is meant
	case $said in
	$expected) echo "ok - $text" ;;
	*) echo "not ok - $text: '$said' instead of '$expected'" ;;
	esac
}
skip() {
	echo "ok - $1 # SKIP $2"
}
# In a network namespace of its own with loopback up, nothing else; as the caller.
alone() {
	if [ "$root" -eq 0 ]; then
		unshare -n sh -c 'ip link set lo up; exec "$@"' sh "$@"
	else
		unshare -Urn sh -c 'ip link set lo up; exec "$@"' sh "$@"
	fi
}
limited() { # prlimit option, command: as somebody whom the limit binds
	option=$1
	shift
	prlimit "$option" "$@"
}

# Proof of life.
line=$("$attack" alive 00ff alive.json)
check=$(printf '%s' "$line" | sed -n 's/.*"answer":"\([0-9a-f]*\)".*/\1/p')
says 'alive writes what it prints' same sh -c '[ "$1" = "$(cat "$2")" ] && echo same' sh "$line" alive.json
says 'alive answers the nonce with FNV-1a' f561105fd32c322b echo "$check"
says 'alive forked' '*"forked":true*' echo "$line"
says 'alive refuses a nonce that is none' '' "$attack" alive 'x"y' other.json
says 'unknown verb: silence' '' "$attack" no-such-verb
says 'missing argument: silence' '' "$attack" append

# One past a number, and what a list may lack.
says 'a descriptor past the limit' 'reached -' "$attack" descriptor-at 64
says 'a descriptor past RLIMIT_NOFILE' 'denied EBADF' limited --nofile=64 "$attack" descriptor-at 64
says 'a descriptor within it' 'reached -' limited --nofile=65 "$attack" descriptor-at 64
says 'a byte past the size' 'reached -' "$attack" byte-at long 4096
says 'a byte past RLIMIT_FSIZE' 'denied EFBIG' limited --fsize=4096 "$attack" byte-at long 4096
says 'a byte within it' 'reached -' limited --fsize=4097 "$attack" byte-at long 4096
says 'a task past the number' 'reached -' "$attack" tasks-beyond 8 $$
mkdir place && echo text >place/file
says 'any right in a directory' 'reached list' "$attack" any-right place place/file
says 'any right where there is nothing' 'denied ENOENT' "$attack" any-right none none/file
says 'a command to a device' 'reached -' "$attack" device-ioctl /dev/urandom
says 'no command to a file' 'denied ENOTTY' "$attack" device-ioctl place/file
# What the kernel says for itself, before it asks for a right; ENOSYS where it was built without.
says 'every refused call is answered as the table says' '' sh -c '"$1" answer-otherwise | grep -v ENOSYS' sh "$attack"
for group in mount kernel socket other; do
	says "calls let through: $group" 'reached *' "$attack" let-through $group
done
says 'the environment of a process is kept' 'reached -' "$attack" keep-environment $$ environment
says 'it holds what the process was started with' 0 sh -c 'grep -c TESTTMP= environment >/dev/null; echo $?'

# Memory and time: bare within a small number, and stopped by an rlimit.
says 'private memory' 'reached -' "$attack" memory-private 16M 4M
says 'private memory under RLIMIT_DATA' 'denied ENOMEM' limited --data=16777216 "$attack" memory-private 64M 4M
says 'refused below the floor' 'cannot-tell early-ENOMEM' limited --data=16777216 "$attack" memory-private 64M 32M
says 'shared memory passes RLIMIT_DATA' 'reached -' limited --data=16777216 "$attack" memory-shared 32M 4M
says 'memfd passes RLIMIT_DATA' 'reached -' limited --data=16777216 "$attack" memory-memfd 32M 4M
says 'four processes' 'reached -' "$attack" memory-tree 4 8M 8M
says 'four processes under RLIMIT_DATA' 'denied ENOMEM' limited --data=8388608 "$attack" memory-tree 4 16M 8M
says 'processor time' 'reached -' "$attack" spend-cpu 50 10
says 'processor time, kept' 'reached -' "$attack" spend-cpu 50 10 "$TESTTMP/spent"
says 'processor time, kept in milliseconds' '000000*' cat "$TESTTMP/spent"
says 'processor time of four' 'reached -' "$attack" spend-cpu-tree 4 20 10
says 'processor time of four under RLIMIT_CPU' 'reached -' limited --cpu=1 "$attack" spend-cpu-tree 4 300 100
says 'processor time under RLIMIT_CPU' 'denied SIG*' limited --cpu=1 "$attack" spend-cpu 1500 500

# Tasks: a few, counted.
says 'children' 'reached -' "$attack" fork-many 8 2
says 'threads' 'reached -' "$attack" thread-many 8 2
says 'daemons' 'reached -' "$attack" daemon-many 8 2
says 'one daemon' 'reached -' "$attack" daemon 200
if [ "$root" -ne 0 ]; then
	# In a user namespace of its own, so that nobody else's tasks are counted.
	says 'children under RLIMIT_NPROC' 'denied EAGAIN' unshare -U prlimit --nproc=24 "$attack" fork-many 64 4
	says 'threads under RLIMIT_NPROC' 'denied EAGAIN' unshare -U prlimit --nproc=24 "$attack" thread-many 64 4
	says 'daemons under RLIMIT_NPROC' 'denied EAGAIN' unshare -U prlimit --nproc=24 "$attack" daemon-many 64 4
fi

# Files.
: >file
mkdir directory shut
chmod 555 shut
says 'append' 'reached -' "$attack" append file
says 'append to what is not there' 'denied ENOENT' "$attack" append none/file
says 'create' 'reached -' "$attack" create new
says 'create anew' 'denied EEXIST' "$attack" create new
says 'move' 'reached -' "$attack" move new moved
says 'link' 'reached -' "$attack" link-append file linked
says 'symbolic link' 'reached -' "$attack" symlink-append "$TESTTMP/file" soft
says 'mode' 'reached -' "$attack" set-mode moved
says 'times' 'reached -' "$attack" set-times moved
says 'attribute' '[rc]*' "$attack" set-xattr moved
says 'read' 'reached -' "$attack" read file loot
says 'loot is the content' "$(cat file)" cat loot
says 'open for writing' 'reached -' "$attack" open-write file
says 'through the roots of processes' 'reached -' "$attack" append-roots "$TESTTMP/file"
says 'through roots to nowhere' 'denied E*' "$attack" append-roots /no/such/file
exec 9</
says 'relative to a descriptor' 'reached -' "$attack" append-at 9 "$TESTTMP/file"
exec 9<&-
says 'relative to none' 'denied EBADF' "$attack" append-at 9 "$TESTTMP/file"

# Knobs answer differently with and without the right, or opening them would show nothing.
if [ "$root" -eq 0 ]; then
	if [ -w /proc/sys/kernel/core_pattern ] && "$attack" open-write /proc/sys/kernel/core_pattern | grep -q reached; then
		says 'a knob for nobody' 'denied EACCES' setpriv --reuid=65534 --regid=65534 --clear-groups \
			--bounding-set=-all "$attack" open-write /proc/sys/kernel/core_pattern
	else
		skip 'a knob for nobody' 'not writable here, even for root'
	fi
	says 'become nobody' 'reached -' "$attack" become-uid 65534
	says 'capabilities' 'reached -' "$attack" any-capability
	says 'the host name, in a namespace' 'reached -' unshare --uts "$attack" set-hostname
	says 'a device' 'reached -' unshare -m sh -c 'mount -t tmpfs none directory && exec "$0" make-device directory/device' "$attack"
	says 'a device on nodev' 'denied EACCES' unshare -m sh -c 'mount -t tmpfs -o nodev none directory && exec "$0" make-device directory/device' "$attack"
	says 'a mount, in a namespace' 'reached -' unshare -m "$attack" mount-tmpfs directory
else
	says 'a knob' 'denied EACCES' "$attack" open-write /proc/sys/kernel/core_pattern
	says 'become root' 'denied EPERM' "$attack" become-uid 0
	says 'no capabilities' 'denied absent' "$attack" any-capability
	says 'the host name' 'denied EPERM' "$attack" set-hostname
	says 'a device' 'denied EPERM' "$attack" make-device device
	says 'a mount' 'denied EPERM' "$attack" mount-tmpfs directory
	says 'not root by itself' 'denied absent' "$attack" effective-root
	says 'a shut directory' 'denied EACCES' "$attack" create shut/new
fi
# The kernel's own word for a dump, where it is a file beside us; the limit's where it is not.
says 'a core dump, none allowed' 'denied absent' prlimit --core=1 "$attack" dump-core here directory
says 'a core dump elsewhere, none allowed' 'denied absent' prlimit --core=1 "$attack" dump-core elsewhere directory
says 'a core dump elsewhere, 0 allows it' 'reached -' prlimit --core=0 "$attack" dump-core elsewhere directory
if [ "$(ulimit -Hc)" = unlimited ] && ! grep -q '[|@/]' /proc/sys/kernel/core_pattern; then
	says 'a core dump' 'reached -' "$attack" dump-core here directory
	rm -f directory/core*
else
	skip 'a core dump' 'this caller may not dump, or it would go to a program of the host'
fi
says 'uncovering where nothing covers' 'reached -' "$attack" uncover-append "$TESTTMP/file"
says 'no_new_privs unset' 'reached -' "$attack" may-gain
says 'no_new_privs set' 'denied absent' setpriv --no-new-privs "$attack" may-gain
says 'bounding set' 'reached -' "$attack" any-bounding

# Single system calls: carried out bare, answered by a filter where there is one.
filtered() { # by the runner's own, with everything else off
	"$BUILD/bin/confine" run --profile permissive --set '/syscalls/mode="default"' \
		--set '/network/denyLinkLocalAndMetadata=false' -- "$attack" "$@"
}
says 'a child without a filter' '[rd]e*' "$attack" unfiltered
says 'a child with a filter' 'denied absent' filtered unfiltered
for call in mount open-tree clone3 unshare setns io-uring bpf perf userfaultfd keyctl keyctl-i386 keyctl-x32 netlink-diag; do
	bare=$("$attack" call "$call")
	case $bare in
	'reached -') says "$call, filtered" 'denied E*' filtered call "$call" ;;
	denied*) skip "$call" "this host answers $bare to anybody" ;;
	'') # where the kernel has no such way in, the processor itself answers
		"$attack" call "$call" >/dev/null 2>&1
		if [ "$?" -eq 139 ] && [ "$call" = keyctl-i386 ]; then
			skip "$call" 'this host answers SIGSEGV to anybody'
		else
			echo "not ok - $call: silence"
		fi
		;;
	*) echo "not ok - $call: '$bare'" ;;
	esac
done
says 'no such call' '' "$attack" call no-such-call
for how in unshare clone clone3; do
	if unshare -U true 2>/dev/null; then
		says "a user namespace by $how" 'reached -' "$attack" user-namespace "$how"
	else
		skip "a user namespace by $how" 'this host makes none'
	fi
	says "a user namespace by $how, filtered" 'denied E*' filtered user-namespace "$how"
done

# Quotas.
says 'fill a directory' 'reached -' "$attack" fill directory 2M 1M
says 'what was filled is removed' '' ls directory
says 'fill names' 'reached -' "$attack" fill-names directory 50 10
says 'fill places' 'reached -' "$attack" fill-places 2M /nonexistent directory
says 'fill no place' 'denied ENOENT' "$attack" fill-places 2M /nonexistent
says 'grow a file' 'reached -' "$attack" grow-file grown 2M 1M
says 'grow a file under RLIMIT_FSIZE' 'denied EFBIG' limited --fsize=1048576 "$attack" grow-file grown 4M 512K
says 'open many' 'reached -' "$attack" open-many 40 8
says 'open many under RLIMIT_NOFILE' 'denied EMFILE' limited --nofile=32 "$attack" open-many 64 8

# Network: only where nothing leads anywhere.
if alone true 2>/dev/null; then
	says 'TCP nowhere' 'denied ENETUNREACH' alone "$attack" tcp 203.0.113.10 80
	says 'TCP nowhere, v6' 'denied E*' alone "$attack" tcp 2001:db8:1::10 80
	says 'TCP to a closed port' 'denied ECONNREFUSED' alone "$attack" tcp 127.0.0.1 9
	says 'UDP nowhere' 'denied ENETUNREACH' alone "$attack" udp 203.0.113.10 7
	says 'UDP to the loopback' 'reached -' alone "$attack" udp 127.0.0.1 7
	says 'UDP to any, nowhere' 'denied ENETUNREACH' alone "$attack" udp-any 7 203.0.113.10 169.254.169.254
	says 'UDP to any, the last of which is there' 'reached address-2' alone "$attack" udp-any 7 203.0.113.10 127.0.0.1
	says 'HTTP nowhere' 'denied ENETUNREACH' alone "$attack" http 169.254.169.254 80 /
	says 'HTTP nowhere, mapped' 'denied ENETUNREACH' alone "$attack" http ::ffff:169.254.169.254 80 /
	says 'token nowhere' 'denied ENETUNREACH' alone "$attack" imds-token 169.254.169.254 80
	says 'DNS nowhere' 'denied ENETUNREACH' alone "$attack" dns 203.0.113.53 abc.example
	says 'ping nowhere' 'denied E*' alone "$attack" ping 169.254.169.254
	says 'ping the loopback' '[rd]e*' alone "$attack" ping 127.0.0.1
	says 'raw nowhere' 'denied E*' alone "$attack" raw 169.254.169.254 253
	says 'no interface for a frame' 'denied absent' alone "$attack" frame 169.254.169.254
	says 'UDP-Lite nowhere' 'denied E*' alone "$attack" datagram 136 203.0.113.10 7
	says 'MPTCP nowhere' 'denied E*' alone "$attack" stream 262 203.0.113.10 80
	says 'a long datagram nowhere' 'denied ENETUNREACH' alone "$attack" udp-long 203.0.113.10 7 9000
	says 'a long datagram to the loopback' 'reached -' alone "$attack" udp-long 127.0.0.1 7 59000
	says 'a source route nowhere' 'denied E*' alone "$attack" source-route 203.0.113.10 203.0.113.20 7
	says 'no interface for multicast' 'denied absent' alone "$attack" udp-link 224.0.0.251 5353
	says 'rules of our own namespace' 'reached -' alone "$attack" flush-rules
	says 'rules of somebody else' 'denied EPERM' alone unshare -U "$attack" flush-rules
	says 'a route of somebody else' 'denied EPERM' alone unshare -U "$attack" add-route 192.0.2.7
	says 'an address of somebody else' 'denied EPERM' alone unshare -U "$attack" add-address 192.0.2.7
	says 'a link of somebody else' 'denied EPERM' alone unshare -U "$attack" link-down
	says 'io_uring nowhere' 'denied E*' alone "$attack" uring-tcp 203.0.113.10 80
	says 'abstract socket of nobody' 'denied ECONNREFUSED' alone "$attack" unix @confine-nobody
else
	skip 'network verbs' 'no network namespace here'
fi
says 'path socket of nobody' 'denied ENOENT' "$attack" unix "$TESTTMP/no-socket"
says 'no address' '' "$attack" tcp localhost 80

# Other processes.
sleeper() { # a child in `other` that is sleep by the time of the return, no longer the shell that forked it
	sleep 5 &
	other=$!
	tries=500
	while [ "$(cat "/proc/$other/comm")" != sleep ] && [ "$tries" -gt 0 ]; do
		tries=$((tries - 1))
		sleep 0.01
	done
}
sleeper
says 'find a command' 'reached -' "$attack" find-command 'sleep'
says 'find no command' 'denied absent' "$attack" find-command "confine-no-such-$$"
says 'not the process meant' 'denied absent' "$attack" signal "$other" "confine-other"
says 'signal' 'reached -' "$attack" signal "$other" sleep
wait "$other" 2>/dev/null
sleeper
says 'signal nobody' 'denied ESRCH' "$attack" signal 4194303 sleep
says 'trace' '[rd]e*' "$attack" trace "$other" sleep
kill "$other"
says 'a variable' 'reached -' env CONFINE_TEST=value "$attack" variable CONFINE_TEST loot
says 'its value' value cat loot
says 'no variable' 'denied absent' "$attack" variable CONFINE_NONE loot
says 'any environment' 'reached -' env CONFINE_TEST=value "$attack" scan-environ CONFINE_TEST loot
says 'no environment' 'denied absent' "$attack" scan-environ "CONFINE_NONE_$$" loot
says 'a map' 'reached -' "$attack" maps-have $$ stack
says 'no map' 'denied absent' "$attack" maps-have $$ confine-none.so

# Shared objects of the kernel, in an ipc namespace and a session keyring of their own.
says 'no segment' 'denied ENOENT' "$attack" shm-read 51966 loot
says 'no queue' 'denied ENOENT' "$attack" mq-read /confine-none loot
says 'no key' 'denied E*' "$attack" key-read confine-none loot

# Descriptors and output.
exec 8>>file
says 'an open file' 'reached -' "$attack" append-descriptor 8
says 'reopened for reading' 'reached -' "$attack" reopen-read 8 loot
says 'reopened and cut' 'reached -' "$attack" reopen-cut 8
says 'cut' 0 stat -c %s file
exec 8>&-
says 'a closed file' 'denied EBADF' "$attack" append-descriptor 8
says 'no socket' 'denied EBADF' "$attack" send-descriptor 8
says 'a pipe is no file' 'denied absent' sh -c 'echo | "$0" reopen-read 0 loot' "$attack"
says 'no terminal' 'denied E*' setsid -w "$attack" push-terminal
says 'nonblocking' 'reached -' "$attack" set-nonblock 0
says 'flood of text' 65536 sh -c '"$0" flood out 64K text polite | wc -c' "$attack"
says 'flood of bytes' 131072 sh -c '"$0" flood both 64K binary stubborn 2>&1 | wc -c' "$attack"
says 'hold' '' "$attack" hold 10

# What a loader is tempted with, where it was built.
objects=$BUILD/libexec/confine
if [ -e "$objects/probe-mark.so" ]; then
	loads() { # text, command: leaves the mark?
		text=$1
		shift
		rm -f mark
		CONFINE_PROBE_MARK=$TESTTMP/mark "$@" >/dev/null 2>&1
		says "$text" mark ls mark
	}
	mkdir objects
	cp "$objects/probe-mark.so" objects/mark.so
	cp "$SRC/probes/gconv-modules" objects/
	loads 'LD_PRELOAD' env LD_PRELOAD="$objects/probe-mark.so" /bin/true
	loads 'LD_AUDIT' env LD_AUDIT="$objects/probe-audit.so" /bin/true
	loads 'LD_LIBRARY_PATH' env LD_LIBRARY_PATH="$objects" "$objects/probe-dynamic"
	loads 'GCONV_PATH' env GCONV_PATH="$TESTTMP/objects" iconv -f X-CONFINE-PROBE -t UTF-8 /dev/null
	loads 'BASH_ENV' env BASH_ENV="$SRC/probes/mark.sh" bash -c :
	loads 'ENV' env ENV="$SRC/probes/mark.sh" sh -i -c :
	rm -f mark
	says 'no mark without a loader that believes' '' sh -c 'CONFINE_PROBE_MARK=$0/mark /bin/true; ls "$0/mark" 2>/dev/null' "$TESTTMP"
else
	skip 'objects for a loader' 'not built'
fi
