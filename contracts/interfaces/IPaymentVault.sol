// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";
import {Order} from "../types/Order.sol";

/// Holds all money. One word an account: owner 160 | nonce 28 | seller 1 | buyer 1 | open 1 | in debt 1 | balance 64.
/// What a venue locks moves into a pot of that venue; a venue can release, move or pay only out of its own pots, so a faulty
/// venue can lose at most what was entrusted to it. Amounts are cash units (Wh × ticks); deposits and withdrawals count
/// token units. Balances never leave except to their owner, into a pot their owner's order asked for, or to settle the
/// owner's own metered use.
/// The payment token is an ERC-20 of at most 18 decimals that moves exactly what it is asked to: one that takes fees, or answers
/// false, is refused call by call; one that changes balances by itself (rebasing) must not be used, since its losses would be
/// everybody's.
interface IPaymentVault {
    /// `amount` token units came in for the account.
    event Deposited(AccountId indexed account, address indexed from, uint256 amount);
    /// `amount` token units left to `to`.
    event Withdrawn(AccountId indexed account, address indexed to, uint256 amount);
    event AccountOpened(AccountId indexed account, address indexed owner, bool buyer, bool seller);
    event RightsChanged(AccountId indexed account, bool buyer, bool seller);
    /// What `account` couldn't pay is owed to its area's backstop; `debt` is the new total, in cash units.
    event DebtChanged(AccountId indexed account, uint64 debt);
    /// Signed orders of the account with a nonce below `nextNonce` can't be placed any more.
    event NonceRaised(AccountId indexed account, uint32 nextNonce);
    /// Beyond `limit` cash units of debt the account's bids are refused.
    event DebtLimitSet(AccountId indexed account, uint64 limit);
    /// As `DebtLimitSet`, for every account of the area without a limit of its own.
    event DefaultDebtLimitSet(uint8 indexed area, uint64 limit);
    /// `venue` may lock, and with `mayCharge` also take what members owe for their use.
    event VenueGranted(address indexed venue, bool mayCharge);
    event VenueRevoked(address indexed venue);
    /// The pot takes no new locks until `until`; releases and payments go on.
    event PotClosed(address indexed venue, uint96 indexed key, uint40 until);

    /// Without the right that the call needs.
    error NotVenue(address caller);
    error NotAccountOwner(AccountId account, address caller);
    error AccountTaken(AccountId account);
    error AccountUnknown(AccountId account);
    error NotBuyer(AccountId account);
    error NotSeller(AccountId account);
    /// Cash units: `available` is the balance, without what is owed where that may not be used.
    error InsufficientBalance(AccountId account, uint256 available, uint256 needed);
    error DebtAboveLimit(AccountId account, uint256 debt, uint256 limit);
    error PotTooSmall(address venue, uint96 key, uint256 available, uint256 needed);
    /// Other venues moved only `available` into the pot that wasn't accepted yet.
    error NotBrought(address venue, uint96 key, uint256 available, uint256 needed);
    /// The pot takes no locks before this UTC second.
    error MarketHalted(address venue, uint96 key, uint40 until);
    error NonceUsed(AccountId account, uint256 nonce, uint256 next);
    /// Of 28 bits the last is no nonce: there must be a next.
    error NonceTooLarge(uint256 nonce);
    /// More than 64 bits of cash units, alone or with all the money that is here.
    error AmountTooLarge(uint256 amount);
    error NotWholeCashUnits(uint256 amount, uint256 tokenUnitsPerCashUnit);
    error PermitLapsed(uint256 deadline);
    error PermitRefused(address owner, uint256 amount);
    /// The token didn't transfer.
    error TransferRefused(address from, address to, uint256 amount);
    /// It has more than 18 decimals, or moved another amount than it was asked to.
    error TokenUnfit(address token);

    // --- participants -------------------------------------------------------------------------------------------

    /// Moves `amount` token units from the caller into any open account: whole cash units, or it is refused.
    function deposit(AccountId account, uint256 amount) external;
    /// As `deposit`, with the token's EIP-2612 permit of the caller; a permit already used is no error
    /// as long as what it allows is still there.
    function depositWithPermit(AccountId account, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external;
    /// Pays `amount` token units, whole cash units too, of the free balance to `to`; only the owner. What is owed stays, and
    /// what is less than a token unit. Never halted.
    function withdraw(AccountId account, uint256 amount, address to) external;

    /// Cancels every signed order of the account that isn't placed yet and whose nonce is at most `nonce`, in all venues at
    /// once; only the owner. Never halted.
    function cancelUpTo(AccountId account, uint32 nonce) external;

    // --- backstops ----------------------------------------------------------------------------------------------

    /// Sets how many cash units the account may owe before its bids are refused; only the owner of its area's backstop account.
    function setDebtLimit(AccountId account, uint64 limit) external;
    /// As `setDebtLimit`, for all accounts of the area that have no limit of their own. 0 until it is set.
    function setDefaultDebtLimit(uint8 area, uint64 limit) external;

    // --- registry -----------------------------------------------------------------------------------------------

    /// Opens an account; only with the registry's right.
    function openAccount(AccountId account, address owner, bool buyer, bool seller) external;
    /// Changes what an account may do from now on; only with the registry's right.
    function setRights(AccountId account, bool buyer, bool seller) external;

    // --- venues -------------------------------------------------------------------------------------------------

    /// Locks `amount` of the account into the caller's pot `key`. `owner` must own the account; the account must have
    /// the buyer's (`isOffer` false) or seller's right; a bid's lock is refused beyond balance minus debt,
    /// and altogether while the debt is above its limit.
    /// Also called with amount 0, for the checks.
    function lock(AccountId account, address owner, uint96 key, uint256 amount, bool isOffer) external;
    /// As `lock`, for a signed order: its nonce must not lie below the account's next; the next becomes one more than it.
    function lockSigned(Order order, address owner, uint96 key, uint256 amount) external;
    /// As `lock`, of an account that may neither buy nor sell as well, or owes: a bond is no order. Never halted.
    function lockBond(AccountId account, address owner, uint96 key, uint256 amount) external;
    /// Returns `amount` from the caller's pot `key` to the account. Never halted.
    function release(AccountId account, uint96 key, uint256 amount) external;
    /// As `release`, but refused unless `owner` owns the account.
    function releaseOwned(AccountId account, address owner, uint96 key, uint256 amount) external;
    /// Moves `amount` from the caller's pot `key` into the pot `toKey` of the venue `to`.
    function move(uint96 key, address to, uint96 toKey, uint256 amount) external;
    /// Takes account of `amount` that other venues moved into the caller's pot `key`; refused unless so much is there that
    /// wasn't accepted before. So the caller needn't believe them.
    function accept(uint96 key, uint256 amount) external;
    /// Locks the backstop's guarantee: `amount` of `backstop` into the caller's pot `key`, without its owner's word.
    /// Only a venue that may charge.
    function lockGuarantee(AccountId backstop, uint96 key, uint256 amount) external;
    /// Pays accounts out of the caller's pot `key`: of `receipts` first what the account owes to its backstop, the rest
    /// and `returned` to its balance. Or charges one: takes `charged` from its balance into the pot, as `charge` does. A word each:
    /// account 24 | receipts 64 | returned 64 | charged 64, lowest first. Returns what became debt, a word an account:
    /// account 24 | amount 64.
    function payMany(uint96 key, uint256[] calldata payments) external returns (uint256[] memory owed);
    /// Takes `amount` from the account's balance into the caller's pot `key`; what the balance lacks is recorded as debt
    /// to its area's backstop. Only a venue that may charge. Returns what was taken.
    function charge(AccountId account, uint96 key, uint256 amount) external returns (uint256 taken);

    // --- by anyone ----------------------------------------------------------------------------------------------

    /// Writes the words of `count` pots of a venue, from `firstKey` on, before there is anything in them: their first use then
    /// costs as little as every other.
    function preparePots(address venue, uint96 firstKey, uint256 count) external;

    // --- administration -----------------------------------------------------------------------------------------

    /// By the venue grantor, with notice (docs/adr/0016).
    function grantVenue(address venue, bool mayCharge) external;
    /// By the operator. Takes a venue's rights at once: it locks and charges nothing more. Its pots empty as before.
    function revokeVenue(address venue) external;
    /// Closes a venue's pot to new locks until `until` (0: opens it again); only with the oversight's right.
    function closePot(address venue, uint96 key, uint40 until) external;

    // --- views --------------------------------------------------------------------------------------------------

    /// The payment token, an ERC-20.
    function token() external view returns (address);
    /// Cash units of one token unit; 1 where a cash unit is worth more.
    function cashUnitsPerTokenUnit() external view returns (uint256);
    /// Token units of one cash unit; 1 where a token unit is worth more.
    function tokenUnitsPerCashUnit() external view returns (uint256);
    /// Who may withdraw and order; 0 where no account is open.
    function ownerOf(AccountId account) external view returns (address);
    /// Free cash units; what is locked stands in pots. What is owed isn't taken off.
    function balanceOf(AccountId account) external view returns (uint64);
    /// Cash units that the account owes to its area's backstop.
    function debtOf(AccountId account) external view returns (uint64);
    /// The account's own limit, or its area's.
    function debtLimitOf(AccountId account) external view returns (uint64);
    /// What the owner could take out now: balance minus debt, never below 0.
    function withdrawable(AccountId account) external view returns (uint64);
    /// The least nonce that a signed order of the account may have.
    function nextNonce(AccountId account) external view returns (uint32);
    /// Whether the account may bid, and offer; false while it is suspended or its admission revoked.
    function rightsOf(AccountId account) external view returns (bool buyer, bool seller);
    /// Whether `venue` may lock, and whether it may also charge.
    function venueRights(address venue) external view returns (bool granted, bool mayCharge);
    /// What a venue holds under a key, cash units, and until which UTC second it takes no locks.
    function pot(address venue, uint96 key) external view returns (uint128 amount, uint40 closedUntil);
    /// Σ balances and Σ pots, in cash units: never more than the tokens held.
    function totals() external view returns (uint256 entrusted, uint256 held);
}
