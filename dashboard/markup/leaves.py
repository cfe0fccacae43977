"""The leaves of a long list: which one the address asks for, and the ways to the others."""

from __future__ import annotations

from dashboard import i18n, linked
from dashboard.session import t, words


def chosen(last: int) -> int:
    """Which leaf the address asks for; the nearest that there is."""
    return min(max(linked.number(linked.LEAF) or 1, 1), max(last, 1))


def ways(page: str, leaf: int, last: int) -> None:
    """Links to the leaves before and after this one; nothing where there is but one."""
    if last < 2:
        return
    offered = []
    if leaf > 1:
        offered.append((t("leaves.before"), linked.here(page, **{linked.LEAF: str(leaf - 1)}), False))
    if leaf < last:
        offered.append((t("leaves.after"), linked.here(page, **{linked.LEAF: str(leaf + 1)}), False))
    at, of = (i18n.number(number, words().language) for number in (leaf, last))
    linked.choices(t("leaves.of", leaf=at, last=of), offered)
