"""Plain text tables."""

from collections.abc import Collection, Sequence


def table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[str] = ()
) -> str:
    """Return rows in columns as wide as they need to be.

    Args:
        headers: one for each column.
        rows: cells; a row with one cell spans all columns.
        right: headers of the columns that are aligned to the right.
    """
    full = [headers, *(row for row in rows if len(row) == len(headers))]
    widths = [max(len(row[column]) for row in full) for column in range(len(headers))]

    def render(row: Sequence[str]) -> str:
        if len(row) != len(headers):
            return "  ".join(row)
        cells = (
            cell.rjust(width) if header in right else cell.ljust(width)
            for cell, width, header in zip(row, widths, headers, strict=True)
        )
        return "  ".join(cells).rstrip()

    return "\n".join(map(render, [headers, *rows]))
