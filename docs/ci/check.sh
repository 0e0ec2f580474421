#!/bin/sh
# Checks the runbooks and builds their site where there is a shell: Jenkins, Buildkite, cron, a hook of one's own.
#
#   check.sh [FOLDER [SITE]]    the folder with the runbooks (default: .), the folder for the site (default: no site)
#
# Needs runbook-site on PATH. Exit codes: 0 clean, 1 findings at error level, 2 nothing was checked.
set -u

folder=${1:-.}
site=${2:-}

runbook-site check "$folder" --output-format junit:runbooks-junit.xml
code=$?

# The site is built whatever the check finds, because a handbook with faults must stay readable.
if [ -n "$site" ]; then
  runbook-site build "$folder" --out "$site" --quiet || exit 2
fi
exit "$code"
