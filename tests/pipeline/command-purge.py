"""tocsin purge: after it, a planted word is in no file of the state."""

from town import Town, comment, holding, main

SOURCE = "  - {id: site, kind: jsonl, path: site.jsonl, follow: yes}\n"
WORD = "zanzibarderie"
HANDLE = "mandragore77"


def scenario(ok):
    with Town(sources=SOURCE) as town:
        items = [comment(i, f"message ordinaire {i}", f"h{i}", i) for i in range(40)]
        items += [comment(f"p{i}", f"une {WORD} de plus, numéro {i}", HANDLE, 50 + i) for i in range(5)]
        items.append(comment("m", f"on sait où tu habites, {WORD}", HANDLE, 60))
        town.comments("site.jsonl", items)
        town.start()
        town.wait_for(lambda: town.committed() == 46, 20, "46 commits")
        town.wait_for(lambda: town.gauges().get(("search_seq", ""), 0) >= 46, 20, "search")
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
