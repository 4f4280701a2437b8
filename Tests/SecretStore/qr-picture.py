#!/usr/bin/env python3
"""Makes a picture, as a camera would, of the QR code that a terminal's text holds: qr-picture.py TEXT PICTURE.pgm"""
import re
import sys

SCALE = 8
LIGHT = {"\u2588": (True, True), "\u2580": (True, False), "\u2584": (False, True), " ": (False, False)}

text = open(sys.argv[1], encoding="utf-8", errors="replace").read()
lines = [re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line).rstrip("\r") for line in text.split("\n")]
rows = []
for line in lines:
    if len(line) >= 25 and set(line) <= set(LIGHT) and not line.isspace():
        rows.append([LIGHT[character][0] for character in line])
        rows.append([LIGHT[character][1] for character in line])
if not rows or len({len(row) for row in rows}) != 1:
    sys.exit("there is no QR code")
width = len(rows[0])
with open(sys.argv[2], "wb") as picture:
    picture.write(b"P5 %d %d 255\n" % (width * SCALE, len(rows) * SCALE))
    for row in rows:
        picture.write(b"".join((b"\xff" if light else b"\x00") * SCALE for light in row) * SCALE)
