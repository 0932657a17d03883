// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Admission} from "../../../contracts/interfaces/IRegistry.sol";
import {ISettlementFacts} from "../../../contracts/interfaces/ISettlement.sol";
import {TestEuro} from "../../../contracts/mocks/TestEuro.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Market} from "../../../contracts/types/Market.sol";
import {WattbookTest} from "../base/WattbookTest.sol";
import {HostileEuro} from "./HostileEuro.sol";

/// Members whose payment token is hostile, one period that they trade, what time it is, and what is remembered in order to be
/// compared with later. Whoever finds that something happened which must never happen blames the invariant of the design that
/// it breaks.
abstract contract Community is WattbookTest {
    uint16 internal constant LEVY_BUY = 100;
    uint16 internal constant LEVY_SELL = 50;
    uint256 internal constant FUNDS = 1e10;
    uint256 internal constant MEMBERS = 4; // with a key; one more is this contract

    AccountId[] internal members;
    uint256[] internal keys;
    uint24[] internal points; // each member's
    uint32 internal period;
    Market internal market;
    uint256 internal timeNow;

    string[11] internal wrong; // in words, by the number of the invariant
    int256 internal entrusted; // deposits less withdrawals, cash units
    mapping(AccountId account => int256) internal broughtIn; // the account's part of it
    mapping(AccountId account => bytes32) internal settledAs;
    mapping(uint24 point => bytes32) internal measuredAs; // in `period`

    uint256 private _random;

    function setUp() public virtual override {
        super.setUp();
        oversight.scheduleTerms(AREA, ELECTRICITY, firstUntradable(), termsWithLevies(LEVY_BUY, LEVY_SELL));
        keys = [ANA, BEN, CEM, DORA];
        for (uint256 i; i < MEMBERS; ++i) {
            _join(admit(keys[i]), i < 2 ? FUNDS : 5e6);
        }
        Admission memory own = admissionOf(ANA, true, true);
        own.participant = address(this);
        _join(registry.admit(own, sign(AUTHORITY_KEY, registry.admissionHash(own))), FUNDS);
        _fund(backstop(), FUNDS);
        HostileEuro(address(euro)).listen();
        period = warpToParticipation();
        market = electricity(period);
        timeNow = block.timestamp;
    }

    function newEuro() internal override returns (TestEuro) {
        return new HostileEuro();
    }

    /// What an act draws comes from its seed.
    modifier drawn(uint256 seed) {
        vm.warp(timeNow);
        _random = seed;
        _;
        _note();
    }

    function _draw(uint256 below) internal returns (uint256) {
        _random = uint256(keccak256(abi.encode(_random)));
        return _random % below;
    }

    function _anyone() internal returns (AccountId) {
        return members[_draw(members.length)];
    }

    function _blame(uint256 invariant, string memory what) internal {
        wrong[invariant] = what;
    }

    // --- money --------------------------------------------------------------------------------------------------

    function _join(AccountId account, uint256 cash) private {
        members.push(account);
        points.push(registerPoint(account));
        _fund(account, cash);
    }

    function _fund(AccountId account, uint256 cash) internal {
        fund(account, cash);
        _countIn(account, int256(cash));
    }

    function _countIn(AccountId account, int256 cash) internal {
        entrusted += cash;
        broughtIn[account] += cash;
    }

    /// `amount` token units; what is free must come out, whatever else happens.
    function _withdraw(AccountId account, uint256 amount) internal {
        bool isFree = vault.withdrawable(account) >= amount * CASH_PER_TOKEN_UNIT && amount != 0;
        address owner = vault.ownerOf(account);
        vm.prank(owner);
        try vault.withdraw(account, amount, owner) {
            _countIn(account, -int256(amount * CASH_PER_TOKEN_UNIT));
        } catch {
            if (isFree) _blame(8, "free money couldn't be withdrawn");
        }
    }

    /// What the account has won or (negative) lost.
    function wonBy(AccountId account) internal view returns (int256) {
        int256 own = int256(uint256(vault.balanceOf(account))) - int256(uint256(vault.debtOf(account)));
        return own - broughtIn[account];
    }

    function _moneyNow() internal view returns (bytes32 digest) {
        for (uint256 i; i < members.length; ++i) {
            digest = keccak256(abi.encode(digest, vault.balanceOf(members[i]), vault.nextNonce(members[i])));
        }
        (uint256 sum,) = vault.totals();
        return keccak256(abi.encode(digest, sum));
    }

    // --- what is remembered -------------------------------------------------------------------------------------

    /// What is settled or measured from now on stays.
    function _note() private {
        if (timeNow < endsAt(period)) return;
        for (uint256 i; i < members.length; ++i) {
            bool noted = settledAs[members[i]] != 0;
            if (!noted && settlement.hasSettled(members[i], ELECTRICITY, period)) {
                settledAs[members[i]] = settledNow(members[i]);
            }
            if (measuredAs[points[i]] == 0) measuredAs[points[i]] = measuredNow(points[i]);
        }
    }

    /// Energies, money and lock of the account's position, and what all of it came to.
    function settledNow(AccountId account) internal view returns (bytes32) {
        ISettlementFacts.Position memory seen = settlement.position(account, ELECTRICITY, period);
        return keccak256(
            abi.encode(seen.soldWh, seen.boughtWh, seen.received, seen.paid, seen.locked, seen.settled, wonBy(account))
        );
    }

    /// 0: not known yet.
    function measuredNow(uint24 point) internal view returns (bytes32) {
        (bool known, uint256 importWh, uint256 exportWh) = readings.energyOf(point, period);
        return known ? keccak256(abi.encode(importWh, exportWh)) : bytes32(0);
    }
}
