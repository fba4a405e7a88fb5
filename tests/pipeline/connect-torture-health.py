"""The health of a source whose server is out of order, for every polled kind (rough.py): EN PANNE, why, since when, when it is tried
again; and that it is well again."""
import re
import time

from rough import KINDS, heard, say, town
from town import main


def gauge(flow, name, source):
    return flow.gauges().get((name, source), 0)


def row(flow, name):
    """Its line in the table of `status`, and what is said of it below."""
    lines = flow.run("status")[1].splitlines()
    return next((x for x in lines if re.match(rf"{name} +\w", x)), ""), [x for x in lines if x.startswith(f"{name} est en panne")]


def in_trouble(flow, name):
    line, told = row(flow, name)
    good = "EN PANNE" in line and len(told) == 1 and re.fullmatch(rf"{name} est en panne depuis \d.* : .+ ; nouvel essai dans \d.*", told[0])
    return good and told[0]


def well(flow, name):
    line, told = row(flow, name)
    return "il y a" in line and "EN PANNE" not in line and not told


def health(ok):
    with town(KINDS) as (flow, sites, roads):
        said = say(KINDS, sites, "avant la panne")
        flow.start()
        heard(flow, said)
        for k in KINDS:
            flow.wait_for(lambda: well(flow, k.name), 60, f"{k.kind} to be well")
        begun = time.time()
        for k in KINDS:
            roads[k.name].shut = "503" if k.http else "noise"
        sites["masto"].cut_streams()
        since = {}
        for k in KINDS:
            told = flow.wait_for(lambda: in_trouble(flow, k.name), 90, f"the trouble of {k.kind} to be told")
            since[k.name] = gauge(flow, "source_error_since_seconds", k.name)
            ok(begun - 1 <= since[k.name] <= time.time(), f"{k.kind}: out of order, why, since when, next try: {told}", (begun, since))
            flow.wait_for(lambda: gauge(flow, "source_next_seconds", k.name) > time.time(), 60, f"the next try of {k.kind}")
        failures = {k.name: gauge(flow, "connect_looks_failed_total", k.name) for k in KINDS}
        for k in KINDS:
            flow.wait_for(lambda: gauge(flow, "connect_looks_failed_total", k.name) > failures[k.name], 90, f"another try of {k.kind}")
            ok(gauge(flow, "source_error_since_seconds", k.name) == since[k.name], f"{k.kind}: another failure is the same trouble")
        ok(flow.run("status")[0] == 1, "status ends with 1")
        said = say(KINDS, sites, "après la panne")
        for k in KINDS:
            roads[k.name].shut = None
        heard(flow, said)
        for k in KINDS:
            flow.wait_for(lambda: well(flow, k.name), 60, f"{k.kind} to be well again")
            ok(gauge(flow, "source_error", k.name) == 0 and gauge(flow, "source_error_since_seconds", k.name) == 0 and
               gauge(flow, "source_next_seconds", k.name) == 0, f"{k.kind}: well again, and nothing is left of it", flow.gauges())
        ok(not flow.crashes(), "nobody crashed", flow.crashes())


main(health)
