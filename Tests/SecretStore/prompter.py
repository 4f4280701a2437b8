#!/usr/bin/env python3
"""A person who is asked for a keyring's password and shuts the window: the prompter that gnome-keyring calls on the bus.

Prints "ready" once it can be called, and "dismissed" for each window shut. Needs python3-gi.
"""
import sys

from gi.repository import Gio, GLib

INTERFACE = Gio.DBusNodeInfo.new_for_xml(
    """<node><interface name='org.gnome.keyring.internal.Prompter'>
      <method name='BeginPrompting'><arg type='o' direction='in'/></method>
      <method name='PerformPrompt'>
        <arg type='o' direction='in'/><arg type='s' direction='in'/>
        <arg type='a{sv}' direction='in'/><arg type='s' direction='in'/>
      </method>
      <method name='StopPrompting'><arg type='o' direction='in'/></method>
    </interface></node>"""
).interfaces[0]


def tell(bus, caller, path, method, arguments):
    bus.call(
        caller, path, "org.gnome.keyring.internal.Prompter.Callback", method, arguments, None,
        Gio.DBusCallFlags.NO_AUTO_START, -1, None, None)


def called(bus, caller, path, interface, method, arguments, invocation):
    invocation.return_value(None)
    callback = arguments.unpack()[0]
    if method == "BeginPrompting":
        tell(bus, caller, callback, "PromptReady", GLib.Variant("(sa{sv}s)", ("", {}, "")))
    elif method == "PerformPrompt":
        print("dismissed", flush=True)
        tell(bus, caller, callback, "PromptReady", GLib.Variant("(sa{sv}s)", ("no", {}, arguments.unpack()[3])))
    else:
        tell(bus, caller, callback, "PromptDone", None)


def acquired(bus, name):
    bus.register_object("/org/gnome/keyring/Prompter", INTERFACE, called, None, None)


Gio.bus_own_name(
    Gio.BusType.SESSION, "org.gnome.keyring.SystemPrompter", Gio.BusNameOwnerFlags.NONE, acquired,
    lambda bus, name: print("ready", flush=True), lambda bus, name: sys.exit("the name is taken"))
GLib.MainLoop().run()
