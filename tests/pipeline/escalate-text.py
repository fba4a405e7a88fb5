"""Hostile text in every field: mails stay valid, nothing is injected; the forms of webhooks; the signature."""
import hashlib
import hmac
import json
import re
import time

from bell import Bell, main, parse, text_of
from receivers import Http, Smtp

TITLE = "Barre <b>\r\nBcc: victime@ailleurs.example\r\n\r\nX \u202eenvers\u202c =?UTF-8?B?w6k=?= " + "é" * 300
NAMED = "paul_durand77" # within web addresses
COMMENTS = [f"ligne une\r\n.\r\nMAIL FROM:<x@y>\r\nlue chez facebook.com/{NAMED}, https://x.example/u/{NAMED}", "<script>alert(1)</script> <img src=x onerror=y>",
            "From moi\n.\n..\n" + "mot" * 3000, "@channel @here <!channel> **gras** [lien](https://mal.example/)",
            "--=_x\r\nContent-Type: text/html\r\n\r\n<b>faux</b>"]
POLICY = """\
people:
  - {{id: dircom, name: "A. \\"R\\" \\\\ Roche, <autre@ailleurs.example>", role: dir'com, mail: dircom@ville.example}}
hooks:
  - {{id: json, title: Journal, url: '{json}', allow_internal: [127.0.0.1], secret_file: secret}}
  - {{id: mm, title: Mattermost, url_file: url, allow_internal: [127.0.0.1], form: mattermost}}
  - {{id: slack, title: Slack, url: '{slack}', allow_internal: [127.0.0.1], form: slack}}
  - {{id: teams, title: Teams, url: '{teams}', allow_internal: [127.0.0.1], form: teams}}
levels:
  jaune: [{{tell: dircom}}]
  orange: [{{tell: [dircom, json, mm, slack, teams]}}]
  rouge: [{{tell: dircom}}]
  gris: [{{tell: dircom}}]
  P1: [{{tell: dircom}}]
"""


def check_mail(ok, mail, raw):
    ok(not mail.defects and not any(p.defects for p in mail.walk()), "no defect for Python's parser",
       [p.defects for p in mail.walk()])
    ok(len(mail.get_all("Subject")) == 1 and "Bcc" not in mail and "X" not in mail, "no header was injected",
       mail.items())
    ok([p.get_content_type() for p in mail.walk()] ==
       ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"], "two parts and the curve")
    lines = raw.split(b"\r\n")
    ok(all(len(line) <= 998 and line.isascii() for line in lines) and b"\n" not in raw.replace(b"\r\n", b""),
       "ASCII lines below 998, CRLF throughout", max(lines, key=len))
    ok(mail["To"].addresses[0].addr_spec == "dircom@ville.example" and len(mail["To"].addresses) == 1,
       "one recipient", mail["To"])
    ok(mail["Subject"].startswith("tocsin ORANGE · Barre <b> Bcc: [courriel] X envers =?UTF-8?B?w6k=?= éé") and
       "39 personnes en 30 min, à prendre en charge avant" in mail["Subject"],
       "the subject: one line, masked, the end of it kept", mail["Subject"])
    html = mail.get_body(("html",)).get_content()
    ok("<script" not in html and html.count("<img") == 1 and '<img src="cid:' in html and "&lt;script&gt;" in html, "HTML is escaped")
    text = text_of(mail)
    ok("█" in text and "█" not in html, "the curve is drawn once in each part", html)
    ok("MAIL FROM:<x@y> lue" in text, "a lone dot does not end the message", text)
    ok("lue chez facebook.com/[…], x.example/[…]" in text and NAMED not in text + html, "of an address the host alone", text)
    ok(all(q.count("mot") < 100 for q in text.split()), "long texts are cut")


def scenario(ok):
    with Smtp(["slow"], delay=0.01) as smtp, Http() as a, Http() as b, Http() as c, Http() as d:
        with Bell(mail=f"{{url: '{smtp.url}', tls: none, from: tocsin@ville.example}}",
                  policy=POLICY.format(json=a.url, slack=c.url, teams=d.url)) as bell:
            bell.write("secret", "clé secrète\n")
            bell.write("url", b.url + "\n")
            now = int(time.time() * 1000)
            for n, text in enumerate(COMMENTS):
                bell.say("comment", n + 1, "facebook", f"c{n}", now, text)
            bell.rise("orange", title=TITLE, examples=[1, 2, 3, 4, 5])
            bell.wait(lambda: smtp.arrived and a.arrived and b.arrived and c.arrived and d.arrived, 20, "all five")
            check_mail(ok, parse(smtp.arrived[0].raw), smtp.arrived[0].raw)

            got = a.arrived[0]
            body = json.loads(got.raw)
            ok(not [x for x in (a, b, c, d) if NAMED in x.arrived[0].raw.decode()], "… to webhooks too")
            ok(body["level"] == "orange" and body["messages"] == 47 and body["title"].startswith("Barre <b>") and
               body["maybe_duplicate"] is False and body["incident"] == 1, "JSON: the facts", body)
            ok(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", body["at"]), "times in RFC 3339", body["at"])
            stamp = got.headers.get("x-tocsin-timestamp", "")
            ok(abs(int(stamp) - time.time()) < 60, "a timestamp", stamp)
            signature = hmac.new("clé secrète".encode(), stamp.encode() + b"." + got.raw, hashlib.sha256).hexdigest()
            ok(got.headers.get("x-tocsin-signature") == "sha256=" + signature, "signed with it over the raw body", got.headers)
            ok(re.fullmatch("[0-9a-f]{32}", got.headers.get("idempotency-key", "")), "Idempotency-Key", got.headers)
            ok(got.headers[":request"] == "POST /hook HTTP/1.1" and "json" in got.headers["content-type"], "POST, JSON")

            text = json.loads(b.arrived[0].raw)["text"]
            ok("**tocsin ORANGE" in text and "\\*\\*gras\\*\\*" in text and "@channel" not in text and
               "\\[lien\\](https:\u200b//" in text, "Mattermost: nobody is called by a citizen's text", text)
            slack = json.loads(c.arrived[0].raw)
            joined = json.dumps(slack, ensure_ascii=False)
            ok(slack["text"].startswith("tocsin ORANGE") and all(x["type"] == "section" for x in slack["blocks"]) and
               all(len(x["text"]["text"]) <= 3000 for x in slack["blocks"]), "Slack: sections", slack)
            ok("<!channel>" not in joined and "&lt;!channel&gt;" in joined, "Slack: no mention", joined)
            card = json.loads(d.arrived[0].raw)["attachments"][0]
            ok(card["contentType"] == "application/vnd.microsoft.card.adaptive" and
               card["content"]["type"] == "AdaptiveCard" and card["content"]["body"][0]["type"] == "TextBlock",
               "Teams: a card", card)
            ok(a.url not in bell.log("escalate") and "secrète" not in bell.log("escalate"), "no address, no secret in the log",
               bell.log("escalate"))


main(scenario)
