#!/usr/bin/env python3
"""A browser that knows no more than to open a page and to send the form in it, as the page's own script would."""
import html
import os
import re
import ssl
import sys
import urllib.parse
import urllib.request

context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
page = direct.open(sys.argv[1], timeout=20).read().decode()
action = html.unescape(re.search(r'action="([^"]+)"', page).group(1))
fields = [(html.unescape(a), html.unescape(b)) for a, b in re.findall(r'name="([^"]+)" value="([^"]*)"', page)]
answer = direct.open(action, urllib.parse.urlencode(fields).encode(), timeout=20)
with open(os.path.join(os.environ["HOME"], "page"), "wb") as file:
    file.write(answer.read())
