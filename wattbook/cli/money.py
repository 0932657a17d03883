# SPDX-License-Identifier: MIT
"""`wattbook money …`: deposits and withdrawals."""

from typing import Annotated, Any

import typer

from wattbook.cli.session import (
    DEFAULT_DEPLOYMENT,
    AsJson,
    Chain,
    DemoKey,
    Deployment,
    KeyChoice,
    Keystore,
    PasswordFile,
    Rpc,
    send,
    show,
    with_chain,
)
from wattbook.errors import AmountInexact
from wattbook.units import CASH_UNITS_PER_CURRENCY, format_cash, parse_cash

app = typer.Typer(help="Pay money in and out.", no_args_is_help=True)

Amount = Annotated[str, typer.Argument(help="In currency, such as 12.50")]
Account = Annotated[int, typer.Option(help="The account.")]


@app.command()
def deposit(
    amount: Amount,
    account: Account,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """Moves money from your wallet into an account."""

    async def work(chain: Chain) -> dict[str, Any]:
        key = KeyChoice(keystore, password_file, demo_key).open(chain.deployment.chain_id)
        tokens = to_tokens(amount, chain.deployment.cash_units_per_token_unit)
        await send(chain, key, "TestEuro", "approve", chain.contracts.address("PaymentVault"), tokens)
        done = await send(chain, key, "PaymentVault", "deposit", account, tokens)
        return {**done, **await balance(chain, account)}

    show(with_chain(deployment, rpc, work), as_json, "deposit")


@app.command()
def withdraw(
    amount: Amount,
    account: Account,
    to: Annotated[str | None, typer.Option(help="Where to; your own address by default.")] = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """Pays free balance out; only its owner can."""

    async def work(chain: Chain) -> dict[str, Any]:
        key = KeyChoice(keystore, password_file, demo_key).open(chain.deployment.chain_id)
        tokens = to_tokens(amount, chain.deployment.cash_units_per_token_unit)
        done = await send(chain, key, "PaymentVault", "withdraw", account, tokens, to or key.address)
        return {**done, **await balance(chain, account)}

    show(with_chain(deployment, rpc, work), as_json, "withdrawal")


def to_tokens(amount: str, cash_units_per_token_unit: int) -> int:
    """Token units of an amount. Raises AmountInexact below a token unit."""
    tokens, rest = divmod(parse_cash(amount), cash_units_per_token_unit)
    if rest:
        step = f"{cash_units_per_token_unit / CASH_UNITS_PER_CURRENCY:.7f}".rstrip("0")
        raise AmountInexact(text=amount, unit="currency", step=step)
    return tokens


async def balance(chain: Chain, account: int) -> dict[str, str]:
    units = await chain.contracts.read("PaymentVault", "balanceOf", account)
    return {"balance": format_cash(units)}
