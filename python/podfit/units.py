"""Amounts as people read them."""

from __future__ import annotations

__all__ = ["amount", "share"]

_MILLI = ("cpu", "podfit.dev/gpu-milli")
_BYTES = ("memory", "ephemeral-storage")
_SUFFIXES = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")


def amount(resource: str, value: int) -> str:
    """Thousandths and bytes in larger units, all else as it is.

    >>> amount("cpu", 1500), amount("memory", 3 << 29), amount("nvidia.com/gpu", 2)
    ('1.5', '1.5Gi', '2')
    """
    if resource in _MILLI:
        return f"{value / 1000:.4g}"
    if resource in _BYTES or resource.startswith("hugepages-"):
        return _bytes(value)
    return str(value)


def _bytes(value: int) -> str:
    size, step = float(value), 0
    while abs(size) >= 1024 and step < len(_SUFFIXES) - 1:
        size, step = size / 1024, step + 1
    return f"{size:.3g}{_SUFFIXES[step]}"


def share(used: int, of: int) -> str:
    """A percentage.

    >>> share(1, 3), share(1, 0)
    ('33%', 'none there')
    """
    return f"{100 * used / of:.0f}%" if of > 0 else "none there"
