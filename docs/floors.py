"""Draws the floors of the architecture, from the import contract in pyproject.toml.

Run as ``make pictures``.
"""

import tomllib
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
WIDTH, FLOOR, GAP = 760, 44, 10


def main() -> None:
    """Writes floors.svg."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))
    contract = project["tool"]["importlinter"]["contracts"][0]
    floors = [floor.split(" | ") for floor in contract["layers"] if floor != "__main__"]
    height = len(floors) * (FLOOR + GAP) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="monospace" font-size="16" text-anchor="middle">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fbfaf7"/>',
    ]
    for row, rooms in enumerate(floors):
        top = GAP + row * (FLOOR + GAP)
        width = (WIDTH - GAP * (len(rooms) + 1)) / len(rooms)
        for place, room in enumerate(rooms):
            left = GAP + place * (width + GAP)
            parts.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{FLOOR}" rx="4" '
                'fill="#eceae4" stroke="#2a6f97"/>'
                f'<text x="{left + width / 2:.1f}" y="{top + 28}" fill="#23262b">'
                f"{escape(room)}</text>"
            )
    (HERE / "floors.svg").write_text("\n".join([*parts, "</svg>", ""]), "utf-8")


if __name__ == "__main__":
    main()
