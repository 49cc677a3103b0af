# A start-up file for shells (BASH_ENV, ENV): shows that it was read.
[ -z "$CONFINE_PROBE_MARK" ] || printf read >"$CONFINE_PROBE_MARK"
