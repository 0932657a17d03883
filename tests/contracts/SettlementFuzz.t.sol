// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../contracts/types/AccountId.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// For any trades and any readings: cash sums to 0, energy bought is energy sold, no certificate without deliverable export, and
/// what has settled stays.
contract SettlementFuzzTest is SettlementTest {
    uint256 private constant MEMBERS = 6;

    OrderRef[] private _placed;
    AccountId[] private _owners;

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < MEMBERS; ++i) {
            join(0xF00D + i, i < 4 ? FUNDS : 2e6); // two may end in debt
        }
        oversight.scheduleTerms(AREA, ELECTRICITY, firstUntradable(), termsWithLevies(100, 50));
        open();
    }

    /// forge-config: default.fuzz.runs = 128
    function testFuzz_CashSumsToZeroAndNothingIsDeliveredTwice(uint256 seed) public {
        tradeAndMeter(seed);
        int256 before = money();
        settleInPages(seed);
        int256 charged = int256(areaNow().fees);
        settlement.payFees(market);
        vm.assertEq(money(), before, "money");
        vm.assertEq(potOfSettlement(), 0, "pot");
        vm.assertEq(positionsSum(), 0, "bought = sold");
        vm.assertEq(cashByRule() + areaNow().backstopCash + charged, 0, "cash by rule");
        handOutAll();
        vm.assertLe(certificates.totalSupply(market), deliverable());
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_WhatHasSettledStays(uint256 seed) public {
        tradeAndMeter(seed);
        settleInPages(seed);
        bytes32 before = state();
        settleInPages(seed >> 8);
        postAll();
        for (uint256 i; i < MEMBERS; ++i) {
            try settlement.lowerLock(metered[i].account, ELECTRICITY, period) {} catch {}
            try settlement.bookDefault(metered[i].account, ELECTRICITY, period) {} catch {}
        }
        vm.assertEq(state(), before);
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function tradeAndMeter(uint256 seed) private {
        for (uint256 i; i < 10; ++i) {
            tryPlace(uint256(keccak256(abi.encode(seed, i))));
        }
        for (uint256 i; i < MEMBERS; ++i) {
            uint256 drawn = uint256(keccak256(abi.encode(seed, "metered", i)));
            meter(metered[i].account, drawn % 3000, (drawn >> 32) % 2 == 0 ? (drawn >> 64) % 5000 : 0);
        }
        if (_placed.length + _owners.length == 0) place(offer(metered[0].account, market, 10, 3000));
        vm.warp(startsAt(period));
        book.claim(market, _placed, _owners);
        meterPeriod();
    }

    /// An order that may be refused: by its lock, or by own orders in its way.
    function tryPlace(uint256 drawn) private {
        AccountId account = metered[drawn % MEMBERS].account;
        uint256 energyWh = 10 + (drawn >> 16) % 1500;
        uint256 price = 1000 + (drawn >> 48) % 2000;
        Order order =
            (drawn >> 80) % 2 == 0 ? bid(account, market, energyWh, price) : offer(account, market, energyWh, price);
        address owner = vault.ownerOf(account);
        vm.prank(owner);
        try book.placeOrder(order, new OrderRef[](0), ANY_TOUCHES) returns (OrderRef ref, uint256 restWh) {
            if (restWh > 0) _placed.push(ref);
            _owners.push(account);
        } catch {}
    }

    function settleInPages(uint256 seed) private {
        uint256 cut = seed % (MEMBERS + 1);
        settlement.settle(AREA, ELECTRICITY, period, 16 + cut, MOST);
        settlement.settle(AREA, ELECTRICITY, period, 16, cut);
    }

    // --- sums ---------------------------------------------------------------------------------------------------

    /// What everyone has, and what is in Settlement's pot.
    function money() private view returns (int256 total) {
        total = balance(backstop()) + balance(fees()) + int256(potOfSettlement());
        for (uint256 i; i < MEMBERS; ++i) {
            total += balance(metered[i].account);
        }
    }

    function balance(AccountId account) private view returns (int256) {
        return int256(uint256(vault.balanceOf(account)));
    }

    /// Σ received − paid + imbalance at its price, as the design writes it.
    function cashByRule() private view returns (int256 total) {
        for (uint256 i; i < MEMBERS; ++i) {
            AccountId account = metered[i].account;
            int256 contracted = int256(positionOf(account).soldWh) - int256(positionOf(account).boughtWh);
            int256 imbalance = int256(metered[i].exportWh) - int256(metered[i].importWh) - contracted;
            total += int256(positionOf(account).received) - int256(positionOf(account).paid);
            total += imbalance * int256(uint256(imbalance >= 0 ? FEED_IN : RETAIL));
        }
    }

    function positionsSum() private view returns (int256 total) {
        for (uint256 i; i < MEMBERS; ++i) {
            AccountId account = metered[i].account;
            total += int256(positionOf(account).soldWh) - int256(positionOf(account).boughtWh);
        }
    }

    function deliverable() private view returns (uint256 total) {
        for (uint256 i; i < MEMBERS; ++i) {
            if (metered[i].exportWh > metered[i].importWh) {
                total += metered[i].exportWh - metered[i].importWh;
            }
        }
    }

    /// Everything that settlement could have changed.
    function state() private view returns (bytes32 digest) {
        digest = keccak256(abi.encode(areaNow(), balance(backstop()), potOfSettlement()));
        for (uint256 i; i < MEMBERS; ++i) {
            AccountId account = metered[i].account;
            digest = keccak256(abi.encode(digest, positionOf(account), balance(account), vault.debtOf(account)));
        }
    }
}
