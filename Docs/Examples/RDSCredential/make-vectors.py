#!/usr/bin/env python3
"""Writes the tokens that botocore makes, for the test to compare with. Needs botocore; asks nobody."""
import datetime
import json
import pathlib
from unittest import mock

import botocore
import botocore.auth
import botocore.session

KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
CASES = [
    ("db.abc123.eu-west-1.rds.amazonaws.com", 5432, "api", "eu-west-1", None, 1700000000),
    ("db.abc123.us-east-1.rds.amazonaws.com", 5433, "api", "us-east-1", None, 1709210096),
    ("db.abc123.us-east-1.rds.amazonaws.com", 443, "api", "us-east-1", None, 1709210096),
    ("DB.Abc123.eu-west-1.rds.amazonaws.com", 5432, "api", "eu-west-1", None, 1700000000),
    ("db.abc123.eu-west-1.rds.amazonaws.com", 5432, "Jürgen O'Neil+x@y", "eu-west-1", None, 1704067199),
    ("db.abc123.eu-west-1.rds.amazonaws.com", 5432, "a b/c~d_e.f-g", "eu-west-1", None, 946684800),
    ("db.abc123.cn-north-1.rds.amazonaws.com.cn", 5432, "api", "cn-north-1", "AQoDYXdz/+=session" * 40, 1700000000),
    ("db.abc123.us-gov-west-1.rds.amazonaws.com", 65535, "api", "us-gov-west-1", "s", 4102444799),
]

vectors = []
for host, port, user, region, session_token, time in CASES:
    session = botocore.session.get_session()
    session.set_credentials(*KEY, session_token)
    client = session.create_client("rds", region_name=region)
    now = datetime.datetime.fromtimestamp(time, datetime.timezone.utc)
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda: now):
        token = client.generate_db_auth_token(host, port, user, region)
    vectors.append({
        "host": host, "port": port, "user": user, "region": region, "keyID": KEY[0], "key": KEY[1],
        "session": session_token, "time": time, "token": token,
    })
path = pathlib.Path(__file__).parent / "Tests/RDSCredentialsTests/vectors.json"
path.write_text(json.dumps(vectors, indent=2, ensure_ascii=False) + "\n")
print(f"{len(vectors)} tokens by botocore {botocore.__version__}")
