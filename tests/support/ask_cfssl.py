#!/usr/bin/env python3
"""ask_cfssl.py PORT REQUEST PROFILE CERTIFICATE: has the server of cfssl on 127.0.0.1:PORT issue a certificate."""

import json
import sys
import urllib.request

port, request, profile, certificate = sys.argv[1:]
with open(request, encoding="ascii") as file:
    question = {"certificate_request": file.read(), "profile": profile}
answer = urllib.request.urlopen(
    urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/cfssl/sign", json.dumps(question).encode(), {"Content-Type": "application/json"}
    ),
    timeout=20,
)
with open(certificate, "w", encoding="ascii") as file:
    file.write(json.load(answer)["result"]["certificate"])
