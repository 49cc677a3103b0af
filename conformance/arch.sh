#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# arch.sh - is the tree built the way DESIGN says? Called by `make arch` from the root.
#
# 1. Between folders only runner/base/ is shared: the suite must not judge the runner with the
#    runner's own code. Asked of the compiler (-MM), not of a grep.
# 2. Within a folder the modules (x.h, x.c and x_part.c are one) include each other without a
#    circle, so that they can be read in one order.
# 3. CONFORMANCE.md says what the tables and the heads of the probes say: ids, levels, layers,
#    MUST or SHOULD, titles, sentences, lists of probes; each requirement has its limits, a probe
#    or a reason for having none, and controls that the shipped tables know.
#
# `conformance/arch.sh --write-probes` puts the lists of probes into CONFORMANCE.md.
set -eu
LC_ALL=C
export LC_ALL
CC=${CC:-cc}
text=CONFORMANCE.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0

fault() {
	printf 'arch: %s\n' "$*" >&2
	faults=$((faults + 1))
}

# --- 1. folders -----------------------------------------------------------------------------

# check_folder FOLDER ALLOWED...: what the paths of headers that its files need may begin with. The
# system's headers are none of our business here, and without them it takes a tenth of the time.
check_folder() {
	folder=$1
	shift
	# shellcheck disable=SC2046 # names of ours have no blanks
	$CC -std=gnu17 -D_GNU_SOURCE -nostdinc -I. -MM -MG $(find "$folder" -name '*.c' | sort) |
		tr -s ' \\' '\n\n' | awk -v allowed="$*" '
		BEGIN { count = split(allowed, prefix, " ") }
		/:$/ { file = ""; next }
		file == "" { file = $0; next }
		$0 !~ /^(runner|conformance|reports|probes|fixtures)\/.*\.h$/ { next }
		{
			for (i = 1; i <= count; i++)
				if (index($0, prefix[i]) == 1)
					next
			print file " must not include " $0
		}' >"$work/lines"
	while IFS= read -r line; do
		fault "$line"
	done <"$work/lines"
}

check_folder runner/base runner/base/
check_folder runner runner/
check_folder conformance conformance/ runner/base/
check_folder reports reports/ runner/base/
check_folder fixtures fixtures/ runner/base/
# The helper is to be read by itself: of what is shared it needs the names of errnos and signals.
check_folder probes probes/ runner/base/names.h

# --- 2. order within a folder -----------------------------------------------------------------

# Pairs "needed needing" of modules, from the includes as they are written. x_part is a part of module
# x, where there is an x.h.
edges_of() {
	find "$1" -maxdepth 1 -name '*.[ch]' -exec grep -H '^#include "' {} + | awk -v folder="$1" -v headers="$(
		find "$1" -maxdepth 1 -name '*.h' | tr '\n' ' ')" '
		BEGIN {
			count = split(headers, header, " ")
			for (i = 1; i <= count; i++)
				is_there[header[i]] = 1
		}
		function module_of(name, first) {
			first = name
			sub(/_.*/, "", first)
			return (folder "/" first ".h") in is_there ? first : name
		}
		{
			split($0, part, "\"")
			needed = part[2]
			if (substr(needed, 1, length(folder) + 1) != folder "/")
				next
			needed = substr(needed, length(folder) + 2)
			if (needed !~ /^[a-z0-9_]*\.h$/)
				next
			sub(/\.h$/, "", needed)
			needing = $0
			sub(/\.[ch]:.*/, "", needing)
			needing = substr(needing, length(folder) + 2)
			needed = module_of(needed)
			needing = module_of(needing)
			if (needed != needing)
				print needed, needing
		}'
}

for folder in runner/base runner runner/filter runner/library runner/layers conformance reports reports/evidence fixtures/lab probes/attack; do
	edges_of "$folder" | sort -u >"$work/edges"
	if ! tsort "$work/edges" >"$work/order" 2>"$work/circle"; then
		fault "$folder: modules include each other in a circle:" \
			"$(sed -n 's/^tsort: \([a-z0-9_]*\)$/\1/p' "$work/circle" | tr '\n' ' ')"
	fi
done

# --- 3. text and tables -----------------------------------------------------------------------

# "RES-01 resources.fork-bomb" for every probe.
awk '/^# id: / { id = $3 } /^# requirement: / { print $3, id }' probes/*/*.sh | sort >"$work/probes"

# The words that stand behind "Probes:".
probes_line() {
	awk -v id="$1" '$1 == id { list = list (list ? ", " : "") "`" $2 "`" }
		END { print (list ? list : "not yet probed") }' "$work/probes"
}

if [ "${1:-}" = --write-probes ]; then
	while IFS= read -r line; do
		case $line in
		'### '*)
			id=${line#'### '}
			id=${id%% *}
			;;
		'- Probes: '*) line="- Probes: $(probes_line "$id")" ;;
		esac
		printf '%s\n' "$line"
	done <"$text" >"$work/text"
	cat "$work/text" >"$text"
	exit 0
fi

# What the tables say, one requirement a line.
cat >"$work/table.c" <<'END'
#include "conformance/requirements.h"
#include <stdio.h>
int main(void)
{
	for (size_t i = 0; i < requirement_count; i++) {
		const struct requirement *row = &requirements[i];

		printf("%s|%s|Level %u|%s|%s|%s\n", row->id, row->title, row->level,
		       layer_names[row->layer], row->must ? "MUST" : "SHOULD", row->sentence);
	}
	return 0;
}
END
$CC -std=gnu17 -D_GNU_SOURCE -I. -o "$work/table" "$work/table.c" conformance/requirements.c
"$work/table" | while IFS= read -r row; do
	printf '%s|%s\n' "$row" "$(probes_line "${row%%|*}")"
done >"$work/tables"

# What the text says: a heading, a line of three words, a paragraph, and a list.
awk '
function flush() {
	if (id != "")
		print id "|" title "|" level "|" layer "|" must "|" sentence "|" probes
	id = ""
}
/^### [A-Z]+-[0-9]+ / {
	flush()
	id = $2
	title = $0
	sub(/^### [^ ]+ · /, "", title)
	level = layer = must = sentence = probes = ""
	next
}
/^#/ { flush(); next }
id == "" { next }
level == "" && /^Level / {
	split($0, words, " · ")
	level = words[1]; layer = words[2]; must = words[3]
	next
}
/^- Probes: / { probes = $0; sub(/^- Probes: /, "", probes); next }
/^- / { next }
/^$/ { next }
/^  / { next }
{ sentence = sentence (sentence ? " " : "") $0 }
END { flush() }
' "$text" >"$work/texts"

if ! diff -u "$work/tables" "$work/texts" >"$work/difference"; then
	fault "$text and the tables disagree (- tables and probes, + text; for lists of probes:" \
		"sh conformance/arch.sh --write-probes)"
	sed -n '4,24p' "$work/difference" | cut -c 1-160 >&2
fi

# Each requirement says how far it goes; one without a probe says why it has none; and each gives
# evidence for controls that the tables know (conformance/controls.c reads them as strictly).
awk '
function flush() {
	if (id == "") return
	if (!limits) print id " has no line \"- Limits: \""
	if (unprobed != reason) print id (unprobed ? " has no probe and no \"- Not probed: \"" : " has probes and says why it has none")
	id = ""
}
/^### [A-Z]+-[0-9]+ / { flush(); id = $2; limits = reason = unprobed = 0; next }
/^#/ { flush(); next }
/^- Limits: / { limits = 1 }
/^- Not probed: / { reason = 1 }
/^- Probes: not yet probed/ { unprobed = 1 }
END { flush() }
' "$text" >"$work/lines"
while IFS= read -r line; do
	fault "$text: $line"
done <"$work/lines"

awk -F '\t' '
/^#/ || /^$/ { next }
FILENAME ~ /frameworks/ { frameworks[$1] = 1; next }
FILENAME ~ /ids/ { ids[$1 "|" $2] = 1; if (!($1 in frameworks)) print FILENAME ": unknown framework " $1; next }
FILENAME ~ /requirements/ {
	linked[$1] = 1
	if (!(($2 "|" $3) in ids)) print FILENAME ": " $1 ": " $2 " " $3 " is in no table"
	if ($4 !~ /^(tests|supports|partial|judged)$/) print FILENAME ": " $1 ": " $3 " has no relation"
	next
}
{ split($0, row, "|"); if (!(row[1] in linked)) print row[1] " gives evidence for no control" }
' conformance/controls/frameworks.tsv conformance/controls/ids.tsv conformance/controls/requirements.tsv \
	"$work/tables" >"$work/lines"
while IFS= read -r line; do
	fault "$line"
done <"$work/lines"

[ "$faults" -eq 0 ] && echo "arch: ok"
[ "$faults" -eq 0 ]
