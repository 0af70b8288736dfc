#!/usr/bin/env bash
# Builds a kube-apiserver, an etcd and a kubectl for tests, from Go modules alone, and says where they are; with --where, it only
# says where they would be. They are kept in the user's cache, by a stamp of what they are made from: built once a machine (about
# ten minutes of CPU and 2.5 GB of memory), and not again.
set -euo pipefail
cd "$(dirname "$0")"
export CGO_ENABLED=0

cache=${XDG_CACHE_HOME:-$HOME/.cache}/pocdr/controlplane
out=$cache/$({ cat go.mod go.sum build.sh; go env GOVERSION GOARCH; } | sha256sum | cut -c1-16)
if [ "${1:-}" = --where ] || [ -e "$out/complete" ]; then
	echo "$out"
	exit
fi

kubernetes=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
echo "building kube-apiserver and kubectl $kubernetes, and etcd: once a machine" >&2
IFS=. read -r major minor _ <<<"${kubernetes#v}"
version=k8s.io/component-base/version
mkdir -p "$cache"
new=$(mktemp -d "$cache/.new-XXXXXX")
trap 'rm -rf "$new"' EXIT
go build -p "${P:-2}" -mod=readonly -trimpath -buildvcs=false \
	-ldflags "-s -w -X $version.gitVersion=$kubernetes -X $version.gitMajor=$major -X $version.gitMinor=$minor -X $version.gitTreeState=clean -X k8s.io/client-go/pkg/version.gitVersion=$kubernetes" \
	-o "$new/real/" k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kubectl go.etcd.io/etcd/server/v3
mv "$new/real/server" "$new/real/etcd" # the module's main package is called after its folder
for name in kube-apiserver etcd kubectl; do # what a test leaves running dies with the test; an API server that is asked to end waits for its store
	printf '#!/bin/sh\nexec setpriv --pdeathsig KILL %q "$@"\n' "$out/real/$name" >"$new/$name"
	chmod +x "$new/$name"
done
touch "$new/complete"
mv -T "$new" "$out" 2>/dev/null || [ -e "$out/complete" ] # two builds at once make the same
echo "$out"
