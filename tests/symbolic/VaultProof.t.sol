// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Administration} from "../../contracts/Administration.sol";
import {PaymentVault} from "../../contracts/PaymentVault.sol";
import {TestEuro} from "../../contracts/mocks/TestEuro.sol";
import {AccountId, accountId, backstopAccount} from "../../contracts/types/AccountId.sol";

import {Prover} from "./base/Prover.sol";

/// Whatever amounts are in play, no call makes or loses money, and none takes more out of a pot than it holds.
///
/// Every proof starts from a vault in which two members, their backstop and two venues hold any amounts at all, one member
/// perhaps in debt, and lets the caller choose every argument of one more call.
contract VaultProof is Prover {
    uint96 private constant KEY = 0x0100;
    uint256 private constant CASH_DECIMALS = 6; // as the token: a cash unit is a token unit

    address private constant ANA_OWNER = address(0xA4A);
    address private constant BEN_OWNER = address(0xBE4);
    address private constant BACKSTOP_OWNER = address(0xBAC5);
    address private constant CHARGER = address(0xC4A);
    address private constant BOOK = address(0xB00C);

    AccountId private ana = accountId(1, 16);
    AccountId private ben = accountId(1, 17);
    AccountId private backstop = backstopAccount(1);

    TestEuro private euro;
    PaymentVault private vault;

    function setUp() public {
        euro = new TestEuro();
        vault = new PaymentVault(address(new Administration(address(this))), address(euro), CASH_DECIMALS);
        vault.openAccount(ana, ANA_OWNER, true, true);
        vault.openAccount(ben, BEN_OWNER, true, true);
        vault.openAccount(backstop, BACKSTOP_OWNER, true, true);
        vault.grantVenue(CHARGER, true);
        vault.grantVenue(BOOK, false);
    }

    // --- nothing is made or lost --------------------------------------------------------------------------------

    function check_ADepositConserves(Amounts calldata amounts, uint64 amount) public {
        uint256 before = _start(amounts);
        _deposit(ben, amount);
        assert(_sum() == before + amount);
    }

    function check_AWithdrawalConserves(Amounts calldata amounts, uint64 amount) public {
        uint256 before = _start(amounts);
        vm.prank(ANA_OWNER);
        vault.withdraw(ana, amount, address(0xD0E));
        assert(_sum() + amount == before);
    }

    function check_ALockConserves(Amounts calldata amounts, uint256 amount, bool isOffer) public {
        uint256 before = _start(amounts);
        vm.prank(BOOK);
        vault.lock(ana, ANA_OWNER, KEY, amount, isOffer);
        assert(_sum() == before);
    }

    function check_AReleaseConserves(Amounts calldata amounts, uint256 amount) public {
        uint256 before = _start(amounts);
        vm.prank(BOOK);
        vault.release(ben, KEY, amount);
        assert(_sum() == before);
    }

    function check_AMoveConserves(Amounts calldata amounts, uint256 amount) public {
        uint256 before = _start(amounts);
        vm.prank(BOOK);
        vault.move(KEY, CHARGER, KEY, amount);
        assert(_sum() == before);
    }

    function check_AGuaranteeConserves(Amounts calldata amounts, uint256 amount) public {
        uint256 before = _start(amounts);
        vm.prank(CHARGER);
        vault.lockGuarantee(backstop, KEY, amount);
        assert(_sum() == before);
    }

    function check_APaymentConserves(Amounts calldata amounts, uint64 receipts, uint64 returned) public {
        uint256 before = _start(amounts);
        _pay(ana, receipts, returned);
        assert(_sum() == before);
    }

    /// Ben may owe his backstop, which gets its part.
    function check_APaymentToADebtorConserves(Amounts calldata amounts, uint64 receipts, uint64 returned) public {
        uint256 before = _start(amounts);
        _pay(ben, receipts, returned);
        assert(_sum() == before);
    }

    function check_AChargeConserves(Amounts calldata amounts, uint256 amount) public {
        uint256 before = _start(amounts);
        vm.prank(CHARGER);
        uint256 taken = vault.charge(ben, KEY, amount);
        assert(taken <= amount);
        assert(_sum() == before);
    }

    // --- no venue pays beyond its pot ---------------------------------------------------------------------------

    /// Nobody else's pot changes, and what leaves is at most what was there.
    function check_AVenueReleasesAtMostItsPot(Amounts calldata amounts, uint256 amount) public {
        _start(amounts);
        (uint256 mine, uint256 others) = (_pot(BOOK), _pot(CHARGER));
        vm.prank(BOOK);
        vault.release(ana, KEY, amount);
        assert(amount <= mine && _pot(BOOK) == mine - amount && _pot(CHARGER) == others);
    }

    function check_AVenueMovesAtMostItsPot(Amounts calldata amounts, uint256 amount) public {
        _start(amounts);
        (uint256 mine, uint256 others) = (_pot(BOOK), _pot(CHARGER));
        vm.prank(BOOK);
        vault.move(KEY, CHARGER, KEY, amount);
        assert(amount <= mine && _pot(BOOK) == mine - amount && _pot(CHARGER) == others + amount);
    }

    function check_AVenuePaysAtMostItsPot(Amounts calldata amounts, uint64 receipts, uint64 returned) public {
        _start(amounts);
        (uint256 mine, uint256 others) = (_pot(BOOK), _pot(CHARGER));
        _pay(ana, receipts, returned);
        uint256 sum = uint256(receipts) + returned;
        assert(sum <= mine && _pot(BOOK) == mine - sum && _pot(CHARGER) == others);
    }

    /// A stranger with any arguments changes nobody's balance.
    function check_AStrangerTakesNothing(Amounts calldata amounts, address stranger, uint256 amount) public {
        vm.assume(stranger != CHARGER && stranger != BOOK);
        _start(amounts);
        uint256 before = vault.balanceOf(ana);
        vm.prank(stranger);
        try vault.lock(ana, ANA_OWNER, KEY, amount, true) {} catch {}
        vm.prank(stranger);
        try vault.charge(ana, KEY, amount) {} catch {}
        assert(vault.balanceOf(ana) == before);
    }

    // --- the start ----------------------------------------------------------------------------------------------

    struct Amounts {
        uint64 ana; // token units, deposited
        uint64 ben;
        uint64 backstop;
        uint64 locked; // cash units, of Ana's in the book's pot
        uint64 charged; // cash units asked of Ben: what his balance lacks is his debt
    }

    function _start(Amounts calldata amounts) private returns (uint256) {
        _deposit(ana, amounts.ana);
        _deposit(ben, amounts.ben);
        _deposit(backstop, amounts.backstop);
        vm.prank(BOOK);
        vault.lock(ana, ANA_OWNER, KEY, amounts.locked, true);
        vm.prank(CHARGER);
        vault.charge(ben, KEY, amounts.charged);
        return _sum();
    }

    function _deposit(AccountId account, uint256 amount) private {
        euro.mint(address(this), amount);
        euro.approve(address(vault), amount);
        vault.deposit(account, amount);
    }

    function _pay(AccountId account, uint64 receipts, uint64 returned) private {
        uint256[] memory page = new uint256[](1);
        page[0] = AccountId.unwrap(account) | (uint256(receipts) << 24) | (uint256(returned) << 88);
        vm.prank(BOOK);
        vault.payMany(KEY, page);
    }

    /// All that the vault owes to anyone, in cash units.
    function _sum() private view returns (uint256) {
        uint256 balances = uint256(vault.balanceOf(ana)) + vault.balanceOf(ben) + vault.balanceOf(backstop);
        return balances + _pot(BOOK) + _pot(CHARGER);
    }

    function _pot(address venue) private view returns (uint256 amount) {
        (amount,) = vault.pot(venue, KEY);
    }
}
