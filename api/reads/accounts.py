# SPDX-License-Identifier: MIT
"""Accounts: who owns them, what they may do, what they have locked, what moved in and out."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, literal, null, select, text, tuple_, union_all

from api import paging
from api.amounts import energy, money
from api.errors import AccountUnknown
from api.tables import chain
from api.tables.metering import dispute_steps
from api.tables.money import certificates, debts, moves, retirements

# What orders and fills lock, an offer by its own area's retail, less what claims in void markets returned and
# lowerLock released; periods that the account has settled are over.
_LOCKED = text(
    """
    SELECT coalesce(sum(amount), 0) FROM (
      SELECT CASE o.side
               WHEN 0 THEN o.taken_value + o.taken_wh * o.fee_ticks
                         + (o.rested_wh - o.returned_wh) * o.limit_ticks
               ELSE (o.taken_wh + o.rested_wh - o.returned_wh)
                         * CASE WHEN o.retail_ticks > o.limit_ticks
                                THEN o.retail_ticks - o.limit_ticks ELSE 0 END
             END AS amount, o.carrier, o.period
        FROM (
          SELECT orders.*, m.carrier AS carrier, m.period AS period, (
                   SELECT t.retail_ticks FROM terms t
                    WHERE t.area = orders.account >> 16
                      AND t.carrier = m.carrier AND t.from_period <= m.period
                    ORDER BY t.from_period DESC, t.block_number DESC, t.log_index DESC LIMIT 1
                 ) AS retail_ticks
            FROM orders JOIN markets m ON m.market = orders.market WHERE orders.account = :account) AS o
      UNION ALL
      SELECT -(c.paid + c.locked), m.carrier, m.period
        FROM claims c JOIN markets m ON m.market = c.market JOIN voids v ON v.market = c.market
       WHERE c.account = :account AND v.venue = :venue
      UNION ALL
      SELECT -l.amount, l.carrier, l.period FROM lowered_locks l WHERE l.account = :account
    ) AS parts
    WHERE NOT EXISTS (
      SELECT 1 FROM settlements s
       WHERE s.account = :account AND s.carrier = parts.carrier AND s.period = parts.period)
    """
)


def find_account(connection: Connection, account: int) -> Any:
    """The row (account, owner). Raises AccountUnknown."""
    row = connection.execute(select(chain.accounts).where(chain.accounts.c.account == account)).first()
    if row is None:
        raise AccountUnknown(account=account)
    return row


def accounts_of(connection: Connection, owner: str) -> list[int]:
    """The accounts of an address (checksummed), in order of opening."""
    accounts = chain.accounts.c
    query = select(accounts.account).where(accounts.owner == owner)
    return list(connection.scalars(query.order_by(accounts.block_number, accounts.log_index)))


def rights_of(connection: Connection, account: int) -> dict[str, bool]:
    """What the account may do now."""
    rights = chain.rights.c
    query = (
        select(rights.buyer, rights.seller)
        .where(rights.account == account)
        .order_by(rights.block_number.desc(), rights.log_index.desc())
    )
    row = connection.execute(query).first()
    return {"buyer": bool(row and row.buyer), "seller": bool(row and row.seller)}


def admission_of(connection: Connection, account: int) -> dict[str, Any]:
    """First period and whether the admission was revoked; reserved accounts have none."""
    admissions, revocations = chain.admissions.c, chain.revocations.c
    first = connection.execute(select(admissions.first_period).where(admissions.account == account)).scalar()
    revoked = connection.execute(select(revocations.number).where(revocations.account == account)).first()
    return {"first_period": first, "revoked": revoked is not None}


def locked(connection: Connection, account: int, venue: str) -> int:
    """Cash units that the account's orders, fills and unsettled positions hold."""
    return int(connection.execute(_LOCKED, {"account": account, "venue": venue}).scalar_one())


def points_of(connection: Connection, account: int) -> Sequence[Any]:
    """The account's metering points, in order of registration."""
    query = select(chain.points).where(chain.points.c.account == account).order_by(chain.points.c.point)
    return connection.execute(query).all()


def describe_point(row: Any) -> dict[str, Any]:
    return {
        "point": row.point,
        "carrier": row.carrier,
        **energy("max_import", row.max_import_wh),
        **energy("max_export", row.max_export_wh),
        **energy("default_import", row.default_import_wh),
        "resolution_wh": str(row.resolution_wh),
        "gateway": row.gateway,
        "first_period": row.first_period,
    }


def money_page(connection: Connection, account: int, limit: int, cursor: str | None) -> dict[str, Any]:
    """Deposits, withdrawals, settlements, debts; newest first."""
    key = ("block_hash", "block_number", "log_index", "part")
    moved = select(
        *(moves.c[name] for name in key),
        moves.c.kind,
        moves.c.amount,
        moves.c.period,
        moves.c.transaction_hash,
    ).where(moves.c.account == account)
    owed = select(
        *(debts.c[name] for name in key),
        literal("debt"),
        debts.c.debt,
        null().label("period"),
        null().label("transaction_hash"),
    ).where(debts.c.account == account)
    both = union_all(moved, owed).subquery()
    order = (both.c.block_number.desc(), both.c.log_index.desc(), both.c.part.desc(), both.c.kind)
    query = select(both, chain.blocks.c.at).join(chain.blocks, chain.blocks.c.hash == both.c.block_hash)
    before = paging.decode_cursor(cursor, 3)
    if before is not None:
        query = query.where(_key_before(both.c, before))
    rows = connection.execute(query.order_by(*order).limit(limit + 1)).all()
    page = paging.cut(rows, limit, lambda row: (row.block_number, row.log_index, row.part))
    return {"items": [_describe_move(row) for row in page["items"]], "next": page["next"]}


def _key_before(columns: Any, before: paging.Key) -> Any:
    return tuple_(columns.block_number, columns.log_index, columns.part) < before


def _describe_move(row: Any) -> dict[str, Any]:
    return {
        "kind": row.kind,
        **money("amount", row.amount),
        "period": row.period,
        "at": row.at,
        "block": row.block_number,
        "transaction": row.transaction_hash,
    }


def certificates_page(connection: Connection, account: int, limit: int, cursor: str | None) -> dict[str, Any]:
    """Certificates handed out to the account, newest first."""
    return _page(connection, certificates, account, _describe_certificate, limit, cursor)


def retirements_page(connection: Connection, account: int, limit: int, cursor: str | None) -> dict[str, Any]:
    """Certificates that the account retired, newest first."""
    return _page(connection, retirements, account, _describe_certificate, limit, cursor)


def disputes_page(connection: Connection, account: int, limit: int, cursor: str | None) -> dict[str, Any]:
    """What became of the account's disputes, newest step first."""
    return _page(connection, dispute_steps, account, _describe_dispute, limit, cursor)


def _page(
    connection: Connection,
    table: Table,
    account: int,
    describe: Callable[[Any], dict[str, Any]],
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """The account's rows of a table of events, newest first."""
    key = (table.c.block_number, table.c.log_index, table.c.part)
    query = (
        select(table, chain.blocks.c.at)
        .join(chain.blocks, chain.blocks.c.hash == table.c.block_hash)
        .where(table.c.account == account)
        .order_by(*(column.desc() for column in key))
    )
    before = paging.decode_cursor(cursor, 3)
    if before is not None:
        query = query.where(_key_before(table.c, before))
    rows = connection.execute(query.limit(limit + 1)).all()
    page = paging.cut(rows, limit, lambda row: (row.block_number, row.log_index, row.part))
    return {"items": [describe(row) for row in page["items"]], "next": page["next"]}


def _describe_dispute(row: Any) -> dict[str, Any]:
    names = ("point", "period", "state", "import_register", "export_register", "at")
    return {name: getattr(row, name) for name in names}


def _describe_certificate(row: Any) -> dict[str, Any]:
    return {
        "market": row.market,
        "area": row.market >> 40,
        "carrier": row.carrier,
        "period": row.period,
        **energy("energy", row.energy_wh),
        "at": row.at,
    }
