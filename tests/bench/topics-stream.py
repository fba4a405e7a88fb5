#!/usr/bin/env python3
"""topics-stream [OPTION...] OUT: a dated stream with topics that emerge, for `tocsin trend topics`; writes OUT.jsonl
(the comments, in time order) and OUT.json (the truth). --help names the options.

The texts come from DIR (labelled JSONL, one {"text"} a line: civic contributions); they do not enter the project.

Background: clauses of civic contributions put together anew, some of their words exchanged for others of the same
commonness, so that no sentence returns as it is. Around them what a town's comments have: place names, surnames,
hashtags, typing mistakes and rare words of the language (so that new words come every day, for ever), people who
repeat themselves, pairs who quarrel with the same words, tracts copied by many, greetings and signatures.
A day has a rhythm (two in the afternoon is loud, four in the morning is not) and weekends are quieter.

Topics, each of 4, 6, 10 or 20 messages of as many authors within ten hours, of five kinds:
  theme    a rare word of the contributions and its sentences, held back from the background
  rumour   two ordinary words said together; each is in the background every other day
  place    a commune's name        person   a surname        hashtag   a hashtag
Diluted: each message is mostly background, and the word itself is heard H times a month in ordinary times (--hard, default
1), so that it is not new. Half of a topic's messages know only one of its two words (rumour: both).

--baseline reads the stream on standard input and does what everybody does first: words of three authors within a day
that nobody wrote in the thirty days before. It is the measure of what this stream does not let pass.
"""
import argparse
import collections
import datetime as dt
import json
import math
import random
import re
import sys
import unicodedata

HOURS = [1, .5, .3, .2, .2, .4, 1.5, 3, 4, 4.5, 5, 5.5, 6.5, 6, 5.5, 5, 5, 6, 7, 7.5, 7.5, 7, 5, 2.5]
SIZES = [4, 6, 10, 20]
KINDS = ["theme", "rumour", "place", "person", "hashtag"]
WORD = re.compile(r"[#@]?[^\W\d_][\w]*(?:-[\w]+)*")
FIRST = "Marie Paul Jeanne Louis Sophie Karim Nadia Hugo Lucie Omar Chloé Yves Anne Luc Rosa Igor".split()
HEADS = "Bar Mar Cour Del Fro Gui Lam Mor Per Ros Sau Tes Val Ver Bou Char Hen Jol Ker Lor Nav Pou".split()
TAILS = "bier tin neau court mont lard val sac gnon rieux det guet chard zac neval viel pin rand".split()
TAGS = "Stop Sauvons Non Oui Soutien Halte Vive Pour Touche".split()
FRAMES = ["J'apprends que {} c'est vrai ?", "Quelqu'un sait pour {} ?", "On nous dit que {}.", "{} et personne ne dit rien",
          "Il paraît que {}...", "Encore {}, merci la mairie", "{} !!", "Ma voisine parle de {}.", "Et {} alors ?",
          "Non à {}", "Qui a vu {} hier ?", "Le maire doit s'expliquer : {}", "{}, on en parle ?", "Franchement {}."]
ABOUT = ["{}", "ce qui se passe pour {}", "l'histoire de {}", "le problème de {}", "{} et la suite", "tout ça autour de {}"]
ENDS = ["Cordialement", "Bonne journée à tous", "Merci", "Envoyé de mon téléphone", "Un habitant", "A bon entendeur"]


def fold(s):
    return "".join(c for c in unicodedata.normalize("NFD", s.lower()) if not unicodedata.combining(c))


def texts(folder, name):
    with open(f"{folder}/{name}.jsonl", encoding="utf-8") as f:
        return [json.loads(line)["text"] for line in f]


class Town:
    """The pool: clauses, words by commonness, names."""

    def __init__(self, folder, rng):
        self.rng = rng
        sentences = [s.strip() for t in texts(folder, "grand_debat") + texts(folder, "vrai_debat")
                     for s in re.split(r"(?<=[.!?;:])\s+|\n", t) if 20 < len(s) < 400]
        self.sentences = [s for s in sentences if len(WORD.findall(s)) > 3]
        self.df = collections.Counter(w for s in self.sentences for w in {fold(w) for w in WORD.findall(s)})
        self.spelling = {}
        for s in self.sentences:
            for w in WORD.findall(s):
                self.spelling.setdefault(fold(w), w.lower())
        with open(f"{folder}/communes.jsonl", encoding="utf-8") as f:
            names = sorted({json.loads(line)["meta"]["name"] for line in f})
        self.communes = [n for n in names if re.fullmatch(r"[A-ZÉ][a-zéèêôîç]{4,}", n)]
        rng.shuffle(self.communes)
        self.surnames = [a + b for a in HEADS for b in TAILS]
        rng.shuffle(self.surnames)
        with open("/usr/share/dict/french", encoding="utf-8") as f:
            self.rare = [w.strip() for w in f if 5 < len(w) < 14 and w[0].islower()]
        rng.shuffle(self.rare)
        self.held = set()

    def settle(self):
        """After the themes are held back: clauses, and words in bands of commonness."""
        self.clauses = []
        for s in self.sentences:
            if not self.held & {fold(w) for w in WORD.findall(s)}:
                parts = [p.strip() for p in re.split(r"[,;:()]", s)]
                self.clauses += [p for p in parts if len(p) > 12]
        self.bands = collections.defaultdict(list)
        for w, n in self.df.items():
            if w not in self.held and len(w) > 3:
                self.bands[int(math.log2(n))].append(self.spelling[w])

    def zipf(self, items, s=0.7):
        """An index by a power law: some are named often, most once."""
        n = len(items)
        return items[min(n - 1, int(n * self.rng.random() ** (1 / (1 - s))))]

    def vary(self, clause):
        def other(m):
            w = m[0]
            n = self.df.get(fold(w), 0)
            if len(w) < 5 or n == 0 or n > 200:
                return w
            p = self.rng.random()
            if p < .22:
                return self.rng.choice(self.bands[int(math.log2(n))] or [w])
            if n < 4 and p < .5:
                return self.zipf(self.rare, .5)
            if p > .985:  # a typing mistake
                i = self.rng.randrange(1, len(w) - 1)
                return w[:i] + w[i + 1] + w[i] + w[i + 2:]
            return w
        return WORD.sub(other, clause)

    def clause(self):
        return self.vary(self.rng.choice(self.clauses))

    def garnish(self):
        p = self.rng.random()
        if p < .12:
            return "à " + self.zipf(self.communes)
        if p < .18:
            return self.rng.choice(["Mme ", "M. ", self.rng.choice(FIRST) + " "]) + self.zipf(self.surnames, .5)
        if p < .22:
            return "#" + self.rng.choice(TAGS) + self.zipf(self.surnames, .5)
        if p < .30:
            return self.rng.choice(ENDS)
        return ""

    def background(self, low=1, high=4):
        parts = [self.clause() for _ in range(self.rng.randint(low, high))]
        parts.append(self.garnish())
        return ", ".join(p for p in parts if p)


def choose_events(town, a, rng):
    days = list(range(a.first, a.days - 1))
    rng.shuffle(days)
    days = sorted(days[:a.events])
    themes = [w for w, n in town.df.items() if 8 <= n <= 30 and len(w) > 5]
    ordinary = [w for w, n in town.df.items() if 12 <= n <= 45 and len(w) > 4]
    rng.shuffle(themes)
    rng.shuffle(ordinary)
    events = []
    for i, day in enumerate(days):
        kind, n = a.kinds[i % len(a.kinds)], SIZES[(i // len(a.kinds)) % len(SIZES)]
        if kind == "theme":
            words = [themes.pop()]
            town.held.add(words[0])
        elif kind == "rumour":
            words = [ordinary.pop(), ordinary.pop()]
        elif kind == "place":
            words = [town.communes.pop()]
        elif kind == "person":
            words = [town.surnames.pop()]
        else:
            words = ["#" + rng.choice(TAGS) + town.surnames.pop()]
        start = day * 86400 + int(rng.uniform(6, 13.5) * 3600)
        events.append({"kind": kind, "n": n, "words": words, "start": start})
    return events


def say(town, event, rng):
    """One message of a topic."""
    words = [town.spelling.get(fold(w), w) for w in event["words"]]
    if event["kind"] == "theme" and event["sentences"]:
        heart = town.vary(event["sentences"].pop())
        if fold(words[0]) not in {fold(w) for w in WORD.findall(heart)}:
            heart += " " + words[0]
    else:
        rng.shuffle(words)
        link = rng.choice([" et ", " pour ", " : ", " sans ", " contre ", " après "])
        about = link.join(words) if len(words) > 1 else words[0]
        if event["kind"] == "person":
            about = rng.choice(["Mme ", "M. ", ""]) + about if rng.random() < .7 else about
        heart = rng.choice(FRAMES).format(rng.choice(ABOUT).format(about))
    parts = [heart] + [town.clause() for _ in range(rng.randint(0, 2))]
    rng.shuffle(parts)
    return ", ".join(parts)


def when(day, rng):
    hour = rng.choices(range(24), HOURS)[0]
    return day * 86400 + hour * 3600 + rng.randrange(3600)


def build(a):
    rng = random.Random(a.seed)
    town = Town(a.comments, rng)
    events = choose_events(town, a, rng)
    held = collections.defaultdict(list)
    for s in town.sentences:
        for w in {fold(w) for w in WORD.findall(s)} & town.held:
            held[w].append(s)
    town.settle()
    rows = []
    authors = [f"h{i:05d}" for i in range(4000)]

    def row(at, author, text):
        rows.append((at, author, text))

    for day in range(a.days):
        for _ in range(int(a.a_day * rng.uniform(.8, 1.2) * (.75 if day % 7 > 4 else 1.1))):
            row(when(day, rng), town.zipf(authors, .5), town.background())
    for _ in range(a.days // 2):  # somebody who repeats a new word; two who quarrel with it
        word = rng.choice(town.rare)
        at = when(rng.randrange(a.days), rng)
        who = rng.sample(authors, rng.choice([1, 1, 2]))
        for _ in range(rng.randint(3, 7)):
            at += rng.randrange(60, 3600)
            row(at, rng.choice(who), town.background(1, 2) + " " + word)
    for _ in range(a.days // 20):  # a tract, copied
        text, at = town.background(4, 6), when(rng.randrange(a.days), rng)
        for who in rng.sample(authors, rng.randint(5, 12)):
            at += rng.randrange(60, 5000)
            row(at, who, rng.choice(["", "A partager : ", "Bonjour, "]) + text)
    truth = []
    for e in events:
        e["sentences"] = held[e["words"][0]] if e["kind"] == "theme" else []
        rng.shuffle(e["sentences"])
        n_old = a.hard * a.days / 30 if e["kind"] != "rumour" else 0
        for _ in range(int(n_old + rng.random())):  # it is no new word
            day = rng.randrange(a.days)
            if abs(day - e["start"] // 86400) > 2:
                quiet = dict(e, sentences=list(e["sentences"]))
                row(when(day, rng), town.zipf(authors, .5), town.background(1, 2) + ", " + say(town, quiet, rng))
        times = sorted(rng.uniform(0, 36000) for _ in range(e["n"]))
        for at, who in zip(times, rng.sample(authors, e["n"])):
            row(int(e["start"] + at - times[0]), who, say(town, e, rng))
        iso = dt.datetime(2023, 9, 4) + dt.timedelta(seconds=e["start"])
        truth.append({"name": f'{e["kind"]}:{" ".join(e["words"])}', "n": e["n"],
                      "keywords": [w.lower().lstrip("#") for w in e["words"]], "start": iso.isoformat() + "Z",
                      "end": (iso + dt.timedelta(hours=24)).isoformat() + "Z"})
    rows.sort()
    base = dt.datetime(2023, 9, 4)
    with open(a.out + ".jsonl", "w", encoding="utf-8") as f:
        for i, (at, who, text) in enumerate(rows):
            f.write(json.dumps({"id": f"m{i}", "created_at": (base + dt.timedelta(seconds=at)).isoformat() + "Z",
                                "author": who, "text": text}, ensure_ascii=False) + "\n")
    with open(a.out + ".json", "w", encoding="utf-8") as f:
        json.dump({"stream": a.out.rsplit("/", 1)[-1] + ".jsonl", "events": truth,
                   "first_day": (base + dt.timedelta(days=a.first)).isoformat()[:10]}, f, ensure_ascii=False, indent=1)
    print(f"{len(rows)} comments, {len(truth)} topics, {a.days} days")


def baseline(least=3):
    seen = collections.defaultdict(lambda: collections.deque(maxlen=16))
    told = set()
    for line in sys.stdin:
        c = json.loads(line)
        at = dt.datetime.fromisoformat(c["created_at"].replace("Z", "")).timestamp()
        for w in {w.lower() for w in WORD.findall(c["text"])}:
            seen[w].append((at, c["author"]))
            day = [who for t, who in seen[w] if at - t < 86400]
            month = sum(at - t < 30 * 86400 for t, _ in seen[w])
            if len(day) == month < 16 and len(set(day)) >= least and w not in told:
                told.add(w)
                print(json.dumps({"at": c["created_at"], "terms": [w], "score": len(set(day)) + len(w) / 100}))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out", nargs="?")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--days", type=int, default=240)
    p.add_argument("--a-day", type=int, default=145)
    p.add_argument("--events", type=int, default=120)
    p.add_argument("--first", type=int, default=30, help="the first day that counts")
    p.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    p.add_argument("--hard", type=float, default=1, help="how often a month a topic's word is heard in ordinary times")
    p.add_argument("--comments", default="data/comments")
    p.add_argument("--baseline", action="store_true")
    a = p.parse_args()
    if a.baseline:
        return baseline()
    if not a.out:
        p.error("where to? OUT")
    return build(a)


if __name__ == "__main__":
    sys.exit(main())
