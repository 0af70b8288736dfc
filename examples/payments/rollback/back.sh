#!/usr/bin/env bash
# Going back: revert the commit that turned the switch, apply the switch, wait until the valve has turned.
# Needs a checkout with its history, to be in the group payments-release, and PROMETHEUS, the address of the metrics. Objective: five minutes.
set -euo pipefail
reason=${1:?say what is wrong}
switch=valve/switch.yaml

turned=$(git log -1 --format=%H -- "$switch")
git diff --quiet "$turned~" "$turned" -- ":!$switch" || { echo "$turned changed more than the switch: go back by hand" >&2; exit 1; }
git revert --no-edit "$turned"
git commit --amend --quiet --message "Go back: $reason" --message "Reverts $turned."

kubectl apply --filename "$switch"
git push origin HEAD
selected=$(kubectl get configmap payments-switch --namespace payments --output 'jsonpath={.data.selected}')
for _ in $(seq 48); do
  if curl -fsS "$PROMETHEUS/api/v1/query" --data-urlencode "query=payments_valve_selected{plant=\"$selected\"} == 1" | grep -q '"value"'; then
    echo "the valve copies plant $selected"
    exit 0
  fi
  sleep 5
done
echo "the valve has not turned to $selected" >&2
exit 1
