"""A town that reads one site, in WordPress's own words (blogs.py)."""
import os


def source(site, more=""):
    return (f"  - {{id: site, kind: wordpress, url: '{site.url}', every: 1 s, "
            f"allow_internal: ['127.0.0.1:{site.port}']{more}}}\n")


def secret(flow):
    with open(os.open(flow.path("robot.txt"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as f:
        f.write("abcd efgh ijkl mnop\n")


def texts(flow):
    return {name: text for (_, name), text in flow.stored()[0].items()}


def has(flow, number, text, seconds=30):
    flow.wait_for(lambda: texts(flow).get(str(number)) == text, seconds, f"{number} as {text}")


def holds(flow, text):
    """Whether any row has these words; a row whose text was erased is no comment any more."""
    return any(text.encode() in body for body, in flow.rows("SELECT body FROM item"))


def publish(flow, site, text, **more):
    number = site.add(text, **more)
    flow.sent["site", str(number)] = text
    return number


def asked_again(flow, site, times=2):
    n = len(site.asked) + times
    flow.wait_for(lambda: len(site.asked) >= n, 30, "another look")


def asked_whole(flow, site):
    """A look that begins now reads as much of the window as is read at all."""
    n = len(site.asked)
    flow.wait_for(lambda: any("offset=950" in path for _, path, _ in site.asked[n:]), 90, "a window that is read whole")
