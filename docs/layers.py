"""Draws the layers of the architecture, from the import contract in pyproject.toml.

Run as ``make docs``.
"""

import tomllib
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

HERE: Final = Path(__file__).parent
WIDTH: Final = 760
HEIGHT: Final = 40
"""Of one layer, in pixels."""
GAP: Final = 10


def picture(layers: list[list[str]]) -> str:
    """Layers as SVG, the top one first; the modules of a layer stand side by side."""
    height = len(layers) * (HEIGHT + GAP) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="monospace" font-size="16" text-anchor="middle">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fbfaf7"/>',
    ]
    for row, modules in enumerate(layers):
        top = GAP + row * (HEIGHT + GAP)
        width = (WIDTH - GAP * (len(modules) + 1)) / len(modules)
        for column, module in enumerate(modules):
            left = GAP + column * (width + GAP)
            parts.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{HEIGHT}" rx="4" '
                'fill="#eceae4" stroke="#2a6f97"/>'
                f'<text x="{left + width / 2:.1f}" y="{top + 26}" fill="#23262b">'
                f"{escape(module)}</text>"
            )
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Writes layers.svg."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))
    contract = project["tool"]["importlinter"]["contracts"][0]
    layers = [layer.split(" | ") for layer in contract["layers"]]
    (HERE / "layers.svg").write_text(picture(layers), "utf-8")


if __name__ == "__main__":
    main()
