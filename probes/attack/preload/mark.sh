# A start-up file for shells (BASH_ENV, ENV): shows that it was read, as mark.so shows it was loaded.
[ -z "$CONFINE_PROBE_MARK" ] || printf read >"$CONFINE_PROBE_MARK"
