#!/usr/bin/env python3
"""A shell with job control at a pseudo-terminal, where secrets are typed: typed.py PASSGRES

However a prompt ends or is stopped, the terminal is afterwards as it was before.
"""
import atexit
import fcntl
import json
import os
import pty
import resource
import select
import shutil
import signal
import sys
import tempfile
import termios
import time

PROMPT = b"Secret typed (not shown): "
UNSEEN = termios.ECHO | termios.ICANON | termios.ISIG
LONGEST_WAIT = 30

passgres = sys.argv[1]
if os.getsid(0) != os.getpid():
    # A terminal of one's own takes a session of one's own.
    child = os.fork()
    if child:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os.setsid()
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
keys, terminal = pty.openpty()
fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
usual = termios.tcgetattr(terminal)
home = tempfile.mkdtemp(prefix="passgres-typed-", dir=os.environ.get("TMPDIR", "/tmp"))
atexit.register(shutil.rmtree, home, ignore_errors=True)
state = os.path.join(home, "state", "passgres", "secrets.json")
seen = b""


def fail(words):
    sys.exit(f"typed: {words}; the terminal showed {seen!r}")


def start(*more):
    """Runs the tool in front, and waits until it asks."""
    global seen
    if b"hush" in seen:
        fail("a secret was shown")
    seen = b""
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpid())
        for number in (0, 1, 2):
            os.dup2(terminal, number)
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        environment = {"HOME": home, "XDG_STATE_HOME": os.path.join(home, "state"), "PATH": os.environ["PATH"]}
        words = [passgres, "secret", "store", "typed", "--keep-in", "file", *more]
        os.execve(passgres, words, environment)
    asked(job, 1)
    return job


def asked(job, times):
    global seen
    end = time.monotonic() + LONGEST_WAIT
    while seen.count(PROMPT) < times:
        if time.monotonic() > end:
            fail("nobody was asked")
        if select.select([keys], [], [], 0.1)[0]:
            seen += os.read(keys, 4096)
        elif os.waitpid(job, os.WNOHANG)[0]:
            fail("it ended before it asked")
    # The prompt comes when the terminal is ready for it.
    until("what is typed is shown", lambda: termios.tcgetattr(terminal)[3] & UNSEEN == 0)


def until(words, holds):
    end = time.monotonic() + LONGEST_WAIT
    while not holds():
        if time.monotonic() > end:
            fail(words)
        time.sleep(0.01)


def ended(job, what, options=0):
    """Waits for the job's end or stop, and looks at the terminal then."""
    global seen
    found = []

    def happened():
        global seen
        if select.select([keys], [], [], 0)[0]:
            seen += os.read(keys, 4096)
        number, status = os.waitpid(job, os.WNOHANG | options)
        found[:] = [status] if number else []
        return bool(found)

    until(f"{what}: nothing happened", happened)
    os.tcsetpgrp(terminal, os.getpid())
    if termios.tcgetattr(terminal) != usual:
        termios.tcsetattr(terminal, termios.TCSANOW, usual)
        fail(f"{what}: the terminal is not as it was before")
    return found[0]


def go_on(job):
    os.tcsetpgrp(terminal, job)
    os.kill(-job, signal.SIGCONT)


for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
    job = start()
    os.kill(job, number)
    status = ended(job, number.name)
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == number):
        fail(f"{number.name}: it ended with {status}")

for what, typed, more, expected in (
    ("Ctrl-C", b"hush\x03", [], 130), ("too late", b"hush", ["--timeout", "5"], 75), ("no secret", b"\r", [], 78),
):
    job = start(*more)
    os.write(keys, typed)
    status = ended(job, what)
    if os.waitstatus_to_exitcode(status) != expected:
        fail(f"{what}: it ended with {status}")
if os.path.exists(state):
    fail("something was kept")

# Stopped by the key, in front again, stopped by a signal, in front again, and what was typed before counts.
job = start()
os.write(keys, b"hush-\x1a")
if not os.WIFSTOPPED(ended(job, "Ctrl-Z", os.WUNTRACED)):
    fail("Ctrl-Z does not stop it")
go_on(job)
asked(job, 2)
os.kill(job, signal.SIGTSTP)
if not os.WIFSTOPPED(ended(job, "SIGTSTP", os.WUNTRACED)):
    fail("SIGTSTP does not stop it")
go_on(job)
asked(job, 3)
os.write(keys, b"typed\r")
if ended(job, "a secret typed in three parts") != 0:
    fail("a secret typed in parts is not kept")
if [entry["secret"] for entry in json.load(open(state))["secrets"]] != ["hush-typed"]:
    fail("what is kept is not what was typed")

# Ended while it is stopped, which it notices when it goes on.
job = start()
os.kill(job, signal.SIGTSTP)
ended(job, "SIGTSTP", os.WUNTRACED)
os.kill(job, signal.SIGTERM)
go_on(job)
if os.WTERMSIG(ended(job, "SIGTERM while it was stopped")) != signal.SIGTERM:
    fail("SIGTERM while it was stopped does not end it")

# A terminal that goes away, which does not end whoever ignores that: what was typed by then is no secret.
signal.signal(signal.SIGHUP, signal.SIG_IGN)
job = start()
os.write(keys, b"hush-part")
until("a secret was not read", lambda: fcntl.ioctl(terminal, termios.FIONREAD, b"\0" * 4) == b"\0" * 4)
if b"hush" in seen:
    fail("a secret was shown")
os.close(keys)
status = os.waitstatus_to_exitcode(os.waitpid(job, 0)[1])
if status != 74:
    fail(f"without a terminal it ended with {status}")
if [entry["secret"] for entry in json.load(open(state))["secrets"]] != ["hush-typed"]:
    fail("a part of a secret was kept")
