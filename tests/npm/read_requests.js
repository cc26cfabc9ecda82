#!/usr/bin/env node
// read_requests.js: takes a JSON list of PEM requests on standard input, prints a JSON list of what @peculiar/x509 reads in
// them: {subject: [[[OID, text]]], names: [[kind, value]], extensions: [[OID, critical, hex]], verifies}.
require("reflect-metadata");
const { AsnConvert } = require("@peculiar/asn1-schema");
const asn1 = require("@peculiar/asn1-x509");
const x509 = require("@peculiar/x509");
const { webcrypto } = require("crypto");

x509.cryptoProvider.set(webcrypto);

const hex = (octets) => Buffer.from(octets).toString("hex");
const rdns = (name) => [...name].map((rdn) => [...rdn].map((attribute) => [attribute.type, attribute.value.toString()]));

function nameOf(name) {
  if (name.dNSName !== undefined) return ["dns", name.dNSName];
  if (name.rfc822Name !== undefined) return ["email", name.rfc822Name];
  if (name.uniformResourceIdentifier !== undefined) return ["uri", name.uniformResourceIdentifier];
  if (name.iPAddress !== undefined) return ["ip", name.iPAddress];
  if (name.registeredID !== undefined) return ["rid", name.registeredID];
  if (name.directoryName !== undefined) return ["dn", rdns(name.directoryName)];
  if (name.otherName !== undefined) return ["other", name.otherName.typeId, hex(name.otherName.value)];
  throw new Error("a kind of name that this reader does not know");
}

async function read(pem) {
  const request = new x509.Pkcs10CertificateRequest(pem);
  const subject = AsnConvert.parse(request.subjectName.toArrayBuffer(), asn1.Name);
  const extension = request.extensions.find((each) => each.type === asn1.id_ce_subjectAltName);
  const names = extension ? AsnConvert.parse(extension.value, asn1.SubjectAlternativeName) : [];
  return {
    subject: rdns(subject),
    names: [...names].map(nameOf),
    extensions: request.extensions.map((each) => [each.type, each.critical, hex(each.value)]),
    verifies: await request.verify(),
  };
}

async function main() {
  const pems = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const seen = [];
  for (const pem of pems) seen.push(await read(pem));
  process.stdout.write(JSON.stringify(seen));
}

main();
