"""Reads the manifest of the native sidecar: judges it by Kubernetes' schemas, looks for what contradicts itself, and
does with its two containers what a kubelet would, on this machine.

    kubernetes.py check MANIFEST
    kubernetes.py run MANIFEST STAGE PASSGRES HOST
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import kubernetes_validate
import yaml


def fail(text):
    sys.exit("kubernetes: " + text)


def pod_of(path):
    with open(path) as file:
        documents = list(yaml.safe_load_all(file))
    return documents, next(document for document in documents if document["kind"] == "Pod")


def check(path):
    documents, pod = pod_of(path)
    newest = kubernetes_validate.latest_version()
    for version in ("1.29", newest):
        for document in documents:
            kubernetes_validate.validate(document, version, strict=True)
    # The schema of 1.28 has a restartPolicy for init containers too: what cannot be told by schemas is told here.
    spec = pod["spec"]
    sidecar, application = spec["initContainers"][0], spec["containers"][0]
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    account = next(document for document in documents if document["kind"] == "ServiceAccount")
    ports = {port["name"]: port["containerPort"] for port in sidecar["ports"]}
    options = dict(word[2:].split("=", 1) for word in sidecar["args"] if word.startswith("--"))
    environment = {variable["name"]: variable["value"] for variable in application["env"]}
    said = {
        "a native sidecar restarts always": sidecar["restartPolicy"] == "Always",
        "the account is there": spec["serviceAccountName"] == account["metadata"]["name"],
        "the label is on the pod": pod["metadata"]["labels"]["azure.workload.identity/use"] == "true",
        "whom to skip is a container": pod["metadata"]["annotations"]["azure.workload.identity/skip-containers"] == application["name"],
        "the passwords are in memory": all(volume["emptyDir"]["medium"] == "Memory" for volume in volumes.values()),
        "one user for both": "runAsUser" not in sidecar["securityContext"] and "securityContext" not in application,
        "every mount is of a volume": all(mount["name"] in volumes for one in (sidecar, application) for mount in one["volumeMounts"]),
        "the probes' port is the one of --health": all(
            ports[sidecar[probe]["httpGet"]["port"]] == int(options["health"].rsplit(":", 1)[1]) for probe in ("startupProbe", "livenessProbe")),
        "a kubelet reaches it": options["health"].startswith("0.0.0.0:"),
        "the password file is the application's": options["passfile"] == environment["PGPASSFILE"],
        "the connection is the application's": sidecar["args"][0]
        == f"host={environment['PGHOST']} dbname={environment['PGDATABASE']} user={environment['PGUSER']}",
        "the sidecar writes where it may": all(
            any(path.startswith(mount["mountPath"] + "/") or path == mount["mountPath"] for mount in sidecar["volumeMounts"])
            for path in (options["passfile"], sidecar["env"][0]["value"])),
    }
    for name, holds in said.items():
        if not holds:
            fail(f"it does not hold that {name}")
    print(f"manifest: {len(documents)} documents pass the strict schemas of 1.29 and {newest}, and {len(said)} rules")


def run(path, stage, passgres, host):
    _, pod = pod_of(path)
    sidecar, application = pod["spec"]["initContainers"][0], pod["spec"]["containers"][0]
    names = {application["env"][0]["value"]: host, "/etc/ssl/certs/ca-certificates.crt": os.environ["PGSSLROOTCERT"]}
    for one in (sidecar, application):
        for mount in one["volumeMounts"]:
            names[mount["mountPath"]] = f"{stage}/volumes/{mount['name']}"
            os.makedirs(names[mount["mountPath"]], mode=0o777, exist_ok=True)

    def mapped(text):
        for old, new in names.items():
            text = text.replace(old, new)
        return text

    def variables(one):
        # Nothing of this process but the way to the server.
        common = {name: os.environ[name] for name in ("PATH", "PGHOSTADDR", "PGPORT")}
        return common | {variable["name"]: mapped(variable["value"]) for variable in one["env"]}

    injected = {name: os.environ[name] for name in os.environ if name.startswith(("AZURE_", "SSL_CERT_FILE"))}
    command = sidecar["command"] + [mapped(word) for word in sidecar["args"]]
    log = open(f"{stage}/sidecar.log", "w")
    keeper = subprocess.Popen(command, executable=passgres, env=variables(sidecar) | injected, stdout=log, stderr=log)
    ports = {port["name"]: port["containerPort"] for port in sidecar["ports"]}

    def probe(kind):
        asked = sidecar[kind]["httpGet"]
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{ports[asked['port']]}{asked['path']}", timeout=1).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def control(*words):
        subprocess.run([os.environ["LOCAL_ENTRA"], "control", "--directory", f"{stage}/cloud", *words], check=True, stdout=subprocess.DEVNULL)

    def login():
        return subprocess.run(
            ["psql", "-X", "-At", "-w", "-c", "select current_user || ' in ' || current_database()"],
            env=variables(application), capture_output=True, text=True)

    try:
        # Entra is down: the keeper lives, and the application does not start.
        end = time.monotonic() + 20
        while probe("livenessProbe") != 200 or probe("startupProbe") != 503:
            if keeper.poll() is not None or time.monotonic() > end:
                fail(f"the sidecar does not answer: {open(log.name).read()}")
            time.sleep(0.1)
        if os.path.exists(mapped(variables(application)["PGPASSFILE"])):
            fail("there is a password file without a token")
        control("no-faults")
        start, probing = time.monotonic(), sidecar["startupProbe"]
        while probe("startupProbe") != 200:
            if time.monotonic() - start > probing["periodSeconds"] * probing["failureThreshold"]:
                fail(f"the startup probe gave up: {open(log.name).read()}")
            time.sleep(0.1)
        print(f"sidecar: 503 while Entra was down, 200 after {time.monotonic() - start:.1f} s of it being back")
        logins, rotations = 0, 0
        while rotations < 2:
            answer = login()
            if answer.returncode != 0 or answer.stdout.strip() != "orders-api in orders":
                fail(f"no login: {answer.stderr}")
            logins += 1
            rotations = open(log.name).read().count("gave a token") - 1
            time.sleep(0.2)
        print(f"application: {logins} logins as orders-api, through {rotations} rotations")
        keeper.send_signal(signal.SIGTERM)
        if keeper.wait(10) != 0:
            fail(f"SIGTERM ended the sidecar with status {keeper.returncode}")
    finally:
        if keeper.poll() is None:
            keeper.kill()


if sys.argv[1] == "check":
    check(sys.argv[2])
else:
    run(*sys.argv[2:])
