#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# The recipes for CI systems: their scripts are run as they stand, with a `confine` whose check takes its
# results from a file; the job ends as the check did, and what the recipe collects is there.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
recipes=$SRC/reports/recipes
export REAL="$CONFINE" DATA="$SRC/reports/tests/data"

# The lines of the script: of a block in YAML, or between three quotes.
script_of() {
	case $1 in
	*Jenkinsfile) sed -n "/sh '''/,/^[[:space:]]*'''/{ /'''/d; p; }" "$1" ;;
	*) awk '
		inside && /[^ ]/ { match($0, /^ */); if (RLENGTH <= margin) inside = 0 }
		inside { print }
		/\|$/ { match($0, /^ */); margin = RLENGTH; inside = 1 }' "$1" ;;
	esac
}

mkdir bin
cat >bin/confine <<'EOF'
#!/bin/sh
[ "$1" = check ] || exec "$REAL" "$@"
shift
"$REAL" check --dry-run "$@" >/dev/null || exit 9
while [ $# -gt 0 ]; do
	case $1 in
	--json) json=$2; shift ;;
	--junit) junit=$2; shift ;;
	esac
	shift
done
[ "$STATUS" != 2 ] || exit 2
cp "$DATA/exit-$STATUS.json" "$json"
"$REAL" report junit "$json" -o "$junit"
exit "$STATUS"
EOF
chmod 755 bin/confine
for recipe in github-actions.yml gitlab-ci.yml Jenkinsfile; do
	script_of "$recipes/$recipe" >script
	[ "$(grep -c 'confine ' script)" -ge 2 ]
	n $? "$recipe has a script of $(wc -l <script) lines"
	collected='out/results.json out/junit.xml out/report.html'
	case $recipe in
	github*) collected="$collected summary" ;;
	gitlab*) collected="$collected out/summary.md" ;;
	esac
	for status in 0 1 3 4 2; do
		rm -rf job
		mkdir job
		(cd job && PATH="$PWD/../bin:$PATH" STATUS=$status GITHUB_STEP_SUMMARY=summary sh -e ../script) >out 2>err
		got=$?
		[ "$got" -eq "$status" ]
		n $? "$recipe ends with $status ($got $(head -c 200 err))"
		for file in $collected; do
			if [ "$status" = 2 ]; then [ ! -e "job/$file" ]; else [ -s "job/$file" ]; fi || break
		done
		n $? "$recipe, $status: what it collects is there, or nothing where nothing ran: $file"
	done
	for named in $(grep -o 'out/[a-z.]*' "$recipes/$recipe" | sort -u); do
		case " $collected out/ out/summary.md " in *" $named "*) ;; *) false ;; esac
		n $? "$recipe: $named is written"
	done
done
if python3 -c 'import yaml' 2>/dev/null; then
	for recipe in github-actions.yml gitlab-ci.yml; do
		python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' "$recipes/$recipe" 2>err
		n $? "$recipe is YAML $(tail -n 1 err)"
	done
else
	echo 'ok - the recipes are YAML # SKIP needs python3-yaml'
fi
