# SPDX-License-Identifier: MIT
"""All money, in cash units: balances, debts to the backstop, the pots into which venues lock."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from wattbook import ids
from wattbook.model.refusal import Refused

MAX_NONCE = (1 << 28) - 2


class Pot(NamedTuple):
    """A venue's pot under one of its keys."""

    venue: str
    key: int


class Payment(NamedTuple):
    """`receipts` repay the account's debt first; `returned` never does."""

    account: int
    receipts: int
    returned: int


@dataclass(slots=True)
class Holding:
    """An account in the vault."""

    owner: str
    buyer: bool
    seller: bool
    balance: int = 0
    debt: int = 0
    next_nonce: int = 0

    @property
    def unowed(self) -> int:
        """Balance minus debt, never below 0: what backs a bid or may leave."""
        return max(self.balance - self.debt, 0)


class Vault:
    """Every change conserves `entrusted` = Σ balances + Σ pots, deposits and withdrawals apart."""

    def __init__(self, cash_units_per_token_unit: int = 10) -> None:
        self.cash_units_per_token_unit = cash_units_per_token_unit
        self.accounts: dict[int, Holding] = {}
        self.debt_limits: dict[int, int] = {}
        self.default_debt_limits: dict[int, int] = {}  # by area
        self.pots: defaultdict[Pot, int] = defaultdict(int)
        self.closed_until: dict[Pot, int] = {}

    # --- participants ------------------------------------------------------------------------------------

    def open(self, account: int, owner: str, buyer: bool = False, seller: bool = False) -> None:
        """Opens an account. Raises Refused if it is taken."""
        if account in self.accounts:
            raise Refused("AccountTaken", account=account)
        self.accounts[account] = Holding(owner, buyer, seller)

    def holding(self, account: int) -> Holding:
        """An account's own word. Raises Refused if it isn't open."""
        if account not in self.accounts:
            raise Refused("AccountUnknown", account=account)
        return self.accounts[account]

    def require_owner(self, account: int, owner: str) -> None:
        """Raises Refused unless `owner` owns the account."""
        if self.holding(account).owner != owner:
            raise Refused("NotAccountOwner", account=account, caller=owner)

    def deposit(self, account: int, tokens: int) -> None:
        """Brings `tokens` token units in."""
        self.holding(account).balance += tokens * self.cash_units_per_token_unit

    def withdraw(self, account: int, owner: str, tokens: int) -> None:
        """Takes `tokens` token units of the unowed balance out. Raises Refused."""
        holding = self.accounts.get(account)
        if holding is None or holding.owner != owner:
            raise Refused("NotAccountOwner", account=account, caller=owner)
        cash = tokens * self.cash_units_per_token_unit
        if cash > holding.unowed:
            raise Refused("InsufficientBalance", account=account, available=holding.unowed, needed=cash)
        holding.balance -= cash

    def cancel_up_to(self, account: int, owner: str, nonce: int) -> None:
        """No order signed with this nonce or a lower one enters any more. Raises Refused."""
        holding = self.accounts.get(account)
        if holding is None or holding.owner != owner:
            raise Refused("NotAccountOwner", account=account, caller=owner)
        self.require_nonce(account, nonce)
        holding.next_nonce = nonce + 1

    def set_debt_limit(self, account: int, backstop_owner: str, limit: int) -> None:
        """What the account may owe its backstop and still bid. Raises Refused."""
        self._require_backstop(account >> 16, backstop_owner)
        self.holding(account)
        self.debt_limits[account] = limit

    def set_default_debt_limit(self, area: int, backstop_owner: str, limit: int) -> None:
        """Of all accounts of an area for which none is set. Raises Refused."""
        self._require_backstop(area, backstop_owner)
        self.default_debt_limits[area] = limit

    def debt_limit(self, account: int) -> int:
        """Cash units; 0 if nobody set any."""
        return self.debt_limits.get(account, self.default_debt_limits.get(account >> 16, 0))

    def _require_backstop(self, area: int, owner: str) -> None:
        backstop = self.accounts.get(ids.backstop_of(area))
        if backstop is None or backstop.owner != owner:
            raise Refused("NotAccountOwner", account=ids.backstop_of(area), caller=owner)

    # --- venues ------------------------------------------------------------------------------------------

    def require_lock(
        self, account: int, owner: str, pot: Pot, amount: int, is_offer: bool, now: int, returning: int = 0
    ) -> None:
        """Refuses a lock that can't be had, if `returning` cash units come back to the account before."""
        holding = self.accounts.get(account)
        if holding is None or holding.owner != owner:
            raise Refused("NotAccountOwner", account=account, caller=owner)
        if not (holding.seller if is_offer else holding.buyer):
            raise Refused("NotSeller" if is_offer else "NotBuyer", account=account)
        if not is_offer and holding.debt > self.debt_limit(account):
            raise Refused(
                "DebtAboveLimit", account=account, debt=holding.debt, limit=self.debt_limit(account)
            )
        owed = 0 if is_offer else holding.debt
        available = max(holding.balance + returning - owed, 0)
        if amount > available:
            raise Refused("InsufficientBalance", account=account, available=available, needed=amount)
        until = self.closed_until.get(pot, 0)
        if now < until:
            raise Refused("MarketHalted", venue=pot.venue, key=pot.key, until=until)

    def require_nonce(self, account: int, nonce: int) -> None:
        """Refuses a nonce that was used or passed over."""
        holding = self.accounts.get(account)
        if holding and nonce < holding.next_nonce:
            raise Refused("NonceUsed", account=account, nonce=nonce, next=holding.next_nonce)
        if nonce > MAX_NONCE:
            raise Refused("NonceTooLarge", nonce=nonce)

    def lock(self, account: int, pot: Pot, amount: int) -> None:
        """Moves a balance into a pot; `require_lock` came before."""
        self.accounts[account].balance -= amount
        self.pots[pot] += amount

    def lock_guarantee(self, backstop: int, pot: Pot, amount: int) -> None:
        """Locks the backstop's money without its owner's word. Raises Refused."""
        available = self.holding(backstop).balance
        if amount > available:
            raise Refused("InsufficientBalance", account=backstop, available=available, needed=amount)
        if amount:
            self.lock(backstop, pot, amount)

    def release(self, account: int, pot: Pot, amount: int) -> None:
        """Returns what was locked."""
        self._drain(pot, amount)
        self.holding(account).balance += amount

    def move(self, pot: Pot, to: Pot, amount: int) -> None:
        """Moves money from one pot to another."""
        self._drain(pot, amount)
        self.pots[to] += amount

    def pay_many(self, pot: Pot, payments: Iterable[Payment]) -> None:
        """Pays accounts out of a pot: debts to the backstop first, as far as receipts go."""
        for account, receipts, returned in payments:
            self._drain(pot, receipts + returned)
            holding = self.holding(account)
            repaid = min(receipts, holding.debt)
            if repaid:
                holding.debt -= repaid
                self.holding(ids.backstop_of(account >> 16)).balance += repaid
            holding.balance += receipts - repaid + returned

    def charge(self, account: int, pot: Pot, amount: int) -> int:
        """Takes `amount` into a pot; what the balance lacks becomes debt. Returns what was taken."""
        holding = self.holding(account)
        taken = min(holding.balance, amount)
        if taken < amount and not ids.is_member(account):
            raise Refused("InsufficientBalance", account=account, available=taken, needed=amount)
        holding.balance -= taken
        holding.debt += amount - taken
        self.pots[pot] += taken
        return taken

    def close_pot(self, pot: Pot, until: int) -> None:
        """Closes a pot to new locks; releases and payments go on."""
        self.closed_until[pot] = until

    def _drain(self, pot: Pot, amount: int) -> None:
        if amount > self.pots[pot]:
            raise Refused(
                "PotTooSmall", venue=pot.venue, key=pot.key, available=self.pots[pot], needed=amount
            )
        self.pots[pot] -= amount

    # --- views -------------------------------------------------------------------------------------------

    def entrusted(self) -> int:
        """Σ balances + Σ pots."""
        return sum(holding.balance for holding in self.accounts.values()) + sum(self.pots.values())
