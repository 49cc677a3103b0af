#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# man.test.sh - the manual pages are installed, are clean, and say what --help and the tables say:
# every option, every environment variable, every field of a policy, every member of a receipt.
set -u
: "${CONFINE:?}" "${SRC:?}" "${BUILD:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
man1=$BUILD/share/man/man1
man3=$BUILD/share/man/man3
man5=$BUILD/share/man/man5

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 600
		echo
	fi
}

# A page without its markup: \- is -, requests are gone.
plain() { sed 's/\\-/-/g; s/^\.[A-Z]\{1,2\} //; s/"//g' "$1"; }

for page in "$man1/confine.1" "$man1/confine-run.1" "$man1/confine-host.1" "$man1/confine-report.1" "$man3/libconfine.3" "$man5/confine-policy.5"; do
	is yes "$([ -s "$page" ] && echo yes)" "installed: ${page##*/}"
	if command -v groff >/dev/null; then
		is '' "$(groff -man -ww -Tutf8 -z "$page" 2>&1 | head -n 3)" "clean: ${page##*/}"
	else
		echo "ok - clean: ${page##*/} # SKIP no groff"
	fi
done

# --- options, both ways --------------------------------------------------------------------------
agrees() { # page, arguments of the help
	page=$1
	shift
	"$CONFINE" "$@" --help | sed -n 's/^  \(-[a-z-]*\).*/\1/p' | sort -u >help.options
	sed -n '/^\.SH OPTIONS/,/^\.SH EXIT/p' "$page" | sed 's/\\-/-/g' |
		sed -n 's/^\.BI\{0,1\} \(-\{1,2\}[a-z][a-z-]*\).*/\1/p' | sort -u >page.options
	is "$(cat help.options)" "$(cat page.options)" "options: ${page##*/} and --help agree"
}
agrees "$man1/confine-run.1" run
agrees "$man1/confine-host.1" host
agrees "$man5/confine-policy.5" policy
is "$("$CONFINE" report --help | sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' | sort -u)" \
	"$(sed -n '/^\.SH OPTIONS/,/^\.SH EVIDENCE/p' "$man1/confine-report.1" | sed 's/\\-/-/g' |
		sed -n 's/^\.B.*\(--[a-z][a-z-]*\).*/\1/p' | sort -u)" 'options: confine-report.1 and --help agree'
is "$("$CONFINE" report --help | sed -n '/^formats:/,/^options:/p' | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' | sort)" \
	"$(sed -n '/^\.SH FORMATS/,/^\.SH OPTIONS/p' "$man1/confine-report.1" | sed -n '/^\.TP/{n;s/^\.B \([a-z]*\)$/\1/p}' | sort)" \
	'formats and commands: confine-report.1 and --help agree'
is "$("$CONFINE" --help | sed -n 's/^  \([a-z]*\) .*/\1/p' | sort)" \
	"$(sed -n '/^\.SH SUBCOMMANDS/,/^\.SH EXIT/p' "$man1/confine.1" | sed -n 's/^\.B \([a-z]*\)$/\1/p' | sort)" \
	'subcommands: confine.1 and --help agree'
is "$("$CONFINE" policy --help | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' | sort)" \
	"$(sed -n '/^\.SH COMMANDS/,/^\.SH OPTIONS/p' "$man5/confine-policy.5" | sed -n 's/^\.B \([a-z]*\)$/\1/p' | sort)" \
	'commands: confine-policy.5 and --help agree'

# --- words of the tables ----------------------------------------------------------------------------
missing() { # page, then words on standard input: those that the page does not have
	plain "$1" >words
	while read -r word; do grep -qw -- "$word" words || echo "$word"; done
}
is '' "$(python3 -c 'import json, sys
def names(schema):
    for name, value in schema.get("properties", {}).items():
        print(name)
        names(value)
names(json.load(open(sys.argv[1])))' "$SRC/runner/schema/policy.schema.json" | missing "$man5/confine-policy.5")" \
	'every field of the policy schema is in confine-policy.5'
is '' "$(sed -n 's/^static const char \*const [a-z]*_words\[\] = {\(.*\)/\1/p' "$SRC/runner/policy_fields.c" |
	tr -dc 'a-z \n-' | tr ' ' '\n' | sed '/^$/d' | sort -u | missing "$man5/confine-policy.5")" 'every word of its fields too'
is '' "$(sed -n 's/.*\[POLICY_[A-Z_]*\] = "\([a-z-]*\)".*/\1/p' "$SRC/runner/policy_source.c" |
	missing "$man1/confine-run.1")" 'where a policy comes from is in confine-run.1'
is '' "$(sed -n 's/.*\[EVENT_[A-Z]*\] = { "\([a-z]*\)".*/\1/p' "$SRC/runner/events.c" | missing "$man1/confine-run.1")" \
	'every event is in confine-run.1'
is '' "$(grep -rhoE '"(CONFINE_[A-Z_]+)"' "$SRC/runner" --include='*.c' --include='*.h' --exclude-dir=tests | tr -d '"' | sort -u |
	grep -v 'CONFINE_SABOTAGE\|CONFINE_VERSION\|CONFINE_PREFIX' >variables
	cat "$man1"/*.1 "$man5"/*.5 >all
	missing all <variables)" 'every environment variable is in a page'
is '' "$("$CONFINE" report --help | sed -n 's/^ *\([0-9]\{1,2\}\)  .*/\1/p' | missing "$man1/confine-report.1")" \
	'every exit status of confine report'
is '' "$(for status in 123 124 125 126 127 137; do echo $status; done | missing "$man1/confine-run.1")" 'every exit status'

# --- libconfine(3) and confine.h, both ways -----------------------------------------------------------
header=$BUILD/include/confine.h
grep -v typedef "$header" | grep -oE '\bconfine_[a-z_]+\(' | tr -d '(' | sort -u >header.functions
plain "$man3/libconfine.3" | grep -oE 'confine_[a-z_]+ ?(\(|, )' | grep -oE 'confine_[a-z_]+' | grep -v confine_error | sort -u >page.functions
is "$(cat header.functions)" "$(cat page.functions)" 'functions: libconfine.3 and confine.h agree'
is '' "$(grep -oE '\bCONFINE_(ERROR_)?[A-Z_]+\b' "$header" | grep -vx 'CONFINE_H\|CONFINE_OK\|CONFINE_STDERR' | sort -u |
	missing "$man3/libconfine.3")" 'every outcome and code is in libconfine.3'
