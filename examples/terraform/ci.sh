#!/bin/sh
# Postern for the time of one `terraform test`. The module's project_id comes from `postern env terraform`.
set -eu
home=$(mktemp -d)
export POSTERN_HOME="$home"
trap 'npx --no postern testing stop >/dev/null 2>&1 || true; wait; rm -rf "$home"' EXIT

npx --no postern up --testing --no-sample --unknown-endpoints accept --port 0 >"$home/up.out" &
up=$!
until grep -q 'Postern is ready' "$home/up.out"; do
  kill -0 "$up"
  sleep 0.1
done

eval "$(npx --no postern env terraform)"
terraform init -input=false
terraform test
