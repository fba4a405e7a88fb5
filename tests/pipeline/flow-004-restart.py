"""The connector dies in the middle, often: it goes on behind the last line that was taken."""
from town import main
from flow import Flow, many


def scenario(ok):
    with Flow() as flow:
        flow.lines("site.jsonl", many(100_000))
        flow.start()
        kills = 0
        while flow.seq() < 90_000 and kills < 12:
            kills += flow.kill("connect")
            seq = flow.seq()
            flow.wait_for(lambda: flow.seq() > seq or flow.seq() == 100_000, 20, "more rows")
        flow.settle(100_000)
        ok(kills >= 3, f"killed {kills} times")
        flow.account(ok)
        received = flow.ledger()["received"]
        again = received - 100_000
        ok(0 <= again <= kills * 8 * 512, f"at most a window a kill is sent again ({again:.0f} comments)", received)
        ok(flow.stop() == 0, "stops")
        received = flow.ledger()["received"]
        flow.start()
        flow.lines("site.jsonl", many(10, 200_000))
        flow.settle(100_010)
        ok(flow.ledger()["received"] == received + 10, "after an orderly stop exactly the new lines are read",
           flow.ledger())
        ok(flow.stop() == 0, "stops")


main(scenario)
