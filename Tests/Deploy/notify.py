"""Starts a keeper as systemd would, listens to what it says on the notify socket, and holds it to the order.

    notify.py STAGE PASSGRES LOCAL_ENTRA CONFIGURATION
"""

import os
import signal
import socket
import subprocess
import sys
import time

stage, passgres, local_entra, configuration = sys.argv[1:]
path = stage + "/notify"
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(path)
began = time.monotonic()
keeper = None


def say(text):
    print(f"{time.monotonic() - began:5.1f}s  {text}", flush=True)


def fail(text):
    if keeper and keeper.poll() is None:
        keeper.kill()
    sys.exit("notify: " + text)


def heard(seconds):
    """The lines of one message, or none."""
    listener.settimeout(max(seconds, 0.001))
    try:
        return listener.recv(4096).decode().split("\n")
    except TimeoutError:
        return []


def until(line, seconds, never=()):
    """Waits for a line, and returns what came with and before it."""
    end, lines = time.monotonic() + seconds, []
    while time.monotonic() < end:
        lines += heard(end - time.monotonic())
        for other in never:
            if other in lines:
                fail(f"{other} was said, and should not have been; so far {lines}")
        if line in lines:
            return lines
    fail(f"{line} was not said within {seconds} s, only {lines}")


def control(*words):
    subprocess.run([local_entra, "control", "--directory", stage + "/cloud", *words], check=True, stdout=subprocess.DEVNULL)


control("fault", '{"endpoint":"imds","kind":"reply","status":500,"body":"{}","times":100000}')
environment = dict(os.environ, NOTIFY_SOCKET=path, WATCHDOG_USEC="2000000")
log = open(stage + "/keep.log", "w")
keeper = subprocess.Popen([passgres, "keep", "--config", configuration], env=environment, stderr=log)

lines = until("WATCHDOG=1", 10, never=["READY=1"])
until("WATCHDOG=1", 3, never=["READY=1"])
say("without a token: " + ", ".join(dict.fromkeys(lines)))
keeper.send_signal(signal.SIGHUP)
until("WATCHDOG=1", 3, never=["READY=1", "RELOADING=1"])
until("WATCHDOG=1", 3, never=["READY=1", "RELOADING=1"])
say("SIGHUP before it is ready: nothing that would count as the end of its start")
control("no-faults")
lines = until("READY=1", 40)
until("STATUS=1 of 1 destinations are fresh", 10)
say("READY=1 after the identity service is back")
last = time.monotonic()
for _ in range(3):
    until("WATCHDOG=1", 2)
    if time.monotonic() - last > 1.5:
        fail("the watchdog waited too long")
    last = time.monotonic()
say("WATCHDOG=1 three times, each within the interval")
keeper.send_signal(signal.SIGHUP)
lines = until("RELOADING=1", 5)
moment = next((line for line in lines if line.startswith("MONOTONIC_USEC=")), "")
if abs(int(moment.partition("=")[2] or 0) / 1e6 - time.clock_gettime(time.CLOCK_MONOTONIC)) > 5:
    fail(f"RELOADING=1 without the time: {lines}")
if "READY=1" not in lines:
    until("READY=1", 5)
say("SIGHUP: RELOADING=1 with MONOTONIC_USEC, then READY=1")
keeper.send_signal(signal.SIGTERM)
until("STOPPING=1", 5)
if keeper.wait(10) != 0:
    fail(f"it ended with status {keeper.returncode}")
say("SIGTERM: STOPPING=1, and status 0")
