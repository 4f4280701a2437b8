#!/usr/bin/env bash
# The manifest of the native sidecar: by Kubernetes' schemas, and its two containers' commands on the stand-in, with a
# federated token as AKS gives one. Tests/Deploy/prepare.sh installs the schemas.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Demo/stage.sh
. Tests/Deploy/places.sh

manifest=Docs/Deploy/kubernetes-sidecar.yaml
python=$place/kubernetes/bin/python
"$python" Tests/Deploy/kubernetes.py check "$manifest"

stage_build
. Tests/Deploy/workload.sh
settings=$(mktemp)
workload_settings >"$settings"
stage_up --config "$settings" --token-lifetime 8
rm -f "$settings"
workload_environment
export LOCAL_ENTRA=$local_entra
"$local_entra" control --directory "$stage/cloud" fault '{"endpoint":"token","kind":"reply","status":503,"body":"{}","times":100000}' >/dev/null
"$python" Tests/Deploy/kubernetes.py run "$manifest" "$stage" "$passgres" "$PGHOST" || { tail -n 20 "$stage"/*.log >&2; exit 1; }
if grep -hE 'eyJ[A-Za-z0-9_-]{20,}' "$stage"/*.log; then echo "kubernetes: a token stands in a log" >&2; exit 1; fi
