"""A contract server: it plays the GraphQL of a Decidim site from its published schema (decidim/decidim on GitHub: CommentType,
CommentableInterface, AuthorInterface, ParticipatorySpaceInterface, component types; /api/docs of public sites): participatoryProcesses,
assemblies, initiatives, components, their proposals, debates, meetings, posts and results as connections with cursors, commentable (an
initiative has no other way to its comments), nested comments, validation errors, bounds on depth (15) and complexity (5000). It is ours,
no real Decidim.

    with Agora() as site:
        place = site.place("proposals"); n = site.comment(place, "Bonjour", parent=…)
        site.edit(n, "…")  ·  site.delete(n)  ·  site.translated = True   # an older schema
    site.place("debates", "conseil", "assemblies")  ·  site.initiative("i-7")      # a place too
    site.without = {"initiatives"}                                                  # modules that are not installed
    site.ill = {"initiatives"}                                                      # what gives an error today
"""
import base64
import datetime
import json
import re
import time

from contract import Contract

KINDS = {"Proposals": "proposals", "Debates": "debates", "Meetings": "meetings", "Blogs": "posts", "Accountability": "results"}
AUTHOR = {"id", "name", "nickname", "deleted", "__typename"}
COMMENT = {"id", "createdAt", "alignment", "upVotes", "downVotes", "hasComments", "__typename"}


class Wrong(Exception):
    pass


def parse(text):
    """A query as a list of (name, arguments, selection)."""
    words = re.findall(r'"(?:[^"\\]|\\.)*"|\.\.\.|[A-Za-z_][A-Za-z0-9_]*|\d+|[{}():,]', text)
    words = [w for w in words if w != ","]
    at = 0

    def selection():
        nonlocal at
        if words[at] != "{":
            raise Wrong("Parse error")
        at += 1
        found = []
        while words[at] != "}":
            name, arguments = words[at], {}
            at += 1
            if name == "...":
                if words[at] != "on":
                    raise Wrong("Parse error")
                name = "on " + words[at + 1]
                at += 2
            if words[at] == "(":
                at += 1
                while words[at] != ")":
                    if words[at + 1] != ":":
                        raise Wrong("Parse error")
                    arguments[words[at]] = json.loads(words[at + 2])
                    at += 3
                at += 1
            found.append((name, arguments, selection() if words[at] == "{" else None))
        at += 1
        return found
    try:
        tree = selection()
    except IndexError:
        raise Wrong("Parse error") from None
    if at != len(words):
        raise Wrong("Parse error")
    return tree


def weight(tree, pages):
    """(complexity, depth) as the server counts them."""
    total, deepest = 0, 0
    for name, arguments, below in tree or []:
        cost, depth = weight(below, pages)
        times = min(arguments.get("first", 50), 100) if name in KINDS.values() else 1
        total += 1 + cost * times
        deepest = max(deepest, depth + (0 if name.startswith("on ") else 1))
    return total, deepest


class Agora(Contract):
    def __init__(self):
        super().__init__()
        self.spaces = {"plan-velo": {}}  # slug: {component: (kind, [place])}
        self.roots = {}  # slug: "assemblies" | "initiatives"; the others are processes
        self.ids, self.without, self.ill = {}, set(), set()
        self.places, self.comments, self.last = {}, {}, 0
        self.translated, self.closed, self.costs = False, set(), []
        self.mute, self.ails = False, None  # components are listed and answer null; why, if the site says so

    def number(self):
        self.last += 1
        return str(self.last)

    def component(self, kind, slug="plan-velo"):
        for number, (its, places) in self.spaces.setdefault(slug, {}).items():
            if its == kind:
                return places
        places = []
        self.spaces[slug][self.number()] = (kind, places)
        return places

    def initiative(self, slug):
        with self.lock:
            self.spaces.setdefault(slug, {})
            self.roots[slug] = "initiatives"
            self.places[slug] = []
            return slug

    def identity(self, slug):
        if slug not in self.ids:
            self.ids[slug] = self.number()
        return self.ids[slug]

    def place(self, edge, slug="plan-velo", root="participatoryProcesses"):
        with self.lock:
            self.roots.setdefault(slug, root)
            kind = next((k for k, e in KINDS.items() if e == edge), "Pages")
            number = self.number()
            self.component(kind, slug).append(number)
            self.places[number] = []
            return number

    def comment(self, place, text, parent=None, at=None, alignment=0, author="odile"):
        with self.lock:
            number = self.number()
            self.comments[number] = {"text": text, "at": at or time.time(), "author": author, "below": [], "alignment": alignment, "votes": 0}
            (self.comments[parent]["below"] if parent else self.places[place]).append(number)
            return number

    def edit(self, number, text):
        with self.lock:
            self.comments[number]["text"] = text

    def delete(self, number):
        with self.lock:
            for below in [*self.places.values(), *[c["below"] for c in self.comments.values()]]:
                if number in below:
                    below.remove(number)
            del self.comments[number]

    def answer(self, ask):
        if ask.path != "/api" or ask.method != "POST" or ask.headers.get("content-type") != "application/json":
            return 404, {"error": "not found"}
        try:
            tree = parse(json.loads(ask.body)["query"])
            cost, depth = weight(tree, 50)
            self.costs.append(cost)
            if cost > 5000 or depth > 15:
                raise Wrong("Query has complexity of %d, which exceeds max complexity of 5000" % cost)
            said = {"data": {name: self.root(name, arguments, below) for name, arguments, below in tree}}
            if self.ails and "component" in said["data"]:
                said["errors"] = [{"message": self.ails}]
            return 200, said
        except Wrong as e:
            return 200, {"errors": [{"message": str(e), "locations": [{"line": 1, "column": 1}], "path": ["query"]}]}

    def root(self, name, arguments, below):
        if name in self.ill:
            raise Wrong("Something went wrong")
        if name in {"participatoryProcesses", "assemblies", "initiatives"} - self.without:
            return [self.pick(below, {"slug": slug, "id": self.identity(slug), "components": lambda b, a, c=components: [
                self.pick(b, {"id": n, "__typename": kind, "name": ""}) for n, (kind, _) in c.items() if n not in self.closed]})
                for slug, components in list(self.spaces.items()) if self.roots.get(slug, "participatoryProcesses") == name]
        if name == "commentable":
            if set(arguments) != {"id", "type", "locale", "toggleTranslations"} or arguments["locale"] != "fr":
                raise Wrong("Field 'commentable' is missing required arguments: locale, toggleTranslations")
            found = [slug for slug, number in self.ids.items() if number == arguments["id"] and slug in self.places]
            if arguments["type"] != "Decidim::Initiative":
                raise Wrong("Invalid commentable type")
            return self.pick(below, {"id": arguments["id"], "comments": lambda b, a: self.shown(self.places[found[0]], b)}) if found else None
        if name != "component":
            raise Wrong(f"Field '{name}' doesn't exist on type 'Query'")
        for components in [] if self.mute else self.spaces.values():
            if arguments.get("id") in components and arguments["id"] not in self.closed:
                kind, places = components[arguments["id"]]
                below = [x for f in below for x in (f[2] if f[0] == f"on {kind}" else [] if f[0].startswith("on ") else [f])]
                fields = {"id": arguments["id"]}
                if kind in KINDS:
                    fields[KINDS[kind]] = lambda b, a, p=places: self.connection(p, b, a)
                return self.pick(below, fields)
        return None

    def pick(self, below, fields):
        shown = {}
        for name, arguments, deeper in below:
            if name not in fields:
                raise Wrong(f"Field '{name}' doesn't exist")
            value = fields[name]
            if callable(value) != (deeper is not None):
                raise Wrong(f"Field must have selections (field '{name}' returns TranslatedField but has no selections. Did you mean "
                            f"'{name} {{ ... }}'?)" if callable(value) else f"Selections can't be made on scalars (field '{name}')")
            shown[name] = value(deeper, arguments) if callable(value) else value
        return shown

    def connection(self, places, below, arguments):
        first = min(arguments.get("first", 50), 100)
        start = int(base64.b64decode(arguments["after"])) if arguments.get("after") else 0
        found = places[start:start + first]
        end = start + len(found)
        return self.pick(below, {
            "pageInfo": lambda b, a: self.pick(b, {"hasNextPage": end < len(places), "endCursor": base64.b64encode(str(end).encode()).decode()}),
            "nodes": lambda b, a: [self.pick(b, {"id": n, "title": lambda b, a: None, "totalCommentsCount": 0,
                                                  "comments": lambda b, a, n=n: self.shown(self.places[n], b)}) for n in found]})

    def shown(self, numbers, below):
        return [self.pick(below, self.fields(n)) for n in numbers]

    def fields(self, number):
        c = self.comments[number]
        author = {"name": c["author"].capitalize(), "nickname": "@" + c["author"], "deleted": False, "id": "1"}
        body = c["text"]
        if self.translated:
            body = lambda b, a: self.pick(b, {"translations": lambda b, a: [
                self.pick(b, {"locale": l, "text": t}) for l, t in (("en", "in English"), ("fr", c["text"]))]})
        return {"id": number, "body": body, "createdAt": stamp(c["at"]), "alignment": c["alignment"], "upVotes": c["votes"],
                "hasComments": bool(c["below"]), "author": lambda b, a: self.pick(b, author),
                "comments": lambda b, a: self.shown(c["below"], b)}


def stamp(at):
    return datetime.datetime.fromtimestamp(int(at), datetime.timezone.utc).isoformat()
