"""tocsin purge: after it, a planted word is in no file of the state."""

from town import Town, comment, holding, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
WORD = "zanzibarderie"
HANDLE = "mandragore77"


def scenario(ok):
    with Town(sources=SOURCE) as town:
        items = [comment(i, f"message ordinaire {i}", f"h{i}", i) for i in range(40)]
        items += [comment(f"p{i}", f"une {WORD} de plus, numéro {i}", HANDLE, 50 + i) for i in range(5)]
        items.append(comment("z", "encore un message", "zorro83", 55, author_name="Zorro"))
        items.append(comment("h", "quel abruti", "tenu", 57))
        items.append(comment("m", f"on sait où tu habites, {WORD}", HANDLE, 60))
        town.comments("site.jsonl", items)
        town.start()
        town.wait_for(lambda: town.committed() == 48, 20, "48 commits")
        town.wait_for(lambda: town.gauges().get(("search_seq", ""), 0) >= 48, 20, "search")
        ok("state/store.db" in "\n".join(holding(town, WORD)), "the word is in the database first",
           holding(town, WORD))
        code, out, err = town.run("purge", "--author", HANDLE, "--source", "site", "--who", "DPO",
                                  "--reason", "demande d'effacement", timeout=90)
        ok(code == 0 and "6 commentaires effacés" in out, "purge by author", f"{code} {out}{err}")
        ok(holding(town, WORD) == [], "the word is in no file", holding(town, WORD))
        ok(holding(town, HANDLE) == [], "neither is the handle", holding(town, HANDLE))
        ledger = town.json("verify")
        ok(all(r["balanced"] for r in ledger) and sum(r["purged"] for r in ledger) == 6,
           "the ledger knows that six were purged", ledger)
        by = ("--source", "site", "--who", "DPO", "--reason", "demande")
        code, out, err = town.run("purge", "--author", "zorro", *by, timeout=90)
        ok(code == 1 and "c'est peut-être, au choix : zorro83 (Zorro)" in err, "a displayed name is no account: said", f"{code} {out}{err}")
        code, out, err = town.run("purge", "--author", "@Zorro83", *by, timeout=90)
        ok(code == 1 and "au choix : zorro83 (Zorro)" in err, "neither is a handle as people write it", f"{code} {out}{err}")
        code, out, err = town.run("purge", "--author", "zorro83", "--source", "sitee", *by[2:], timeout=90)
        ok(code == 2 and "aucune source « sitee »" in err and "purge n°" not in out, "a slip in the source is no purge", f"{code} {out}{err}")
        code, out, err = town.run("purge", "--author", "zoro83", *by, timeout=90)
        ok(code == 1 and "rien n'est gardé d'un compte « zoro83 »" in err, "an unknown account: said", f"{code} {out}{err}")
        code, out, err = town.run("purge", "--id", "77", *by, timeout=90)
        ok(code == 1 and "aucun commentaire « 77 »" in err, "an unknown comment: said", f"{code} {out}{err}")
        seq = next(str(q["seq"]) for q in town.json("queue") if q["comment"]["id"] == "h")
        ok(town.run("decide", seq, "dossier", "--who", "lea", "--reason", "x")[0] == 0, "one is held")
        code, out, err = town.run("purge", "--id", "h", *by, timeout=90)
        ok(code == 0 and "rien à effacer" in out and "1 texte gardé, car en dossier" in out, "what is held is said",
           f"{code} {out}{err}")
        code, out, err = town.run("purge", "--id", "7", "--source", "site", "--who", "DPO", "--reason", "x",
                                  timeout=90)
        ok(code == 0 and "1 commentaire effacé" in out, "purge of one comment", out + err)
        ok(holding(town, "ordinaire 7\x00") == [] and len(holding(town, "message ordinaire 8")) > 0,
           "only that one")
        code, out, err = town.run("purge", "--who", "DPO", "--reason", "durées", timeout=90)
        ok(code == 0, "purge by age", out + err)
        ok(town.stop() == 0, "stops")
        ok(holding(town, WORD) == [], "still in no file", holding(town, WORD))


main(scenario)
