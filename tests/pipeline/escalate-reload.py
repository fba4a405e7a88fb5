"""HUP: the plan is read again; one with a mistake is refused as a whole, and the old one stays."""
import signal

from bell import Bell, main


def scenario(ok):
    with Bell() as bell:
        with open(bell.path("tocsin.yaml"), encoding="utf-8") as f:
            text = f.read()
        escalate = bell.processes["escalate"]

        bell.write("tocsin.yaml", text.replace("dircom@ville.example", "nouvelle@ville.example"))
        escalate.send_signal(signal.SIGHUP)
        bell.wait(lambda: "configuration relue" in bell.log("escalate"), 10, "the plan to be read")
        bell.rise("orange")
        bell.wait(lambda: len(bell.files()) == 1, 10, "a mail")
        ok("nouvelle@" in bell.mails()[0]["To"], "the new plan holds", bell.mails()[0]["To"])

        for what, wrong in (("an unknown person", text.replace("{tell: morel}", "{tell: moral}")),
                            ("broken YAML", text + "  - {"), ("nobody at all", text.replace(bell.policy, "people: []\n"))):
            bell.write("tocsin.yaml", wrong)
            before = bell.log("escalate").count("configuration refusée")
            escalate.send_signal(signal.SIGHUP)
            bell.wait(lambda n=before: bell.log("escalate").count("configuration refusée") > n, 10, "a refusal")
            ok(escalate.poll() is None, f"{what}: refused, and running")
        ok("tocsin.yaml:" in bell.log("escalate"), "with the place", bell.log("escalate"))
        bell.rise("orange", topic="autre")
        bell.wait(lambda: len(bell.files()) == 2, 10, "a mail")
        ok(all("nouvelle@" in m["To"] for m in bell.mails()), "the last good plan still holds")


main(scenario)
