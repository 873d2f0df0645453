#!/bin/sh
# All steps on a tiny sample: sh supporter_mini/smoke.sh DATA [PYTHON]
set -eu
data=$1
python=${2:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m supporter_mini.prepare base --data "$data" --cache "$work" --smoke
"$python" -m supporter_mini.prepare chat --data "$data" --cache "$work" --smoke
"$python" -m supporter_mini.train --cache "$work" --run "$work/run" --smoke
"$python" -m supporter_mini.export --run "$work/run" --cache "$work" --out "$work/model"
"$python" -m supporter_mini.evaluate --data "$data" --run "$work/run" --model "$work/model" --out "$work/metrics.json" --smoke
echo "smoke: ok"
