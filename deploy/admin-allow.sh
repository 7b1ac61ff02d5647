#!/bin/sh
# Turn ADMIN_ALLOW (addresses or networks, separated by commas; empty: everybody) into nginx's words.
set -eu
target=${ADMIN_ALLOW_FILE:-/etc/nginx/admin-allow.conf}
: > "$target"
[ -n "${ADMIN_ALLOW:-}" ] || exit 0
old_ifs=$IFS
IFS=', '
for address in $ADMIN_ALLOW; do
    [ -n "$address" ] && echo "allow $address;" >> "$target"
done
IFS=$old_ifs
echo "deny all;" >> "$target"
