// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PaymentVault} from "../../contracts/PaymentVault.sol";
import {TestEuro} from "../../contracts/mocks/TestEuro.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {CoreTest} from "./base/CoreTest.sol";
import {bidOf} from "./base/VenueTest.sol";
import {Vm} from "./base/Vm.sol";

/// Uses the vault as owners, venues and strangers do, with every call that the vault takes, and keeps its own account of
/// what each balance must be.
contract VaultHandler {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    PaymentVault private immutable VAULT;
    TestEuro private immutable EURO;

    AccountId[] private _accounts;
    address[] private _venues;
    uint96[] private _keys;

    mapping(AccountId => uint256) public balances;
    mapping(AccountId => uint256) public debts;
    mapping(AccountId => uint256) public nonces;
    mapping(address => mapping(uint96 => uint256)) public pots;

    constructor(PaymentVault vault, TestEuro euro, AccountId[] memory accounts, address[] memory venues) {
        VAULT = vault;
        EURO = euro;
        _accounts = accounts;
        _venues = venues;
        _keys.push(1);
        _keys.push(2);
    }

    function deposit(uint256 who, uint256 amount) external {
        AccountId account = _account(who);
        amount %= 1e9;
        EURO.mint(address(this), amount);
        EURO.approve(address(VAULT), amount);
        VAULT.deposit(account, amount);
        balances[account] += amount * 10;
    }

    function withdraw(uint256 who, uint256 amount) external {
        AccountId account = _account(who);
        amount %= VAULT.withdrawable(account) / 10 + 1;
        vm.prank(VAULT.ownerOf(account));
        VAULT.withdraw(account, amount, address(0xD0E));
        balances[account] -= amount * 10;
    }

    function withdrawAsAStranger(uint256 who, uint256 amount) external {
        VAULT.withdraw(_account(who), amount % 1e9, address(this));
    }

    function lock(uint256 who, uint256 where, uint256 amount, bool isOffer) external {
        AccountId account = _account(who);
        (address venue, uint96 key) = _pot(where);
        uint256 available = isOffer ? VAULT.balanceOf(account) : VAULT.withdrawable(account);
        amount %= available + 1;
        address owner = VAULT.ownerOf(account);
        vm.prank(venue);
        VAULT.lock(account, owner, key, amount, isOffer);
        balances[account] -= amount;
        pots[venue][key] += amount;
    }

    function lockSigned(uint256 who, uint256 where, uint256 amount, uint256 gap) external {
        AccountId account = _account(who);
        (address venue, uint96 key) = _pot(where);
        amount %= VAULT.withdrawable(account) + 1;
        address owner = VAULT.ownerOf(account);
        uint256 nonce = nonces[account] + gap % 4;
        vm.prank(venue);
        VAULT.lockSigned(bidOf(account, nonce), owner, key, amount);
        balances[account] -= amount;
        pots[venue][key] += amount;
        nonces[account] = nonce + 1;
    }

    /// Whatever a venue asks for beyond its pot fails.
    function release(uint256 who, uint256 where, uint256 amount) external {
        AccountId account = _account(who);
        (address venue, uint96 key) = _pot(where);
        amount %= pots[venue][key] * 2 + 1;
        vm.prank(venue);
        VAULT.release(account, key, amount);
        balances[account] += amount;
        pots[venue][key] -= amount;
    }

    function move(uint256 from, uint256 to, uint256 amount) external {
        (address venue, uint96 key) = _pot(from);
        (address other, uint96 otherKey) = _pot(to);
        amount %= pots[venue][key] + 1;
        vm.prank(venue);
        VAULT.move(key, other, otherKey, amount);
        pots[venue][key] -= amount;
        pots[other][otherKey] += amount;
    }

    function pay(uint256 who, uint256 other, uint256 where, uint256 receipts, uint256 returned) external {
        (address venue, uint96 key) = _pot(where);
        receipts %= pots[venue][key] + 1;
        returned %= pots[venue][key] - receipts + 1;
        uint256[] memory page = new uint256[](2);
        page[0] = AccountId.unwrap(_account(who)) | (receipts << 24);
        page[1] = AccountId.unwrap(_account(other)) | (returned << 88);
        vm.prank(venue);
        VAULT.payMany(key, page);
        pots[venue][key] -= receipts + returned;
        _receive(_account(who), receipts);
        balances[_account(other)] += returned;
    }

    function charge(uint256 who, uint256 where, uint256 amount) external {
        AccountId account = _account(who);
        (address venue, uint96 key) = _pot(where);
        amount %= 1e10;
        vm.prank(venue);
        uint256 taken = VAULT.charge(account, key, amount);
        balances[account] -= taken;
        debts[account] += amount - taken;
        pots[venue][key] += taken;
    }

    function chargeAsAStranger(uint256 who, uint256 amount) external {
        VAULT.charge(_account(who), 1, amount);
    }

    function giveTokensDirectly(uint256 amount) external {
        EURO.mint(address(VAULT), amount % 1e9);
    }

    function _receive(AccountId account, uint256 receipts) private {
        uint256 repaid = receipts < debts[account] ? receipts : debts[account];
        debts[account] -= repaid;
        balances[account.backstop()] += repaid;
        balances[account] += receipts - repaid;
    }

    function _account(uint256 who) private view returns (AccountId) {
        return _accounts[who % _accounts.length];
    }

    function _pot(uint256 where) private view returns (address venue, uint96 key) {
        return (_venues[where % _venues.length], _keys[(where >> 8) % _keys.length]);
    }
}

/// Design section 11, invariant 1.
contract PaymentVaultInvariantTest is CoreTest {
    VaultHandler private handler;
    AccountId[] private accounts;
    address[] private venues;

    function setUp() public override {
        super.setUp();
        accounts.push(admit(ANA));
        accounts.push(admit(BEN));
        accounts.push(admit(CEM));
        accounts.push(backstop());
        venues.push(address(uint160(0x7E9)));
        venues.push(address(uint160(0xC4A)));
        vault.grantVenue(venues[0], false);
        vault.grantVenue(venues[1], true);
        handler = new VaultHandler(vault, euro, accounts, venues);
        // Something everywhere, so that short sequences meet full pots and owing accounts.
        for (uint256 i; i < accounts.length; ++i) {
            handler.deposit(i, 2e8);
            if (accounts[i].isMember()) handler.lock(i, i, 9e8, false);
        }
        handler.charge(0, 1, 3e9);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_BalancesAndPotsAreTheMoneyEntrustedAndTokensCoverIt() public view {
        uint256 sum;
        for (uint256 i; i < accounts.length; ++i) {
            sum += vault.balanceOf(accounts[i]);
        }
        for (uint256 i; i < venues.length; ++i) {
            sum += _pot(venues[i], 1) + _pot(venues[i], 2);
        }
        (uint256 entrusted, uint256 held) = vault.totals();
        vm.assertEq(sum, entrusted);
        vm.assertGe(held, entrusted);
    }

    function invariant_NoBalanceChangesButByItsRule() public view {
        for (uint256 i; i < accounts.length; ++i) {
            vm.assertEq(vault.balanceOf(accounts[i]), handler.balances(accounts[i]));
            vm.assertEq(vault.debtOf(accounts[i]), handler.debts(accounts[i]));
            vm.assertEq(vault.nextNonce(accounts[i]), handler.nonces(accounts[i]));
        }
    }

    function invariant_NoPotChangesButByItsVenue() public view {
        for (uint256 i; i < venues.length; ++i) {
            vm.assertEq(_pot(venues[i], 1), handler.pots(venues[i], 1));
            vm.assertEq(_pot(venues[i], 2), handler.pots(venues[i], 2));
        }
    }

    function _pot(address venue, uint96 key) private view returns (uint256 amount) {
        (amount,) = vault.pot(venue, key);
    }
}
