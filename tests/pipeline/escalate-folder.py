"""Without a mail server: who is told of what, as files; acknowledgement; steps; silences; a P1."""
import time

from bell import Bell, Watch, main, text_of
from hands import Hands


def scenario(ok):
    hands = Hands()
    with Bell(env=hands.env) as bell:
        now = int(time.time() * 1000)
        bell.say("comment", 1, "facebook", "c1", now, "Ma mère l'apprend comme ça ? Appelez-la au 06 12 34 56 78")
        bell.say("comment", 2, "site", "c2", now, "Écrivez à jean.temoin@example.org, 12 rue des Lilas")
        watch = Watch()
        bell.rise("orange", examples=[1, 2])
        bell.wait(bell.files, 10, "a mail")
        ok.within(watch, 3, "handed over within 3 s")
        mail = bell.mails()[0]
        ok(mail["To"].addresses[0].addr_spec == "dircom@ville.example", "to the dir'com", mail["To"])
        ok(mail["Subject"].startswith("tocsin ORANGE · Peupliers (démolition) : 39 personnes en 30 min, "
                                      "à prendre en charge avant "), "the subject", mail["Subject"])
        text = text_of(mail)
        for piece in ["47 messages depuis", "39 personnes", "sur 4 sources", "Habituel à cette heure : 0 à 1",
                      "11 semaines d'écoute", "Niveau attendu une fois en 45 jours", "Page Facebook 32, Site de la ville 15", "19 %", "12 questions",
                      "3 offenses possibles", "validés : aucun", "les sources déclarées répondent", "Prévenus : A. Roche (dir'com)",
                      "B. Faure (DGS)", "Rien n'est masqué automatiquement", "tocsin ack 1",
                      "Ma mère l'apprend comme ça"]:
            ok(piece in text, f"says « {piece} »", text)
        for secret in ["06 12", "jean.temoin", "rue des Lilas", "Jean Témoin"]:
            ok(secret not in bytes(mail).decode(), f"does not say « {secret} »")
        bell.settled(2)
        hands.put(16 * 60)
        bell.wait(lambda: len(bell.files()) == 2, 10, "the DGS after a quarter of an hour")
        later = next(m for m in bell.mails() if m["Message-ID"] != mail["Message-ID"])
        ok(later["To"].addresses[0].addr_spec == "dgs@ville.example", "unanswered: the next step", later["To"])
        ok(later["References"] == mail["References"] and later["Message-ID"] != mail["Message-ID"],
           "in the same thread")

        bell.rise("jaune", topic="cantine", title="Cantine")
        bell.wait(lambda: len(bell.files()) == 3, 10, "the community manager")
        jaune = [m for m in bell.mails() if "Cantine" in m["Subject"]]  # files of one second sort by level
        ok([m["To"].addresses[0].addr_spec for m in jaune] == ["morel@ville.example"], "jaune: the community manager",
           jaune)
        until = int(hands.now() * 1000) + 3600_000
        bell.say("ack", 2, "C. Morel", until)
        bell.rise("orange", topic="cantine", title="Cantine", action=1, messages=50)
        bell.wait(lambda: len(bell.files()) == 4, 10, "a higher level breaks the acknowledgement")
        broken = next(m for m in bell.mails() if "Cantine" in m["Subject"] and "ORANGE" in m["Subject"])
        ok("Passage de JAUNE à ORANGE" in text_of(broken), "says the passage", text_of(broken))
        ok("(C. Morel) à confirmer" in text_of(broken), "and whose charge is to confirm", text_of(broken))
        bell.say("ack", 2, "A. Roche", until)
        hands.put(24 * 60)
        time.sleep(5)
        ok(len(bell.files()) == 4, "acknowledged before the next step: quiet", bell.files())

        bell.rise("gris", topic="source:instagram", title="Source muette : Instagram", kind="grey", messages=0,
                  authors=0, sources=0)
        bell.wait(lambda: len(bell.files()) == 5, 10, "grey")
        grey = [m for m in bell.mails() if "GRIS" in m["Subject"]]
        ok(len(grey) == 1 and "morel@" in grey[0]["To"], "gris: the community manager", grey)

        bell.rise("orange", topic="P1:menace", title="Urgence : menace", kind="P1", messages=1, authors=1, sources=1,
                  examples=[2])
        bell.wait(lambda: len(bell.files()) == 7, 10, "a P1")
        urgent = [m for m in bell.mails() if m["Subject"].startswith("tocsin URGENCE · menace possible, à prendre")]
        ok(len(urgent) == 2 and all(m["Importance"] == "high" for m in urgent), "a P1 has its own chain", urgent)
        text = text_of(urgent[0])
        ok("17 (police, gendarmerie)" in text and "article 40" in text and "[courriel], [adresse]" in text,
           "whom to call, what to do, the text masked", text)
        ok("Instagram" in text and "les sources déclarées répondent" not in text, "and who is not heard now", text)

        bell.say("silence", "piscine", until, "C. Morel")
        bell.rise("jaune", topic="piscine", title="Piscine")
        time.sleep(2)
        ok(len(bell.files()) == 7, "silenced: quiet", bell.files())

        names = [r[2] for r in bell.outbox()]
        ok(names == ["dircom", "dgs", "morel", "dircom", "morel", "dgs", "dircom"], "the outbox says the same", names)
        bell.settled(*[2] * 7)
        notified = bell.rows("SELECT incident, who FROM entry WHERE kind = 2 ORDER BY id")
        ok(len(notified) == 7, "and the main courante", notified)


main(scenario)
