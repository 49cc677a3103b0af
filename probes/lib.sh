# SPDX-License-Identifier: Apache-2.0
# lib.sh - what every probe shares: proof of life, the attempt record, the one line it says
#
# Sourced by probes/<layer>/<name>.sh; any POSIX shell. The protocol is in README.md beside this
# file. Nothing here needs a program besides confine-attack, and after `begin` nothing here needs
# a fork except `act`.

# begin ARMFILE: sources the arm file and proves life.
begin() {
	# shellcheck source=/dev/null
	. "$1" || exit 2
	own_scratch=
	if [ -z "$SCRATCH" ]; then
		own_scratch=yes
		find_scratch
	fi
	if [ -n "$own_scratch" ]; then
		facts=$("$ATTACK" alive "$NONCE" "$SCRATCH/alive") &&
			printf 'confine-alive %s %s\n' "$NONCE" "$facts"
	else # most shells start a program without a copy of themselves, but a substitution with one
		"$ATTACK" alive "$NONCE" "$SCRATCH/alive" >/dev/null
	fi || {
		say cannot-tell no-life
		exit 0
	}
	[ "$ARM" != second ] || wait_for_stop
	printf 'confine-attempt %s\n' "$NONCE"
	printf '%s\n' "$NONCE" >"$SCRATCH/attempt"
}

# The scratch directory that the target made, where nobody could say its name.
find_scratch() {
	for SCRATCH in "${TMPDIR:-}" "${HOME:-}" /tmp; do
		[ -z "$SCRATCH" ] || [ ! -d "$SCRATCH" ] || [ ! -w "$SCRATCH" ] || return 0
	done
	SCRATCH=/nonexistent
}

# A second run of the same target, there only to be there.
wait_for_stop() {
	turns=0
	while [ ! -e "$SCRATCH/stop" ] && [ "$turns" -lt 80 ]; do
		"$ATTACK" hold 50
		turns=$((turns + 1))
	done
	exit 0
}

# say reached|denied|cannot-tell WORD, on stdout and in scratch.
say() {
	printf 'confine-probe %s %s %s\n' "$NONCE" "$1" "$2"
	{ printf 'confine-probe %s %s %s\n' "$NONCE" "$1" "$2" >"$SCRATCH/said"; } 2>/dev/null || :
}

# act VERB ARGUMENT...: one verb of confine-attack, which says how it went, or what became of it.
act() {
	"$ATTACK" --say "$NONCE" "$SCRATCH/said" "$@"
	status=$?
	if [ "$status" -eq 0 ]; then
		return
	elif [ "$status" -gt 128 ]; then
		say denied "SIG$(kill -l "$((status - 128))")"
	else
		say cannot-tell "helper-$status"
	fi
}

# Before the first packet to anywhere but the arm's own loopback: is this the lab?
lab_only() {
	[ -z "${LAB:-}" ] || return 0
	say cannot-tell no-lab
	exit 0
}

# leaves FILE COMMAND...: does the command's loader, or start-up file, leave this mark?
leaves() {
	CONFINE_PROBE_MARK=$1
	export CONFINE_PROBE_MARK
	shift
	"$@" </dev/null >/dev/null 2>&1
	[ -e "$CONFINE_PROBE_MARK" ]
}

# leave_mark NAME VALUE COMMAND...: a command that leaves the mark where it is given NAME=VALUE.
# That it left none shows something only where it is there, has a loader, and leaves another one
# when the script sets the variable itself.
leave_mark() {
	name=$1 value=$2
	shift 2
	if leaves "$SCRATCH/mark" "$@"; then
		say reached -
		return
	fi
	export "$name=$value"
	if leaves "$SCRATCH/own-mark" "$@"; then
		say denied absent
	else
		say cannot-tell no-own-mark
	fi
}

# flood STREAMS BYTES KIND MANNER: straight onto the script's own streams.
flood() {
	if "$ATTACK" flood "$@"; then
		say reached -
	else
		say denied EPIPE
	fi
}
