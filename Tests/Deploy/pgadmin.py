"""Speaks to a running pgAdmin as its own pages do: connects to each imported server and asks it a question."""

import http.cookiejar
import json
import re
import sys
import time
import urllib.parse
import urllib.request

base, key = sys.argv[1], sys.argv[2]
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
headers = {}


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, method=method, headers=dict(headers))
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with opener.open(request, timeout=30) as reply:
            return reply.read().decode()
    except urllib.error.HTTPError as error:
        sys.exit(f"pgadmin: {method} {path}: {error.code} {error.read().decode()[:500]}")


def children(path):
    answer = json.loads(ask("GET", path))
    return answer["data"] or answer["result"]


ask("GET", "/?key=" + urllib.parse.quote(key))
script = ask("GET", "/browser/js/utils.js")
headers["X-pgA-CSRFToken"] = re.search(r"pgAdmin\['csrf_token'\] = '([^']+)'", script).group(1)

group = next(row["_id"] for row in children("/browser/server_group/nodes/") if row["label"] == "Passgres")
for server in children(f"/browser/server/nodes/{group}/"):
    number = server["_id"]
    answer = json.loads(ask("POST", f"/browser/server/connect/{group}/{number}", {}))
    if not answer["success"]:
        sys.exit(f"pgadmin: {server['label']}: {answer['errormsg']}")
    user = answer["data"]["user"]["name"]
    databases = children(f"/browser/database/nodes/{group}/{number}/")
    # Another database is another connection, which needs the password again.
    other = next(row["_id"] for row in databases if row["label"] == "reporting")
    if not json.loads(ask("POST", f"/browser/database/connect/{group}/{number}/{other}", {}))["success"]:
        sys.exit("pgadmin: no connection to another database")
    # The query tool, which has a connection of its own.
    turn = 1000 + int(number)
    ask("POST", f"/sqleditor/initialize/sqleditor/{turn}/{group}/{number}/{other}", {"dbname": "reporting"})
    query = "select current_user::text || ' in ' || current_database() || ', TLS ' || ssl from pg_stat_ssl where pid = pg_backend_pid()"
    ask("POST", f"/sqleditor/query_tool/start/{turn}", {"sql": query, "explain_plan": None})
    for _ in range(100):
        result = json.loads(ask("GET", f"/sqleditor/poll/{turn}"))["data"]
        if result["status"] != "Busy":
            break
        time.sleep(0.1)
    print(f"{server['label']}: {user}; {result['result'][0][0]}")
