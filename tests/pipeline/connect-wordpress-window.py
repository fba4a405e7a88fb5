"""kind wordpress, the window that is read again and again (blogs.py): what is approved late, edited or deleted in it, on a busy site and
on a slow one; dates that are wrong."""
import time

from town import main
from flow import Flow
from blog_town import asked_again, asked_whole, has, holds, publish, source
from blogs import Blog

ZERO = "-0001-11-30T00:00:00"  # how WordPress writes a date that is none


def slow(ok):
    """A site where each page takes long, as behind a million comments: what is new is heard after one page, what changes behind it too."""
    with Blog() as site, Flow(sources=source(site), clock="wall") as flow:
        start = int(time.time()) - 86400 * 9
        numbers = [publish(flow, site, f"Ancien n° {i}", at=start + 600 * i) for i in range(400)]
        waits = site.add("Approuvé bien tard", at=start, status="hold")
        flow.start()
        flow.settle(400)
        site.pause = 0.2
        asked = len(site.asked)

        def pages():
            """How many each look took since then."""
            looks = []
            for _, path, _ in site.asked[asked:]:
                if "order=desc" in path and "offset=" not in path:
                    looks.append(0)
                if looks:
                    looks[-1] += 1
            return looks

        flow.wait_for(lambda: 5 in pages(), 60, "a window that is read whole")
        flow.wait_for(lambda: pages()[-3:] == [1, 1, 1], 60, "looks that end at what they know")
        number = publish(flow, site, "Nouveau")
        has(flow, number, "Nouveau")
        flow.wait_for(lambda: pages()[-2:] == [1, 1], 60, "nothing more to be read for that")
        site.edit(number, "Nouveau, corrigé")
        has(flow, number, "Nouveau, corrigé")
        site.set(waits, "approved")
        flow.sent["site", str(waits)] = "Approuvé bien tard"
        has(flow, waits, "Approuvé bien tard", 60)
        ok(True, "what is new, edited or approved late is heard")
        for gone in (number, numbers[0]):  # on the first page, and behind it
            n = flow.ledger().get("tombstone", 0)
            flow.wait_for(lambda: pages()[-2:] == [1, 1], 60, "calm")
            site.delete(gone)
            flow.wait_for(lambda: flow.ledger().get("tombstone", 0) == n + 1, 60, "a deletion")
            ok(True, "a deletion is seen")
        site.pause = 0
        site.edit(numbers[1], "Ancien, corrigé")
        flow.wait_for(lambda: holds(flow, "Ancien, corrigé"), 180, "an edit far behind")
        ok(True, "an edit far behind is heard in its time")
        ok(flow.ledger().get("duplicate", 0) == 0 and not flow.crashes(), "nothing was sent twice, nobody crashed", flow.ledger())


def late(ok):
    """Without an account: what is approved days after it was written is heard, on a busy site too."""
    with Blog() as site, Flow(sources=source(site), clock="wall") as flow:
        start = int(time.time()) - 86400 * 20
        waits = site.add("Approuvé bien tard", at=start + 86400 * 15, status="hold")
        for i in range(1100):
            publish(flow, site, f"Ancien n° {i}", at=start + 1500 * i)
        flow.start()
        flow.settle(1100)
        seen = len(site.asked)
        asked_whole(flow, site)
        asked_again(flow, site, 3)
        ok(not any("order=asc" in path for _, path, _ in site.asked[seen + 1:]), "a thousand in a month are no absence",
           [path for _, path, _ in site.asked[seen + 1:]][:3])
        site.set(waits, "approved")
        flow.sent["site", str(waits)] = "Approuvé bien tard"
        has(flow, waits, "Approuvé bien tard")
        ok(True, "a comment approved late is heard")
        flow.account(ok, name="late")
    with Blog() as site, Flow(sources=source(site, ", backfill: 2 d"), clock="wall") as flow:
        site.add("Trop vieux", at=time.time() - 86400 * 4)
        recent = publish(flow, site, "Récent", at=time.time() - 86400)
        flow.start()
        has(flow, recent, "Récent")
        asked_again(flow, site, 4)
        number = publish(flow, site, "Nouveau")
        has(flow, number, "Nouveau")
        flow.account(ok, name="what is older than backfill stays where it is")


def dates(ok):
    """Dates that are wrong, one or the other or both, hold nobody up: not now, not while the past is read."""
    wrong = [{"date": "2091-03-01T00:00:00"}, {"gmt": "2091-03-01T00:00:00"}, {"gmt": ZERO},
             {"date": "2091-03-01T00:00:00", "gmt": ZERO}, {"date": ZERO}]
    with Blog() as site, Flow(sources=source(site), clock="wall") as flow:
        start = int(time.time()) - 86400 * 90
        for i in range(60):  # an import: more than a page
            publish(flow, site, f"Importé n° {i}", at=start, gmt=ZERO)
        last = publish(flow, site, "Après l'import", at=start + 86400)
        flow.start()
        has(flow, last, "Après l'import")
        for i, how in enumerate(wrong):
            name = " ".join(how) + " wrong"
            number = publish(flow, site, name, **how)
            if "date" not in how or how["date"] > "2":
                has(flow, number, name)
            else:
                del flow.sent["site", str(number)]  # a date before everything: not in the window
            asked_again(flow, site, 4)
            number = publish(flow, site, f"Après n° {i}")
            has(flow, number, f"Après n° {i}")
        flow.account(ok, name="wrong dates")


def scenario(ok):
    slow(ok)
    late(ok)
    dates(ok)


main(scenario)
