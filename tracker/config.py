"""Where things are. Reads the environment when called, never at import."""

import os
import threading
from importlib.resources import files
from pathlib import Path

from tracker.errors import Refused

VARIABLE = "TRACKER_STORE"
"""Environment variable that names the store folder."""


LOCK_VARIABLE = "TRACKER_LOCK_SECONDS"
"""Environment variable that says how long a writer waits for another one."""
SQL_VARIABLE = "TRACKER_SQL_SECONDS"
"""Environment variable that says how long a query of the dashboard may run."""

IMPORT_VARIABLE = "TRACKER_IMPORT_MB"
"""Environment variable that says how many megabytes an import may take."""


def lock_seconds() -> float:
    """How long a writer waits while somebody else writes. Raises `Refused`."""
    return _seconds(LOCK_VARIABLE, "30")


def sql_seconds() -> float:
    """How long a query of the dashboard may run. Raises `Refused`."""
    return _seconds(SQL_VARIABLE, "5")


def import_megabytes() -> int:
    """How large a file may be that is imported, and what its decoding may take. Raises `Refused`."""
    told = os.environ.get(IMPORT_VARIABLE) or "1024"
    if not told.isascii() or not told.isdigit() or not 0 < int(told[:9]) < 1 << 20:
        raise Refused("bad-megabytes", variable=IMPORT_VARIABLE, value=told)
    return int(told)


def _seconds(variable: str, otherwise: str) -> float:
    told = os.environ.get(variable) or otherwise
    try:
        seconds = float(told)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= threading.TIMEOUT_MAX:
        raise Refused("bad-seconds", variable=variable, value=told)
    return seconds


def default_store() -> Path:
    """The store folder: `TRACKER_STORE`, else a folder in the user's data directory."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("commitment-tracker") / "store"


def seed() -> Path:
    """The data set that fills a new store: inside an installed package, else in the checkout."""
    package = Path(str(files("tracker")))
    shipped = package / "data" / "commitments.parquet"
    return shipped if shipped.exists() else package.parent / "data" / "commitments.parquet"
