#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# truth.test.sh - what `confine run` promises is so: each line is a way in which a promise was, or
# could be, more than what a script met.
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

# --- user namespaces of the script's own -----------------------------------------------------------
before=$(cat /proc/sys/user/max_user_namespaces)
if unshare -U true 2>/dev/null; then
	run --report r.json -c 'unshare -U true' 2>/dev/null
	is '1 enforced' "$? $(field r.json promises/PRV-12)" 'PRV-12: the script makes no user namespace'
	run -c 'echo 1000 >/proc/sys/user/max_user_namespaces' 2>/dev/null
	is 2 $? '… and cannot allow itself to'
	run --set /filesystem/scratchBytes=1000000 --report r.json -c \
		'unshare -Urm sh -c "mount -t tmpfs none /tmp && head -c 2000000 /dev/zero >/tmp/more"' 2>/dev/null
	is '1 enforced' "$? $(field r.json promises/FS-13)" 'FS-13: no further tmpfs is mounted'
else
	echo 'ok - PRV-12, FS-13 # SKIP no user namespaces here'
fi
is "$before" "$(cat /proc/sys/user/max_user_namespaces)" "the host's own number stays"

# --- whose scratch, whose identity -------------------------------------------------------------------
mkdir mine && chmod 777 mine
run --scratch "$PWD/mine" --report r.json -- /bin/true
if [ "$(id -u)" -eq 0 ]; then
	is degraded "$(field r.json promises/FS-02)" "FS-02: a directory of root's is no scratch"
	if unshare -U true 2>/dev/null && setpriv --reuid=1234 true 2>/dev/null; then
		chmod 755 .
		setpriv --reuid=1234 --regid=1234 --clear-groups --inh-caps=-all unshare -U --map-current-user \
			"$CONFINE" run --scratch "$PWD/mine" --report /dev/stdout -- /bin/true >r.json
		is degraded "$(field r.json promises/FS-02)" "… nor where a user namespace makes root look like nobody"
	fi
	chown 65534 mine
	run --scratch "$PWD/mine" --report r.json -- /bin/true
	is enforced "$(field r.json promises/FS-02)" '… somebody else'"'"'s is'
	run --set /privilege/uid=1234 --set /privilege/gid=0 --report r.json -- /bin/true 2>err
	is '125 1' "$? $(grep -c 'privilege: gid 0' err)" "root's group is refused"
	run --set /onUnavailable='"degrade"' --set /privilege/mode='"inherit"' --report r.json -- /bin/true
	is 'degraded degraded degraded' "$(field r.json promises/FS-01 promises/FS-02 promises/PRV-01)" \
		'a script that is root keeps no such promise'
else
	is enforced "$(field r.json promises/FS-02)" "FS-02: the caller's directory, nosuid and nodev"
fi

# --- what is hidden -----------------------------------------------------------------------------------
base=$(mktemp -d /var/tmp/confine-truth.XXXXXX) && chmod 755 "$base" && base=$(cd "$base" && pwd -P) || exit 1
mkdir "$base/dir" && echo secret >"$base/dir/file" && echo secret >"$base/plain"
ln -s dir "$base/to-dir" && ln -s "$base/plain" "$base/to-plain"
for degrade in fail degrade; do
	is 0 "$(run --set /onUnavailable="\"$degrade\"" --set /filesystem/readOnly="[\"$base\"]" \
		--set /filesystem/hide="[\"$base/to-dir\",\"$base/to-plain\"]" --report r.json \
		-c "cat $base/to-dir/file $base/to-plain $base/plain $base/dir/file 2>/dev/null" | wc -c)" \
		"hide covers what a link leads to ($degrade)"
	is true "$(field r.json enforced/filesystem)" '… in a root of its own'
done
rm -r "$base"
if [ "$(id -u)" -eq 0 ]; then
	status=$(setpriv --reuid=1234 --regid="$(stat -c %g /etc/shadow)" --clear-groups --inh-caps=-all \
		"$CONFINE" run -c 'wc -c </etc/shadow' 2>/dev/null)
	is 0 "${status:-0}" "what the caller's own group may read is hidden"
fi

# --- paths that lead elsewhere -------------------------------------------------------------------------
here=$(pwd -P)
shown() { run --set "/filesystem/readOnly=[\"$1\"]" --set "/filesystem/hide=[\"${2:-/nowhere}\"]" -c "$3" 2>err; }
mkdir real && echo secret >real/secret && ln -s real link && ln -s /proc plink && ln -s / rlink && ln -s secret real/inner
while read -r path hidden text; do
	shown "$here/$path" "$hidden" "cat $here/$path/secret $here/$path/1/stat $here/$path/etc/passwd" >out
	is '125 0 1' "$? $(wc -c <out) $(grep -c "/filesystem/readOnly/0: $here/$path " err)" "$text"
done <<PATHS
link $here/real a link of readOnly shows nothing that is hidden
link $here/real/secret … nor a part of it that is
rlink /nowhere … nor the root
rlink/proc /nowhere … nor a part of that
plink /nowhere … nor the /proc of the host
PATHS
is "125 1" "$(shown "$here/real/inner" /nowhere true; echo "$? $(grep -c "inner leads to $here/real/secret: name that" err)")" \
	'… nor a file'
is 125 "$(shown "$here/real" "$here/link" true; echo $?)" 'what a link of hide leads to is not shown'
is 'fine' "$(shown /bin /nowhere '/bin/echo fine')" 'a link that every run has may be named'
rm -r real link plink rlink

mkdir -p s1/.git && echo cfg >s1/.git/config && ln -s s1 slink && ln -s .git s1/git && chmod -R 777 s1
for path in slink/.git s1/git slink/git; do
	run --scratch "$here/slink" --set "/filesystem/readOnly=[\"$here/$path\"]" -c 'echo evil >>.git/config' 2>err
	is '125 cfg 1' "$? $(cat s1/.git/config) $(grep -c "/filesystem/readOnly/0: $here/$path leads " err)" \
		"what is read-only in scratch is named without a link: $path"
	run --scratch "$here/slink" --set "/filesystem/hide=[\"$here/$path\"]" -c 'cat .git/config' >out 2>err
	is '125 0 1' "$? $(wc -c <out) $(grep -c "/filesystem/hide/0: $here/$path leads " err)" "and what is hidden: $path"
done
run --scratch "$here/slink" --set "/filesystem/readOnly=[\"$here/s1/.git\"]" -c 'echo evil >>.git/config' 2>/dev/null
is '2 cfg' "$? $(cat s1/.git/config)" 'what it leads to is read-only'
rm -r s1 slink

# --- what lies around a path in scratch -------------------------------------------------------------------
mkdir -p s1/proj/.git/hooks && echo good >s1/proj/.git/hooks/pre-commit && chmod -R 777 s1
replace='mv proj p2; mv proj/.git proj/g; mv proj/.git/hooks proj/.git/h; rm -rf proj; mkdir -p proj/.git/hooks
	echo evil >proj/.git/hooks/pre-commit; cat proj/.git/hooks/pre-commit; echo x >proj/x && echo x >proj/.git/x'
run --scratch "$here/s1" --set "/filesystem/readOnly=[\"$here/s1/proj/.git/hooks\"]" --report r.json -c "$replace" >out 2>/dev/null
is 'good good proj enforced enforced' \
	"$(cat out s1/proj/.git/hooks/pre-commit | tr '\n' ' ')$(ls s1) $(field r.json promises/FS-01 promises/FS-12)" \
	'a directory around what is read-only is not replaced'
is 'x x' "$(cat s1/proj/x s1/proj/.git/x | tr '\n' ' ' | sed 's/ $//')" '… and is written to'
run --scratch "$here/s1" --set "/filesystem/hide=[\"$here/s1/proj/.git/hooks\"]" --report r.json -c \
	"$replace" >out 2>/dev/null
is ' good proj enforced' "$(cat out) $(cat s1/proj/.git/hooks/pre-commit) $(ls s1) $(field r.json promises/FS-03)" \
	'… nor one around what is hidden'
run --scratch "$here/s1" --set "/filesystem/readOnly=[\"$here/s1/proj\",\"$here/s1/proj/.git/hooks\"]" -c \
	'echo evil >proj/.git/y; echo evil >proj/y' 2>/dev/null
is '2 ' "$? $(ls s1/proj/.git/y s1/proj/y 2>/dev/null)" '… and one that is read-only itself stays so'
rm -rf s1
if [ "$(id -u)" -ne 0 ]; then
	mkdir -p s1/locked && echo secret >s1/locked/secret && chmod 0 s1/locked
	run --scratch "$here/s1" --set "/filesystem/hide=[\"$here/s1/locked/secret\"]" -c \
		'chmod 700 locked; cat locked/secret' >out 2>err
	is '125 0 1' "$? $(wc -c <out) $(grep -c 'locked/secret cannot be hidden: EACCES' err)" \
		'what cannot be looked at yet is not taken for hidden'
	run --scratch "$here/s1" --set "/filesystem/hide=[\"$here/s1/locked\"]" -c 'chmod 700 locked; cat locked/secret' >out 2>err
	is '1 0' "$? $(wc -c <out)" '… a directory itself can be hidden'
	chmod 700 s1/locked && rm -r s1
fi

# --- another /proc -------------------------------------------------------------------------------------------
mkdir -p m/proc && chmod 777 m && { [ "$(id -u)" -ne 0 ] || chown 1234 m; }
if unshare -m true 2>/dev/null; then
	another() { unshare -m sh -c 'mount -t proc none "$1/proc" && shift && exec timeout 60 "$@"' sh "$here/m" "$CONFINE" run "$@"; }
	for how in "--set /filesystem/readOnly=[\"$here/m\"]" "--scratch $here/m"; do
		another ${how% *} "${how##* }" -c 'echo ran' >out 2>err
		is '125 0 1' "$? $(wc -c <out) $(grep -c "$here/m/proc is another /proc" err)" "one that is shown refuses the run: ${how%% *}"
		another ${how% *} "${how##* }" --set '/onUnavailable="degrade"' --report r.json -- /bin/true
		is '0 degraded degraded' "$? $(field r.json promises/PRC-11 promises/PRV-13)" '… or is claimed by none'
	done
	another --set "/filesystem/readOnly=[\"$here/m\"]" --set "/filesystem/hide=[\"$here/m/proc\"]" --report r.json -c "ls $here/m/proc" >out
	is '0 0 enforced' "$? $(wc -c <out) $(field r.json promises/PRC-11)" '… one that is hidden does not'
else
	echo 'ok - one that is shown refuses the run # SKIP no mounts of our own here'
fi
rm -r m

# --- init, looked into by nobody ----------------------------------------------------------------------
# By whichever way the supervisor has to read it first: container engines give root no CAP_SYS_PTRACE.
look='cat /proc/1/environ; head -c 1 /proc/1/mem; ls /proc/1/fd; tr -d "\0" </proc/1/cmdline'
for without in '' -sys_ptrace; do
	if [ "$without" ] && { [ "$(id -u)" -ne 0 ] || ! setpriv --bounding-set=$without true 2>/dev/null; }; then
		continue
	fi
	is '' "$(${without:+setpriv --bounding-set=$without} "$CONFINE" run --report r.json \
		--set '/filesystem/landlock="off"' -c "$look" 2>/dev/null)" \
		"the script looks into nothing of init${without:+ ($without)}"
	is 'true true []' "$(field r.json enforced/environment enforced/lifecycle downgrades)" '… as the receipt says'
done

# Nor does that capability alone open to somebody else what belongs to root in /proc.
if [ "$(id -u)" -eq 0 ] && setpriv --inh-caps=+sys_ptrace --ambient-caps=+sys_ptrace true 2>/dev/null; then
	chmod 755 .
	is fine "$(setpriv --reuid=1234 --regid=1234 --clear-groups --inh-caps=-all,+sys_ptrace \
		--ambient-caps=+sys_ptrace "$CONFINE" run -c 'echo fine' 2>&1)" \
		'a caller who is not root, and has CAP_SYS_PTRACE'
fi

# --- what is missing, and what is only short ------------------------------------------------------------
if unshare -Ur true 2>/dev/null; then
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_ipc_namespaces && exec "$@"' sh \
		"$CONFINE" run -- /bin/true 2>err
	is '125 1 1' "$? $(grep -c 'ipc: ' err) $(grep -c 'privilege: ' err)" \
		'fail names every missing layer, whichever is found first'
fi
bad=
files=4
while [ $files -le 40 ]; do
	(ulimit -n $files && run --set /onUnavailable='"degrade"' -- /usr/bin/test -e /var/lib) >/dev/null 2>&1 &&
		bad="$bad $files"
	files=$((files + 1))
done
is '' "$bad" "want of descriptors never shows a script the host's files"
