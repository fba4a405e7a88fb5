#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented volume series with known events, to check `tocsin trend series` on what nobody has tuned it to.

    tests/bench/spike-series.py DIR [--series 20] [--days 55] [--seed 1]

Writes DIR/data/synthetic/NN.csv (timestamp,value every five minutes) and DIR/labels/combined_{labels,windows}.json, the
layout of the Numenta Anomaly Benchmark; a scorer of that benchmark reads it. The same seed writes the same bytes.

A series is what a town hall or a brand sees: a daily and weekly rhythm of its own, a level that wanders over hours and
from day to day, counts that are more scattered than chance alone makes them, and many small bursts whose sizes have a
heavy tail: they are ordinary, and nobody wants to be called for them. Into that go two to four events: a burst that fades
over hours, a short one, or a rise over two days. The window of an event is a tenth of the series, shared among its events.
"""
import argparse
import datetime
import json
import math
import os
import random

STEP = 5  # minutes
DAY = 24 * 60 // STEP
START = datetime.datetime(2026, 1, 8, 9, 2, 11)


def poisson(rand, mean):
    if mean > 50:
        return max(0, round(rand.gauss(mean, math.sqrt(mean))))
    limit, n, p = math.exp(-mean), 0, rand.random()
    while p > limit:
        n += 1
        p *= rand.random()
    return n


def rhythm(rand):
    """Share of a usual hour, by day of week and hour."""
    noon, evening = rand.uniform(0.3, 1.5), rand.uniform(0.3, 1.5)
    first, second = rand.uniform(11, 15), rand.uniform(18, 21)
    weekend = rand.uniform(0.35, 1.1)

    def share(day, hour):
        bump = lambda at, width: math.exp(-((hour - at) / width) ** 2)
        return (0.15 + noon * bump(first, 3.0) + evening * bump(second, 2.5)) * (weekend if day >= 5 else 1)
    return share


def ordinary(rand, n):
    """Rates of n steps without events."""
    share, level = rhythm(rand), math.exp(rand.uniform(math.log(0.5), math.log(40)))
    restless = rand.choice([0.5, 1, 1, 2, 4])  # small bursts a day
    tail = rand.uniform(1.2, 2.2)
    hours, days, rates = 0.0, 0.0, []
    for i in range(n):
        if i % DAY == 0:
            days = 0.6 * days + rand.gauss(0, 0.15)
        hours = 0.98 * hours + rand.gauss(0, 0.05)
        at = START + datetime.timedelta(minutes=STEP * i)
        rates.append(level * share(at.weekday(), at.hour + at.minute / 60) * math.exp(hours + days))
    usual = sum(rates) / n
    for i in range(n):
        if rand.random() < restless / DAY:
            size, length = usual * min(rand.paretovariate(tail), 12), rand.uniform(1, 12)
            for k in range(i, min(n, i + 40)):
                rates[k] += size * math.exp(-(k - i) / length)
    return rates, usual


def add_event(rand, rates, usual, at):
    kind = rand.choice(["burst", "burst", "short", "slow"])
    peak = max(usual * 2, sorted(rates)[-len(rates) // 50])
    if kind == "slow":
        for k in range(4 * DAY):
            if at + k < len(rates):
                up = min(k / (2 * DAY), 1) if k < 2 * DAY else math.exp(-(k - 2 * DAY) / DAY)
                rates[at + k] *= 1 + rand.uniform(0.9, 1.1) * 2.5 * up
        return kind
    length = rand.uniform(3, 6) if kind == "short" else rand.uniform(20, 80)
    size = peak * (rand.uniform(6, 15) if kind == "short" else rand.uniform(2.5, 7))
    for k in range(-6, int(length * 5)):
        if 0 <= at + k < len(rates):
            rates[at + k] += size * (math.exp(k / 3) if k < 0 else math.exp(-k / length))
    return kind


def series(seed, days):
    rand = random.Random(seed)
    n = days * DAY
    rates, usual = ordinary(rand, n)
    events, labels, width = rand.randint(2, 4), [], 0
    width = n // 10 // events
    while len(labels) < events:
        at = rand.randrange(int(0.1 * n), int(0.95 * n))
        if all(abs(at - other) > 2 * width for other in labels):
            labels.append(at)
    kinds = [add_event(rand, rates, usual, at) for at in sorted(labels)]
    scatter = rand.uniform(1.5, 6)  # the smaller, the more scattered
    values = [poisson(rand, r * rand.gammavariate(scatter, 1 / scatter)) for r in rates]
    return values, sorted(labels), kinds, width


def stamp(i):
    return str(START + datetime.timedelta(minutes=STEP * i))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--series", type=int, default=20)
    parser.add_argument("--days", type=int, default=55)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    for name in ("data/synthetic", "labels"):
        os.makedirs(os.path.join(args.folder, name), exist_ok=True)
    windows, points = {}, {}
    for i in range(args.series):
        values, labels, kinds, width = series(args.seed * 1000 + i, args.days)
        key = f"synthetic/{i:02d}-{'-'.join(kinds)}.csv"
        with open(os.path.join(args.folder, "data", key), "w", encoding="ascii") as f:
            f.write("timestamp,value\n")
            f.writelines(f"{stamp(k)},{v}\n" for k, v in enumerate(values))
        points[key] = [stamp(k) for k in labels]
        windows[key] = [[stamp(max(0, k - width // 2)), stamp(min(len(values) - 1, k + width // 2))] for k in labels]
    for name, what in (("labels", points), ("windows", windows)):
        with open(os.path.join(args.folder, "labels", f"combined_{name}.json"), "w", encoding="ascii") as f:
            json.dump(what, f, indent=1)


if __name__ == "__main__":
    main()
