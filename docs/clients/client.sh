#!/bin/sh
# A client for platforms in curl: read the worklist, acknowledge, answer in bulk. Copy it and go.
#
#   export PORTAL_URL=https://portal.example PORTAL_TOKEN=rp_…
#   ./client.sh list                          # every page of the worklist, one JSON document a line
#   ./client.sh acknowledge R-7KQ4-93DM-X
#   ./client.sh answer answers.json           # {"answers": [{"item": "I-…", "outcome": "REMOVED", …}]}, up to 1,000
#   ./client.sh play five-hundred             # in a sandbox
#   ./client.sh proofs                        # in a sandbox
set -eu

API="${PORTAL_URL%/}/api/v1"

key() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# --retry sends the same request, with the same key, again: after 429, 5xx and a lost connection nothing happens twice.
call() {
    curl -sS --fail-with-body --max-time 60 --retry 5 --retry-connrefused \
        -H "Authorization: Bearer $PORTAL_TOKEN" -H "Content-Type: application/json" "$@"
    echo
}

post() { # post PATH BODY
    call -H "Idempotency-Key: $(key)" --data-binary "$2" "$API/$1"
}

# The address of the next page; nothing at the end. It is the only "next" in the document, and has no quotes in it.
next_page() { sed -n 's/.*"next":"\([^"]*\)".*/\1/p'; }

list() {
    address="$API/items/?page_size=200&state=open"
    while [ -n "$address" ]; do
        page=$(call "$address")
        printf '%s\n' "$page"
        address=$(printf '%s' "$page" | next_page)
        case "$address" in /*) address="${PORTAL_URL%/}$address" ;; esac
    done
}

case "${1:-}" in
    list) list ;;
    acknowledge) post "referrals/$2/acknowledge/" '{}' ;;
    answer) post "items/answer/" "@$2" ;;
    play) post "sandbox/scenarios/" "{\"scenario\": \"$2\"}" ;;
    proofs) call "$API/sandbox/" ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
