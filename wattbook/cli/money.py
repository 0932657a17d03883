# SPDX-License-Identifier: MIT
"""`wattbook money …`: deposits and withdrawals."""

from typing import Annotated, Any

import typer

from wattbook.cli.choices import Account, chain_time
from wattbook.cli.options import signs
from wattbook.cli.session import Chain, SigningChain, SigningSession
from wattbook.keys import sign_digest_65
from wattbook.typeddata.permit import Permit, token_domain
from wattbook.units import format_cash

app = typer.Typer(help="Pay money in and out.", no_args_is_help=True)

PERMIT_SECONDS = 3_600

Amount = Annotated[str, typer.Argument(help="In currency, such as 12.50")]


@app.command()
@signs
async def deposit(
    session: SigningSession,
    amount: Amount,
    account: Account,
) -> None:
    """Moves money from your wallet into an account."""
    async with session.signing() as chain:
        tokens = chain.deployment.token.parse(amount)
        done = await chain.send("PaymentVault", "depositWithPermit", *await permitted(chain, account, tokens))
        session.show({**done, **await balance(chain, account)}, "deposit")


@app.command()
@signs
async def withdraw(
    session: SigningSession,
    amount: Amount,
    account: Account,
    to: Annotated[str | None, typer.Option(help="Where to; your own address by default.")] = None,
) -> None:
    """Pays free balance out; only its owner can."""
    async with session.signing() as chain:
        tokens = chain.deployment.token.parse(amount)
        done = await chain.send("PaymentVault", "withdraw", account, tokens, to or chain.key.address)
        session.show({**done, **await balance(chain, account)}, "withdrawal")


async def permitted(chain: SigningChain, account: int, tokens: int) -> tuple[Any, ...]:
    """depositWithPermit's arguments: one transaction, so a deposit that is refused leaves no allowance."""
    vault, token = chain.contracts.address("PaymentVault"), chain.contracts.address("TestEuro")
    key = chain.key
    name, nonce = await chain.contracts.read_many(
        [("TestEuro", "name", ()), ("TestEuro", "nonces", (key.address,))]
    )
    deadline = await chain_time(chain) + PERMIT_SECONDS
    message = Permit(key.address, vault, tokens, nonce, deadline)
    domain = token_domain(chain.deployment.chain_id, token, name)
    signature = sign_digest_65(key, message.digest(domain))
    return account, tokens, deadline, signature[64], signature[:32], signature[32:64]


async def balance(chain: Chain, account: int) -> dict[str, str]:
    units = await chain.contracts.read("PaymentVault", "balanceOf", account)
    return {"balance": format_cash(units)}
