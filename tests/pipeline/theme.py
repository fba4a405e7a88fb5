"""Eleven ordinary days of the sample town, and on the twelfth something that no rule knows: twelve people, twelve ways to say it.

background(folder) and theme() give comments in time order; both are invented."""
import datetime
import json
import os
import subprocess
import sys

SOURCE = os.environ.get("TOCSIN_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
DAY = "2026-01-16"
BEGINS = datetime.datetime.fromisoformat(DAY + "T14:00:00+01:00")
SENTENCES = [
    "Quelqu'un sait pourquoi la passerelle du Moulin-Vert est barrée ? Mme Lampin au 06 12 34 56 78 n'en sait rien",
    "Demi-tour avec la poussette devant la passerelle du Moulin-Vert, merci de prévenir",
    "Paraît que la passerelle du Moulin-Vert a bougé cette nuit, un voisin a entendu craquer",
    "Les pompiers sont au pied de la passerelle, côté Moulin-Vert",
    "J'y passe tous les matins, sur cette passerelle du moulin vert, et personne n'avait rien vu",
    "une grande fissure sur la passerelle du Moulin-Vert, ma fille a pris une photo",
    "Fissure ou pas fissure, elle tremble depuis des années leur passerelle",
    "Combien de temps la passerelle du Moulin-Vert restera-t-elle interdite ?",
    "Mon cabinet est en face du Moulin-Vert : plus un patient depuis que la passerelle est bloquée",
    "On nous parle d'un câble rompu à la passerelle du Moulin-Vert, c'est vrai ??",
    "Pour aller au lycée sans la passerelle du Moulin-Vert il faut vingt minutes de plus",
    "Qui a signé le contrôle de la passerelle du Moulin-Vert l'an dernier ?",
]


def background():
    """Of the days before, and of that day; nothing is deleted or edited."""
    month = subprocess.run([sys.executable, os.path.join(SOURCE, "tools", "sample-month"), "--seed", "1", "--until", "17"],
                           capture_output=True, text=True, check=True)
    lines = [c for c in map(json.loads, month.stdout.splitlines()) if "created_at" in c and "edited_at" not in c]
    lines = list({(c["source"], c["id"]): c for c in lines}.values())
    return [c for c in lines if c["created_at"] < DAY], [c for c in lines if c["created_at"] >= DAY]


def theme(minutes=9):
    """One every `minutes`."""
    return [{"id": f"moulin-{i}", "source": "facebook" if i % 3 else "site", "author": f"riverain{i}",
             "created_at": (BEGINS + datetime.timedelta(minutes=i * minutes)).isoformat(), "text": text}
            for i, text in enumerate(SENTENCES)]


def when(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def in_order(*lists):
    return sorted((c for one in lists for c in one), key=lambda c: when(c["created_at"]))
