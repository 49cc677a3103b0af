#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every probe is a script that three shells take, with a whole head, and uses verbs that exist.
set -u
cd "$SRC/probes" || exit 1
attack=$BUILD/libexec/confine/confine-attack

check() { # text, complaints
	if [ -z "$2" ]; then
		echo "ok - $1"
	else
		printf '%s\n' "$2" | sed 's/^/# /'
		echo "not ok - $1"
	fi
}

scripts=$(find . -mindepth 2 -name '*.sh' ! -path './tests/*' | sed 's|^\./||' | sort)

for shell in dash 'busybox sh' bash; do
	if ! command -v "${shell%% *}" >/dev/null; then
		echo "ok - syntax in $shell # SKIP not installed"
		continue
	fi
	bad=
	for script in lib.sh mark.sh $scripts; do
		$shell -n "$script" 2>/dev/null || bad="$bad$script
"
	done
	check "syntax in $shell" "$bad"
done

# Keys in their order, each once; policy any number of times, rests-on at most once.
order='^id title requirement class needs (policy )*setup witness refusals (closed )?reach budget (rests-on )?what why remedy $'
bad='' ids='' unbounded=''
for script in $scripts; do
	keys=$(sed -n '/^[^#]/q; s/^# \([a-z][a-z-]*\): .*/\1/p' "$script" | tr '\n' ' ')
	id=$(sed -n 's/^# id: //p' "$script")
	printf '%s\n' "$keys" | grep -Eq "$order" || bad="$bad$script: $keys
"
	[ "$id" = "$(printf '%s' "${script%.sh}" | tr / .)" ] || ids="$ids$script: $id
"
	grep -Eq '^# budget: seconds=[0-9]+ tasks=[0-9]+ memory=[0-9]+M output=[0-9]+[KM]$' "$script" ||
		unbounded="$unbounded$script
"
done
check 'keys of every head, in order' "$bad"
check 'every id is its path' "$ids"
check 'every probe has a whole budget' "$unbounded"

verbs=$("$attack" --list | sed 's/ .*//')
bad=
for script in lib.sh $scripts; do
	used=$(sed -n -e '/^#/d' -e 's/^[[:space:]]*act \([a-z-]*\).*/\1/p' \
		-e 's/.*"\$ATTACK" \([a-z][a-z-]*\).*/\1/p' \
		-e 's/.*"\$SETUID_HELPER" \([a-z-]*\).*/\1/p' "$script")
	for verb in $used; do
		printf '%s\n' "$verbs" | grep -qx -e "$verb" || bad="$bad$script: $verb
"
	done
done
check 'every verb used exists' "$bad"

bad=
for script in $scripts; do
	grep -Eq '^([^#]*(\)|then) )?[[:space:]]*(act|say|leave_mark|flood) ' "$script" || bad="$bad$script
"
done
check 'every probe says something' "$bad"

bad=
for script in $scripts; do
	! grep -q '^# needs:.*lab' "$script" || grep -qx '[[:space:]]*lab_only' "$script" || bad="$bad$script
"
done
check 'no packet before it is known to be the lab' "$bad"

bad=
for id in FS-01 FS-02 FS-03 NET-01 PRV-01 RES-01 RES-02 LIF-01 OUT-01 ENV-01 FD-01 RPT-01 RPT-02 RPT-03 \
	FS-11 FS-12 FS-13 NET-11 NET-13 PRC-11 IPC-11 PRV-11 PRV-12 PRV-13 RES-11 LIF-11 FD-11 \
	SYS-21 SYS-22 SYS-23 SYS-24 FS-21 DEV-21 PRC-21 RES-21 LIF-21 LIF-22 LIF-23 ENV-21 RPT-21 RPT-22 NET-12; do
	grep -rlqx "# requirement: $id" --include='*.sh' . || bad="$bad$id
"
done
check 'each requirement in hand has a probe' "$bad"

bad=
for word in $(sed -n 's/^# \(setup\|witness\|needs\): //p' $scripts | tr ' ' '\n' | sed 's/[=:].*//' | sort -u); do
	[ "$word" = nothing ] || grep -q "^| \`$word[\`=:]" README.md || bad="$bad$word
"
done
check 'every word of setup, witness and needs is explained' "$bad"
