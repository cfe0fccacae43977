"""Kills at random moments: writers, restorations, backups and upgrades, and what they cost.

Prints how many processes were killed doing what, what they left behind, how many
acknowledged updates were lost (none may be), how often a plain client or the tracker could
not read the store (never), and how long the next reader took to put things right. Makes
100 kills; `--kills 500` takes about five times as long.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb

from tracker import StatusEvent, Tracker, TrackerError

SOURCE = "pm-leaders-statement-2025-10-30"
OLD = Path(__file__).parent.parent / "tests" / "stores" / "schema-1.tar.xz"
AT_ONCE = 3
"""Writers that are killed one after the other in a round."""
ROUNDS = ("write",) * 5 + ("restore", "backup", "upgrade")
VERIFIED = 10
"""Rounds after which a store is verified as a whole."""

processes = get_context("forkserver")
processes.set_forkserver_preload(["__main__", "tracker.tracker", "tracker.models", "edtf"])


def write(folder: Path, name: str, ids: list[str], told: Connection) -> None:
    tracker, chance = Tracker.open(folder), random.Random(name)
    for number in range(1000):
        note = f"{name}, update {number}"
        cited = [{"source_id": SOURCE, "credibility": 2}]
        said = {"stage": "pledged", "happened_on": "2025-10-30", "note": note, "evidence": cited}
        tracker.record(StatusEvent.parse({"commitment_id": chance.choice(ids), **said}), by=name)
        told.send(note)


def restore(folder: Path, file: Path, told: Connection) -> None:
    Tracker.restore(file, folder, overwrite=True)
    told.send("done")


def back_up(folder: Path, file: Path, told: Connection) -> None:
    while True:
        Tracker.open(folder).backup(file, overwrite=True)
        told.send("done")


def upgrade(folder: Path, told: Connection) -> None:
    Tracker.open(folder).commitments()
    told.send("done")


class Harness:
    """Stores that are tormented, and the count of what became of them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder = folder
        self.written, self.other, self.old = (folder / name for name in ("written", "other", "old"))
        self.counts: Counter[str] = Counter()
        self.recoveries: list[float] = []
        self.acknowledged: set[str] = set()
        self.rounds = 0
        first = Tracker.open(self.written)
        self.ids = [row["id"] for row in first.commitments()]
        self.backups = [folder / "first.duckdb", folder / "second.duckdb"]
        first.backup(self.backups[0])
        write_one = [{"source_id": SOURCE, "credibility": 2}]
        said = {"stage": "pledged", "happened_on": "2025-10-30", "note": "second", "evidence": write_one}
        first.record(StatusEvent.parse({"commitment_id": self.ids[0], **said}), by="second")
        first.backup(self.backups[1])
        self.heads = [head(file) for file in self.backups]
        shutil.copytree(self.written, self.other)
        with tarfile.open(OLD) as archive:
            archive.extractall(self.old, filter="data")

    def round(self) -> None:
        kind = ROUNDS[self.rounds % len(ROUNDS)]
        getattr(self, kind)()
        self.rounds += 1

    def write(self) -> None:
        """Kill writers; whatever they were told is done must be there."""
        started = []
        for number in range(AT_ONCE):
            ours, theirs = processes.Pipe(duplex=False)
            name = f"round {self.rounds}, writer {number}"
            process = processes.Process(
                target=write, args=(self.written, name, self.ids, theirs), daemon=True
            )
            process.start()
            theirs.close()
            started.append((process, ours))
        for process, told in started:
            told.poll(None)
            self.kill("writing", process)
            self.acknowledged |= set(reports(told))
            self.plainly(self.written)
        self.left_behind(self.written)
        found = self.recovered(self.written)
        if found is not None:
            notes = {e["note"] for id_ in self.ids for e in found.history(id_)}
            self.counts["lost"] += len(self.acknowledged - notes)
        if self.rounds % VERIFIED == 0:
            self.verified(self.written)

    def restore(self) -> None:
        """Kill a restoration; the store must be wholly the old or the new one."""
        number = self.chance.randrange(2)
        self.one("restoring", restore, self.other, self.backups[number], seconds=1.5)
        self.plainly(self.other)
        self.left_behind(self.other)
        found = self.recovered(self.other)
        if found is not None:
            self.counts["neither the one nor the other"] += found.info()["head_hash"] not in self.heads
            self.verified(self.other)
        for kept in self.other.glob("replaced-*"):
            shutil.rmtree(kept)

    def backup(self) -> None:
        """Kill backups; the file must be whole whenever it is there."""
        file = self.folder / "backup.duckdb"
        self.one("backing up", back_up, self.written, file, seconds=0.6)
        if file.exists():
            try:
                head(file)
            except duckdb.Error:
                self.counts["unreadable"] += 1
        self.recovered(self.written)

    def upgrade(self) -> None:
        """Kill the upgrade of a store of the first schema; the next must finish it."""
        store = self.folder / "upgraded"
        shutil.copytree(self.old, store)
        self.one("upgrading", upgrade, store, seconds=1.0)
        self.left_behind(store)
        if self.recovered(store) is not None:
            self.verified(store)
        shutil.rmtree(store)

    def one(self, doing: str, work: Callable[..., None], *arguments: Any, seconds: float) -> None:
        ours, theirs = processes.Pipe(duplex=False)
        process = processes.Process(target=work, args=(*arguments, theirs), daemon=True)
        process.start()
        theirs.close()
        self.kill(doing, process, seconds)
        reports(ours)

    def kill(self, doing: str, process: Any, seconds: float = 0.3) -> None:
        process.join(self.chance.uniform(0, seconds))
        if process.is_alive():
            process.kill()
            self.counts[f"killed {doing}"] += 1
        process.join()

    def plainly(self, store: Path) -> None:
        """What any client sees before the tracker has put anything right."""
        try:
            head(store / "commitments.duckdb")
        except duckdb.Error:
            self.counts["unreadable"] += 1

    def left_behind(self, store: Path) -> None:
        self.counts["logs left"] += (store / "ledger.duckdb.wal").exists()
        self.counts["restorations begun"] += (store / ".incoming" / "ledger.duckdb").exists()
        if (store / "commitments.duckdb").exists():
            times = [(store / name).stat().st_mtime_ns for name in ("ledger.duckdb", "commitments.duckdb")]
            self.counts["not published"] += times[0] != times[1]
        self.counts["rubbish"] += sum(p.name.startswith(".") for p in store.iterdir())

    def recovered(self, store: Path) -> Tracker | None:
        """The tracker on a store, by whoever comes first after the kill."""
        began = time.perf_counter()
        found = Tracker.open(store)
        try:
            found.commitments()
        except TrackerError as error:
            self.counts["unreadable"] += 1
            print(f"round {self.rounds}: {error}")
            return None
        self.recoveries.append(time.perf_counter() - began)
        found.store.release()
        return found

    def verified(self, store: Path) -> None:
        try:
            Tracker.open(store).verify()
            self.counts["verified"] += 1
        except TrackerError as error:
            self.counts["not verified"] += 1
            print(f"round {self.rounds}: {error}")

    def kills(self) -> int:
        return sum(n for what, n in self.counts.items() if what.startswith("killed"))

    def report(self) -> None:
        self.verified(self.written)
        kinds = ", ".join(
            f"{what.removeprefix('killed ')} {n}" for what, n in self.counts.items() if "killed" in what
        )
        print(f"kills               {self.kills()} ({kinds})")
        print(f"acknowledged        {len(self.acknowledged)}, lost {self.counts['lost']}")
        print(f"unreadable          {self.counts['unreadable']}")
        print(f"half restored       {self.counts['neither the one nor the other']}")
        print(f"verified            {self.counts['verified']} times, failed {self.counts['not verified']}")
        left = ("logs left", "not published", "restorations begun", "rubbish")
        print("left behind         " + ", ".join(f"{what} {self.counts[what]}" for what in left))
        cuts = statistics.quantiles(self.recoveries, n=100, method="inclusive")
        print(
            f"first answer after  median {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, "
            f"worst {max(self.recoveries) * 1000:.0f} ms"
        )


def reports(told: Connection) -> list[str]:
    found = []
    while True:
        try:
            found.append(told.recv())
        except EOFError:
            return found


def head(file: Path) -> str:
    with duckdb.connect(str(file), read_only=True) as con:
        row = con.execute("SELECT max_by(hash, seq) FROM ledger").fetchone()
    assert row is not None
    return str(row[0])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=100, help="how many processes to kill at least")
    options.add_argument("--seed", type=int, default=20261122, help="of the moments")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        harness = Harness(Path(name), told.seed)
        while harness.kills() < told.kills:
            harness.round()
        harness.report()


if __name__ == "__main__":
    main()
