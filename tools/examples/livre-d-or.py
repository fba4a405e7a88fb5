#!/usr/bin/env python3
"""Un connecteur à vous, en Python : les messages d'un livre d'or dans une base SQLite, une ligne de JSON chacun
(comment.schema.json).

    sources:
      - {id: livre-d-or, titre: Livre d'or, type: command, commande: [/srv/livre-d-or.py, /srv/livre.db], relance: 1 min}

La table : message(id, auteur, texte, ecrit_le, supprime), ecrit_le en secondes Unix. Relancé, il imprime de nouveau tout :
tocsin reconnaît ce qu'il a déjà, un texte corrigé est une nouvelle version, un message supprimé est effacé.
"""
import datetime
import json
import sqlite3
import sys

if len(sys.argv) != 2:
    sys.exit("usage: livre-d-or.py BASE")
base = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for number, author, text, at, deleted in base.execute("SELECT id, auteur, texte, ecrit_le, supprime FROM message ORDER BY id"):
    if deleted:
        comment = {"id": str(number), "deleted": True}
    else:
        comment = {"id": str(number), "text": text, "author": author, "author_name": author, "kind": "message",
                   "created_at": datetime.datetime.fromtimestamp(at, datetime.timezone.utc).isoformat()}
    print(json.dumps(comment, ensure_ascii=False), flush=True)
