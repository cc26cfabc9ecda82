#!/usr/bin/env bash
# The list of components that ./scripts/build and ./scripts/package write: SPDX 2.3, complete, and true to this machine's packages.
. "$(dirname "$0")/../support/cli.sh"

program=${RELEASE_FOLDER:?is where the released program is}/p11csr
document=$program.spdx.json
if [ ! -x "$program" ] || ! command -v dpkg-query >/dev/null; then
  echo "the Release program is not built, or there is no dpkg"
  exit 77
fi

# question TEXT asks python about the document, which is `document`; its packages by their IDs are `packages`.
question() {
  run python3 - "$document" <<PYTHON
import json, re, subprocess, sys
document = json.load(open(sys.argv[1]))
packages = {package["SPDXID"]: package for package in document["packages"]}
$1
PYTHON
  expect_exit 0
  expect_stderr_empty
}

# expect_component FILE: a package of the document uses the file, and has the version that is installed.
expect_component() {
  scenario_failed && return 0
  python3 - "$document" "$1" >"$test_folder/found" <<'PYTHON'
import json, sys
for package in json.load(open(sys.argv[1]))["packages"]:
    if sys.argv[2] in package.get("comment", "").split():
        print(package["name"], package["versionInfo"])
PYTHON
  local name version
  read -r name version <"$test_folder/found" || fail "'$1' is in no package"
  dpkg-query -W -f '${Version}\n' "$name" | grep -qxF -- "$version" || fail "$name is not of the version '$version'"
}

scenario "it has what SPDX 2.3 requires (clauses 6, 7 and 11)"
question '
assert document["spdxVersion"] == "SPDX-2.3" and document["dataLicense"] == "CC0-1.0"
assert document["SPDXID"] == "SPDXRef-DOCUMENT" and document["name"].startswith("p11csr ")
assert re.fullmatch(r"[a-z]+:[^#\s]+", document["documentNamespace"])
assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"]["created"])
assert document["creationInfo"]["creators"] and all(re.match("(Tool|Person|Organization): ", c) for c in document["creationInfo"]["creators"])
assert len(packages) == len(document["packages"])
for identity, package in packages.items():
    assert re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", identity), identity
    assert package["name"] and package["versionInfo"] and package["downloadLocation"] == "NOASSERTION"
    assert package["filesAnalyzed"] is False and "packageVerificationCode" not in package
for one in document["relationships"]:
    assert one["spdxElementId"] in packages or one["spdxElementId"] == "SPDXRef-DOCUMENT"
    assert one["relatedSpdxElement"] in packages
    assert one["relationshipType"] in ("DESCRIBES", "STATIC_LINK", "DYNAMIC_LINK")
related = {one["relatedSpdxElement"] for one in document["relationships"]}
assert related == set(packages), set(packages) - related
'

scenario "it is about this program"
question 'print(packages["SPDXRef-Package-p11csr"]["checksums"][0]["checksumValue"])'
expect_stdout_is "$(sha256sum "$program" | cut -d ' ' -f 1)"

scenario "each shared library is in it"
run ldd "$program"
expect_exit 0
for library in $(awk '/=> \//  { print $1 } $1 ~ /^\// { sub(".*/", "", $1); print $1 }' "$out"); do
  expect_component "$library"
done
expect_component libcrypto.so.3

scenario "so are those that are loaded when they are needed"
expect_component libp11-kit.so.0
expect_component libidn2.so.0

scenario "each static library is in it"
expect_component libsqlite3.a
expect_component libcsv.a

scenario "so are the libraries that are headers alone"
question 'print("\n".join(sorted(p["name"] for p in packages.values() if p.get("comment") == "headers")))'
expect_stdout_contains libcli11-dev libfmt-dev libtomlplusplus-dev nlohmann-json3-dev
