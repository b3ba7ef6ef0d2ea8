"""Choices that are in the page's address, so that a view can be sent to somebody; the address decides what is chosen.

What an address asks for and a person does not have is never passed over in silence, and never named: a client may be
somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from urllib.parse import parse_qs, urlencode

import streamlit as st

from loader.words import counted

_STREAMLITS = ("embed", "embed_options")


class Address:
    """The choices of one page, and what of them is not there."""

    def __init__(self) -> None:
        """Nothing is asked for yet."""
        self._ignored: dict[str, int] = {}
        self._replaced: list[str] = []
        self._empty: list[str] = []

    @property
    def selects_nothing(self) -> bool:
        """Whether of some filter no value is there: everything would be shown where one thing was asked for."""
        return bool(self._empty)

    def several(
        self, label: str, name: str, options: Mapping[str, str], what: str, help_text: str | None = None
    ) -> tuple[str, ...]:
        """Some of many, with search; none is all.

        Args:
            label: of the filter.
            name: in the address.
            options: what can be chosen, with how it is shown; each shown once.
            what: one of them, in words.
            help_text: beside the label.

        """
        asked = tuple(dict.fromkeys(st.query_params.get_all(name)))
        known = self._known(name, asked, options, what)
        st.session_state[_key(name)] = list(known)
        st.multiselect(
            label, list(options), format_func=lambda value: options.get(value, value), key=_key(name),
            placeholder="All", on_change=_from_widget, args=(name,), help=help_text,
        )  # fmt: skip
        return known

    def one(self, label: str, name: str, options: Sequence[str], default: str, help_text: str | None = None) -> str:
        """One of a few; the default is not in the address."""
        asked = st.query_params.get(name)
        chosen = asked if asked is not None and asked in options else default
        if asked is not None and asked != chosen:
            self._replaced.append(f"{label} ({chosen})")
        st.session_state[_key(name)] = chosen
        st.selectbox(label, list(options), key=_key(name), on_change=_from_widget, args=(name, default), help=help_text)
        return chosen

    def segment(self, label: str, name: str, options: Mapping[str, str], default: str) -> str:
        """One of a few that are all shown.

        Args:
            label: of them.
            name: in the address.
            options: what can be chosen, with how it is shown and is in the address.
            default: one of them, which is not in the address.

        """
        by_word = {word: option for option, word in options.items()}
        asked = st.query_params.get(name)
        chosen = by_word.get(asked or "", default)
        if asked is not None and asked not in by_word:
            self._replaced.append(f"{label} ({options[chosen]})")
        st.session_state[_key(name)] = options[chosen]
        st.segmented_control(
            label, list(by_word), key=_key(name), required=True, on_change=_from_widget, args=(name, options[default])
        )
        return chosen

    def drilled(self, name: str, found: Callable[[tuple[str, ...]], Mapping[str, str]], what: str) -> tuple[str, ...]:
        """What a click led to, without a widget of its own.

        Args:
            name: in the address.
            found: those of some values that are there.
            what: one of them, in words.

        """
        asked = tuple(dict.fromkeys(st.query_params.get_all(name)))
        return self._known(name, asked, found(asked), what) if asked else ()

    def _known(self, name: str, asked: tuple[str, ...], options: Mapping[str, str], what: str) -> tuple[str, ...]:
        known = tuple(value for value in asked if value in options)
        if missing := len(asked) - len(known):
            self._ignored[what] = missing
            if not known:
                self._empty.append(name)
        return known

    def day(self, label: str, name: str, default: date, first: date, last: date) -> date:
        """A day from the first to the last."""
        chosen, asked = default, st.query_params.get(name)
        if asked is not None:
            try:
                given = date.fromisoformat(asked)
            except ValueError:
                given = date.max
            if first <= given <= last:
                chosen = given
            else:
                self._replaced.append(f"{label} ({chosen})")
        st.session_state[_key(name)] = chosen
        st.date_input(
            label,
            min_value=first,
            max_value=last,
            format="YYYY-MM-DD",
            key=_key(name),
            on_change=_from_widget,
            args=(name,),
        )
        return chosen

    def flag(self, label: str, name: str) -> bool:
        """On or off; off is not in the address."""
        chosen = st.query_params.get(name) == "yes"
        st.session_state[_key(name)] = chosen
        st.toggle(label, key=_key(name), on_change=_from_toggle, args=(name,))
        return chosen

    def state(self, name: str, value: str) -> None:
        """Have a choice in the address even where it is the default, which is another for other people."""
        if st.query_params.get(name) != value:
            st.query_params[name] = value

    def show_ignored(self) -> None:
        """What the address asks for and is not there, with the way to be rid of it."""
        if not self._ignored and not self._replaced:
            return
        words = []
        if self._ignored:
            listed = " and ".join(counted(count, what) for what, count in self._ignored.items())
            words.append(f"This address asks for {listed} that you have no figures of; left out here.")
        if self._replaced:
            words.append(f"Of its values, this page does not know some; shown instead: {', '.join(self._replaced)}.")
        if self._empty:
            words.append("Nothing is left of what it selects, so no figures are shown.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(" ".join(words), icon=":material/link_off:")
            st.button("Start without filters", on_click=go_to, args=("",))


def _key(name: str) -> str:
    """Of the widget: pages may have filters of one name."""
    return f"address {name}"


def current_address() -> str:
    """What follows the question mark in the address."""
    return urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])


def go_to(address: str) -> None:
    """Show another address of this page; to be called before the page is drawn.

    Args:
        address: what follows the question mark.

    """
    found = parse_qs(address, keep_blank_values=True)
    # how Streamlit draws the page is not a page's to set, and it refuses that
    st.query_params.from_dict({name: found[name] for name in found if name.lower() not in _STREAMLITS})


def choose(name: str, values: Sequence[str]) -> None:
    """Choose values of a filter; to be called before the page is drawn."""
    if values:
        st.query_params[name] = list(values)
    else:
        st.query_params.pop(name, None)


def _from_widget(name: str, default: str | None = None) -> None:
    value = st.session_state[_key(name)]
    values = value if isinstance(value, list) else [value.isoformat() if isinstance(value, date) else value]
    choose(name, [] if values in ([default], [None]) else values)


def _from_toggle(name: str) -> None:
    choose(name, ["yes"] if st.session_state[_key(name)] else [])
