"""« Signalement reçu »: what somebody told the town hall of is written down by who took the call, waits in the queue whatever the
rules say of it, is decided there, and counts in nothing that is heard."""
import os
import signal

from desk import Desk, database, seq_of
from town import POLICY, RULES, asked_topic, comment, main

SOURCE = "  - {id: site, title: Site de la ville, kind: jsonl, path: site.jsonl, follow: yes}\n"
TOPIC = RULES + asked_topic("piscine")
PAGE = "/signalement"
STAFF = POLICY.replace("people:", "people:\n  - {id: anne, name: A. Lambert, role: modération, mail: anne@ville.example}")


def card(page, seq):
    return page.body.split(f'id="c{seq}"', 1)[1].split("</article>", 1)[0] if f'id="c{seq}"' in page.body else ""


def tell(person, **fields):
    """Fills in the form, and follows where it leads."""
    form = person.get(PAGE).form(PAGE)
    return person.post(PAGE, {**form, "texte": "", "ou": "", "moyen": "telephone", "quand": "", "rappeler": "", **fields}, follow=True)


def reports(desk, text):
    """The comments with this text."""
    return [seq for seq, body in database(desk, "SELECT seq, body FROM item ORDER BY seq") if text.encode() in bytes(body)]


def count(desk):
    return database(desk, "SELECT count(*) FROM item")[0][0]


def scenario(ok):
    with Desk(SOURCE, rules=TOPIC, policy=STAFF) as desk:
        desk.comments("site.jsonl", [comment(1, "Bonjour", "a", 600), comment(2, "La piscine est ouverte ?", "b", 601)])
        desk.start()
        desk.wait_for(lambda: count(desk) == 2, 20, "two comments")
        anne, cabinet, jurist = desk.person("anne", "moderation"), desk.person("roy", "cabinet"), desk.person("lea", "juriste")
        ok(f'href="{PAGE}"' in anne.get("/moderation").body and f'href="{PAGE}"' in cabinet.get("/situation").body, "the form is found from the queue and from the situation")
        ok(jurist.get(PAGE).status == 403, "not by everybody")
        for wrong in ({"ou": "x"}, {"texte": "x"}, {"texte": "x", "ou": "y", "moyen": "pigeon"}, {"texte": "x", "ou": "y", "numero": "1"},
                      {"texte": "x", "ou": "y", "quand": "2026-13-01T00:00"}, {"texte": "x", "ou": "y", "quand": "2026-11-02T00:00"}):
            page = tell(anne, **wrong)
            ok(page.status == 400 and count(desk) == 2, f"nothing is written down: {wrong}", page.status)
        page = tell(anne, texte="Le <b>pont</b> va tomber", ou="", rappeler="Mme R., 06 12 34 56 78")
        ok("Le &lt;b&gt;pont&lt;/b&gt; va tomber" in page.body and "Mme R., 06 12 34 56 78" in page.body, "what was typed comes back", page.body)

        page = tell(anne, texte="Le pont va tomber, dit-on", ou="groupe Facebook <Les amis>", rappeler="Mme R.", moyen="capture", quand="2026-11-01T10:30")
        ok(page.status == 200 and "C'est pris" in page.body.replace("&#39;", "'"), "taken", page.body)
        seq = desk.wait_for(lambda: count(desk) == 3 and seq_of(desk, "Le pont va tomber"), 20, "the report")
        shown = card(anne.get("/moderation"), seq)
        ok("P3" in shown and "signalement reçu" in shown and "Signalements reçus" in shown and "groupe Facebook &lt;Les amis&gt;" in shown and
           "par une capture" in shown and "A. Lambert" in shown and "à rappeler" in shown and "Mme R." in shown,
           "the rules say nothing of it, and it waits", shown)
        ok(database(desk, "SELECT rank, lanes FROM queue WHERE row = ?", seq) == [(6, 5)], "like a P3, marked")
        form = anne.get(PAGE).form(PAGE)
        same = {**form, "texte": "Ils parlent de la piscine, connard", "ou": "https://exemple.fr/forum?a=1", "moyen": "telephone", "quand": "", "rappeler": ""}
        ok(cabinet.post(PAGE, {**same, "csrf": cabinet.get(PAGE).csrf}).headers["Location"] == PAGE, "the cabinet may take a call, and is not led to the queue")
        anne.post(PAGE, same)
        second = desk.wait_for(lambda: count(desk) == 4 and seq_of(desk, "Ils parlent"), 20, "another report")
        desk.wait_for(lambda: desk.json("verify") and sum(r["duplicate"] for r in desk.json("verify") if r.get("source") == "signalements") == 1, 20,
                      "the same form sent twice is known")
        shown = card(anne.get("/moderation"), second)
        ok(count(desk) == 4 and "njure possible" in shown and "exemple.fr" in shown, "sent twice it is one; scored as any other", shown)
        ok(anne.get(f"/moderation/{second}").status == 200, "its page")

        done = anne.send(f"/moderation/{seq}/decider", at=f"/moderation/{seq}", **{**anne.get(f"/moderation/{seq}").form(f"/moderation/{seq}/decider"),
                                                                                  "decision": "laisser", "motif": ""})
        ok(done.status == 200 and not card(anne.get("/moderation"), seq), "decided by a human", done.status)
        anne.post(f"/moderation/{seq}/annuler", {"csrf": anne.get("/moderation").csrf}, follow=True)
        ok(database(desk, "SELECT rank, lanes FROM queue WHERE row = ?", seq) == [(6, 5)], "undone it waits as before")

        for n in range(12):
            tell(anne, texte=f"piscine fermée, encore, message {n}", ou=f"page {n}")
        desk.wait_for(lambda: count(desk) == 16, 30, "a dozen calls")
        desk.comments("site.jsonl", [comment(100, "Merci", "z", 700)], "a")
        desk.wait_for(lambda: desk.gauges().get(("trend_seq", ""), 0) >= 17, 30, "trend has read them")
        ok(desk.json("incidents") == [], "no alarm rises from them", desk.json("incidents"))
        desk.comments("site.jsonl", [comment(200 + n, f"piscine fermée, encore une fois, message {n}", f"v{n}", 705) for n in range(12)] +
                      [comment(300, "Merci bien", "z", 800)], "a")
        desk.wait_for(lambda: [i for i in desk.json("incidents", "--all") if i["topic"] == "piscine"], 30, "as many comments do")
        facts = desk.json("incidents", "--all")[0]["facts"]
        ok(facts["messages"] == 12 and "signalements" not in str(facts), "and they alone are counted", facts)
        counted = lambda: [line for line in anne.get("/equipe/statistiques.csv").body.splitlines() if "signalements" in line]  # noqa: E731
        line = desk.wait_for(lambda: [x for x in counted() if ",14," in x.replace(";", ",").replace('"', "")], 30, "the statistics")
        ok(len(line) == 1 == len(counted()), "a line of their own in the statistics", line)
        ok("comptés à part" in anne.get("/equipe/statistiques").body, "on the page as well")
        tell(cabinet, texte="on sait où tu habites, écrit sur le mur", ou="mur de la mairie")
        desk.wait_for(lambda: [i for i in desk.json("incidents") if i["kind"] == "P1"], 30, "a threat rings, whoever told of it")

        before = count(desk)
        desk.comments("site.jsonl", [{**comment(900, "Faux signalement d'un fichier", "z", 810), "source": "signalements", "rappeler": "Mme X."},
                                     {**comment(901, "Vrai d'un autre", "z", 811), "source": "forum"}], "a")
        desk.wait_for(lambda: count(desk) == before + 2, 20, "two lines that name a source")
        names = dict(database(desk, "SELECT s.name, i.seq FROM item i JOIN source s ON s.id = i.source WHERE i.seq IN (?, ?)",
                              seq_of(desk, "Faux signalement d'un fichier"), seq_of(desk, "Vrai d'un autre")))
        ok(set(names) == {"site", "forum"} and not database(desk, "SELECT 1 FROM queue WHERE row = ?", names.get("site", 0)),
           "no line of a file passes for a report: it is the file's", names)

        os.kill(desk.pid("ingest"), signal.SIGSTOP)
        try:
            form = anne.get(PAGE).form(PAGE)
            late = {**form, "texte": "La mairie brûle", "ou": "radio", "moyen": "autre", "quand": "", "rappeler": ""}
            page = anne.post(PAGE, late)
            ok(page.status == 503 and "La mairie brûle" in page.body and page.form(PAGE)["numero"] == form["numero"], "ingest does not answer: it is said, and nothing typed is lost",
               page.status)
        finally:
            os.kill(desk.pid("ingest"), signal.SIGCONT)
        ok(anne.post(PAGE, {**late, **page.form(PAGE)}).status == 303, "sent again")
        last = desk.wait_for(lambda: reports(desk, "La mairie brûle"), 20, "the last report")
        ok(len(last) == 1 and card(anne.get("/moderation"), last[0]), "once, in the queue", last)
        ok(desk.stop() == 0, "the town stops")
    with Desk(SOURCE.replace("id: site", "id: signalements")) as desk:
        code, out, err = desk.run("policy", "check")
        ok(code != 0 and "réservé" in out + err, "no source of a configuration has its name", out + err)


main(scenario)
