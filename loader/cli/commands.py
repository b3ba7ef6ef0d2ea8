"""What commands share: how a client is named, and the options for reading a file.

A command declares the value that it works with (`settings: Context`, `client: ClientKey`, `options: ReadingOptions`),
and `command` gives it the options or arguments that make that value.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer
from typer.core import TyperCommand

from loader.cli.completion import complete_client, complete_platform, complete_wave, complete_year
from loader.cli.context import CLIENT_VARIABLE, Context, given_client, required_client
from loader.files.options import ReadingOptions, declared_options, reading_options
from loader.names import ClientKey, client_schema

_READING = "How the file is written (detected by default)"
_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_Maker = tuple[Callable[[dict[str, Any]], Any], list[inspect.Parameter]]
_ONE_WORD = re.compile(r"[^/@-][^/@]*/[^/]+/[^/]+")


# a client named by arguments, for commands that are about the client itself
PositionalClient = Annotated[ClientKey, "by arguments"]
WaveOption = Annotated[
    int, typer.Option("--wave", help="The number of the wave, from 1.", autocompletion=complete_wave)
]


class _OneWordCommand(TyperCommand):
    """A command whose first argument may be client/platform/year in one word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Expand a client given as one word into its three arguments."""
        at = next((position for position, word in enumerate(args) if _ONE_WORD.fullmatch(word)), None)
        words = [] if at is None else [*args[:at], *args[at].split("/"), *args[at + 1 :]]
        return super().parse_args(ctx, words or args)


def command(app: typer.Typer, name: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function a command of an app; parameters of the types above become options or arguments.

    Args:
        app: the group that it belongs to.
        name: what users type; the function's name without it.

    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(function, include_extras=True)
        makers = dict(_makers(hints))

        @wraps(function)
        def run(**given: Any) -> None:
            made = {parameter: make(given) for parameter, (make, _) in makers.items()}
            taken = {option.name for _, options in makers.values() for option in options}
            function(**made, **{key: value for key, value in given.items() if key not in taken})

        parameters = _expanded(function, hints, makers)
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        is_positional = PositionalClient in hints.values()
        app.command(name, cls=_OneWordCommand if is_positional else None)(run)
        return function

    return register


def _makers(hints: Mapping[str, Any]) -> Iterator[tuple[str, _Maker]]:
    """For each parameter that is made: what makes it, and the options or arguments that it is made of."""
    for name, hint in hints.items():
        if hint is Context:
            yield name, (lambda given: given["context"].obj, [_parameter("context", typer.Context)])
        elif hint is ReadingOptions:
            yield name, (_reading_options, list(_reading_parameters()))
        elif hint == PositionalClient:
            yield name, (_positional_client, list(_client_arguments()))
        elif hint is ClientKey:
            yield name, (required_client, list(_client_options()))
        elif hint == ClientKey | None:
            yield name, (given_client, list(_client_options()))


def _expanded(
    function: Callable[..., None], hints: Mapping[str, Any], makers: Mapping[str, _Maker]
) -> list[inspect.Parameter]:
    """The command's parameters, those that are made in the place of what they make; by keyword all."""
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        own = [parameter.replace(annotation=hints[name], kind=_KEYWORD)]
        parameters += makers[name][1] if name in makers else own
    return parameters


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, _KEYWORD, annotation=annotation, default=default)


def _client_options() -> Iterable[inspect.Parameter]:
    where = f"The client, as acme/meta/2024. {CLIENT_VARIABLE} sets it for all commands."
    client = typer.Option(help=where, autocompletion=complete_client)
    platform = typer.Option(
        help="The platform, if --client gives only the client's name.", autocompletion=complete_platform
    )
    year = typer.Option(
        help="The year of the campaigns, if --client gives only the client's name.", autocompletion=complete_year
    )
    yield _parameter("client", Annotated[str | None, client], None)
    yield _parameter("platform", Annotated[str | None, platform], None)
    yield _parameter("year", Annotated[int | None, year], None)


def _client_arguments() -> Iterable[inspect.Parameter]:
    client = typer.Argument(
        help="The client: lower-case letters, digits and single underscores; or all three parts, as in acme/meta/2024.",
        autocompletion=complete_client,
    )
    platform = typer.Argument(help="The platform: meta, linkedin, googleads, tiktok, ...")
    yield _parameter("client", Annotated[str, client])
    yield _parameter("platform", Annotated[str, platform])
    yield _parameter("year", Annotated[int, typer.Argument(help="The year of the campaigns.")])


def _reading_parameters() -> Iterator[inspect.Parameter]:
    for option in declared_options():
        declared = typer.Option(help=option.help, rich_help_panel=_READING)
        kind: Any = option.kind if option.default is not None else option.kind | None
        yield _parameter(option.name, Annotated[kind, declared], option.default)


def _reading_options(given: dict[str, Any]) -> ReadingOptions:
    return reading_options(**{option.name: given[option.name] for option in declared_options()})


def _positional_client(given: dict[str, Any]) -> ClientKey:
    return client_schema(given["client"], given["platform"], given["year"])
