"""Draws tables of measurements as SVG: lines over a logarithmic or a plain axis, each point with its number."""

import html
import math

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 72, 190, 52, 56
COLOURS = ["#0b6e4f", "#b5541c", "#3f5fa8", "#8a4f9e"]


def number(value):
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"


class Axis:
    """Maps values to the picture; logarithmic ones have ticks at the powers of ten, or at the values themselves."""

    def __init__(self, values, begin, end, ticks=None, logarithmic=True):
        self.logarithmic = logarithmic
        low, high = min(values), max(values)
        if not logarithmic:
            low, high = 0, high * 1.12
        elif ticks is None:
            low, high = 10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high))
        self.low, self.high, self.begin, self.end = self.scale(low), self.scale(high), begin, end
        self.ticks = ticks or self.usual_ticks(low, high)

    def scale(self, value):
        return math.log10(value) if self.logarithmic else value

    def usual_ticks(self, low, high):
        if self.logarithmic:
            return [10**power for power in range(round(math.log10(low)), round(math.log10(high)) + 1)]
        step = 10 ** math.floor(math.log10(high / 2))
        step *= next(factor for factor in (1, 2, 5, 10) if high / (step * factor) <= 6)
        return [step * at for at in range(int(high / step) + 1)]

    def place(self, value):
        return self.begin + (self.scale(value) - self.low) / (self.high - self.low) * (self.end - self.begin)


def spread(places, distance):
    """Moves labels apart that would lie on each other; the order stays."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = list(places)
    for before, at in zip(order, order[1:]):
        moved[at] = max(moved[at], moved[before] + distance)
    return moved


def description(x_title, y_title, series):
    """The numbers for who does not see the picture."""
    lines = ["; ".join(f"{number(y)} at {number(x)}" for x, y in points) for points in series.values()]
    return f"{y_title} by {x_title}. " + ". ".join(f"{name}: {line}" for name, line in zip(series, lines)) + "."


def label_place(y, others):
    """Where a label of the point at `y` stands, above it or below, so that none of the others' points is behind it; None
    where there is no room: the table has the number."""
    for baseline in (y - 8, y + 17):
        if all(abs(other - (baseline - 4)) > 10 for other in others):
            return baseline
    return None


def plot(title, x_title, y_title, series, logarithmic_y=True):
    """series is {name: [(x, y)]}; the first one is ours and is drawn last, over the others."""
    xs = sorted({x for points in series.values() for x, _ in points})
    x_axis = Axis(xs, LEFT, WIDTH - RIGHT, ticks=xs)
    y_axis = Axis([y for points in series.values() for _, y in points], HEIGHT - BOTTOM, TOP, logarithmic=logarithmic_y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">',
        f"<title>{html.escape(title)}</title>",
        f"<desc>{html.escape(description(x_title, y_title, series))}</desc>",
        "<style>text { font: 12.5px system-ui, 'DejaVu Sans', sans-serif; fill: #30363d } .head { font-size: 15px; font-weight: 700 }"
        " .value { font-size: 11px }</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text class="head" x="{LEFT}" y="24">{html.escape(title)}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{html.escape(x_title)}</text>',
        f'<text x="{LEFT - 60}" y="{TOP - 12}">{html.escape(y_title)}</text>',
    ]
    for tick in y_axis.ticks:
        y = y_axis.place(tick)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e1e5ea"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{number(tick)}</text>')
    for tick in x_axis.ticks:
        parts.append(f'<text x="{x_axis.place(tick):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{number(tick)}</text>')
    names = list(series)
    ends = spread([y_axis.place(series[name][-1][1]) for name in names], 17)
    for at, name in reversed(list(enumerate(names))):
        places = [(x_axis.place(x), y_axis.place(y)) for x, y in series[name]]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[at]}" stroke-width="{3 if at == 0 else 2}"/>')
        for (x, y), (value_x, value) in zip(places, series[name]):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{COLOURS[at]}"/>')
            # The last value stands at the end of the line.
            others = [y_axis.place(dict(series[other])[value_x]) for other in names[1:] if value_x in dict(series[other])]
            baseline = label_place(y, others) if at == 0 and value_x != xs[-1] else None
            if baseline is not None:
                parts.append(f'<text class="value" x="{x:.1f}" y="{baseline:.1f}" text-anchor="middle" style="fill:{COLOURS[0]}">{number(value)}</text>')
        label = f"{name}: {number(series[name][-1][1])}"
        parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{ends[at] + 4:.1f}" style="fill:{COLOURS[at]};font-weight:{700 if at == 0 else 400}">'
                     f"{html.escape(label)}</text>")
    return "\n".join(parts + ["</svg>", ""])
