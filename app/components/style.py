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
  [data-testid="stExpander"], [data-testid="stFileUploader"], .st-key-over-time { display: none !important; }
  /* all of the page, not the part that is on the screen */
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"], [data-testid="stScreencast"] {
    position: static !important; display: block !important; height: auto !important; overflow: visible !important;
  }
  [data-testid="stMainBlockContainer"] { padding: 0; max-width: none; }
  [data-testid="stMetric"], [data-testid="stVegaLiteChart"], [data-testid="stDataFrame"], [data-testid="stAlert"] {
    break-inside: avoid;
  }
  [data-testid="stVegaLiteChart"] canvas, [data-testid="stVegaLiteChart"] svg { max-width: 100% !important; }
  h1, h2, h3 { break-after: avoid; }
  @page { margin: 12mm; }
}
</style>"""


def apply_style() -> None:
    """Add the style to the page."""
    st.html(_STYLE)
