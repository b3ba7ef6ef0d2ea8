"""The commands of recovery: backup, backups, restore, rebuild and undo."""

from __future__ import annotations

from typing import Annotated

import typer

from loader.cli.commands import command
from loader.cli.context import Context
from loader.cli.output import StepBar, print_done, print_note
from loader.errors import ExitCode, NameRefusedError
from loader.names import client_from_word

app = typer.Typer()
_Target = Annotated[str, typer.Argument(help="A folder, or s3://bucket/folder.")]
_At = Annotated[
    str | None, typer.Option(help="A backup's id, or a time (UTC) such as 2026-11-30T18:00. Default: the last one.")
]


@command(app)
def backup(settings: Context, target: _Target) -> None:
    """Back up database, stage and registry as they are at one moment; loads wait for seconds.

    Writes only what is new there. Set SPARK9_BACKUP_KEY to encrypt. Keeps all backups of the last day, and the last of
    each of 7 days, 4 weeks and 12 months. Every hour, as a line for cron: 0 * * * * cd /srv/spark9 && .venv/bin/spark9
    backup s3://bucket/spark9

    Example: spark9 backup s3://agency-backups/spark9
    """
    from ops.recovery.backup import back_up

    with StepBar("backup") as bar:
        done = back_up(settings.workspace, target, on_step=bar.step)
    removed = f"; {done.removed} old backups removed" if done.removed else ""
    print_done(
        f"backup {done.snapshot.id}: {done.files} files, {_bytes(done.size)}, of which {_bytes(done.written)} were "
        f"written; loads waited {done.seconds_locked:.1f} s{removed}"
    )


@command(app)
def backups(
    target: _Target,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read the last one, or that of --at, and check every piece.")
    ] = False,
    at: _At = None,
) -> None:
    """List the backups in a place, or verify one.

    Example: spark9 backups s3://agency-backups/spark9 --verify
    """
    from ops.recovery.restore import verify_backup
    from ops.recovery.store import Store

    if verify:
        with StepBar("verify") as bar:
            found = verify_backup(target, at, on_step=bar.step)
        print_done(f"backup {found.snapshot.id}: {found.files} files, all whole")
        return
    for snapshot in Store(target).snapshots():
        print_done(f"{snapshot.id}  {snapshot.taken_at:%Y-%m-%d %H:%M:%S} UTC")


@command(app)
def restore(
    settings: Context,
    target: _Target,
    at: _At = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a database that is in order; it is kept beside the new one.")
    ] = False,
    originals: Annotated[
        bool, typer.Option("--originals", help="Only put originals back that the stage lost; tables stay as they are.")
    ] = False,
) -> None:
    """Restore a backup to an empty or broken place, then verify every wave against its original.

    Every piece is checked before anything takes effect. Exits with code 6 if anything differs.

    Example: spark9 restore s3://agency-backups/spark9

    Example: spark9 restore s3://agency-backups/spark9 --at 2026-11-30T18:00 --replace
    """
    from ops.recovery.restore import restore as restored
    from ops.recovery.restore import restore_originals

    with StepBar("restore") as bar:
        if originals:
            done = restore_originals(settings.workspace, target, at, on_step=bar.step)
        else:
            done = restored(settings.workspace, target, at, force=replace, on_step=bar.step)
    print_done(f"restored {done.snapshot.id}: {done.files} files, of which {done.written} were written")
    if done.aside:
        print_note(f"What was there before is in {done.aside}; delete it when you no longer need it.")
    _verify_all(settings)


@command(app)
def rebuild(
    settings: Context,
    client: Annotated[str | None, typer.Argument(help="The client, such as acme/meta/2024.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All clients.")] = False,
) -> None:
    """Rebuild tables from the originals and the ledger in the stage alone, verify them, then put them in place.

    Wave names, decisions, answers and the order of loads are as they were. The old tables stay until then.

    Example: spark9 rebuild acme/meta/2024

    Example: spark9 rebuild --all
    """
    from ops.recovery.rebuild import rebuild as rebuilt

    if everything == (client is not None):
        raise NameRefusedError("Name a client, such as acme/meta/2024, or use --all.")
    with StepBar("rebuild") as bar:
        done = rebuilt(settings.workspace, client_from_word(client) if client else None, on_step=bar.step)
    print_done(f"rebuilt {', '.join(map(str, done.clients))}: {done.loads} loads, {done.rows:,} rows, all verified")
    for name in done.unlisted:
        print_note(f"Not in the ledger, and so not loaded: {name}. If it counts, load it with spark9 load.")
    if done.aside:
        print_note(f"The damaged database is in {done.aside}.")
    print_note("Now run: spark9 build")


@command(app)
def undo(
    settings: Context,
    client: Annotated[str, typer.Argument(help="The client, such as acme/meta/2024.")],
    source: Annotated[str | None, typer.Option("--from", help="Where the backups are; Snowflake needs none.")] = None,
    at: _At = None,
) -> None:
    """Take one client back to a backup, after a wrong rollback or drop; other clients stay as they are.

    On Snowflake by Time Travel: a dropped client comes back, and --at takes its tables back to that time.

    Example: spark9 undo acme/meta/2024 --from s3://agency-backups/spark9

    Example: SPARK9_TARGET=prod_loader spark9 undo acme/meta/2024 --at 2026-11-30T18:00
    """
    from ops.recovery.restore import restore_client
    from ops.recovery.time_travel import travel_back

    key = client_from_word(client)
    if settings.workspace.database_file is None:
        print_done(travel_back(settings.workspace, key, at))
        print_note("Now run: spark9 build")
        return
    if source is None:
        raise NameRefusedError("Name the place of the backups with --from.")
    with StepBar("undo") as bar:
        done = restore_client(settings.workspace, source, key, at, on_step=bar.step)
    print_done(f"{client} is as it was in {done.snapshot.id} ({done.snapshot.taken_at:%Y-%m-%d %H:%M} UTC)")
    print_note("Now run: spark9 build")


def _verify_all(settings: Context) -> None:
    from ops.output import print_verified
    from ops.verification import verify_waves

    loads = list(verify_waves(settings.workspace))
    wrong = [load for load in loads if load.differences]
    for load in wrong:
        print_verified(load)
    print_done(f"{len(loads)} loads verified, {len(wrong) or 'none'} with differences")
    if wrong:
        raise typer.Exit(int(ExitCode.DIFFERENT))


def _bytes(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB"
