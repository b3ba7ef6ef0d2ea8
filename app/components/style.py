"""What the theme can't set: less white around, smaller figures, so that a page shows more at once; and paper."""

from __future__ import annotations

import streamlit as st

_STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding: 4.4rem 2rem 4rem; max-width: 1500px; }
[data-testid="stMetricValue"] { font-size: 1.35rem; font-variant-numeric: tabular-nums; }
[data-testid="stMetric"] { padding: 0.5rem 0.75rem; }
[data-testid="stVerticalBlock"] { gap: 0.6rem; }
[data-testid="stCaptionContainer"] p { color: var(--text-color, inherit) !important; opacity: 0.85; }
[data-testid="stCaptionContainer"] { color: inherit !important; opacity: 1; }
h1 { padding: 0 0 0.5rem !important; }
/* as high as the filters beside it, which have a label above */
.st-key-more { padding-top: 1.6rem; }
.on-paper { display: none; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 4.4rem 0.8rem 4rem; }
  /* two figures beside each other, and two filters */
  [data-testid="stHorizontalBlock"]:has([data-testid="stMetric"]) > [data-testid="stColumn"],
  .st-key-periods [data-testid="stHorizontalBlock"] > [data-testid="stColumn"],
  .st-key-filters [data-testid="stHorizontalBlock"] > [data-testid="stColumn"] {
    min-width: calc(50% - 1rem); flex: 1 1 calc(50% - 1rem);
  }
}
@media print {
  /* what can't be used on paper */
  [data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stToolbar"], [data-testid="stElementToolbar"],
  [data-testid="stButton"], [data-testid="stDownloadButton"], [data-testid="stPopover"], [data-testid="stPageLink"],
  [data-testid="stExpander"], [data-testid="stFileUploader"], [data-testid="stTooltipIcon"], .st-key-periods,
  .st-key-filters, .st-key-over-time, .st-key-group-by, .st-key-drill-down { display: none !important; }
  /* all of the page, not the part that is on the screen */
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"], [data-testid="stScreencast"] {
    position: static !important; display: block !important; height: auto !important; overflow: visible !important;
  }
  [data-testid="stMainBlockContainer"] { padding: 0; max-width: none; }
  [data-testid="stMetric"], [data-testid="stVegaLiteChart"], [data-testid="stAlert"], tr { break-inside: avoid; }
  [data-testid="stVegaLiteChart"], [data-testid="stVegaLiteChart"] canvas {
    max-width: 100% !important; height: auto !important;
  }
  h1, h2, h3 { break-after: avoid; }
  /* a grid is as wide as the screen: its rows are printed as a table */
  .on-paper { display: block; }
  [data-testid="stElementContainer"]:has(+ [data-testid="stElementContainer"] .on-paper table) { display: none; }
  .on-paper table { width: 100%; border-collapse: collapse; font-size: 0.75rem; }
  .on-paper th, .on-paper td { border-bottom: 1px solid #ccc; padding: 0.2rem 0.4rem; text-align: right; }
  .on-paper th:first-child, .on-paper td:first-child { text-align: left; }
  @page { margin: 12mm; }
}
</style>"""


def show_on_paper(html: str) -> None:
    """Add what is seen only where the page is printed.

    Args:
        html: with everything from data escaped.

    """
    st.html(f'<div class="on-paper">{html}</div>')


def apply_style() -> None:
    """Add the style to the page."""
    st.html(_STYLE)
