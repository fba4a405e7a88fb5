"""systemd: the supervisor says when it is ready, reloads and stops, feeds the watchdog; a bad source is no reason not to
be ready."""
import os
import signal
import socket

from town import Town, comment, main

SOURCES = """\
  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}
  - {id: casse, kind: command, command: [./nexistepas]}
"""


def scenario(ok):
    with Town(sources=SOURCES) as town:
        town.comments("site.jsonl", [comment(i, f"message {i}", "a", i) for i in range(10)])
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(town.path("notify"))
        said = []

        def hear():
            notify.setblocking(False)
            try:
                while True:
                    said.append(notify.recv(4096).decode())
            except BlockingIOError:
                return said

        os.environ["NOTIFY_SOCKET"] = town.path("notify")
        os.environ["WATCHDOG_USEC"] = "4000000"
        town.start(wait=False)
        town.wait_for(lambda: "READY=1" in hear(), 20, "READY=1")
        ok(True, "READY=1, although one source does not work")
        ok("READY=1" in said and said.count("READY=1") == 1, "said once, by the supervisor alone", said)
        town.wait_for(lambda: town.committed() == 10, 20, "10 commits")
        ok(True, "the other source is heard")
        down = lambda: next((s for s in [town.run("status")] if "est tombé" in s[1]), None)
        code, out, err = town.wait_for(down, 5, "status to name what is down")
        ok(code == 1, "status names what is down, and exits 1", out + err)
        town.wait_for(lambda: hear().count("WATCHDOG=1") >= 2, 10, "the watchdog")
        ok(True, "WATCHDOG=1 comes by itself")
        town.wait_for(lambda: any(s.startswith("STATUS=") for s in hear()), 10, "STATUS")
        ok(True, "STATUS")
        town.process.send_signal(signal.SIGHUP)
        town.wait_for(lambda: any(s.startswith("RELOADING=1") for s in hear()), 10, "RELOADING=1")
        town.wait_for(lambda: hear().count("READY=1") == 2, 10, "READY=1 again")
        ok(True, "RELOADING=1, then READY=1")
        ok(town.stop() == 0 and "STOPPING=1" in hear(), "STOPPING=1, exit 0", said)

    del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
    with Town(sources="  - {id: casse, kind: command, command: [./nexistepas]}\n") as town:
        code, out, err = town.run("run", "--until-done", timeout=60)
        ok(code == 1 and "ne démarre pas" in err, "--until-done gives up on a source that never works", err[-800:])


main(scenario)
