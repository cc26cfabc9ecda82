#!/usr/bin/env bash
# The Kubernetes Job of docs/: its pods are run here, one after the other and side by side, and one is killed.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_batch.sh"

job=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../docs" && pwd)/batch-job.yaml

# pod INDEX runs what the Job's container INDEX would run, with its volumes in this folder.
pod() { JOB_COMPLETION_INDEX=$1 FOLDER=$PWD PATH=$PWD/bin:$PATH python3 "$PWD/pod.py"; }

prepare() {
  scenario "$1"
  new_token fleet
  mkdir manifest pin work bin
  write_manifest manifest/devices.csv 24
  (umask 077 && echo 1234 >pin/user)
  ln -s "$P11CSR" bin/p11csr
  cat >pod.py <<PYTHON
import os, yaml
job = yaml.safe_load(open("$job"))
pod = job["spec"]["template"]["spec"]
container = pod["containers"][0]
here = os.environ["FOLDER"]

def inside(text):
    for mount in container["volumeMounts"]:
        text = text.replace(mount["mountPath"] + "/", here + mount["mountPath"] + "/")
    return text

volumes = {volume["name"] for volume in pod["volumes"]}
assert volumes == {mount["name"] for mount in container["volumeMounts"]}, volumes
assert job["spec"]["completionMode"] == "Indexed"
assert pod["restartPolicy"] == "Never"
[rule] = job["spec"]["podFailurePolicy"]["rules"]
assert rule["action"] == "FailJob" and rule["onExitCodes"]["containerName"] == container["name"], rule
assert rule["onExitCodes"]["operator"] == "In" and 4 in rule["onExitCodes"]["values"], rule
assert int(os.environ["JOB_COMPLETION_INDEX"]) < job["spec"]["completions"]
for variable in container["env"]:
    os.environ[variable["name"]] = inside(variable["value"])
os.environ["P11CSR_MODULE"] = os.environ["SOFTHSM2_MODULE"]
words = container["command"] + [inside(word) for word in container["args"]]
os.execvp(words[0], words)
PYTHON
}
pods=$(python3 -c 'import sys, yaml; print(yaml.safe_load(open(sys.argv[1]))["spec"]["completions"])' "$job")

# expect_all: each row has its key and its request, in one shard only.
expect_all() {
  scenario_failed && return
  mv work/requests requests
  run p11csr batch status work/shard-*.ledger --json
  expect_stdout_json count.rows 24
  expect_stdout_json count.written 24
  cp work/shard-0.ledger run.ledger
  local found
  found=$(key_figures privkey)
  [ "$found" = "24 24 24 24" ] || fail "expected 24 keys, found $found"
  found=$(for file in requests/*.csr; do openssl req -in "$file" -verify -noout -pubkey 2>/dev/null | sha256sum; done | sort -u | wc -l)
  [ "$found" = 24 ] || fail "expected 24 requests with keys of their own, found $found"
}

prepare "the pods of the Job share the rows"
for index in $(seq 0 $((pods - 1))); do
  must pod "$index"
done
expect_all

prepare "pods work side by side, and one that was killed is started again"
for index in $(seq 0 $((pods - 1))); do
  [ "$index" = 1 ] || pod "$index" >"pod-$index" 2>&1 &
done
(
  export WAYWARD_MODULE=$SOFTHSM2_MODULE WAYWARD_ORDERS="count=$PWD/calls-1;slow=C_GenerateKeyPair:100"
  export SOFTHSM2_MODULE=$WAYWARD
  pod 1
) >pod-1 2>&1 &
# Not during its login: SoftHSM2 writes the token's own file then, and a kill would cost the token.
for ((tries = 0; tries < 600; tries++)); do
  ! grep -qs '^C_Login ' calls-1 || break
  sleep 0.05
done
sleep 0.3
pkill -KILL -f "ledger $PWD/work/shard-1.ledger"
wait
for index in $(seq 0 $((pods - 1))); do
  must pod "$index"
done
expect_all
