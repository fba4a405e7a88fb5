"""Queue, decision, incident, acknowledgement: each change is seen by the next look."""
import datetime
import os

from town import Town, comment, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"


def scenario(ok):
    with Town(sources=SOURCE) as town:
        town.comments("site.jsonl", [
            comment(1, "Merci pour la fête", "a", 1),
            comment(2, "Espèce de connard !", "b", 2),
            comment(3, "on sait où tu habites", "c", 3),
            comment(4, "Sale \u202eabruti\u202c \u001b[31mrouge", "d", 4),
        ])
        town.start()
        town.wait_for(lambda: len(town.json("queue", "--lane", "moderation")) == 3, 20, "three in the queue")
        queue = town.json("queue", "--lane", "moderation")
        ok([q["comment"]["id"] for q in queue] == ["3", "2", "4"], "the urgent first, then the oldest",
           [q["comment"]["id"] for q in queue])
        ok(queue[1]["why"] == "injure possible, à qualifier", "said as a supposition", queue[1]["why"])
        code, out, err = town.run("queue")
        ok(code == 0 and "P1" in out and "menace possible, à qualifier" in out, "the table for people", out)
        ok("\x1b" not in out and "\u202e" not in out, "no comment moves the cursor", repr(out))
        code, out, err = town.run("queue", lang="en_US.UTF-8")
        ok("possible insult" in out, "in English", out)
        ok(len(town.json("queue", "--limit", "1")) == 1, "--limit")

        town.wait_for(lambda: town.gauges().get(("search_seq", ""), 0) >= 4, 20, "search")
        found = [q["comment"]["id"] for q in town.json("queue", "--search", "ESPECE")]
        ok(found == ["2"], "--search finds words whatever their case and accents", found)
        code, out, err = town.run("queue", "--search", "licorne")
        ok(code == 0 and "rien dans la file ne contient ces mots" in out, "or says that there are none", out + err)

        seq = str(queue[1]["seq"])
        code, out, err = town.run("decide", seq, "masquer", "--who", "C. Morel", "--reason", "injure nette")
        ok(code == 0, "a decision is taken", err)
        left = [q["comment"]["id"] for q in town.json("queue", "--lane", "moderation")]
        ok(left == ["3", "4"], "and the comment leaves the queue", left)
        code, out, err = town.run("decide", "999999", "masquer", "--who", "x", "--reason", "y")
        ok(code == 1 and err, "a comment that is not there: said", err)

        incidents = town.json("incidents")
        ok(len(incidents) == 1 and incidents[0]["kind"] == "P1", "the threat is an incident", incidents)
        number = str(incidents[0]["id"])
        mails = lambda: os.listdir(town.path("outbox")) if os.path.isdir(town.path("outbox")) else []
        town.wait_for(mails, 20, "a mail")  # whoever takes charge before it leaves is told in a summary, minutes later
        ok(True, "a mail was left for the dir'com")
        held = lambda: [datetime.datetime.fromisoformat(town.json("incident", number)[0][key].replace("Z", "+00:00"))
                        for key in ("acked_at", "ack_expires_at")]
        with open(town.path("tocsin.yaml"), encoding="utf-8") as f:
            config = f.read()
        town.write("tocsin.yaml", config.replace("policy: {", "policy: {ack: 25 min, "))
        code, out, err = town.run("ack", number, "--who", "C. Morel")
        since, until = held()
        ok(code == 0 and (until - since).seconds == 25 * 60, "an ack holds as long as the policy says", (since, until))
        town.write("tocsin.yaml", config)
        code, out, err = town.run("ack", number, "--who", "A. Roche", "--for", "2h", "--note", "je m'en occupe")
        ok(code == 0 and "pris en charge jusqu'au " in out and not err, "it is acknowledged", out + err)
        one = town.json("incident", number)[0]
        since, until = held()
        ok((until - since).seconds == 2 * 3600, "--for is the last word", (since, until))
        ok(one["state"] == "acked" and one["acked_by"] == "A. Roche", "by whom is kept", one)
        code, out, err = town.run("ack", number, "--who", "Jean Martin")
        ok(code == 0 and "« Jean Martin » n'est pas dans « people »" in err, "a stranger is heard, and told", out + err)
        code, out, err = town.run("note", number, "la police est prévenue", "--who", "A. Roche")
        ok(code == 0, "a note", err)
        texts = [e["text"] for e in town.json("incident", number)[0]["entries"]]
        ok("la police est prévenue" in texts, "is in the main courante", texts)
        code, out, err = town.run("incident", number)
        ok(code == 0 and "Main courante" in out and "A. Roche" in out, "for people too", out)
        code, out, err = town.run("close", number, "--who", "A. Roche", "--note", "plainte déposée")
        ok(code == 0, "closed", err)
        ok(town.json("incidents") == [], "and no longer open")
        ok(len(town.json("incidents", "--all")) == 1, "but never forgotten")
        code, out, err = town.run("ack", "4242", "--who", "x")
        ok(code == 1 and err, "an incident that is not there: said", err)
        code, out, err = town.run("silence", "whoel", "--for", "1h", "--who", "x", "--reason", "essai")
        ok(code == 2 and "vouliez-vous dire « whole »" in err, "a topic that is none: refused", f"{code} {out}{err}")
        code, out, err = town.run("silence", "whoel", "--for", "1h", "--who", "x", "--reason", "essai", "--force")
        ok(code == 0, "who insists is heard", err)
        code, out, err = town.run("silence", "whole", "--for", "1h", "--who", "x", "--reason", "essai")
        ok(code == 0, "a silence", err)
        town.stop()
        code, out, err = town.run("ack", number, "--who", "x")
        ok(code == 1 and "ne tourne pas" in err, "without tocsin: said at once", err)


main(scenario)
