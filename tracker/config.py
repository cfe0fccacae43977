"""Where things are. Reads the environment when called, never at import."""

import os
from importlib.resources import files
from pathlib import Path

VARIABLE = "TRACKER_STORE"
"""Environment variable that names the store folder."""


LOCK_VARIABLE = "TRACKER_LOCK_SECONDS"
"""Environment variable that says how long a writer waits for another one."""


def lock_seconds() -> float:
    """How long a writer waits while somebody else writes."""
    return float(os.environ.get(LOCK_VARIABLE) or 30)


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
