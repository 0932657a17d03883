// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {AccountId, backstopAccount} from "./types/AccountId.sol";
import {AccountWord, MAX_NONCE, openAccountWord} from "./types/AccountWord.sol";
import {CHARGED_AT, RECEIPTS_AT, RETURNED_AT} from "./types/PageResult.sol";
import {PotWord} from "./types/PotWord.sol";

/// See IPaymentVault.
/// @dev Every path that only returns money needs no right: who has a pot can empty it, whatever became of the venue's
/// grant. All money together never exceeds 64 bits, so no balance or pot can overflow.
contract PaymentVault is IPaymentVault, AccessManaged, ReentrancyGuard {
    using SafeTransferLib for address;

    enum Right {
        Unknown,
        Revoked, // may empty its pots and be paid into by other venues, nothing more
        Lock,
        Charge
    }

    /// What an account owes to its area's backstop, and how much of it is no hindrance to bids.
    struct Debt {
        uint64 amount;
        uint64 limit;
        bool hasOwnLimit; // otherwise its area's applies
    }

    /// Of token and cash alike; then one unit of either is worth less than 2^64 of the other.
    uint256 private constant MOST_DECIMALS = 18;

    /// @inheritdoc IPaymentVault
    address public immutable token;
    /// @inheritdoc IPaymentVault
    uint256 public immutable cashUnitsPerTokenUnit;
    /// @inheritdoc IPaymentVault
    uint256 public immutable tokenUnitsPerCashUnit;

    /// More open pots of one venue would make taking its rights away too expensive; a venue has one a book.
    uint256 private constant MOST_OPEN_POTS = 768;

    /// By account id: a plain array needs no hash to find a word.
    AccountWord[1 << 24] private _accounts;
    mapping(AccountId account => Debt) private _debts;
    mapping(uint8 area => uint64 limit) private _defaultDebtLimits;
    mapping(uint256 venueAndKey => PotWord) private _pots;
    mapping(address venue => Right) private _rights;
    mapping(address venue => uint96[] keys) private _openPots;
    uint256 private _entrusted;

    constructor(address authority, address token_, uint256 cashDecimals) AccessManaged(authority) {
        uint256 tokenDecimals = _decimalsOf(token_);
        if (tokenDecimals > MOST_DECIMALS || cashDecimals > MOST_DECIMALS) revert TokenUnfit(token_);
        token = token_;
        cashUnitsPerTokenUnit = cashDecimals > tokenDecimals ? 10 ** (cashDecimals - tokenDecimals) : 1;
        tokenUnitsPerCashUnit = tokenDecimals > cashDecimals ? 10 ** (tokenDecimals - cashDecimals) : 1;
    }

    // --- participants -------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function deposit(AccountId account, uint256 amount) external nonReentrant {
        _deposit(account, amount);
    }

    /// @inheritdoc IPaymentVault
    function depositWithPermit(AccountId account, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
    {
        // Whoever saw the permit may have used it first; then the allowance is there and the call below is as good.
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {}
        catch {
            _requireAllowance(amount, deadline);
        }
        _deposit(account, amount);
    }

    /// @inheritdoc IPaymentVault
    function withdraw(AccountId account, uint256 amount, address to) external nonReentrant {
        AccountWord word = _requireOwner(account);
        uint256 cash = _toCash(amount);
        uint256 available = _unowed(account, word);
        if (cash > available) revert InsufficientBalance(account, available, cash);
        _write(account, word.minus(cash));
        _entrusted -= cash;
        emit Withdrawn(account, to, amount);
        _send(to, amount);
    }

    /// @inheritdoc IPaymentVault
    function cancelUpTo(AccountId account, uint32 nonce) external {
        AccountWord word = _requireOwner(account);
        _write(account, _withNonceUsed(account, word, nonce));
        emit NonceRaised(account, nonce + 1);
    }

    // --- backstops ----------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function setDebtLimit(AccountId account, uint64 limit) external {
        _requireOwner(account.backstop());
        _readOpen(account);
        Debt storage debt = _debts[account];
        (debt.limit, debt.hasOwnLimit) = (limit, true);
        emit DebtLimitSet(account, limit);
    }

    /// @inheritdoc IPaymentVault
    function setDefaultDebtLimit(uint8 area, uint64 limit) external {
        _requireOwner(backstopAccount(area));
        _defaultDebtLimits[area] = limit;
        emit DefaultDebtLimitSet(area, limit);
    }

    // --- registry -----------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function openAccount(AccountId account, address owner, bool buyer, bool seller) external restricted {
        if (owner == address(0)) revert NotAccountOwner(account, owner);
        if (_read(account).isOpen()) revert AccountTaken(account);
        _write(account, openAccountWord(owner, buyer, seller));
        emit AccountOpened(account, owner, buyer, seller);
    }

    /// @inheritdoc IPaymentVault
    function setRights(AccountId account, bool buyer, bool seller) external restricted {
        _write(account, _readOpen(account).withRights(buyer, seller));
        emit RightsChanged(account, buyer, seller);
    }

    // --- venues -------------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function lock(AccountId account, address owner, uint96 key, uint256 amount, bool isOffer) external {
        _lock(account, _read(account), owner, key, amount, isOffer);
    }

    /// @inheritdoc IPaymentVault
    function lockSigned(AccountId account, address owner, uint96 key, uint256 amount, bool isOffer, uint256 nonce)
        external
    {
        _lock(account, _withNonceUsed(account, _read(account), nonce), owner, key, amount, isOffer);
    }

    /// @inheritdoc IPaymentVault
    function lockBond(AccountId account, address owner, uint96 key, uint256 amount) external {
        uint256 potId = _potId(msg.sender, key);
        PotWord into = _pots[potId];
        if (!into.isOpen()) into = _opened(into, key);
        AccountWord word = _read(account);
        if (word.owner() != owner) revert NotAccountOwner(account, owner);
        if (amount > word.balance()) revert InsufficientBalance(account, word.balance(), amount);
        _write(account, word.minus(amount));
        _pots[potId] = into.plus(amount);
    }

    /// @inheritdoc IPaymentVault
    function release(AccountId account, uint96 key, uint256 amount) external {
        _drain(key, amount);
        _write(account, _readOpen(account).plus(amount));
    }

    /// @inheritdoc IPaymentVault
    function releaseOwned(AccountId account, address owner, uint96 key, uint256 amount) external {
        AccountWord word = _readOpen(account);
        if (word.owner() != owner) revert NotAccountOwner(account, owner);
        _drain(key, amount);
        _write(account, word.plus(amount));
    }

    /// @inheritdoc IPaymentVault
    function move(uint96 key, address to, uint96 toKey, uint256 amount) external {
        if (_rights[to] == Right.Unknown) revert NotVenue(to);
        _drain(key, amount);
        _fill(_potId(to, toKey), amount);
    }

    /// @inheritdoc IPaymentVault
    function lockGuarantee(AccountId backstop, uint96 key, uint256 amount) external {
        _requireRight(Right.Charge);
        AccountWord word = _read(backstop);
        if (amount > word.balance()) revert InsufficientBalance(backstop, word.balance(), amount);
        _write(backstop, word.minus(amount));
        _fill(_potId(msg.sender, key), amount);
    }

    /// @inheritdoc IPaymentVault
    function payMany(uint96 key, uint256[] calldata payments) external returns (uint256[] memory owed) {
        uint256 paid;
        uint256 taken;
        unchecked {
            // A page's sums come nowhere near 256 bits.
            for (uint256 i; i < payments.length; ++i) {
                uint256 payment = payments[i];
                AccountId account = AccountId.wrap(uint24(payment));
                AccountWord word = _readOpen(account);
                uint256 amount = payment >> CHARGED_AT;
                if (amount == 0) {
                    amount = uint256(uint64(payment >> RECEIPTS_AT)) + uint64(payment >> RETURNED_AT);
                    paid += amount;
                    if (word.inDebt()) (word, amount) = _repay(account, word, amount, uint64(payment >> RECEIPTS_AT));
                    _write(account, word.plus(amount));
                    continue;
                }
                if (taken == 0) _requireRight(Right.Charge);
                if (amount > word.balance()) {
                    if (owed.length == 0) owed = new uint256[](payments.length);
                    owed[i] = amount - word.balance();
                    (word, amount) = (_owe(account, word, owed[i]), word.balance());
                }
                taken += amount;
                _write(account, word.minus(amount));
            }
        }
        if (paid > taken) _drain(key, paid - taken);
        else _fill(_potId(msg.sender, key), taken - paid);
    }

    /// @inheritdoc IPaymentVault
    function charge(AccountId account, uint96 key, uint256 amount) external returns (uint256 taken) {
        _requireRight(Right.Charge);
        AccountWord word = _readOpen(account);
        taken = amount < word.balance() ? amount : word.balance();
        if (taken < amount) word = _owe(account, word, amount - taken);
        _write(account, word.minus(taken));
        _fill(_potId(msg.sender, key), taken);
    }

    // --- administration -----------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function grantVenue(address venue, bool mayCharge) external restricted {
        _rights[venue] = mayCharge ? Right.Charge : Right.Lock;
        emit VenueGranted(venue, mayCharge);
    }

    /// @inheritdoc IPaymentVault
    function revokeVenue(address venue) external restricted {
        if (_rights[venue] == Right.Unknown) revert NotVenue(venue);
        _rights[venue] = Right.Revoked;
        _closePots(venue);
        emit VenueRevoked(venue);
    }

    /// @inheritdoc IPaymentVault
    function closePot(address venue, uint96 key, uint40 until) external restricted {
        uint256 potId = _potId(venue, key);
        _pots[potId] = _pots[potId].closed(until);
        emit PotClosed(venue, key, until);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function ownerOf(AccountId account) external view returns (address) {
        return _read(account).owner();
    }

    /// @inheritdoc IPaymentVault
    function balanceOf(AccountId account) external view returns (uint64) {
        return uint64(_read(account).balance());
    }

    /// @inheritdoc IPaymentVault
    function debtOf(AccountId account) external view returns (uint64) {
        return _debts[account].amount;
    }

    /// @inheritdoc IPaymentVault
    function debtLimitOf(AccountId account) public view returns (uint64) {
        Debt memory debt = _debts[account];
        return debt.hasOwnLimit ? debt.limit : _defaultDebtLimits[account.area()];
    }

    /// @inheritdoc IPaymentVault
    function withdrawable(AccountId account) external view returns (uint64) {
        return uint64(_unowed(account, _read(account)));
    }

    /// @inheritdoc IPaymentVault
    function nextNonce(AccountId account) external view returns (uint32) {
        return uint32(_read(account).nextNonce());
    }

    /// @inheritdoc IPaymentVault
    function rightsOf(AccountId account) external view returns (bool buyer, bool seller) {
        AccountWord word = _read(account);
        return (word.mayBuy(), word.maySell());
    }

    /// @inheritdoc IPaymentVault
    function venueRights(address venue) external view returns (bool granted, bool mayCharge) {
        Right right = _rights[venue];
        return (right >= Right.Lock, right == Right.Charge);
    }

    /// @inheritdoc IPaymentVault
    function pot(address venue, uint96 key) external view returns (uint128 amount, uint40 closedUntil) {
        PotWord found = _pots[_potId(venue, key)];
        return (uint128(found.amount()), found.closedUntil());
    }

    /// @inheritdoc IPaymentVault
    function totals() external view returns (uint256 entrusted, uint256 held) {
        return (_entrusted, token.balanceOf(address(this)) * cashUnitsPerTokenUnit / tokenUnitsPerCashUnit);
    }

    // --- money --------------------------------------------------------------------------------------------------

    function _deposit(AccountId account, uint256 amount) private {
        AccountWord word = _readOpen(account);
        uint256 cash = _toCash(amount);
        if (_entrusted + cash > type(uint64).max) revert AmountTooLarge(amount);
        _write(account, word.plus(cash));
        _entrusted += cash;
        emit Deposited(account, msg.sender, amount);
        _receive(amount);
    }

    function _lock(AccountId account, AccountWord word, address owner, uint96 key, uint256 amount, bool isOffer)
        private
    {
        uint256 potId = _potId(msg.sender, key);
        PotWord into = _pots[potId];
        if (!into.isOpen()) into = _opened(into, key);
        if (word.owner() != owner) revert NotAccountOwner(account, owner);
        if (isOffer && !word.maySell()) revert NotSeller(account);
        if (!isOffer && !word.mayBuy()) revert NotBuyer(account);
        if (!isOffer && word.inDebt()) _requireDebtWithinLimit(account);
        uint256 available = isOffer ? word.balance() : _unowed(account, word);
        if (amount > available) revert InsufficientBalance(account, available, amount);
        if (block.timestamp < into.closedUntil()) revert MarketHalted(msg.sender, key, into.closedUntil());
        _write(account, word.minus(amount));
        _pots[potId] = into.plus(amount);
    }

    /// Of `amount`, `receipts` repay what the account owes to its backstop first. Returns its word and what is left of the amount.
    function _repay(AccountId account, AccountWord word, uint256 amount, uint256 receipts)
        private
        returns (AccountWord, uint256 left)
    {
        if (receipts == 0) return (word, amount);
        uint256 debt = _debts[account].amount;
        uint256 repaid = receipts < debt ? receipts : debt;
        AccountId creditor = account.backstop();
        _write(creditor, _read(creditor).plus(repaid));
        return (word.withDebt(_setDebt(account, debt - repaid)), amount - repaid);
    }

    /// Adds to the account's debt. A reserved account owes nobody: it pays or waits.
    function _owe(AccountId account, AccountWord word, uint256 amount) private returns (AccountWord) {
        if (!account.isMember()) {
            revert InsufficientBalance(account, word.balance(), word.balance() + amount);
        }
        return word.withDebt(_setDebt(account, _debts[account].amount + amount));
    }

    function _setDebt(AccountId account, uint256 debt) private returns (bool owes) {
        if (debt > type(uint64).max) revert AmountTooLarge(debt);
        _debts[account].amount = uint64(debt);
        emit DebtChanged(account, uint64(debt));
        return debt != 0;
    }

    function _fill(uint256 potId, uint256 amount) private {
        _pots[potId] = _pots[potId].plus(amount).asKept();
    }

    /// Out of the caller's pot; that is the only limit, so that no one can hold up money on its way back.
    function _drain(uint96 key, uint256 amount) private {
        uint256 potId = _potId(msg.sender, key);
        PotWord from = _pots[potId];
        if (amount > from.amount()) revert PotTooSmall(msg.sender, key, from.amount(), amount);
        _pots[potId] = from.minus(amount);
    }

    /// The caller's right, once checked, stands in its pot's word, so that later locks needn't read it.
    function _opened(PotWord pot_, uint96 key) private returns (PotWord) {
        _requireRight(Right.Lock);
        uint96[] storage keys = _openPots[msg.sender];
        if (keys.length == MOST_OPEN_POTS) return pot_; // checked again at its next lock
        keys.push(key);
        return pot_.asOpen();
    }

    function _closePots(address venue) private {
        uint96[] memory keys = _openPots[venue];
        delete _openPots[venue];
        for (uint256 i; i < keys.length; ++i) {
            uint256 potId = _potId(venue, keys[i]);
            _pots[potId] = _pots[potId].notOpen();
        }
    }

    // --- tokens -------------------------------------------------------------------------------------------------

    /// Refuses a token that doesn't bring in exactly what it says.
    function _receive(uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        if (!token.trySafeTransferFrom(msg.sender, address(this), amount)) {
            revert TransferRefused(msg.sender, address(this), amount);
        }
        if (token.balanceOf(address(this)) != before + amount) revert TokenUnfit(token);
    }

    function _send(address to, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        if (!_tryTransfer(to, amount)) revert TransferRefused(address(this), to, amount);
        if (token.balanceOf(address(this)) != before - amount) revert TokenUnfit(token);
    }

    /// A token may answer nothing, or whether it moved anything.
    function _tryTransfer(address to, uint256 amount) private returns (bool) {
        (bool success, bytes memory answer) = token.call(abi.encodeCall(IERC20.transfer, (to, amount)));
        return success && (answer.length == 0 || (answer.length >= 32 && abi.decode(answer, (uint256)) == 1));
    }

    /// The token took no permit of the caller: that is no harm if it took the same one before.
    function _requireAllowance(uint256 amount, uint256 deadline) private view {
        if (IERC20(token).allowance(msg.sender, address(this)) >= amount) return;
        if (block.timestamp > deadline) revert PermitLapsed(deadline);
        revert PermitRefused(msg.sender, amount);
    }

    function _decimalsOf(address token_) private view returns (uint256) {
        (bool success, bytes memory answer) = token_.staticcall(abi.encodeCall(IERC20Metadata.decimals, ()));
        if (!success || answer.length != 32) revert TokenUnfit(token_);
        return abi.decode(answer, (uint256));
    }

    // --- words --------------------------------------------------------------------------------------------------

    function _read(AccountId account) private view returns (AccountWord) {
        return _accounts[AccountId.unwrap(account)];
    }

    function _readOpen(AccountId account) private view returns (AccountWord word) {
        word = _read(account);
        if (!word.isOpen()) revert AccountUnknown(account);
    }

    /// The word of an account that the caller owns.
    function _requireOwner(AccountId account) private view returns (AccountWord word) {
        word = _read(account);
        if (word.owner() != msg.sender) revert NotAccountOwner(account, msg.sender);
    }

    function _write(AccountId account, AccountWord word) private {
        _accounts[AccountId.unwrap(account)] = word;
    }

    /// The account's word with `nonce` used and all below it.
    function _withNonceUsed(AccountId account, AccountWord word, uint256 nonce) private pure returns (AccountWord) {
        if (nonce < word.nextNonce()) revert NonceUsed(account, nonce, word.nextNonce());
        if (nonce > MAX_NONCE) revert NonceTooLarge(nonce);
        return word.withNextNonce(nonce + 1);
    }

    /// Balance minus debt, never below 0.
    function _unowed(AccountId account, AccountWord word) private view returns (uint256) {
        if (!word.inDebt()) return word.balance();
        uint256 debt = _debts[account].amount;
        return word.balance() > debt ? word.balance() - debt : 0;
    }

    function _toCash(uint256 amount) private view returns (uint256) {
        if (amount % tokenUnitsPerCashUnit != 0) revert NotWholeCashUnits(amount, tokenUnitsPerCashUnit);
        uint256 units = amount / tokenUnitsPerCashUnit;
        if (units > type(uint64).max / cashUnitsPerTokenUnit) revert AmountTooLarge(amount);
        return units * cashUnitsPerTokenUnit;
    }

    function _potId(address venue, uint96 key) private pure returns (uint256) {
        return (uint256(uint160(venue)) << 96) | key;
    }

    function _requireDebtWithinLimit(AccountId account) private view {
        (uint256 debt, uint256 limit) = (_debts[account].amount, debtLimitOf(account));
        if (debt > limit) revert DebtAboveLimit(account, debt, limit);
    }

    function _requireRight(Right least) private view {
        if (_rights[msg.sender] < least) revert NotVenue(msg.sender);
    }
}
