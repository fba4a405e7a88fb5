"""A webhook that cannot start (its secret is too short) keeps nobody from hearing the other sources."""
import os

from town import Town, comment, main

SOURCES = """\
  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}
  - {id: formulaire, kind: webhook, secret_file: secret.key}
"""


def scenario(ok):
    with Town(sources=SOURCES, extra="webhook: {listen: '127.0.0.1:0'}\n") as town:
        with open(os.open(town.path("secret.key"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as f:
            f.write("court\n")
        town.comments("site.jsonl", [comment(1, "Bonjour à tous")])
        town.start()
        ok("webhook" in town.log() and "repart" in town.log(), "the webhook cannot start", town.log())
        town.wait_for(lambda: town.committed() == 1, 30, "the comment of the site")
        ok(True, "the site is heard")
        ok(town.stop() == 0, "stops")


main(scenario)
